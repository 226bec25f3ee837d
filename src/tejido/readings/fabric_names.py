"""What members are called in a reading of the fabric: by name only where their collective lets members be named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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
    names.update(_numbered(near, hidden, wanted, words))
    return Naming(names, hidden)


def _numbered(near: Near, hidden: Collection[str], wanted: Collection[str], words: Words) -> Iterator[tuple[str, str]]:
    """Number the unnamed, those who lead first: the same number on every page until somebody comes or goes."""
    leads, other = words.gettext("person {n}, who leads"), words.gettext("person {n}")
    asked = frozenset(wanted)
    for place, one in enumerate(sorted(hidden, key=lambda one: (one not in near.leads, one)), start=1):
        if one in asked:
            yield one, (leads if one in near.leads else other).format(n=place)
