"""Incidents as the catalogue lists and searches them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

from django.db.models import Model, Prefetch

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.incidents.models import Act, Incident, Place, Source
from tejido.vault.catalogue import Line, Noun
from tejido.vocabularies import vocabulary

P = TypeVar("P", bound=Model)
_MOST_YEARS: Final = 30  # a range of centuries is not a year to filter by


def _line(incident: Incident) -> Line:
    """Return the line of an incident: it sorts by first day; the note is its date and its best source."""
    when: ImpreciseDate | None = incident.when
    places = [place.words for place in _listed(incident, Place)]
    sources = [f"{source.name} {source.reference}" for source in _listed(incident, Source)]
    return Line(
        id=incident.pk,
        label=incident.title,
        order=f"{when.start.isoformat()}/{when.end.isoformat()}" if when else "",
        text="\n".join([incident.summary, *places, *sources, *map(str, incident.details.values())]),
        facets=tuple(dict.fromkeys(_facets(incident, when))),
        note=f"{when.encode() if when else ''} {_best_reliability(incident)}",
    )


def _listed(incident: Incident, model: type[P]) -> Sequence[P]:
    """Return the parts of an incident that were fetched with it, as the list they came in."""
    found: Sequence[P] = getattr(incident, _ATTRIBUTES[model])
    return found


def _facets(incident: Incident, when: ImpreciseDate | None) -> Iterator[str]:
    acts = vocabulary("acts")
    for act in _listed(incident, Act):
        yield f"act:{act.kind}"
        if act.kind in acts and (parent := acts.term(act.kind).parent):
            yield f"act:{parent}"
        if act.when is not None:
            yield f"year:{act.when.start.year:04d}"
    if incident.territory_id:
        yield f"territory:{incident.territory_id}"
    yield f"verification:{incident.verification}"
    if when is not None and when.end.year - when.start.year < _MOST_YEARS:
        yield from (f"year:{year:04d}" for year in range(when.start.year, when.end.year + 1))


def _best_reliability(incident: Incident) -> str:
    """Return the reliability of the most reliable source; empty when there is no source."""
    known = vocabulary("reliabilities")
    codes = [source.reliability for source in _listed(incident, Source) if source.reliability in known]
    return max(codes, key=lambda code: known.term(code).number("rank") or 0.0, default="")


def read_note(note: str) -> tuple[ImpreciseDate | None, str]:
    """Return the date and the best reliability kept in a line's note."""
    when, _, reliability = note.partition(" ")
    try:
        return (ImpreciseDate.decode(when) if when else None), reliability
    except BadInput:
        return None, reliability


#: Lists, where a query set made for each part of each incident would cost more than all else.
_PARTS: Final = (
    Prefetch("acts", Act.objects.only("id", "circle_id", "incident_id", "revision", "kind", "when"), "listed_acts"),
    Prefetch("places", Place.objects.only("id", "circle_id", "incident_id", "revision", "words"), "listed_places"),
    Prefetch(
        "sources",
        Source.objects.only("id", "circle_id", "incident_id", "revision", "name", "reference", "reliability"),
        "listed_sources",
    ),
)
_ATTRIBUTES: Final[dict[type[Model], str]] = {Act: "listed_acts", Place: "listed_places", Source: "listed_sources"}
INCIDENTS: Final = Noun(name="incident", model=Incident, line=_line, prefetch=_PARTS)
