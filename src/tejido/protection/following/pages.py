"""What the pages of following up show: one frozen dataclass for each."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.forms import BaseForm

from tejido.domain.plan_findings import Level as FindingLevel
from tejido.protection.pages import Level
from tejido.web.paging import Page


@dataclass(frozen=True)
class Said:
    """Something found: how grave, in which sentence, why, and what can be done."""

    level: Level
    sentence: str
    why: str = ""
    way_out: str = ""


@dataclass(frozen=True)
class Item:
    """One thing kept: its words, how it stands in a word, what is said of it, what was found about it."""

    title: str
    address: str
    kind: str = ""
    level: Level = ""
    state: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    found: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Way:
    """Where something is begun."""

    words: str
    address: str


@dataclass(frozen=True)
class Shelf:
    """The things of one kind that a group keeps."""

    code: str
    title: str
    voice: str
    empty: str
    items: tuple[Item, ...]
    ways: tuple[Way, ...]
    found: tuple[Said, ...] = ()
    more: int = 0


@dataclass(frozen=True)
class TogetherPage:
    """How a group holds together what it decided: one shelf after the other."""

    group: str
    group_id: UUID
    voice: tuple[str, ...]
    shelves: tuple[Shelf, ...]
    plan: UUID | None = None
    one: bool = False


@dataclass(frozen=True)
class KeepPage:
    """The sheet of one thing that a group keeps."""

    group: str
    group_id: UUID | None
    shelf: str
    title: str
    voice: str
    form: BaseForm
    back: str
    remove: str = ""
    meanwhile: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class LateLine:
    """One thing that is late, or that nobody owns: whose, what, why, and where it is seen to."""

    level: FindingLevel
    group: str
    subject: str
    sentence: str
    way_out: str
    address: str


@dataclass(frozen=True)
class LateSection:
    """Late things of one sort (``code``); ``more`` how many are not shown."""

    code: str
    title: str
    lines: tuple[LateLine, ...]
    more: int = 0

    @property
    def many(self) -> int:
        """How many there are, shown or not."""
        return len(self.lines) + self.more


@dataclass(frozen=True)
class LatePage:
    """What is late, what nobody owns, what was decided and not done."""

    sections: tuple[LateSection, ...]
    total: int
    only: str = ""


@dataclass(frozen=True)
class ReviewLine:
    """A review that was held."""

    when: str
    kind: str
    present: str
    facts: tuple[tuple[str, str], ...]
    asked: tuple[str, ...]


@dataclass(frozen=True)
class SignLine:
    """What was seen of a sign."""

    level: Level
    direction: str
    when: str
    words: str


@dataclass(frozen=True)
class ComparedLine:
    """A measure with what was seen of it, and the incidents before and after, honestly."""

    id: UUID
    title: str
    works_sign: str
    harm_sign: str
    signs: tuple[SignLine, ...]
    before_after: str


@dataclass(frozen=True)
class ReviewsPage:
    """The reviews of a plan, and what can be said of each measure before and after."""

    plan: UUID
    title: str
    group: str
    open: bool
    reviews: tuple[ReviewLine, ...]
    unlooked: tuple[str, ...]
    compared: Page[ComparedLine]
    before_after: str = ""
