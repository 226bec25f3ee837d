"""Who may ask for a page: one decorator on every view, and nothing without one.

``@may("write")`` names what the page is for; which roles may is said once, in ``domain.roles``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, cast
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from tejido.circles.locked import answer_locked
from tejido.circles.refused import answer_refused, answer_without_second
from tejido.domain.roles import CAPABILITIES, Capability
from tejido.vault.permits import lacks_second_factor, under_policy, verdict_on

P = ParamSpec("P")


@dataclass(frozen=True)
class Worker:
    """Whoever is at work in this request: to be passed on as ``by=``. Without a role they may nothing.

    ``second_due`` is the day from which their circle asks for a second factor, where they have none.
    """

    id: UUID
    circle_id: UUID
    circle_name: str = ""
    role: str = ""
    account: UUID | None = None
    until: date | None = None
    second_due: date | None = None


class MemberRequest(HttpRequest):
    """A request of a member at work, whose keys are in place."""

    by: Worker


@dataclass(frozen=True)
class Policy:
    """What a view declares: who may ask, what for, and why a door stands open.

    ``without_second`` where it is open as well to somebody who lacks the second factor that their circle asks for.
    """

    name: str
    reason: str = ""
    capability: str = ""
    without_second: bool = False


class View(Protocol):
    """A view that declared its policy."""

    policy: Policy

    def __call__(self, request: HttpRequest, /, *args: object, **kwargs: object) -> HttpResponseBase: ...


def may(
    capability: Capability, *, without_second: bool = False
) -> Callable[[Callable[Concatenate[MemberRequest, P], HttpResponseBase]], View]:
    """Let in members at work whose role allows ``capability``.

    Others at work are told why not and whom to ask; whoever is not at work is led to the passphrase, and keeps what
    they typed. Under ``read`` and ``read journal`` nothing of the circle's is written. Whoever lacks the second factor
    that their circle asks for is led to set one up, unless the page is for them ``without_second`` too.
    """
    if capability not in CAPABILITIES:
        raise ValueError(f"{capability!r} is not a capability")

    def declare(view: Callable[Concatenate[MemberRequest, P], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            by = getattr(request, "by", None)
            if by is None:
                return answer_locked(request)
            if lacks_second_factor(by) and not without_second:
                return answer_without_second(request)
            verdict = verdict_on(by, capability)
            if not verdict.allowed:
                return answer_refused(request, verdict)
            with under_policy(capability):
                return view(cast(MemberRequest, request), *args, **kwargs)

        return _declare(guarded, Policy("members_only", capability=capability, without_second=without_second))

    return declare


def members_only(view: Callable[Concatenate[MemberRequest, P], HttpResponseBase]) -> View:
    """Let in whoever may read: ``@may("read")``."""
    return may("read")(view)


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
    "may",
    "members_only",
    "open_door",
    "views_without_policy",
]
