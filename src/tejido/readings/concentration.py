"""Whether a collective's contact with the outside runs through one person alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.domain.leadership import runs_through_one
from tejido.domain.words import ENGLISH, Words
from tejido.readings.naming import called
from tejido.readings.weaving import Woven, woven_around


@dataclass(frozen=True, slots=True)
class Concentrated:
    """The person, and the risk in one sentence with what may be done."""

    person: UUID
    sentence: str


def concentration_in(
    collective_id: UUID, *, today: date, words: Words = ENGLISH, woven: Woven | None = None
) -> Concentrated | None:
    """Return through whom alone at least half of the outside contacts run; nothing when through nobody.

    Only ties that hold ``today`` count. Pass ``woven`` (two hops around the collective) when it is at hand.
    Nothing is said of a collective whose ties could not all be looked through.
    """
    around = woven or woven_around([collective_id], reach=2)
    if around.cut:
        return None
    now = [fact for fact in around.facts if fact.held_during(today, today)]
    found = runs_through_one(str(collective_id), now)
    if found is None:
        return None
    people = called([UUID(found.person)], words)
    names = {actor: one.name for actor, one in people.items()}
    return Concentrated(UUID(found.person), found.sentence(names, words))
