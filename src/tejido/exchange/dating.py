"""Dates out of columns: day, month and year columns, a beginning and an end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.mapping import WhenRule
from tejido.exchange.templates import Cells, Template

_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T][\d:.]+)?", re.ASCII)
_BAD_DATE = N_("“{text}” could not be read as a date.")
_LONG = 60


class Dates:
    """Reads dates; ``reversed`` is told when an end lies before its beginning, and only the beginning is kept."""

    def __init__(self, today: date, reversed_: Callable[[], None]) -> None:
        self._today, self._reversed = today, reversed_
        self._known: dict[tuple[str, str], ImpreciseDate] = {}

    def of(self, rule: WhenRule | None, cells: Cells) -> ImpreciseDate | None:
        """Return the date that ``rule`` finds in a row, if any."""
        if rule is None:
            return None
        first, last = self._first(rule.start, cells), self._first(rule.end, cells)
        if first is None:
            first, last = (last if rule.end_alone else None), None
        if first is None:
            return None
        about = rule.about is not None and rule.about.holds(cells)
        if last is None or last == first:
            found = first
        elif last.end < first.start:
            self._reversed()
            found = first
        else:
            found = ImpreciseDate.between(first.start, last.end)
        return ImpreciseDate(found.start, found.end, found.precision, True) if about else found

    def _first(self, rules: tuple[tuple[str, Template], ...], cells: Cells) -> ImpreciseDate | None:
        for kind, template in rules:
            text = template.of(cells)
            if text is not None:
                known = self._known.get((kind, text))
                if known is None:
                    known = self._read(kind, text)
                    if len(self._known) < 100_000:
                        self._known[kind, text] = known
                return known
        return None

    def _read(self, kind: str, text: str) -> ImpreciseDate:
        try:
            found = self._day_or_text(text)
            if kind == "month":
                return ImpreciseDate.month(found.start.year, found.start.month)
            if kind == "year":
                return ImpreciseDate.year(found.start.year)
            return found
        except BadInput:
            raise BadInput(_BAD_DATE, text=text[:_LONG]) from None

    def _day_or_text(self, text: str) -> ImpreciseDate:
        iso = _ISO_DAY.fullmatch(text)
        if iso:
            try:
                return ImpreciseDate.day(date(int(iso[1]), int(iso[2]), int(iso[3])))
            except ValueError:
                raise BadInput(_BAD_DATE, text=text) from None
        return ImpreciseDate.parse(text, today=self._today)
