"""What has happened in the circle at work, as columns: when, where, whom it struck and where those belonged.

A hundred thousand incidents are laid out at once: who belonged to which collective on which day is one comparison of
columns, not a question asked for each incident, each of those struck and each of their ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

import numpy as np

from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import day_number
from tejido.fabric.kinds import COLLECTIVES
from tejido.fabric.queries import BELONGING
from tejido.readings.frames import Case, Frames
from tejido.readings.weeks import first_day, held_in, span_of

#: Stands for those struck of whom no collective is known; no actor has this id.
NOBODYS: Final = ""


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Incidents that have happened to somebody, by week: ``listed``, with their ``first`` and ``last`` days.

    ``struck``: rows of ``listed``, and rows of ``names`` (ids of actors, in order): whom it struck as a collective,
    each once. ``did``: in the same way, who is said to have done it. ``past``: all that has happened, also what names
    nobody; ``undated``: how many have no date; ``coming``: how many lie after the day.
    """

    listed: list[Case]
    first: Floats
    last: Floats
    names: list[str]
    struck: tuple[Whole, Whole]
    did: tuple[Whole, Whole]
    past: list[Case]
    undated: int
    coming: int


def cases_until(day: date, held: Frames) -> Cases:
    """Return what has happened by a day, in one order however it was written down."""
    dated = [case for case in (held.cases[incident] for _, incident in list(held.dated)) if case.week]
    past = [case for case in dated if first_day(case.week) <= day]
    listed = [case for case in past if case.victims]
    first, last = _spans(listed)
    who = _Numbers(held)
    struck, did = who.of([case.victims for case in listed]), who.of([case.perpetrators for case in listed])
    together = _collectives(struck, first, last, held, who)
    return Cases(
        listed, first, last, who.names, together, did, past, len(held.cases) - len(dated), len(dated) - len(past)
    )


class _Numbers:
    """A number for each actor that is met; ``NOBODYS`` is the last of those that are known."""

    def __init__(self, held: Frames) -> None:
        self.names = [*held.kinds, NOBODYS]
        self.rows = {actor: row for row, actor in enumerate(self.names)}
        self.is_collective = np.array([kind in COLLECTIVES for kind in held.kinds.values()] + [False])

    def of(self, many: Sequence[frozenset[str]]) -> tuple[Whole, Whole]:
        """Return, for all actors of each of ``many``, its row and theirs; who is no actor any more is left out."""
        rows, unknown = self.rows, len(self.names)
        who = np.fromiter((rows.get(one, unknown) for one in chain.from_iterable(many)), dtype=np.int64)
        what = np.repeat(np.arange(len(many)), np.fromiter(map(len, many), dtype=np.int64, count=len(many)))
        return what[who < unknown], who[who < unknown]


def _spans(listed: Sequence[Case]) -> tuple[Floats, Floats]:
    spans = [span_of(case.week, case.week_to or None) for case in listed]
    days = {day: day_number(day) for day in set(chain.from_iterable(filter(None, spans)))}
    first = np.array([days[span[0]] for span in spans if span], dtype=np.float64)
    return first, np.array([days[span[1]] for span in spans if span], dtype=np.float64)


def _collectives(
    struck: tuple[Whole, Whole], first: Floats, last: Floats, held: Frames, who: _Numbers
) -> tuple[Whole, Whole]:
    """Return which collectives each incident struck: themselves, or somebody who belonged to them in those days."""
    what, victim = struck
    begins, to, since, until = _belonging(held, who)
    many = np.diff(begins)[victim]
    case = np.repeat(what, many)
    tie = np.repeat(begins[victim], many) + np.arange(len(case)) - np.repeat(np.cumsum(many) - many, many)
    stood = (since[tie] <= last[case]) & (until[tie] >= first[case])
    itself = who.is_collective[victim]
    found = np.concatenate([what[itself], case[stood]]), np.concatenate([victim[itself], to[tie[stood]]])
    alone = np.setdiff1d(np.arange(len(first)), found[0])
    nobodys = np.full(len(alone), len(who.names) - 1)
    pairs = np.concatenate([found[0], alone]) * len(who.names) + np.concatenate([found[1], nobodys])
    once = np.unique(pairs)
    return once // len(who.names), once % len(who.names)


def _belonging(held: Frames, who: _Numbers) -> tuple[Whole, Whole, Floats, Floats]:
    """Return the ties by which one belongs to collectives: where each actor's begin, to whom, from and until when."""
    ties = [tie for tie in held.tie_rows() if tie[3] in BELONGING and held.kinds.get(tie[2]) in COLLECTIVES]
    ties = [tie for tie in ties if tie[1] in who.rows]
    from_ = np.array([who.rows[tie[1]] for tie in ties], dtype=np.int64)
    to = np.array([who.rows[tie[2]] for tie in ties], dtype=np.int64)
    days = [held_in(tie[6], tie[7]) for tie in ties]
    since = np.array([-np.inf if day is None else day_number(day) for day, _ in days], dtype=np.float64)
    until = np.array([np.inf if day is None else day_number(day) for _, day in days], dtype=np.float64)
    order = np.argsort(from_, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(from_, minlength=len(who.names)))]).astype(np.int64)
    return begins, to[order], since[order], until[order]
