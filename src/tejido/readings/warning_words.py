"""A warning in words: how likely, why, from what, and what cannot be said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from tejido.domain.words import N_, Words
from tejido.readings.warning import Coming, Kept, Verdict
from tejido.vocabularies import vocabulary

_PARTS: Final = {
    "background": N_("what moves slowly, whoever was struck"),
    "itself": N_("what happened to it before"),
    "everywhere": N_("what happened to others anywhere, in the last days"),
    "collective": N_("what happened to groups it belongs to or that belong to it"),
    "territory": N_("what happened near by"),
    "aggressor": N_("what the same aggressors did"),
}
_ALONG = N_("what happened to those tied to it ({kind})")
#: Reasons that bring less than this share are not told.
_LEAST_SHARE: Final = 0.05
_MOST_REASONS: Final = 3


def odds(chance: float, words: Words) -> str:
    """Return a chance as people say it: about 1 in 5."""
    if chance < 0.02:
        return words.gettext("less than 1 in 50")
    if chance <= 0.3:
        many = round(1 / chance)
        return words.gettext("about 1 in {n}").format(n=many if many <= 10 else 5 * round(many / 5))
    if chance < 0.95:
        return words.gettext("about {n} in 10").format(n=round(10 * chance))
    return words.gettext("more than 9 in 10")


def coming_sentence(one: Coming, days: int, words: Words) -> str:
    """Return what may come to one collective or territory."""
    said = words.gettext("The chance of an incident in these {days} days is {odds}.")
    if one.high >= 2:
        said = words.gettext(
            "The chance of an incident in these {days} days is {odds}; in 9 of 10 cases there are {low} to {high}."
        )
    return said.format(days=days, odds=odds(one.chance, words), low=round(one.low), high=round(one.high))


def lately_sentence(one: Coming, words: Words) -> str:
    """Return what came in the last stretch beside what was expected of it; empty where there is no past."""
    if not one.past:
        return ""
    last = one.past[-1]
    if last.seen > last.high:
        return words.gettext("More came lately than was expected: {seen}, where at most {high} were.").format(
            seen=last.seen, high=round(last.high)
        )
    if last.seen < last.low:
        return words.gettext("Less came lately than was expected: {seen}, where at least {low} were.").format(
            seen=last.seen, low=round(last.low)
        )
    said = words.gettext("Lately it was as expected: {seen} came.")
    return said.format(seen=last.seen) if last.seen else words.gettext("Lately nothing came.")


def part_words(part: str, words: Words, lang: str) -> str:
    """Return what a part of the model is, in words."""
    if part in _PARTS:
        return words.gettext(_PARTS[part])
    return words.gettext(_ALONG).format(kind=vocabulary("tie_kinds").label(part, lang).lower())


def reasons(parts: Iterable[tuple[str, float]], gate: Verdict, words: Words, lang: str) -> list[tuple[str, int, str]]:
    """Return the reasons that bring most: in words, how many in a hundred, ``learned`` or ``assumed``."""
    found = list(parts)
    whole = sum(part for _, part in found)
    return [
        (part_words(name, words, lang), round(100 * part / whole), basis(name, gate))
        for name, part in found[:_MOST_REASONS]
        if whole > 0 and part / whole >= _LEAST_SHARE
    ]


def basis(part: str, gate: Verdict) -> str:
    """Say whether a part is ``learned`` from these records (the slow rate always is) or ``assumed``."""
    return "learned" if part == "background" or part in gate.learned else "assumed"


def gate_sentence(gate: Verdict, words: Words) -> str:
    """Return whether the model may say who follows whom, and if not, why not."""
    if gate.open:
        return words.gettext(
            "Looking back over {days} days, it foretold better when it knew who is tied to whom than when it only "
            "followed how much happens. So ties count in what is said here."
        ).format(days=gate.days)
    if gate.strikes < gate.fewest:
        return words.ngettext(
            "In the days it could be tried on there is {n} incident. That is too little to learn who follows whom, "
            "so only how much happens, moving slowly, counts in what is said here.",
            "In the days it could be tried on there are {n} incidents. That is too little to learn who follows whom, "
            "so only how much happens, moving slowly, counts in what is said here.",
            gate.strikes,
        ).format(n=gate.strikes)
    return words.gettext(
        "Looking back over {days} days with {n} incidents, knowing who is tied to whom did not help to foretell. So "
        "nothing here says that one incident brings another: only how much happens, moving slowly, counts."
    ).format(days=gate.days, n=gate.strikes)


def kept_sentence(kept: Kept, words: Words) -> str:
    """Return what was said and what came: when we said 1 in 5, it came 1 in 6 times."""
    told = {
        "said": odds(kept.said, words),
        "n": kept.many,
        "low": round(100 * kept.low),
        "high": round(100 * kept.high),
    }
    if not kept.came:
        return words.gettext(
            "Where {said} was said ({n} times), nothing came; by chance it could have been up to {high} in 100."
        ).format(**told)
    return words.gettext(
        "Where {said} was said ({n} times), it came {came}; by chance it could have been from {low} to {high} in 100."
    ).format(came=odds(kept.came, words), **told)
