"""Where the pages of the circle are."""

from django.urls import path

from tejido.circles import approval_views, audit_views, setting_up, views

app_name = "circles"
urlpatterns = [
    path("enter/<str:token>/", views.enter, name="enter"),
    path("setup/", setting_up.setup, name="setup"),
    path("setup/circle/", setting_up.setup_circle, name="setup_circle"),
    path("unlock/", views.unlock_page, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("leave/", views.leave, name="leave"),
    path("left/", views.left, name="left"),
    path("language/", views.language, name="language"),
    path("circle/journal/", audit_views.journal, name="journal"),
    path("circle/journal/mine/", audit_views.my_journal, name="my_journal"),
    path("circle/approvals/", approval_views.approvals, name="approvals"),
    path("circle/approvals/<uuid:pk>/", approval_views.approval, name="approval"),
    path("circle/passphrase/", views.passphrase, name="passphrase"),
]
