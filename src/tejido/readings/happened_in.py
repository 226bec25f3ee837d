"""What happened in some territories, newest first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from tejido.readings.frames import Case, frames
from tejido.readings.struck import span_of_case

#: The most incidents looked through, the newest of the whole circle first.
MOST_INCIDENTS: Final = 5000


@dataclass(frozen=True, slots=True)
class Here:
    """The incidents, newest first; ``spans`` say whether each was in the first of the territories itself."""

    cases: tuple[Case, ...]
    spans: tuple[tuple[date, date, bool], ...]
    cut: bool


def happened_in(territories: Collection[UUID]) -> Here:
    """Return what happened in ``territories``; give the place itself first, then its parts."""
    held, places = frames(), list(map(str, territories))
    listed = [held.cases[one] for place in places for one in held.within.get(place, ())]
    listed.sort(key=lambda case: (-case.week, case.incident))
    cases = listed[:MOST_INCIDENTS]
    itself = next(iter(places), None)
    spans = ((span_of_case(case), case.territory == itself) for case in cases)
    return Here(
        cases=tuple(cases),
        spans=tuple((*span, own) for span, own in spans if span is not None),
        cut=len(listed) > MOST_INCIDENTS,
    )
