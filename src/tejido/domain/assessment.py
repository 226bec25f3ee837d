"""How a group sees a threat: in words first, with five dots beside them, and never as one number.

The manuals read risk as threats and vulnerabilities against capacities (Protection International, *New Protection
Manual for Human Rights Defenders*; Front Line Defenders, *Workbook on Security*): a way of looking, not arithmetic.
So a level here is one of five steps with the group's words behind it. It can be compared with the same look at the
same threat at another time, and with nothing else: it refuses to be added, multiplied or averaged.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal

from tejido.domain.errors import BadInput, RuleBroken
from tejido.domain.words import ENGLISH, N_, Words

#: The five steps of every level, least first. Ordinal: the distance between two of them means nothing.
STEPS: Final = (1, 2, 3, 4, 5)
FULL, EMPTY = "●", "○"

_NOT_A_STEP: Final = N_("A level is one of five dots. What you typed was kept; choose 1, 2, 3, 4 or 5, or none.")

Aspect = Literal["threat", "vulnerability", "capacity"]
#: The three looks at a threat, in the order in which a group takes them.
ASPECTS: Final[tuple[Aspect, ...]] = ("threat", "vulnerability", "capacity")
#: What each look is called where the group speaks.
ASPECT_WORDS: Final[dict[Aspect, str]] = {
    "threat": N_("Threat"),
    "vulnerability": N_("What exposes us"),
    "capacity": N_("What protects us"),
}


class LevelWithoutWords(RuleBroken):
    """Dots would stand alone, with nobody's words behind them."""

    message = N_(
        "Dots alone say nothing to whoever was not there. What you chose was kept; write beside them, in the group's "
        "own words, what makes you see it so."
    )


@dataclass(frozen=True, slots=True)
class Level:
    """One of five steps and the words behind it; there is none without words."""

    step: int
    words: str

    def __post_init__(self) -> None:
        if isinstance(self.step, bool) or self.step not in STEPS:
            raise BadInput(_NOT_A_STEP)
        if not self.words.strip():
            raise LevelWithoutWords

    @property
    def dots(self) -> str:
        """The step as five dots."""
        return dots(self.step)


def dots(step: int | None) -> str:
    """Return a step as five dots, those reached full; nothing for no step."""
    return "" if step is None else FULL * step + EMPTY * (len(STEPS) - step)


def level_of(step: int | None, words: str) -> Level | None:
    """Return what a group said of one look: words alone need no dots, dots alone are refused.

    Raises ``LevelWithoutWords`` and ``BadInput`` (no step of the five).
    """
    return None if step is None else Level(step, words)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a threat: the group's words, its dots if it gave any, and who saw it otherwise."""

    words: str = ""
    step: int | None = None
    disagreed: str = ""

    def __post_init__(self) -> None:
        level_of(self.step, self.words)

    @property
    def said(self) -> bool:
        """Whether anything was said."""
        return bool(self.words or self.disagreed)

    @property
    def dots(self) -> str:
        """The step as five dots; nothing where the group gave none."""
        return dots(self.step)


@dataclass(frozen=True, slots=True)
class Picture:
    """How a group sees one threat: three looks side by side. There is no fourth that would sum them up."""

    threat: Look = Look()
    vulnerability: Look = Look()
    capacity: Look = Look()
    why_changed: str = ""

    def look(self, aspect: Aspect) -> Look:
        """Return one of the three looks."""
        found: Look = getattr(self, aspect)
        return found

    @property
    def said(self) -> bool:
        """Whether anything was said in any of the three."""
        return any(self.look(aspect).said for aspect in ASPECTS)

    @property
    def whole(self) -> bool:
        """Whether the group found words for each of the three."""
        return all(self.look(aspect).words for aspect in ASPECTS)


def what_changed(before: Picture, now: Picture, words: Words = ENGLISH) -> tuple[str, ...]:
    """Say how a group sees a threat otherwise than at an earlier session, a sentence for each look, and why.

    Only what both sessions said is compared. Nothing is said of a look that stayed as it was.
    """
    told = tuple(
        said for aspect in ASPECTS if (said := _change_of(aspect, before.look(aspect), now.look(aspect), words))
    )
    if told and not now.why_changed:
        return (*told, words.gettext("Nobody wrote down yet why: ask the group what made the difference."))
    return (*told, now.why_changed) if told and now.why_changed else told


def _change_of(aspect: Aspect, before: Look, now: Look, words: Words) -> str:
    if before.step is None or now.step is None or before.step == now.step:
        return ""
    more = now.step > before.step
    sentence = {
        ("threat", True): N_("The threat looks greater to us than then ({before} → {now})."),
        ("threat", False): N_("The threat looks smaller to us than then ({before} → {now})."),
        ("vulnerability", True): N_("More exposes us than then ({before} → {now})."),
        ("vulnerability", False): N_("Less exposes us than then ({before} → {now})."),
        ("capacity", True): N_("More protects us than then ({before} → {now})."),
        ("capacity", False): N_("Less protects us than then ({before} → {now})."),
    }[aspect, more]
    return words.gettext(sentence).format(before=before.dots, now=now.dots)


def still_unsaid(picture: Picture, words: Words = ENGLISH) -> tuple[str, ...]:
    """Return what a picture has not looked at yet, as questions to the group; it may well go on without."""
    asked = {
        "threat": N_("How strong does it look to you today, and what makes you see it so?"),
        "vulnerability": N_("What of yours lays you open to it?"),
        "capacity": N_("And what do you already have against it?"),
    }
    return tuple(words.gettext(asked[aspect]) for aspect in ASPECTS if not picture.look(aspect).words)


#: For the test that watches over it: whatever a picture holds, none of it is a figure for the group.
PICTURE_PARTS: Final = tuple(field.name for field in fields(Picture))
