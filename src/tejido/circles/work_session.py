"""A session at work: opened with the keys of a circle, used, and closed."""

from __future__ import annotations

from typing import TypedDict, cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from tejido.circles.models import Circle, Member
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE, Seat
from tejido.circles.warming import warm_up
from tejido.domain.errors import TejidoError, WorkspaceLocked
from tejido.vault.keyring import Keyring, using
from tejido.vault.sessions import SessionStore, keys_for_session

#: Seconds between two notes inside the session of when it was last used.
_NOTE_EVERY = 60.0


class _Kept(TypedDict):
    """What a session at work holds, sealed."""

    keys: dict[str, dict[str, str]]
    member: str
    circle: str
    seen: float


def open_session(request: HttpRequest, *, member: Member, keyring: Keyring) -> Worker:
    """Begin a session of ``member`` under a new cookie, and forget those of earlier processes."""
    SessionStore.clear_expired()
    session, before = request.session, request.session.session_key
    session.flush()
    kept = _Kept(
        keys=keys_for_session(keyring), member=member.pk.hex, circle=member.circle_id.hex, seen=PRESENCE.clock()
    )
    session["work"] = kept
    session.create()
    seat = PRESENCE.seat(session.session_key or "", kept["keys"], seen=kept["seen"])
    if seat is None:
        raise WorkspaceLocked
    PRESENCE.go(before)
    warm_up(seat.keyring)
    return _worker(kept, seat)


def close_session(request: HttpRequest) -> None:
    """End the session: its row, its keys and, when it was the last one, the key of the file."""
    key = request.session.session_key
    request.session.flush()
    PRESENCE.go(key)


def at_work(session: SessionBase) -> tuple[Worker, Seat] | None:
    """Return who works in this session, with the seat that holds the keys; None for everybody else.

    A session not used for ``IDLE_MINUTES`` is ended here and works no more.
    """
    kept = cast("_Kept | None", session.get("work"))
    key = session.session_key
    if kept is None or key is None:
        return None
    now = PRESENCE.clock()
    if now - max(kept["seen"], PRESENCE.last_seen(key)) > settings.IDLE_MINUTES * 60:
        session.flush()
        PRESENCE.go(key)
        return None
    seat = PRESENCE.seat(key, kept["keys"], seen=now)
    if seat is None:
        session.flush()
        return None
    seat.seen = now
    if now - kept["seen"] >= _NOTE_EVERY:
        session["work"] = {**kept, "seen": now}
    return _worker(kept, seat), seat


def _worker(kept: _Kept, seat: Seat) -> Worker:
    circle = UUID(kept["circle"])
    if seat.circle_name is None:
        seat.circle_name = _circle_name(circle, seat.keyring)
    return Worker(UUID(kept["member"]), circle, seat.circle_name)


def _circle_name(circle: UUID, keyring: Keyring) -> str:
    try:
        with using(keyring):
            return str(Circle.objects.get(pk=circle).name)
    except (Circle.DoesNotExist, TejidoError):
        return ""
