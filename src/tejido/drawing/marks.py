"""The shapes that stand for kinds: told apart by form and fill first, by colour second."""

from __future__ import annotations

from tejido.drawing.svg import ALARM, BRICK, CARD, INDIGO, MOSS, OCHRE, QUIET, Markup, element


def disc(x: float, y: float, r: float, fill: str) -> Markup:
    """A full circle."""
    return element("circle", cx=x, cy=y, r=r, fill=fill)


def ring(x: float, y: float, r: float, stroke: str, *, broken: bool = False) -> Markup:
    """An open circle, broken when what it stands for is not known."""
    broad = max(2.0, r * 0.42)
    return element(
        "circle", cx=x, cy=y, r=r - broad / 2, fill=CARD, stroke=stroke, stroke_width=broad,
        stroke_dasharray="3 2" if broken else None,
    )  # fmt: skip


def square(x: float, y: float, r: float, fill: str) -> Markup:
    """A full square."""
    return element("rect", x=x - r, y=y - r, width=2 * r, height=2 * r, fill=fill)


def diamond(x: float, y: float, r: float, fill: str) -> Markup:
    """A full square on its corner."""
    reach = round(r * 1.25)
    path = f"M{x:.0f} {y - reach:.0f}l{reach} {reach}l-{reach} {reach}l-{reach}-{reach}z"
    return element("path", d=path, fill=fill)


def triangle(x: float, y: float, r: float, fill: str) -> Markup:
    """A full triangle, point up."""
    half, tall = round(r * 1.15), round(r * 2.1)
    return element("path", d=f"M{x:.0f} {y - r * 1.2:.0f}l{half} {tall}h-{2 * half}z", fill=fill)


def actor_mark(kind: str, x: float, y: float, r: float) -> Markup:
    """Return the shape of a kind of actor: disc, ring, diamond, square, triangle or broken ring."""
    match kind:
        case "collective":
            return disc(x, y, r, INDIGO)
        case "person":
            return ring(x, y, r, OCHRE)
        case "ally":
            return diamond(x, y, r, MOSS)
        case "authority":
            return square(x, y, r, QUIET)
        case "aggressor":
            return triangle(x, y, r, ALARM)
        case _:
            return ring(x, y, r, QUIET, broken=True)


def place_mark(kind: str, x: float, y: float, r: float) -> Markup:
    """Return the shape of a kind of place: disc (incident), square (territory) or triangle (aggressor)."""
    match kind:
        case "territory":
            return square(x, y, r * 0.88, MOSS)
        case "aggressor":
            return triangle(x, y, r, ALARM)
        case _:
            return disc(x, y, r, BRICK)
