"""Incidents before and after a measure: what can be counted, and how little it proves.

Two stretches of the same length are compared, one before and one after the day a measure was in place. If nothing
had changed, each incident would fall into either with equal chance, so the smaller share follows the binomial
distribution with one half (the exact conditional test of two Poisson counts: Przyborowski and Wilenski 1940,
Biometrika 31, 313-323). That an attack did not happen proves little (NRC, REFERENCE); it is always said.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import comb
from typing import Final

from tejido.domain.words import ENGLISH, N_, Words

#: Longest stretch looked at on each side, in days; shortest that says anything.
LONGEST: Final = 180
SHORTEST: Final = 14
#: Below this chance a difference is said to be hard to explain by chance alone.
_RARE: Final = 0.05

_NOTHING: Final = N_("That nothing happened proves little: nobody knows what would have happened without it.")
_MAY_BE_CHANCE: Final = N_("It may be chance: with so few incidents it cannot be known.")
_FEWER: Final = N_(
    "So great a difference is seldom chance alone; that it is because of the measure, only those who live there "
    "can judge."
)
_MORE: Final = N_("More happened than chance alone would explain: ask whether the measure itself does harm.")


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Incidents in the ``days`` before and in the ``days`` after; ``chance`` of so uneven a split by luck, 0 to 1."""

    days: int
    before: int
    after: int
    chance: float

    def sentence(self, words: Words = ENGLISH) -> str:
        """Return the two counts and what they do not prove."""
        if self.days < SHORTEST:
            return words.gettext("It is too early to compare: it was in place for only {days} days.").format(
                days=self.days
            )
        told = words.gettext(
            "In the {days} days before there were {before} incidents; in the {days} days since, {after}."
        ).format(days=self.days, before=self.before, after=self.after)
        return f"{told} {words.gettext(self._doubt())}"

    def _doubt(self) -> str:
        if self.before + self.after == 0:
            return _NOTHING
        if self.chance >= _RARE:
            return _MAY_BE_CHANCE
        return _FEWER if self.after < self.before else _MORE


def before_and_after(placed: date, incidents: Iterable[date], today: date) -> BeforeAfter:
    """Count incidents on both sides of the day a measure was in place; that day itself counts as after."""
    days = max(0, min((today - placed).days + 1, LONGEST))
    first, end = placed - timedelta(days=days), placed + timedelta(days=days)
    dated = list(incidents)
    before = sum(first <= one < placed for one in dated)
    after = sum(placed <= one < end for one in dated)
    return BeforeAfter(days, before, after, chance_of(before, after))


def chance_of(before: int, after: int) -> float:
    """Return how often two equal stretches would differ at least so much if nothing had changed (two-sided)."""
    total = before + after
    ways = sum(comb(total, k) for k in range(min(before, after) + 1))
    return min(1.0, 2.0 * float(ways / (1 << total)))
