"""What the documents tell people to type, and where they say that things are."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.docs import documents
from tests.docs.reading import (
    GENERATED,
    headings,
    is_there,
    named_commands,
    named_paths,
    refusal,
    shown_commands,
    unknown_words,
)
from tests.house.tree import ROOT

WRITTEN = [path for path in documents() if path.relative_to(ROOT).as_posix() not in GENERATED]
#: Their paths are those of files of the house; a guide's may be a reader's own.
MAPS = [
    ROOT / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md", "docs/threat-model.md")
]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.en.md"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_every_command_shown_can_be_typed(path: Path) -> None:
    assert [wrong for command in shown_commands(path.read_text("utf-8")) if (wrong := refusal(command))] == []


@pytest.mark.parametrize("path", WRITTEN, ids=_name)
def test_every_command_named_exists_with_its_options(path: Path) -> None:
    assert [wrong for command in named_commands(path.read_text("utf-8")) for wrong in unknown_words(command)] == []


def test_the_documents_show_every_command() -> None:
    said = {command.split()[0] for path in WRITTEN for command in shown_commands(path.read_text("utf-8")) if command}
    commands = {"init", "demo", "serve", "import", "list", "read", "export", "backup", "restore", "check"}
    assert commands - said == set()


@pytest.mark.parametrize("path", MAPS, ids=_name)
def test_every_path_named_is_there(path: Path) -> None:
    named = named_paths(path.read_text("utf-8"))
    assert named
    assert sorted({span for span in named if not is_there(span)}) == []


@pytest.mark.parametrize("path", GUIDES, ids=_name)
def test_a_guide_says_as_much_in_spanish_as_in_english(path: Path) -> None:
    spanish = path.with_name(path.name.replace(".en.md", ".es.md"))
    assert headings(path.read_text("utf-8")) == headings(spanish.read_text("utf-8"))


def test_planted_promises_are_seen() -> None:
    page = (
        "Use `tejido weave` or `tejido list --all`.\n\n"
        "```\n$ tejido export --dir D\ntejido serve --dir D --port 1\n```\n"
        "It is in `src/tejido/nowhere.py`, not in `domain/errors.py`.\n"
    )
    assert [wrong for command in named_commands(page) for wrong in unknown_words(command)] == ["weave", "--all"]
    assert [bool(refusal(command)) for command in shown_commands(page)] == [True, False]
    assert [span for span in named_paths(page) if not is_there(span)] == ["src/tejido/nowhere.py"]
