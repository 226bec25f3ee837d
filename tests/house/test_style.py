"""The linters and the type checker find nothing, and did look."""

from __future__ import annotations

import re
from pathlib import Path

from tests.house.tree import ROOT, code_folders, kept_files, python_files, run


def counted(pattern: str, printed: str) -> int:
    """Return the number that a tool printed about its own work, 0 when it printed none."""
    match = re.search(pattern, printed)
    return int(match[1]) if match else 0


def test_ruff_finds_nothing_to_correct() -> None:
    _, listed = run("ruff", "check", "--show-files", *code_folders())
    assert len(listed.split()) >= len(python_files())
    code, printed = run("ruff", "check", *code_folders())
    assert code == 0, printed


def test_the_code_is_formatted() -> None:
    code, printed = run("ruff", "format", "--check", *code_folders())
    assert code == 0, printed
    assert counted(r"(\d+) files? already formatted", printed) >= len(python_files())


def test_the_types_agree() -> None:
    code, printed = run("mypy", *code_folders())
    assert code == 0, printed
    assert counted(r"no issues found in (\d+) source files", printed) >= len(python_files())


def test_the_templates_are_clean() -> None:
    templates = [path for path in kept_files() if path.suffix == ".html" and "templates" in path.parts]
    assert templates
    code, printed = run("djlint", "--lint", *(str(path.relative_to(ROOT)) for path in templates))
    assert code == 0, printed
    assert counted(r"Linted (\d+) file", printed) >= len(templates)


def test_a_planted_fault_is_seen_in_a_template(tmp_path: Path) -> None:
    (tmp_path / "fault.html").write_text("<p style='color: red'>{{a}}</p>\n")
    code, printed = run("djlint", "--lint", "--profile", "django", str(tmp_path))
    assert code == 1, printed
