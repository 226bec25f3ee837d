"""What would change, and for whom, if somebody could not be reached, a tie were woven, a profile were raised.

A comparison of two fabrics, nothing more: nobody foresees how an aggressor answers. Assumed, not learned: a raised
profile makes every bond of that actor count ``times`` as much, in what reaches them and in what hangs on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tejido.analysis import frame_checks as check
from tejido.analysis.diffusion import ONWARD
from tejido.analysis.fabric_strength import Allies, FabricStrength, strength_of
from tejido.analysis.fabric_view import bonds, members_of
from tejido.analysis.felt import felt
from tejido.analysis.frame_checks import Floats, Yes
from tejido.analysis.frames import Fabric, Ties


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Somebody cannot be reached any more: moved away, detained. All their ties are gone."""

    actor: int


@dataclass(frozen=True, slots=True)
class NewTie:
    """A tie is woven: accompaniment, an alliance, a contact."""

    source: int
    target: int
    kind: str
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class LostTie:
    """One tie is gone, by its row; whoever it tied stays, with all their other ties."""

    tie: int


@dataclass(frozen=True, slots=True)
class RaisedProfile:
    """Somebody becomes better known: an award, a campaign with one name."""

    actor: int
    times: float = 2.0


Change = Unreachable | NewTie | LostTie | RaisedProfile


@dataclass(frozen=True, slots=True)
class Shift:
    """How much of what strikes the collective comes to an actor: before, after, and the bound on both errors."""

    actor: int
    before: float
    after: float
    error: float

    @property
    def sure(self) -> bool:
        """Whether the change is larger than its possible error."""
        return abs(self.after - self.before) > self.error


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One collective before and after, and the actors for whom most changes, most first."""

    before: FabricStrength
    after: FabricStrength
    shifts: tuple[Shift, ...]


def changed(fabric: Fabric, changes: Sequence[Change], *, day: float) -> Fabric:
    """Return the fabric as it would be from ``day`` on; rows of actors stay what they are.

    Raises ``FrameError`` for an actor or a tie that is not there, or a strength or a factor that is not a number from
    0 up.
    """
    for change in changes:
        ties = fabric.ties
        if isinstance(change, NewTie):
            ties = _with_tie(ties, change, len(fabric.actors), day)
        elif isinstance(change, LostTie):
            check.positions([change.tie], frame="changes", column="tie", many=len(ties))
            ties = replace(ties, strength=np.where(np.arange(len(ties)) == change.tie, 0.0, ties.strength))
        else:
            check.positions([change.actor], frame="changes", column="actor", many=len(fabric.actors))
            touches = (ties.source == change.actor) | (ties.target == change.actor)
            factor = 0.0 if isinstance(change, Unreachable) else change.times
            check.not_below_zero(np.array([factor], dtype=np.float64), frame="changes", name="times")
            ties = replace(ties, strength=np.where(touches, ties.strength * factor, ties.strength))
        fabric = replace(fabric, ties=ties)
    return fabric


def what_if(
    fabric: Fabric, collective: int, changes: Sequence[Change], *, day: float, allies: Allies | None = None,
    tested: Yes | bool = False, most: int = 20, onward: float = ONWARD,
) -> WhatIf:  # fmt: skip
    """Return what a collective's fabric would be after ``changes``, and who would feel a blow to it more or less."""
    other = changed(fabric, changes, day=day)
    tried = np.zeros(len(other.ties), dtype=np.bool_)
    tried[: len(fabric.ties)] = tested
    before = strength_of(fabric, collective, day=day, allies=allies, tested=tried[: len(fabric.ties)])
    after = strength_of(other, collective, day=day, allies=allies, tested=tried)
    seeds = [collective, *members_of(fabric, collective, day).tolist()]
    was, was_error = _felt(fabric, seeds, day, onward)
    now, now_error = _felt(other, seeds, day, onward)
    largest = np.argsort(-np.abs(now - was), kind="stable")[:most]
    error = was_error + now_error
    shifts = [Shift(int(one), float(was[one]), float(now[one]), error) for one in largest]
    return WhatIf(before, after, tuple(one for one in shifts if one.sure))


def _felt(fabric: Fabric, seeds: list[int], day: float, onward: float) -> tuple[Floats, float]:
    """Return what part of a blow to the seeds comes to each actor along bonds, and its error."""
    held, ties = bonds(fabric, day), fabric.ties
    return felt(
        ties.source[held], ties.target[held], ties.weight[held], np.array(seeds, dtype=np.int64),
        actors=len(fabric.actors), onward=onward,
    )  # fmt: skip


def _with_tie(ties: Ties, new: NewTie, actors: int, day: float) -> Ties:
    """Add one tie at the end, so that the rows of the others stay what they are."""
    one = Ties.of([new.source], [new.target], actors=actors, kind=new.kind, strength=new.strength, start=day)
    kinds = ties.kinds if new.kind in ties.kinds else (*ties.kinds, new.kind)
    return Ties(
        np.append(ties.source, one.source), np.append(ties.target, one.target),
        np.append(ties.kind, kinds.index(new.kind)), np.append(ties.strength, one.strength),
        np.append(ties.certainty, one.certainty), np.append(ties.start, one.start), np.append(ties.end, one.end),
        kinds,
    )  # fmt: skip
