"""What the pages of plans show: one frozen dataclass for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor
from tejido.protection.models import Decision, Measure, Threat, ThreatIncident
from tejido.protection.queries import Stopped
from tejido.protection.saying import Piece
from tejido.web.paging import Page

#: A gap names so many measures or threats at once, a family of measures so many; the others have a page of their own.
_AT_ONCE: Final = 6
_OF_A_FAMILY: Final = 8
_THREATS: Final = 8
_INCIDENTS: Final = 3

Level = Literal["late", "soon", "note", "good", ""]


@dataclass(frozen=True)
class Head:
    """What stands above every page of a plan."""

    id: UUID
    title: str
    group: str
    group_id: UUID
    status: str


@dataclass(frozen=True)
class MeasureRow:
    """A measure in the table of its family; ``level`` says how it stands, ``days`` how many days it is late."""

    id: UUID
    title: str
    catalogue: str
    own: bool
    answers: str
    person: str
    who: str
    due: ImpreciseDate | None
    status: str
    level: Level
    days: int
    is_open: bool
    more: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> bool:
        """Whether the group calls it otherwise than the catalogue, whose name then stands beside."""
        return bool(self.catalogue) and self.catalogue.casefold() != self.title.casefold()


@dataclass(frozen=True)
class HarmPrompt:
    """What is known to go wrong with an individual measure; ``reason`` why the group goes on, once it said so."""

    measure: UUID
    title: str
    harms: str
    question: str
    reason: str
    form: BaseForm | None
    group_known: bool


@dataclass(frozen=True)
class FamilyCard:
    """The measures of one family, and what is to be thought of before the individual ones.

    ``code`` is of ``measure_families``. What is late stands first, what was given up last.
    """

    letter: str
    code: str
    title: str
    question: str
    rows: tuple[MeasureRow, ...]
    prompts: tuple[HarmPrompt, ...] = ()

    @property
    def more(self) -> int:
        """How many measures a page of the whole plan leaves to the family's own page."""
        return max(0, len(self.rows) - _OF_A_FAMILY)

    @property
    def at_once(self) -> FamilyCard:
        """The family as far as a page of the whole plan shows it."""
        return self.of(self.rows[:_OF_A_FAMILY])

    def of(self, rows: tuple[MeasureRow, ...]) -> FamilyCard:
        """Return the family with some of its measures only, and what is to be thought of before these."""
        shown = {row.id for row in rows}
        return replace(self, rows=rows, prompts=tuple(one for one in self.prompts if one.measure in shown))


@dataclass(frozen=True)
class Mended:
    """Where something is mended: a page of plans, what of, and where on it."""

    page: str
    of: tuple[UUID | str, ...]
    beyond: str = ""


@dataclass(frozen=True)
class GapSubject:
    """What a gap is about, and where it is mended; ``reason`` why the group goes on as it is."""

    title: str
    mended: Mended
    when: ImpreciseDate | None = None
    reason: str = ""
    id: str = ""

    @property
    def address(self) -> str:
        """Where it is mended."""
        return reverse(f"protection:{self.mended.page}", args=self.mended.of) + self.mended.beyond


@dataclass(frozen=True)
class Gap:
    """What is missing or late, said once for all it concerns, with the reason and a way out."""

    code: str
    level: Level
    tag: str
    sentence: str
    why: str
    way_out: str
    subjects: tuple[GapSubject, ...]
    can_go_on: bool = False

    @property
    def heading(self) -> str:
        """Its word, to stand above a page: large at its first letter, also behind “¿”."""
        return re.sub(r"\w", lambda first: first[0].upper(), self.tag, count=1)

    @property
    def first(self) -> tuple[GapSubject, ...]:
        """What it concerns, as far as a page shows it at once."""
        return self.subjects[:_AT_ONCE]

    @property
    def more(self) -> int:
        """How much it concerns besides, on a page of its own."""
        return max(0, len(self.subjects) - _AT_ONCE)


@dataclass(frozen=True)
class ThreatRow:
    """A threat of the plan; ``answered`` by how many measures."""

    threat: Threat
    answered: int

    @property
    def first_incidents(self) -> list[ThreatIncident]:
        """Where it showed itself, as far as a list of threats shows it; its own page has all."""
        return list(self.threat.shown_in.all())[:_INCIDENTS]

    @property
    def more_incidents(self) -> int:
        """In how many incidents it showed itself besides."""
        return max(0, len(self.threat.shown_in.all()) - _INCIDENTS)


@dataclass(frozen=True)
class DecisionRow:
    """A decision of the group; ``ours`` when it is this plan's, ``asked`` what others will ask about it.

    ``counted`` says the votes and how many had to be there, where they were written down.
    """

    decision: Decision
    holds: bool
    ours: bool
    asked: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanPage:
    """A group's plan, whole."""

    head: Head
    words: str
    decision: DecisionRow | None
    review_on: ImpreciseDate | None
    review_by: str
    families: tuple[FamilyCard, ...]
    gaps: tuple[Gap, ...]
    threats: tuple[ThreatRow, ...]
    decisions: tuple[DecisionRow, ...]
    voice: tuple[Piece, ...]
    changes: tuple[str, ...] = ()
    review_stand_in: str = ""
    rhythm: str = ""

    @property
    def first_threats(self) -> tuple[ThreatRow, ...]:
        """What it answers, as far as a page shows it at once."""
        return self.threats[:_THREATS]

    @property
    def more_threats(self) -> int:
        """How much it answers besides, on a page of its own."""
        return max(0, len(self.threats) - _THREATS)


@dataclass(frozen=True)
class FamilyPage:
    """The measures of one family of a plan, a few at a time; ``card`` holds those of ``lines``."""

    head: Head
    card: FamilyCard
    lines: Page[MeasureRow]


@dataclass(frozen=True)
class GapPage:
    """All that one gap of a plan concerns, a few at a time."""

    head: Head
    gap: Gap
    lines: Page[GapSubject]


@dataclass(frozen=True)
class ThreatsPage:
    """What a plan answers, a few at a time."""

    head: Head
    lines: Page[ThreatRow]


@dataclass(frozen=True)
class PlanLine:
    """A plan on the list; ``missing`` are level, word and subject of what it lacks, ``more`` how much else."""

    head: Head
    missing: tuple[tuple[Level, str, str], ...]
    more: int


@dataclass(frozen=True)
class Tab:
    """A way to see fewer plans."""

    code: str
    many: int
    here: bool


@dataclass(frozen=True)
class PlansPage:
    """The plans of a circle."""

    lines: Page[PlanLine]
    tabs: tuple[Tab, ...]
    total: int


@dataclass(frozen=True)
class StartPage:
    """The start of a plan for a group."""

    group: Actor
    form: BaseForm


@dataclass(frozen=True)
class NoPlanPage:
    """Why no plan is made for somebody, and the groups one could be made with."""

    actor: Actor
    sentence: str
    groups: tuple[Actor, ...]


@dataclass(frozen=True)
class CatalogueEntry:
    """A measure of the catalogue, as a question; ``has`` when the plan has it already."""

    code: str
    label: str
    prompt: str
    has: bool


@dataclass(frozen=True)
class CatalogueFamily:
    """A family of the catalogue."""

    letter: str
    title: str
    definition: str
    entries: tuple[CatalogueEntry, ...]


@dataclass(frozen=True)
class ChoosePage:
    """What else could protect us: what the group already does first, then the catalogue as questions.

    ``changes`` is what the sessions behind the plan said they can change, each with the part of life it belongs to.
    """

    head: Head
    form: BaseForm
    families: tuple[CatalogueFamily, ...]
    threat: UUID | None = None
    changes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class MeasurePage:
    """One measure, new or known."""

    head: Head
    form: BaseForm
    family: str
    label: str
    prompt: str
    definition: str
    harms: str
    measure: Measure | None = None
    meanwhile: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SheetPage:
    """A page of a plan with one form: a threat, a decision, a review."""

    head: Head
    form: BaseForm
    threat: Threat | None = None
    meanwhile: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WithdrawPage:
    """A decision that is taken back: what stands on it, and where whoever looks came from."""

    group: str
    whose: str
    back: str
    form: BaseForm
    decision: Decision
    stopped: Stopped


@dataclass(frozen=True)
class GroupDecisionsPage:
    """What a group decided, also what it took back."""

    group: str
    group_id: UUID
    rows: tuple[DecisionRow, ...]


@dataclass(frozen=True)
class EndPage:
    """The end of a measure: how, why, and by which decision."""

    head: Head
    title: str
    form: BaseForm
    needs_decision: bool
    standing: bool


@dataclass(frozen=True)
class AdoptPage:
    """Before a plan is adopted: what is missing, and by which decision."""

    head: Head
    form: BaseForm
    gaps: tuple[Gap, ...] = field(default_factory=tuple)
    can: bool = False
    changes: tuple[str, ...] = ()
