"""Imprecise dates: when something happened, as precisely as people know it and no more.

A date is a day, a month, a year or a range of days, and may be "about". It is kept as text in the Extended
Date/Time Format of the Library of Congress (ISO 8601-2, level 1), prints in every language of the pages, and
compares honestly: two dates that may be the same are not put before or after one another by a rule.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from tejido.domain import date_reading, date_words
from tejido.domain.date_words import Precision, Span
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

__all__ = ["ImpreciseDate", "Precision", "iso_week", "parse"]

_DAMAGED = N_("This is not a date in the form 1973-09-11, 1973-09, 1973 or 1973-09-11/1973-09-14.")

#: By how many days "about" may be off on either side, per precision. Assumed, not measured: a week around a
#: day, a month around a month, a year around a year; for a range, a week.
ABOUT_DAYS: dict[str, int] = {"day": 7, "month": 31, "year": 366, "range": 7}


@dataclass(frozen=True, slots=True, order=True)
class ImpreciseDate:
    """A stretch of days, both ends included, with how precisely it is known.

    Sorts by beginning, then end (the more precise first), so that lists have one order. Raises ``BadInput``
    when the ends contradict each other or the precision.
    """

    start: date
    end: date
    precision: Precision
    about: bool = False

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise BadInput(date_reading.REVERSED)
        start, end = self.start, self.end
        fits = {
            "day": start == end,
            "month": (start.day == 1 and end == date_words.last_day(start.year, start.month)),
            "year": (start, end) == (date(start.year, 1, 1), date(start.year, 12, 31)),
            "range": start < end,
        }
        if not fits.get(self.precision, False):
            raise BadInput(date_reading.NOT_A_DATE)

    @classmethod
    def day(cls, day: date, *, about: bool = False) -> Self:
        """Return one day."""
        plain = date(day.year, day.month, day.day)
        return cls(plain, plain, "day", about)

    @classmethod
    def month(cls, year: int, month: int, *, about: bool = False) -> Self:
        """Return a whole month; ``BadInput`` when the calendar has none such."""
        try:
            return cls(date(year, month, 1), date_words.last_day(year, month), "month", about)
        except ValueError as wrong:
            raise BadInput(date_reading.NO_SUCH_DAY) from wrong

    @classmethod
    def year(cls, year: int, *, about: bool = False) -> Self:
        """Return a whole year (1 to 9999)."""
        try:
            return cls(date(year, 1, 1), date(year, 12, 31), "year", about)
        except ValueError as wrong:
            raise BadInput(date_reading.NO_SUCH_DAY) from wrong

    @classmethod
    def between(cls, first: date | ImpreciseDate, last: date | ImpreciseDate, *, about: bool = False) -> Self:
        """Return the range from the beginning of ``first`` to the end of ``last``; a day if it is only one.

        It is about when either end is. Raises ``BadInput`` when the two are reversed.
        """
        begin = first if isinstance(first, ImpreciseDate) else ImpreciseDate.day(first)
        until = last if isinstance(last, ImpreciseDate) else ImpreciseDate.day(last)
        if begin.start > until.start or begin.end > until.end:
            raise BadInput(date_reading.REVERSED)
        precision: Precision = "day" if begin.start == until.end else "range"
        return cls(begin.start, until.end, precision, about or begin.about or until.about)

    @classmethod
    def parse(cls, text: str, *, today: date, lang: str = "en") -> Self:
        """Read what people type: ``hacia octubre``, ``11/09/1973`` (day first), ``3-9 May 2024``, ``ayer``.

        A date without a year is the most recent one begun by ``today``. ``lang`` is the language of the page;
        the words of the other languages are understood as well. Raises ``BadInput`` with a sentence that
        helps, also when the date lies wholly after ``today``.
        """
        return cls(*date_reading.read(text, today=today))

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what ``encode`` wrote; ``BadInput`` for anything else."""
        about = "~" in text
        ends = [end.removesuffix("~") for end in text.split("/")]
        if len(ends) > 2 or not all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", end, re.ASCII) for end in ends):
            raise BadInput(_DAMAGED)
        first, last = cls._decode_one(ends[0]), cls._decode_one(ends[-1])
        if len(ends) == 1:
            return cls(first.start, first.end, first.precision, about)
        return cls.between(first, last, about=about)

    @classmethod
    def _decode_one(cls, text: str) -> Self:
        numbers = [int(part) for part in text.split("-")]
        try:
            if len(numbers) == 3:
                return cls.day(date(*numbers))
        except ValueError as wrong:
            raise BadInput(date_reading.NO_SUCH_DAY) from wrong
        return cls.year(numbers[0]) if len(numbers) == 1 else cls.month(numbers[0], numbers[1])

    def encode(self) -> str:
        """Return the date in EDTF: ``1973-09-11``, ``1973-09~``, ``1973-09-11/1973-09-14``.

        An approximate range carries the sign on both ends, as EDTF qualifies each end on its own.
        """
        mark = "~" if self.about else ""
        length = {"day": 10, "month": 7, "year": 4, "range": 10}[self.precision]
        first = self.start.isoformat()[:length] + mark
        return f"{first}/{self.end.isoformat()}{mark}" if self.precision == "range" else first

    def words(self, lang: str) -> str:
        """Return the date in whole words of ``lang`` (en, es, fr, pt); ``parse`` reads it back exactly."""
        return date_words.print_in_full(self._span, lang)

    def short(self, lang: str) -> str:
        """Return the date for a narrow column of ``lang``; ``parse`` reads it back exactly."""
        return date_words.print_short(self._span, lang)

    @property
    def _span(self) -> Span:
        return Span(self.start, self.end, self.precision, self.about)

    def weeks(self) -> tuple[int, int]:
        """Return the ISO weeks of beginning and end as numbers YYYYWW."""
        return iso_week(self.start), iso_week(self.end)

    @property
    def earliest(self) -> date:
        """The earliest day it may have been, with the slack of "about"."""
        return _shifted(self.start, -ABOUT_DAYS[self.precision]) if self.about else self.start

    @property
    def latest(self) -> date:
        """The latest day it may have been, with the slack of "about"."""
        return _shifted(self.end, ABOUT_DAYS[self.precision]) if self.about else self.end

    def days_between(self, other: ImpreciseDate) -> tuple[int, int]:
        """Return the fewest and the most days that may lie between the two, whichever came first."""
        apart = (other.earliest - self.latest).days, (self.earliest - other.latest).days
        farthest = (other.latest - self.earliest).days, (self.latest - other.earliest).days
        return max(0, *apart), max(farthest)

    def certainly_before(self, other: ImpreciseDate) -> bool:
        """Say whether this was over before the other can have begun."""
        return self.latest < other.earliest

    def may_overlap(self, other: ImpreciseDate) -> bool:
        """Say whether both may have been on the same day."""
        return not self.certainly_before(other) and not other.certainly_before(self)


def parse(text: str, *, today: date, lang: str = "en") -> ImpreciseDate:
    """Read what people type; see ``ImpreciseDate.parse``."""
    return ImpreciseDate.parse(text, today=today, lang=lang)


def iso_week(day: date) -> int:
    """Return the ISO week of ``day`` as the number YYYYWW, such as 202647."""
    year, week, _ = day.isocalendar()
    return year * 100 + week


def _shifted(day: date, days: int) -> date:
    """Return the day ``days`` later, held within the calendar."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))
