"""The warning as of an earlier day: what would have been said then, by what is written down today.

Held in memory only, for each circle the day asked for last; reckoned in a thread of its own, as that of today is.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from django.utils import timezone

from tejido.circles.warming import in_the_background
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.readings.settings import chosen_settings
from tejido.readings.warning import Progress, Warned, reckon_warning
from tejido.readings.warning_kept import Standing, mark_of
from tejido.vault.keyring import FILE_KEY, circle_at_work, current

_NO_DAY: Final = N_("This is not a day that can be looked from. Nothing was reckoned; write it like 2026-01-31.")
_TO_COME: Final = N_("That day has not come yet. Nothing was reckoned; choose today or an earlier day.")

_held: dict[UUID, tuple[str, Warned | None]] = {}
_asked: dict[UUID, date] = {}
_under_way: dict[UUID, tuple[int, int]] = {}
_lock = threading.Lock()
_one_at_a_time = threading.Lock()
FILE_KEY.when_dropped(_held.clear)
FILE_KEY.when_dropped(_asked.clear)


def day_asked(typed: str, *, today: date) -> date | None:
    """Return the day to look from as it was typed; None for today or nothing. ``BadInput`` says what is wrong."""
    if not typed.strip():
        return None
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise BadInput(_NO_DAY) from None
    if day > today:
        raise BadInput(_TO_COME)
    return None if day == today else day


def warning_then(today: date, as_of: date) -> Standing:
    """Return the warning as of an earlier day where it is held; else reckoning begins in a thread of its own."""
    circle = circle_at_work()
    held = _held.get(circle)
    fresh = held is not None and held[0] == mark_of(today, replace(chosen_settings(), as_of=as_of))
    if not fresh:
        with _lock:
            _asked[circle] = as_of
            if circle not in _under_way and in_the_background(_RECKON, current(), circle=circle):
                _under_way[circle] = (0, 1)
    return Standing(held[1] if held is not None and fresh else None, fresh, _under_way.get(circle))


def warning_reckoned_then(today: date, as_of: date, progress: Progress | None = None) -> Warned | None:
    """Return the warning as of an earlier day, reckoned here unless it is held."""
    circle, chosen = circle_at_work(), replace(chosen_settings(), as_of=as_of)
    with _one_at_a_time:
        mark = mark_of(today, chosen)
        held = _held.get(circle)
        if held is None or held[0] != mark:
            held = (mark, reckon_warning(today, chosen, progress))
            FILE_KEY.get()  # nothing is held once the workspace is locked
            _held[circle] = held
        return held[1]


_RECKON: Final = ("tejido.readings.warning_past.reckon_asked",)


def reckon_asked() -> None:
    """Reckon what was asked for last in the circle at work; for a thread of its own."""
    circle = circle_at_work()

    def progress(done: int, total: int) -> None:
        FILE_KEY.get()
        _under_way[circle] = (done, total)

    try:
        as_of = _asked.get(circle)
        if as_of is not None:
            warning_reckoned_then(timezone.localdate(), as_of, progress)
    finally:
        _under_way.pop(circle, None)
