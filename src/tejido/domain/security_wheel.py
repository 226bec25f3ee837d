"""The security wheel: eight spokes, and a wheel turns only when none is much shorter than the others.

Source: Protection International, *New Protection Manual for Human Rights Defenders* (security wheel). It is drawn
anew at times and compared with itself, never with the wheel of another group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tejido.domain.assessment import STEPS
from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH, N_, Words

SPOKES: Final = 8
#: From this balance on the wheel is said to turn. Assumed.
TURNS: Final = Fraction(3, 5)

_NOT_A_STEP: Final = N_("A spoke reaches to one of five rings. What you typed was kept; choose 1 to 5, or none.")


@dataclass(frozen=True, slots=True)
class Spoke:
    """A spoke with the group's own label; ``step`` 1 to 5, or ``None`` when the group left it open."""

    label: str
    step: int | None = None

    def __post_init__(self) -> None:
        if self.step is not None and (isinstance(self.step, bool) or self.step not in STEPS):
            raise BadInput(_NOT_A_STEP)


def balance(spokes: Sequence[Spoke]) -> Fraction | None:
    """Return shortest ÷ longest of the spokes that were drawn, above 0 and at most 1; ``None`` for fewer than two."""
    drawn = [spoke.step for spoke in spokes if spoke.step is not None]
    return Fraction(min(drawn), max(drawn)) if len(drawn) > 1 else None


def shortest(spokes: Sequence[Spoke]) -> tuple[Spoke, ...]:
    """Return the spokes that are shorter than the longest and that no other is shorter than."""
    drawn = [spoke.step for spoke in spokes if spoke.step is not None]
    if not drawn or min(drawn) == max(drawn):
        return ()
    return tuple(spoke for spoke in spokes if spoke.step == min(drawn))


def said_of_wheel(spokes: Sequence[Spoke], words: Words = ENGLISH) -> str:
    """Say whether the wheel turns and what holds it up; nothing while fewer than two spokes are drawn."""
    found = balance(spokes)
    if found is None:
        return ""
    low = shortest(spokes)
    if not low:
        return words.gettext("All spokes are equally long: the wheel turns. Longer spokes would carry it further.")
    names = ", ".join(spoke.label for spoke in low)
    if found >= TURNS:
        return words.gettext("The wheel turns, a little unevenly. Shortest: {names}.").format(names=names)
    return words.gettext(
        "The wheel does not turn: it stands still on {names}. What would make that spoke a little longer?"
    ).format(names=names)


def wheel_changes(before: Sequence[Spoke], now: Sequence[Spoke], words: Words = ENGLISH) -> tuple[str, ...]:
    """Say which spokes grew and which shrank since an earlier wheel; only spokes of the same label are compared."""
    known = {spoke.label: spoke.step for spoke in before}
    pairs = [(spoke.label, known.get(spoke.label), spoke.step) for spoke in now]
    both = [(label, old, new) for label, old, new in pairs if old is not None and new is not None]
    told = []
    if grown := [label for label, old, new in both if new > old]:
        told.append(words.gettext("Longer than then: {names}.").format(names=", ".join(grown)))
    if shrunk := [label for label, old, new in both if new < old]:
        told.append(words.gettext("Shorter than then: {names}.").format(names=", ".join(shrunk)))
    return tuple(told)
