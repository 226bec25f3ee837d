"""The ties around some actors, fetched one hop at a time and never more than can be shown in time.

Only clear columns are read: ids, kinds, strength, certainty, weeks. What a tie says stays sealed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, cast
from uuid import UUID

from django.db.models import Q

from tejido.domain.ties import CERTAINTY_SHARES, TIE_WEIGHTS, Strength, TieFact, Weave
from tejido.fabric.models import Tie
from tejido.readings.weeks import held_in
from tejido.vault.keyring import current
from tejido.vocabularies import vocabulary

#: The most ties one reading takes in, and the most actors whose ties one hop asks for.
MOST_TIES: Final = 4000
MOST_ACTORS: Final = 2000

#: Ties of these kinds carry something; the others are never asked for.
CARRYING: Final = tuple(kind for kind, weight in TIE_WEIGHTS.items() if weight.forward or weight.backward)
#: Codes of certainty the rule knows; any other counts as unknown there.
CERTAINTIES: Final = frozenset(CERTAINTY_SHARES)

_COLUMNS = ("id", "from_actor_id", "to_actor_id", "kind", "strength", "certainty", "since_week", "until_week")
_Row = tuple[UUID, UUID, UUID, str, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True)
class Woven:
    """The ties around some actors; ``cut`` says that there were more than were taken in."""

    facts: tuple[TieFact, ...]
    cut: bool

    def weave(self) -> Weave:
        """Return the ties laid out for the rule."""
        return Weave(self.facts)


def woven_around(actors: Iterable[UUID], *, reach: int, most: int = MOST_TIES) -> Woven:
    """Return the ties within ``reach`` hops of ``actors``: one query for each hop, at most ``most`` ties."""
    found: dict[UUID, TieFact] = {}
    seen: set[UUID] = set(actors)
    edge, cut = sorted(seen), False
    for _ in range(reach):
        cut = cut or len(edge) > MOST_ACTORS
        rows = _ties_of(edge[:MOST_ACTORS], most - len(found) + 1) if edge else []
        fresh = [row for row in rows if row[0] not in found]
        room = most - len(found)
        cut = cut or len(rows) > room
        reached: dict[UUID, None] = {}
        for row in fresh[:room]:
            found[row[0]] = _fact(row)
            reached.update(dict.fromkeys(row[1:3]))
        edge = [actor for actor in reached if actor not in seen]
        seen.update(edge)
        if len(found) >= most:
            break
    return Woven(tuple(found.values()), cut)


def _ties_of(actors: Collection[UUID], most: int) -> list[_Row]:
    here = Q(from_actor_id__in=actors) | Q(to_actor_id__in=actors)
    ties = Tie.objects.filter(here, circle_id__in=current().circles, kind__in=CARRYING)
    return cast("list[_Row]", list(ties.values_list(*_COLUMNS)[:most]))


def _fact(row: _Row) -> TieFact:
    tie, frm, to, kind, strength, certainty, since, until = row
    return TieFact(
        tie=str(tie),
        frm=str(frm),
        to=str(to),
        kind=kind,
        strength=_RANKS.get(strength, 2),
        certainty=certainty if certainty in CERTAINTIES else "unknown",
        held=held_in(since, until),
    )


_RANKS: Final[dict[str, Strength]] = {
    term.code: cast("Strength", int(term.number("rank") or 2)) for term in vocabulary("tie_strengths")
}
