"""Incidents as the catalogue lists and searches them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.incidents.models import Incident
from tejido.vault.catalogue import Line, Noun
from tejido.vocabularies import vocabulary

_MOST_YEARS: Final = 30  # a range of centuries is not a year to filter by


def _line(incident: Incident) -> Line:
    """Return the line of an incident: it sorts by first day; the note is its date and its best source."""
    when: ImpreciseDate | None = incident.when
    places = [place.words for place in incident.places.all()]
    sources = [f"{source.name} {source.reference}" for source in incident.sources.all()]
    return Line(
        id=incident.pk,
        label=incident.title,
        order=f"{when.start.isoformat()}/{when.end.isoformat()}" if when else "",
        text="\n".join([incident.summary, *places, *sources, *map(str, incident.details.values())]),
        facets=tuple(dict.fromkeys(_facets(incident, when))),
        note=f"{when.encode() if when else ''} {_best_reliability(incident)}",
    )


def _facets(incident: Incident, when: ImpreciseDate | None) -> Iterator[str]:
    acts = vocabulary("acts")
    for act in incident.acts.all():
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
    codes = [source.reliability for source in incident.sources.all() if source.reliability in known]
    return max(codes, key=lambda code: known.term(code).number("rank") or 0.0, default="")


def read_note(note: str) -> tuple[ImpreciseDate | None, str]:
    """Return the date and the best reliability kept in a line's note."""
    when, _, reliability = note.partition(" ")
    try:
        return (ImpreciseDate.decode(when) if when else None), reliability
    except BadInput:
        return None, reliability


INCIDENTS: Final = Noun(name="incident", model=Incident, line=_line, prefetch=("acts", "places", "sources"))
