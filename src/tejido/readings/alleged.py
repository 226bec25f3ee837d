"""What an actor is alleged to have done: whom, how, when and where, counted once each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tejido.domain.counting import Counted, count_victims
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Tie
from tejido.incidents.models import Perpetrator, Victim
from tejido.readings.weeks import Span, span_of
from tejido.vault.keyring import current

#: The most acts looked through.
MOST_ACTS: Final = 5000
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
    """Return what the actor is alleged to have done: two queries."""
    rows = list(
        Perpetrator.objects.filter(actor_id=actor_id, circle_id__in=current().circles).values_list(
            "act_id",
            "act__kind",
            "act__incident_id",
            "act__incident__week_from",
            "act__incident__week_to",
            "act__incident__territory_id",
        )[: MOST_ACTS + 1]
    )
    cut, rows = len(rows) > MOST_ACTS, rows[:MOST_ACTS]
    incidents = {row[2]: (row[3], row[4], row[5]) for row in rows}
    struck = _struck([row[0] for row in rows])
    per_victim = Counter(actor for actor, _, _ in {(actor, kind, incident) for actor, kind, incident in struck})
    collective = {actor for actor, kind, _ in struck if is_collective(kind)}
    ranked = sorted(per_victim, key=lambda one: (one not in collective, -per_victim[one], str(one)))
    spans = [span_of(first, last) for first, last, _ in incidents.values()]
    return Alleged(
        acts=len(rows),
        incidents=len(incidents),
        victims=count_victims((str(actor), is_collective(kind), 0) for actor, kind, _ in struck),
        most_struck=tuple((one, per_victim[one]) for one in ranked[:12]),
        kinds=tuple(Counter(row[1] for row in rows).most_common()),
        years=tuple(sorted(Counter(first // 100 for first, _, _ in incidents.values() if first).items())),
        territories=tuple(Counter(place for _, _, place in incidents.values() if place).most_common(12)),
        spans=tuple(span for span in spans if span is not None),
        newest=tuple(sorted(incidents, key=lambda one: (-(incidents[one][0] or 0), str(one)))),
        cut=cut,
    )


def _struck(acts: list[UUID]) -> list[tuple[UUID, str, UUID]]:
    """Return victim, its kind and the incident, for each of ``acts``."""
    if not acts:
        return []
    found = Victim.objects.filter(act_id__in=acts)
    return list(found.values_list("actor_id", "actor__kind", "act__incident_id"))


def stands_under(actor_id: UUID) -> list[UUID]:
    """Return the chain of actors it is a part of, the nearest first, at most six steps: one query a step."""
    chain: list[UUID] = []
    actor: UUID | None = actor_id
    while actor is not None and len(chain) < _STEPS_UP:
        above = Tie.objects.filter(from_actor_id=actor, kind="part_of", circle_id__in=current().circles)
        actor = above.order_by("id").values_list("to_actor_id", flat=True).first()
        if actor is None or actor in chain or actor == actor_id:
            break
        chain.append(actor)
    return chain
