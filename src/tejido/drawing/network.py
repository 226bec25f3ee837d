"""Who is tied to whom: a small network with readable names, and the table of its ties.

Only the nodes tied strongest are drawn when there are many; the table always holds all of them, and the
drawing says in words how many it leaves out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tejido.drawing.layout import Point, arrange
from tejido.drawing.lettering import Box, Mark, Placed, place, wrapped
from tejido.drawing.marks import actor_mark
from tejido.drawing.svg import (
    ALARM,
    LETTERS,
    QUIET,
    THREAD,
    WIDTH,
    Cell,
    Drawing,
    Markup,
    Table,
    clean,
    document,
    element,
    lettering,
    link,
)

ShapeKind = Literal["collective", "person", "ally", "authority", "aggressor", "unknown"]

_REACH = {"collective": 10.0, "person": 7.0, "ally": 8.0, "authority": 8.0, "aggressor": 9.0, "unknown": 7.0}
_THREADS = {1: 1.2, 2: 2.2, 3: 3.6}


@dataclass(frozen=True)
class Node:
    """One actor. ``size`` (1 is usual, up to 5) makes its shape larger."""

    id: str
    label: str
    shape_kind: ShapeKind
    href: str | None = None
    size: float = 1.0


@dataclass(frozen=True)
class Edge:
    """One tie: ``label`` says it in words, ``weight`` is 1 to 3, ``held`` says from and until when."""

    frm: str
    to: str
    label: str
    weight: int = 1
    harmful: bool = False
    held: str = ""


@dataclass(frozen=True)
class NetworkLabels:
    """The words of the drawing, translated.

    ``headers`` name the columns: from, tie, to, held. ``alone`` stands in the tie column of a node without
    ties, ``harmful`` follows the label of a harmful tie in the table (its line is dashed), ``kinds`` names
    the shapes, ``not_drawn`` says how many nodes stand in the table only.
    """

    title: str
    headers: tuple[str, str, str, str]
    not_drawn: Callable[[int], str]
    description: str = ""
    alone: str = "—"
    harmful: str = ""
    kinds: Mapping[ShapeKind, str] = field(default_factory=dict)


def draw_network(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    *,
    labels: NetworkLabels,
    centre: str | None = None,
    limit: int = 24,
) -> Drawing:
    """Return the network of ``nodes`` and ``edges``, with ``centre`` emphasised and never left out.

    At most ``limit`` nodes are drawn. An edge to a node that is not given is a ``ValueError``. The same input
    gives the same drawing.
    """
    known = {node.id: node for node in nodes}
    if any(end not in known for edge in edges for end in (edge.frm, edge.to)):
        raise ValueError("A tie leads to a node that was not given.")
    drawn = _strongest(list(known.values()), edges, centre, limit)
    table = _table(known, edges, labels)
    return Drawing(_svg(drawn, edges, labels, centre, len(known) - len(drawn)) if drawn else "", table)


def _strongest(nodes: Sequence[Node], edges: Sequence[Edge], centre: str | None, limit: int) -> list[Node]:
    pull: dict[str, float] = defaultdict(float)
    for edge in edges:
        beside_centre = 4.0 if centre in (edge.frm, edge.to) else 1.0
        for end in (edge.frm, edge.to):
            pull[end] += edge.weight * beside_centre
    ranked = sorted(
        enumerate(nodes), key=lambda pair: (pair[1].id != centre, -pull[pair[1].id] - pair[1].size, pair[0])
    )
    return [node for _, node in ranked[: max(limit, 1)]]


def _table(known: Mapping[str, Node], edges: Sequence[Edge], labels: NetworkLabels) -> Table:
    def cell(node: Node) -> Cell:
        return Cell(_named(node, labels), node.href)

    rows = [(cell(known[edge.frm]), Cell(_tie(edge, labels)), cell(known[edge.to]), Cell(edge.held)) for edge in edges]
    tied = {end for edge in edges for end in (edge.frm, edge.to)}
    rows += [(cell(n), Cell(labels.alone), Cell(""), Cell("")) for n in known.values() if n.id not in tied]
    return Table(labels.headers, tuple(rows))


def _named(node: Node, labels: NetworkLabels) -> str:
    kind = labels.kinds.get(node.shape_kind)
    return f"{node.label} ({kind})" if kind else node.label


def _tie(edge: Edge, labels: NetworkLabels) -> str:
    return f"{edge.label} ({labels.harmful})" if edge.harmful and labels.harmful else edge.label


def _reach(node: Node, centre: str | None) -> float:
    larger = 0.85 + 0.15 * min(max(node.size, 1.0), 5.0)
    return round(_REACH[node.shape_kind] * larger * (1.5 if node.id == centre else 1.0))


def _svg(drawn: Sequence[Node], edges: Sequence[Edge], labels: NetworkLabels, centre: str | None, left: int) -> str:
    shown = {node.id for node in drawn}
    ties = [edge for edge in edges if edge.frm in shown and edge.to in shown and edge.frm != edge.to]
    tall = _height(len(drawn))
    at = arrange([n.id for n in drawn], [(e.frm, e.to, e.weight) for e in ties], WIDTH, tall, centre)
    marks = [_mark(node, at[node.id], centre, len(drawn)) for node in drawn]
    lines = [(*at[e.frm], *at[e.to]) for e in ties]
    places = place(marks, bounds=Box(6, 2, WIDTH - 6, tall - 2), lines=lines)
    shapes = [_shape(n, m, p, labels, n.id == centre) for n, m, p in zip(drawn, marks, places, strict=True)]
    said = labels.not_drawn(left) if left else ""
    if said:
        shapes.append(_aside(said, tall))
    return document(
        labels.title,
        " ".join(part for part in (labels.description, said) if part),
        tall + (22 if said else 0),
        *_threads(ties, at),
        *shapes,
    )


def _height(count: int) -> float:
    return float(min(150 + 20 * count, 520)) if count > 1 else 90.0


def _mark(node: Node, at: Point, centre: str | None, count: int) -> Mark:
    roomy = count <= 18 or node.id == centre
    return Mark(*at, _reach(node, centre), wrapped(node.label, 118 if roomy else 116, 2 if roomy else 1))


def _threads(ties: Sequence[Edge], at: Mapping[str, Point]) -> list[Markup]:
    """One path for all lines that look alike: the smallest page."""
    alike: dict[tuple[bool, int], list[str]] = defaultdict(list)
    for edge in ties:
        (x0, y0), (x1, y1) = at[edge.frm], at[edge.to]
        alike[edge.harmful, min(max(edge.weight, 1), 3)].append(f"M{x0:.0f} {y0:.0f}L{x1:.0f} {y1:.0f}")
    return [
        element(
            "path", d="".join(dict.fromkeys(lines)), fill="none", stroke=ALARM if harmful else THREAD,
            stroke_width=_THREADS[weight], stroke_dasharray="6 5" if harmful else None,
        )
        for (harmful, weight), lines in sorted(alike.items())
    ]  # fmt: skip


def _shape(node: Node, mark: Mark, placed: Placed | None, labels: NetworkLabels, central: bool) -> Markup:
    shape = actor_mark(node.shape_kind, mark.x, mark.y, mark.reach)
    name = clean(_named(node, labels))
    if placed is None:
        return link(node.href, name, shape)
    words = lettering(
        mark.lines,
        round(placed.x),
        round(placed.y),
        anchor=placed.anchor,
        class_="strong" if central else None,
        aria_hidden="true",
    )
    return link(node.href, name, shape, words)


def _aside(said: str, tall: float) -> Markup:
    return lettering([said], WIDTH / 2, tall + LETTERS, anchor="middle", class_="quiet", fill=QUIET)
