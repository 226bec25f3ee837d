"""The doors of a workspace and the pages of plans, whatever else is there."""

from django.urls import URLPattern, URLResolver, include, path

from tejido.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tejido.circles.urls")),
    path("", include("tejido.protection.urls")),
]
