"""How many of each: horizontal bars with their numbers printed, the name above each bar."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tejido.drawing.lettering import cut, width_of
from tejido.drawing.svg import (
    INDIGO,
    LINE,
    WIDTH,
    Cell,
    Drawing,
    Markup,
    Table,
    document,
    element,
    lettering,
    link,
    number,
)

_EDGE, _ROW, _THICK = 4.0, 40.0, 11.0


@dataclass(frozen=True)
class BarRow:
    """One bar: a number of 0 or more, and a word on it (a share, a margin) where there is one."""

    label: str
    value: float
    note: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and self.value >= 0):
            raise ValueError("A bar shows a number of 0 or more.")


def _plain(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"


@dataclass(frozen=True)
class BarLabels:
    """The words, translated: ``headers`` for what, how many and note; ``say`` prints a number."""

    title: str
    headers: tuple[str, str, str]
    description: str = ""
    say: Callable[[float], str] = _plain


def draw_bars(rows: Sequence[BarRow], *, labels: BarLabels) -> Drawing:
    """Return one bar for each row, in the order given, all from 0 and on one scale."""
    said = tuple((Cell(r.label, r.href), Cell(labels.say(r.value)), Cell(r.note)) for r in rows)
    table = Table(labels.headers, said)
    if not rows:
        return Drawing("", table)
    most = max(r.value for r in rows) or 1.0
    body = [_row(row, place * _ROW, most, labels) for place, row in enumerate(rows)]
    height = _ROW * len(rows) - 4
    return Drawing(document(labels.title, labels.description, height, *body), table)


def _row(row: BarRow, top: float, most: float, labels: BarLabels) -> Markup:
    value = " · ".join(part for part in (labels.say(row.value), row.note) if part)
    value = cut(value, WIDTH * 0.5)
    room = WIDTH - 2 * _EDGE - width_of(value) - 14
    long = row.value / most * (WIDTH - 2 * _EDGE)
    y = top + 20
    return link(
        row.href,
        f"{row.label}: {value}",
        lettering([cut(row.label, room)], _EDGE, top + 14, aria_hidden="true"),
        lettering([value], WIDTH - _EDGE, top + 14, anchor="end", class_="strong", aria_hidden="true"),
        element("path", d=f"M{number(_EDGE)} {number(y)}h{number(WIDTH - 2 * _EDGE)}v{number(_THICK)}"
                f"h-{number(WIDTH - 2 * _EDGE)}z", fill=LINE, stroke="none"),
        element("path", d=f"M{number(_EDGE)} {number(y)}h{number(long)}v{number(_THICK)}h-{number(long)}z",
                fill=INDIGO, stroke="none"),
    )  # fmt: skip
