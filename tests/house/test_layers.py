"""Who may import whom, and that the check would notice."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, python_files, run

#: The rules neither read nor write nor know what time it is.
WORLD = {
    "asyncio",
    "http",
    "io",
    "os",
    "pathlib",
    "random",
    "secrets",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
}
WORLD |= {"tempfile", "time", "urllib"}
CLOCK = {"now", "today", "utcnow"}


def imports(tree: ast.AST) -> Iterator[str]:
    """Yield the full names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def reaches_for_the_world(source: str) -> list[str]:
    """Return what a module of the rules may not touch: foreign packages, files, chance, the clock."""
    tree = ast.parse(source)
    reached = []
    for name in imports(tree):
        top = name.partition(".")[0]
        ours = name == "tejido" or name.startswith("tejido.domain")
        if not ours and (top not in sys.stdlib_module_names or top in WORLD):
            reached.append(name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in {"open", "input", "print"}:
                reached.append(f"{node.func.id}()")
            if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK:
                reached.append(f"{node.func.attr}()")
    return reached


def test_the_layers_are_kept() -> None:
    code, printed = run("lint-imports", "--no-cache")
    assert code == 0, printed
    contracts = re.search(r"Contracts: (\d+) kept, 0 broken", printed)
    files = re.search(r"Analyzed (\d+) files", printed)
    assert contracts and int(contracts[1]) >= 2
    assert files and int(files[1]) >= len(python_files())


@pytest.mark.parametrize(
    ("where", "planted", "contract"),
    [
        ("fabric/planted.py", "import tejido.incidents\n", "nobody reaches upward"),
        ("web/planted.py", "from tejido import dossiers\n", "nobody reaches upward"),
        ("domain/planted.py", "import django.utils.html\n", "knows nothing of Django"),
        ("analysis/planted.py", "import django.utils.html\n", "knows nothing of Django"),
        ("analysis/planted.py", "import tejido.vault\n", "nobody reaches upward"),
        ("dossiers/planted.py", "import tejido.analysis.frames\n", "the only bridge to the numbers"),
        ("newcomer/__init__.py", "", "nobody reaches upward"),
    ],
)
def test_a_planted_import_upward_is_seen(tmp_path: Path, where: str, planted: str, contract: str) -> None:
    shutil.copytree(
        SOURCE,
        tmp_path / "src" / "tejido",
        ignore=shutil.ignore_patterns("__pycache__", "data", "vendor", "outlines"),
    )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    target = tmp_path / "src" / "tejido" / where
    target.parent.mkdir(exist_ok=True)
    target.write_text(planted)
    code, printed = run("lint-imports", "--no-cache", cwd=tmp_path, PYTHONPATH=str(tmp_path / "src"))
    assert code == 1, printed
    assert contract in printed


def test_the_rules_use_the_standard_library_alone() -> None:
    files = python_files(SOURCE / "domain")
    assert files
    reached = {path.name: reaches_for_the_world(path.read_text("utf-8")) for path in files}
    assert {name: found for name, found in reached.items() if found} == {}


@pytest.mark.parametrize(
    "planted",
    [
        "import numpy",
        "from os import path",
        "open('x')",
        "import datetime\ndatetime.date.today()",
        "import tejido.web",
    ],
)
def test_a_planted_reach_for_the_world_is_seen(planted: str) -> None:
    assert reaches_for_the_world(planted)


def test_only_readings_bridge_to_analysis() -> None:
    allowed = {"analysis", "readings", "learning", "narratives"}
    trespassers = [
        path.relative_to(SOURCE).as_posix()
        for path in python_files()
        if path.relative_to(SOURCE).parts[0] not in allowed
        and any(name.startswith("tejido.analysis") for name in imports(ast.parse(path.read_text("utf-8"))))
    ]
    assert trespassers == []
