"""Where lists come in and everything goes out."""

from __future__ import annotations

from django.urls import path

from tejido.exchange import leaving_views, views

app_name = "exchange"
urlpatterns = [
    path("import/", views.imports, name="imports"),
    path("import/<uuid:pk>/", views.one_import, name="import"),
    path("import/<uuid:pk>/mapping/", views.mapping, name="mapping"),
    path("import/<uuid:pk>/preview/", views.preview, name="preview"),
    path("import/<uuid:pk>/run/", views.run, name="run"),
    path("import/<uuid:pk>/drop/", views.drop, name="drop"),
    path("import/<uuid:pk>/undo/", views.undo, name="undo"),
    path("export/", leaving_views.export, name="export"),
    path("export/<uuid:pk>/", leaving_views.export_approved, name="export_approved"),
]
