"""How many people and collectives, each counted once: in an incident, by kind of act, in a year."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tejido.domain.counting import Counted, count_victims
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.models import Tie
from tejido.incidents.models import Act, Incident, Victim
from tejido.vault.journal import last_line
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary

#: Ties by which what is done to somebody touches the collective they stand in.
STANDING_IN = ("member_of", "leads", "part_of", "works_with")
COLLECTIVE_KINDS = tuple(term.code for term in vocabulary("actor_kinds") if term.flag("collective"))


@dataclass(frozen=True, slots=True)
class KindCount:
    """To how many an act of one kind was done: individuals and collectives apart, each actor once.

    ``touched`` are the collectives in which those it was done to stand, each once.
    """

    kind: str
    individuals: int
    collectives: int
    touched: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole circle: by kind of act (largest first), and over all of them, each actor once."""

    by_kind: tuple[KindCount, ...]
    individuals: int
    collectives: int
    touched: int = 0


@dataclass(frozen=True, slots=True)
class YearCount:
    """To how many it was done in a year: individuals, collectives, and the collectives touched through them.

    ``unsure`` more suffered, in incidents of that year whose other acts are dated, acts that have no date.
    """

    individuals: int
    collectives: int
    touched: int
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class Ways:
    """Other ways to the same answers as ``totals_in_store``, ``victims_in_store`` and ``touched_in_store``."""

    totals: Callable[[UUID], Totals]
    victims: Callable[[Collection[UUID]], dict[UUID, Counted]]
    touched: Callable[[Collection[UUID]], dict[UUID, tuple[UUID, ...]]]


def counted_victims(incidents: Collection[UUID]) -> dict[UUID, Counted]:
    """Return, for each incident, whom it was done to, each actor once; one query unless it is held in memory.

    Unnamed persons are not opened here and stand at 0; see ``counted`` for one incident.
    """
    return (_ways[-1].victims if _ways else victims_in_store)(incidents)


def victims_in_store(incidents: Collection[UUID]) -> dict[UUID, Counted]:
    """Return the same as the store counts it."""
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
        known = (line, (_ways[-1].totals if _ways else totals_in_store)(circle))
        with _lock:
            _known[circle] = known
    return known[1]


def count_by(ways: Ways) -> None:
    """Count by ``ways`` from now on: a slice above this one may hold what the store would have to join."""
    _ways.append(ways)


def collectives_touched(incidents: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return, for each incident, the collectives in which those it was done to stand, each once.

    Whether a tie held on that day is not asked: the list is of whom it concerns, not of who belonged when.
    """
    return (_ways[-1].touched if _ways else touched_in_store)(incidents)


def touched_in_store(incidents: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the same as the store counts it; one query."""
    rows = _standing_in(Victim.objects.filter(act__incident_id__in=list(incidents)))
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for incident, collective in rows.values_list("act__incident_id", _COLLECTIVE):
        found[incident].add(collective)
    return {incident: tuple(sorted(collectives)) for incident, collectives in found.items()}


def victims_in_year(year: int) -> YearCount:
    """Return how many individuals and collectives suffered acts that began in ``year``, each once.

    The year is that of the act, or of its incident when none of its acts has a date of its own. Three queries,
    kept in memory until the next write.
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
_known_years: dict[tuple[UUID, int], tuple[tuple[int, bytes], YearCount]] = {}
_ways: list[Ways] = []
_lock = threading.Lock()


def _counted_in_year(circle: UUID, year: int) -> YearCount:
    touching = {"week_from__lte": (year + 1) * 100 + 1, "week_to__gte": (year - 1) * 100 + 52}  # ISO years overlap
    incidents = Incident.objects.filter(circle_id=circle, **touching).values("pk")
    acts = list(Act.objects.filter(incident_id__in=incidents).select_related("incident"))
    dated = {act.incident_id for act in acts if act.when is not None}
    kept = {act.pk for act in acts if _began_in(act, year, dated)}
    left = {act.pk for act in acts if act.when is None and act.incident_id in dated and _year_of(act.incident) == year}
    rows = Victim.objects.filter(act__incident_id__in=incidents).values_list("act_id", "actor_id", "actor__kind")
    known = [(act, actor, kind in COLLECTIVE_KINDS) for act, actor, kind in rows if act in kept or act in left]
    suffered = {(actor, is_collective) for act, actor, is_collective in known if act in kept}
    unsure = {(actor, is_collective) for act, actor, is_collective in known if act in left} - suffered
    collectives = sum(is_collective for _, is_collective in suffered)
    actors = {actor for actor, _ in suffered}
    ties = Tie.objects.filter(
        kind__in=STANDING_IN, to_actor__kind__in=COLLECTIVES,
        from_actor_id__in=Victim.objects.filter(act__incident_id__in=incidents).values("actor_id"),
    )  # fmt: skip
    touched = {whole for one, whole in ties.values_list("from_actor_id", "to_actor_id") if one in actors}
    return YearCount(len(suffered) - collectives, collectives, len(touched), len(unsure))


_TIE = "actor__ties_out__"
_COLLECTIVE = f"{_TIE}to_actor_id"


def _standing_in(victims: QuerySet[Victim]) -> QuerySet[Victim]:
    return victims.filter(**{f"{_TIE}kind__in": STANDING_IN, f"{_TIE}to_actor__kind__in": COLLECTIVES})


def totals_in_store(circle: UUID) -> Totals:
    """Return the totals as the store counts them: right at any size, and slow at a large one."""
    collective = Q(actor__kind__in=COLLECTIVE_KINDS)
    individuals = Count("actor", distinct=True, filter=~collective)
    collectives = Count("actor", distinct=True, filter=collective)
    suffered = Victim.objects.filter(circle_id=circle)
    rows = suffered.values("act__kind").annotate(individuals=individuals, collectives=collectives)
    touched = Count(_COLLECTIVE, distinct=True)
    through = _standing_in(suffered)
    by_people = dict(through.values("act__kind").annotate(many=touched).order_by().values_list("act__kind", "many"))
    by_kind = [
        KindCount(row["act__kind"], row["individuals"], row["collectives"], by_people.get(row["act__kind"], 0))
        for row in rows.order_by()
    ]
    by_kind.sort(key=lambda one: (-one.individuals - one.collectives, one.kind))
    whole = suffered.aggregate(individuals=individuals, collectives=collectives)
    many = through.aggregate(many=touched)["many"]
    return Totals(tuple(by_kind), whole["individuals"], whole["collectives"], many)


def _began_in(act: Act, year: int, dated: Collection[UUID]) -> bool:
    if act.when is not None:
        return bool(act.when.start.year == year)
    return act.incident_id not in dated and _year_of(act.incident) == year


def _year_of(incident: Incident) -> int | None:
    return incident.when.start.year if incident.when else None


def _persons(said: str) -> int:
    """Return the number in what was said of unnamed persons; 0 when it is not in digits."""
    digits = said.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
