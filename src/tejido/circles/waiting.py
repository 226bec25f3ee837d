"""A waiting time that setting the clock back does not shorten.

It begins at the clock of the machine, or at the newest time the circle's journal knows if that is later. As long as
the machine runs, what counts is the time it has been running, sleep included, which no clock changes. Once it was
started anew only its clock is left to ask: whoever may set the clock forward *and* restart the machine gets past it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from tejido.circles import presence
from tejido.vault.journal import body_of
from tejido.vault.models import JournalEntry

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def wall() -> float:
    """Return the clock of the machine, in seconds since 1970."""
    return time.time()


def running() -> tuple[str, float]:
    """Return which start of the machine this is, empty where that is not told, and the seconds since."""
    try:
        return _BOOT.read_text().strip(), presence._now()
    except OSError:
        return "", 0.0


def mark(circle: UUID) -> dict[str, object]:
    """Return the present moment, as a sealed column keeps it."""
    start, since = running()
    return {"at": max(wall(), newest_known(circle)), "start": start, "running": since}


def seconds_since(kept: Mapping[str, object]) -> float:
    """Return the seconds that have passed since ``mark``; never less than none."""
    start, since = running()
    if start and start == kept.get("start"):
        return max(0.0, since - _number(kept.get("running")))
    return max(0.0, wall() - _number(kept.get("at")))


def newest_known(circle: UUID) -> float:
    """Return the latest time any line of the newest week in the circle's journal tells; 0.0 if there is none."""
    lines = JournalEntry.objects.filter(circle=circle)
    week = lines.order_by("-week").values_list("week", flat=True).first()
    times = [str(body_of(line)["at"]) for line in lines.filter(week=week).iterator()] if week else []
    return max((_seconds(at) for at in times), default=0.0)


def _seconds(at: str) -> float:
    when = datetime.fromisoformat(at)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _number(said: object) -> float:
    return float(said) if isinstance(said, int | float) else float("inf")
