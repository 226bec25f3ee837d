"""Where every page is."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tejido.circles.urls")),
]

handler400 = "tejido.web.errors.bad_request"
handler403 = "tejido.web.errors.not_allowed"
handler404 = "tejido.web.errors.not_found"
handler500 = "tejido.web.errors.broken"
