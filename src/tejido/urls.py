"""Where every page is: each slice's own addresses, the roof's last."""

from django.urls import URLPattern, URLResolver, include, path

_ROOMS = ("circles", "fabric", "incidents", "protection", "exchange", "dossiers")

urlpatterns: list[URLPattern | URLResolver] = [path("", include(f"tejido.{room}.urls")) for room in _ROOMS]

handler400 = "tejido.web.errors.bad_request"
handler403 = "tejido.web.errors.not_allowed"
handler404 = "tejido.web.errors.not_found"
handler500 = "tejido.web.errors.broken"
