"""What the pages of plans show: one frozen dataclass for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from django.forms import BaseForm

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor
from tejido.protection.models import Decision, Measure, Threat
from tejido.protection.queries import Stopped
from tejido.protection.saying import Piece
from tejido.web.paging import Page

#: A gap names so many measures or threats at once; the others are folded away.
_AT_ONCE: Final = 8

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
    effect_on_group: str
    effect_on_individuals: str
    more: tuple[tuple[str, str], ...] = ()


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
    """The measures of one family, and what is to be thought of before the individual ones."""

    letter: str
    title: str
    question: str
    rows: tuple[MeasureRow, ...]
    prompts: tuple[HarmPrompt, ...] = ()


@dataclass(frozen=True)
class GapSubject:
    """What a gap is about, and where it is mended; ``reason`` why the group goes on as it is."""

    title: str
    address: str
    when: ImpreciseDate | None = None
    reason: str = ""
    id: str = ""


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
    def first(self) -> tuple[GapSubject, ...]:
        """What it concerns, as far as a page shows it at once."""
        return self.subjects[:_AT_ONCE]

    @property
    def rest(self) -> tuple[GapSubject, ...]:
        """What it concerns besides, folded away."""
        return self.subjects[_AT_ONCE:]


@dataclass(frozen=True)
class ThreatRow:
    """A threat of the plan; ``answered`` by how many measures."""

    threat: Threat
    answered: int


@dataclass(frozen=True)
class DecisionRow:
    """A decision of the group; ``ours`` when it is this plan's, ``asked`` what others will ask about it."""

    decision: Decision
    holds: bool
    ours: bool
    asked: tuple[str, ...] = ()


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
    """What else could protect us: what the group already does first, then the catalogue as questions."""

    head: Head
    form: BaseForm
    families: tuple[CatalogueFamily, ...]
    threat: UUID | None = None


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
