"""How harm travels along the ties between actors.

A tie carries harm from one end to the other with a weight that depends on its kind and direction, on how
strong it is and on how certain. The weights are **assumed**: they order ties as practitioners speak of them
and stand here in one table until a model fitted to records replaces them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Strength = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True)
class TieFact:
    """A directed tie: ``frm`` is, for instance, the member and ``to`` the collective.

    ``certainty`` is a code of the vocabulary (confirmed, likely, possible, unlikely, unknown); ``held`` are
    the first and last day it held, ``None`` for an open or unknown end.
    """

    tie: str
    frm: str
    to: str
    kind: str
    strength: Strength = 2
    certainty: str = "confirmed"
    held: tuple[date | None, date | None] = (None, None)

    def held_during(self, start: date, end: date) -> bool:
        """Say whether the tie may have held on some day from ``start`` to ``end``."""
        since, until = self.held
        return (since is None or since <= end) and (until is None or until >= start)


@dataclass(frozen=True, slots=True)
class TieWeight:
    """How much of a harm one kind of tie carries each way, from 0 to 1, and why."""

    forward: float
    backward: float
    reason: str


def _weight(forward: float, backward: float, reason: str) -> TieWeight:
    return TieWeight(forward, backward, reason)


#: Assumed weights. Forward: an attack on ``frm`` touches ``to``; backward: an attack on ``to`` touches
#: ``frm``.
TIE_WEIGHTS: Mapping[str, TieWeight] = MappingProxyType(
    {
        "member_of": _weight(0.7, 0.6, "An attack on one member reaches the collective, and back."),
        "leads": _weight(0.9, 0.8, "Leaders are attacked to break the collective they lead."),
        "family_of": _weight(0.9, 0.9, "Families suffer the attack and are often threatened next."),
        "works_with": _weight(0.5, 0.5, "Those who work together share places, plans and adversaries."),
        "allied_with": _weight(0.4, 0.4, "Allies share a cause, seldom a daily life."),
        "accompanies": _weight(0.6, 0.4, "Losing those who accompany leaves the accompanied exposed."),
        "contact_of": _weight(0.25, 0.25, "A contact may be known to whoever attacked."),
        "part_of": _weight(0.6, 0.5, "A part and its whole share people and purpose."),
        "duty_towards": _weight(0.05, 0.0, "Who has a duty is not harmed by harm to those it owes it to."),
        "has_interest_in": _weight(0.0, 0.0, "An interest is no bond of solidarity."),
        "controls": _weight(0.0, 0.0, "Who controls a group is not harmed with it, nor the group with them."),
        "threatens": _weight(0.0, 0.0, "A threat runs against the other; it carries no harm onwards."),
    }
)

#: Assumed: how much of the weight a tie of strength 1 (weak), 2 or 3 (strong) keeps.
STRENGTH_SHARES: Mapping[int, float] = MappingProxyType({1: 0.5, 2: 0.75, 3: 1.0})

#: Assumed: how much of the weight is kept for each degree of certainty. Unknown counts below possible.
CERTAINTY_SHARES: Mapping[str, float] = MappingProxyType(
    {"confirmed": 1.0, "likely": 0.8, "possible": 0.5, "unknown": 0.4, "unlikely": 0.2}
)

#: What is fainter than this is not told: it would make every actor touched by everything.
FLOOR = 0.01


def carries(tie: TieFact, *, forward: bool, weights: Mapping[str, TieWeight] = TIE_WEIGHTS) -> float:
    """Return the share of a harm, 0 to 1, the tie carries to ``to`` (forward) or to ``frm`` (backward).

    A kind that is not in the table carries nothing; a certainty that is not counts as unknown.
    """
    weight = weights.get(tie.kind)
    if weight is None:
        return 0.0
    share = CERTAINTY_SHARES.get(tie.certainty, CERTAINTY_SHARES["unknown"])
    return (weight.forward if forward else weight.backward) * STRENGTH_SHARES[tie.strength] * share


@dataclass(frozen=True, slots=True)
class Hop:
    """One step: harm travels from ``frm`` to ``to`` when ``forward``, else from ``to`` to ``frm``."""

    tie: str
    kind: str
    frm: str
    to: str
    forward: bool

    @property
    def source(self) -> str:
        """The end the harm comes from."""
        return self.frm if self.forward else self.to

    @property
    def target(self) -> str:
        """The end the harm reaches."""
        return self.to if self.forward else self.frm


@dataclass(frozen=True, slots=True)
class Chain:
    """A path along ties with the product of its weights, as it was walked from its source; ``towards`` turns it."""

    strength: float
    path: tuple[tuple[str, bool], ...]
    ties: tuple[TieFact, ...]
    towards: bool = False

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The steps as harm takes them; made when asked for, since of most chains only the strength is."""
        steps = zip(self.path, self.ties, strict=True)
        hops = tuple(Hop(tie.tie, tie.kind, tie.frm, tie.to, forward) for (_, forward), tie in steps)
        return hops[::-1] if self.towards else hops

    def held_during(self, start: date, end: date) -> bool:
        """Say whether every tie of it may have held on some day from ``start`` to ``end``."""
        return all(tie.held_during(start, end) for tie in self.ties)


class Weave:
    """Ties laid out by actor, so that several incidents can be asked about without laying them out again.

    ``weights``: what a tie of each kind carries.
    """

    __slots__ = ("_by_actor", "_inward", "_shares", "_weights")

    def __init__(self, ties: Iterable[TieFact], weights: Mapping[str, TieWeight] = TIE_WEIGHTS) -> None:
        self._weights = weights
        by_actor: defaultdict[str, list[TieFact]] = defaultdict(list)
        for tie in ties:
            by_actor[tie.frm].append(tie)
            by_actor[tie.to].append(tie)
        self._by_actor = by_actor
        self._shares: dict[tuple[str, int, str], tuple[float, float]] = {}
        self._inward: dict[str, _Inward] = {}

    @classmethod
    def of(cls, ties: Iterable[TieFact] | Weave, weights: Mapping[str, TieWeight] = TIE_WEIGHTS) -> Weave:
        """Return ``ties`` laid out; those that are already keep the weights they were laid out with."""
        return ties if isinstance(ties, Weave) else cls(ties, weights)

    def strongest(
        self,
        sources: Iterable[str],
        *,
        reach: int,
        during: tuple[date, date] | None = None,
        without: Collection[str] = frozenset(),
        towards: bool = False,
        floor: float = FLOOR,
        among: Collection[str] | None = None,
    ) -> dict[str, Chain]:
        """Return for every actor within ``reach`` ties of a source its strongest chain of at least ``floor``.

        Harm starts at the sources with strength 1 (they themselves are not returned). ``during`` keeps the
        ties that may have held on one of those days; ``without`` names actors that harm neither reaches nor
        passes. With ``towards`` the chains run the other way: from every actor to the sources. Of equal
        chains the shortest is kept, then the one whose tie ids come first, so the order of the ties does not
        matter. ``among`` names the only actors whose chains are told.
        """
        start = frozenset(sources)
        best: dict[str, _Found] = dict.fromkeys(start, (1.0, (), ()))
        edge = dict(best)
        for _ in range(reach):
            reached: dict[str, _Found] = {}
            for actor, found in edge.items():
                self._step(actor, found, best, reached, during=during, towards=towards, floor=floor)
            edge = {actor: found for actor, found in reached.items() if actor not in without}
            best.update(edge)
        return {
            actor: Chain(strength, path, ties, towards)
            for actor, (strength, path, ties) in best.items()
            if actor not in start and (among is None or actor in among)
        }

    def short_chains(self, source: str, target: str, *, floor: float = FLOOR) -> list[Chain]:
        """Return every chain of one or two ties by which harm travels from ``source`` to ``target``.

        Strongest first; of equal chains as ``strongest`` keeps them, read from ``target``. Whether a tie held is not
        asked: the first chain that held at a time is what ``strongest`` returns for that time with a reach of 2.
        """
        onward = self._coming_to(target)
        found: list[_Found] = [(share, ((tie.tie, ahead),), (tie,)) for share, tie, ahead in onward.get(source, ())]
        for tie, middle, forward in self._leaving(source):
            if middle == source:
                continue
            # Seen from the source the tie lies the other way round: harm leaves the source by it.
            share = self._carried(tie)[1 if forward else 0]
            for last, to_target, ahead in onward.get(middle, ()):
                path = ((to_target.tie, ahead), (tie.tie, not forward))
                found.append((last * share, path, (to_target, tie)))
        found = [one for one in found if one[0] >= floor and one[0] > 0.0]
        found.sort(key=lambda one: (-one[0], len(one[1]), one[1]))
        return [Chain(strength, path, ties, towards=True) for strength, path, ties in found]

    def _coming_to(self, target: str) -> _Inward:
        """Return, by the other end, the last steps to ``target``; laid out once for all sources."""
        known = self._inward.get(target)
        if known is None:
            known = self._inward[target] = defaultdict(list)
            for tie, middle, forward in self._leaving(target):
                known[middle].append((self._carried(tie)[0 if forward else 1], tie, forward))
        return known

    def _leaving(self, actor: str) -> Iterator[tuple[TieFact, str, bool]]:
        """Yield the ties of an actor with the other end, and whether harm from there comes forward along them."""
        for tie in self._by_actor.get(actor, ()):
            outward = tie.frm == actor
            yield tie, tie.to if outward else tie.frm, not outward

    def _step(
        self,
        actor: str,
        found: _Found,
        best: dict[str, _Found],
        reached: dict[str, _Found],
        *,
        during: tuple[date, date] | None,
        towards: bool,
        floor: float,
    ) -> None:
        """Carry the harm from one actor one tie further, keeping the strongest way into each neighbour."""
        strength, path, ties = found
        for tie in self._by_actor.get(actor, ()):
            outward = tie.frm == actor
            neighbour = tie.to if outward else tie.frm
            forward = outward != towards
            onward = strength * self._carried(tie)[0 if forward else 1]
            if onward < floor or onward == 0.0:
                continue
            if neighbour in best and best[neighbour][0] >= onward:
                continue
            rival = reached.get(neighbour)
            if rival is not None and rival[0] > onward:
                continue
            if during is not None and not tie.held_during(*during):
                continue
            longer = (*path, (tie.tie, forward))
            if rival is None or rival[0] < onward or longer < rival[1]:
                reached[neighbour] = (onward, longer, (*ties, tie))

    def _carried(self, tie: TieFact) -> tuple[float, float]:
        """Return what the tie carries forward and backward, worked out once for all ties alike."""
        likeness = (tie.kind, tie.strength, tie.certainty)
        shares = self._shares.get(likeness)
        if shares is None:
            ahead = carries(tie, forward=True, weights=self._weights)
            shares = self._shares[likeness] = ahead, carries(tie, forward=False, weights=self._weights)
        return shares


#: Strength, the ids of the ties with their direction, and the ties, in order from the source.
_Found = tuple[float, tuple[tuple[str, bool], ...], tuple[TieFact, ...]]
_Inward = dict[str, list[tuple[float, TieFact, bool]]]
