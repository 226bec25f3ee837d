"""Puts the keys of whoever is at work in place for one request, and takes them away again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tejido.circles.presence import PRESENCE
from tejido.circles.work_session import at_work
from tejido.vault.journal import one_reading
from tejido.vault.keyring import FILE_KEY, using

_READS = frozenset(["GET", "HEAD"])
Answer = Callable[[HttpRequest], HttpResponseBase]


class AtWork:
    """Sets ``request.by`` (a ``Worker``, or None) and the keyring, for the view and its rendering.

    Nothing else opens a record: a view that is asked for by nobody at work finds no keys at all.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = at_work(request.session) if FILE_KEY.is_open else None
        by, seat = found or (None, None)
        request.by = by  # type: ignore[attr-defined]
        once = one_reading() if request.method in _READS else nullcontext()
        keyring, circle = (seat.keyring, by.circle_id) if seat and by else (None, None)
        with PRESENCE.in_use(seat), using(keyring, circle=circle), once:
            return self.get_response(request)
