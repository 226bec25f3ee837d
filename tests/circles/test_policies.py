"""Every view declares who may ask for it."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import get_resolver, include, path

from tejido.circles.policies import Policy, members_only, open_door, views_without_policy


def plain(request: HttpRequest) -> HttpResponse:
    """A view somebody forgot to guard."""
    return HttpResponse("open to everybody")


def test_no_page_is_without_a_policy() -> None:
    patterns = get_resolver().url_patterns
    assert views_without_policy(patterns) == []
    assert patterns


def test_a_forgotten_guard_is_seen_however_deep_it_lies() -> None:
    guarded = members_only(plain)
    planted = [path("safe/", guarded), path("deep/", include([path("down/<uuid:pk>/", plain)]))]
    assert views_without_policy(planted) == ["deep/down/<uuid:pk>/"]


def test_an_open_door_says_why() -> None:
    assert open_door("a reason")(lambda request: HttpResponse()).policy == Policy("open_door", "a reason")
    with pytest.raises(ValueError, match="why"):
        open_door(" ")


def test_a_view_has_one_policy() -> None:
    with pytest.raises(ValueError, match="one policy"):
        open_door("as well")(members_only(plain))


def test_members_only_lets_nobody_else_in() -> None:
    answer = members_only(plain)(RequestFactory().get("/somewhere/"))
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 302
    assert b"open to everybody" not in answer.content
