"""What stands beside a reading that somebody holds to be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.ways import way
from tejido.readings.queries import Objections


@dataclass(frozen=True)
class SaidWrong:
    """That a reading is wrong: who says so, why, when; ``take_back`` is empty for everybody else."""

    name: str
    why: str
    when: ImpreciseDate | None
    take_back: str


@dataclass(frozen=True)
class Wrong:
    """What is said against one reading, and where to say so; empty where nothing can be said."""

    said: tuple[SaidWrong, ...] = ()
    add: str = ""


def wrong_of(said: Objections, key: str, *, by: UUID | None, add: str) -> Wrong:
    """Return what is said against the reading ``key``: whoever said it may take it back, others may say so too."""
    found = said.get(key, ())
    return Wrong(
        tuple(
            SaidWrong(one.name, one.why, one.when, way("dossiers:wrong_take_back", one.id) if one.member == by else "")
            for one in found
        ),
        "" if any(one.member == by for one in found) else add,
    )
