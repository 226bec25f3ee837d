"""What a circle may choose about its readings, each with its default and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from tejido.analysis.warning_model import Settings
from tejido.domain.affectation_weights import Weights
from tejido.domain.errors import BadInput
from tejido.domain.ties import TIE_WEIGHTS
from tejido.domain.words import N_

#: Kinds of ties that carry something and so can be chosen.
TIE_KINDS: Final = tuple(kind for kind, weight in TIE_WEIGHTS.items() if weight.forward or weight.backward)

#: The smallest and the largest of each number. The three fading times cannot change places.
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "days": (7, 120),
    "notice": (5, 95),
    "forget": (30, 1500),
    "prior_weight": (1, 100),
    "fewest": (20, 500),
    "short": (1, 7),
    "middle": (8, 60),
    "long": (61, 400),
    "reach": (1, 3),
    "near_km": (5, 300),
    "half_life": (10, 1000),
    "lately": (2, 30),
}
OUT_OF_BOUNDS = N_("This must be a whole number from {low} to {high}. Nothing was changed; correct it and save again.")
_NO_TIES = N_("Choose at least one kind of tie: without any, nothing is carried on. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is building up: ``days`` looked ahead · ``notice``: a notice stands on the first page where the chance of
    an incident is at least so many in a hundred · ``forget``: after how many days what happened weighs only a third ·
    ``prior_weight``: how many incidents the assumed weights count for · ``fewest`` incidents to learn from ·
    ``short``, ``middle``, ``long``: after how many days what an incident brings on has faded to a third.

    Whom it touches: ``reach``: how many ties are walked · ``near_km``: where nearness has faded to a third ·
    ``half_life``: after how many days a common aggressor counts for half. Both: ``ties``, the kinds that carry.

    Today: so many incidents ``lately`` (90 days) before anything is said to build up. ``as_of``: a past day to look
    from, if any; it is asked for and never kept.
    """

    days: int = 30
    notice: int = 50
    forget: int = 120
    prior_weight: int = 10
    fewest: int = 20
    short: int = 3
    middle: int = 20
    long: int = 120
    reach: int = 3
    near_km: int = 50
    half_life: int = 120
    lately: int = 3
    ties: frozenset[str] = field(default_factory=lambda: frozenset(TIE_KINDS))
    as_of: date | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            if not low <= getattr(self, name) <= high:
                raise BadInput(OUT_OF_BOUNDS, low=low, high=high)
        if not self.ties & set(TIE_KINDS):
            raise BadInput(_NO_TIES)

    @property
    def are_own(self) -> bool:
        """Whether anything was chosen otherwise than the defaults."""
        return replace(self, as_of=None) != DEFAULTS

    @property
    def reckons_by(self) -> str:
        """What a warning hangs on, as text: the same text, the same reckoning."""
        numbers = (self.days, self.notice, self.forget, self.prior_weight, self.fewest)
        return " ".join(map(str, (*numbers, self.short, self.middle, self.long, *sorted(self.ties))))

    def settings(self) -> Settings:
        """Return them as the model of what is building up takes them."""
        lifetimes = (float(self.short), float(self.middle), float(self.long))
        return Settings(lifetimes=lifetimes, forget=float(self.forget), prior_weight=float(self.prior_weight))

    def weights(self) -> Weights:
        """Return them as the rule of whom an incident touches takes them."""
        asked = Weights(near_km=float(self.near_km), half_life_days=float(self.half_life), reach=self.reach)
        return asked if self.ties == DEFAULTS.ties else asked.among(self.ties)

    def told(self) -> dict[str, object]:
        """Return what differs from the defaults, as it is kept."""
        return {
            name: sorted(self.ties) if name == "ties" else getattr(self, name)
            for name in (one.name for one in fields(self))
            if name != "as_of" and getattr(self, name) != getattr(DEFAULTS, name)
        }


DEFAULTS: Final = Chosen()


def chosen_from(told: Mapping[str, object]) -> Chosen:
    """Return what was kept; the default where nothing was, or where what was kept is no longer allowed."""
    ties = told.get("ties")
    known = frozenset(map(str, ties)) & set(TIE_KINDS) if isinstance(ties, list) else frozenset[str]()
    numbers: dict[str, Any] = {
        name: value
        for name, value in told.items()
        if isinstance(value, int) and name in BOUNDS and BOUNDS[name][0] <= value <= BOUNDS[name][1]
    }
    return Chosen(**numbers, ties=known or DEFAULTS.ties)
