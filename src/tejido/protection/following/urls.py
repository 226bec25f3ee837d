"""Where the pages of following up are."""

from django.urls import path

from tejido.protection.following import review_views, views

_GROUP = "fabric/<uuid:actor>/together/"
_PLAN = "plans/<uuid:plan>/"

urlpatterns = [
    path("plans/late/", review_views.late, name="late"),
    path(_GROUP, views.together, name="together"),
    path(f"{_GROUP}card.pdf", review_views.card, name="card"),
    path(f"{_GROUP}calendar.ics", review_views.calendar, name="calendar"),
    path(f"{_GROUP}<slug:shelf>/", views.one_shelf, name="shelf"),
    path(f"{_GROUP}<slug:shelf>/new/", views.keep_new, name="keep_new"),
    path(f"{_GROUP}<slug:shelf>/<uuid:record>/", views.keep, name="keep"),
    path(f"{_GROUP}<slug:shelf>/<uuid:record>/remove/", views.keep_remove, name="keep_remove"),
    path(f"{_PLAN}poster.pdf", review_views.poster, name="poster"),
    path(f"{_PLAN}reviews/", review_views.reviews, name="reviews"),
    path(f"{_PLAN}reviews/new/", review_views.review_hold, name="review_hold"),
    path(f"{_PLAN}measures/<uuid:measure>/seen/", review_views.sign_new, name="sign_new"),
]
