"""Leadership concentrated in one person, shown as a risk of the group and never as that person's fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tejido.domain.ties import TieFact
from tejido.domain.words import ENGLISH, Words

#: From what share of the outside contacts on it is shown, and from how many contacts on. Assumed.
SHARE_SHOWN = 0.5
FEWEST_CONTACTS = 2

_INSIDE = frozenset(["member_of", "leads"])
_OUTSIDE = frozenset(["contact_of", "works_with", "allied_with", "accompanies"])


@dataclass(frozen=True, slots=True)
class Concentration:
    """How much of a collective's contact with the outside runs through one person alone.

    ``contacts`` counts the outside contacts, ``alone`` those that only this person reaches.
    """

    person: str
    alone: int
    contacts: int

    @property
    def share(self) -> float:
        """``alone`` over ``contacts``, 0 to 1."""
        return self.alone / self.contacts

    def sentence(self, names: Mapping[str, str], words: Words = ENGLISH) -> str:
        """Return the risk in one sentence, with what may be done."""
        name = names.get(self.person) or words.gettext("somebody unnamed")
        return words.ngettext(
            "Of {contacts} outside contacts, {alone} runs through {name} alone. If something happens to one "
            "person, the group loses it: a second person could get to know it now.",
            "Of {contacts} outside contacts, {alone} run through {name} alone. If something happens to one "
            "person, the group loses them: a second person could get to know them now.",
            self.alone,
        ).format(contacts=self.contacts, alone=self.alone, name=name)


def runs_through_one(collective: str, ties: Iterable[TieFact]) -> Concentration | None:
    """Return the person through whom alone at least half of the outside contacts run, if there is one.

    Insiders are those who are members of the collective or lead it. Outside contacts are the actors tied to
    the collective or to an insider by contact, work, alliance or accompaniment. A contact tied to the
    collective itself, or to two insiders, runs through nobody alone. Fewer than two contacts show nothing. Of
    several people with the same share, the first by id is given.
    """
    known = list(ties)
    insiders = {tie.frm for tie in known if tie.to == collective and tie.kind in _INSIDE}
    held_by: defaultdict[str, set[str]] = defaultdict(set)
    for tie in known:
        if tie.kind not in _OUTSIDE:
            continue
        for holder, contact in ((tie.frm, tie.to), (tie.to, tie.frm)):
            inside = holder == collective or holder in insiders
            if inside and contact != collective and contact not in insiders:
                held_by[contact].add(holder)
    alone: dict[str, int] = {}
    for holders in held_by.values():
        if len(holders) == 1 and collective not in holders:
            (person,) = holders
            alone[person] = alone.get(person, 0) + 1
    if len(held_by) < FEWEST_CONTACTS or not alone:
        return None
    person = min(alone, key=lambda one: (-alone[one], one))
    found = Concentration(person, alone[person], len(held_by))
    return found if found.share >= SHARE_SHOWN else None
