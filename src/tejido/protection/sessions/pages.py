"""What the pages of sessions show: one frozen dataclass for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm

from tejido.domain.assessment import Picture
from tejido.domain.assessment_threats import Prompt
from tejido.drawing.svg import Drawing
from tejido.fabric.models import Actor
from tejido.protection.models import Plan
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart
from tejido.protection.sessions.step_forms import PartForm, PlaceForm
from tejido.web.paging import Page


@dataclass(frozen=True)
class StepMark:
    """A step in the row of steps: said, here, or still open."""

    code: str
    said: bool
    here: bool


@dataclass(frozen=True)
class SessionHead:
    """What stands above every page of a session."""

    id: UUID
    title: str
    group: str
    group_id: UUID
    present: str
    status: str
    steps: tuple[StepMark, ...]


@dataclass(frozen=True)
class LookRow:
    """One look at a threat: what it is called, its dots, the group's words and who saw it otherwise."""

    name: str
    dots: str
    words: str
    disagreed: str


@dataclass(frozen=True)
class ThreatCard:
    """A threat, its five steps and its picture; ``then`` is how an earlier session saw it, ``changed`` what moved."""

    threat: AssessedThreat
    looks: tuple[LookRow, ...]
    picture: Picture
    prompts: tuple[Prompt, ...]
    place: int | None = None
    then: tuple[LookRow, ...] = ()
    then_title: str = ""
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Beside:
    """What another session of the group said at the same step."""

    id: UUID
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class InterestRow:
    """Somebody with an interest in the group's work."""

    part: AssessmentPart
    name: str
    stance: str
    weight: str
    stakes: tuple[str, ...]
    powers: tuple[str, ...]
    interest: str
    can_do: str


@dataclass(frozen=True)
class SessionPage:
    """A session, whole."""

    head: SessionHead
    session: Assessment
    first: str
    work: tuple[str, ...]
    cards: tuple[ThreatCard, ...]
    changes: tuple[tuple[str, str], ...]
    first_things: tuple[str, ...]
    unspoken: tuple[str, ...]
    said: tuple[tuple[str, str, tuple[str, ...]], ...]
    asked: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    wheel: Drawing
    wheel_said: tuple[str, ...]
    fabric: Drawing
    fabric_said: tuple[str, ...]
    separate: tuple[Assessment, ...]
    earlier: tuple[Assessment, ...]


@dataclass(frozen=True)
class StepPage:
    """One step of a session: its forms, what modules ask, and what other sessions said."""

    head: SessionHead
    step: str
    question: str
    forms: tuple[PartForm, ...]
    asks: tuple[PartForm, ...]
    following: str
    drawn: Drawing | None = None
    said: tuple[str, ...] = ()
    cards: tuple[ThreatCard, ...] = ()
    interests: tuple[InterestRow, ...] = ()
    earlier: tuple[Beside, ...] = ()
    separate: tuple[Beside, ...] = ()
    heard: tuple[AssessedThreat, ...] = ()
    more: UUID | None = None
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowPage:
    """A page with one form of a session: its head, a threat, somebody with an interest."""

    head: SessionHead
    form: BaseForm
    prompts: tuple[Prompt, ...] = ()
    threat: AssessedThreat | None = None
    row: AssessmentPart | None = None
    meanwhile: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class OpenPage:
    """The start of a session of a group."""

    group: Actor
    form: BaseForm
    known: tuple[Assessment, ...]


@dataclass(frozen=True)
class Sheaf:
    """The papers of one step, each a form; ``code`` is of ``assessment_steps``, or ``modules``."""

    code: str
    title: str
    forms: Sequence[PlaceForm]


@dataclass(frozen=True)
class ResultsPage:
    """What stands on the papers of a meeting, in their order; ``half`` is 1 or 2."""

    head: SessionHead
    half: int
    who: PlaceForm | None
    lines: BaseForm | None
    sides: BaseForm | None
    sheaves: tuple[Sheaf, ...]
    unplaced: tuple[str, ...] = ()


@dataclass(frozen=True)
class FinishPage:
    """From a session to a plan."""

    head: SessionHead
    form: BaseForm
    plans: tuple[Plan, ...]


@dataclass(frozen=True)
class ThenPage:
    """This session beside those before it: what changed, and why."""

    head: SessionHead
    cards: tuple[ThreatCard, ...]
    wheel: Drawing
    wheel_said: tuple[str, ...]
    fabric: Drawing
    fabric_said: tuple[str, ...]
    sessions: tuple[Assessment, ...]
    appeared: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()


@dataclass(frozen=True)
class SessionLine:
    """A session on a list."""

    session: Assessment
    title: str
    present: str


@dataclass(frozen=True)
class SessionsPage:
    """The sessions of a circle."""

    lines: Page[SessionLine]


@dataclass(frozen=True)
class ModuleRow:
    """A module: what it is called, for whom it is, what it asks; ``own`` is its id when the circle wrote it."""

    title: str
    about: str
    questions: tuple[str, ...]
    own: UUID | None = None


@dataclass(frozen=True)
class ModulesPage:
    """The modules that sessions may choose, and a form for one of one's own."""

    known: tuple[ModuleRow, ...]
    form: BaseForm
    example: str
