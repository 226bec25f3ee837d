"""How fast the model is fitted: streams that excite each other, beside tick's C++ likelihood with L-BFGS-B.

tick wants packages of its own, so it runs in an environment of its own: ``TEJIDO_TICK`` names the Python of one with
``tick`` 0.8.0.2, ``numpydoc``, ``six`` and ``scipy``. Both fit the same invented strikes of 20 streams with the decay
given, from the same beginning, on one thread; each in a new process, whose peak memory is told.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import report
from tejido.analysis.frame_checks import Floats

STREAMS, SIZES = 20, (10_000, 100_000, 1_000_000)
ALONE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1"}

OURS = """
import json, resource, sys, time
import numpy as np
from tejido.analysis.warning_fit import fit_rate
from tejido.analysis.warning_mutual import felt_of, fit_mutual
fit_mutual([np.array([1.0, 2.0, 3.0])], end=4.0, beta=1.0)
found = np.load(sys.argv[1])
times, end = [found[f"arr_{i}"] for i in range(20)], float(found["arr_20"][0])
started = time.perf_counter()
felt = felt_of(times, beta=1.0, end=end)
ready = time.perf_counter()
fits = [fit_rate(rows, felt.total) for rows in felt.rows]
done = time.perf_counter()
print(json.dumps({"seconds": done - started, "fit": done - ready, "value": sum(fit.log_likelihood for fit in fits),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""

TICK = """
import json, resource, sys, time
import numpy as np
from scipy.optimize import minimize
from tick.hawkes import ModelHawkesExpKernLogLik
found = np.load(sys.argv[1])
times, end = [found[f"arr_{i}"] for i in range(20)], float(found["arr_20"][0])
many = sum(map(len, times))
begin = np.r_[np.full(20, many / end / 40), np.full(400, 0.5 / 20)]
started = time.perf_counter()
model = ModelHawkesExpKernLogLik(1.0)
model.fit(times, end_times=end)
model.loss(begin)
ready = time.perf_counter()
best = minimize(lambda x: (model.loss(x), model.grad(x)), begin, jac=True, method="L-BFGS-B",
    bounds=[(1e-10, None)] * 420, options={"maxiter": 5000, "maxfun": 10000, "ftol": 1e-13, "gtol": 1e-8})
done = time.perf_counter()
print(json.dumps({"seconds": done - started, "fit": done - ready, "value": -(best.fun * many + 20 * end),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""


def invented(many: int) -> tuple[list[Floats], float]:
    """Return about so many strikes of 20 streams, a third of the pairs tied, three in five brought by others."""
    chance = np.random.default_rng(7)
    alpha = chance.random((STREAMS, STREAMS)) * (chance.random((STREAMS, STREAMS)) < 0.3)
    alpha *= 0.6 / np.abs(np.linalg.eigvals(alpha)).max()
    mu = chance.uniform(0.025, 0.075, STREAMS)
    end = many / float(np.linalg.solve(np.eye(STREAMS) - alpha, mu).sum())
    latest = [chance.uniform(0, end, chance.poisson(one * end)) for one in mu]
    streams = [[one] for one in latest]
    while sum(map(len, latest)):
        born: list[list[Floats]] = [[] for _ in range(STREAMS)]
        for j in range(STREAMS):
            for i in np.flatnonzero(alpha[:, j]):
                times = np.repeat(latest[j], chance.poisson(alpha[i, j], len(latest[j])))
                times = times + chance.exponential(size=len(times))
                born[i].append(times[times < end])
        latest = [np.concatenate([*one, np.empty(0)]) for one in born]
        for one, more in zip(streams, latest, strict=True):
            one.append(more)
    return [np.sort(np.concatenate(one)) for one in streams], end


def fits() -> tuple[object, str]:
    """Return seconds and peak memory of both, and the ratio, at each size."""
    tick, rows, found = os.environ.get("TEJIDO_TICK"), [], {}
    with tempfile.TemporaryDirectory() as room:
        for size in SIZES:
            times, end = invented(size)
            file = Path(room) / f"{size}.npz"
            np.savez(file, *times, np.array([end]))
            ours = _best(sys.executable, OURS, file)
            peer = _best(tick, TICK, file) if tick else None
            found[str(size)] = {"ours": ours, "tick": peer}
            rows.append(_row(sum(map(len, times)), ours, peer))
    head = ["strikes", "ours", "of it the fit", "peak", "tick", "of it the fit", "peak", "ratio", "ratio of the fits",
            "log-likelihood, ours less tick's"]  # fmt: skip
    text = report.table(head, rows)
    return found, text if tick else text + "\n\nWithout a peer: `TEJIDO_TICK` names no Python with tick."


def _row(many: int, ours: dict[str, float], peer: dict[str, float] | None) -> list[str]:
    mine = [f"{many:,}", f"{ours['seconds']:.3f} s", f"{ours['fit']:.3f} s", f"{ours['peak_mb']:.0f} MB"]
    if peer is None:
        return [*mine, "", "", "", "", "", ""]
    return [
        *mine, f"{peer['seconds']:.3f} s", f"{peer['fit']:.3f} s", f"{peer['peak_mb']:.0f} MB",
        f"{peer['seconds'] / ours['seconds']:.1f}", f"{peer['fit'] / ours['fit']:.1f}",
        f"{ours['value'] - peer['value']:+.1e}",
    ]  # fmt: skip


def _best(python: str, program: str, file: Path, times: int = 3) -> dict[str, float]:
    """Run a program a few times and return the fastest."""
    told = []
    for _ in range(times):
        done = subprocess.run(
            [python, "-W", "ignore", "-c", program, str(file)], env={**os.environ, **ALONE}, cwd=file.parent,
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.append(json.loads(done.stdout.splitlines()[-1]))
    return min(told, key=lambda one: float(one["seconds"]))
