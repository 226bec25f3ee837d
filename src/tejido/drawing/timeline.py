"""When it happened: a little square for each incident, or bars with an axis once there are many.

What was done to the group itself is full and stands below; what was done to those tied to it is open, light
and outlined, and stands above. The two differ without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tejido.drawing.lettering import cut, width_of
from tejido.drawing.svg import (
    BRICK,
    LETTERS,
    LINE,
    OCHRE,
    QUIET,
    SAND,
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

#: How many periods may lie between two names; the last one shows the first name alone.
_EVERY = (1, 2, 3, 4, 6, 12, 18, 24, 36, 10**9)

#: Above this many incidents in one bin, squares give way to bars.
MOST_SQUARES = 12
_TOP, _LEFT, _RIGHT = 34.0, 4.0, 4.0


@dataclass(frozen=True)
class Bin:
    """One period: how many incidents struck the group itself (``own``) and those tied to it (``near``)."""

    label: str
    own: int
    near: int = 0
    href: str | None = None

    def __post_init__(self) -> None:
        if self.own < 0 or self.near < 0:
            raise ValueError("A period cannot hold fewer than no incidents.")

    @property
    def total(self) -> int:
        """All incidents of the period."""
        return self.own + self.near


@dataclass(frozen=True)
class TimelineLabels:
    """The words, translated: ``own`` and ``near`` for the legend, ``headers`` for period, own and near.

    Where ``near`` is empty there is one series, and its table has no third column.
    """

    title: str
    own: str
    near: str
    headers: tuple[str, str, str]
    description: str = ""


def draw_timeline(bins: Sequence[Bin], *, labels: TimelineLabels) -> Drawing:
    """Return the timeline of ``bins``, in their order. Every incident of a bin is drawn once."""
    across = 3 if labels.near else 2
    rows = tuple((Cell(b.label, b.href), Cell(str(b.own)), Cell(str(b.near)))[:across] for b in bins)
    table = Table(labels.headers[:across], rows)
    peak = max((b.total for b in bins), default=0)
    if not peak:
        return Drawing("", table)
    frame = _Frame.of(len(bins), peak)
    body = [*_legend(bins, labels), *_grid(frame)]
    for place, found in enumerate(bins):
        if found.total:
            body.append(_column(found, frame.left + place * frame.step, frame, labels))
    body += _axis(bins, frame)
    return Drawing(document(labels.title, labels.description, frame.base + 24, *body), table)


@dataclass(frozen=True)
class _Frame:
    """Measures of one timeline in units: ``unit`` is the height of one incident."""

    left: float
    step: float
    wide: float
    unit: float
    base: float
    peak: int
    squares: bool

    @classmethod
    def of(cls, count: int, peak: int) -> _Frame:
        squares = peak <= MOST_SQUARES
        top = peak if squares else _round_up(peak)
        left = _LEFT if squares else _LEFT + width_of(str(top)) + 6
        step = (WIDTH - left - _RIGHT) / count
        wide = round(min(step * 0.78, 20.0 if squares else 34.0), 1)
        unit = min(max(wide, 8.0), 13.0) if squares else 130.0 / top
        return cls(left, step, wide, unit, round(_TOP + unit * top + 4), top, squares)


def _round_up(peak: int) -> int:
    """Return the next round even number: 2, 4, 6, 8 or 10 times a power of ten."""
    power = 10 ** int(math.log10(peak))
    return next(
        int(n * power) for n in (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10) if n * power >= peak and n * power % 2 == 0
    )


def _legend(bins: Sequence[Bin], labels: TimelineLabels) -> list[Markup]:
    said = [(labels.own, True)] if any(b.own for b in bins) else []
    said += [(labels.near, False)] if any(b.near for b in bins) else []
    # The name of whoever it is about may be long: it gives way to the words after it.
    others = sum(32 + width_of(words) for words, _ in said[1:])
    x, parts = _LEFT + 1, []
    for words, own in [*((cut(words, WIDTH - x - 16 - others), own) for words, own in said[:1]), *said[1:]]:
        parts.append(_ink("M" + f"{number(x)} 5h11v11h-11z", own))
        parts.append(lettering([words], round(x + 16), 15))
        x += 16 + width_of(words) + 16
    return parts


def _ink(path: str, own: bool) -> Markup:
    if own:
        return element("path", d=path, fill=BRICK, stroke="none")
    return element("path", d=path, fill=SAND, stroke=OCHRE, stroke_width=1.2)


def _column(found: Bin, x: float, frame: _Frame, labels: TimelineLabels) -> Markup:
    left = x + (frame.step - frame.wide) / 2
    draw = _squares if frame.squares else _bar
    parts = []
    if found.own:
        parts.append(_ink(draw(left, 0, found.own, frame), True))
    if found.near:
        parts.append(_ink(draw(left, found.own, found.near, frame), False))
    counts = ((labels.own, found.own), (labels.near, found.near))
    name = f"{found.label}: " + ", ".join(f"{words} {count}" for words, count in counts if count)
    return link(found.href, name, *parts)


def _squares(x: float, below: int, count: int, frame: _Frame) -> str:
    tall = frame.unit - 2
    return "".join(
        f"M{number(x)} {number(frame.base - 2 - (below + n + 1) * frame.unit + 1)}"
        f"h{number(frame.wide)}v{number(tall)}h-{number(frame.wide)}z"
        for n in range(count)
    )


def _bar(x: float, below: int, count: int, frame: _Frame) -> str:
    top = frame.base - (below + count) * frame.unit
    wide = number(frame.wide)
    return f"M{number(x)} {number(top)}h{wide}v{number(count * frame.unit)}h-{wide}z"


def _grid(frame: _Frame) -> list[Markup]:
    if frame.squares:
        return []
    parts = []
    for value in (frame.peak // 2, frame.peak):
        y = round(frame.base - value * frame.unit)
        across = f"M{number(frame.left)} {y}H{WIDTH - _RIGHT:.0f}"
        parts.append(element("path", d=across, stroke=LINE, stroke_width=1.0))
        parts.append(lettering([str(value)], round(frame.left - 5), y + 5, anchor="end", class_="quiet", fill=QUIET))
    return parts


def _axis(bins: Sequence[Bin], frame: _Frame) -> list[Markup]:
    """The base line, and as many names of periods as fit, at equal distances from the first."""
    line = f"M{number(frame.left)} {number(frame.base)}H{WIDTH - _RIGHT:.0f}"
    parts = [element("path", d=line, stroke=QUIET, stroke_width=1.2)]
    marked = next(found for every in _EVERY if (found := _names(bins, frame, every)))
    y = round(frame.base + LETTERS + 2)
    for words, x, anchor in marked:
        parts.append(lettering([words], x, y, anchor=anchor))
    return parts


def _names(bins: Sequence[Bin], frame: _Frame, every: int) -> list[tuple[str, int, str]]:
    """Return the name of every ``every``-th period and its place, or nothing if two would touch."""
    found: list[tuple[str, int, str]] = []
    taken = -100.0
    for place in range(0, len(bins), every):
        words = bins[place].label
        half, middle = width_of(words) / 2, frame.left + (place + 0.5) * frame.step
        x = max(middle, half + 1)
        if place and x + half > WIDTH:
            break
        if x - half < taken + 8:
            return []
        found.append((words, round(x), "middle") if x == middle else (words, 1, "start"))
        taken = x + half
    return found
