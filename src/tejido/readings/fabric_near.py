"""The fabric around a collective as the numbers take it, from the clear columns that are held.

Everything is taken in that the members and the collective are tied to; what lies beyond, nearest first and within a
bound that is said. Whatever is ``part_of`` a collective stands inside it as its members do. A tie that ends before it
begins held on no day, and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from tejido.analysis.fabric_strength import Allies
from tejido.analysis.fabric_view import NO_BOND
from tejido.analysis.frames import Actors, Fabric, Ties, day_number
from tejido.domain.ties import CERTAINTY_SHARES, STRENGTH_SHARES, TieFact
from tejido.fabric.queries import BELONGING
from tejido.readings.frames import Frames, frames

#: The most members that are looked at one by one.
MOST_INSIDE: Final = 1000
#: Beyond those who are tied to a member, so many ties are taken in.
MOST_BEYOND: Final = 3000
#: A hub beyond would bring half a country: of one actor out there at most so many ties.
MOST_OF_ONE: Final = 200
#: Ties away from the members that are walked.
BEYOND: Final = 2
#: The most allies whose ways are looked at, and by which ties somebody is one.
MOST_ALLIES: Final = 40
ALLIED: Final = frozenset({"contact_of", "works_with", "allied_with", "accompanies", *BELONGING})
#: Where not all can be told, these come after groups, organisations and institutions.
_LAST: Final = frozenset({"person", "unknown"})
_NO_ALLIES: Final = frozenset({"armed_group"})


@dataclass(frozen=True, eq=False)
class Near:
    """The fabric near one collective: ``ids`` by row, ``facts`` by row of the ties; ``cut`` when there is more.

    ``allies`` are those it is tied to through itself or a member, the best tied first, and those it would call.
    """

    fabric: Fabric
    ids: tuple[str, ...]
    kinds: Mapping[str, str]
    facts: tuple[TieFact, ...]
    insiders: tuple[str, ...]
    leads: frozenset[str]
    allies: Allies
    tested: tuple[bool, ...]
    cut: bool

    @property
    def rows(self) -> dict[str, int]:
        """The row of each actor."""
        return {actor: row for row, actor in enumerate(self.ids)}

    def most_tied(self, actors: Iterable[str]) -> list[str]:
        """Return some actors, those with most ties that bind first."""
        counts = Counter(end for fact in self.facts if fact.kind not in NO_BOND for end in (fact.frm, fact.to))
        return sorted(actors, key=lambda one: (-counts[one], one))

    @property
    def collective(self) -> int:
        """The row of the collective itself."""
        return 0


def near(collective: str, *, today: date, called: Sequence[str] = (), answered: Iterable[str] = ()) -> Near:
    """Return the fabric around a collective; ``called`` it would call for help, ``answered`` did when it was tried."""
    held = frames()
    found = {tie: held.tie(tie) for tie in held.ties_at.get(collective, {})}
    inside, leads = _inside(collective, found.values(), today)
    cut, inside = len(inside) > MOST_INSIDE, inside[:MOST_INSIDE]
    for member in inside:
        found.update((tie, held.tie(tie)) for tie in held.ties_at.get(member, {}))
    cut = _walk_on(held, found, {collective, *inside}) or cut
    facts = tuple(fact for fact in found.values() if _has_days(fact) and fact.frm != fact.to)
    allies = _allies(held, collective, inside, facts, called, today)
    ids = tuple(dict.fromkeys((collective, *inside, *allies, *(end for fact in facts for end in (fact.frm, fact.to)))))
    rows = {actor: row for row, actor in enumerate(ids)}
    tried = frozenset(answered)
    own = {collective, *inside}
    return Near(
        fabric=Fabric.of(
            Actors.of(ids, [held.kinds.get(one, "unknown") for one in ids]), _ties(facts, rows, collective)
        ),
        ids=ids,
        kinds={one: held.kinds.get(one, "unknown") for one in ids},
        facts=facts,
        insiders=inside,
        leads=leads,
        allies=Allies.of(
            [rows[one] for one in allies], [held.kinds.get(one, "unknown") for one in allies], actors=len(ids)
        ),
        tested=tuple(_joins(fact, own, tried) for fact in facts),
        cut=cut,
    )  # fmt: skip


def _inside(collective: str, ties: Iterable[TieFact], today: date) -> tuple[tuple[str, ...], frozenset[str]]:
    now = [one for one in ties if one.to == collective and one.kind in BELONGING and _holds(one, today)]
    return tuple(sorted({one.frm for one in now})), frozenset(one.frm for one in now if one.kind == "leads")


def _walk_on(held: Frames, found: dict[str, TieFact], inside: set[str]) -> bool:
    """Take in what lies beyond those whom members reach, and say whether there was more."""
    edge = sorted({end for fact in found.values() for end in (fact.frm, fact.to)} - inside)
    seen, cut, most = inside | set(edge), False, len(found) + MOST_BEYOND
    for _ in range(BEYOND):
        reached: dict[str, None] = {}
        for actor in edge:
            ties = held.ties_at.get(actor, {})
            cut = cut or len(ties) > MOST_OF_ONE
            for tie, other in list(ties.items())[:MOST_OF_ONE]:
                if tie in found:
                    continue
                if len(found) >= most:
                    return True
                found[tie] = held.tie(tie)
                reached[other] = None
        edge = [actor for actor in reached if actor not in seen]
        seen.update(edge)
    return cut


def _allies(
    held: Frames, collective: str, inside: Sequence[str], facts: Iterable[TieFact], called: Sequence[str], today: date
) -> tuple[str, ...]:
    own, weights = {collective, *inside}, dict[str, float]()
    for fact in facts:
        other = fact.to if fact.frm in own else fact.frm if fact.to in own else None
        if other is None or other in own or fact.kind not in ALLIED or not _holds(fact, today):
            continue
        if held.kinds.get(other) not in _NO_ALLIES:
            weights[other] = weights.get(other, 0.0) + _weight(fact)
    ranked = sorted(weights, key=lambda one: (held.kinds.get(one) in _LAST, -weights[one], one))
    known = [one for one in called if one in held.kinds and one not in own]
    return tuple(dict.fromkeys((*known, *ranked)))[:MOST_ALLIES]


def _ties(facts: Sequence[TieFact], rows: Mapping[str, int], collective: str) -> Ties:
    """Return the ties as a table, with those who are parts of the collective as members of it."""
    return Ties.of(
        [rows[fact.frm] for fact in facts],
        [rows[fact.to] for fact in facts],
        actors=len(rows),
        kind=["member_of" if fact.kind == "part_of" and fact.to == collective else fact.kind for fact in facts],
        strength=[STRENGTH_SHARES[fact.strength] for fact in facts],
        certainty=[CERTAINTY_SHARES[fact.certainty] for fact in facts],
        start=[-np.inf if fact.held[0] is None else day_number(fact.held[0]) for fact in facts],
        end=[np.inf if fact.held[1] is None else day_number(fact.held[1]) for fact in facts],
    )


def _joins(fact: TieFact, ones: Collection[str], others: Collection[str]) -> bool:
    return (fact.frm in ones and fact.to in others) or (fact.to in ones and fact.frm in others)


def _weight(fact: TieFact) -> float:
    return STRENGTH_SHARES[fact.strength] * CERTAINTY_SHARES[fact.certainty]


def _holds(fact: TieFact, today: date) -> bool:
    return _has_days(fact) and fact.held_during(today, today)


def _has_days(fact: TieFact) -> bool:
    since, until = fact.held
    return since is None or until is None or since <= until
