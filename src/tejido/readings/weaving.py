"""The ties around some actors, walked one hop at a time and never more than can be shown in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tejido.domain.affectation_weights import ASSUMED, Weights
from tejido.domain.ties import TieFact, Weave
from tejido.readings.frames import frames

#: The most ties one reading takes in, and the most of one actor: beyond, a hub would drown whoever is near it.
MOST_TIES: Final = 2000
MOST_OF_ONE: Final = 600


@dataclass(frozen=True, slots=True)
class Woven:
    """The ties around some actors; ``cut`` says that there were more than were taken in."""

    facts: tuple[TieFact, ...]
    cut: bool

    def weave(self, weights: Weights = ASSUMED) -> Weave:
        """Return the ties laid out for the rule, carrying what ``weights`` says."""
        return Weave(self.facts, weights.ties)


def woven_around(actors: Iterable[UUID | str], *, reach: int, most: int = MOST_TIES) -> Woven:
    """Return the ties within ``reach`` hops of ``actors``, the nearest first, at most ``most``."""
    held = frames()
    found: dict[str, TieFact] = {}
    edge = sorted(set(map(str, actors)))
    seen, cut = set(edge), False
    for _ in range(reach):
        reached: dict[str, None] = {}
        for actor in edge:
            ties = held.ties_at.get(actor, {})
            cut = cut or len(ties) > MOST_OF_ONE
            for tie, other in list(ties.items())[:MOST_OF_ONE]:
                if tie in found:
                    continue
                if len(found) >= most:
                    return Woven(tuple(found.values()), True)
                found[tie] = held.tie(tie)
                reached[other] = None
        edge = [actor for actor in reached if actor not in seen]
        seen.update(edge)
    return Woven(tuple(found.values()), cut)
