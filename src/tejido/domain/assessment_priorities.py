"""What a group wants to see to first: by its own vote, or by talking until it agrees.

The order is never worked out from levels. Source: Protection International and the Centre for Applied Human Rights,
*Rethinking the protection of human rights defenders*: risk analysis is a tool, and it is the group that decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal

from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH, N_, Words

Choosing = Literal["vote", "consensus"]
#: More votes than this for one threat are a slip of the hand.
MOST_VOTES: Final = 100_000

_NOT_A_COUNT: Final = N_("Votes and places are whole numbers from 0 on. What you typed was kept; look at them again.")


@dataclass(frozen=True, slots=True)
class Priorities:
    """Threats by id in the group's order; those in one place were held equal. ``left`` got no vote and no place."""

    order: tuple[tuple[str, ...], ...]
    left: tuple[str, ...]

    def place(self, threat: str) -> int | None:
        """Return the place of a threat, 1 for the first; ``None`` when the group gave it none."""
        return next((at for at, held in enumerate(self.order, start=1) if threat in held), None)


def in_order(choosing: Choosing, threats: Sequence[str], given: Mapping[str, int | None]) -> Priorities:
    """Return the threats in the group's order.

    ``given`` are votes (the most first) or places (1 is the first), by threat; nothing or 0 is none. Threats with as
    many votes, or in the same place, stay together, in the order in which they were named.

    Raises ``BadInput`` for a number below 0 or beyond all counting.
    """
    told = {threat: given.get(threat) or 0 for threat in threats}
    if any(not 0 <= many <= MOST_VOTES for many in told.values()):
        raise BadInput(_NOT_A_COUNT)
    sign = -1 if choosing == "vote" else 1
    chosen = sorted((threat for threat in threats if told[threat]), key=lambda threat: sign * told[threat])
    order = tuple(tuple(held) for _many, held in groupby(chosen, key=lambda threat: told[threat]))
    return Priorities(order, tuple(threat for threat in threats if not told[threat]))


def said_of(priorities: Priorities, choosing: Choosing, words: Words = ENGLISH) -> tuple[str, ...]:
    """Return what the order still asks of the group: threats held equal at its head, and those left out."""
    told = []
    if priorities.order and len(priorities.order[0]) > 1:
        told.append(
            words.gettext(
                "Several threats share the first place. That may be so; if not, ask once more which worries most."
            )
        )
    if priorities.order and priorities.left:
        told.append(
            words.ngettext(
                "{many} threat was given no place. It stays on the list, and can be looked at next time.",
                "{many} threats were given no place. They stay on the list, and can be looked at next time.",
                len(priorities.left),
            ).format(many=len(priorities.left))
        )
    return tuple(told)
