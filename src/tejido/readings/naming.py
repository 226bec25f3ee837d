"""What actors are called: names are opened only for those who are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tejido.domain.affectation import Path
from tejido.domain.words import Words
from tejido.fabric.kinds import is_collective
from tejido.fabric.models import Actor, Territory
from tejido.vault.keyring import circle_at_work

_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Called:
    """An actor's name as shown, and its kind."""

    id: UUID
    name: str
    kind: str

    @property
    def is_collective(self) -> bool:
        """Whether others can belong to it."""
        return is_collective(self.kind)


def called(actors: Iterable[UUID], words: Words) -> dict[str, Called]:
    """Return name and kind of each actor by its id as text: one query; who has no name is called unnamed."""
    ids = list(dict.fromkeys(actors))
    found: dict[str, Called] = {}
    for at in range(0, len(ids), _AT_ONCE):
        records = Actor.objects.filter(pk__in=ids[at : at + _AT_ONCE])
        for actor in records.only("id", "circle_id", "kind", "revision", "names"):
            name = actor.usual_name or words.gettext("somebody unnamed")
            found[str(actor.pk)] = Called(actor.pk, name, actor.kind)
    return found


def spoken_of(paths: Iterable[Path]) -> set[UUID]:
    """Return every actor that the sentences of ``paths`` name."""
    return {UUID(end) for end in {end for path in paths for hop in path.hops for end in (hop.frm, hop.to)}}


def places_called(places: Iterable[UUID]) -> dict[str, str]:
    """Return the name of each territory of the circle at work by its id as text: one query."""
    records = Territory.objects.filter(pk__in=list(places), circle_id=circle_at_work())
    return {str(one.pk): one.name for one in records.only("id", "circle_id", "revision", "name")}
