"""What the pages of incidents show, and the parts of one incident as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tejido.domain.dates import ImpreciseDate
from tejido.domain.places import coarse
from tejido.incidents.counts import Totals, YearCount
from tejido.incidents.entering import EntryForm
from tejido.incidents.forms import JusticeSheet, LinkSheet, SourceSheet
from tejido.incidents.models import Incident, Place
from tejido.vocabularies import vocabulary
from tejido.web.paging import Page

#: How coarsely a point is shown where no territory says otherwise.
_USUAL_COARSENESS = "km_5"


def shown_point(place: Place, shown: str = _USUAL_COARSENESS) -> tuple[float, float] | None:
    """Return the point of a place as coarsely as ``shown`` (vocabulary ``coarseness``) says; None when hidden."""
    if not place.point or shown == "hidden":
        return None
    lat, lon = map(float, place.point)
    known = vocabulary("coarseness")
    km = known.term(shown).number("km") if shown in known else known.term(_USUAL_COARSENESS).number("km")
    return (lat, lon) if not km else coarse(lat, lon, km)


@dataclass(frozen=True, slots=True)
class Touched:
    """A collective in which somebody it was done to stands."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of the list; ``touched`` are the first of the collectives it touches through its people."""

    id: UUID
    title: str
    when: ImpreciseDate | None
    territory: str
    individuals: int
    collectives: int
    reliability: str
    touched: tuple[Touched, ...] = ()
    touched_more: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter, and the two halves of its line, between which stands whether it is chosen."""

    value: str
    begins: SafeString
    ends: SafeString

    @classmethod
    def of(cls, value: str, label: str, many: int) -> Option:
        """Draw the line once, with how many incidents it leaves: years and places stand on every page."""
        return cls(value, format_html('<option value="{}"', value), format_html(">{} ({})</option>", label, many))


@dataclass(frozen=True, slots=True)
class Filter:
    """One question of the filter form."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str = ""

    @property
    def drawn(self) -> SafeString:
        """The options as HTML, every word escaped."""
        parts = [(one.begins, " selected" if one.value == self.chosen else "", one.ends) for one in self.options]
        return mark_safe("".join(map("".join, parts)))  # noqa: S308


@dataclass(frozen=True)
class IncidentsPage:
    """The list of incidents; ``year`` and ``in_year`` say how many people and collectives a chosen year touched."""

    rows: Page[Row]
    filters: tuple[Filter, ...]
    words: str
    total: int
    totals: Totals
    drafts: int
    year: int | None = None
    in_year: YearCount | None = None
    is_narrowed: bool = False

    @property
    def chosen(self) -> tuple[tuple[str, str], ...]:
        """The filters in use, as they are posted again with a search."""
        return tuple((f.name, o.value) for f in self.filters for o in f.options if o.value == f.chosen)


@dataclass(frozen=True)
class Difference:
    """What a second editor made of a field since the form was opened."""

    label: str
    now: str


@dataclass(frozen=True)
class EntryPage:
    """The entry form; ``incident`` when one is corrected, ``differences`` when somebody changed it meanwhile."""

    form: EntryForm
    errors: SafeString | str = ""
    incident: UUID | None = None
    kept: bool = False
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSeen:
    """A form left half-done: its first words and, if it corrects an incident, which."""

    id: UUID
    words: str


@dataclass(frozen=True)
class DraftsPage:
    """The forms that the member left half-done."""

    drafts: tuple[DraftSeen, ...]


@dataclass(frozen=True)
class LinkPage:
    """Linking an incident: first a search, then how the two are linked."""

    incident: Incident
    words: str
    found: tuple[Row, ...]
    form: LinkSheet | None
    other: Incident | None


@dataclass(frozen=True)
class JusticePage:
    """A step of justice is noted."""

    incident: Incident
    form: JusticeSheet


@dataclass(frozen=True)
class SourcePage:
    """A source is added."""

    incident: Incident
    form: SourceSheet


@dataclass(frozen=True)
class RemovePage:
    """Asks once more before an incident is taken out."""

    incident: Incident
