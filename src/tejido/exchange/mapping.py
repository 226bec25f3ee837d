"""What a mapping says, as frozen dataclasses: how the columns of a list become actors, ties, incidents, acts.

``mapping_text.parse_mapping`` makes it from YAML. The format is described in the import guide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field

from tejido.exchange.reading import FileForm
from tejido.exchange.templates import Cells, Template


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds for a row when ``column`` has one of the values ``equals``; any value at all if there are none.

    An empty text among ``equals`` stands for a cell not filled in.
    """

    column: str
    equals: frozenset[str] = frozenset()

    def holds(self, cells: Cells) -> bool:
        """Say whether it holds for a row."""
        text = cells.get(self.column)
        return (text or "") in self.equals if self.equals else text is not None


#: Details: label, template, and the condition under which it is told.
Labelled = tuple[tuple[str, Template, Condition | None], ...]


@dataclass(frozen=True, slots=True)
class WhenRule:
    """Which columns hold the beginning and the end; per end, tried from the most precise to the least."""

    start: tuple[tuple[str, Template], ...]
    end: tuple[tuple[str, Template], ...] = ()
    about: Condition | None = None
    end_alone: bool = True


@dataclass(frozen=True, slots=True)
class NameRule:
    """One name of an actor."""

    text: Template
    kind: str = "usual"
    lang: str = ""


@dataclass(frozen=True, slots=True)
class TieRule:
    """A tie between two actors of the row, or from one to an actor the mapping knows."""

    origin: str
    target: str
    kind: Template
    strength: Template
    certainty: Template
    words: Template | None = None
    source: Template | None = None
    since: WhenRule | None = None
    until: WhenRule | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class ActorRule:
    """How one actor is told by a row; ``each`` (a column and a sign) tells one for every part of a list in a cell."""

    alias: str
    key: Template
    kind: Template
    names: tuple[NameRule, ...]
    form: Template | None = None
    naming: str = "nobody"
    identities: tuple[Template, ...] = ()
    about: Template | None = None
    size: Template | None = None
    details: Labelled = ()
    ties: tuple[TieRule, ...] = ()
    condition: Condition | None = None
    each: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """What a phrase in a free text means: actors the mapping knows, or one made from what the phrase says."""

    find: re.Pattern[str]
    actors: tuple[str | ActorRule, ...] = ()
    kind: str = ""
    strength: str = ""
    certainty: str = ""
    involvement: str = ""
    words: str = ""
    only: bool = False


@dataclass(frozen=True, slots=True)
class PhraseReading:
    """How a column of free text is read into actors."""

    alias: str
    column: str
    rules: tuple[PhraseRule, ...]
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class ShapeRule:
    """Where the shape of a territory is found in a GeoJSON file: by name, and by the name of what it lies within."""

    file: str
    name_property: str
    name: Template
    within_property: str = ""
    within: Template | None = None


@dataclass(frozen=True, slots=True)
class TerritoryRule:
    """How a territory is told by a row."""

    alias: str
    key: Template
    name: Template
    kind: Template
    parent: str = ""
    about: Template | None = None
    shown: str = "km_5"
    point: tuple[Template, Template] | None = None
    shape: ShapeRule | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class PresenceRule:
    """That an actor of the row is in a territory of the row."""

    actor: str
    territory: str
    kind: Template
    words: Template | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """A place of the incident."""

    words: Template | None
    kind: Template | None = None
    point: tuple[Template, Template] | None = None
    precision: Template | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class SourceRule:
    """How the incident is known."""

    kind: Template
    how: Template | None = None
    name: Template | None = None
    reference: Template | None = None
    reliability: Template | None = None
    said_on: WhenRule | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class VictimRule:
    """Which actor of the row an act was done to, and how many people of a collective if they are not named."""

    actor: str
    persons: Template | None = None


@dataclass(frozen=True, slots=True)
class PerpetratorRule:
    """Which actor of the row is alleged to have done an act."""

    actor: str
    involvement: Template
    certainty: Template
    words: Template | None = None


@dataclass(frozen=True, slots=True)
class ActRule:
    """One act told by a row; rows of an incident that tell the same act share it."""

    kind: Template
    means: Template | None = None
    when: WhenRule | None = None
    details: Labelled = ()
    victims: tuple[VictimRule, ...] = ()
    perpetrators: tuple[PerpetratorRule, ...] = ()
    condition: Condition | None = None


@dataclass(frozen=True, slots=True)
class TitleRule:
    """The title for one victim and for several; fields ``acts``, ``victim``, ``victims``, ``where`` and columns."""

    one: Template
    several: Template


@dataclass(frozen=True, slots=True)
class IncidentRule:
    """How rows become incidents: those with the same key are one."""

    title: TitleRule
    key: Template | None = None
    when: WhenRule | None = None
    summary: Template | None = None
    territories: tuple[str, ...] = ()
    verification: Template | None = None
    details: Labelled = ()
    places: tuple[PlaceRule, ...] = ()
    acts: tuple[ActRule, ...] = ()
    sources: tuple[SourceRule, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A whole mapping. ``used`` are the columns it reads, ``not_imported`` those it leaves out, each with why."""

    list_name: str
    language: str
    form: FileForm
    used: frozenset[str]
    territories: tuple[TerritoryRule, ...] = ()
    known: MappingOf[str, ActorRule] = field(default_factory=dict)
    actors: tuple[ActorRule | PhraseReading, ...] = ()
    ties: tuple[TieRule, ...] = ()
    presences: tuple[PresenceRule, ...] = ()
    incident: IncidentRule | None = None
    not_imported: MappingOf[str, str] = field(default_factory=dict)
