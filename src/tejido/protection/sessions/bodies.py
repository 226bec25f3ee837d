"""What stands in the parts of a session, as the values the rules know; what an import garbled is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tejido.domain.assessment import ASPECTS, STEPS, Look, Picture
from tejido.domain.assessment_priorities import MOST_VOTES, Choosing, Priorities, in_order
from tejido.domain.fabric_self import THREADS, FabricPicture
from tejido.domain.security_wheel import Spoke
from tejido.protection.sessions.models import AssessmentPart
from tejido.vocabularies import vocabulary

Said = Mapping[str, object]
#: The place of a step that has only one.
MAIN: Final = "main"
PICTURE: Final = "picture"
MODULE: Final = "module-"


def text(body: Said, name: str) -> str:
    """Return a text of a body, empty when there is none."""
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


def step(body: Said, name: str) -> int | None:
    """Return one of the five steps, or nothing."""
    value = body.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value in STEPS else None


def codes(body: Said, name: str) -> tuple[str, ...]:
    """Return several codes of a body."""
    value = body.get(name)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def picture_of(body: Said) -> Picture:
    """Return a threat's picture; dots without words are left out."""

    def look(aspect: str) -> Look:
        words = text(body, f"{aspect}_words")
        return Look(words, step(body, f"{aspect}_step") if words.strip() else None, text(body, f"{aspect}_disagreed"))

    threat, vulnerability, capacity = (look(aspect) for aspect in ASPECTS)
    return Picture(threat, vulnerability, capacity, text(body, "why_changed"))


def wheel_of(body: Said, lang: str) -> tuple[Spoke, ...]:
    """Return the eight spokes, with the group's own labels where it gave any."""
    return tuple(
        Spoke(text(body, f"label_{one.code}") or one.label(lang), step(body, f"step_{one.code}"))
        for one in vocabulary("assessment_spokes")
    )


def fabric_of(body: Said) -> FabricPicture:
    """Return the threads that were spoken of."""
    found = {thread: step(body, f"step_{thread}") for thread in THREADS}
    return FabricPicture({thread: one for thread, one in found.items() if one is not None})


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the group put first, how it chose, why, and who saw it otherwise."""

    choosing: Choosing
    priorities: Priorities
    why: str = ""
    disagreed: str = ""


def chosen_of(body: Said, threats: Sequence[UUID]) -> Chosen:
    """Return the group's order of its threats."""
    choosing: Choosing = "consensus" if text(body, "choosing") == "consensus" else "vote"
    given = {str(pk): _count(body.get(f"given_{pk.hex}")) for pk in threats}
    return Chosen(
        choosing, in_order(choosing, [str(pk) for pk in threats], given), text(body, "why"), text(body, "disagreed")
    )


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and 0 <= value <= MOST_VOTES else None


def body_at(parts: Iterable[AssessmentPart], step_code: str, about: str = MAIN) -> Said:
    """Return what one place of a session says; nothing when nothing was said there."""
    found: Said = next((part.body for part in parts if part.step == step_code and part.about == about), {})
    return found
