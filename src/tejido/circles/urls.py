"""Where the pages of the circle are."""

from django.urls import path

from tejido.circles import (
    approval_views,
    audit_views,
    joining,
    keeping_views,
    member_views,
    sessions_views,
    setting_up,
    views,
    ways_back_views,
)

app_name = "circles"
urlpatterns = [
    path("enter/<str:token>/", views.enter, name="enter"),
    path("setup/", setting_up.setup, name="setup"),
    path("setup/circle/", setting_up.setup_circle, name="setup_circle"),
    path("unlock/", views.unlock_page, name="unlock"),
    path("recover/", ways_back_views.recover, name="recover"),
    path("lock/", views.lock, name="lock"),
    path("leave/", views.leave, name="leave"),
    path("left/", views.left, name="left"),
    path("language/", views.language, name="language"),
    path("circle/journal/", audit_views.journal, name="journal"),
    path("circle/journal/mine/", audit_views.my_journal, name="my_journal"),
    path("circle/keeping/", keeping_views.keeping, name="keeping"),
    path("circle/approvals/", approval_views.approvals, name="approvals"),
    path("circle/approvals/<uuid:pk>/", approval_views.approval, name="approval"),
    path("join/", joining.join, name="join"),
    path("join/account/", joining.join_with_account, name="join_with_account"),
    path("circle/members/", member_views.members, name="members"),
    path("circle/members/invite/", member_views.invite, name="invite"),
    path("circle/members/<uuid:pk>/", member_views.member, name="member"),
    path("circle/members/<uuid:pk>/remove/", member_views.remove, name="remove"),
    path("circle/circles/", member_views.circles, name="circles"),
    path("circle/circles/found/", member_views.found_circle_page, name="found_circle"),
    path("circle/circles/<uuid:pk>/", member_views.go_on_in, name="go_on_in"),
    path("circle/account/", member_views.account, name="account"),
    path("circle/account/recovery/", ways_back_views.recovery_code, name="recovery_code"),
    path("circle/account/sessions/", sessions_views.sessions, name="sessions"),
    path("circle/account/sessions/others/", sessions_views.end_others, name="end_others"),
    path("circle/passphrase/", views.passphrase, name="passphrase"),
]
