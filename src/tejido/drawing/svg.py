"""A tiny SVG builder that cannot say anything unsafe.

Text and attributes are escaped, characters that XML forbids become U+FFFD, and links lead only to paths of
this site. There are no ids, so drawings never clash in a page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import NewType

#: Escaped SVG text, made only by this module.
Markup = NewType("Markup", str)

#: The width of every drawing, in its own units; pages scale it. Narrow, so that phones show legible words.
WIDTH = 400
#: The size of letters for which labels are laid out, in units. Wide screens may shrink it, never enlarge it.
LETTERS = 15

# The colours of the look, said as values because an SVG may be shown without the stylesheet.
INK, QUIET, LINE, CARD = "#2b2621", "#6b6258", "#e3d9ca", "#fffdf9"
BRICK, INDIGO, MOSS, OCHRE, ALARM = "#a3431f", "#2c3f73", "#4a6a4d", "#a9741a", "#9c2a2a"
THREAD, SAND = "#b9ab97", "#f3dfb5"

_TAGS = frozenset({"svg", "g", "a", "title", "desc", "path", "rect", "circle", "line", "text", "tspan"})
_ATTRIBUTE = re.compile(r"(?!on|style$|id$)[a-zA-Z][a-zA-Z-]*\Z")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_UNSAFE_IN_LINK = re.compile(r"[\s\\\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its text and, where it leads somewhere, a path of this site."""

    text: str
    href: str | None = None

    def __post_init__(self) -> None:
        if self.href is not None:
            safe_href(self.href)


@dataclass(frozen=True)
class Table:
    """What the drawing says, in words: as many cells in each row as there are headers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.headers) for row in self.rows):
            raise ValueError("Every row of a table has as many cells as there are headers.")


@dataclass(frozen=True)
class Drawing:
    """An SVG, safe to put into a page as it stands, and its table.

    ``svg`` is empty when there is nothing to draw; the table may still say something.
    """

    svg: str
    table: Table


def safe_href(href: str) -> str:
    """Return ``href`` if it leads to a path or a place of this site; else ``ValueError``."""
    local = href.startswith("#") or (href.startswith("/") and not href.startswith("//"))
    if not local or _UNSAFE_IN_LINK.search(href):
        raise ValueError("A drawing links only to paths that begin with / or #.")
    return href


def clean(words: str) -> str:
    """Return ``words`` on one line, with the characters that XML forbids replaced."""
    return " ".join(_FORBIDDEN.sub("�", words).split())


def text(words: str) -> Markup:
    """Return ``words`` as escaped character data."""
    return Markup(escape(clean(words), quote=False))


def number(value: float) -> str:
    """Return a coordinate with at most one decimal; ``ValueError`` unless finite."""
    if not math.isfinite(value):
        raise ValueError("A coordinate must be a finite number.")
    short = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if short in {"-0", ""} else short


def element(tag: str, /, *children: Markup, **attributes: str | float | None) -> Markup:
    """Return one element; attributes use ``_`` for ``-``, ``class_`` for ``class``, ``None`` for none."""
    if tag not in _TAGS:
        raise ValueError(f"Drawings do not use the element {tag}.")
    said = "".join(_attribute(name, value) for name, value in attributes.items() if value is not None)
    inner = "".join(children)
    return Markup(f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>")


def _attribute(name: str, value: str | float) -> str:
    name = name.rstrip("_").replace("_", "-")
    if not _ATTRIBUTE.match(name):
        raise ValueError(f"Drawings do not use the attribute {name}.")
    words = value if isinstance(value, str) else number(value)
    return f' {name}="{escape(safe_href(words) if name == "href" else clean(words))}"'


def link(href: str | None, name: str, *children: Markup, class_: str | None = None) -> Markup:
    """Return the shapes as a link (without ``href``, as a plain group) named ``name`` for hand and ear.

    The title is the name. An ``aria-label`` beside it would have to hold the lettering inside word for word (WCAG
    2.5.3), and lettering may be cut short.
    """
    name = clean(name) or "…"
    title = element("title", text(name))
    if href is None:
        return element("g", title, *children, class_=class_)
    return element("a", title, *children, href=href, class_=class_)


def lettering(
    lines: Iterable[str],
    x: float,
    y: float,
    *,
    anchor: str = "start",
    class_: str | None = None,
    **more: str | float,
) -> Markup:
    """Return a text of one or more lines whose first baseline is at ``(x, y)``.

    With ``aria_hidden`` where it repeats, perhaps cut short, the name of the link it stands in.
    """
    first, *rest = list(lines)
    spans = [element("tspan", text(line), x=x, dy="1.1em") for line in rest]
    at = None if anchor == "start" else anchor
    return element("text", text(first), *spans, x=x, y=y, text_anchor=at, class_=class_, **more)


def document(title: str, description: str, height: float, *body: Markup) -> str:
    """Return the whole SVG.

    A picture that holds links is a ``group``, not an ``img``: what is inside an ``img`` is hidden from
    those who listen to the page, and they would meet links without a name.
    """
    halo: dict[str, str | float] = {
        "stroke": CARD,
        "stroke_width": 3.0,
        "stroke_linejoin": "round",
        "paint_order": "stroke",
    }
    return element(
        "svg",
        element("title", text(title)),
        element("desc", text(description)) if description else Markup(""),
        element("g", *body, fill=INK, font_size=LETTERS, **halo),
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing",
        viewBox=f"0 0 {WIDTH} {number(math.ceil(height))}",
        role="group" if any("<a " in part for part in body) else "img",
        aria_label=title,
        direction="ltr",
    )
