from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.drawing.network import Edge, NetworkLabels, Node, ShapeKind, draw_network
from tests.drawing.checking import faults_in, weight_of, words_in
from tests.drawing.test_svg import ANY_TEXT

LABELS = NetworkLabels(
    "How we are woven", ("From", "Tie", "To", "Held"), lambda n: f"{n} more in the table", harmful="does harm"
)
KINDS: st.SearchStrategy[ShapeKind] = st.sampled_from(get_args(ShapeKind))


@st.composite
def networks(draw: st.DrawFn) -> tuple[list[Node], list[Edge]]:
    count = draw(st.integers(0, 32))
    nodes = [
        Node(str(i), draw(ANY_TEXT), draw(KINDS), draw(st.none() | st.just(f"/a/{i}/")), draw(st.floats(0, 9)))
        for i in range(count)
    ]
    ends = st.integers(0, count - 1).map(str)
    tie = st.builds(Edge, ends, ends, ANY_TEXT, st.integers(1, 3), st.booleans(), ANY_TEXT)
    return nodes, draw(st.lists(tie, max_size=40)) if count else []


def star(leaves: int) -> tuple[list[Node], list[Edge]]:
    nodes = [Node("c", "Movimiento de Izquierda Revolucionaria", "collective", "/actors/c/")]
    nodes += [
        Node(f"p{i}", f"Persona número {i} de apellido largo", "person", f"/actors/p{i}/") for i in range(leaves)
    ]
    return nodes, [Edge(node.id, "c", "integrante de") for node in nodes[1:]]


@settings(max_examples=60, deadline=None)
@given(networks())
def test_any_network_is_safe_stable_and_wholly_in_its_table(network: tuple[list[Node], list[Edge]]) -> None:
    nodes, edges = network
    drawing = draw_network(nodes, edges, labels=LABELS, centre="0")
    assert drawing == draw_network(nodes, edges, labels=LABELS, centre="0")
    assert faults_in(drawing.svg) == [] if nodes else drawing.svg == ""
    cells = {cell.text for row in drawing.table.rows for cell in row}
    assert {node.label for node in nodes} <= cells
    alone = len({n.id for n in nodes} - {end for e in edges for end in (e.frm, e.to)})
    assert len(drawing.table.rows) == len(edges) + alone


def test_hostile_names_are_only_text() -> None:
    hostile = "</text><script>alert('1')</script>\"&<"
    drawing = draw_network([Node("a", hostile, "person")], [], labels=LABELS)
    assert faults_in(drawing.svg) == []
    assert "<script" not in drawing.svg
    assert hostile in words_in(drawing.svg)


def test_a_collective_with_270_members_shows_24_and_says_how_many_are_in_the_table() -> None:
    nodes, edges = star(270)
    drawing = draw_network(nodes, edges, labels=LABELS, centre="c")
    assert drawing.svg.count("<a ") == 24
    assert "247 more in the table" in words_in(drawing.svg)
    assert len(drawing.table.rows) == 270
    assert weight_of(drawing.svg) <= 2500


def test_those_tied_strongest_are_kept_and_the_centre_always() -> None:
    nodes = [Node("lone", "Lone", "collective"), *(Node(str(i), f"N{i}", "person") for i in range(6))]
    edges = [Edge("5", "4", "x", 3), Edge("1", "2", "x", 1)]
    words = words_in(draw_network(nodes, edges, labels=LABELS, centre="lone", limit=3).svg)
    assert {"Lone", "N4", "N5"} <= set(words)
    assert "N1" not in words


def test_nearly_every_name_of_a_full_drawing_is_readable() -> None:
    nodes, edges = star(23)
    svg = draw_network(nodes, edges, labels=LABELS, centre="c").svg
    assert svg.count("<text") >= 22


def test_harmful_ties_are_dashed_and_named_in_the_table() -> None:
    nodes = [Node("a", "A", "aggressor"), Node("b", "B", "collective")]
    harmful = draw_network(nodes, [Edge("a", "b", "threatens", 2, True)], labels=LABELS)
    harmless = draw_network(nodes, [Edge("a", "b", "threatens", 2, False)], labels=LABELS)
    assert "stroke-dasharray" in harmful.svg
    assert "stroke-dasharray" not in harmless.svg
    assert harmful.table.rows[0][1].text == "threatens (does harm)"


def test_kinds_differ_in_shape_even_without_colour() -> None:
    colours = ("#2c3f73", "#a9741a", "#4a6a4d", "#6b6258", "#9c2a2a")
    shapes = set()
    for kind in ("collective", "person", "ally", "authority", "aggressor", "unknown"):
        svg = draw_network([Node("a", "A", kind)], [], labels=LABELS).svg
        for colour in colours:
            svg = svg.replace(colour, "grey")
        shapes.add(svg)
    assert len(shapes) == 6


def test_a_tie_to_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="not given"):
        draw_network([Node("a", "A", "person")], [Edge("a", "b", "x")], labels=LABELS)
