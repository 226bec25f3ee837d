"""A wheel of spokes: how far each one reaches, now and at the time before.

The wheel of now is full; the one before is a broken outline with open marks, so that the two differ without colour.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tejido.drawing.lettering import LEADING, wrapped
from tejido.drawing.marks import disc, ring
from tejido.drawing.svg import (
    INDIGO,
    LETTERS,
    LINE,
    OCHRE,
    QUIET,
    WIDTH,
    Cell,
    Drawing,
    Markup,
    Table,
    document,
    element,
    lettering,
    number,
)

#: How many rings a wheel has; the shape says no more than this order.
RINGS: Final = 5
_REACH, _MIDDLE, _GAP, _ROOM = 92.0, 160.0, 13.0, 92.0


@dataclass(frozen=True)
class WheelSpoke:
    """A spoke, how far it reaches now and how far before: 1 to 5, or nothing where it was left open."""

    label: str
    now: int | None = None
    before: int | None = None

    def __post_init__(self) -> None:
        if any(step is not None and not 1 <= step <= RINGS for step in (self.now, self.before)):
            raise ValueError("A spoke reaches to one of five rings.")


@dataclass(frozen=True)
class WheelLabels:
    """The words, translated: ``now`` and ``before`` for the legend, ``headers`` for spoke, now and before."""

    title: str
    now: str
    before: str
    headers: tuple[str, str, str]
    description: str = ""


def draw_wheel(spokes: Sequence[WheelSpoke], *, labels: WheelLabels) -> Drawing:
    """Return the wheel of ``spokes``, the first at the top and the others clockwise."""
    before = any(spoke.before for spoke in spokes)
    headers = labels.headers if before else labels.headers[:2]
    rows = tuple(
        (Cell(spoke.label), Cell(_said(spoke.now)), *((Cell(_said(spoke.before)),) if before else ()))
        for spoke in spokes
    )
    table = Table(headers, rows)
    if not any(spoke.now or spoke.before for spoke in spokes):
        return Drawing("", table)
    body = [*_frame(spokes), *_shape(spokes, before=True), *_shape(spokes, before=False)]
    height = 2 * _MIDDLE
    if before:
        body += _legend(labels, height)
        height += 26
    return Drawing(document(labels.title, labels.description, height, *body), table)


def _said(step: int | None) -> str:
    return "—" if step is None else str(step)


def _at(place: int, of: int, reach: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / of
    return WIDTH / 2 + reach * math.sin(angle), _MIDDLE - reach * math.cos(angle)


def _frame(spokes: Sequence[WheelSpoke]) -> list[Markup]:
    """The rings, the spokes, and their names around."""
    many = len(spokes)
    parts = [
        element(
            "circle", cx=WIDTH / 2, cy=_MIDDLE, r=_REACH * step / RINGS, fill="none", stroke=LINE, stroke_width=1.2
        )
        for step in range(1, RINGS + 1)
    ]
    for place, spoke in enumerate(spokes):
        x, y = _at(place, many, _REACH)
        line = f"M{number(WIDTH / 2)} {number(_MIDDLE)}L{number(x)} {number(y)}"
        broken = "3 3" if spoke.now is None else None
        parts.append(element("path", d=line, stroke=QUIET, stroke_width=1.0, stroke_dasharray=broken))
        parts.append(_name(spoke.label, place, many))
    return parts


def _name(label: str, place: int, many: int) -> Markup:
    x, y = _at(place, many, _REACH + _GAP)
    side = x - WIDTH / 2
    upright = abs(side) < 8
    anchor = "middle" if upright else "start" if side > 0 else "end"
    lines = wrapped(label, 2 * _ROOM if upright else _room(x, side), 2 if upright else 3)
    tall = len(lines) * LETTERS * LEADING
    top = y + LETTERS * 0.35 - (tall - LETTERS * LEADING) / 2
    if upright:
        top = y - tall + LETTERS if y < _MIDDLE else y + LETTERS * 0.6
    return lettering(lines, round(x), round(top), anchor=anchor)


def _room(x: float, side: float) -> float:
    return (WIDTH - x if side > 0 else x) - 2


def _shape(spokes: Sequence[WheelSpoke], *, before: bool) -> list[Markup]:
    """The outline over the spokes that reach somewhere, and a mark on each."""
    many = len(spokes)
    steps = [(place, spoke.before if before else spoke.now) for place, spoke in enumerate(spokes)]
    points = [_at(place, many, _REACH * step / RINGS) for place, step in steps if step is not None]
    if not points:
        return []
    path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "z"
    if before:
        outline = element(
            "path", d=path, fill="none", stroke=OCHRE, stroke_width=1.6, stroke_dasharray="5 4", paint_order="normal"
        )
        return [outline, *(ring(x, y, 4.0, OCHRE) for x, y in points)]
    filled = element(
        "path", d=path, fill=INDIGO, fill_opacity=0.16, stroke=INDIGO, stroke_width=2.0, paint_order="normal"
    )
    return [filled, *(disc(x, y, 4.0, INDIGO) for x, y in points)]


def _legend(labels: WheelLabels, top: float) -> list[Markup]:
    y = top + 8
    half = WIDTH / 2
    return [
        disc(12, y, 5.0, INDIGO),
        lettering(wrapped(labels.now, half - 30, 1), 24, round(y + 5)),
        ring(half + 8, y, 5.0, OCHRE),
        lettering(wrapped(labels.before, half - 30, 1), round(half + 20), round(y + 5)),
    ]
