"""Where a write is allowed or refused: beside the journal, so that no way to write forgets to ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from tejido.domain.roles import Refused, Verdict, allows_writing, is_due, may, needed_for

_declared: ContextVar[str | None] = ContextVar("tejido_declared_policy", default=None)


class UndeclaredWrite(RuntimeError):
    """A page or command that declared that it only looks tried to write: a fault of ours, not of whoever asked."""


@contextmanager
def under_policy(capability: str) -> Iterator[None]:
    """Hold the block to what its page or command declared."""
    token = _declared.set(capability)
    try:
        yield
    finally:
        _declared.reset(token)


def verdict_on(by: object, capability: str, *, today: date | None = None) -> Verdict:
    """Say whether ``by`` may do what ``capability`` names, as they stand today.

    How they stand is read off ``role``, ``status``, ``until`` (the last day of a guest) and ``second_due`` (from when
    the circle asks for a second factor that they lack); without a role they may nothing.
    """
    return may(
        str(getattr(by, "role", "")),
        capability,
        status=str(getattr(by, "status", "active")),
        until=getattr(by, "until", None),
        today=today or datetime.now(UTC).date(),
        second_due=getattr(by, "second_due", None),
    )


def lacks_second_factor(by: object, *, today: date | None = None) -> bool:
    """Say whether ``by`` may come in only as far as setting up the second factor that their circle asks for."""
    return is_due(getattr(by, "second_due", None), today or datetime.now(UTC).date())


def demand(by: object, capability: str) -> None:
    """Raise ``Refused``, with its reason, unless ``by`` may."""
    verdict = verdict_on(by, capability)
    if not verdict.allowed:
        raise Refused(verdict)


def permit_writing(by: object, action: str) -> None:
    """Raise ``Refused`` unless ``by`` may write ``action``; ``UndeclaredWrite`` if the page said it only looks."""
    declared = _declared.get()
    if declared is not None and not allows_writing(declared, action):
        raise UndeclaredWrite(f"{action} was written under the policy {declared!r}: say may({needed_for(action)!r})")
    needed = needed_for(action)
    if needed:
        demand(by, needed)
