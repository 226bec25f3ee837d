"""What makes a decision the group's own: how it was taken, what it covers, until when, and what falls with it.

Nothing here says how a group has to decide. A prompt names what others will ask about a decision; only three
things are refused: to go on without any decision that covers it, to give one afterwards, and to count as decided
what the group's own rule does not count. Source: DOMAIN (a decision of the group), after FAO on free, prior and
informed consent: prior means before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tejido.domain.errors import RuleBroken
from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.words import N_

CAUCUSES: Final = frozenset(["womens_caucus", "youth_caucus"])
_NUMBER = re.compile(r"\d+")


class NotDecided(RuleBroken):
    """Something would be done in the group's name without a decision that covers it."""

    message = N_(
        "The group has recorded no decision that covers this and still holds. Nothing was changed. Take it to the "
        "group, record what it decided and how, then come back."
    )


class SharedTooLong(RuleBroken):
    """Something of a group would be shared for longer than it decided; ``when`` is the last day of its decision."""

    message = N_(
        "The group's decision on sharing holds until {when}. Nothing was shared. Choose a day by then, or ask the "
        "group again."
    )


class DecidedAfterwards(RuleBroken):
    """A decision is dated after what it is to adopt."""

    message = N_(
        "This decision was taken after what it is meant to allow. What you typed was kept. Look at the two dates "
        "again, or record what the group says about it now as a decision of its own."
    )


class NotCounted(RuleBroken):
    """By the numbers given, the group's own rule does not count it as decided."""

    too_few = N_(
        "Fewer took part than your own rule asks for. What you typed was kept. Correct the numbers, or say under "
        "“In whose name” why it counts all the same."
    )
    outvoted = N_(
        "More were against it than for it, so the majority did not decide this. What you typed was kept; correct "
        "the numbers or choose another way of deciding."
    )


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A decision of the group.

    ``decided`` and ``holds_until`` (its last day; ``None``: open) are days; ``withdrawn`` the day it was taken back.
    ``about`` is a code of ``decision_subjects``, ``mode`` of ``decision_modes``. Numbers are ``None`` where nobody
    counted. ``has_mandate`` and ``has_dissent`` say whether there are words on them.
    """

    decided: date
    holds_until: date | None = None
    withdrawn: date | None = None
    about: str = "plan"
    mode: str = "assembly"
    present: int | None = None
    quorum: int | None = None
    votes_for: int | None = None
    votes_against: int | None = None
    has_mandate: bool = False
    has_dissent: bool = False

    def was_withdrawn(self, today: date) -> bool:
        """Say whether it has been taken back by ``today``."""
        return self.withdrawn is not None and self.withdrawn <= today

    def has_expired(self, today: date) -> bool:
        """Say whether its last day has passed."""
        return self.holds_until is not None and self.holds_until < today

    def holds(self, today: date) -> bool:
        """Say whether it was taken by ``today`` and still holds."""
        return self.decided <= today and not self.was_withdrawn(today) and not self.has_expired(today)

    def covers(self, about: str, today: date) -> bool:
        """Say whether it allows what it is ``about``, ``today``."""
        return self.about == about and self.holds(today)


def number_in(words: str) -> int | None:
    """Return the first whole number of what was said of those present (“62, of them 40 women”: 62)."""
    found = _NUMBER.search(words)
    return int(found[0][:9]) if found else None


def refuse_sharing(
    ever: Iterable[DecisionFacts], chosen: DecisionFacts | None, until: date | None, today: date
) -> None:
    """Raise ``NotDecided`` or ``SharedTooLong`` when a group's own dossier would be shared without its word.

    A group that has never recorded how it decides is not asked for what it does not do; one that has (``ever``)
    decides this too, and for no longer than its decision holds.
    """
    if not any(True for _one in ever):
        return
    if chosen is None or not chosen.covers("sharing", today):
        raise NotDecided
    if chosen.holds_until is not None and until is not None and until > chosen.holds_until:
        raise SharedTooLong(when=chosen.holds_until.isoformat())


def refuse_undecided(decisions: Iterable[DecisionFacts], about: str, today: date) -> None:
    """Raise ``NotDecided`` unless one of the decisions covers ``about`` and holds ``today``."""
    if not any(decision.covers(about, today) for decision in decisions):
        raise NotDecided


def refuse_afterwards(decision: DecisionFacts, done: date) -> None:
    """Raise ``DecidedAfterwards`` when what was ``done`` on a day was decided only later."""
    if decision.decided > done:
        raise DecidedAfterwards


def refuse_uncounted(decision: DecisionFacts) -> None:
    """Raise ``NotCounted`` when the group's own rule speaks against it and no words say why it counts."""
    too_few = decision.quorum is not None and decision.present is not None and decision.present < decision.quorum
    if too_few and not decision.has_mandate:
        raise NotCounted(NotCounted.too_few)
    if decision.mode == "majority" and (decision.votes_against or 0) > (decision.votes_for or 0):
        raise NotCounted(NotCounted.outvoted)


def prompts_on(decision: DecisionFacts, subject: str = "") -> list[Finding]:
    """Return what others will ask about a decision, as questions the group can answer beforehand."""
    return [finding_of(MESSAGES, code, "note", subject) for code in _asked(decision)]


def _asked(decision: DecisionFacts) -> Iterator[str]:
    if decision.present is None:
        yield "nobody_counted"
    if decision.mode == "majority" and (decision.votes_for is None or decision.votes_against is None):
        yield "votes_uncounted"
    if decision.mode in CAUCUSES and not decision.has_mandate:
        yield "caucus_alone"
    if decision.mode == "customary_authority" and not decision.has_mandate:
        yield "mandate_unsaid"
    if decision.mode == "no_objection" and decision.has_dissent:
        yield "objection_recorded"
    if decision.holds_until is None:
        yield "no_end"


MESSAGES: Final[Mapping[str, Told]] = {
    "nobody_counted": Told(
        N_("How many took part is not written down."),
        N_("Whoever doubts the decision will ask; numbers are enough and expose nobody."),
        N_("Write a number, such as “62, of them 40 women”."),
    ),
    "votes_uncounted": Told(
        N_("A majority decided, and the votes are not written down."),
        N_("Those who were against it have a right to be counted."),
        N_("Write how many were for it and how many against."),
    ),
    "caucus_alone": Told(
        N_("A part of the group decided; it is not said whether the whole group asked it to."),
        N_("A caucus decides for itself. What binds everybody needs everybody's word, or its mandate."),
        N_("Say under “In whose name” what the whole group left to the caucus, or take it to the assembly."),
    ),
    "mandate_unsaid": Told(
        N_("An authority of the people decided; it is not said by which of its own rules."),
        N_("Outsiders often recognise only what they know; the group's own law deserves to be named."),
        N_("Say under “In whose name” by which custom or mandate they decide this."),
    ),
    "objection_recorded": Told(
        N_("It was decided with no objection, and yet something was not agreed with."),
        N_("If somebody stood against it, there was an objection, and it may return when it hurts most."),
        N_("Ask them again, or record it as a consensus with dissent."),
    ),
    "no_end": Told(
        N_("It has no end: it holds until the group takes it back."),
        N_("What suits today may harm in a year, when nobody remembers why it was decided."),
        N_("Agree on a day when it is looked at again."),
    ),
}
