"""From ISO weeks, which rest in clear, to days: enough to reckon with, too coarse to tell the day."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from tejido.domain.dates import iso_week

Span = tuple[date, date]


@lru_cache(maxsize=8192)
def first_day(week: int) -> date:
    """Return the Monday of the week YYYYWW; of a week the calendar has not, the nearest it has."""
    year, number = divmod(week, 100)
    try:
        return date.fromisocalendar(year, number, 1)
    except ValueError:
        return date.min if year < 1 else date(min(year, 9999), 12, 25)


@lru_cache(maxsize=8192)
def last_day(week: int) -> date:
    """Return the Sunday of the week."""
    monday = first_day(week)
    return monday + timedelta(days=min(6, (date.max - monday).days))


@lru_cache(maxsize=8192)
def span_of(week_from: int | None, week_to: int | None) -> Span | None:
    """Return the first and last day of the weeks from one to the other; nothing when they are not known."""
    if week_from is None:
        return None
    return first_day(week_from), max(last_day(week_from), last_day(week_to or week_from))


def held_in(since_week: int | None, until_week: int | None) -> tuple[date | None, date | None]:
    """Return the widest days a tie may have held, an unknown end open."""
    return (
        None if since_week is None else first_day(since_week),
        None if until_week is None else last_day(until_week),
    )


def week_before(week: int, days: int) -> int:
    """Return the week that lies ``days`` before the Monday of ``week``."""
    return week_of(first_day(week).toordinal() - days)


def week_after(week: int, days: int) -> int:
    """Return the week that lies ``days`` after the Sunday of ``week``."""
    return week_of(last_day(week).toordinal() + days)


def week_of(ordinal: int) -> int:
    """Return the week of a day counted from the year 1, held within the calendar."""
    return iso_week(date.fromordinal(min(max(ordinal, 8), date.max.toordinal())))
