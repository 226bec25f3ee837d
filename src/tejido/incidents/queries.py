"""What is known of incidents: one of them whole, the latest, those against somebody, by somebody, in a place.

Every answer takes a number of queries that does not grow with its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from tejido.domain.affectation import IncidentFact
from tejido.domain.errors import NotFound
from tejido.incidents.models import Act, Draft, Incident, Justice, Link, Perpetrator, Place, Source, Victim
from tejido.vault.keyring import circle_at_work

__all__ = [
    "against", "by_aggressor", "drafts_of", "fact_of", "facts", "facts_against",
    "facts_by_aggressor", "in_territories", "incident_by_id", "incidents_by_id", "perpetrators_of", "recent",
    "since_week", "victims_of",
]  # fmt: skip

#: Never more than so many of one week are opened to put them in order.
_CROWDED_WEEK = 2000


def whole_incidents() -> QuerySet[Incident]:
    """Return incidents with everything a page of one shows, in a constant number of queries."""
    victims = Prefetch("victims", Victim.objects.select_related("actor").order_by("born", "id"))
    perpetrators = Prefetch("perpetrators", Perpetrator.objects.select_related("actor").order_by("born", "id"))
    acts = Act.objects.order_by("position", "id").prefetch_related(victims, perpetrators)
    return (
        Incident.objects.filter(circle_id=circle_at_work())
        .select_related("territory")
        .prefetch_related(
            Prefetch("acts", acts),
            Prefetch("places", Place.objects.order_by("position", "id")),
            Prefetch("sources", Source.objects.order_by("born", "id")),
            Prefetch("justice", Justice.objects.select_related("authority").order_by("born", "id")),
            Prefetch("links_out", Link.objects.select_related("to_incident").order_by("born", "id")),
            Prefetch("links_in", Link.objects.select_related("from_incident").order_by("born", "id")),
        )
    )


def incident_by_id(incident: UUID) -> Incident:
    """Return one incident with everything prefetched; ``NotFound`` when the circle has none such."""
    found = whole_incidents().filter(pk=incident).first()
    if found is None:
        raise NotFound
    return found


def incidents_by_id(ids: Iterable[UUID]) -> dict[UUID, Incident]:
    """Return incidents, with their territory but without their parts, by id."""
    found = Incident.objects.filter(circle_id=circle_at_work(), pk__in=list(ids)).select_related("territory")
    return {incident.pk: incident for incident in found}


def recent(*, limit: int = 10) -> list[Incident]:
    """Return the latest incidents, newest first; those without a date come last."""
    return _newest(Incident.objects.filter(circle_id=circle_at_work()), limit)


def since_week(week: int, *, limit: int = 50) -> list[Incident]:
    """Return the incidents that began in ISO week ``week`` (YYYYWW) or later, newest first."""
    return _newest(Incident.objects.filter(circle_id=circle_at_work(), week_from__gte=week), limit)


def against(actors: Collection[UUID], *, limit: int = 50) -> list[Incident]:
    """Return incidents of which any of ``actors`` was a victim, newest first, each once."""
    acts = Victim.objects.filter(actor_id__in=list(actors)).values("act__incident_id")
    return _newest(Incident.objects.filter(circle_id=circle_at_work(), pk__in=acts), limit)


def by_aggressor(actors: Collection[UUID], *, limit: int = 50) -> list[Incident]:
    """Return incidents alleged to have been done by any of ``actors``, newest first, each once."""
    acts = Perpetrator.objects.filter(actor_id__in=list(actors)).values("act__incident_id")
    return _newest(Incident.objects.filter(circle_id=circle_at_work(), pk__in=acts), limit)


def in_territories(territories: Collection[UUID], *, limit: int = 50) -> list[Incident]:
    """Return incidents in any of ``territories`` (give the parts too, if they count), newest first."""
    here = Incident.objects.filter(circle_id=circle_at_work(), territory_id__in=list(territories))
    return _newest(here, limit)


def victims_of(incidents: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the actors to whom each incident was done, each once; an incident without any is left out."""
    rows = Victim.objects.filter(act__incident_id__in=list(incidents)).order_by("act__position", "born", "id")
    return _gathered(rows.values_list("act__incident_id", "actor_id"))


def perpetrators_of(incidents: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the actors alleged to have done each incident, each once."""
    rows = Perpetrator.objects.filter(act__incident_id__in=list(incidents)).order_by("act__position", "born", "id")
    return _gathered(rows.values_list("act__incident_id", "actor_id"))


def drafts_of(member: UUID) -> list[Draft]:
    """Return the forms that a member left half-done, the last one first."""
    return list(Draft.objects.filter(circle_id=circle_at_work(), member_id=member).order_by("-stamp", "id"))


def fact_of(incident: UUID) -> IncidentFact:
    """Return what the rules need of one incident; ``NotFound`` when there is none such."""
    found = facts([incident], dated_only=False)
    if not found:
        raise NotFound
    return found[0]


def facts(incidents: Collection[UUID], *, dated_only: bool = True) -> list[IncidentFact]:
    """Return what the rules need of incidents: victims, alleged perpetrators, territory, first and last day.

    One without a date is left out; with ``dated_only=False`` it may have been on any day of the calendar.
    """
    ids = list(incidents)
    victims, perpetrators = victims_of(ids), perpetrators_of(ids)
    records = Incident.objects.filter(circle_id=circle_at_work(), pk__in=ids)
    if dated_only:
        records = records.filter(week_from__isnull=False)
    return [
        _fact(record, victims.get(record.pk, ()), perpetrators.get(record.pk, ()))
        for record in records.only("id", "revision", "circle_id", "territory_id", "when")
    ]


def facts_against(actors: Collection[UUID], *, limit: int = 200) -> list[IncidentFact]:
    """Return the facts of the latest dated incidents of which any of ``actors`` was a victim."""
    acts = Victim.objects.filter(actor_id__in=list(actors)).values("act__incident_id")
    return facts(_latest_ids(Q(pk__in=acts), limit))


def facts_by_aggressor(
    actors: Collection[UUID], *, between: tuple[int, int] | None = None, limit: int = 500
) -> list[IncidentFact]:
    """Return the facts of the latest dated incidents alleged to have been done by any of ``actors``.

    ``between`` keeps those that touch the ISO weeks (first, last), as numbers YYYYWW.
    """
    acts = Perpetrator.objects.filter(actor_id__in=list(actors)).values("act__incident_id")
    wanted = Q(pk__in=acts)
    if between is not None:
        wanted &= Q(week_to__gte=between[0], week_from__lte=between[1])
    return facts(_latest_ids(wanted, limit))


def _latest_ids(wanted: Q, limit: int) -> list[UUID]:
    dated = Incident.objects.filter(wanted, circle_id=circle_at_work(), week_from__isnull=False)
    return list(dated.order_by("-week_from", "id").values_list("pk", flat=True)[:limit])


def _newest(wanted: QuerySet[Incident], limit: int) -> list[Incident]:
    """Return the latest of ``wanted``: by week from the database, then by day, which only an opened date tells.

    The whole week in which the limit falls is read, so that the cut is by day as well.
    """
    dated = wanted.filter(week_from__isnull=False).select_related("territory").order_by("-week_from", "id")
    weeks = dated.values_list("week_from", flat=True)[limit - 1 : limit] if limit else []
    last = next(iter(weeks), None)
    rows = list((dated.filter(week_from__gte=last) if last else dated)[: limit + _CROWDED_WEEK])
    rows.sort(key=_by_day, reverse=True)
    if len(rows) < limit:
        undated = wanted.filter(week_from__isnull=True).select_related("territory").order_by("-born", "id")
        rows += undated[: limit - len(rows)]
    return rows[:limit]


def _by_day(incident: Incident) -> tuple[date, date, str]:
    when = incident.when
    return (when.start, when.end, incident.pk.hex) if when else (date.min, date.min, incident.pk.hex)


def _gathered(rows: Iterable[tuple[UUID, UUID]]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    for incident, actor in rows:
        found[incident][actor] = None
    return {incident: tuple(actors) for incident, actors in found.items()}


def _fact(record: Incident, victims: Iterable[UUID], perpetrators: Iterable[UUID]) -> IncidentFact:
    when = record.when
    return IncidentFact(
        incident=str(record.pk),
        victims=frozenset(map(str, victims)),
        perpetrators=frozenset(map(str, perpetrators)),
        territory=str(record.territory_id) if record.territory_id else None,
        start=when.start if when else date.min,
        end=when.end if when else date.max,
    )
