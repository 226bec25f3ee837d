"""The relational self-exciting model: which influences there are, what each node feels of them, how much they weigh.

Node u is struck on day t at the rate

    lambda_u(t) = mu + sum_r sum_k beta_rk sum_{e before t} K_r(V_e -> u) g_k(t - t_e),

with K_r how an incident reaches others along relation r (``warning_relations``, ``warning_ties``) and g_k fading with
a fixed lifetime of about 3, 20 or 120 days. What moves slowly and everywhere is the *background*: a constant, the
whole fabric's slow parts, and each node's own slow part. All weights are fitted together (``warning_fit``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole, Yes
from tejido.analysis.threads import threads
from tejido.analysis.warning_fit import Prior, RateFit, fit_rate
from tejido.analysis.warning_relations import Nodes, Relation, Spread, Strikes
from tejido.analysis.warning_sweep import Grain, Swept, sweep
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

BACKGROUND: Final = "background"
NO_NODES = N_("There is nobody who could be struck, so there is nothing to reckon. Enter actors first.")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the model assumes before it sees anything; each can be changed, and the defaults are documented.

    ``lifetimes``: of influence, in days · ``forget``: lifetime of the weight of what was learned, in days ·
    ``prior_weight``: how many incidents' worth the default weights count · ``prior_share``: the default of one weight
    (strikes brought about by one strike) · ``quiet``: the least rate of a node, per year · ``grain``: see the sweep.
    """

    lifetimes: tuple[float, ...] = (3.0, 20.0, 120.0)
    forget: float = 120.0
    prior_weight: float = 10.0
    prior_share: float = 0.05
    quiet: float = 0.004
    grain: Grain = "daily"

    def __post_init__(self) -> None:
        numbers = (*self.lifetimes, self.forget, self.prior_weight)
        if not self.lifetimes or not all(number > 0 for number in numbers) or min(self.prior_share, self.quiet) < 0:
            raise BadInput(UNUSABLE)


UNUSABLE = N_(
    "These settings cannot be used: lifetimes and weights are above zero. Nothing was changed; correct them."
)


@dataclass(frozen=True, slots=True)
class Influence:
    """One column of the model: a ``relation`` with a ``lifetime`` in days, and whether it is background."""

    relation: str
    lifetime: float
    background: bool = False

    @property
    def part(self) -> str:
        """The name of the part of a warning it counts to."""
        return BACKGROUND if self.background else self.relation


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """What each strike felt when it came, and what all nodes felt day by day.

    ``felt``: strikes × influences, laid out influence by influence · ``daily``: days × influences, summed over nodes;
    row d is day ``first_day`` + d ·
    ``hubs``: for each relation, the state of its hubs at the end of the last day, hubs × its lifetimes. The first
    influence is the constant: a rate of one a day, shared evenly over the nodes. ``earlier``: ``hubs`` at the end of
    each of the days that were marked.
    """

    nodes: Nodes
    struck: Strikes
    relations: tuple[Relation, ...]
    influences: tuple[Influence, ...]
    felt: Floats
    daily: Floats
    first_day: int
    hubs: tuple[Floats, ...]
    spreads: tuple[Spread, ...]
    settings: Settings
    earlier: Mapping[int, tuple[Floats, ...]] = field(default_factory=dict)

    @property
    def until(self) -> int:
        """The last day that was looked at."""
        return self.first_day + len(self.daily) - 1

    def as_of(self, day: int) -> Features:
        """Return what was felt up to a marked ``day``, as if nothing had come after it. Raises ``KeyError``."""
        hubs = self.earlier[day]
        many = int(np.searchsorted(self.struck.time, day, side="right"))
        spreads = tuple(spread.until(many) for spread in self.spreads)
        told = self.struck
        struck = Strikes(told.time[:many], told.node[:many], told.incident[:many], told.weight[:many])
        return replace(
            self, struck=struck, felt=self.felt[:many], daily=self.daily[: day + 1 - self.first_day], hubs=hubs,
            spreads=spreads, earlier={},
        )  # fmt: skip

    def background(self) -> Yes:
        """Return which influences are background."""
        return np.array([one.background for one in self.influences])


def is_background(relation: str, lifetime: float, settings: Settings) -> bool:
    """Say whether an influence counts to the background: the whole fabric beyond the fastest, oneself at the slowest.

    Slow parts say when and where it is bad; they do not say who follows whom.
    """
    fastest, slowest = min(settings.lifetimes), max(settings.lifetimes)
    return (relation == "everywhere" and lifetime > fastest) or (relation == "itself" and lifetime == slowest)


def features(
    nodes: Nodes, struck: Strikes, relations: Sequence[Relation], *, first_day: float, until: float,
    settings: Settings | None = None, marks: Sequence[int] = (), felt_since: float = -np.inf,
) -> Features:  # fmt: skip
    """Walk through all days from ``first_day`` to ``until`` (both included) once for each relation.

    Strikes after ``until`` are left out. Strikes before ``first_day`` are felt but are not to be predicted. ``marks``:
    days of which ``Features.as_of`` can be asked afterwards · ``felt_since``: what earlier strikes felt is not
    reckoned and stands as nothing, where nobody will learn from them. Raises ``BadInput`` where there are no nodes.
    """
    asked = settings or Settings()
    if not len(nodes):
        raise BadInput(NO_NODES)
    past = struck.time <= until
    struck = Strikes(struck.time[past], struck.node[past], struck.incident[past], struck.weight[past])
    grid = np.arange(np.floor(first_day) - 1, np.floor(until) + 1)
    marked = sorted({day for day in marks if grid[0] < day <= grid[-1]})
    late = int(np.searchsorted(struck.time, felt_since))
    walks = _walks(struck, late, relations, grid, np.array(marked, dtype=np.int64) - int(grid[0]), asked)
    influences = [Influence("constant", np.inf, background=True)]
    influences += [
        Influence(relation.name, one, is_background(relation.name, one, asked))
        for relation in relations
        for one in asked.lifetimes
    ]
    felt = np.zeros((len(influences), len(struck.time)))
    felt[0, late:] = 1.0 / len(nodes)
    for row, (_, walked) in enumerate(walks):
        felt[1 + row * len(asked.lifetimes) :][: len(asked.lifetimes), late:] = walked.felt.T
    daily = [np.ones((len(grid) - 1, 1)), *(np.diff(walked.total, axis=0) for _, walked in walks)]
    return Features(
        nodes, struck, tuple(relations), tuple(influences), felt.T,
        np.concatenate(daily, axis=1), int(grid[0]) + 1, tuple(walked.hubs for _, walked in walks),
        tuple(spread for spread, _ in walks), asked,
        {day: tuple(walked.earlier[at] for _, walked in walks) for at, day in enumerate(marked)},
    )  # fmt: skip


def _walks(
    struck: Strikes, late: int, relations: Sequence[Relation], grid: Floats, marks: Whole, asked: Settings
) -> list[tuple[Spread, Swept]]:
    """Walk through time once for each relation, two at a time, and tell what the strikes from ``late`` on felt."""
    rates = 1.0 / np.array(asked.lifetimes)

    def walk(relation: Relation) -> tuple[Spread, Swept]:
        spread = relation.spread(struck)
        return spread, sweep(
            struck.time[late:], struck.node[late:], put=relation.put(struck, spread), read=relation.read,
            hubs=relation.hubs, rates=rates, grid=grid, grain=asked.grain, marks=marks,
        )  # fmt: skip

    return list(threads().map(walk, relations))


def prior_of(found: Features) -> Prior:
    """Return the defaults as gamma priors; the constant is one strike each so many years for every node."""
    asked, many = found.settings, len(found.influences)
    counts, rates = np.full(many, asked.prior_weight * asked.prior_share), np.full(many, asked.prior_weight)
    daily = max(asked.quiet, 1e-6) / 365.25 * len(found.nodes)
    counts[0] = asked.prior_weight / 10
    rates[0] = counts[0] / daily
    return Prior(counts, rates)


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The fitted model: ``fit`` over the influences that ``used`` says, all others being zero."""

    features: Features
    used: Yes
    fit: RateFit
    until: int

    @property
    def theta(self) -> Floats:
        """Weights of all influences."""
        whole = np.zeros(len(self.used))
        whole[self.used] = self.fit.theta
        return whole

    def weights(self) -> Mapping[Influence, tuple[float, float, float]]:
        """Return for each influence its weight and the ends of its interval (95 in 100)."""
        low, high = self.fit.interval()
        names = [one for one, used in zip(self.features.influences, self.used, strict=True) if used]
        return {
            name: (float(a), float(b), float(c))
            for name, a, b, c in zip(names, self.fit.theta, low, high, strict=True)
        }


def oldest_that_counts(settings: Settings) -> float:
    """Return after how many days something has all but no weight (3 in 10,000)."""
    return min(8 * settings.forget, 1e9)


def learn(
    found: Features, *, until: float | None = None, used: Yes | None = None, prior: Prior | None = None,
    begin: Floats | None = None, sure: bool = True,
) -> Learned:  # fmt: skip
    """Fit the weights on what happened up to ``until``, old things counting less (``Settings.forget``).

    Not ``sure``: only the weights are asked for, not how uncertain they are.
    """
    last = found.until if until is None else int(min(np.floor(until), found.until))
    columns = np.ones(len(found.influences), dtype=np.bool_) if used is None else used
    asked = prior or prior_of(found)
    settings = found.settings
    oldest = max(found.first_day, int(last - oldest_that_counts(settings)))
    rows = slice(*np.searchsorted(found.struck.time, [oldest - 1, last], side="right"))
    days = np.arange(oldest, last + 1)
    counts = np.exp(-(last - days) / settings.forget)
    weight = np.exp(-np.maximum(last - found.struck.time[rows], 0.0) / settings.forget)
    total = counts @ found.daily[oldest - found.first_day :][: len(days)]
    fit = fit_rate(
        found.felt, total[columns], weight=weight, prior=Prior(asked.counts[columns], asked.rates[columns]),
        begin=begin, rows=rows, columns=np.flatnonzero(columns), sure=sure,
    )  # fmt: skip
    return Learned(found, columns, fit, last)


@dataclass(frozen=True, slots=True)
class Share:
    """The part of the expected strikes that one part of the model brings: ``share`` from 0 to 1, with an interval."""

    part: str
    share: float
    low: float
    high: float


def shares(learned: Learned, *, days: int | None = None) -> tuple[Share, ...]:
    """Return how the strikes expected in the last ``days`` (all, if left out) divide into background and relations.

    Intervals (95 in 100) by the delta method, from the covariance of the weights.
    """
    found = learned.features
    upto = learned.until - found.first_day + 1
    total = found.daily[(0 if days is None else max(0, upto - days)) : upto].sum(axis=0)[learned.used]
    parts = [one.part for one, used in zip(found.influences, learned.used, strict=True) if used]
    mean = total * learned.fit.theta
    whole = max(float(mean.sum()), 1e-300)
    told = []
    for part in dict.fromkeys(parts):
        mine = np.array([name == part for name in parts])
        share = float(mean[mine].sum()) / whole
        tilt = total * (mine - share) / whole
        wide = 1.96 * float(np.sqrt(max(tilt @ learned.fit.covariance @ tilt, 0.0)))
        told.append(Share(part, share, max(share - wide, 0.0), min(share + wide, 1.0)))
    return tuple(told)


def rates_after(learned: Learned, *, lag: float = 1.0) -> Floats:
    """Return the rates (nodes × influences) ``lag`` days after the last day, should nothing further happen."""
    found = learned.features
    nodes = len(found.nodes)
    columns = [np.full((nodes, 1), 1.0 / nodes)]
    day = found.until + lag
    fade = np.exp(-lag / np.array(found.settings.lifetimes))
    for relation, state in zip(found.relations, found.hubs, strict=True):
        read = relation.read
        held = (read.start <= day) & (day <= read.end)
        node = np.repeat(np.arange(nodes), np.diff(read.first))[held]
        share, hub = read.share[held], read.hub[held]
        columns += [
            np.bincount(node, weights=share * state[hub, k] * fade[k], minlength=nodes)[:, None]
            for k in range(len(fade))
        ]
    return np.asarray(np.concatenate(columns, axis=1) * learned.theta)
