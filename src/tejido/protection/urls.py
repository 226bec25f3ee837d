"""Where the pages of plans are."""

from django.urls import include, path

from tejido.protection import decision_views, group_decisions, measure_views, part_views, views, whole_views

app_name = "protection"
_PLAN = "plans/<uuid:plan>/"
_THREAT = f"{_PLAN}threats/<uuid:threat>/"
_MEASURE = f"{_PLAN}measures/<uuid:measure>/"

urlpatterns = [
    path("", include("tejido.protection.following.urls")),
    path("", include("tejido.protection.alerts.urls")),
    path("fabric/<uuid:actor>/decisions/", group_decisions.group_decisions, name="group_decisions"),
    path("fabric/<uuid:actor>/decisions/new/", group_decisions.group_decision_new, name="group_decision_new"),
    path(
        "fabric/<uuid:actor>/decisions/<uuid:decision>/withdraw/",
        group_decisions.group_decision_withdraw,
        name="group_decision_withdraw",
    ),
    path("plans/", views.plans, name="plans"),
    path("fabric/<uuid:actor>/plan/new/", views.plan_new, name="plan_new"),
    path(_PLAN, views.plan, name="plan"),
    path(f"{_PLAN}edit/", views.plan_edit, name="plan_edit"),
    path(f"{_PLAN}review/", views.review, name="review"),
    path(f"{_PLAN}close/", views.close, name="close"),
    path(f"{_PLAN}plan.pdf", views.plan_pdf, name="plan_pdf"),
    path(f"{_PLAN}families/<slug:family>/", whole_views.family, name="family"),
    path(f"{_PLAN}gaps/", whole_views.gap, name="gap"),
    path(f"{_PLAN}threats/", whole_views.threats, name="threats"),
    path(f"{_PLAN}threats/new/", part_views.threat_new, name="threat_new"),
    path(_THREAT, part_views.threat_edit, name="threat_edit"),
    path(f"{_THREAT}remove/", part_views.threat_remove, name="threat_remove"),
    path(f"{_PLAN}measures/new/", measure_views.measure_new, name="measure_new"),
    path(_MEASURE, measure_views.measure_edit, name="measure_edit"),
    path(f"{_MEASURE}reason/", measure_views.measure_reason, name="measure_reason"),
    path(f"{_MEASURE}end/", measure_views.measure_end, name="measure_end"),
    path(f"{_PLAN}go-on/", part_views.go_on, name="go_on"),
    path(f"{_MEASURE}remove/", measure_views.measure_remove, name="measure_remove"),
    path(f"{_PLAN}decisions/new/", decision_views.decision_new, name="decision_new"),
    path(f"{_PLAN}decisions/<uuid:decision>/withdraw/", decision_views.decision_withdraw, name="decision_withdraw"),
    path(f"{_PLAN}adopt/", decision_views.adopt, name="adopt"),
    path("", include("tejido.protection.sessions.urls")),
]
