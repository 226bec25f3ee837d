"""How many suffered each kind of act, and in which collectives they stand, from what is held in memory.

The store would join every victim with every tie of theirs, after each write anew: half a minute of a large notebook.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from operator import itemgetter
from uuid import UUID

from tejido.domain.counting import Counted, count_victims
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.queries import BELONGING
from tejido.incidents.counts import COLLECTIVE_KINDS, STANDING_IN, KindCount, Totals
from tejido.readings.frames import Frames, frames
from tejido.readings.sufferers import EVERY, Tally

_INCIDENT = itemgetter(1)


def totals_held(_circle: UUID) -> Totals:
    """Return the totals of the circle at work, as ``tejido.incidents.counts`` counts them in the store."""
    held = frames()
    kinds = [kind for kind, actors in list(held.suffered.by_kind.items()) if actors and kind != EVERY]
    by_kind = [KindCount(kind, *_counted(kind, held)) for kind in kinds]
    by_kind.sort(key=lambda one: (-one.individuals - one.collectives, one.kind))
    return Totals(tuple(by_kind), *_counted(EVERY, held))


def _counted(kind: str, held: Frames) -> tuple[int, int, int]:
    """Return the counts of one kind of act, which follow each incident from the first asking on."""
    tallies = held.suffered.tallies
    if kind not in tallies:
        tally = Tally(
            lambda actor: held.kinds.get(actor) in COLLECTIVE_KINDS, lambda actor: set(_stands_in(actor, held))
        )
        for actor in list(held.suffered.by_kind[kind]):
            tally.count(actor)
        tallies[kind] = tally
    return tallies[kind].told()


def struck_held(actors: Collection[UUID]) -> dict[UUID, tuple[int, int, int]]:
    """Return what ``tejido.fabric.beside`` says beside each actor, as it counts it in the store."""
    held = frames()
    found = {}
    for actor in actors:
        name = str(actor)
        own = set(map(_INCIDENT, held.against.get(name, ())))
        near = set(own)
        for tie in list(held.ties_at.get(name, ())):
            _, frm, to, kind = held.ends(tie)
            if to == name and kind in BELONGING:
                near.update(map(_INCIDENT, held.against.get(frm, ())))
        found[actor] = (len(own), len(near), len(held.by.get(name, ())))
    return found


def counted_held(incidents: Collection[UUID]) -> dict[UUID, Counted]:
    """Return to whom each incident was done, as ``tejido.incidents.counts`` counts it in the store."""
    held = frames()
    cases = {incident: held.cases.get(str(incident)) for incident in incidents}
    return {
        incident: count_victims((one, held.kinds.get(one) in COLLECTIVE_KINDS, 0) for one in case.victims)
        for incident, case in cases.items()
        if case is not None and case.victims
    }


def touched_held(incidents: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the collectives in which those stand to whom each incident was done, as counts in the store do."""
    held = frames()
    found = {}
    for incident in incidents:
        case = held.cases.get(str(incident))
        touched = {whole for one in case.victims for whole in _stands_in(one, held)} if case else set()
        if touched:
            found[incident] = tuple(map(UUID, sorted(touched)))
    return found


def _stands_in(actor: str, held: Frames) -> tuple[str, ...]:
    known = held.stands.get(actor)
    if known is None:
        known = held.stands[actor] = tuple(_wholes_of(actor, held))
    return known


def _wholes_of(actor: str, held: Frames) -> Iterator[str]:
    for tie, other in list(held.ties_at.get(actor, {}).items()):
        if held.kinds.get(other) in COLLECTIVES:
            _, frm, _, kind = held.ends(tie)
            if frm == actor and kind in STANDING_IN:
                yield other
