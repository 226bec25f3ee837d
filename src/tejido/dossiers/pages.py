"""What each page shows, one frozen dataclass each; templates find it as ``page``."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.domain.plan_findings import Level
from tejido.drawing.svg import Drawing
from tejido.readings.alleged import Alleged
from tejido.web.paging import Page


@dataclass(frozen=True)
class Named:
    """Something with a name and a page, a count or a word beside it."""

    name: str
    href: str
    note: str = ""
    many: int = 0


@dataclass(frozen=True)
class IncidentLine:
    """One incident of a list: ``why`` is the reason under it, ``whom`` those it touches."""

    title: str
    href: str
    when: ImpreciseDate | None
    why: str = ""
    own: bool = False
    whom: tuple[Named, ...] = ()


@dataclass(frozen=True)
class Asks:
    """Something that asks for attention: its level, of whom, what, why and the way to it."""

    level: Level
    sentence: str
    href: str
    whose: str = ""
    reason: str = ""


@dataclass(frozen=True)
class GatheringPart:
    """What gathers, as a drawing, and the collectives of which it can be said."""

    drawing: Drawing
    more: tuple[Named, ...]
    newest: ImpreciseDate
    cut: bool


@dataclass(frozen=True)
class NoticePart:
    """Against which groups the chance passes what was chosen, their ids for whoever has seen it, and where to look."""

    groups: tuple[Named, ...]
    ids: tuple[str, ...]
    look: str
    seen: str


@dataclass(frozen=True)
class HomePage:
    """Today: what was recorded, whom it touches, what is overdue.

    ``recorded`` was written down in the last seven days, ``brought`` came with lists in them and happened in
    ``brought_years`` (0 if not known). ``whom`` are the collectives most touched in the latest ``looked_through``
    incidents; ``individuals`` are told only where there is no collective. ``late`` counts what is late, what nobody
    owns and what was decided and not done; ``loose`` says how many of each sort, ``all_late`` where all of it stands.
    """

    today: str
    actors: int
    collectives: int
    people: int
    incidents: int
    recorded: int
    brought: int
    brought_years: tuple[int, int]
    rows: tuple[IncidentLine, ...]
    rows_are_recorded: bool
    newest: ImpreciseDate | None
    looked_through: int
    whom: tuple[Named, ...]
    individuals: tuple[Named, ...]
    late: int
    asks: tuple[Asks, ...]
    loose: tuple[tuple[str, int], ...]
    all_late: str
    gathering: GatheringPart | None
    record: str
    new_actor: str
    imports: str
    to_approve: int = 0
    notice: NoticePart | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been recorded yet."""
        return not self.actors and not self.incidents

    @property
    def years_apart(self) -> int:
        """1 when what was brought is of one year, more when of several: what a sentence needs for its plural."""
        first, last = self.brought_years
        return 1 + last - first


@dataclass(frozen=True)
class TieLine:
    """One tie told from this actor: how, whom, and how it is known."""

    how: str
    other: Named
    kind: str
    held: str
    strength: str
    certainty: str
    source: str
    words: str
    harmful: bool
    edit: str


@dataclass(frozen=True)
class ConsentLine:
    """What may be told to whom: the codes, how it stands, its dates."""

    purpose: str
    audience: str
    scope: str
    standing: str
    words: str
    given_on: ImpreciseDate | None
    expires_on: ImpreciseDate | None
    withdrawn_on: ImpreciseDate | None
    withdraw: str


@dataclass(frozen=True)
class DecisionLine:
    """What a group decided and how."""

    what: str
    mode: str
    present: str
    dissent: str
    taken_on: ImpreciseDate | None
    holds_until: ImpreciseDate | None
    withdrawn: bool


@dataclass(frozen=True)
class MeasureLine:
    """One measure of a plan and how it stands."""

    title: str
    status: str
    is_own: bool
    late: bool


@dataclass(frozen=True)
class PlanPart:
    """A group's plan: its measures and what the checks found."""

    title: str
    href: str
    status: str
    measures: tuple[MeasureLine, ...]
    in_place: int
    late: int
    found: tuple[Asks, ...]


@dataclass(frozen=True)
class AllegedPart:
    """What an actor is alleged to have done, in words and counts."""

    counts: Alleged
    kinds: tuple[Named, ...]
    years: str
    territories: tuple[Named, ...]
    struck: tuple[Named, ...]
    rows: tuple[IncidentLine, ...]
    timeline: Drawing


@dataclass(frozen=True)
class Missing:
    """Something that is not yet there, why it matters, and the way to it."""

    sentence: str
    href: str
    word: str


@dataclass(frozen=True)
class ActorWays:
    """Where the main actions of an actor's page lead; empty where there is none."""

    record: str
    plan: str
    meet: str
    tie: str
    edit: str
    consent: str
    presence: str
    decision: str
    decisions: str
    alerts: str
    print_plan: str
    our_fabric: str
    together: str
    card: str
    poster: str


@dataclass(frozen=True)
class ActorPage:
    """The dossier of an actor; parts that do not fit its kind are empty.

    ``years`` are the first and last in which something happened around it (0 if not known), ``belonging`` how many
    are known to belong to it; ``desk`` is what can be asked for one person. ``is_struck_most`` says that more was
    done to it and its own than is alleged of it.
    """

    id: UUID
    kind: str
    form: str
    name: str
    other_names: tuple[str, ...]
    identities: tuple[str, ...]
    about: str
    size: str
    naming: str
    details: tuple[tuple[str, str], ...]
    is_collective: bool
    is_person: bool
    collectives: tuple[Named, ...]
    parts: tuple[Named, ...]
    stands_under: tuple[Named, ...]
    own: int
    near: int
    own_this_year: int
    near_this_year: int
    years: tuple[int, int]
    belonging: int
    is_struck_most: bool
    cut: bool
    rows: tuple[IncidentLine, ...]
    all_incidents: str
    timeline: Drawing
    network: Drawing
    ties_total: int
    all_ties: str
    concentration: str
    map: Drawing
    map_cut: bool
    territories: tuple[Named, ...]
    consents: tuple[ConsentLine, ...]
    decisions: tuple[DecisionLine, ...]
    plan: PlanPart | None
    alleged: AllegedPart | None
    missing: tuple[Missing, ...]
    sessions: tuple[Named, ...]
    desk: tuple[Named, ...]
    ways: ActorWays

    @property
    def says_naming(self) -> bool:
        """Whether to say how members are named: not that nobody is where a list named some."""
        return self.is_collective and not (self.naming == "nobody" and self.belonging)

    @property
    def all_around(self) -> int:
        """How many incidents in all, against it and against its own."""
        return self.own + self.near


@dataclass(frozen=True)
class AroundPage:
    """All incidents around an actor, page by page."""

    name: str
    back: str
    rows: tuple[IncidentLine, ...]
    rows_page: Page[UUID]
    own: int
    near: int
    cut: bool


@dataclass(frozen=True)
class TiesPage:
    """All ties of an actor, page by page."""

    name: str
    back: str
    rows: tuple[TieLine, ...]
    rows_page: Page[UUID]
    total: int
    add: str


@dataclass(frozen=True)
class TerritoryPage:
    """A territory: what is here, who lives here, what happened here."""

    name: str
    kind: str
    about: str
    shown: str
    wider: tuple[Named, ...]
    parts: tuple[Named, ...]
    parts_total: int
    all_parts: str
    assets: tuple[tuple[str, str, str], ...]
    people: tuple[Named, ...]
    people_total: int
    incidents: int
    rows: tuple[IncidentLine, ...]
    struck: tuple[Named, ...]
    timeline: Drawing
    map: Drawing
    map_cut: bool
    edit: str
    add_asset: str
    record: str
    list: str


@dataclass(frozen=True)
class SearchGroup:
    """The answers of one kind, and the list where they can be narrowed."""

    kind: str
    rows: tuple[Named, ...]
    list: str


@dataclass(frozen=True)
class SearchPage:
    """What was sought and what was found; the words stand in the page alone, never in an address."""

    words: str
    asked: bool
    groups: tuple[SearchGroup, ...]
    lists: tuple[Named, ...]


@dataclass(frozen=True)
class GlossaryPart:
    """One controlled list: its title, and each word with its meaning."""

    title: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HelpPage:
    """The guide, how a reading is reckoned, the glossary."""

    glossary: tuple[GlossaryPart, ...]
    weights: tuple[tuple[str, int, int], ...]
