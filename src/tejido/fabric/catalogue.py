"""How actors and territories are listed, searched and counted."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet

from tejido.domain.names import sort_key
from tejido.fabric.kinds import is_collective, tab_of
from tejido.fabric.models import Actor, Territory
from tejido.vault.catalogue import Line, Noun

_LONGEST_NOTE = 120


def actor_line(actor: Actor) -> Line:
    """Return an actor's line: sought by every name, self-description and detail it has."""
    first, *more = [str(name["text"]) for name in actor.names] or [""]
    body = [*more, *actor.identities, actor.about, actor.size, *map(str, actor.details.values())]
    facts = [*(name["text"] for name in actor.names[1:] if name.get("kind") == "acronym"), actor.size]
    facts += actor.identities[:2]
    return Line(
        id=actor.pk,
        label=first,
        order=sort_key(first),
        text="\n".join(body),
        facets=tuple(_actor_facets(actor)),
        note=_short(" · ".join(fact for fact in facts if fact)),
    )


def territory_line(territory: Territory) -> Line:
    """Return a territory's line; its note names the wider territory it lies in."""
    parent = territory.parent
    assets = [asset.name for asset in territory.assets.all()]
    return Line(
        id=territory.pk,
        label=territory.name,
        order=sort_key(territory.name),
        text="\n".join([territory.about, *assets, parent.name if parent else ""]),
        facets=(f"kind:{territory.kind}", f"in:{territory.parent_id}" if parent else "top"),
        note=_short(parent.name if parent else ""),
    )


def _actor_facets(actor: Actor) -> Iterator[str]:
    yield f"kind:{actor.kind}"
    yield "collective" if is_collective(actor.kind) else "individual"
    yield f"tab:{tab_of(actor.kind)}"
    if getattr(actor, "is_alleged", False):
        yield "tab:aggressors"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1].rstrip() + "…"


def _whether_alleged(actors: QuerySet[Actor]) -> QuerySet[Actor]:
    """Ask whether any act is alleged of each; its many acts need not be read for that."""
    # ``alleged`` is what incidents call the acts an actor is said to have done.
    acts = Actor._meta.get_field("alleged").related_model._default_manager
    return actors.annotate(is_alleged=Exists(acts.filter(actor=OuterRef("pk"))))


ACTORS: Noun[Actor] = Noun("actor", Actor, actor_line, alike=True, asked=_whether_alleged)
TERRITORIES: Noun[Territory] = Noun(
    "territory", Territory, territory_line, prefetch=("assets",), related=("parent",), alike=True
)
