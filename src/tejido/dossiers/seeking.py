"""Searching sealed text through the catalogue: actors, incidents, territories, plans, sessions, calls to others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.pages import Named, SearchGroup, SearchPage
from tejido.dossiers.ways import actor_way, incident_way, territory_way, way
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.incidents.catalogue import INCIDENTS
from tejido.protection.catalogue import ALERTS, OWN_MODULES, PLANS, SESSIONS
from tejido.vault.catalogue import Line, Noun, catalogue
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

LONGEST = 200
MOST_FOUND = 60


def search_page(words: str, *, asked: bool) -> SearchPage:
    """Compose the page: what was found, by kind, the best first."""
    sought = " ".join(words.split())[:LONGEST]
    nouns: tuple[Noun[Any], ...] = (ACTORS, INCIDENTS, TERRITORIES, PLANS, SESSIONS, OWN_MODULES, ALERTS)
    found = catalogue().find(sought, nouns=nouns, size=MOST_FOUND) if sought else ()
    lists = {
        ACTORS.name: way("fabric:actors"),
        INCIDENTS.name: way("incidents:incidents"),
        TERRITORIES.name: way("fabric:territories"),
        PLANS.name: way("protection:plans"),
        SESSIONS.name: way("protection:sessions"),
    }
    groups = []
    for noun in nouns:
        rows = tuple(_named(one.noun, one.line) for one in found if one.noun == noun.name)
        if rows:
            groups.append(SearchGroup(noun.name, rows, lists.get(noun.name, "")))
    titles = (_("Everyone in the fabric"), _("All incidents"), _("All territories"))
    return SearchPage(
        words=sought,
        asked=asked,
        groups=tuple(groups),
        lists=tuple(Named(title, lists[noun.name]) for title, noun in zip(titles, nouns, strict=False)),
    )


def _named(noun: str, line: Line) -> Named:
    return Named(line.label or _("somebody unnamed"), _address(noun, line), _note(noun, line))


def _address(noun: str, line: Line) -> str:
    roots = {ACTORS.name: actor_way, INCIDENTS.name: incident_way, TERRITORIES.name: territory_way}
    if noun in roots:
        return roots[noun](line.id)
    if noun == OWN_MODULES.name:
        return way("protection:session_modules")
    if noun == ALERTS.name:
        group = next(facet.removeprefix("collective:") for facet in line.facets if facet.startswith("collective:"))
        return way("protection:alert", UUID(group), line.id)
    return way(f"protection:{noun}", line.id)


def _note(noun: str, line: Line) -> str:
    lang = page_language()
    lists = {ACTORS.name: "actor_kinds", TERRITORIES.name: "territory_kinds"}
    lists |= {PLANS.name: "plan_statuses", SESSIONS.name: "assessment_statuses", ALERTS.name: "alert_statuses"}
    kinds = [facet.partition(":")[2] for facet in line.facets if facet.startswith(("kind:", "status:"))]
    label = vocabulary(lists[noun]).label(kinds[0], lang) if noun in lists and kinds else ""
    return " · ".join(part for part in (label, line.note) if part)
