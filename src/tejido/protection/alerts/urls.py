"""Where the pages of calls to others are."""

from django.urls import path

from tejido.protection.alerts import telling_views, views

_ALERTS = "fabric/<uuid:actor>/alerts/"
_ALERT = f"{_ALERTS}<uuid:alert>/"

urlpatterns = [
    path(_ALERTS, views.alerts, name="alerts"),
    path(f"{_ALERTS}new/", views.alert_new, name="alert_new"),
    path(_ALERT, views.alert, name="alert"),
    path(f"{_ALERT}edit/", views.alert_edit, name="alert_edit"),
    path(f"{_ALERT}begin/", views.alert_begin, name="alert_begin"),
    path(f"{_ALERT}second/", views.alert_second, name="alert_second"),
    path(f"{_ALERT}remove/", views.alert_remove, name="alert_remove"),
    path(f"{_ALERT}alert.pdf", views.alert_paper, name="alert_paper"),
    path(f"{_ALERT}add/", telling_views.alert_add, name="alert_add"),
    path(f"{_ALERT}end/", telling_views.alert_end, name="alert_end"),
    path(f"{_ALERT}calls/<uuid:call>/", telling_views.alert_tell, name="alert_tell"),
]
