"""Where the pages of the fabric are."""

from __future__ import annotations

from django.urls import path

from tejido.fabric import territory_views, views, weaving_views

app_name = "fabric"

urlpatterns = [
    path("fabric/", views.actors, name="actors"),
    path("fabric/new/", views.actor_new, name="actor_new"),
    path("fabric/<uuid:actor>/edit/", views.actor_edit, name="actor_edit"),
    path("fabric/<uuid:actor>/remove/", views.actor_remove, name="actor_remove"),
    path("fabric/<uuid:actor>/presence/new/", weaving_views.presence_new, name="presence_new"),
    path("fabric/<uuid:actor>/consent/new/", weaving_views.consent_new, name="consent_new"),
    path("fabric/<uuid:actor>/ties/new/", weaving_views.tie_new, name="tie_new"),
    path("fabric/ties/new/", weaving_views.tie_new, name="tie_new"),
    path("fabric/ties/<uuid:tie>/edit/", weaving_views.tie_edit, name="tie_edit"),
    path("fabric/ties/<uuid:tie>/end/", weaving_views.tie_end, name="tie_end"),
    path("fabric/ties/<uuid:tie>/remove/", weaving_views.tie_remove, name="tie_remove"),
    path("fabric/consents/<uuid:consent>/withdraw/", weaving_views.consent_withdraw, name="consent_withdraw"),
    path("territories/", views.territories, name="territories"),
    path("territories/new/", territory_views.territory_new, name="territory_new"),
    path("territories/<uuid:territory>/edit/", territory_views.territory_edit, name="territory_edit"),
    path("territories/<uuid:territory>/remove/", territory_views.territory_remove, name="territory_remove"),
    path("territories/<uuid:territory>/assets/new/", territory_views.asset_new, name="asset_new"),
]
