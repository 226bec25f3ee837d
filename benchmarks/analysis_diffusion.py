"""How fast diffusion is beside scipy's sparse product in 64 bits, at the same accuracy, in one run.

Each graph in a new process, whose peak memory is told: ten ties for each actor, in communities of two hundred whose
members are scattered (``community``), or with many ties for few actors and no communities (``tail``). scipy repeats
x ← onward · Pᵀx + … until its own certificate, ‖change‖₁ · onward / (1 - onward), is what ours is asked for.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
from scipy import sparse

from benchmarks import report
from tejido.analysis import diffusion as room
from tejido.analysis.diffusion import ONWARD, Diffusion
from tejido.analysis.diffusion_graph import TieGraph
from tejido.analysis.diffusion_layout import Layout
from tejido.analysis.diffusion_push import LiveSpread
from tejido.analysis.frame_checks import Floats, Whole
from tejido.analysis.ordering import near_order
from tejido.analysis.synthetic import Planted, Rates, happen, weave

Answer = TypeVar("Answer")

SIZES, KINDS = (10_000, 100_000, 1_000_000), ("community", "tail")
TIES, COMMUNITY = 10, 200
FINE, COARSE, LIVE = 1e-10, 1e-5, 1e-3


def diffusion(sizes: tuple[int, ...] = SIZES) -> tuple[object, str]:
    """Return times, ratios and peak memory at each size and kind of graph."""
    found, rows = {}, []
    for size in sizes:
        for kind in KINDS:
            command = [sys.executable, "-m", "benchmarks.analysis_diffusion", str(size), kind]
            done = subprocess.run(command, cwd=report.ROOT, stdout=subprocess.PIPE, text=True, check=True)
            one = json.loads(done.stdout.splitlines()[-1])
            found[f"{kind} {size}"] = one
            rows.append(_row(size, kind, one))
    head = [
        "graph", "order", "layout", "scipy, one seed", "ours", "ratio", "ratio of a sweep", "16 seeds, scipy", "ours",
        "ratio", "ratio to ours alone", "push from nothing", "one tie, median", "mean", "ratio", "peak",
    ]  # fmt: skip
    return found, report.table(head, rows)


def _row(size: int, kind: str, one: dict[str, float]) -> list[str]:
    sweep = one["scipy"] / one["scipy_sweeps"] / (one["ours"] / one["our_sweeps"])
    theirs, ours = f"{one['scipy'] * 1e3:.1f} ms", f"{one['ours'] * 1e3:.1f} ms"
    return [
        f"{kind}, {size:,}", f"{one['order']:.2f} s", f"{one['layout']:.2f} s",
        f"{theirs} ({one['scipy_sweeps']:.0f})", f"{ours} ({one['our_sweeps']:.0f})",
        f"{one['scipy'] / one['ours']:.1f}", f"{sweep:.1f}",
        f"{one['scipy_many']:.2f} s", f"{one['many']:.2f} s", f"{one['scipy_many'] / one['many']:.1f}",
        f"{one['alone_many'] / one['many']:.1f}", f"{one['push'] * 1e3:.0f} ms", f"{one['tie'] * 1e3:.2f} ms",
        f"{one['tie_mean'] * 1e3:.2f} ms", f"{one['push'] / one['tie']:,.0f}", f"{one['peak_mb']:,.0f} MB",
    ]  # fmt: skip


def graph_of(kind: str, actors: int) -> TieGraph:
    """Return an invented graph with ten ties for each actor, in an order that says nothing."""
    chance = np.random.default_rng(1)
    many = actors * TIES
    hidden = chance.permutation(actors)
    if kind == "community":
        source = chance.integers(0, actors, many)
        near = np.minimum(source // COMMUNITY * COMMUNITY + chance.integers(0, COMMUNITY, many), actors - 1)
        target = np.where(chance.random(many) < 0.8, near, chance.integers(0, actors, many))
    else:
        weight = np.cumsum((1.0 + np.arange(actors)) ** -0.6)
        source, target = (np.searchsorted(weight, chance.random(many) * weight[-1]) for _ in range(2))
    return TieGraph.of(hidden[source], hidden[target], actors=actors)


def power(matrix: sparse.csr_matrix, dangling: Floats, seeds: Floats, tolerance: float) -> tuple[Floats, int]:
    """Return what scipy finds by repeating, and how often it repeated."""
    x, sweeps = seeds.copy(), 0
    while True:
        new = ONWARD * (matrix @ x) + (1.0 - ONWARD + ONWARD * float(x @ dangling)) * seeds
        sweeps += 1
        if np.abs(new - x).sum() * ONWARD / (1.0 - ONWARD) <= tolerance:
            return new, sweeps
        x = new


def measured(size: int, kind: str) -> dict[str, float]:
    """Measure one graph in this process, ours and theirs by turns."""
    room.warm()
    graph = graph_of(kind, size)
    order, ordering = _timed(lambda: near_order(graph))
    _, laying = _timed(lambda: Layout.of(graph, order))
    ready, inward = Diffusion.of(graph, order=order), graph.inward
    share = np.divide(1.0, graph.leaving, out=np.zeros(size), where=graph.leaving > 0)
    matrix = sparse.csr_matrix((inward.weights * share[inward.targets], inward.targets, inward.starts), (size, size))
    dangling = (share == 0).astype(np.float64)
    chance = np.random.default_rng(2)
    seeds: Whole = chance.choice(size, 5, replace=False)
    repeats = 3 if size >= 1_000_000 else 9
    brought = np.bincount(seeds, minlength=size) / 5
    (theirs, sweeps), _ = _timed(lambda: power(matrix, dangling, brought, FINE))
    ours, _ = _timed(lambda: ready.spread(seeds.tolist(), tolerance=FINE))
    turns = [
        (_timed(lambda: power(matrix, dangling, brought, FINE))[1],
         _timed(lambda: ready.spread(seeds.tolist(), tolerance=FINE))[1])
        for _ in range(repeats)
    ]  # fmt: skip
    found = {
        "order": ordering, "layout": laying, "scipy": statistics.median(one for one, _ in turns),
        "ours": statistics.median(one for _, one in turns), "scipy_sweeps": sweeps, "our_sweeps": ours.sweeps,
        "apart": float(np.abs(theirs - ours.shares).sum()), "error": ours.error,
    }  # fmt: skip
    found |= _many(ready, matrix, dangling, chance.choice(size, 16, replace=False).tolist())
    found |= _live(graph, seeds.tolist(), chance)
    return found | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def _many(ready: Diffusion, matrix: sparse.csr_matrix, dangling: Floats, seeds: list[int]) -> dict[str, float]:
    """Sixteen seeds at once, by scipy one by one, and by ourselves one by one (four of them, times four)."""
    size = ready.graph.actors
    list(ready.spread_many([[seed] for seed in seeds], tolerance=COARSE))
    _, many = _timed(lambda: list(ready.spread_many([[seed] for seed in seeds], tolerance=COARSE)))
    unit = [np.bincount([seed], minlength=size).astype(np.float64) for seed in seeds[:4]]
    _, theirs = _timed(lambda: [power(matrix, dangling, one, COARSE) for one in unit])
    _, alone = _timed(lambda: [ready.spread([seed], tolerance=COARSE) for seed in seeds[:4]])
    return {"many": many, "scipy_many": 4 * theirs, "alone_many": 4 * alone}


def _live(graph: TieGraph, seeds: list[int], chance: np.random.Generator) -> dict[str, float]:
    """Push from nothing, then change ties chosen by chance, each certified anew."""
    live, push = _timed(lambda: LiveSpread.of(graph, seeds, tolerance=LIVE))
    taken = []
    for one, other in chance.integers(0, graph.actors, (500, 2)).tolist():
        taken.append(_timed(partial(live.set_tie, one, other, 1.0))[1])
    if live.error > LIVE:
        raise AssertionError("not certified")
    return {"push": push, "tie": statistics.median(taken), "tie_mean": statistics.fmean(taken)}


def _timed(work: Callable[[], Answer]) -> tuple[Answer, float]:
    started = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - started


def claims(histories: int = 100) -> tuple[object, str]:
    """Return in how many histories without a pattern one is claimed, and in how many a planted one is found."""
    from tejido.analysis.patterns import find_patterns
    from tejido.analysis.synthetic import FIRST_DAY

    woven, days = weave(300, seed=2), 2_200.0
    hearings = FIRST_DAY + np.arange(60.0, days, 110.0)
    settings = {
        "nothing, constant rate": (Rates(0, 0, 0), None), "nothing, moving rate": (Rates(0, 0, 0, wave=0.9), None),
        "nothing, in bursts": (Rates(0.3, 0.3, 0.1, delay=8.0), None),
        "a weekday for a quarter": (Rates(0.1, 0.1, 0.0), Planted(weekday=(1, 0.25))),
        "the week before hearings for a third": (Rates(0.1, 0.1, 0.0), Planted(before=(hearings, 1 / 3))),
        "a sequence for a half": (Rates(0.1, 0.1, 0.0), Planted(sequence=("smear", "detention", 0.5))),
    }  # fmt: skip
    rows, found = [], {}
    for name, (rates, planted) in settings.items():
        claimed = []
        for any_dependence in (True, False):
            told = 0
            for seed in range(histories):
                happened = happen(woven, background=200, days=days, seed=seed, rates=rates, planted=planted)
                told += bool(
                    find_patterns(
                        happened.history, until=FIRST_DAY + days, subjects=woven.collectives[:3],
                        occasions={"hearing": hearings}, any_dependence=any_dependence,
                    ).found
                )  # fmt: skip
            claimed.append(told)
        found[name] = claimed
        rows.append([name, *(f"{one} of {histories}" for one in claimed)])
    return found, report.table(["history", "claimed (Yekutieli, 0.1)", "claimed (Hochberg, 0.1)"], rows)


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]), sys.argv[2])))
