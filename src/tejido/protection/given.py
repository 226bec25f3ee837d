"""What an action on plans is given: threats in the group's own words, measures with whom they are for.

Plain frozen values, refused when they are made if a code is in no list. Actors, threats and incidents are given
by id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.fabric.making import one_line
from tejido.vocabularies import vocabulary

Family = Literal["A", "B", "I"]
FAMILIES: Final[tuple[Family, ...]] = ("A", "B", "I")

_NO_TITLE = N_("Say in your own words what is done. The rest of what you typed was kept.")
_NO_FAMILY = N_("Say whether this is for the group, for its surroundings or for one person. Nothing was changed.")
_ONE_PERSON = N_("Only a measure for one person names somebody. What you typed was kept; leave that field empty.")


def family_of(code: str) -> Family:
    """Return the family of a measure of the catalogue: A (resilience), B (workspace) or I (individual)."""
    family = vocabulary("measures").term(code).text("family")
    return cast(Family, vocabulary("measure_families").term(family).text("letter"))


@dataclass(frozen=True, slots=True)
class ThreatGiven:
    """A threat (or weak side, by ``nature``) in the group's own words, its origin, and where it showed itself."""

    words: str
    origin: str = ""
    incidents: tuple[UUID, ...] = ()
    nature: str = "threat"

    def __post_init__(self) -> None:
        vocabulary("threat_natures").term(self.nature)


@dataclass(frozen=True, slots=True)
class MeasureGiven:
    """A measure as somebody tells it.

    ``code`` is of the vocabulary ``measures`` and then says the family; an own practice has no code, a title and
    a ``family``. ``owner`` is an actor, ``owner_words`` says it in words. ``person`` is for family I alone. For a
    measure of that family ``effect_on_individuals`` keeps the reason to go on with it in spite of known harms.
    ``after`` is the measure that has to be there first; ``works_sign`` and ``harm_sign`` are what would be seen.
    """

    title: str = ""
    code: str = ""
    family: str = ""
    status: str = "wanted"
    threat: UUID | None = None
    owner: UUID | None = None
    owner_words: str = ""
    person: UUID | None = None
    due_on: ImpreciseDate | None = None
    effect_on_group: str = ""
    effect_on_individuals: str = ""
    stand_in: str = ""
    cost: str = ""
    needs: str = ""
    works_sign: str = ""
    harm_sign: str = ""
    evidence: str = ""
    after: UUID | None = None

    def __post_init__(self) -> None:
        vocabulary("measure_statuses").term(self.status)
        if self.code:
            object.__setattr__(self, "family", family_of(self.code))
        elif self.family not in FAMILIES:
            raise BadInput(_NO_FAMILY)
        elif not one_line(self.title):
            raise BadInput(_NO_TITLE)
        if self.person is not None and self.family != "I":
            raise BadInput(_ONE_PERSON)

    def actors(self) -> set[UUID]:
        """Return the actors it names."""
        return {one for one in (self.owner, self.person) if one is not None}


def lines_of(text: str, *, most: int = 60) -> list[str]:
    """Return what was typed one on each line, cleaned, each once; the first ``most``."""
    return list(dict.fromkeys(line for line in map(one_line, text.splitlines()) if line))[:most]


def own_practices(practices: Iterable[str]) -> list[MeasureGiven]:
    """Return what a group already does as measures that are in place."""
    return [MeasureGiven(title=practice, family="A", status="in_place") for practice in practices]
