"""What can be chosen about readings, in plain words: what it is, what it means, what changes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tejido.domain.words import N_


@dataclass(frozen=True, slots=True)
class SettingWords:
    """The words of one setting: its ``title``, its ``unit``, what it ``means``, the ``effect`` of more."""

    title: str
    unit: str
    means: str
    effect: str


_DAYS: Final = N_("days")
_INCIDENTS: Final = N_("incidents")

#: By what they are about, in the order in which they are shown.
GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    N_("What is building up"): (
        "days", "notice", "fewest", "forget", "prior_weight", "short", "middle", "long",
    ),
    N_("Whom an incident touches"): ("reach", "near_km", "half_life"),
    N_("Both of them"): ("ties",),
    N_("The first page"): ("lately",),
}  # fmt: skip

SETTINGS: Final[Mapping[str, SettingWords]] = {
    "days": SettingWords(
        N_("How far ahead to look"),
        _DAYS,
        N_("For so many days it is said what may come, and what came in stretches as long before."),
        N_(
            "More days: larger chances, and less to compare them with. Fewer: nearer to now, and mostly small chances."
        ),
    ),
    "notice": SettingWords(
        N_("From which chance on we want to be told"),
        N_("of 100"),
        N_("A notice to look together stands on the first page where the chance for a group is at least this."),
        N_("Higher: rarer notices, some too late. Lower: more notices, more of them for nothing."),
    ),
    "fewest": SettingWords(
        N_("How many incidents it takes to learn"),
        _INCIDENTS,
        N_("With fewer than this in the days it can be tried on, nothing is said to follow from ties."),
        N_("More: it is silent for longer, and surer when it speaks. Under 20 nothing can be told apart."),
    ),
    "forget": SettingWords(
        N_("How fast the past counts for less"),
        _DAYS,
        N_("After so many days, what happened weighs only a third in what is learned."),
        N_("More: steadier, and slower to see that things have changed. Fewer: quicker, and led astray by chance."),
    ),
    "prior_weight": SettingWords(
        N_("How firmly we hold on to what was assumed"),
        _INCIDENTS,
        N_("What was assumed beforehand weighs as much as so many incidents of our own."),
        N_("More: it takes more incidents to change its mind. Fewer: a handful of incidents can turn it."),
    ),
    "short": SettingWords(
        N_("What follows at once"),
        _DAYS,
        N_("The quick part of what one incident brings on has faded to a third after so many days."),
        N_("More: attacks that follow one another over a week count together. Fewer: only those of the same days."),
    ),
    "middle": SettingWords(
        N_("What follows within weeks"),
        _DAYS,
        N_("The middle part of what one incident brings on has faded to a third after so many days."),
        N_("More: a chance stays raised for longer after an attack. Fewer: it calms down sooner."),
    ),
    "long": SettingWords(
        N_("What follows within months"),
        _DAYS,
        N_("The slow part of what one incident brings on has faded to a third after so many days."),
        N_("More: hard seasons are felt for longer. Fewer: they are forgotten sooner."),
    ),
    "reach": SettingWords(
        N_("Over how many ties an attack is followed"),
        N_("ties"),
        N_("Whoever is farther away than so many ties is not told of."),
        N_("3: also friends of friends of friends, faintly. 1: only those who are tied directly."),
    ),
    "near_km": SettingWords(
        N_("How far near by is"),
        N_("kilometres"),
        N_("Living near counts for a third at so many kilometres, and less beyond."),
        N_("More: for open country with long ways. Fewer: for towns, where the next quarter is another world."),
    ),
    "half_life": SettingWords(
        N_("How long a common aggressor counts"),
        _DAYS,
        N_("Having been attacked by the same aggressor counts for half when so many days lie between."),
        N_("More: old attacks by the same hand stay in sight. Fewer: only those of late."),
    ),
    "ties": SettingWords(
        N_("Which ties carry an attack onwards"),
        "",
        N_("A tie of a kind that is not chosen carries nothing: neither in whom an incident touches nor in what is "
           "building up."),
        N_("Fewer kinds: shorter lists, and people may be missing whom it does touch."),
    ),
    "lately": SettingWords(
        N_("How many incidents before anything is said to gather"),
        _INCIDENTS,
        N_("On the first page a group is said to have more than usual only with so many in 90 days."),
        N_("More: quieter. Fewer: it may speak of mere chance."),
    ),
}  # fmt: skip
