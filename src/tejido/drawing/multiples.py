"""What was expected and what came, for several at once: one small picture each, over the same stretches of time.

The light band is where the number was expected to be, the dark stroke what was expected most, the dot what came. The
last stretch has not come yet: its band is broken. Each picture has a scale of its own, whose top is printed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tejido.drawing.lettering import cut, width_of
from tejido.drawing.marks import disc
from tejido.drawing.svg import (
    BRICK,
    INDIGO,
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

_LEFT, _RIGHT, _NAME, _TALL, _GAP = 38.0, 6.0, 20.0, 54.0, 16.0


@dataclass(frozen=True)
class Span:
    """One stretch: what was expected, between which numbers, and what was ``seen`` (None: it has not come yet)."""

    label: str
    expected: float
    low: float
    high: float
    seen: int | None = None

    def __post_init__(self) -> None:
        numbers = (self.expected, self.low, self.high, float(self.seen or 0))
        if not all(math.isfinite(one) and one >= 0 for one in numbers):
            raise ValueError("What is expected and what came are numbers of 0 or more.")


@dataclass(frozen=True)
class Panel:
    """One picture: of whom or what, and its stretches, the oldest first."""

    label: str
    spans: tuple[Span, ...]
    href: str | None = None


@dataclass(frozen=True)
class MultiplesLabels:
    """The words, translated. ``headers``: who, when, expected, between, came; ``came`` to ``between``: the legend."""

    title: str
    headers: tuple[str, str, str, str, str]
    came: str
    expected: str
    between: str
    not_yet: str
    description: str = ""


def draw_multiples(panels: Sequence[Panel], *, labels: MultiplesLabels) -> Drawing:
    """Return one small picture for each panel, one below the other; all have the same stretches."""
    table = Table(labels.headers, tuple(_row(panel, span, labels) for panel in panels for span in panel.spans))
    shown = [panel for panel in panels if panel.spans]
    if not shown:
        return Drawing("", table)
    body, top = _legend(labels), 46.0
    for panel in shown:
        body.append(_panel(panel, top, labels))
        top += _NAME + _TALL + _GAP
    first, last = shown[0].spans[0].label, shown[0].spans[-1].label
    body.append(lettering([first], _LEFT, top, class_="quiet", fill=QUIET))
    body.append(lettering([last], WIDTH - _RIGHT, top, anchor="end", class_="quiet", fill=QUIET))
    return Drawing(document(labels.title, labels.description, top + 8, *body), table)


def _row(panel: Panel, span: Span, labels: MultiplesLabels) -> tuple[Cell, ...]:
    came = labels.not_yet if span.seen is None else str(span.seen)
    between = f"{span.low:.0f}–{span.high:.0f}"
    return Cell(panel.label, panel.href), Cell(span.label), Cell(f"{span.expected:.1f}"), Cell(between), Cell(came)


def _legend(labels: MultiplesLabels) -> list[Markup]:
    second = 16 + width_of(labels.came) + 24
    return [
        disc(8, 10, 4.5, BRICK),
        lettering([labels.came], 18, 15),
        _stroke(second, 10, 14),
        lettering([labels.expected], second + 20, 15),
        _band(2, 24, 12, 12, broken=False),
        lettering([cut(labels.between, WIDTH - 24)], 18, 35),
    ]


def _panel(panel: Panel, top: float, labels: MultiplesLabels) -> Markup:
    most = max(max(span.high, span.expected, span.seen or 0) for span in panel.spans)
    peak = max(math.ceil(most), 1)
    base, step = top + _NAME + _TALL, (WIDTH - _LEFT - _RIGHT) / len(panel.spans)
    parts = [
        lettering([cut(panel.label, WIDTH - 8)], 4, top + 13, class_="strong", aria_hidden="true"),
        lettering([str(peak)], _LEFT - 6, top + _NAME + 11, anchor="end", fill=QUIET, aria_hidden="true"),
        lettering(["0"], _LEFT - 6, base + 2, anchor="end", fill=QUIET, aria_hidden="true"),
        element("path", d=f"M{number(_LEFT)} {number(base)}H{number(WIDTH - _RIGHT)}", stroke=QUIET, stroke_width=1.0),
    ]
    for place, span in enumerate(panel.spans):
        parts += _marks(span, _LEFT + place * step, step, base, _TALL / peak)
    return link(panel.href, f"{panel.label}: {_said(panel.spans[-1], labels)}", *parts)


def _said(span: Span, labels: MultiplesLabels) -> str:
    return f"{span.label}, {labels.expected} {span.expected:.1f} ({span.low:.0f}–{span.high:.0f})"


def _marks(span: Span, left: float, step: float, base: float, unit: float) -> list[Markup]:
    wide, x = step * 0.7, left + step * 0.15
    parts = []
    if span.high > 0:
        parts.append(_band(x, base - span.high * unit, wide, (span.high - span.low) * unit, broken=span.seen is None))
    parts.append(_stroke(x, base - span.expected * unit, wide))
    if span.seen is not None:
        parts.append(disc(left + step / 2, base - span.seen * unit, 3.6, BRICK))
    return parts


def _band(x: float, y: float, wide: float, tall: float, *, broken: bool) -> Markup:
    path = f"M{number(x)} {number(y)}h{number(wide)}v{number(max(tall, 1.0))}h-{number(wide)}z"
    dashes = "3 2" if broken else None
    return element(
        "path", d=path, fill="none" if broken else SAND, stroke=OCHRE, stroke_width=1.0, stroke_dasharray=dashes
    )


def _stroke(x: float, y: float, wide: float) -> Markup:
    return element("path", d=f"M{number(x)} {number(y)}h{number(wide)}", stroke=INDIGO, stroke_width=2.4)
