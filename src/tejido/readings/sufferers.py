"""Who suffered each kind of act, and in how many incidents, so that one more or less changes only what it must."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Final

ActDone = tuple[str, frozenset[str], frozenset[str]]

#: Stands for all kinds of act together.
EVERY: Final = ""


class Tally:
    """Actors counted once each: individuals, collectives, and in how many of them each collective is touched."""

    def __init__(self, is_collective: Callable[[str], bool], stands_in: Callable[[str], Collection[str]]) -> None:
        self._is_collective, self._stands_in = is_collective, stands_in
        self.individuals = self.collectives = 0
        self.touched: Counter[str] = Counter()

    def count(self, actor: str, times: int = 1) -> None:
        """Count an actor, or with -1 no longer."""
        if self._is_collective(actor):
            self.collectives += times
        else:
            self.individuals += times
        for whole in self._stands_in(actor):
            self.touched[whole] += times
            if not self.touched[whole]:
                del self.touched[whole]

    def told(self) -> tuple[int, int, int]:
        """Return how many individuals, collectives and collectives that are touched."""
        return self.individuals, self.collectives, len(self.touched)


class Sufferers:
    """By kind of act, in how many incidents each actor suffered it; ``tallies`` keeps what was counted of a kind.

    Whoever changes what an actor is, or where it stands, clears ``tallies``.
    """

    def __init__(self) -> None:
        self.by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.tallies: dict[str, Tally] = {}

    def add(self, acts: Iterable[ActDone]) -> None:
        """Take in the acts of one incident."""
        for kind, victims, _ in acts:
            for one in (kind, EVERY) if victims else ():
                self._count(one, victims, 1)

    def take_out(self, acts: Iterable[ActDone]) -> None:
        """Take out the acts of one incident again, before anything else changes."""
        for kind, victims, _ in acts:
            for one in (kind, EVERY) if victims else ():
                self._count(one, victims, -1)

    def _count(self, kind: str, victims: Iterable[str], times: int) -> None:
        known, tally = self.by_kind[kind], self.tallies.get(kind)
        for actor in victims:
            before = known[actor]
            known[actor] = before + times
            if not known[actor]:
                del known[actor]
            if tally is not None and not (before and before + times):
                tally.count(actor, times)
