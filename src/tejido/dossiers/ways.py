"""Where a page leads: addresses of other rooms by the names of their views, ids only."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch

from tejido.web.addresses import address as address_of


def way(view: str, *ids: UUID | str, **query: UUID | str) -> str:
    """Return the address of ``view``; empty where this installation has no such page, so that no link is shown."""
    try:
        address = address_of(view, *ids)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode({name: str(value) for name, value in query.items()})}" if query else address


def actor_way(actor: UUID) -> str:
    """Return the address of an actor's dossier."""
    return way("dossiers:actor", actor)


def incident_way(incident: UUID) -> str:
    """Return the address of an incident's page."""
    return way("dossiers:incident", incident)


def territory_way(territory: UUID) -> str:
    """Return the address of a territory's page."""
    return way("dossiers:territory", territory)
