"""What an action on incidents is given: who did what to whom, where, how it is known.

Plain frozen values, refused when they are made if a code is in no list or a place is not on Earth, so that an
action never meets an unsafe one. Actors and territories are given by id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.names import usual_form
from tejido.domain.words import N_
from tejido.vocabularies import vocabulary

_NO_SUCH_PLACE = N_("There is no such place: latitudes lie between -90 and 90, longitudes between -180 and 180.")


def clean_words(text: str) -> str:
    """Return ``text`` without unseen characters, its lines kept, blank ends taken off."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(usual_form(line) for line in lines).strip("\n")


def checked(code: str, list_name: str) -> str:
    """Return ``code`` if the vocabulary has it; ``BadInput`` otherwise."""
    return vocabulary(list_name).term(code).code


@dataclass(frozen=True, slots=True)
class VictimGiven:
    """An actor it was done to; ``persons`` of a collective were harmed without being named (a number, in words)."""

    actor: UUID
    persons: str = ""


@dataclass(frozen=True, slots=True)
class PerpetratorGiven:
    """An actor alleged to have done it (vocabularies ``involvements`` and ``certainties``)."""

    actor: UUID
    involvement: str = "suspected"
    certainty: str = "unknown"
    words: str = ""

    def __post_init__(self) -> None:
        checked(self.involvement, "involvements")
        checked(self.certainty, "certainties")


@dataclass(frozen=True, slots=True)
class ActGiven:
    """One kind of act (vocabulary ``acts``) with its means, to whom and by whom it is said to be done.

    ``when`` only if it differs from the incident's. The same actor given twice counts once in each role.
    ``act`` is the id of a recorded act that this is the correction of.
    """

    kind: str
    means: str = ""
    victims: tuple[VictimGiven, ...] = ()
    perpetrators: tuple[PerpetratorGiven, ...] = ()
    when: ImpreciseDate | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    act: UUID | None = None

    def __post_init__(self) -> None:
        checked(self.kind, "acts")
        if self.means:
            checked(self.means, "means")


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """Where a part of it happened; ``point`` is (latitude, longitude) in degrees.

    ``place`` is the id of a recorded place that this is the correction of.
    """

    words: str = ""
    kind: str = ""
    precision: str = "unknown"
    point: tuple[float, float] | None = None
    place: UUID | None = None

    def __post_init__(self) -> None:
        checked(self.precision, "place_precisions")
        if self.kind:
            checked(self.kind, "place_kinds")
        if self.point is not None and not (abs(self.point[0]) <= 90 and abs(self.point[1]) <= 180):
            raise BadInput(_NO_SUCH_PLACE)


@dataclass(frozen=True, slots=True)
class SourceGiven:
    """How it is known (vocabularies ``source_kinds``, ``how_known``, ``reliabilities``)."""

    kind: str
    how: str = "not_stated"
    reliability: str = "unknown"
    name: str = ""
    reference: str = ""
    said_on: ImpreciseDate | None = None

    def __post_init__(self) -> None:
        checked(self.kind, "source_kinds")
        checked(self.how, "how_known")
        checked(self.reliability, "reliabilities")


@dataclass(frozen=True, slots=True)
class IncidentGiven:
    """A whole incident as somebody tells it."""

    title: str
    when: ImpreciseDate | None = None
    summary: str = ""
    territory: UUID | None = None
    verification: str = "unverified"
    acts: tuple[ActGiven, ...] = ()
    places: tuple[PlaceGiven, ...] = ()
    sources: tuple[SourceGiven, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        checked(self.verification, "verifications")

    def actors(self) -> set[UUID]:
        """Return every actor of every act."""
        return actors_of(self.acts)


V = TypeVar("V", VictimGiven, PerpetratorGiven)


def once_each(given: Iterable[V]) -> list[V]:
    """Return what is given with each actor once: the first mention stands."""
    seen: dict[UUID, V] = {}
    for one in given:
        seen.setdefault(one.actor, one)
    return list(seen.values())


def actors_of(acts: Iterable[ActGiven]) -> set[UUID]:
    """Return every actor of ``acts``, victims and alleged perpetrators."""
    told = list(acts)
    return {one.actor for act in told for one in act.victims} | {one.actor for act in told for one in act.perpetrators}
