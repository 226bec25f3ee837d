"""Where the pages of incidents are."""

from django.urls import path

from tejido.incidents import evidence_views, following, views

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
    path("incidents/<uuid:incident>/evidence/new/", evidence_views.evidence_new, name="evidence_new"),
    path("evidence/<uuid:evidence>/", evidence_views.evidence, name="evidence"),
    path("evidence/<uuid:evidence>/edit/", evidence_views.evidence_edit, name="evidence_edit"),
    path("evidence/<uuid:evidence>/check/", evidence_views.evidence_check, name="evidence_check"),
    path("evidence/<uuid:evidence>/open/", evidence_views.evidence_open, name="evidence_open"),
    path("evidence/<uuid:evidence>/look/", evidence_views.evidence_look, name="evidence_look"),
    path("evidence/<uuid:evidence>/preview/", evidence_views.evidence_preview, name="evidence_preview"),
    path("evidence/<uuid:evidence>/copy/", evidence_views.evidence_copy, name="evidence_copy"),
    path("evidence/<uuid:evidence>/share/", evidence_views.evidence_share, name="evidence_share"),
    path("evidence/approved/<uuid:pk>/", evidence_views.evidence_approved, name="evidence_approved"),
    path("evidence/<uuid:evidence>/destroy/", evidence_views.evidence_destroy, name="evidence_destroy"),
]
