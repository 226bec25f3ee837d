"""Notices: that a warning passed what the circle chose, until a member has seen it, and never twice for the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.readings.queries import seen_since
from tejido.readings.warning_kept import last_warning, passed_since


@dataclass(frozen=True, slots=True)
class Notice:
    """The chance of an incident against a collective passes what the circle chose, since a day; as of ``day``."""

    actor: UUID
    chance: float
    since: date
    day: date


def notices() -> tuple[Notice, ...]:
    """Return the notices that nobody has seen, the likeliest first: at most one query, nothing is reckoned."""
    warned, passed = last_warning(), passed_since()
    if warned is None or not passed:
        return ()
    seen = seen_since()
    return tuple(
        Notice(UUID(one.id), one.chance, passed[one.id], warned.as_of)
        for one in sorted(warned.collectives, key=lambda one: -one.chance)
        if one.id in passed and seen.get(one.id, date.min) < passed[one.id]
    )
