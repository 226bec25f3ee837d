"""How much each relation carries an attack onwards: assumed, chosen by a circle, or learned from its records.

All weights lie from 0 to 1. What was learned divides anew, among the relations of a fit, the whole that was assumed
for them: which relation carries more than which is learned, how strong "strong" is stays assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from tejido.domain.ties import TIE_WEIGHTS, Hop, TieWeight

Basis = Literal["learned", "assumed"]

#: Assumed: sharing the very place; each step up or down to a wider or narrower place keeps this share of it.
SAME_TERRITORY: Final = 0.3
STEP_SHARE: Final = 0.5
#: Assumed: living near fades with the kilometres between, by exp(-km / NEAR_KILOMETRES).
NEAR_TERRITORY: Final = 0.25
NEAR_KILOMETRES: Final = 50.0
#: Assumed: an attack by the same aggressor on the same day, halved with every so many days between.
SAME_AGGRESSOR: Final = 0.5
HALF_LIFE_DAYS: Final = 120.0
#: However much a relation brings, what comes by it is never as sure as having suffered it.
MOST: Final = 0.95

#: Ties that a fit takes together, since by all of them one belongs to a collective.
BELONGING: Final = ("member_of", "leads", "part_of")
_COLLECTIVE: Final = "collective"


@dataclass(frozen=True, slots=True)
class LearnedShare:
    """How many further incidents one incident brings along a ``relation``, with the ends of its interval (95 in 100).

    ``relation``: ``collective`` (belonging together), ``territory``, ``aggressor`` or a kind of tie; ``sure`` when it
    has shown by itself that it helps to foretell.
    """

    relation: str
    brings: float
    low: float
    high: float
    sure: bool


@dataclass(frozen=True, slots=True)
class LearnedWeight:
    """What a relation was assumed to carry, what it carries as learned, and between which ends that lies."""

    relation: str
    assumed: float
    weight: float
    low: float
    high: float

    @property
    def factor(self) -> float:
        """How many times as much as assumed it carries."""
        return self.weight / self.assumed


@dataclass(frozen=True, slots=True)
class Weights:
    """What each relation carries. ``ties`` by kind: one that is not there carries nothing.

    ``half_life_days``: of a common aggressor · ``near_km``: where living near has faded to a third (1/e) · ``reach``:
    how many ties are walked · ``learned``: what was learned, by relation; all others are assumed.
    """

    ties: Mapping[str, TieWeight] = field(default_factory=lambda: TIE_WEIGHTS)
    territory: float = SAME_TERRITORY
    near: float = NEAR_TERRITORY
    near_km: float = NEAR_KILOMETRES
    aggressor: float = SAME_AGGRESSOR
    half_life_days: float = HALF_LIFE_DAYS
    reach: int = 3
    learned: Mapping[str, LearnedWeight] = field(default_factory=dict)

    def among(self, kinds: Iterable[str]) -> Weights:
        """Return the same with ties of these kinds alone."""
        return replace(self, ties={kind: self.ties[kind] for kind in self.ties.keys() & set(kinds)})

    def basis(self, relation: str, hops: Iterable[Hop] = ()) -> Basis:
        """Say whether a reason is learned: a chain of ties is where each of its steps is; having suffered it never."""
        steps = [_relation(hop.kind) for hop in hops] if relation == "tie" else [relation]
        return "learned" if steps and all(one in self.learned for one in steps) else "assumed"

    def sureness(self, relation: str, hops: Iterable[Hop] = ()) -> tuple[LearnedWeight, ...]:
        """Return what was learned of the relations a reason runs along, each once."""
        steps = [_relation(hop.kind) for hop in hops] if relation == "tie" else [relation]
        return tuple(self.learned[one] for one in dict.fromkeys(steps) if one in self.learned)


ASSUMED: Final = Weights()


def with_learned(weights: Weights, shares: Iterable[LearnedShare]) -> Weights:
    """Return ``weights`` with those relations that are ``sure`` as they were learned; all others stay assumed.

    Let a_r be what relation r was assumed to carry and b_r what the fit says that it brings. A relation that is sure
    then carries b_r (sum of a) / (sum of b), sums over the relations of the fit, at most ``MOST``: a larger share
    never lowers it. With one relation alone in the fit there is no proportion to learn, and nothing changes.
    """
    fitted = [one for one in shares if _assumed(one.relation, weights) > 0.0]
    brought = sum(one.brings for one in fitted)
    if len(fitted) < 2 or brought <= 0.0:
        return weights
    scale = sum(_assumed(one.relation, weights) for one in fitted) / brought
    learned = {
        one.relation: LearnedWeight(
            one.relation,
            _assumed(one.relation, weights),
            *(min(MOST, max(0.0, end * scale)) for end in (one.brings, one.low, one.high)),
        )
        for one in fitted
        if one.sure
    }
    return replace(_scaled(weights, {name: one.factor for name, one in learned.items()}), learned=learned)


def _scaled(weights: Weights, factors: Mapping[str, float]) -> Weights:
    ties = {kind: _times(weight, factors.get(_relation(kind), 1.0)) for kind, weight in weights.ties.items()}
    place = factors.get("territory", 1.0)
    return replace(
        weights,
        ties=ties,
        territory=min(MOST, weights.territory * place),
        near=min(MOST, weights.near * place),
        aggressor=min(MOST, weights.aggressor * factors.get("aggressor", 1.0)),
    )


def _times(weight: TieWeight, factor: float) -> TieWeight:
    if factor == 1.0:
        return weight
    return TieWeight(min(MOST, weight.forward * factor), min(MOST, weight.backward * factor), weight.reason)


def _relation(kind: str) -> str:
    return _COLLECTIVE if kind in BELONGING else kind


def _assumed(relation: str, weights: Weights) -> float:
    """Return what a relation carries before anything is learned; of ties, the mean over kinds and both ways."""
    if relation in ("territory", "aggressor"):
        return weights.territory if relation == "territory" else weights.aggressor
    kinds = BELONGING if relation == _COLLECTIVE else (relation,)
    found = [end for kind in kinds if kind in weights.ties for end in _ends(weights.ties[kind])]
    return sum(found) / len(found) if found else 0.0


def _ends(weight: TieWeight) -> tuple[float, float]:
    return weight.forward, weight.backward
