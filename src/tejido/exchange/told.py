"""What rows tell, before anything is looked up or written: actors, ties, territories and incidents by their keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tejido.domain.dates import ImpreciseDate
from tejido.exchange.templates import Cells

Values = dict[str, object]


@dataclass(slots=True)
class ToldRecord:
    """A record that has a key in the list: an actor, or a territory with the key of its parent."""

    key: str
    values: Values
    parent: str = ""


@dataclass(slots=True)
class ToldTie:
    """A tie between two actors, by their keys."""

    origin: str
    target: str
    values: Values

    @property
    def key(self) -> str:
        """The key under which the tie is known: one of a kind between two actors."""
        return f"{self.origin}\n{self.target}\n{self.values['kind']}"


@dataclass(slots=True)
class ToldPresence:
    """An actor in a territory, by their keys."""

    actor: str
    territory: str
    values: Values

    @property
    def key(self) -> str:
        """The key under which the presence is known."""
        return f"{self.actor}\n{self.territory}\n{self.values['kind']}"


@dataclass(slots=True)
class ToldAct:
    """One act: its own values; victims as ``{actor key: persons}``; perpetrators as ``{actor key: values}``."""

    values: Values
    victims: dict[str, str]
    perpetrators: dict[str, Values]


@dataclass(slots=True)
class ToldIncident:
    """An incident, or one row's part of it."""

    key: str
    cells: Cells
    values: Values
    when: ImpreciseDate | None
    territory: str
    places: list[Values]
    acts: list[ToldAct]
    sources: list[Values]
    first_victim: str = ""
    where: str = ""


@dataclass(slots=True)
class RowPlan:
    """Everything one row tells."""

    number: int
    territories: dict[str, ToldRecord] = field(default_factory=dict)
    actors: dict[str, ToldRecord] = field(default_factory=dict)
    ties: list[ToldTie] = field(default_factory=list)
    presences: list[ToldPresence] = field(default_factory=list)
    incident: ToldIncident | None = None


def name_of(values: Mapping[str, object]) -> str:
    """Return the first name in the values of an actor; empty if it has none."""
    names = values.get("names")
    return str(names[0]["text"]) if isinstance(names, list) and names else ""
