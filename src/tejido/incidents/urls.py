"""Where the pages of incidents are."""

from django.urls import path

from tejido.incidents import following, views

app_name = "incidents"
urlpatterns = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new/", views.record, name="record"),
    path("incidents/drafts/", views.drafts, name="drafts"),
    path("incidents/drafts/<uuid:draft>/discard/", views.discard, name="draft_discard"),
    path("incidents/<uuid:incident>/edit/", views.edit, name="edit"),
    path("incidents/<uuid:incident>/remove/", views.remove, name="remove"),
    path("incidents/<uuid:incident>/link/new/", following.link_new, name="link_new"),
    path("incidents/<uuid:incident>/link/<uuid:link>/remove/", following.unlink, name="link_remove"),
    path("incidents/<uuid:incident>/justice/new/", following.justice_new, name="justice_new"),
    path("incidents/<uuid:incident>/justice/<uuid:step>/remove/", following.justice_remove, name="justice_remove"),
    path("incidents/<uuid:incident>/sources/new/", following.source_new, name="source_new"),
    path("incidents/<uuid:incident>/sources/<uuid:source>/remove/", following.source_remove, name="source_remove"),
]
