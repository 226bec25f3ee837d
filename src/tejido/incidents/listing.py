"""The list of incidents: its filters, its rows, and what stands above it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from tejido.domain.counting import Counted
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.incidents.catalogue import INCIDENTS, read_note
from tejido.incidents.counts import collectives_touched, counted_victims, totals, victims_in_year
from tejido.incidents.models import Draft
from tejido.incidents.pages import Filter, IncidentsPage, Option, Row, Touched
from tejido.vault.catalogue import Line, catalogue
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.paging import Page
from tejido.web.wording import page_language

PAGE_SIZE = 25
FACETS = ("act", "year", "territory", "verification")
_MOST_OPTIONS = 60
_MOST_TOUCHED = 2
_NOBODY = Counted(0, 0, 0)


def incidents_page(asked: QueryDict, *, by: By, words: str = "") -> IncidentsPage:
    """Return the list as asked: newest first, narrowed by the facets in ``asked`` and by ``words``."""
    facets = [f"{name}:{value}" for name in FACETS if (value := asked.get(name, "")[:60])]
    page = catalogue().page(
        INCIDENTS,
        facets=facets,
        words=words,
        after=_id(asked.get("after")),
        before=_id(asked.get("before")),
        size=PAGE_SIZE,
        newest_first=True,
    )
    year = asked.get("year", "")
    chosen_year = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    return IncidentsPage(
        rows=Page(rows_of(page.rows), page.after, page.before),
        filters=_filters(asked),
        words=words,
        total=catalogue().total(INCIDENTS),
        totals=totals(),
        drafts=Draft.objects.filter(circle_id=by.circle_id, member_id=by.id).count(),
        year=chosen_year,
        in_year=victims_in_year(chosen_year) if chosen_year else None,
        is_narrowed=bool(facets or words),
    )


def rows_of(lines: tuple[Line, ...]) -> tuple[Row, ...]:
    """Return lines of the catalogue as rows: four more questions, however many lines."""
    ids = [line.id for line in lines]
    counted, touched = counted_victims(ids), collectives_touched(ids)
    called = catalogue().lines(ACTORS, {one for found in touched.values() for one in found})
    places = {line.id: _territory_of(line) for line in lines}
    names = catalogue().lines(TERRITORIES, {one for one in places.values() if one is not None})
    return tuple(
        _row(
            line,
            counted.get(line.id, _NOBODY),
            names.get(places[line.id] or line.id),
            [called[one] for one in touched.get(line.id, ()) if one in called],
        )
        for line in lines
    )


def _row(line: Line, counted: Counted, territory: Line | None, touched: list[Line]) -> Row:
    when, reliability = read_note(line.note)
    by_name = sorted(touched, key=lambda one: one.order)
    return Row(
        id=line.id,
        title=line.label,
        when=when,
        territory=territory.label if territory else "",
        individuals=counted.individuals,
        collectives=counted.collectives,
        reliability=reliability,
        touched=tuple(Touched(one.id, one.label) for one in by_name[:_MOST_TOUCHED]),
        touched_more=max(0, len(by_name) - _MOST_TOUCHED),
    )


def _territory_of(line: Line) -> UUID | None:
    return next((_id(one.removeprefix("territory:")) for one in line.facets if one.startswith("territory:")), None)


def _filters(asked: QueryDict) -> tuple[Filter, ...]:
    offered = catalogue().once(("filters of incidents", page_language()), _offered)
    return tuple(Filter(one.name, one.label, one.options, asked.get(one.name, "")) for one in offered)


def _offered() -> tuple[Filter, ...]:
    """Return what can be asked for, none of it chosen yet."""
    lang, many = page_language(), {name: catalogue().counts(INCIDENTS, f"{name}:") for name in FACETS}
    acts = {term.code: term.label(lang) for term in vocabulary("acts")}
    verifications = {term.code: term.label(lang) for term in vocabulary("verifications")}
    years = {year: year for year in sorted(many["year"], reverse=True)}
    return (
        _filter("act", _("What was done"), acts, many["act"]),
        _filter("year", _("Year"), years, many["year"]),
        _filter("territory", _("Territory"), _territories(many["territory"]), many["territory"]),
        _filter("verification", _("Checked"), verifications, many["verification"]),
    )


def _territories(many: Mapping[str, int]) -> dict[str, str]:
    """Return the names of the territories with most incidents, in alphabetical order."""
    most = sorted(many, key=lambda one: (-many[one], one))[:_MOST_OPTIONS]
    lines = catalogue().lines(TERRITORIES, [one for text in most if (one := _id(text)) is not None])
    return {str(line.id): line.label for line in sorted(lines.values(), key=lambda line: line.order)}


def _filter(name: str, label: str, labels: Mapping[str, str], many: Mapping[str, int]) -> Filter:
    options = (Option.of(code, word, many[code]) for code, word in labels.items() if many.get(code))
    return Filter(name, label, tuple(options))


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
