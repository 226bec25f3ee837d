"""What members are called in a reading of the fabric: by name only where their collective lets members be named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from tejido.domain.words import Words
from tejido.readings.fabric_near import Near
from tejido.readings.naming import called


@dataclass(frozen=True, slots=True)
class Naming:
    """What each actor is called, by id; ``unnamed`` are the people whose names are not told."""

    names: Mapping[str, str]
    unnamed: frozenset[str]

    def __getitem__(self, actor: str) -> str:
        return self.names.get(actor, "")

    def listed(self, actors: Iterable[str]) -> str:
        """Return some of them as a list."""
        return ", ".join(self[one] for one in actors)


def naming_in(near: Near, wanted: Collection[str], *, members_named: bool, words: Words) -> Naming:
    """Return what the actors of ``wanted`` are called; people inside have a number where they are not named."""
    hidden = frozenset(
        one for one in near.insiders if not members_named and near.kinds.get(one) in ("person", "unknown")
    )
    names = {
        actor: one.name for actor, one in called([UUID(one) for one in wanted if one not in hidden], words).items()
    }
    names.update((one, _numbered(place, one, near, words)) for place, one in _in_order(near, hidden))
    return Naming(names, hidden)


def _in_order(near: Near, hidden: Collection[str]) -> list[tuple[int, str]]:
    """Number the unnamed, those who lead first: the same number on every page until somebody comes or goes."""
    ranked = sorted(hidden, key=lambda one: (one not in near.leads, one))
    return list(enumerate(ranked, start=1))


def _numbered(place: int, actor: str, near: Near, words: Words) -> str:
    if actor in near.leads:
        return words.gettext("person {n}, who leads").format(n=place)
    return words.gettext("person {n}").format(n=place)
