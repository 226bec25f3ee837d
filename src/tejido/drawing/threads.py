"""How several things moved over the same few times, each in a small frame of its own; nothing is summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tejido.drawing.lettering import cut, wrapped
from tejido.drawing.marks import disc
from tejido.drawing.svg import (
    INDIGO,
    LINE,
    QUIET,
    Cell,
    Drawing,
    Markup,
    Table,
    document,
    element,
    lettering,
    number,
)

STEPS: Final = 5
_WIDE, _TALL, _GAP, _TOP, _LINE = 186.0, 84.0, 28.0, 26.0, 10.0


@dataclass(frozen=True)
class Thread:
    """One thing and its step (1 to 5) at each time; nothing where it was not spoken of."""

    label: str
    steps: tuple[int | None, ...]

    def __post_init__(self) -> None:
        if any(step is not None and not 1 <= step <= STEPS for step in self.steps):
            raise ValueError("A thread has one of five steps at a time.")


@dataclass(frozen=True)
class ThreadLabels:
    """The words, translated: ``times`` names each time, the oldest first, ``thing`` heads the first column."""

    title: str
    thing: str
    times: tuple[str, ...]
    description: str = ""


def draw_threads(threads: Sequence[Thread], *, labels: ThreadLabels) -> Drawing:
    """Return a small frame for each thread, two beside each other, all over the same times."""
    rows = tuple(
        (Cell(thread.label), *(Cell("—" if step is None else str(step)) for step in thread.steps))
        for thread in threads
    )
    table = Table((labels.thing, *labels.times), rows)
    if not any(step for thread in threads for step in thread.steps):
        return Drawing("", table)
    body = [part for place, thread in enumerate(threads) for part in _frame(thread, place)]
    height = ((len(threads) + 1) // 2) * _TALL + 20
    body += _ends(labels.times, height - 6)
    return Drawing(document(labels.title, labels.description, height, *body), table)


def _frame(thread: Thread, place: int) -> list[Markup]:
    left = (place % 2) * (_WIDE + _GAP)
    top = (place // 2) * _TALL
    grid = "".join(f"M{number(left)} {number(_y(top, step))}h{number(_WIDE)}" for step in (1, STEPS))
    parts = [
        lettering(wrapped(thread.label, _WIDE, 1), round(left), round(top + 15)),
        element("path", d=grid, stroke=LINE, stroke_width=1.2),
    ]
    points = [
        (_x(left, at, len(thread.steps)), _y(top, step)) for at, step in enumerate(thread.steps) if step is not None
    ]
    if len(points) > 1:
        line = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        parts.append(element("path", d=line, fill="none", stroke=INDIGO, stroke_width=2.0, paint_order="normal"))
    return [*parts, *(disc(x, y, 4.0, INDIGO) for x, y in points)]


def _x(left: float, at: int, many: int) -> float:
    return left + 6 + (_WIDE - 12) * (at / (many - 1) if many > 1 else 0.0)


def _y(top: float, step: int) -> float:
    return top + _TOP + (STEPS - step) * _LINE


def _ends(times: Sequence[str], y: float) -> list[Markup]:
    """The first and the last time, under each column."""
    half = _WIDE / 2 - 6
    parts = []
    for left in (0.0, _WIDE + _GAP):
        if times:
            parts.append(lettering([cut(times[0], half)], round(left), round(y), class_="quiet", fill=QUIET))
        if len(times) > 1:
            last = cut(times[-1], half)
            parts.append(lettering([last], round(left + _WIDE), round(y), anchor="end", class_="quiet", fill=QUIET))
    return parts
