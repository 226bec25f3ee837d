"""What the list of actors says beside each: how many incidents and ties, from columns that rest in clear.

``suffered`` and ``alleged`` are what incidents call the acts done to an actor and those it is said to have done.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from tejido.fabric.models import Actor, Tie
from tejido.fabric.queries import BELONGING

_SUFFERED = "suffered__act__incident_id"


@dataclass(frozen=True)
class Beside:
    """What is known around an actor: incidents done to it, to those who belong to it, said to be done by it; ties.

    ``around`` counts incidents done to it or to its own, each once.
    """

    own: int = 0
    around: int = 0
    alleged: int = 0
    ties: int = 0

    @property
    def near(self) -> int:
        """Incidents done to its own and not to itself."""
        return self.around - self.own


def beside(actors: Collection[UUID]) -> dict[UUID, Beside]:
    """Return what is known around each of some actors: two queries, and three more unless it is held in memory."""
    ids = list(actors)
    counted = _ways[-1](ids) if _ways else struck_in_store(ids)
    ties = _ties(ids)
    return {one: Beside(*counted[one], ties[one]) for one in ids}


Struck = tuple[int, int, int]
_ways: list[Callable[[Collection[UUID]], Mapping[UUID, Struck]]] = []


def count_struck_by(way: Callable[[Collection[UUID]], Mapping[UUID, Struck]]) -> None:
    """Count by ``way`` from now on: a slice above this one may hold what the store would have to join."""
    _ways.append(way)


def struck_in_store(actors: Collection[UUID]) -> dict[UUID, Struck]:
    """Return for each how many incidents struck it, it or one who belongs to it, and are said to be its doing."""
    ids = list(actors)
    shown = Actor.objects.filter(pk__in=ids)
    own = _gathered(shown.filter(suffered__isnull=False).values_list("pk", _SUFFERED))
    members = Tie.objects.filter(to_actor__in=ids, kind__in=BELONGING, from_actor__suffered__isnull=False)
    near = _gathered(members.values_list("to_actor_id", f"from_actor__{_SUFFERED}").distinct())
    alleged = shown.filter(alleged__isnull=False).annotate(many=Count("alleged__act__incident", distinct=True))
    said = dict(alleged.order_by().values_list("pk", "many"))
    return {one: (len(own[one]), len(own[one] | near[one]), said.get(one, 0)) for one in ids}


def _ties(ids: Collection[UUID]) -> Counter[UUID]:
    ties: Counter[UUID] = Counter()
    for end in ("from_actor_id", "to_actor_id"):
        counted = Tie.objects.filter(**{f"{end}__in": ids}).order_by().values(end).annotate(many=Count("id"))
        ties.update(dict(counted.values_list(end, "many")))
    return ties


def _gathered(pairs: Collection[tuple[UUID, UUID]]) -> defaultdict[UUID, set[UUID]]:
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for actor, incident in pairs:
        found[actor].add(incident)
    return found
