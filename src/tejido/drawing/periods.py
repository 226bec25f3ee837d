"""Months, quarters, years or longer: the finest periods in which a whole history fits.

A date that is known only as a span (a month, a year, between two days) is counted once, in the period that
holds the middle of the span; this shifts single facts, never their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from tejido.drawing.timeline import Bin

#: Short names of months, and how a quarter is said, by language.
_MONTHS = {
    "es": "ene feb mar abr may jun jul ago sep oct nov dic",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "pt": "jan fev mar abr mai jun jul ago set out nov dez",
}
_QUARTERS = {"es": "T{} {}", "en": "Q{} {}", "fr": "T{} {}", "pt": "T{} {}"}
#: Lengths of a period in months, finest first: month, quarter, year, then 2 to 100 years.
_LENGTHS = (1, 3, 12, 24, 60, 120, 240, 600, 1200, 6000)

Span = tuple[date, date, bool]


def middle_of(first: date, last: date) -> date:
    """Return the day in the middle of a span, the earlier of two."""
    return first + timedelta(days=(last - first).days // 2)


def bins_for(
    spans: Sequence[Span],
    *,
    lang: str,
    at_most: int = 36,
    href: Callable[[date, date], str | None] | None = None,
) -> list[Bin]:
    """Return the bins that hold all ``spans`` (first day, last day, whether done to the group itself).

    Bins follow each other without gaps, at most ``at_most`` of them. ``href`` gives the link of a bin from
    its first and last day; empty bins get none. Languages without month names here are shown as 2025-03.
    """
    facts = [(middle_of(first, last), own) for first, last, own in spans]
    if not facts:
        return []
    first, last = min(day for day, _ in facts), max(day for day, _ in facts)
    length = next((n for n in _LENGTHS if _index(last, n) - _index(first, n) < at_most), _LENGTHS[-1])
    counts = Counter((_index(day, length), own) for day, own in facts)
    found = []
    for index in range(_index(first, length), _index(last, length) + 1):
        own, near = counts[index, True], counts[index, False]
        to = href(*_ends(index, length)) if href and own + near else None
        found.append(Bin(_name(index, length, lang), own, near, to))
    return found


def month_bins(spans: Sequence[Span], *, first: date, last: date, lang: str) -> list[Bin]:
    """Return one bin for each month from ``first`` to ``last``; spans with a middle outside are left out."""
    counts = Counter((_index(middle_of(a, b), 1), own) for a, b, own in spans)
    return [
        Bin(_name(index, 1, lang), counts[index, True], counts[index, False])
        for index in range(_index(first, 1), _index(last, 1) + 1)
    ]


def _index(day: date, length: int) -> int:
    return (day.year * 12 + day.month - 1) // length


def _month(index: int) -> date:
    """Return the first day of a month counted from the year 0, kept within the calendar."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1) if 1 <= year <= 9999 else (date.min if year < 1 else date.max)


def _ends(index: int, length: int) -> tuple[date, date]:
    after = _month((index + 1) * length)
    return _month(index * length), after if after == date.max else after - timedelta(days=1)


def _name(index: int, length: int, lang: str) -> str:
    first, last = _ends(index, length)
    language = lang.split("-")[0].lower()
    if length == 1 and language in _MONTHS:
        return f"{_MONTHS[language].split()[first.month - 1]} {first.year}"
    if length == 1:
        return f"{first.year}-{first.month:02}"
    if length == 3:
        return _QUARTERS.get(language, "{1}-{0}").format((first.month + 2) // 3, first.year)
    return str(first.year) if length == 12 else f"{first.year}–{last.year}"
