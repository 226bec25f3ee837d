"""The rooms that stand, so that the dossiers' pages can be asked for by themselves."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

ROOMS = ("circles", "fabric", "incidents", "protection", "exchange", "dossiers")
urlpatterns = [
    path("", include(f"tejido.{room}.urls")) for room in ROOMS if find_spec(f"tejido.{room}.urls") is not None
]
