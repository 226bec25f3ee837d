"""Counting people and collectives, once each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class ActVictims(NamedTuple):
    """One victim of one act: who, whether a collective, and how many unnamed persons are reported with it.

    ``actor`` is ``None`` when nobody is named.
    """

    actor: str | None
    is_collective: bool
    unnamed: int = 0


class Counted(NamedTuple):
    """How many were victims: named persons, collectives, and at least so many persons nobody names."""

    individuals: int
    collectives: int
    unnamed_at_least: int


def count_victims(acts: Iterable[tuple[str | None, bool, int]]) -> Counted:
    """Count every actor once over all acts, individuals apart from collectives.

    ``acts`` holds (actor id or ``None``, is a collective, unnamed persons). Unnamed persons cannot be told
    apart, so those of several acts may be the same people: the largest number of one act is what is certain,
    and the answer is a lower bound. An actor called a collective anywhere counts as a collective.
    """
    is_collective: dict[str, bool] = {}
    unnamed = 0
    for actor, collective, also_unnamed in acts:
        if actor is not None:
            is_collective[actor] = is_collective.get(actor, False) or collective
        unnamed = max(unnamed, also_unnamed)
    collectives = sum(is_collective.values())
    return Counted(len(is_collective) - collectives, collectives, unnamed)
