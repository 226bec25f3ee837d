"""What others promised a collective: kept, late or broken, and what can be said of it.

A promise is measured by the day that was named, and by what the group saw. A promise without a day is never late,
and that is said. Source: DOMAIN (commitments always in sight); REFERENCE, mechanism performance: share carried out,
in the eyes of those protected.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.words import ENGLISH, N_, Words

Standing = Literal["waiting", "soon", "late", "kept", "kept_late", "broken", "released"]
SOON_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class CommitmentFacts:
    """A promise: ``status`` of ``commitment_statuses``; ``due`` its last day, ``kept`` the day it was kept."""

    commitment: str
    status: str = "promised"
    due: date | None = None
    kept: date | None = None
    is_visit: bool = False


def standing(promise: CommitmentFacts, today: date) -> Standing:
    """Return how a promise stands on a day; every promise stands in one way only."""
    if promise.status == "released":
        return "released"
    if promise.status == "broken":
        return "broken"
    if promise.status == "kept":
        late = promise.due is not None and promise.kept is not None and promise.kept > promise.due
        return "kept_late" if late else "kept"
    if promise.due is None:
        return "waiting"
    if promise.due < today:
        return "late"
    return "soon" if promise.due <= today + timedelta(days=SOON_DAYS) else "waiting"


def findings(promises: Iterable[CommitmentFacts], today: date) -> list[Finding]:
    """Return what is late, broken or without a day; what is broken stays in sight until the group lets it go."""
    found = []
    for promise in promises:
        stands = standing(promise, today)
        visit = "visit_" if promise.is_visit else "commitment_"
        if stands == "late":
            found.append(finding_of(MESSAGES, f"{visit}late", "late", promise.commitment, when=promise.due))
        elif stands == "broken":
            found.append(finding_of(MESSAGES, "commitment_broken", "late", promise.commitment))
        elif stands == "soon":
            found.append(finding_of(MESSAGES, f"{visit}soon", "soon", promise.commitment, when=promise.due))
        elif promise.status == "promised" and promise.due is None:
            found.append(finding_of(MESSAGES, "commitment_without_date", "note", promise.commitment))
    order = {"late": 0, "soon": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.level])


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises stand in which way."""

    kept: int
    kept_late: int
    late: int
    broken: int
    open: int

    @property
    def due(self) -> int:
        """Those whose day has come: kept, kept late, late or broken."""
        return self.kept + self.kept_late + self.late + self.broken

    def sentence(self, words: Words = ENGLISH) -> str:
        """Return the tally in a sentence; it counts, and does not grade."""
        if not self.due and not self.open:
            return words.gettext("Nobody has promised anything that is written down here.")
        if not self.due:
            told = words.ngettext(
                "{open} promise is open; its day has not come.", "{open} promises are open; their day has not come.",
                self.open,
            )  # fmt: skip
            return told.format(open=self.open)
        told = words.ngettext(
            "The day has come for {due} promise: kept {kept}, kept late {kept_late}, late {late}, broken {broken}.",
            "The day has come for {due} promises: kept {kept}, kept late {kept_late}, late {late}, broken {broken}.",
            self.due,
        )
        return told.format(due=self.due, kept=self.kept, kept_late=self.kept_late, late=self.late, broken=self.broken)


def tally(promises: Iterable[CommitmentFacts], today: date) -> Tally:
    """Count promises by how they stand ``today``; what the group let go is left out."""
    many = Counter(standing(promise, today) for promise in promises)
    return Tally(many["kept"], many["kept_late"], many["late"], many["broken"], many["waiting"] + many["soon"])


_WHY = N_("A promise that nobody asks about is forgotten; a group that relied on it stands there alone.")

MESSAGES: Final[Mapping[str, Told]] = {
    "commitment_late": Told(
        N_("This was promised for {when}."),
        _WHY,
        N_("Remind them in writing, name the day and the promise, and write down what they answer."),
    ),
    "visit_late": Told(
        N_("They were to come by {when}."),
        _WHY,
        N_("Ask for a new day, tell who else will hear of it, and write down whether they came."),
    ),
    "commitment_soon": Told(
        N_("This was promised for {when}."),
        _WHY,
        N_("Ask them now whether it will be done, while there is still time."),
    ),
    "visit_soon": Told(
        N_("They are to come by {when}."),
        _WHY,
        N_("Agree what the group wants to show and ask, and who receives them."),
    ),
    "commitment_broken": Told(
        N_("This promise was broken."),
        N_("A duty does not end because it was not met; and the risk that it was to answer is still there."),
        N_("Look for another measure meanwhile, and decide together whom to tell that it was broken."),
    ),
    "commitment_without_date": Told(
        N_("No day was named for this promise."),
        N_("A promise without a day can never be late."),
        N_("Ask them for a day, in writing."),
    ),
}
