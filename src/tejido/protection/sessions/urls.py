"""Where the pages of sessions are; they stand among those of plans."""

from django.urls import path

from tejido.protection.sessions import kit_views, results_views, step_views, views

_SESSION = "sessions/<uuid:session>/"

urlpatterns = [
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/modules/", views.modules, name="session_modules"),
    path("sessions/modules/<uuid:module>/remove/", views.module_remove, name="session_module_remove"),
    path("fabric/<uuid:actor>/sessions/new/", views.session_new, name="session_new"),
    path(_SESSION, views.session, name="session"),
    path(f"{_SESSION}edit/", views.session_edit, name="session_edit"),
    path(f"{_SESSION}then/", views.session_then, name="session_then"),
    path(f"{_SESSION}finish/", views.session_finish, name="session_finish"),
    path(f"{_SESSION}reopen/", views.session_reopen, name="session_reopen"),
    path(f"{_SESSION}plan/", views.session_plan, name="session_plan"),
    path(f"{_SESSION}results/", results_views.session_results, name="session_results"),
    path(f"{_SESSION}hear/", step_views.take_over, name="session_hear"),
    path(f"{_SESSION}threats/new/", step_views.session_threat, name="session_threat_new"),
    path(f"{_SESSION}threats/<uuid:threat>/", step_views.session_threat, name="session_threat"),
    path(f"{_SESSION}threats/<uuid:threat>/remove/", step_views.session_threat_remove, name="session_threat_remove"),
    path(f"{_SESSION}interests/new/", step_views.session_interest, name="session_interest_new"),
    path(f"{_SESSION}interests/<uuid:row>/", step_views.session_interest, name="session_interest"),
    path(
        f"{_SESSION}interests/<uuid:row>/remove/", step_views.session_interest_remove, name="session_interest_remove"
    ),
    path(f"{_SESSION}papers/<slug:sheet>.pdf", kit_views.session_kit, name="session_kit"),
    path(f"{_SESSION}steps/<slug:step>/", step_views.session_step, name="session_step"),
]
