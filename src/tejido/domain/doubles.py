"""Words that probably say the same thing: two people who write down at once what they heard in one meeting.

Nothing is refused for good: whoever writes is shown what is there, and says that theirs is another one. The share of
equal letters from which two texts are taken as one is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Final

from tejido.domain.errors import RuleBroken
from tejido.domain.names import sort_key
from tejido.domain.words import N_

#: Of all letters so many are the same, in the same order. Assumed.
ALIKE: Final = 0.92
#: Only so much of a long text is compared.
_LONGEST: Final = 400


class LikelyDouble(RuleBroken):
    """What would be written down is probably there already; ``known`` are the words that stand there."""

    message = N_(
        "Something very like this is written down here already, perhaps by somebody else a moment ago. Nothing was "
        "added yet, and what you typed was kept. If yours is another one, send it again."
    )

    def __init__(self, known: str = "") -> None:
        self.known = known
        super().__init__()


def alike(one: str, other: str) -> bool:
    """Say whether two texts probably say the same: equal but for accents, case and punctuation, or almost.

    A digit that differs makes them different: “house 1” is not “house 2”.
    """
    first, second = sorted((sort_key(one[:_LONGEST]), sort_key(other[:_LONGEST])))  # neither comes first
    if first == second:
        return bool(first) or one.strip() == other.strip()
    if _digits(first) != _digits(second) or min(len(first), len(second)) < ALIKE * max(len(first), len(second)):
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= ALIKE


def refuse_double(words: str, known: Iterable[str]) -> None:
    """Raise ``LikelyDouble`` when one of the texts that are ``known`` probably says the same."""
    for one in known:
        if alike(words, one):
            raise LikelyDouble(one)


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())
