"""Single values out of a row: keys, texts, details, places and points."""

from __future__ import annotations

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.mapping import Labelled, PlaceRule
from tejido.exchange.templates import Cells, Template
from tejido.exchange.told import Values

_NO_POINT = N_("“{latitude}, {longitude}” is not a latitude and longitude in degrees.")


def normal(key: str) -> str:
    """Return a key in one form: blanks and capitals make no other key."""
    return " ".join(key.casefold().split())


def text_of(template: Template | None, cells: Cells) -> str:
    """Return the text of a template; empty when there is none."""
    return (template.of(cells) or "") if template is not None else ""


def details_of(labelled: Labelled, cells: Cells) -> dict[str, str]:
    """Return the details that a row has, by their labels."""
    return {
        label: text
        for label, template, condition in labelled
        if (condition is None or condition.holds(cells)) and (text := template.of(cells)) is not None
    }


def place_of(rule: PlaceRule, cells: Cells) -> Values | None:
    """Return a place of the incident, if the row has anything of it."""
    if rule.condition is not None and not rule.condition.holds(cells):
        return None
    words = text_of(rule.words, cells)
    kind = text_of(rule.kind, cells)
    point = point_of(rule.point, cells) if rule.point is not None else None
    if not (words or kind or point):
        return None
    precision = (text_of(rule.precision, cells) if point else "") or "unknown"
    return {"kind": kind, "precision": precision, "words": words, "point": list(point) if point else []}


def point_of(templates: tuple[Template, Template], cells: Cells) -> tuple[float, float] | None:
    """Return latitude and longitude; ``None`` when either is missing."""
    first, second = templates[0].of(cells), templates[1].of(cells)
    if first is None or second is None:
        return None
    try:
        latitude, longitude = float(first.replace(",", ".")), float(second.replace(",", "."))
    except ValueError:
        latitude = longitude = 999.0
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput(_NO_POINT, latitude=first[:40], longitude=second[:40])
    return latitude, longitude
