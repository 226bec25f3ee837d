"""What the pages of the journal show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tejido.web.paging import Page


@dataclass(frozen=True)
class JournalLine:
    """One thing done: when, by whom, in words; never what it was about. ``href`` leads to a dossier opened."""

    id: UUID
    at: datetime
    who: str
    what: str
    href: str = ""


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    code: str
    name: str
    here: bool


@dataclass(frozen=True)
class JournalPage:
    """What was done here, newest first; ``total`` lines in all, those shown narrowed by the filters."""

    lines: Page[JournalLine]
    total: int
    people: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    narrowed: bool


@dataclass(frozen=True)
class MyJournalPage:
    """What was done in the name of whoever reads, newest first; ``whole`` where they may read it all."""

    lines: Page[JournalLine]
    total: int
    whole: bool
