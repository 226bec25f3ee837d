"""The ties of an actor as a page tells them: each from its own side, with a drawing of those nearest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from tejido.domain.ties import TieFact
from tejido.dossiers.lines import named_actor
from tejido.dossiers.pages import TieLine
from tejido.dossiers.pictures import network_of
from tejido.dossiers.ways import actor_way, way
from tejido.drawing.network import Edge, Node, ShapeKind
from tejido.drawing.svg import Drawing
from tejido.fabric.models import Actor, Tie
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

HARMFUL = frozenset(["threatens", "controls", "has_interest_in"])
_ALLIED = frozenset(["accompanies", "allied_with", "contact_of"])
_WEIGHTS = {"weak": 1, "medium": 2, "strong": 3}


def tie_line(tie: Tie, of: UUID) -> TieLine:
    """Return a tie told from the side of ``of``."""
    lang = page_language()
    outward = tie.from_actor_id == of
    term = vocabulary("tie_kinds").term(tie.kind)
    other = tie.to_actor if outward else tie.from_actor
    return TieLine(
        how=term.label(lang) if outward else term.text("inverse", lang) or term.label(lang),
        other=named_actor(other),
        kind=other.kind,
        held=_held(tie),
        strength=vocabulary("tie_strengths").label(tie.strength, lang),
        certainty=vocabulary("certainties").label(tie.certainty, lang),
        source=tie.source,
        words=tie.words,
        harmful=tie.kind in HARMFUL,
        edit=way("fabric:tie_edit", tie.pk),
    )


def _held(tie: Tie) -> str:
    lang = page_language()
    since, until = tie.since, tie.until
    if since and until:
        return _("from {since} to {until}").format(since=since.short(lang), until=until.short(lang))
    if since:
        return _("since {since}").format(since=since.short(lang))
    return _("until {until}").format(until=until.short(lang)) if until else ""


def weave_drawing(actor: Actor, ties: Sequence[Tie], among: Iterable[TieFact]) -> Drawing:
    """Return the actor in the middle of those it is tied to, with the ties among these."""
    lang = page_language()
    kinds = vocabulary("tie_kinds")
    shapes: dict[str, ShapeKind] = {}
    names: dict[str, str] = {}
    for tie in ties:
        other = tie.to_actor if tie.from_actor_id == actor.pk else tie.from_actor
        names[str(other.pk)] = named_actor(other).name
        known = shapes.get(str(other.pk))
        shapes[str(other.pk)] = known if known == "aggressor" else _shape(other, tie)
    me = str(actor.pk)
    nodes = [Node(me, named_actor(actor).name, _own_shape(actor), size=2)]
    nodes += [Node(one, names[one], shapes[one], actor_way(UUID(one))) for one in names]
    edges = [
        Edge(
            str(tie.from_actor_id), str(tie.to_actor_id), kinds.label(tie.kind, lang), _WEIGHTS.get(tie.strength, 2),
            tie.kind in HARMFUL, _known(tie),
        )
        for tie in ties
    ]  # fmt: skip
    drawn = {str(tie.pk) for tie in ties}
    edges += [
        Edge(fact.frm, fact.to, kinds.label(fact.kind, lang), fact.strength)
        for fact in among
        if fact.tie not in drawn and fact.frm in names and fact.to in names
    ][:40]
    return network_of(nodes, edges, title=_("How {name} is woven").format(name=nodes[0].label), centre=me)


def _known(tie: Tie) -> str:
    lang = page_language()
    certainty = vocabulary("certainties").label(tie.certainty, lang)
    strength = vocabulary("tie_strengths").label(tie.strength, lang)
    return " · ".join(part for part in (_held(tie), strength, certainty, tie.source) if part)


def _own_shape(actor: Actor) -> ShapeKind:
    own: dict[str, ShapeKind] = {"person": "person", "armed_group": "aggressor", "institution": "authority"}
    return own.get(actor.kind, "collective")


def _shape(other: Actor, tie: Tie) -> ShapeKind:
    if other.kind == "armed_group" or (tie.kind in HARMFUL and tie.from_actor_id == other.pk):
        return "aggressor"
    if other.kind in ("institution", "company", "medium"):
        return "authority"
    if other.kind in ("person", "unknown"):
        return "person" if other.kind == "person" else "unknown"
    return "ally" if tie.kind in _ALLIED else "collective"
