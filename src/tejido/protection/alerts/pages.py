"""What the pages of alerts show: one frozen dataclass for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.forms import BaseForm

from tejido.protection.following.pages import Said
from tejido.protection.pages import Level

Second = Literal["none", "ask", "waits", "agreed"]


@dataclass(frozen=True)
class AlertLine:
    """An alert on its group's list."""

    id: UUID
    words: str
    asked: str
    state: str
    level: Level
    sentence: str
    urgency: str


@dataclass(frozen=True)
class AlertsPage:
    """A group's calls to others; what is there to begin one, and what is missing."""

    group: str
    group_id: UUID
    lines: tuple[AlertLine, ...]
    decided: bool
    reach: bool


@dataclass(frozen=True)
class CallLine:
    """One of those to be told; ``told`` once somebody did."""

    id: UUID
    place: int
    name: str
    way: str
    stand_in: str
    level: Level
    state: str
    told: str
    answer: str
    found: tuple[Said, ...]
    writable: bool


@dataclass(frozen=True)
class AlertPage:
    """A call to others, whole: what it says, what stands behind it, how far it has come."""

    group: str
    group_id: UUID
    id: UUID
    state: str
    level: Level
    draft: bool
    open: bool
    stands: bool
    words: str
    asked: str
    voice: str
    facts: tuple[tuple[str, str], ...]
    decision: str
    outcome: str
    found: tuple[Said, ...]
    calls: tuple[CallLine, ...]
    second: Second
    decided: bool
    addable: bool


@dataclass(frozen=True)
class BeginPage:
    """Before others are told: by which decision, and what still stands in the way."""

    group: str
    group_id: UUID
    id: UUID
    words: str
    asked: str
    form: BaseForm
    can: bool
    second: Second
    found: tuple[Said, ...]
