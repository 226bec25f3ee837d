"""What the pages of an incident show, one frozen dataclass each; templates find it as ``page``."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.dossiers.pages import IncidentLine, Named
from tejido.dossiers.wrong_pages import Wrong
from tejido.drawing.svg import Drawing
from tejido.web.paging import Page


@dataclass(frozen=True)
class ActLine:
    """Who did what to whom."""

    kind: str
    means: str
    when: ImpreciseDate | None
    victims: tuple[Named, ...]
    perpetrators: tuple[Named, ...]
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class KindLine:
    """One kind of act of an incident: its means, and to how many it was done, each once."""

    kind: str
    means: tuple[str, ...]
    people: int
    groups: int


@dataclass(frozen=True)
class ActsPart:
    """The acts of an incident taken together; ``victims`` are named when they are few, ``folded`` one by one."""

    kinds: tuple[KindLine, ...]
    victims: tuple[Named, ...]
    perpetrators: tuple[Named, ...]
    perpetrators_more: int
    folded: tuple[ActLine, ...]
    total: int
    all_acts: str


@dataclass(frozen=True)
class ActsPage:
    """All acts of an incident, page by page."""

    title: str
    back: str
    when: ImpreciseDate | None
    total: int
    rows: tuple[ActLine, ...]
    rows_page: Page[UUID]


@dataclass(frozen=True)
class Rests:
    """One reason: the sentence, whether its weight is ``learned`` or ``assumed`` (empty: none), and how sure."""

    sentence: str
    basis: str
    sure: str


@dataclass(frozen=True)
class Reason:
    """Somebody an incident touches, how strongly (0 to 1 and in a word), and why."""

    id: UUID
    who: Named
    kind: str
    strength: float
    band: str
    why: tuple[Rests, ...]
    wrong: Wrong = field(default_factory=Wrong)

    @property
    def meter(self) -> str:
        """The strength as a ``meter`` takes it, whatever the language of the page."""
        return f"{self.strength:.2f}"


@dataclass(frozen=True)
class TouchedPart:
    """Whom an incident touches: collectives, those it was done to in one line, then others; ``more`` are not told."""

    groups: tuple[Reason, ...]
    done_to: int
    done_to_names: tuple[Named, ...]
    all_acts: str
    others: tuple[Reason, ...]
    more: int
    left_out: bool

    @property
    def bases(self) -> str:
        """What the weights of all that is told rest on: ``learned``, ``assumed`` or ``both``."""
        found = {why.basis for one in (*self.groups, *self.others) for why in one.why} - {""}
        return "both" if len(found) > 1 else next(iter(found), "assumed")


@dataclass(frozen=True)
class SourceLine:
    """How it is known; ``remove`` is where it is taken out."""

    kind: str
    how: str
    reliability: str
    name: str
    reference: str
    said_on: ImpreciseDate | None
    remove: str


@dataclass(frozen=True)
class EvidenceLine:
    """An item of evidence; ``is_copy`` when it was made here from another item."""

    title: str
    href: str
    kind: str
    received: ImpreciseDate | None
    is_copy: bool


@dataclass(frozen=True)
class LinkLine:
    """How another incident is linked to this one; ``remove`` is where the link is taken away."""

    how: str
    incident: IncidentLine
    remove: str


@dataclass(frozen=True)
class JusticeLine:
    """One step of justice; ``remove`` is where it is taken out."""

    stage: str
    outcome: str
    authority: Named | None
    when: ImpreciseDate | None
    words: str
    remove: str


@dataclass(frozen=True)
class GroupCan:
    """What one touched group can do now: measures that stand, or the way to a plan."""

    group: Named
    measures: tuple[str, ...]
    plan: str
    start: str


@dataclass(frozen=True)
class IncidentWays:
    """Where the actions of an incident's page lead."""

    edit: str
    link: str
    source: str
    justice: str
    evidence: str


@dataclass(frozen=True)
class IncidentPage:
    """An incident, whom it touches and why."""

    title: str
    verification: str
    summary: str
    when: ImpreciseDate | None
    territory: Named | None
    acts: ActsPart
    touched: TouchedPart
    can: tuple[GroupCan, ...]
    map: Drawing
    places: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    evidence: tuple[EvidenceLine, ...]
    justice: tuple[JusticeLine, ...]
    links: tuple[LinkLine, ...]
    details: tuple[tuple[str, str], ...]
    ways: IncidentWays
    how: str
    gate: str = ""
    own_settings: bool = False

    @property
    def groups_more(self) -> int:
        """How many collectives that are told are not named in the first sentence."""
        return max(0, len(self.touched.groups) - 3)

    @property
    def places_more(self) -> int:
        """How many places are not named beside the acts; the table of the map has them all."""
        return max(0, len(self.places) - 4)
