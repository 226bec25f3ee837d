"""How a graph lies in memory for the sweeps of diffusion.

Rows are laid out eight at a time, rows of about one length together ("sliced ELLPACK" with a sorting window:
Monakov, Lokhmotov and Avetisyan 2010; Kreutzer et al. 2014): eight sums run side by side, and the processor seldom
guesses the end of a row wrongly. Weights are kept as codes into a table of the few that there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from tejido.analysis.diffusion_graph import Starts, TieGraph
from tejido.analysis.diffusion_kernels import LANES
from tejido.analysis.frame_checks import Floats, Whole, Yes

#: Rows are sorted by length only among so many neighbours, so that what lies together stays together.
WINDOW = 1024
#: Ties of a row beyond so many are summed apart, lest seven short rows wait for a long one.
LONGEST = 96


@dataclass(frozen=True, eq=False)
class Layout:
    """Rows in their own order, ``order[i]`` being the actor of row i.

    ``inward``: the ties by their target, in this order · ``codes``, ``table``: their weights · ``others``: the same
    codes, ties to oneself weighing nothing · ``leaving``, ``share``: the weight that leaves each row (padded to whole
    groups), and 1 over it, 0 for a dangling one · ``back``: the part of what leaves that comes straight back ·
    ``slots``, ``ends``, ``slot_codes``: the groups of eight, without ties to oneself · ``long_*``: the ties that found
    no slot, by row.
    """

    order: Whole
    inward: TieGraph
    codes: NDArray[np.unsignedinteger]
    others: NDArray[np.unsignedinteger]
    table: Floats
    leaving: Floats
    share: Floats
    back: Floats
    slots: NDArray[np.uint64]
    ends: NDArray[np.uint32]
    slot_codes: NDArray[np.unsignedinteger]
    long_rows: Whole
    long_starts: Starts
    long_ends: NDArray[np.int32]
    long_weights: Floats

    @classmethod
    def of(cls, graph: TieGraph, order: Whole) -> Self:
        """Lay out a graph in an order of its actors, refined by length among neighbours."""
        lengths = np.bincount(graph.targets, minlength=graph.actors)[order]
        order = order[np.lexsort((-lengths, np.arange(graph.actors) // WINDOW))]
        moved = graph.reordered(order)
        inward, table, codes = _coded(moved.inward)
        padded = -(-graph.actors // LANES) * LANES
        leaving = np.zeros(padded)
        leaving[: graph.actors] = moved.leaving
        share = np.divide(1.0, leaving, out=np.zeros(padded), where=leaving > 0)
        oneself = inward.sources == inward.targets
        back = np.zeros(padded)
        back[inward.targets[oneself]] = inward.weights[oneself]
        others = np.where(oneself, 0, codes).astype(codes.dtype)
        grouped = _grouped(_without(inward, oneself), codes[~oneself], padded)
        return cls(order, inward, codes, others, table, leaving, share, back * share, *grouped)

    def own(self, onward: float) -> Floats:
        """Return by how much the amount of each row grows because a part of it comes straight back."""
        return np.asarray(1.0 / (1.0 - onward * self.back))

    @property
    def plain(self) -> bool:
        """Whether every tie weighs 1."""
        return len(self.table) == 2 and self.table[1] == 1.0

    @property
    def groups(self) -> int:
        """How many groups of eight rows."""
        return len(self.slots) - 1


def _without(graph: TieGraph, left_out: Yes) -> TieGraph:
    kept = ~left_out
    starts = np.concatenate([[0], np.cumsum(np.bincount(graph.sources[kept], minlength=graph.actors))])
    return TieGraph(starts.astype(np.int64), graph.targets[kept], graph.weights[kept])


def _coded(inward: TieGraph) -> tuple[TieGraph, Floats, NDArray[np.unsignedinteger]]:
    """Return the weights as a table, 0 first, and codes as short as they can be."""
    first = inward.weights[:1]
    if first.size and (inward.weights == first[0]).all():
        table, places = first, np.zeros(inward.ties, dtype=np.int64)
    else:
        table, places = np.unique(inward.weights, return_inverse=True)
    table = np.concatenate([[0.0], table])
    bits = np.uint8 if len(table) <= 256 else np.uint16 if len(table) <= 65_536 else np.uint32
    return inward, table, (places + 1).astype(bits)


def _grouped(
    inward: TieGraph, codes: NDArray[np.unsignedinteger], padded: int
) -> tuple[
    NDArray[np.uint64], NDArray[np.uint32], NDArray[np.unsignedinteger], Whole, Starts, NDArray[np.int32], Floats
]:
    lengths = np.zeros(padded, dtype=np.int64)
    lengths[: inward.actors] = np.diff(inward.starts)
    widths = np.minimum(lengths.reshape(-1, LANES).max(axis=1, initial=0), LONGEST)
    slots = np.zeros(len(widths) + 1, dtype=np.int64)
    np.cumsum(widths * LANES, out=slots[1:])
    row = inward.sources
    nth = np.arange(inward.ties) - inward.starts[row]
    fits = nth < widths[row // LANES]
    place = slots[row[fits] // LANES] + nth[fits] * LANES + row[fits] % LANES
    ends = np.full(slots[-1], padded, dtype=np.uint32)
    ends[place] = inward.targets[fits]
    slot_codes = np.zeros(slots[-1], dtype=codes.dtype)
    slot_codes[place] = codes[fits]
    long_rows, counts = np.unique(row[~fits], return_counts=True)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return slots.astype(np.uint64), ends, slot_codes, long_rows, starts, inward.targets[~fits], inward.weights[~fits]
