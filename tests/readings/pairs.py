"""An invented history in which ties teach something: of each pair that works together, both are struck."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from tests.readings.ribera import Ribera

LAST = date(2026, 11, 18)


def pairs(by: Any, *, many: int = 4, days: int = 620, seed: int = 5) -> Ribera:
    """Make ``many`` pairs that work together, each allied with the next; what strikes one strikes the other soon."""
    made, chance = Ribera(by), Random(seed)
    for pair in range(many):
        for side in "ab":
            made.actor(f"{side}{pair}", "group", f"Grupo {side}{pair}")
        made.tie(f"a{pair}", "works_with", f"b{pair}")
    for pair in range(many):
        made.tie(f"a{pair}", "allied_with", f"a{(pair + 1) % many}")
    day, told = LAST - timedelta(days=days), 0
    while day <= LAST:
        pair, first = chance.randrange(many), chance.choice("ab")
        for side, later in ((first, 0), ("b" if first == "a" else "a", chance.randint(7, 8))):
            when = day + timedelta(days=later)
            if when <= LAST:
                made.incident(f"i{told}", when.isoformat(), (f"{side}{pair}",), where=None, point=None)
                told += 1
        day += timedelta(days=chance.randint(3, 9))
    return made
