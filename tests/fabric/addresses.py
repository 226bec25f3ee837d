"""Addresses for the pages of the fabric alone: dossiers, which stand above, are plain doors here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from tejido.circles.policies import open_door


@open_door("a stand-in of the tests")
def dossier(request: HttpRequest, record: object = None) -> HttpResponse:
    """Answer for a page of another room."""
    return HttpResponse("a dossier")


_DOSSIERS = (
    [
        path("", dossier, name="home"),
        path("fabric/<uuid:record>/", dossier, name="actor"),
        path("territories/<uuid:record>/", dossier, name="territory"),
        path("dossiers/<uuid:record>/erase/", dossier, name="erase"),
    ],
    "dossiers",
)
urlpatterns = [
    path("", include("tejido.circles.urls")),
    path("", include("tejido.fabric.urls")),
    path("", include(_DOSSIERS)),
]
