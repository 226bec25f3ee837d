"""How wide a text is, how to cut it, and where a label fits without covering anything.

Widths are estimates (no font is at hand on the server) and err on the wide side.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tejido.drawing.svg import LETTERS, clean

_NARROW = frozenset("iljtfrI.,;:'’|!()[]· ")
_WIDE = frozenset("mwMWQGOD@%—…")
#: The height of one line, in parts of the letters' size.
LEADING = 1.1


@dataclass(frozen=True)
class Box:
    """A rectangle in drawing units, y downward."""

    left: float
    top: float
    right: float
    bottom: float

    def shared(self, other: Box) -> float:
        """Return the area both cover."""
        across = min(self.right, other.right) - max(self.left, other.left)
        if across <= 0:
            return 0.0
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if down > 0 else 0.0

    def area(self) -> float:
        """Return the area of the rectangle."""
        return (self.right - self.left) * (self.bottom - self.top)

    def length_inside(self, x0: float, y0: float, x1: float, y1: float) -> float:
        """Return how much of the segment lies inside (Liang and Barsky, 1984)."""
        dx, dy = x1 - x0, y1 - y0
        enter, leave = 0.0, 1.0
        for step, low, high in ((dx, self.left - x0, self.right - x0), (dy, self.top - y0, self.bottom - y0)):
            if step == 0:
                if low > 0 or high < 0:
                    return 0.0
                continue
            near, far = sorted((low / step, high / step))
            enter, leave = max(enter, near), min(leave, far)
            if enter >= leave:
                return 0.0
        return float((leave - enter) * (dx * dx + dy * dy) ** 0.5)


@dataclass(frozen=True)
class Mark:
    """A shape that wants a label: its middle, its half width and the lines to set beside it."""

    x: float
    y: float
    reach: float
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """Where a label stands: first baseline, anchor, and the room it takes."""

    x: float
    y: float
    anchor: str
    box: Box


Segment = tuple[float, float, float, float]


def width_of(words: str, size: float = LETTERS) -> float:
    """Return the estimated width of ``words`` in units."""
    return sum(_share(letter) for letter in words) * size


def _share(letter: str) -> float:
    if letter in _NARROW:
        return 0.33
    if letter in _WIDE:
        return 0.88
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    return 0.68 if letter.isupper() else 0.57


def cut(words: str, width: float, size: float = LETTERS) -> str:
    """Return ``words``, cut with … so that they fit ``width`` units."""
    words = clean(words)
    if width_of(words, size) <= width:
        return words
    room = width - width_of("…", size)
    kept = 0
    for letter in words:
        room -= _share(letter) * size
        if room < 0:
            break
        kept += 1
    return words[:kept].rstrip(" ,;·(") + "…"


def wrapped(words: str, width: float, lines: int = 2, size: float = LETTERS) -> tuple[str, ...]:
    """Return ``words`` in at most ``lines`` lines of ``width`` units, the last one cut with … if needed."""
    words = clean(words)
    if lines == 1 or width_of(words, size) <= width:
        return (cut(words, width, size),)
    parts = words.split(" ")
    taken = 1
    while taken < len(parts) and width_of(" ".join(parts[: taken + 1]), size) <= width:
        taken += 1
    first, rest = " ".join(parts[:taken]), " ".join(parts[taken:])
    if not rest or width_of(first, size) > width:
        return (cut(words, width, size),)
    return (first, *wrapped(rest, width, lines - 1, size))


def place(
    marks: Sequence[Mark], *, bounds: Box, lines: Sequence[Segment] = (), sparing: bool = False
) -> list[Placed | None]:
    """Return a place for each mark's label, or ``None`` where it would cover another or leave the drawing.

    Marks come in order of importance. Each label tries eight places around its mark; what counts is, in
    this order, leaving the drawing, covering labels, covering marks, crossing ``lines``. A few rounds let
    labels make room for each other. With ``sparing``, a label that would still cover a mark is left out
    too. The result depends on the input alone.
    """
    bodies = [Box(m.x - m.reach, m.y - m.reach, m.x + m.reach, m.y + m.reach) for m in marks]
    choices = [_choices(mark, LETTERS) if mark.lines else [] for mark in marks]
    costs = [
        [_standing_cost(option, bounds, bodies, lines) + 4 * rank for rank, option in enumerate(options)]
        for options in choices
    ]
    chosen: list[int | None] = [None] * len(marks)
    for _ in range(3):
        for index, options in enumerate(choices):
            if options:
                others = [choices[o][c].box for o, c in enumerate(chosen) if c is not None and o != index]
                chosen[index] = _cheapest(options, costs[index], others)
    return _without_collisions(choices, chosen, bounds, bodies if sparing else [])


def _cheapest(options: Sequence[Placed], costs: Sequence[float], others: Sequence[Box]) -> int:
    best, least = 0, float("inf")
    for index, (option, cost) in enumerate(zip(options, costs, strict=True)):
        if cost >= least:
            continue
        total = cost + 3 * _shared_with(option.box, others)
        if total < least:
            best, least = index, total
    return best


def _shared_with(box: Box, others: Sequence[Box]) -> float:
    """Return the area of ``box`` that others cover, each counted by itself; most lie beside it and cost little."""
    left, top, right, bottom = box.left, box.top, box.right, box.bottom
    return sum(
        box.shared(other)
        for other in others
        if other.left < right and other.right > left and other.top < bottom and other.bottom > top
    )


def _without_collisions(
    choices: Sequence[Sequence[Placed]], chosen: Sequence[int | None], bounds: Box, bodies: Sequence[Box]
) -> list[Placed | None]:
    kept: list[Placed | None] = []
    for options, choice in zip(choices, chosen, strict=True):
        option = None if choice is None else options[choice]
        if option is not None:
            room = option.box.area()
            covered = max((option.box.shared(k.box) for k in kept if k is not None), default=0.0)
            hidden = max((option.box.shared(body) / max(body.area(), 1.0) for body in bodies), default=0.0)
            if hidden > 0.25 or covered > 0.08 * room or option.box.shared(bounds) < 0.97 * room:
                option = None
        kept.append(option)
    return kept


def _standing_cost(option: Placed, bounds: Box, bodies: Sequence[Box], lines: Sequence[Segment]) -> float:
    box = option.box
    cost = 20 * (box.area() - box.shared(bounds))
    cost += 3.5 * _shared_with(box, bodies)
    return cost + 1.2 * sum(
        box.length_inside(x0, y0, x1, y1)
        for x0, y0, x1, y1 in lines
        if not (
            (x0 < box.left and x1 < box.left)
            or (x0 > box.right and x1 > box.right)
            or (y0 < box.top and y1 < box.top)
            or (y0 > box.bottom and y1 > box.bottom)
        )
    )


def _choices(mark: Mark, size: float) -> list[Placed]:
    wide = max(width_of(line, size) for line in mark.lines)
    leading = size * LEADING
    tall = leading * len(mark.lines)
    gap, slant = mark.reach + 4, mark.reach * 0.7 + 3
    middle = mark.y - tall / 2
    tops = [
        ("start", mark.x + gap, middle),
        ("end", mark.x - gap, middle),
        ("middle", mark.x, mark.y + gap - 1),
        ("middle", mark.x, mark.y - gap - tall + 2),
        ("start", mark.x + slant, mark.y + slant - 4),
        ("end", mark.x - slant, mark.y + slant - 4),
        ("start", mark.x + slant, mark.y - slant - tall + 4),
        ("end", mark.x - slant, mark.y - slant - tall + 4),
    ]
    if not mark.reach:
        tops.insert(0, ("middle", mark.x, middle))
    return [_placed(anchor, x, top, wide, tall, size) for anchor, x, top in tops]


def _placed(anchor: str, x: float, top: float, wide: float, tall: float, size: float) -> Placed:
    left = {"start": x, "end": x - wide, "middle": x - wide / 2}[anchor]
    return Placed(x, top + size * 0.9, anchor, Box(left, top, left + wide, top + tall))
