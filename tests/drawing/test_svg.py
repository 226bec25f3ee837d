import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.drawing.svg import Cell, Table, clean, document, element, link, number, safe_href, text
from tests.drawing.checking import faults_in

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_and_any_attribute_come_back_as_they_went_in(words: str, name: str) -> None:
    found = ET.fromstring(element("text", text(words), aria_label=name))
    assert (found.text or "") == clean(words)
    assert found.get("aria-label") == clean(name)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "",
        "data:,x",
        " /a",
        "/a\nb",
    ],
)
def test_a_link_that_leaves_the_site_is_refused(href: str) -> None:
    for make in (safe_href, lambda h: Cell("x", h), lambda h: link(h, "x"), lambda h: element("a", href=h)):
        with pytest.raises(ValueError, match="links only"):
            make(href)


@pytest.mark.parametrize("href", ["/", "/actors/9f/?page=2&x=1", "#list"])
def test_a_link_within_the_site_is_kept(href: str) -> None:
    assert ET.fromstring(link(href, "x")).get("href") == href


@pytest.mark.parametrize("name", ["style", "id", "onclick", "onload", "a b", "x>"])
def test_attributes_that_could_do_harm_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="attribute"):
        element("g", **{name: "x"})


@pytest.mark.parametrize("tag", ["script", "style", "foreignObject", "image", "use", "iframe"])
def test_elements_that_could_do_harm_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="element"):
        element(tag)


def test_numbers_have_at_most_one_decimal_and_are_finite() -> None:
    assert [number(value) for value in (1.0, 1.25, -0.01, 12.96, 100)] == ["1", "1.2", "0", "13", "100"]
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match="finite"):
            number(value)


def test_a_row_with_too_few_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        Table(("a", "b"), ((Cell("1"),),))


def test_a_drawing_with_links_is_a_group_and_one_without_is_an_image() -> None:
    assert faults_in(document("t", "", 10, link("/a", "x"))) == []
    assert faults_in(document("t", "d", 10)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<svg><g></svg>",
        '<svg role="img" direction="ltr" viewBox="0 0 1 1"><script/></svg>',
        '<svg role="img" direction="ltr" viewBox="0 0 1 1"><g style="x"/></svg>',
        '<svg role="group" direction="ltr" viewBox="0 0 1 1"><a href="javascript:1" aria-label="x"/></svg>',
        '<svg role="group" direction="ltr" viewBox="0 0 1 1"><a href="/x"/></svg>',
        '<svg role="img" direction="ltr" viewBox="0 0 1 1"><circle r="1.234"/></svg>',
        '<svg role="img" direction="ltr" viewBox="0 0 1 1"><a href="/x" aria-label="x"/></svg>',
    ],
)
def test_the_check_of_drawings_catches_planted_faults(planted: str) -> None:
    assert faults_in(planted)
