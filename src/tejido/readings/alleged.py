"""What an actor is alleged to have done: whom, how, when and where, counted once each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tejido.domain.counting import Counted, count_victims
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Tie
from tejido.readings.frames import frames
from tejido.readings.struck import span_of_case
from tejido.readings.weeks import Span
from tejido.vault.keyring import circle_at_work

#: The most incidents looked through.
MOST_INCIDENTS: Final = 5000
#: The most incidents told one by one.
MOST_NEWEST: Final = 100
_STEPS_UP: Final = 6


@dataclass(frozen=True, slots=True)
class Alleged:
    """Acts in which an actor is an alleged perpetrator: counts by kind, year and territory, most frequent first.

    ``acts`` and ``incidents`` are counted once; ``victims`` counts individuals and collectives once each;
    ``most_struck`` are the victims with the number of incidents against them, collectives first. ``cut`` says that
    there are more acts than were looked through.
    """

    acts: int
    incidents: int
    victims: Counted
    most_struck: tuple[tuple[UUID, int], ...]
    kinds: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, int], ...]
    territories: tuple[tuple[UUID, int], ...]
    spans: tuple[Span, ...]
    newest: tuple[UUID, ...]
    cut: bool


def alleged_of(actor_id: UUID) -> Alleged:
    """Return what the actor is alleged to have done, the newest first."""
    held, actor = frames(), str(actor_id)
    listed = held.by.get(actor, [])
    cases = [held.cases[incident] for _, incident in reversed(listed[-MOST_INCIDENTS:])]
    acts = [(case, kind, victims) for case in cases for kind, victims, authors in case.acts if actor in authors]
    struck = {(victim, case.incident) for case, _, victims in acts for victim in victims}
    per_victim = Counter(victim for victim, _ in struck)
    collective = {one for one in per_victim if is_collective(held.kinds.get(one, "unknown"))}
    ranked = sorted(per_victim, key=lambda one: (one not in collective, -per_victim[one], one))
    spans = [span_of_case(case) for case in cases]
    places = Counter(case.territory for case in cases if case.territory)
    return Alleged(
        acts=len(acts),
        incidents=len(cases),
        victims=count_victims((one, one in collective, 0) for one in per_victim),
        most_struck=tuple((UUID(one), per_victim[one]) for one in ranked[:12]),
        kinds=tuple(Counter(kind for _, kind, _ in acts).most_common()),
        years=tuple(sorted(Counter(case.week // 100 for case in cases if case.week).items())),
        territories=tuple((UUID(place), many) for place, many in places.most_common(12)),
        spans=tuple(span for span in spans if span is not None),
        newest=tuple(UUID(case.incident) for case in cases[:MOST_NEWEST]),
        cut=len(listed) > MOST_INCIDENTS,
    )


def stands_under(actor_id: UUID) -> list[UUID]:
    """Return the chain of actors it is a part of, the nearest first, at most six steps: one query a step."""
    chain: list[UUID] = []
    actor: UUID | None = actor_id
    while actor is not None and len(chain) < _STEPS_UP:
        above = Tie.objects.filter(from_actor_id=actor, kind="part_of", circle_id=circle_at_work())
        actor = above.order_by("id").values_list("to_actor_id", flat=True).first()
        if actor is None or actor in chain or actor == actor_id:
            break
        chain.append(actor)
    return chain
