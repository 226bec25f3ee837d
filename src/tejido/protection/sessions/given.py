"""What actions on sessions are given, as plain frozen values, and how a body of a part is kept tidy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID

from tejido.domain.assessment_presence import Present
from tejido.domain.dates import ImpreciseDate
from tejido.fabric.making import paragraphs

#: One value of a part: a text, a number, a yes, or several codes.
Value: TypeAlias = str | int | bool | list[str]
Body: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class AssessmentGiven:
    """What is said of a session at its head; ``joint`` is the session that may hear it."""

    title: str = ""
    held_on: ImpreciseDate | None = None
    place: str = ""
    language: str = ""
    facilitator: str = ""
    agenda: str = ""
    all_present: int | None = None
    present: tuple[Present, ...] = ()
    modules: tuple[str, ...] = ()
    joint: UUID | None = None


@dataclass(frozen=True, slots=True)
class AssessedGiven:
    """A threat with its five steps, as a group tells it."""

    words: str
    kind: str = ""
    means: str = ""
    facts: str = ""
    pattern: str = ""
    objective: str = ""
    source: str = ""
    conclusion: str = ""
    incidents: tuple[UUID, ...] = ()
    earlier: UUID | None = None


@dataclass(frozen=True, slots=True)
class PartTold:
    """What somebody typed for one place of a step, and what they had before their eyes when they began.

    ``revision`` is that of the part they saw, 0 when there was none; ``seen`` is the print of what it said.
    """

    about: str
    body: Body
    revision: int = 0
    seen: str = ""
    threat: UUID | None = None
    actor: UUID | None = field(default=None)


def tidy(values: Mapping[str, object]) -> Body:
    """Return what was said, texts cleaned, and nothing of what was left empty."""
    found: Body = {}
    for name, value in values.items():
        if isinstance(value, str):
            value = paragraphs(value).strip()
        if isinstance(value, bool | int | str) and value not in ("", False):
            found[name] = value
        elif isinstance(value, list) and value:
            found[name] = [str(one) for one in value]
    return found


def print_of(body: Mapping[str, object]) -> str:
    """Return a short print of a body: two that say the same have the same."""
    return sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]
