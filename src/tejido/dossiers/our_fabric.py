"""*Our fabric*: what is seen of how a collective is woven, what hangs on one person, how far it reaches."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tejido.domain.ties import TieFact
from tejido.dossiers.pictures import network_of
from tejido.dossiers.ways import actor_way, way
from tejido.drawing.network import Edge, Node, ShapeKind
from tejido.drawing.svg import Drawing
from tejido.readings.fabric_strength import OnOne, OurFabric, Way, our_fabric
from tejido.readings.fabric_words import Said
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: How many actors are drawn beside the collective, and how many ties.
MOST_DRAWN = 18
MOST_TIES = 60
_SHAPES: dict[str, ShapeKind] = {
    "person": "person", "armed_group": "aggressor", "institution": "authority", "company": "authority",
    "medium": "authority", "unknown": "unknown",
}  # fmt: skip


@dataclass(frozen=True)
class OurFabricPage:
    """The page: sentences by what they are about, ways to allies, and how exact all this is."""

    name: str
    back: str
    together: tuple[Said, ...]
    on_one: tuple[Said, ...]
    reach: tuple[Said, ...]
    without: tuple[Said, ...]
    decisions: tuple[Said, ...]
    holders: tuple[tuple[str, str], ...]
    ways: tuple[Way, ...]
    ways_total: int
    network: Drawing
    is_empty: bool
    hides_names: bool
    cut: bool
    all_ties: str
    add_tie: str
    what_if: str
    patterns: str


def our_fabric_page(collective: UUID, *, today: date) -> OurFabricPage:
    """Compose the page; ``NotFound`` for whoever is no collective of this circle."""
    found = our_fabric(collective, today=today, lang=page_language(), words=WORDS)
    by_topic = {
        topic: tuple(one for one in found.said if one.topic == topic)
        for topic in ("together", "on_one", "reach", "without", "decisions")
    }
    return OurFabricPage(
        name=found.name,
        back=actor_way(found.collective),
        together=by_topic["together"],
        on_one=by_topic["on_one"],
        reach=by_topic["reach"],
        without=by_topic["without"],
        decisions=by_topic["decisions"],
        holders=tuple((one.name, _listed(one)) for one in found.on_one),
        ways=found.ways,
        ways_total=found.ways_total,
        network=fabric_drawing(found),
        is_empty=not found.near.chosen,
        hides_names=bool(found.naming.unnamed),
        cut=found.cut,
        all_ties=way("dossiers:ties", found.collective),
        add_tie=way("fabric:tie_new", found.collective),
        what_if=way("dossiers:what_if", found.collective),
        patterns=way("dossiers:patterns"),
    )


def _listed(one: OnOne) -> str:
    """Return the contacts of one person as a list, with how many more there are."""
    more, names = len(one.contacts) - len(one.names), ", ".join(one.names)
    return ngettext("{name} and {n} more", "{name} and {n} more", more).format(name=names, n=more) if more else names


def fabric_drawing(found: OurFabric) -> Drawing:
    """Return the collective with those of its members and contacts who have most ties, and the ties among them."""
    me = str(found.collective)
    told = [fact for _, fact in found.near.facts_among(found.naming.names)]
    counts = Counter(end for fact in told for end in (fact.frm, fact.to) if end != me)
    drawn = [one for one, _many in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))][:MOST_DRAWN]
    woven = {end for fact in told if {fact.frm, fact.to} <= {me, *drawn} for end in (fact.frm, fact.to)}
    drawn = [one for one in drawn if one in woven]
    nodes = [Node(me, found.name, "collective", size=2), *(_node(found, one) for one in drawn)]
    shown = {me, *drawn}
    edges = [_edge(fact) for fact in told if fact.frm in shown and fact.to in shown][:MOST_TIES]
    return network_of(nodes, edges, title=_("How {name} is woven").format(name=found.name), centre=me)


def _node(found: OurFabric, actor: str) -> Node:
    kind = found.near.kinds.get(actor, "unknown")
    inside = actor in found.near.insiders
    shape = _SHAPES.get(kind, "collective" if inside else "ally")
    hidden = actor in found.naming.unnamed
    return Node(actor, found.naming[actor], shape, None if hidden else actor_way(UUID(actor)))


def _edge(fact: TieFact) -> Edge:
    return Edge(fact.frm, fact.to, vocabulary("tie_kinds").label(fact.kind, page_language()), fact.strength)
