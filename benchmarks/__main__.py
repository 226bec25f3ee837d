"""``python -m benchmarks [MEASURE …]``: measure and print tables; ``--write`` puts them in the docs.

``--incidents N`` sizes the workspace (actors half of it, ties twice); ``--postgres`` measures pages on PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import report
from benchmarks.place import workspace

if TYPE_CHECKING:
    from benchmarks.pages import Timed
    from benchmarks.peers import Plain

MEASURES = ("imports", "growth", "pages", "plans", "vault", "worth", "gates", "fits", "diffusion", "claims")


def main() -> None:
    """Measure what was asked for, each in a process of its own."""
    options = _options()
    if options.inside:
        print(json.dumps(_inside(options)))
        return
    results: dict[str, object] = {"machine": report.machine()}
    texts = [f"Machine: {report.machine()}. Command: `make bench`."]
    for name in options.names or MEASURES:
        found, text = _measure(name)(options)
        results[name] = found
        texts.append(text)
        print(text, end="\n\n", flush=True)
    report.keep(results)
    if options.write:
        report.rewrite("\n\n".join(texts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="MEASURE", help=f"of {', '.join(MEASURES)} (default: all)")
    parser.add_argument("--incidents", type=int, default=100_000, metavar="N", help="size of the workspace")
    parser.add_argument("--rows", type=int, default=100_000, metavar="N", help="rows of the long list")
    parser.add_argument("--timed", type=int, default=100, metavar="N", help="pages timed of each kind")
    parser.add_argument("--postgres", action="store_true", help="pages on PostgreSQL instead of the encrypted file")
    parser.add_argument("--write", action="store_true", help="put the tables in docs/benchmarks.md")
    parser.add_argument("--vault", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--plans", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--inside", metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if set(options.names) - set(MEASURES):
        parser.error(f"choose among {', '.join(MEASURES)}")
    return options


def _measure(name: str) -> Callable[[argparse.Namespace], tuple[object, str]]:
    """Return what takes a measure; what needs much is imported only then."""
    if name in ("worth", "gates"):
        from benchmarks import analysis_warning

        return lambda options: analysis_warning.worth() if name == "worth" else analysis_warning.gates()
    if name == "fits":
        from benchmarks import analysis_fit

        return lambda options: analysis_fit.fits()
    if name in ("diffusion", "claims"):
        from benchmarks import analysis_diffusion

        return lambda options: analysis_diffusion.diffusion() if name == "diffusion" else analysis_diffusion.claims()
    return {"imports": _imports, "growth": _growth, "pages": _pages, "plans": _plans, "vault": _vault}[name]


def _imports(options: argparse.Namespace) -> tuple[object, str]:
    """Import the Chilean list and a long invented one, each into a new workspace, in a fresh process."""
    from benchmarks.lists import MAPPING, chilean_list, write_list
    from benchmarks.peers import time_import

    found, rows = {}, []
    with tempfile.TemporaryDirectory() as room:
        made, mapping = Path(room) / "invented.csv", Path(room) / "invented.yml"
        write_list(made, options.rows)
        mapping.write_text(MAPPING, encoding="utf-8")
        for name, (file, how) in {"Chile": chilean_list(), "invented": (made, mapping)}.items():
            many = _rows_of(file)
            one = json.loads(_run("benchmarks.one_import", f"{room}/{name}", str(file), str(how)))
            one |= {"rows": many, "plain_seconds": time_import(file, Path(room) / f"{name}.plain")}
            found[name] = one
            rows.append(
                [
                    f"{name}, {many:,} rows",
                    f"{one['seconds']:.1f} s",
                    f"{many / one['seconds']:,.0f}",
                    f"{one['peak_mb']} MB",
                    f"{one['catalogue_seconds']:.1f} s",
                    f"{one['progress']}",
                    f"{one['plain_seconds']:.2f} s",
                    f"{one['seconds'] / one['plain_seconds']:,.0f}",
                ]
            )
    head = ["import", "time", "rows/s", "peak memory", "catalogue after it", "progress told", "plain", "ratio"]
    return found, report.table(head, rows)


def _rows_of(file: Path) -> int:
    import csv

    with file.open(encoding="utf-8", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def _pages(options: argparse.Namespace) -> tuple[object, str]:
    found = _measured(options, options.incidents, options.timed)
    rows = []
    for one in found["pages"]:
        aim, plain = one["aim"], one.get("plain_p50")
        met = "" if aim is None else "yes" if one["p95"] <= aim else "**no**"
        rows.append(
            [
                one["name"],
                f"{one['p50']:.1f}",
                f"{one['p95']:.1f}",
                "" if aim is None else f"{aim:g}",
                met,
                _span(one["queries"]),
                _span(one["catalogue_queries"]),
                f"{one['sent'] / 1024:.1f}",
                "" if plain is None else f"{plain:.2f}",
                "" if plain is None else f"{one['p50'] / plain:,.0f}",
            ]
        )
    head = [
        "page",
        "p50 ms",
        "p95 ms",
        "aim",
        "met",
        "queries",
        "of the catalogue",
        "KB sent",
        "plain p50 ms",
        "ratio",
    ]
    size = (
        f"{found['incidents']:,} incidents, {found['actors']:,} actors, {found['ties']:,} ties, on {found['store']}; "
        f"woven in {found['weaving_seconds']:.0f} s, catalogue made in {found['catalogue_seconds']:.0f} s, "
        f"what is building up reckoned in {found['reckoning_seconds']:.0f} s; "
        f"{options.timed} pages of each kind after 15 to warm, memory {found['peak_mb']} MB."
    )
    return found, size + "\n\n" + report.table(head, rows)


def _growth(options: argparse.Namespace) -> tuple[object, str]:
    """Count the questions each page asks at two sizes: they must not grow with the rows."""
    small, large = (_measured(options, size, 20) for size in (1_000, 8_000))
    rows = []
    for one, other in zip(small["pages"], large["pages"], strict=True):
        same = "yes" if one["queries"][1] >= other["queries"][1] else "**no**"
        rows.append([one["name"], _span(one["queries"]), _span(other["queries"]), same])
    return {"small": small, "large": large}, report.table(
        ["page", "queries at 1,000 incidents", "at 8,000", "constant"], rows
    )


def _plans(options: argparse.Namespace) -> tuple[object, str]:
    """Time the pages and papers of a plan with many measures, and count their questions beside a small one."""
    from benchmarks.plans import AIM, LARGE, SMALL

    with tempfile.TemporaryDirectory() as room:
        more = ["--plans", "--timed", str(options.timed)]
        found: dict[str, Any] = json.loads(_run("benchmarks", "--inside", room, *more))
    rows = []
    for one in found["measured"]:
        small, large = one["queries"]
        met = "yes" if one["cpu_p95"] <= AIM else "**no**"
        times = [f"{one[name]:.0f}" for name in ("p50", "p95", "cpu_p95")]
        same = "yes" if small >= large else "**no**"
        rows.append([one["name"], *times, f"{AIM:g}", met, str(small), str(large), same, f"{one['sent'] / 1024:.1f}"])
    head = ["page or paper", "p50 ms", "p95 ms", "of the processor, p95 ms", "aim", "met"]
    head += [f"queries with {SMALL} measures", f"with {LARGE}", "constant", "KB sent"]
    return found, report.table(head, rows)


def _vault(options: argparse.Namespace) -> tuple[object, str]:
    """Measure what sealing costs beside plain Django and plain SQLite."""
    with tempfile.TemporaryDirectory() as room:
        found: dict[str, Any] = json.loads(
            _run("benchmarks", "--inside", room, "--vault", "--rows", str(options.rows))
        )
    rows = []
    for one in found["measured"]:
        ratios = [f"{one['sealed'] / one[peer]:.1f}" if one[peer] else "" for peer in ("django", "sqlite")]
        times = [f"{one[peer]:.2f}" if one[peer] else "" for peer in ("django", "sqlite")]
        rows.append([one["name"], f"{one['sealed']:.2f}", *times, *ratios, one["aim"]])
    head = ["work", "sealed ms", "plain Django ms", "plain SQLite ms", "× Django", "× SQLite", "aim"]
    return found, report.table(head, rows)


def _span(two: list[int]) -> str:
    return str(two[0]) if two[0] == two[1] else f"{two[0]}–{two[1]}"


def _measured(options: argparse.Namespace, incidents: int, timed: int) -> dict[str, Any]:
    with ExitStack() as stack:
        room = stack.enter_context(tempfile.TemporaryDirectory())
        more = ["--incidents", str(incidents), "--timed", str(timed)]
        if options.postgres:
            from tests.postgres import start_postgres

            server = stack.enter_context(start_postgres())
            more += [
                "--database",
                f"postgresql://{server.user}@{server.host.replace('/', '%2F')}:{server.port}/postgres",
            ]
        found: dict[str, Any] = json.loads(_run("benchmarks", "--inside", room, *more))
        return found


def _run(module: str, *arguments: str) -> str:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=report.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]


def _inside(options: argparse.Namespace) -> dict[str, object]:
    """Weave a workspace and time its pages, in this process."""
    import resource

    room = Path(options.inside)
    if options.vault:
        with workspace(room / "workspace") as by:
            from benchmarks.vault import measure as measure_vault

            sizes = tuple(sorted({10_000, options.rows}))
            return {"measured": [asdict(one) for one in measure_vault(by, room, sizes=sizes)]}
    if options.plans:
        with workspace(room / "workspace") as by:
            from benchmarks.pages import Visitor
            from benchmarks.plans import measure as measure_plans

            return {"measured": [asdict(one) for one in measure_plans(by, Visitor(by), timed=options.timed)]}
    with workspace(room / "workspace", database=options.database or None) as by:
        from benchmarks.pages import WARMING, Visitor, kinds, measure, measure_new, reckon_first
        from benchmarks.peers import Plain
        from benchmarks.weaving import Size, weave
        from tejido.fabric.catalogue import ACTORS, TERRITORIES
        from tejido.incidents.catalogue import INCIDENTS
        from tejido.vault.catalogue import catalogue

        many = options.incidents
        size = Size(many, many // 2, many * 2, max(60, many * 3 // 100), rich=max(1, min(60, many // 1000)))
        plain = Plain(room / "plain.db")
        started = time.perf_counter()
        woven = weave(by=by, size=size, beside=plain.keep)
        plain.finish()
        made = time.perf_counter()
        catalogue().catch_up([ACTORS, TERRITORIES, INCIDENTS])
        listed = time.perf_counter()
        reckoned = reckon_first()
        visitor, pages = Visitor(by), []
        for kind in kinds(woven, many=options.timed + WARMING):
            found = measure(visitor, kind, timed=options.timed)
            if found is not None:
                pages.append({**asdict(found), **_beside(plain, found, kind.addresses[WARMING:])})
        pages += [asdict(one) for one in measure_new(visitor, by, woven, timed=options.timed)]
    return {
        "incidents": many, "actors": size.actors, "ties": size.ties, "pages": pages,
        "store": "PostgreSQL" if options.database else "SQLCipher", "weaving_seconds": made - started,
        "catalogue_seconds": listed - made, "reckoning_seconds": reckoned,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def _beside(plain: Plain, found: Timed, addresses: Sequence[str]) -> dict[str, float]:
    """Time the raw work of the same pages on the plain file."""
    from benchmarks.peers import asked

    work = plain.work_of(found.name)
    if work is None:
        return {}
    taken = []
    for address in addresses:
        started = time.perf_counter()
        work(asked(address))
        taken.append((time.perf_counter() - started) * 1000)
    return {"plain_p50": sorted(taken)[len(taken) // 2]}


if __name__ == "__main__":
    main()
