"""How strong the fabric of a collective is, from its recorded ties: an observation with its why, never a grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tejido.analysis.fabric_strength import FabricStrength, strength_of
from tejido.analysis.frames import day_number
from tejido.domain.errors import NotFound
from tejido.domain.network_reach import CallFacts
from tejido.domain.words import ENGLISH, N_, Words
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Actor
from tejido.protection.following.facts import call_facts
from tejido.protection.following.models import ReachStep
from tejido.protection.queries import decisions_of
from tejido.readings.fabric_names import Naming, naming_in
from tejido.readings.fabric_near import Near, near
from tejido.readings.fabric_words import Said, say_decisions, say_fabric
from tejido.readings.frames import frames
from tejido.vocabularies import vocabulary

#: How many ways to allies, and how many people whom much hangs on, are told.
MOST_WAYS: Final = 12
MOST_ON_ONE: Final = 4
#: Of the contacts that one person alone reaches, so many are told by name.
MOST_CONTACTS: Final = 12
#: The most members whose names are opened, those with most ties.
MOST_NAMED: Final = 30
#: The latest decisions that are looked at.
MOST_DECISIONS: Final = 20

_NO_COLLECTIVE: Final = N_(
    "There is no collective with this id here: only a group, a community, an organisation, a movement, a network or a "
    "family has a fabric of its own. List the actors to find it."
)


@dataclass(frozen=True, slots=True)
class OnOne:
    """What hangs on one person: the contacts outside that nobody else reaches, the first of them by name."""

    person: str
    name: str
    contacts: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one ally: ``ties`` away (-1 when there is none), ``ways`` that share nobody, who stands on all."""

    ally: str
    name: str
    kind: str
    ties: int
    ways: int
    answered: bool
    hangs_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OurFabric:
    """The fabric of one collective in words, with what they rest on. ``cut``: not every tie was looked through."""

    collective: UUID
    name: str
    said: tuple[Said, ...]
    on_one: tuple[OnOne, ...]
    ways: tuple[Way, ...]
    ways_total: int
    strength: FabricStrength
    near: Near
    naming: Naming
    cut: bool


def collective_named(collective_id: UUID) -> Actor:
    """Return a collective of the circle; ``NotFound`` with a sentence for anything else."""
    if frames().kinds.get(str(collective_id)) not in COLLECTIVES:
        raise NotFound(_NO_COLLECTIVE)
    return Actor.objects.get(pk=collective_id)


def fabric_around(collective: Actor, *, today: date) -> Near:
    """Return the fabric near a collective with those it would call for help: one query."""
    calls = [one for one in ReachStep.objects.filter(collective=collective).order_by("position", "id") if one.actor_id]
    facts: list[CallFacts] = [call_facts(one) for one in calls]
    answered = [str(one.actor_id) for one, fact in zip(calls, facts, strict=True) if fact.reached(today)]
    return near(str(collective.pk), today=today, called=[str(one.actor_id) for one in calls], answered=answered)


def our_fabric(collective_id: UUID, *, today: date, lang: str = "en", words: Words = ENGLISH) -> OurFabric:
    """Return how strong the fabric of a collective is today; ``NotFound``."""
    collective = collective_named(collective_id)
    around = fabric_around(collective, today=today)
    strength = strength_of(
        around.fabric, around.collective, day=day_number(today), allies=around.allies, tested=around.tested
    )
    naming = naming_in(around, spoken_in(around, strength), members_named=collective.naming != "nobody", words=words)
    said = (*say_fabric(strength, around, naming, words), *_on_decisions(collective, lang, words))
    ways = tuple(_ways(strength, around, naming))
    return OurFabric(
        collective=collective.pk,
        name=naming[str(collective.pk)],
        said=said,
        on_one=_on_one(strength, around, naming),
        ways=ways[:MOST_WAYS],
        ways_total=len(ways),
        strength=strength,
        near=around,
        naming=naming,
        cut=around.cut,
    )


def spoken_in(around: Near, strength: FabricStrength) -> list[str]:
    rows = {
        around.collective,
        *around.allies.actor.tolist(),
        *(row for lost in strength.remaining for row in lost.lost),
    }
    for person, held in list(strength.concentration.alone.items())[:MOST_ON_ONE]:
        rows |= {person, *held[:MOST_CONTACTS]}
    for way in strength.reach:
        rows |= set(way.hangs_on)
    return [*(around.ids[row] for row in sorted(rows)), *around.most_tied(around.insiders)[:MOST_NAMED]]


def _on_one(strength: FabricStrength, around: Near, naming: Naming) -> tuple[OnOne, ...]:
    ids = around.ids
    told = []
    for person, held in list(strength.concentration.alone.items())[:MOST_ON_ONE]:
        contacts = tuple(ids[row] for row in held)
        names = tuple(naming[one] for one in contacts[:MOST_CONTACTS])
        told.append(OnOne(ids[person], naming[ids[person]], contacts, names))
    return tuple(told)


def _ways(strength: FabricStrength, around: Near, naming: Naming) -> list[Way]:
    ids = around.ids
    found = [
        Way(
            ids[one.ally], naming[ids[one.ally]], one.level, one.hops, one.ways, bool(one.tested),
            tuple(naming[ids[row]] for row in one.hangs_on if row != one.ally),
        )
        for one in strength.reach
    ]  # fmt: skip
    return sorted(found, key=lambda way: (way.ties >= 0, way.ways, way.name))


def _on_decisions(collective: Actor, lang: str, words: Words) -> Sequence[Said]:
    modes = vocabulary("decision_modes")
    taken = decisions_of([collective.pk], at_most=MOST_DECISIONS)
    counts = Counter(one.mode for one in taken if one.status != "withdrawn")
    return say_decisions([(modes.label(mode, lang), many) for mode, many in counts.most_common()], words)
