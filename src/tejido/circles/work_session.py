"""A session at work: opened with the keys of a circle, used, and closed."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from tejido.circles.models import Circle, Member
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE, Seat, Standing
from tejido.circles.rules import rules_of
from tejido.circles.second_factor import has_second_factor
from tejido.circles.standings import demand_standing
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
    began: float
    seen: float


def open_session(request: HttpRequest, *, member: Member, keyring: Keyring) -> Worker:
    """Begin a session of ``member`` under a new cookie, and forget those of earlier processes."""
    SessionStore.clear_expired()
    session, before = request.session, request.session.session_key
    session.flush()
    now = PRESENCE.clock()
    kept = _Kept(
        keys=keys_for_session(keyring), member=member.pk.hex, circle=member.circle_id.hex, began=now, seen=now
    )
    session["work"] = kept
    session.create()
    seat = PRESENCE.seat(session.session_key or "", kept["keys"], seen=kept["seen"])
    worker = _worker(kept, seat) if seat is not None else None
    if seat is None or worker is None:
        raise WorkspaceLocked
    seat.since, seat.browser = timezone.now(), request.headers.get("User-Agent", "")[:400]
    PRESENCE.go(before)
    warm_up(seat.keyring, circle=member.circle_id)
    return worker


def work_in(session: SessionBase, member: Member) -> None:
    """Go on in another circle of the same account."""
    kept = cast(_Kept, session["work"])
    session["work"] = {**kept, "member": member.pk.hex, "circle": member.circle_id.hex}
    seat = PRESENCE.seat(session.session_key or "", kept["keys"], seen=kept["seen"])
    if seat is not None:
        seat.standing = None
        warm_up(seat.keyring, circle=member.circle_id)


def close_session(request: HttpRequest) -> None:
    """End the session: its row, its keys and, when it was the last one, the key of the file."""
    key = request.session.session_key
    request.session.flush()
    PRESENCE.go(key)


def at_work(session: SessionBase) -> tuple[Worker, Seat] | None:
    """Return who works in this session, with the seat that holds the keys; None for everybody else.

    A session not used for ``IDLE_MINUTES``, or older than ``SESSION_HOURS``, is ended here and works no more.
    """
    kept = cast("_Kept | None", session.get("work"))
    key = session.session_key
    if kept is None or key is None:
        return None
    now = PRESENCE.clock()
    idle, old = now - max(kept["seen"], PRESENCE.last_seen(key)), now - kept["began"]
    if idle > settings.IDLE_MINUTES * 60 or old > settings.SESSION_HOURS * 3600:
        session.flush()
        PRESENCE.go(key)
        return None
    seat = PRESENCE.seat(key, kept["keys"], seen=now)
    worker = _worker(kept, seat) if seat is not None else None
    if seat is None or worker is None:
        session.flush()
        PRESENCE.go(key)
        return None
    seat.seen = now
    if now - kept["seen"] >= _NOTE_EVERY:
        session["work"] = {**kept, "seen": now}
    return worker, seat


_HOW_THEY_STAND = """
SELECT role, status, revision, (SELECT MAX(epoch) FROM circles_epochkey WHERE circle_id = circles_member.circle_id),
(SELECT MAX(number) FROM circles_standingline WHERE circle_id = circles_member.circle_id)
FROM circles_member WHERE id = %s
"""


def _worker(kept: _Kept, seat: Seat) -> Worker | None:
    """Return who works here, as they stand now: asked at each request, since another process may have let them go.

    None for somebody who is no longer a member, where the circle began an epoch whose key this session lacks, and
    where the record says something else than was signed, or what was signed before: whoever comes back is told.
    """
    circle, member = UUID(kept["circle"]), UUID(kept["member"])
    with connection.cursor() as cursor:
        cursor.execute(_HOW_THEY_STAND, [member.hex if connection.vendor == "sqlite" else member])
        found = cursor.fetchone()
    if found is None or found[1] != "active" or found[3] not in seat.keyring.exported().get(circle, {}):
        return None
    role, _status, revision, _epoch, lines = found
    number, before = lines or 0, seat.standing
    if before is None or (before.revision, before.number) != (revision, number):
        seat.standing = _standing(circle, member, seat.keyring, revision, number)
    if seat.standing is None or seat.standing.role != role or (before is not None and before.number > number):
        return None
    return Worker(
        member,
        circle,
        seat.standing.circle_name,
        role=role,
        account=seat.keyring.account,
        until=seat.standing.until,
        second_due=_second_due(seat),
    )


def _second_due(seat: Seat) -> date | None:
    """Return from when a second factor is asked for that whoever works here lacks: asked anew at each request."""
    due = seat.standing.second_from if seat.standing else None
    return due if due is not None and not has_second_factor(seat.keyring.account) else None


def _standing(circle: UUID, member: UUID, keyring: Keyring, revision: int, number: int) -> Standing | None:
    """Return how somebody stands, as was signed; None where it was not, or does not open."""
    try:
        with using(keyring):
            name, record = str(Circle.objects.get(pk=circle).name), Member.objects.get(pk=member)
            demand_standing(record)
            return Standing(revision, number, name, record.role, record.until, rules_of(circle).second_from)
    except (Circle.DoesNotExist, Member.DoesNotExist, TejidoError):
        return None
