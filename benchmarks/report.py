"""What was measured, as tables: on the terminal, in ``.build/benchmarks.json``, and in ``docs/benchmarks.md``."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "benchmarks.md"
RESULTS = ROOT / ".build" / "benchmarks.json"
_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"

Rows = list[list[str]]


def machine() -> str:
    """Return what machine this is, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    python = platform.python_version()
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB of memory, {platform.system()} {platform.machine()}, Python {python}"
    )


def table(head: list[str], rows: Rows) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def keep(results: dict[str, object]) -> None:
    """Write the results as JSON, beside those of measures that were not taken this time."""
    RESULTS.parent.mkdir(exist_ok=True)
    before = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    RESULTS.write_text(json.dumps({**before, **results}, indent=1, ensure_ascii=False))


def rewrite(text: str) -> None:
    """Put ``text`` between the marks of the document; everything else in it stays."""
    document = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = document.partition(_BEGIN)
    _, _, tail = rest.partition(_END)
    DOCUMENT.write_text(f"{head}{_BEGIN}\n\n{text.strip()}\n\n{_END}{tail}", encoding="utf-8")
