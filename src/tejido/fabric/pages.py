"""What the pages of the fabric show."""

from __future__ import annotations

from dataclasses import dataclass, field

from tejido.fabric.beside import Beside
from tejido.fabric.choosing import Candidate
from tejido.fabric.forms import (
    ActorSheet,
    AssetSheet,
    ConsentSheet,
    EndSheet,
    PresenceSheet,
    TerritorySheet,
    TieSheet,
)
from tejido.fabric.models import Actor, Asset, Consent, Territory, Tie
from tejido.vault.catalogue import Line
from tejido.web.paging import Page


@dataclass(frozen=True)
class Tab:
    """One way of looking at a list, with how many it holds; ``here`` when it is the one shown."""

    code: str
    many: int
    here: bool


@dataclass(frozen=True)
class Row:
    """One line of a list: a record, its kind in words, the address of its dossier, and what is known around it."""

    line: Line
    kind: str
    address: str
    beside: Beside = field(default_factory=Beside)


@dataclass(frozen=True)
class ActorsPage:
    """The list of actors: tabs, kinds within the tab, what was searched for, one page of rows."""

    total: int
    tabs: tuple[Tab, ...]
    kinds: tuple[Tab, ...]
    tab: str
    words: str
    rows: tuple[Row, ...]
    rows_page: Page[Line]
    collectives: int = 0

    @property
    def others(self) -> int:
        """How many are no collective."""
        return self.total - self.collectives


@dataclass(frozen=True)
class ActorPage:
    """An actor being recorded or changed.

    ``doubles`` are known actors that may be the same; ``merging`` says that what was typed was added to a known
    one and is still to be saved; ``theirs`` is what somebody else wrote meanwhile, field by field.
    """

    form: ActorSheet
    actor: Actor | None = None
    doubles: tuple[Candidate, ...] = ()
    merging: bool = False
    theirs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TiePage:
    """A tie being recorded (from ``actor``, if it began on its page) or changed."""

    form: TieSheet
    actor: Actor | None = None
    tie: Tie | None = None
    theirs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TieEndPage:
    """A tie that is over."""

    form: EndSheet
    tie: Tie


@dataclass(frozen=True)
class TerritoriesPage:
    """The territories that lie in ``within`` (the widest ones without it), or what a search found."""

    total: int
    within: Territory | None
    above: tuple[Territory, ...]
    assets: tuple[Asset, ...]
    words: str
    rows: tuple[Row, ...]
    rows_page: Page[Line]


@dataclass(frozen=True)
class TerritoryPage:
    """A territory being recorded or changed; ``has_outline`` when an outline that is not a point is kept."""

    form: TerritorySheet
    territory: Territory | None = None
    has_outline: bool = False
    theirs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class AssetPage:
    """Something a community lives by, being recorded."""

    form: AssetSheet
    territory: Territory


@dataclass(frozen=True)
class PresencePage:
    """Where an actor is, being recorded."""

    form: PresenceSheet
    actor: Actor


@dataclass(frozen=True)
class ConsentPage:
    """What an actor agreed to, being recorded."""

    form: ConsentSheet
    actor: Actor


@dataclass(frozen=True)
class WithdrawalPage:
    """What withdrawing a consent stops, and what still stands after it."""

    consent: Consent
    still: tuple[Consent, ...]


@dataclass(frozen=True)
class RemovalPage:
    """Something about to be removed: its name, and where not to do it leads."""

    name: str
    noun: str
    back: str
