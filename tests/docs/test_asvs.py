"""The table of the ASVS names every requirement of levels 1 and 2, and every test that it names exists."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from tests.house.tree import ROOT

TABLE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"^\| (\d+(?:\.(?:\d+|\*)){1,2}) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
#: How many requirements of level 1 or 2 each section of version 5.0.0 has; they are numbered from 1.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
REQUIREMENTS = [f"{section}.{number}" for section, many in SECTIONS.items() for number in range(1, many + 1)]
ANSWERS = ("reading: ", "set-up", "not applicable", "not met")


def told(table: str) -> list[str]:
    """Return the requirements that a table speaks of; ``4.3.*`` speaks of all of its section."""
    found: list[str] = []
    for number, _, _ in ROW.findall(table):
        all_of = number.removesuffix("*")
        found += [one for one in REQUIREMENTS if one.startswith(all_of)] if number.endswith("*") else [number]
    return found


@cache
def functions_of(path: Path) -> frozenset[str]:
    """Return the names of the tests of a file."""
    if not path.is_file():
        return frozenset()
    return frozenset(
        node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    )


def missing(table: str) -> list[str]:
    """Return the tests that a table names and that are not there."""
    named = TEST.findall(table)
    return [f"{path}::{name}" for path, name in named if name not in functions_of(ROOT / "tests" / path)]


def unanswered(table: str) -> list[str]:
    """Return the requirements with neither a test nor a reason."""
    rows = ROW.findall(table)
    return [number for number, _, shown in rows if not TEST.match(shown) and not shown.startswith(ANSWERS)]


def test_every_requirement_stands_in_the_table_once_and_in_order() -> None:
    assert len(REQUIREMENTS) == 253
    assert told(TABLE.read_text("utf-8")) == REQUIREMENTS


def test_every_test_that_is_named_exists() -> None:
    assert missing(TABLE.read_text("utf-8")) == []
    assert len(TEST.findall(TABLE.read_text("utf-8"))) > 100


def test_every_requirement_has_a_test_or_a_reason() -> None:
    assert unanswered(TABLE.read_text("utf-8")) == []


def test_every_file_that_is_to_be_read_is_there() -> None:
    for number, _, shown in ROW.findall(TABLE.read_text("utf-8")):
        for path in re.findall(r"`(src/[\w/.]+)`", shown):
            assert (ROOT / path).exists(), (number, path)


def test_planted_faults_are_seen() -> None:
    planted = "| 1.1.1 | all | `web/test_headers.py::test_nowhere` |\n| 4.3.* | none | because |\n"
    assert told(planted) == ["1.1.1", "4.3.1", "4.3.2"]
    assert missing(planted) == ["web/test_headers.py::test_nowhere"]
    assert unanswered(planted) == ["4.3.*"]
