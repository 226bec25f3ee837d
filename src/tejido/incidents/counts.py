"""How many people and collectives, each counted once: in an incident, by kind of act, in a year."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from tejido.domain.counting import Counted, count_victims
from tejido.incidents.models import Act, Incident, Victim
from tejido.incidents.queries import circle_at_work
from tejido.vault.journal import last_line
from tejido.vocabularies import vocabulary

COLLECTIVE_KINDS = tuple(term.code for term in vocabulary("actor_kinds") if term.flag("collective"))


@dataclass(frozen=True, slots=True)
class KindCount:
    """To how many an act of one kind was done: individuals and collectives apart, each actor once."""

    kind: str
    individuals: int
    collectives: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole circle: by kind of act (largest first), and over all of them, each actor once."""

    by_kind: tuple[KindCount, ...]
    individuals: int
    collectives: int


def counted_victims(incidents: Collection[UUID]) -> dict[UUID, Counted]:
    """Return, for each incident, whom it was done to, each actor once; one query.

    Unnamed persons are not opened here and stand at 0; see ``counted`` for one incident.
    """
    rows = Victim.objects.filter(act__incident_id__in=list(incidents))
    rows_of: dict[UUID, list[tuple[str | None, bool, int]]] = defaultdict(list)
    for incident, actor, kind in rows.values_list("act__incident_id", "actor_id", "actor__kind").distinct():
        rows_of[incident].append((str(actor), kind in COLLECTIVE_KINDS, 0))
    return {incident: count_victims(seen) for incident, seen in rows_of.items()}


def counted(incident: Incident) -> Counted:
    """Return whom one incident was done to; its acts and victims with their actors should be prefetched."""
    return count_victims(
        (str(victim.actor_id), victim.actor.kind in COLLECTIVE_KINDS, _persons(victim.persons))
        for act in incident.acts.all()
        for victim in act.victims.all()
    )


def totals() -> Totals:
    """Return the totals of the circle at work. Kept in memory until the next write: they hold counts only."""
    circle, line = circle_at_work(), last_line()
    with _lock:
        known = _known.get(circle)
    if known is None or known[0] != line:
        known = (line, _counted_totals(circle))
        with _lock:
            _known[circle] = known
    return known[1]


def victims_in_year(year: int) -> tuple[int, int]:
    """Return how many individuals and collectives suffered acts that began in ``year``, each once.

    The year is that of the act, or of its incident when the act has no date of its own. Two queries, kept in
    memory until the next write.
    """
    circle, line = circle_at_work(), last_line()
    with _lock:
        known = _known_years.get((circle, year))
    if known is None or known[0] != line:
        known = (line, _counted_in_year(circle, year))
        with _lock:
            _known_years[circle, year] = known
    return known[1]


_known: dict[UUID, tuple[tuple[int, bytes], Totals]] = {}
_known_years: dict[tuple[UUID, int], tuple[tuple[int, bytes], tuple[int, int]]] = {}
_lock = threading.Lock()


def _counted_in_year(circle: UUID, year: int) -> tuple[int, int]:
    touching = {"week_from__lte": (year + 1) * 100 + 1, "week_to__gte": (year - 1) * 100 + 52}  # ISO years overlap
    incidents = Incident.objects.filter(circle_id=circle, **touching).values("pk")
    acts = Act.objects.filter(incident_id__in=incidents).select_related("incident")
    kept = {act.pk for act in acts if _began_in(act, year)}
    rows = Victim.objects.filter(act__incident_id__in=incidents).values_list("act_id", "actor_id", "actor__kind")
    suffered = {(actor, kind in COLLECTIVE_KINDS) for act, actor, kind in rows if act in kept}
    collectives = sum(is_collective for _, is_collective in suffered)
    return len(suffered) - collectives, collectives


def _counted_totals(circle: UUID) -> Totals:
    collective = Q(actor__kind__in=COLLECTIVE_KINDS)
    individuals = Count("actor", distinct=True, filter=~collective)
    collectives = Count("actor", distinct=True, filter=collective)
    suffered = Victim.objects.filter(circle_id=circle)
    rows = suffered.values("act__kind").annotate(individuals=individuals, collectives=collectives)
    by_kind = [KindCount(row["act__kind"], row["individuals"], row["collectives"]) for row in rows.order_by()]
    by_kind.sort(key=lambda one: (-one.individuals - one.collectives, one.kind))
    whole = suffered.aggregate(individuals=individuals, collectives=collectives)
    return Totals(tuple(by_kind), whole["individuals"], whole["collectives"])


def _began_in(act: Act, year: int) -> bool:
    when = act.when or act.incident.when
    return when is not None and when.start.year == year


def _persons(said: str) -> int:
    """Return the number in what was said of unnamed persons; 0 when it is not in digits."""
    digits = said.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
