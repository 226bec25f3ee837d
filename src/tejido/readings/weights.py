"""What each relation carries in this circle: as it chose, and as its own records taught where the gate is open."""

from __future__ import annotations

from collections.abc import Iterable

from tejido.domain.affectation_weights import LearnedWeight, Weights, with_learned
from tejido.domain.words import Words
from tejido.readings.settings import chosen_settings
from tejido.readings.warning_kept import last_verdict
from tejido.vocabularies import vocabulary


def weights_now() -> Weights:
    """Return the weights of the circle at work; none is learned while the gate is shut or nothing was reckoned."""
    chosen, verdict = chosen_settings().weights(), last_verdict()
    return with_learned(chosen, verdict.shares) if verdict is not None and verdict.open else chosen


def sure_words(learned: Iterable[LearnedWeight], words: Words, lang: str) -> str:
    """Return how sure what was learned is: how much each relation carries, and between which ends; empty of none."""
    told = []
    for one in learned:
        said = words.gettext(
            "“{relation}” carries {n} in 100, by our records between {low} and {high}; assumed was {was}"
        )
        numbers = {"n": one.weight, "low": one.low, "high": one.high, "was": one.assumed}
        rounded = {name: round(100 * number) for name, number in numbers.items()}
        told.append(said.format(relation=relation_words(one.relation, words, lang), **rounded))
    return "; ".join(told)


def relation_words(relation: str, words: Words, lang: str) -> str:
    """Return what a relation is called."""
    known = {
        "collective": words.gettext("belonging together"),
        "territory": words.gettext("being near"),
        "aggressor": words.gettext("a common aggressor"),
    }
    return known.get(relation) or vocabulary("tie_kinds").label(relation, lang)
