"""A territory: what is here, who lives here, what happened here and in its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.lines import lines_of, named_actor, named_actors
from tejido.dossiers.pages import Named, TerritoryPage
from tejido.dossiers.pictures import map_of, timeline_of
from tejido.dossiers.places import incident_places, territory_places
from tejido.dossiers.ways import territory_way, way
from tejido.fabric.models import Presence
from tejido.fabric.queries import assets_of, inhabitants_of, parts_of, territory_by_id, wider_territories
from tejido.incidents.models import Place
from tejido.readings.frames import Case
from tejido.readings.gathering import collectives_struck
from tejido.readings.happened_in import happened_in
from tejido.readings.territories import known_territories
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

MOST_ROWS = 8
MOST_PEOPLE = 24
MOST_PLACES = 100
MOST_PARTS = 24
#: In so many incidents, the latest here, those struck are counted.
MOST_LOOKED = 2000
MOST_STRUCK = 8


def territory_page(territory_id: UUID, *, by: By) -> TerritoryPage:
    """Compose the page; ``NotFound``."""
    territory = territory_by_id(territory_id, by=by)
    lang = page_language()
    within = [territory.pk, *map(UUID, known_territories().within(str(territory.pk)))]
    here = happened_in(within)
    people = inhabitants_of(territory.pk, at_most=MOST_PEOPLE)
    parts = parts_of(territory.pk)
    struck = _struck(here.cases[:MOST_LOOKED])
    where = Place.objects.filter(incident_id__in=[case.incident for case in here.cases[:MOST_PLACES]])
    marks = territory_places([territory, *parts[:MOST_PLACES]])
    marks += incident_places((place, territory.shown) for place in where.filter(point__isnull=False)[:MOST_PLACES])
    assets = vocabulary("asset_kinds")
    return TerritoryPage(
        name=territory.name,
        kind=territory.kind,
        about=territory.about,
        shown=territory.shown,
        wider=tuple(Named(one.name, territory_way(one.pk)) for one in wider_territories(territory)),
        parts=tuple(Named(one.name, territory_way(one.pk)) for one in parts[:MOST_PARTS]),
        parts_total=len(parts),
        all_parts=f"{way('fabric:territories')}?in={territory.pk}" if len(parts) > MOST_PARTS else "",
        assets=tuple((assets.label(one.kind, lang), one.name, one.condition) for one in assets_of([territory.pk])),
        people=tuple(_present(one) for one in people),
        people_total=Presence.objects.filter(territory=territory).count(),
        incidents=len(here.cases),
        rows=lines_of([UUID(case.incident) for case in here.cases[:MOST_ROWS]]),
        struck=named_actors(struck),
        timeline=timeline_of(here.spans, title=_("Incidents here over time"), own=_("here"), near=_("in its parts")),
        map=map_of(marks, title=_("Where this is, and where it happened")),
        map_cut=len(here.cases) > MOST_PLACES,
        edit=way("fabric:territory_edit", territory.pk),
        add_asset=way("fabric:asset_new", territory.pk),
        record=way("incidents:record", territory=territory.pk),
        list=way("incidents:incidents", territory=territory.pk),
    )


def _struck(cases: Sequence[Case]) -> list[tuple[UUID, int]]:
    """Return the collectives most struck, in themselves or in those who belong to them; else the individuals."""
    found = collectives_struck(UUID(case.incident) for case in cases)
    counts = Counter(one for struck in found.values() for one in struck)
    if not counts:
        counts = Counter(UUID(victim) for case in cases for victim in case.victims)
    return sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))[:MOST_STRUCK]


def _present(presence: Presence) -> Named:
    return named_actor(presence.actor, vocabulary("presence_kinds").label(presence.kind, page_language()))
