"""The warning as it was last reckoned: kept sealed beside the workspace, reckoned anew in a thread of its own.

Reckoning may take seconds, so that no page does it. A page shows what is kept and says whether something was written
since; whoever asks begins the reckoning. The file holds ids, days and numbers under a key of the circle's; it may be
deleted at any time.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from tejido.circles.warming import in_the_background
from tejido.domain.affectation_weights import LearnedShare
from tejido.domain.errors import DamagedSeal
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.models import Incident
from tejido.readings.model_settings import Chosen
from tejido.readings.settings import chosen_settings
from tejido.readings.stands import stand_of
from tejido.readings.warning import Coming, Kept, Progress, Stretch, Verdict, Warned, day_of_reading, reckon_warning
from tejido.vault.keyring import FILE_KEY, circle_at_work, current
from tejido.vault.seal import padded_size, unwrap, wrap

_SHAPE: Final = 3  # grows when what is kept changes: an older file is reckoned anew
_PURPOSE: Final = "reading/warning"
_READ: Final = (Actor, Tie, Presence, Territory, Incident)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept: ``warned`` (None: nothing to reckon from, or not reckoned yet), whether it is ``fresh``, and how

    far reckoning is (steps done and in all) where it is ``under_way``."""

    warned: Warned | None
    fresh: bool
    under_way: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Held:
    """What is kept. ``passed``: since when the chance of each collective has been at least what the circle chose."""

    mark: str
    warned: Warned | None
    passed: Mapping[str, date]


_held: dict[UUID, _Held] = {}
_under_way: dict[UUID, tuple[int, int]] = {}
#: By circle: when reckoning last ended, and how long it took, in seconds.
_took: dict[UUID, tuple[float, float]] = {}
#: Unasked, reckoning rests so many times as long as it took: in a large notebook it takes a part of a minute, and
#: somebody who writes down incident after incident would have it run all day.
_RESTS: Final = 20.0
_lock = threading.Lock()
_one_at_a_time = threading.Lock()


def _forget() -> None:
    _held.clear()


FILE_KEY.when_dropped(_forget)


def warning_now(today: date, *, asked: bool = True) -> Standing:
    """Return what is kept, at once; where it is not fresh, reckoning begins in a thread of its own.

    Where nobody ``asked`` for the warning itself, it begins only after a rest.
    """
    circle, mark = circle_at_work(), mark_of(today, chosen_settings())
    held = _kept(circle)
    fresh = held is not None and held.mark == mark
    if not fresh and (asked or held is None or _rested(circle)):
        _begin(circle, today)
    return Standing(held.warned if held else None, fresh, _under_way.get(circle))


def last_warning() -> Warned | None:
    """Return the warning as it was last reckoned; None where it was not. No query."""
    held = _kept(circle_at_work())
    return held.warned if held is not None else None


def last_verdict() -> Verdict | None:
    """Return what the gate found when the warning was last reckoned; None where it was not. No query."""
    warned = last_warning()
    return warned.gate if warned is not None else None


def warning_reckoned(today: date, progress: Progress | None = None) -> Warned | None:
    """Return the warning of all that is written by now: what is kept where it is fresh, else reckoned here."""
    circle = circle_at_work()
    with _one_at_a_time:
        chosen = chosen_settings()
        mark = mark_of(today, chosen)
        held = _kept(circle)
        if held is None or held.mark != mark:
            warned = reckon_warning(today, chosen, progress)
            held = _Held(mark, warned, _passed(warned, held))
            _keep(circle, held)
        return held.warned


def passed_since() -> Mapping[str, date]:
    """Return since when the chance of each collective has passed what the circle chose, as last reckoned. No query."""
    held = _kept(circle_at_work())
    return held.passed if held is not None else {}


def _passed(warned: Warned | None, before: _Held | None) -> dict[str, date]:
    """Return those who pass now, since the day from which they have: nobody is told twice of the same.

    Where no earlier reading is at hand it may have been so for as long as is looked ahead.
    """
    if warned is None or warned.is_past:
        return {}
    least, known = chosen_settings().notice, before.passed if before is not None else {}
    new = warned.as_of if before is not None else warned.as_of - timedelta(days=warned.days)
    above = (one.id for one in warned.collectives if one.id and 100 * one.chance >= least)
    return {actor: known.get(actor, new) for actor in above}


def reckon_ahead() -> None:
    """Reckon the warning of the circle at work, if it is not kept already; for a thread of its own."""
    circle = circle_at_work()

    def progress(done: int, total: int) -> None:
        FILE_KEY.get()
        _under_way[circle] = (done, total)

    began = time.monotonic()
    try:
        warning_reckoned(timezone.localdate(), progress)
    finally:
        ended = time.monotonic()
        _took[circle] = (ended, ended - began)
        _under_way.pop(circle, None)


def _rested(circle: UUID) -> bool:
    ended, took = _took.get(circle, (0.0, 0.0))
    return time.monotonic() >= ended + _RESTS * took


def _begin(circle: UUID, today: date) -> None:
    with _lock:
        if circle in _under_way:
            return
        if in_the_background(("tejido.readings.warning_kept.reckon_ahead",), current(), circle=circle):
            _under_way[circle] = (0, 1)


def mark_of(today: date, chosen: Chosen) -> str:
    """Return what a reading hangs on: the last writing to anything it is reckoned from, the day, the settings."""
    written = " ".join(map(str, stand_of(circle_at_work(), *_READ)))
    return f"{_SHAPE} {written} {day_of_reading(today, chosen)} {chosen.reckons_by}"


def _file(circle: UUID) -> Path:
    return Path(settings.WORKSPACE.directory) / f"reading-{circle.hex[:12]}.sealed"


def _kept(circle: UUID) -> _Held | None:
    held = _held.get(circle)
    if held is None:
        held = _opened(circle)
        if held is not None:
            _held[circle] = held
    return held


def _opened(circle: UUID) -> _Held | None:
    """Open the file; one that is not there, of an older shape or damaged counts as none."""
    try:
        sealed = _file(circle).read_bytes()
        found = json.loads(unwrap(current().derived(circle, _PURPOSE), sealed, purpose=_PURPOSE))
        if found["shape"] != _SHAPE:
            return None
        passed = {actor: date.fromisoformat(day) for actor, day in found["passed"].items()}
        return _Held(found["mark"], _warned(found["warned"]), passed)
    except (OSError, DamagedSeal, ValueError, KeyError, TypeError):
        return None


def _keep(circle: UUID, held: _Held) -> None:
    warned = asdict(held.warned) if held.warned else None
    kept = {"shape": _SHAPE, "mark": held.mark, "warned": warned, "passed": dict(held.passed)}
    plain = json.dumps(kept, default=str).encode()
    plain = plain.ljust(padded_size(len(plain)))  # JSON may end in blanks: the length tells little
    FILE_KEY.get()  # nothing is written once the workspace is locked
    file = _file(circle)
    fresh = file.with_suffix(f".{os.getpid()}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(wrap(current().derived(circle, _PURPOSE), plain, purpose=_PURPOSE))
    fresh.replace(file)
    _held[circle] = held


def _warned(found: dict[str, Any] | None) -> Warned | None:
    if found is None:
        return None
    days = {name: date.fromisoformat(found[name]) for name in ("as_of", "today")}
    parts = {
        "parts": _pairs(found["parts"]),
        "collectives": tuple(map(_coming, found["collectives"])),
        "territories": tuple(map(_coming, found["territories"])),
        "gate": _verdict(found["gate"]),
        "calibration": tuple(Kept(**one) for one in found["calibration"]),
    }
    return Warned(**{**found, **days, **parts})


def _verdict(found: dict[str, Any]) -> Verdict:
    shares = tuple(LearnedShare(**one) for one in found["shares"])
    return Verdict(**{**found, "learned": tuple(found["learned"]), "shares": shares})


def _coming(found: dict[str, Any]) -> Coming:
    past = tuple(Stretch(**{**one, "begin": date.fromisoformat(one["begin"])}) for one in found["past"])
    return Coming(**{**found, "parts": _pairs(found["parts"]), "past": past})


def _pairs(found: list[list[object]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(cast("float", part))) for name, part in found)
