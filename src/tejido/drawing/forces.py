"""A field of forces: who pulls which way and how strongly, on either side of a line.

Those against stand on one side with a striped outline, those in favour on the other, full; whoever has not taken a
side is an open ring on the line. Side and shape say it without colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tejido.drawing.lettering import cut
from tejido.drawing.marks import ring
from tejido.drawing.svg import (
    BRICK,
    CARD,
    MOSS,
    QUIET,
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

#: The heaviest weight that is drawn.
MOST: Final = 3
_ROW, _TOP, _THICK, _POINT = 44.0, 28.0, 12.0, 9.0


@dataclass(frozen=True)
class Force:
    """Somebody who pulls: ``pull`` 1 in favour, -1 against, 0 neither; ``weight`` 1 to 3, 0 when nobody said."""

    label: str
    pull: int
    weight: int = 0
    note: str = ""
    href: str | None = None

    def __post_init__(self) -> None:
        if self.pull not in (-1, 0, 1) or not 0 <= self.weight <= MOST:
            raise ValueError("A force pulls one way or none, with a weight of 0 to 3.")


@dataclass(frozen=True)
class ForceLabels:
    """The words, translated: ``against`` and ``favour`` over the two sides, ``headers`` for who and how."""

    title: str
    against: str
    favour: str
    headers: tuple[str, str]
    description: str = ""


def draw_forces(forces: Sequence[Force], *, labels: ForceLabels) -> Drawing:
    """Return one arrow for each force, in the order given."""
    table = Table(labels.headers, tuple((Cell(one.label, one.href), Cell(one.note)) for one in forces))
    if not forces:
        return Drawing("", table)
    half, bottom = WIDTH / 2, _TOP + _ROW * len(forces)
    body = [
        lettering([cut(labels.against, half - 8)], 2, 15, class_="quiet", fill=QUIET),
        lettering([cut(labels.favour, half - 8)], WIDTH - 2, 15, anchor="end", class_="quiet", fill=QUIET),
        element("path", d=f"M{number(half)} 22V{number(bottom)}", stroke=QUIET, stroke_width=1.2),
        *(_arrow(one, _TOP + _ROW * place) for place, one in enumerate(forces)),
    ]
    return Drawing(document(labels.title, labels.description, bottom + 2, *body), table)


def _arrow(one: Force, top: float) -> Markup:
    half, y = WIDTH / 2, top + 21
    name = lettering([cut(one.label, WIDTH - 16)], half, top + 13, anchor="middle", aria_hidden="true")
    said = f"{one.label}: {one.note}" if one.note else one.label
    if not one.pull:
        return link(one.href, said, name, ring(half, y + _THICK / 2, 7.0, QUIET, broken=True))
    long = one.pull * (WIDTH / 2 - 6) * (one.weight or 1) / MOST
    point = one.pull * _POINT
    path = (
        f"M{number(half)} {number(y)}h{number(long - point)}l{number(point)} {number(_THICK / 2)}"
        f"l{number(-point)} {number(_THICK / 2)}h{number(point - long)}z"
    )
    if one.pull > 0:
        shape = element("path", d=path, fill=MOSS, stroke="none")
    else:
        shape = element("path", d=path, fill=CARD, stroke=BRICK, stroke_width=2.0, stroke_dasharray="4 2")
    return link(one.href, said, shape, name)
