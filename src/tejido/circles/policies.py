"""Who may ask for a page: one decorator on every view, and nothing without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from tejido.circles.locked import answer_locked

P = ParamSpec("P")


@dataclass(frozen=True)
class Worker:
    """Whoever is at work in this request: to be passed on as ``by=``."""

    id: UUID
    circle_id: UUID
    circle_name: str = ""
    role: str = "coordinator"
    account: UUID | None = None


class MemberRequest(HttpRequest):
    """A request of a member at work, whose keys are in place."""

    by: Worker


@dataclass(frozen=True)
class Policy:
    """What a view declares: who may ask, and why a door stands open."""

    name: str
    reason: str = ""


class View(Protocol):
    """A view that declared its policy."""

    policy: Policy

    def __call__(self, request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase: ...


def members_only(view: Callable[Concatenate[MemberRequest, P], HttpResponseBase]) -> View:
    """Let in members at work; others are led to the passphrase, and keep what they typed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if getattr(request, "by", None) is None:
            return answer_locked(request)
        return view(cast(MemberRequest, request), *args, **kwargs)

    return _declare(guarded, Policy("members_only"))


def open_door(reason: str) -> Callable[[Callable[Concatenate[HttpRequest, P], HttpResponseBase]], View]:
    """Let in anybody, for a ``reason`` that is written down; such a view has no keys of its own."""
    if not reason.strip():
        raise ValueError("an open door says why it is open")

    def declare(view: Callable[Concatenate[HttpRequest, P], HttpResponseBase]) -> View:
        return _declare(view, Policy("open_door", reason))

    return declare


def views_without_policy(patterns: Iterable[object], below: str = "") -> list[str]:
    """Return the addresses whose view declared no policy; a test keeps this empty."""
    missing = []
    for pattern in patterns:
        place = below + str(getattr(pattern, "pattern", pattern))
        if isinstance(pattern, URLResolver):
            missing += views_without_policy(pattern.url_patterns, place)
        elif isinstance(pattern, URLPattern) and not isinstance(getattr(pattern.callback, "policy", None), Policy):
            missing.append(place)
    return missing


def _declare(view: Callable[..., HttpResponseBase], policy: Policy) -> View:
    declared = cast(View, view)
    if isinstance(getattr(view, "policy", None), Policy):
        raise ValueError("a view declares one policy")
    declared.policy = policy
    return declared


__all__ = [
    "MemberRequest",
    "Policy",
    "View",
    "Worker",
    "members_only",
    "open_door",
    "views_without_policy",
]
