"""One import in a process of its own, so that its peak memory is its own: ``python -m benchmarks.one_import``.

Prints one JSON document: rows, seconds, peak memory in MB (of the import; of making the catalogue after it), how
often progress was told. ``cpu_seconds`` are those in which the processor worked for it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.place import workspace


def main(directory: str, rows: str, mapping: str, address: str = "") -> None:
    """Import the file ``rows`` through the file ``mapping`` into a new workspace in ``directory``."""
    with workspace(Path(directory), database=address or None) as by:
        from tejido.exchange.actions import run_import
        from tejido.fabric.catalogue import ACTORS, TERRITORIES
        from tejido.incidents.catalogue import INCIDENTS
        from tejido.vault.catalogue import catalogue

        told = 0

        def progress(*_: int) -> None:
            nonlocal told
            told += 1

        at_rest = _peak()
        started, busy = time.perf_counter(), time.process_time()
        report = run_import(
            by=by,
            path=Path(rows),
            file_name=Path(rows).name,
            mapping_text=Path(mapping).read_text(encoding="utf-8"),
            progress=progress,
        )
        seconds, peak = time.perf_counter() - started, _peak()
        busy = time.process_time() - busy
        catalogue().catch_up([ACTORS, TERRITORIES, INCIDENTS])
        whole = time.perf_counter() - started
        found = {
            "seconds": seconds, "cpu_seconds": busy, "catalogue_seconds": whole - seconds,
            "at_rest_mb": at_rest, "peak_mb": peak,
            "catalogue_peak_mb": _peak(), "progress": told, "refused": len(report.refused),
            "counts": report.by_kind(),
        }  # fmt: skip
    print(json.dumps(found))


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
