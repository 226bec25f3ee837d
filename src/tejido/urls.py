"""Where every page is: each slice's own addresses, the roof's last."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_SLICES = ("circles", "fabric", "incidents", "protection", "exchange", "dossiers")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"tejido.{name}.urls")) for name in _SLICES if find_spec(f"tejido.{name}.urls")
]

handler400 = "tejido.web.errors.bad_request"
handler403 = "tejido.web.errors.not_allowed"
handler404 = "tejido.web.errors.not_found"
handler500 = "tejido.web.errors.broken"
