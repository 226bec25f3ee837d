"""*The whole fabric*: which of the circle's collectives hang together, and what hangs on one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.dossiers.pages import Named
from tejido.dossiers.pictures import network_of, no_drawing
from tejido.dossiers.ways import actor_way, way
from tejido.drawing.network import Edge, Node
from tejido.drawing.svg import Drawing
from tejido.fabric.kinds import PEOPLE
from tejido.readings.fabric_words import Said
from tejido.readings.frames import frames
from tejido.readings.whole_fabric import Holds, Spoken, Whole, called_in, whole_fabric_of_circle
from tejido.readings.whole_words import say_groups, say_people, say_whole
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

MOST_TIES = 80


@dataclass(frozen=True)
class HoldsLine:
    """Who holds, or between whom the tie is; how many collectives would be apart, and what parts would be left."""

    ends: tuple[Named, ...]
    apart: int
    sides: str


@dataclass(frozen=True)
class PartLine:
    """Collectives that hang together: how many, some of them, and how many more."""

    many: int
    some: tuple[Named, ...]
    more: int


@dataclass(frozen=True)
class WholeFabricPage:
    """The page: sentences, parts, what hangs on one, and a drawing with its table."""

    collectives: int
    said: tuple[Said, ...]
    people_said: Said
    groups_said: Said
    people: tuple[HoldsLine, ...]
    groups: tuple[HoldsLine, ...]
    bridges: tuple[HoldsLine, ...]
    parts: tuple[PartLine, ...]
    parts_total: int
    network: Drawing
    hides_names: bool
    add: str
    patterns: str


def whole_fabric_page(*, today: date) -> WholeFabricPage:
    """Compose the page."""
    whole = whole_fabric_of_circle(today=today)
    names = called_in(whole, WORDS)
    return WholeFabricPage(
        collectives=whole.collectives,
        said=say_whole(whole, WORDS),
        people_said=say_people(whole, WORDS),
        groups_said=say_groups(whole, WORDS),
        people=_lines(whole.people, names),
        groups=_lines(whole.groups, names),
        bridges=_lines(whole.bridges, names),
        parts=tuple(
            PartLine(one.many, tuple(_named(each, names) for each in one.some), one.many - len(one.some))
            for one in whole.parts
        ),
        parts_total=whole.parts_total,
        network=_drawing(whole, names),
        hides_names=bool(names.unnamed),
        add=way("fabric:actor_new"),
        patterns=way("dossiers:patterns"),
    )


def _lines(found: Sequence[Holds], names: Spoken) -> tuple[HoldsLine, ...]:
    return tuple(
        HoldsLine(tuple(_named(end, names) for end in one.ends), one.apart, " + ".join(map(str, one.sides)))
        for one in found
        if all(end in names.names for end in one.ends)
    )


def _named(actor: str, names: Spoken) -> Named:
    return Named(names.names.get(actor, ""), "" if actor in names.unnamed else actor_way(UUID(actor)))


def _drawing(whole: Whole, names: Spoken) -> Drawing:
    kinds = frames().kinds
    drawn = [one for one in whole.drawn if one in names.names]
    if not whole.ties or not drawn:
        return no_drawing()
    lang, label = page_language(), vocabulary("tie_kinds").label
    nodes = [
        Node(
            one, names.names[one], "person" if kinds.get(one) in PEOPLE else "collective",
            _named(one, names).href or None,
        )
        for one in drawn
    ]  # fmt: skip
    shown = set(drawn)
    edges = [
        Edge(fact.frm, fact.to, label(fact.kind, lang), fact.strength)
        for fact in whole.ties
        if fact.frm in shown and fact.to in shown
    ]
    return network_of(nodes, edges[:MOST_TIES], title=_("How our collectives hang together"), centre=drawn[0])
