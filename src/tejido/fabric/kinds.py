"""What the kinds of actor mean for the pages and the rules of the fabric."""

from __future__ import annotations

from tejido.vocabularies import vocabulary

#: Collectives of people who stand together; they come first on every list.
COLLECTIVES = ("community", "group", "organisation", "movement", "network", "family")
PEOPLE = ("person",)
#: Authorities and others who are neither one of us nor, by their kind alone, an aggressor.
OTHERS = ("institution", "company", "medium", "unknown")
#: Aggressors by kind; whoever is alleged to have done an act is one as well.
AGGRESSORS = ("armed_group",)

#: Kinds of actor to which others can belong.
OTHERS_BELONG = frozenset(term.code for term in vocabulary("actor_kinds") if term.flag("collective"))

#: The tabs of the list of actors, in their order.
TABS = ("collectives", "people", "others", "aggressors")


def is_collective(kind: str) -> bool:
    """Say whether others can belong to an actor of this kind."""
    return kind in OTHERS_BELONG


def tab_of(kind: str) -> str:
    """Return the tab of the list on which actors of ``kind`` stand."""
    for tab, kinds in zip(TABS, (COLLECTIVES, PEOPLE, OTHERS, AGGRESSORS), strict=True):
        if kind in kinds:
            return tab
    return "others"
