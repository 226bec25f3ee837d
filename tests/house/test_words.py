"""What the kept files may not say, how long they may be, what they may not be called."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import SOURCE, kept_files, kept_text, python_files

# The patterns are put together here, so that this file does not say what it forbids.
_DOT = r"\."
FORBIDDEN = {
    "a registry's host": "|".join(
        [
            "py" + "pi" + _DOT + "org",
            "python" + "hosted",
            "npm" + "js" + _DOT,
            "unpkg" + _DOT,
            "jsdeliv" + "r",
        ]
    ),
    "a path of one machine": "|".join(
        [r"(?<![\w.~])/" + name + "/" for name in ("wo" + "rk", "ro" + "ot", "opt/whe" + "els", "opt/py" + "pi")]
    ),
    "work left undone": r"\b(?:" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b",
    "a body not written": "NotImpl" + "emented(?:Error)?",
    "a number of a tracker": r"\b(?:iss" + r"ue|tick" + r"et|P" + r"R) ?#?\d+\b",
    "who helped to write it": r"(?i)\b(?:clau" + "de|anthro" + "pic|chat" + "gpt|copi" + "lot|open" + r"ai)\b",
}
SKIPPED = r"pytest\.(?:sk" + r"ip|imp" + r"ortorskip|xf" + r"ail)|mark\.(?:sk" + r"ip|sk" + r"ipif|xf" + r"ail)\b"
GRAB_BAGS = {
    "util",
    "utils",
    "helper",
    "helpers",
    "misc",
    "common",
    "manager",
    "managers",
    "base",
    "stuff",
    "tools",
}
#: Django looks for a database engine's class in a module of this name.
DEMANDED = {"vault/sqlcipher/base.py"}
LONGEST = 400


def said(pattern: str, texts: dict[str, str]) -> list[str]:
    """Return where a pattern stands, as ``file: line``."""
    found = []
    for name, text in texts.items():
        found += [f"{name}: {line.strip()[:90]}" for line in text.splitlines() if re.search(pattern, line)]
    return found


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_kept_file_holds(what: str) -> None:
    texts = kept_text()
    assert len(texts) > 50
    assert said(FORBIDDEN[what], texts) == []


@pytest.mark.parametrize(
    ("what", "planted"),
    [
        ("a registry's host", "see https://files.python" + "hosted.org/x"),
        ("a path of one machine", "open('/wo" + "rk/x')"),
        ("work left undone", "# TO" + "DO later"),
        ("a body not written", "raise NotImpl" + "ementedError"),
        ("a number of a tracker", "as iss" + "ue 12 asks"),
        ("who helped to write it", "written by Clau" + "de"),
    ],
)
def test_each_planted_word_is_seen(what: str, planted: str) -> None:
    assert said(FORBIDDEN[what], {"planted": planted})


def test_no_test_is_passed_over() -> None:
    tests = {name: text for name, text in kept_text().items() if name.startswith("tests/")}
    assert said(SKIPPED, tests) == []
    assert said(SKIPPED, {"planted": "@pytest.mark.sk" + "ipif(True)"})


def test_no_file_of_the_source_is_longer_than_a_room() -> None:
    long = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in python_files()
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_is_a_grab_bag() -> None:
    names = [path.relative_to(SOURCE) for path in kept_files() if path.suffix == ".py" and SOURCE in path.parents]
    bags = [str(name) for name in names if GRAB_BAGS & {*name.parent.parts, name.stem} and str(name) not in DEMANDED]
    assert bags == []


def test_every_migration_says_what_it_does() -> None:
    unnamed = [path.name for path in python_files() if "migrations" in path.parts and "_auto_" in path.name]
    assert unnamed == []
