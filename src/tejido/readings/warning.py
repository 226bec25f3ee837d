"""What is building up: what may come to each collective and each territory, what was expected before and what came.

Everything is reckoned from the day up to which records speak: today, or the day of the newest incident where that is
long past. Every earlier stretch is predicted from what came before it alone, so that what is shown as expected was
expected. A unit is one incident on one collective; an incident on two counts for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import Texts, day_number
from tejido.analysis.scoring import calibration
from tejido.analysis.threads import threads
from tejido.analysis.warning import Reading, read, relations_of
from tejido.analysis.warning_forecast import Forecast, forecasts
from tejido.analysis.warning_model import learn
from tejido.analysis.warning_relations import Strikes, strikes
from tejido.domain.affectation_weights import LearnedShare
from tejido.readings.model_records import Records, newest_day, records_until
from tejido.readings.model_settings import DEFAULTS, Chosen
from tejido.readings.warning_gate import shares_of, shut_below

Progress = Callable[[int, int], None]

#: Where the newest incident is older than this, nothing is said about today but about the days after it.
STALE_DAYS: Final = 180
#: How many stretches back are shown, and of how many collectives and territories.
STRETCHES: Final = 12
MOST_ROWS: Final = 12
#: Whoever has a smaller chance and saw nothing in the stretches back is not told of.
CHANCE_LEAST: Final = 0.02
#: Chances below this are not looked at when what was said is compared with what came.
SAID_LEAST: Final = 0.03
_RUNS: Final = 600
_RUNS_BACK: Final = 300
#: Of earlier stretches about so many incidents are drawn, in a hundred runs at least: where much happens, fewer runs
#: tell as much.
_DRAWN_BACK: Final = 150_000


@dataclass(frozen=True, slots=True)
class Stretch:
    """So many days from ``begin``: how many incidents were ``expected``, between ``low`` and ``high``; ``seen``."""

    begin: date
    expected: float
    low: float
    high: float
    seen: int


@dataclass(frozen=True, slots=True)
class Coming:
    """What may come to one collective or territory (``id``; empty: not known which), with the reasons of it.

    ``low`` to ``high`` holds in 9 of 10 cases; ``chance`` of at least one; ``parts``: incidents expected by reason.
    """

    id: str
    expected: float
    low: float
    high: float
    chance: float
    parts: tuple[tuple[str, float], ...]
    past: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate found: ``open``, the chance ``p`` of such a gain if there were none, over so many ``days``.

    ``strikes``: incidents in these days · ``learned``: the relations that have a gain of their own · ``shares``: what
    the fit says of each relation · ``fewest``: so many incidents the circle wants before anything is learned.
    """

    open: bool
    p: float
    days: int
    strikes: int
    learned: tuple[str, ...]
    shares: tuple[LearnedShare, ...] = ()
    fewest: int = DEFAULTS.fewest


@dataclass(frozen=True, slots=True)
class Kept:
    """Of ``many`` times a chance of about ``said`` was named, the share ``came`` true, from ``low`` to ``high``."""

    said: float
    came: float
    many: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Warned:
    """The whole reading as of ``as_of``. ``incidents``: how many it is reckoned from; what was left out beside it."""

    as_of: date
    today: date
    days: int
    incidents: int
    undated: int
    coming: int
    unnamed: int
    expected: float
    low: float
    high: float
    parts: tuple[tuple[str, float], ...]
    collectives: tuple[Coming, ...]
    territories: tuple[Coming, ...]
    gate: Verdict
    calibration: tuple[Kept, ...]

    @property
    def is_past(self) -> bool:
        """Whether it speaks of days long gone, not of those to come."""
        return self.as_of < self.today - timedelta(days=1)


def day_of_reading(today: date, chosen: Chosen = DEFAULTS) -> date | None:
    """Return the day a reading is made for: chosen, today, or that of the newest incident; None without any."""
    if chosen.as_of is not None:
        return min(chosen.as_of, today)
    newest = newest_day(today)
    if newest is None:
        return None
    return newest if newest < today - timedelta(days=STALE_DAYS) else today


def reckon_warning(today: date, chosen: Chosen = DEFAULTS, progress: Progress | None = None) -> Warned | None:
    """Reckon from all that is recorded in the circle at work; None where nothing with a date happened to anybody."""
    day = day_of_reading(today, chosen)
    if day is None:
        return None
    found = records_until(day, ties=chosen.ties)
    return _warned(found, day, today, chosen, progress or _silent) if len(found.history.incidents) else None


def _silent(_done: int, _total: int) -> None:
    return None


def _warned(found: Records, day: date, today: date, chosen: Chosen, progress: Progress) -> Warned:
    progress(0, STRETCHES + 1)
    until = day_number(day)
    struck = strikes(found.nodes, found.history, learn=True)
    begins = [int(until) + 1 - back * chosen.days for back in range(1, STRETCHES + 1)]
    reading = read(
        found.fabric, found.history, until=until, nodes=found.nodes, settings=chosen.settings(),
        relations=relations_of(found.fabric, found.history, found.nodes, struck),
        marks=[begin - 1 for begin in begins],
    )  # fmt: skip
    reading = shut_below(reading, chosen.fewest)
    back = _Back(found, struck, reading, chosen)
    actors, places = found.fabric.actors.ids, found.fabric.territories.ids
    groups = [found.nodes.actor, found.nodes.territory]
    ahead = threads().submit(forecasts, reading.warning, groups, days=chosen.days, runs=_RUNS)
    stretches = []
    for at, stretch in enumerate(threads().map(back.stretch, begins)):
        stretches.append(stretch)
        progress(at + 1, STRETCHES + 1)
    by_actor, by_place = ahead.result()
    total = by_actor.total
    return Warned(
        as_of=day, today=today, days=chosen.days, incidents=len(found.history.incidents), undated=found.undated,
        coming=found.coming, unnamed=found.unnamed, expected=float(total.mean()),
        low=float(np.quantile(total, 0.05)), high=float(np.quantile(total, 0.95)),
        parts=_parts(by_actor.names, by_actor.parts.sum(axis=0)),
        collectives=_rows(actors, by_actor, [one for one, _ in stretches if one]),
        territories=_rows(places, by_place, [one for _, one in stretches if one]),
        gate=_verdict(reading, chosen), calibration=_calibration([one for one, _ in stretches if one]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Past:
    """One stretch, predicted: its first day, the forecast by group, and what was seen in each group."""

    begin: int
    told: Forecast
    seen: Whole


@dataclass(frozen=True, slots=True)
class _Back:
    """Predicts earlier stretches, each from what came before it alone, with the influences that are shown now."""

    found: Records
    struck: Strikes
    reading: Reading
    chosen: Chosen

    def stretch(self, begin: int) -> tuple[_Past | None, _Past | None]:
        """Return the stretch from a day, by collective and by territory; None before there is a past."""
        whole = self.reading.learned.features
        if begin <= whole.first_day:
            return None, None
        learned = learn(whole, until=begin - 1, used=self.reading.warning.used)
        learned = replace(learned, features=whole.as_of(begin - 1))
        groups = [self.found.nodes.actor, self.found.nodes.territory]
        rows = (self.struck.time >= begin) & (self.struck.time < begin + self.chosen.days)
        lately = int(np.count_nonzero((self.struck.time < begin) & (self.struck.time >= begin - self.chosen.days)))
        runs = int(np.clip(_DRAWN_BACK / max(lately, 1), 100, _RUNS_BACK))
        told = forecasts(learned, groups, days=self.chosen.days, runs=runs)
        by_actor, by_place = (
            _past(begin, one, group[self.struck.node[rows]]) for one, group in zip(told, groups, strict=True)
        )
        return by_actor, by_place


def _past(begin: int, told: Forecast, where: Whole) -> _Past:
    return _Past(begin, told, np.bincount(where[where >= 0], minlength=len(told.expected)))


def _rows(ids: Texts, told: Forecast, past: list[_Past]) -> tuple[Coming, ...]:
    """Return those to whom most is expected or came lately, the most expected first."""
    lately = sum((one.seen for one in past[:3]), np.zeros(len(told.expected), dtype=np.int64))
    order = np.lexsort((-lately, -np.round(told.expected, 3)))
    some = (told.chance >= CHANCE_LEAST) | (sum((one.seen for one in past), np.zeros(len(lately))) > 0)
    kept = [int(at) for at in order if some[at]][:MOST_ROWS]
    return tuple(
        Coming(
            str(ids[at]), float(told.expected[at]), float(told.low[at]), float(told.high[at]),
            float(told.chance[at]), _parts(told.names, told.parts[at]),
            tuple(_stretch(one, at) for one in reversed(past)),
        )
        for at in kept
    )  # fmt: skip


def _stretch(one: _Past, at: int) -> Stretch:
    told = one.told
    return Stretch(
        date.fromordinal(one.begin + _EPOCH), float(told.expected[at]), float(told.low[at]), float(told.high[at]),
        int(one.seen[at]),
    )  # fmt: skip


_EPOCH: Final = date(1970, 1, 1).toordinal()


def _parts(names: tuple[str, ...], parts: Floats) -> tuple[tuple[str, float], ...]:
    found = [(name, float(part)) for name, part in zip(names, parts, strict=True) if part > 0]
    return tuple(sorted(found, key=lambda one: -one[1]))


def _verdict(reading: Reading, chosen: Chosen) -> Verdict:
    gate = reading.gate
    learned = tuple(name for name in gate.by_relation if gate.learned(name))
    shares = shares_of(reading) if gate.open else ()
    return Verdict(gate.open, float(gate.comparison.p), gate.days, gate.strikes, learned, shares, chosen.fewest)


def _calibration(past: list[_Past]) -> tuple[Kept, ...]:
    """Compare the chances named for collectives with what came, the smallest chances left out."""
    said = np.concatenate([one.told.chance for one in past]) if past else np.zeros(0)
    came = np.concatenate([one.seen > 0 for one in past]).astype(np.float64) if past else np.zeros(0)
    kept = said >= SAID_LEAST
    if not kept.any():
        return ()
    return tuple(
        Kept(one.said, one.came, one.many, one.low, one.high)
        for one in calibration(said[kept], came[kept], parts=min(4, max(1, int(kept.sum()) // 8)))
    )
