"""How many suffered each kind of act, and in which collectives they stand, from what is held in memory.

The store would join every victim with every tie of theirs, after each write anew: half a minute of a large notebook.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from tejido.fabric.kinds import COLLECTIVES
from tejido.incidents.counts import COLLECTIVE_KINDS, STANDING_IN, KindCount, Totals
from tejido.readings.frames import Frames, frames


def totals_held(_circle: UUID) -> Totals:
    """Return the totals of the circle at work, as ``tejido.incidents.counts`` counts them in the store."""
    held = frames()
    suffered: defaultdict[str, set[str]] = defaultdict(set)
    for case in list(held.cases.values()):
        for kind, victims, _ in case.acts:
            if victims:
                suffered[kind].update(victims)
    everybody: set[str] = set().union(*suffered.values())
    stands = {actor: _stands_in(actor, held) for actor in everybody}
    by_kind = [KindCount(kind, *_counted(actors, held, stands)) for kind, actors in suffered.items()]
    by_kind.sort(key=lambda one: (-one.individuals - one.collectives, one.kind))
    return Totals(tuple(by_kind), *_counted(everybody, held, stands))


def _counted(actors: Collection[str], held: Frames, stands: dict[str, tuple[str, ...]]) -> tuple[int, int, int]:
    collectives = sum(held.kinds.get(actor) in COLLECTIVE_KINDS for actor in actors)
    touched = {whole for actor in actors for whole in stands[actor]}
    return len(actors) - collectives, collectives, len(touched)


def _stands_in(actor: str, held: Frames) -> tuple[str, ...]:
    found = []
    for tie, other in list(held.ties_at.get(actor, {}).items()):
        if held.kinds.get(other) in COLLECTIVES:
            _, frm, _, kind = held.ends(tie)
            if frm == actor and kind in STANDING_IN:
                found.append(other)
    return tuple(found)
