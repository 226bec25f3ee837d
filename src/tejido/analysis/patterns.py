"""What recurs: on a day of the week, in a month, before or after an occasion, one means after another, one aggressor.

Each is a deviation from what the rates alone would give, tested as ``patterns_exact`` says, and all that was tested
is held to one rate of false discoveries. A pattern comes with its incidents. It is something to look at together: it
says neither why nor what will be. Incidents found because of our own warnings are left out, and so are those whose
day is not known, as nothing can be said of when they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from tejido.analysis import frame_checks as check
from tejido.analysis.frame_checks import Whole
from tejido.analysis.frames import History, Texts
from tejido.analysis.patterns_aggressor import aggressors_going_on
from tejido.analysis.patterns_exact import Tested, adjusted, flipped, turned

Kind = Literal["weekday", "month", "before", "after", "sequence", "aggressor"]

#: Assumed: days before or after an occasion, days on either side that it is compared with.
NEAR_OCCASION = 7
AROUND_OCCASION = 45
#: Assumed: within how many days one means follows another, and an aggressor goes on to the next collective.
FOLLOWS = 30
GOES_ON = 10
#: Weeks that are turned together, the fewest years for months, and the fewest incidents or stretches for a test.
WEEKS = 4
FEWEST_YEARS = 4
FEWEST = 6


@dataclass(frozen=True, slots=True)
class Pattern:
    """One thing that was tested.

    ``subject``: the row of the collective, -1 for all incidents · ``what``: the weekday (``0`` for Monday), the month
    (``1`` to ``12``), the occasion, the two means in order, or the row of the aggressor · ``seen``, ``expected``: how
    many, and how many the rates alone would give · ``p``, ``q``: the chance of so many by the rates alone, and the
    rate of false discoveries at which it is claimed · ``incidents``: the rows that make it up.
    """

    kind: Kind
    subject: int
    what: tuple[str, ...]
    seen: float
    expected: float
    p: float
    q: float
    incidents: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Patterns:
    """Those claimed at ``level``, surest first, and how many were tested; ``all_tested`` has every one."""

    found: tuple[Pattern, ...]
    tested: int
    level: float
    all_tested: tuple[Pattern, ...]


#: Whom it struck, the day, and the row of the incident.
_Event = tuple[int, int, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Incidents on known days, sorted by day: ``days``, their ``rows``, and one of those they ``struck``."""

    subject: int
    days: Whole
    rows: Whole
    struck: Whole


def find_patterns(
    history: History, *, until: float, subjects: ArrayLike = (), occasions: Mapping[str, ArrayLike] | None = None,
    level: float = 0.1, any_dependence: bool = True, seed: int = 0,
) -> Patterns:  # fmt: skip
    """Return what recurs up to ``until``, of all incidents and of each collective of ``subjects`` (rows of actors).

    ``occasions``: by name the days of hearings, elections, harvests. Days must be finite: raises ``FrameError``.
    """
    known = {name: _occasion_days(days, name) for name, days in (occasions or {}).items()}
    found: list[Pattern] = []
    for seen in _views(history, until, subjects):
        found += _weekdays(seen) + _months(seen) + _sequences(seen, history)
        for name, days in known.items():
            found += _occasions(seen, name, days, until)
    found += [
        _pattern("aggressor", -1, [str(who)], tested, rows)
        for who, tested, rows in aggressors_going_on(history, until=until, within=GOES_ON, seed=seed, fewest=FEWEST)
    ]
    q = adjusted([one.p for one in found], any_dependence=any_dependence)
    told = [_with_q(one, float(rate)) for one, rate in zip(found, q, strict=True)]
    told.sort(key=lambda one: (one.q, one.p, one.kind, one.subject, one.what))
    return Patterns(tuple(one for one in told if one.q <= level), len(told), level, tuple(told))


def _with_q(one: Pattern, q: float) -> Pattern:
    return Pattern(one.kind, one.subject, one.what, one.seen, one.expected, one.p, q, one.incidents)


def _occasion_days(days: ArrayLike, name: str) -> Whole:
    column = check.floats(days, frame="occasions", column=name)
    check.finite(column, frame="occasions", name=name)
    return np.unique(np.floor(column).astype(np.int64))


def _views(history: History, until: float, subjects: ArrayLike) -> list[_Seen]:
    """Return all incidents on known days, then those of each subject, leaving out what has too few."""
    incidents = history.incidents
    usable = (np.floor(incidents.earliest) == np.floor(incidents.latest)) & (incidents.latest <= until)
    usable &= ~incidents.from_warning
    day = np.floor(incidents.earliest).astype(np.int64)
    struck, actor = history.involvements.victims()
    one_struck = np.full(len(day), -1)
    one_struck[struck[::-1]] = actor[::-1]
    chosen = [(-1, np.flatnonzero(usable))]
    for subject in np.unique(np.asarray(subjects, dtype=np.int64)).tolist():
        rows = np.unique(struck[actor == subject])
        chosen.append((subject, rows[usable[rows]]))
    views = []
    for subject, rows in chosen:
        rows = rows[np.argsort(day[rows], kind="stable")]
        if len(rows) >= FEWEST:
            views.append(
                _Seen(subject, day[rows], rows, one_struck[rows] if subject < 0 else np.full(len(rows), subject))
            )
    return views


def _pattern(kind: Kind, subject: int, what: Sequence[str], tested: Tested, incidents: ArrayLike) -> Pattern:
    rows = tuple(int(row) for row in np.unique(np.asarray(incidents, dtype=np.int64)))
    return Pattern(kind, subject, tuple(what), tested.seen, tested.expected, tested.p, 1.0, rows)


def _weekdays(seen: _Seen) -> list[Pattern]:
    weekday = (seen.days + 3) % 7
    stretch = np.unique(seen.days // (7 * WEEKS), return_inverse=True)[1]
    return [
        _pattern(
            "weekday", seen.subject, [str(one)], turned(_turns(stretch, weekday, 7, one)), seen.rows[weekday == one]
        )
        for one in range(7)
    ]


def _months(seen: _Seen) -> list[Pattern]:
    dates = seen.days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12
    years, year = np.unique(dates.astype("datetime64[Y]"), return_inverse=True)
    if len(years) < FEWEST_YEARS:
        return []
    return [
        _pattern("month", seen.subject, [str(one + 1)], turned(_turns(year, month, 12, one)), seen.rows[month == one])
        for one in range(12)
    ]


def _turns(stretch: Whole, place: Whole, places: int, first: int) -> list[Whole]:
    """Return for each stretch its counts by place, beginning with ``first``."""
    counts = np.zeros((int(stretch.max()) + 1, places), dtype=np.int64)
    np.add.at(counts, (stretch, (place - first) % places), 1)
    return list(counts)


def _occasions(seen: _Seen, name: str, days: Whole, until: float) -> list[Pattern]:
    """Compare the days before and after occasions with the days around them."""
    rings: dict[Kind, list[Whole]] = {"before": [], "after": []}
    inside: dict[Kind, list[Whole]] = {"before": [], "after": []}
    low, last = int(seen.days[0]), int(np.floor(until))
    for place, day in enumerate(days.tolist()):
        first, end = max(low, day - AROUND_OCCASION), min(last, day + AROUND_OCCASION)
        if place + 1 < len(days):
            end = min(end, (day + int(days[place + 1])) // 2)
        low = max(low, end + 1)
        if day - first < NEAR_OCCASION or end - day < NEAR_OCCASION:
            continue
        counts = np.zeros(end - first + 1, dtype=np.int64)
        within = (seen.days >= first) & (seen.days <= end)
        np.add.at(counts, seen.days[within] - first, 1)
        if not counts.any():
            continue
        begins: dict[Kind, int] = {"before": day - NEAR_OCCASION, "after": day}
        for kind, begin in begins.items():
            ring = sum(np.roll(counts, first - begin - step) for step in range(NEAR_OCCASION))
            rings[kind].append(np.asarray(ring, dtype=np.int64))
            inside[kind].append(seen.rows[(seen.days >= begin) & (seen.days < begin + NEAR_OCCASION)])
    return [
        _pattern(kind, seen.subject, [name], turned(rings[kind]), np.concatenate(inside[kind]))
        for kind in rings
        if sum(int(ring.sum()) for ring in rings[kind]) >= FEWEST * NEAR_OCCASION
    ]


def _sequences(seen: _Seen, history: History) -> list[Pattern]:
    """Ask of every two means which comes first when both strike a collective within ``FOLLOWS`` days.

    An incident that struck several is looked at with one of them, so that nothing counts twice.
    """
    rows, codes = _means(seen, history)
    names = np.unique(codes).tolist()
    when = dict(zip(seen.rows.tolist(), zip(seen.struck.tolist(), seen.days.tolist(), strict=True), strict=True))
    by_code = {name: [(*when[row], row) for row in rows[codes == name].tolist()] for name in names}
    found = []
    for place, one in enumerate(names):
        for other in names[place + 1 :]:
            tested = _order(by_code[one], by_code[other])
            if tested is not None:
                forward, result, pairs = tested
                what = (one, other) if forward else (other, one)
                found.append(_pattern("sequence", seen.subject, what, result, pairs))
    return found


def _means(seen: _Seen, history: History) -> tuple[Whole, Texts]:
    chosen = np.isin(history.acts.incident, seen.rows)
    rows, codes = history.acts.incident[chosen], history.acts.code[chosen]
    names, numbers = np.unique(codes, return_inverse=True)
    pairs = np.unique(np.stack([rows, numbers], axis=1), axis=0) if len(rows) else np.empty((0, 2), dtype=np.int64)
    return pairs[:, 0], names[pairs[:, 1]] if len(names) else codes


def _order(ones: list[_Event], others: list[_Event]) -> tuple[bool, Tested, Whole] | None:
    """Return whether the first comes first, the test over stretches, and the incidents in that order."""
    events = sorted([(*event, False) for event in ones] + [(*event, True) for event in others])
    surpluses: list[int] = []
    pairs: list[tuple[bool, int, int]] = []
    surplus = begin = 0
    for place, (struck, day, row, other) in enumerate(events):
        before, last, _, _ = events[place - 1]
        if place and (before != struck or day - last > FOLLOWS):
            surpluses.append(surplus)
            surplus, begin = 0, place
        while day - events[begin][1] > FOLLOWS:
            begin += 1
        for _, earlier, first, was in events[begin:place]:
            if was != other and earlier < day:
                surplus += -1 if was else 1
                pairs.append((was, first, row))
    surpluses.append(surplus)
    if np.count_nonzero(surpluses) < FEWEST:
        return None
    result = flipped(surpluses)
    forward = result.seen >= 0
    kept = [pair for pair in pairs if pair[0] != forward]
    rows = np.array([row for pair in kept for row in pair[1:]], dtype=np.int64)
    return forward, Tested(float(len(kept)), len(pairs) / 2, result.p), rows
