"""Directed weighted ties laid out for diffusion: for every actor whom it reaches, and who reaches it.

Parallel ties are added together. Ties to oneself are kept. A tie of weight 0 is there and carries nothing; an actor
whose outgoing ties carry nothing is a *dangling* one. What was asked in rows of ``Actors`` is answered in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from tejido.analysis import frame_checks as check
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.frames import Fabric

Starts = NDArray[np.int64]
Ends = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class TieGraph:
    """Ties by their source, compressed: row u has ``targets[starts[u]:starts[u + 1]]``, ascending, with ``weights``.

    ``starts``: actors + 1 positions · ``targets``: actors, each once in a row · ``weights``: finite, from 0 up.
    """

    starts: Starts
    targets: Ends
    weights: Floats

    @classmethod
    def of(cls, source: ArrayLike, target: ArrayLike, weight: ArrayLike = 1.0, *, actors: int) -> Self:
        """Lay out ties among so many actors; raises ``FrameError`` naming the row and column of a bad one."""
        from_ = check.positions(source, frame="ties", column="source", many=actors)
        to = check.positions(target, frame="ties", column="target", rows=len(from_), many=actors)
        weights = check.floats(weight, frame="ties", column="weight", rows=len(from_))
        check.not_below_zero(weights, frame="ties", name="weight")
        return cls._laid_out(from_, to, weights, actors)

    @classmethod
    def of_fabric(cls, fabric: Fabric, *, day: float | None = None, both_ways: bool = True) -> Self:
        """Lay out the ties of a fabric, strength times certainty, of ``day`` alone if one is given.

        With ``both_ways`` each tie carries from target to source as well: harm and help go along a tie either way.
        """
        ties = fabric.ties
        held = slice(None) if day is None else ties.held_on(day)
        source, target, weight = ties.source[held], ties.target[held], ties.weight[held]
        if both_ways:
            source, target = np.concatenate([source, target]), np.concatenate([target, source])
            weight = np.concatenate([weight, weight])
        return cls.of(source, target, weight, actors=len(fabric.actors))

    @property
    def actors(self) -> int:
        """How many actors."""
        return len(self.starts) - 1

    @property
    def ties(self) -> int:
        """How many pairs of actors that are tied, in one direction."""
        return len(self.targets)

    @cached_property
    def sources(self) -> Whole:
        """The source of each tie, in the order of ``targets``."""
        return np.repeat(np.arange(self.actors), np.diff(self.starts))

    @cached_property
    def leaving(self) -> Floats:
        """The weights that leave each actor, added."""
        return np.bincount(self.sources, weights=self.weights, minlength=self.actors).astype(np.float64)

    @cached_property
    def inward(self) -> TieGraph:
        """The same ties by their target: row v has who reaches it."""
        return TieGraph._of_matrix(self._matrix.T.tocsr())

    @cached_property
    def undirected(self) -> TieGraph:
        """The same ties with each carrying both ways, added."""
        return TieGraph._of_matrix((self._matrix + self._matrix.T).tocsr())

    def reordered(self, order: Whole) -> TieGraph:
        """Return the same ties where row i is the actor that was ``order[i]``."""
        place = np.empty(self.actors, dtype=np.int64)
        place[order] = np.arange(self.actors)
        return TieGraph._laid_out(place[self.sources], place[self.targets], self.weights, self.actors)

    @property
    def _matrix(self) -> sparse.csr_matrix:
        shape = (self.actors, self.actors)
        matrix: sparse.csr_matrix = sparse.csr_matrix((self.weights, self.targets, self.starts), shape=shape)
        return matrix

    @classmethod
    def _laid_out(cls, source: Whole, target: Whole, weight: Floats, actors: int) -> Self:
        """Sort by source and target and add parallel ties."""
        entries = (weight, (source.astype(np.int32), target.astype(np.int32)))
        return cls._of_matrix(sparse.coo_matrix(entries, shape=(actors, actors)).tocsr())

    @classmethod
    def _of_matrix(cls, matrix: sparse.csr_matrix) -> Self:
        matrix.sort_indices()
        starts, targets = matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32, copy=False)
        return cls(starts, targets, np.asarray(matrix.data, dtype=np.float64))
