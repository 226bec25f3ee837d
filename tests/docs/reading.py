"""What a document promises: the commands, the paths and the words it shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tejido.cli.arguments import parser
from tejido.domain.errors import BadInput
from tejido.domain.words import ENGLISH
from tests.house.tree import ROOT

FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
PROGRAM = re.compile(r"^\s*(?:\$ )?(?:\.venv/bin/)?tejido(?= |$)(.*)$", re.MULTILINE)
#: Written by a program from the code itself: nothing in them is typed by hand.
GENERATED = {"docs/reference/cli.md", "docs/reference/clear-columns.md", "docs/reference/vocabularies.md"}
#: A path within the repository: it holds a slash, or is a file of the first level.
PATH = re.compile(r"^(?:[\w.*-]+/)+[\w.*-]*$|^(?:[A-Z][\w-]*\.md|Makefile|pyproject\.toml|\.importlinter)$")


def without_fences(text: str) -> str:
    """Return a document without its blocks of code."""
    return FENCE.sub("", text)


def shown_commands(text: str) -> Iterator[str]:
    """Yield what follows ``tejido`` in each line of a block of code: a whole command, to be typed as it stands."""
    for block in FENCE.findall(text):
        yield from (found.strip() for found in PROGRAM.findall(block.replace("\\\n", " ")))


def named_commands(text: str) -> Iterator[str]:
    """Yield what follows ``tejido`` within a sentence: a command by its name, perhaps with an option."""
    for span in SPAN.findall(without_fences(text)):
        yield from (found.strip() for found in PROGRAM.findall(span))


def refusal(command: str) -> str:
    """Return why the parser refuses a whole command; nothing if it takes it."""
    try:
        parser(ENGLISH).parse_args(shlex.split(command, comments=True))
    except (BadInput, ValueError) as error:
        return f"tejido {command}: {error}"
    except SystemExit as end:  # --help and --version
        return "" if not end.code else f"tejido {command}: ended with {end.code}"
    return ""


def unknown_words(command: str) -> list[str]:
    """Return the command or the options, of a command named in a sentence, that do not exist."""
    words = command.split()
    if not words or words[0].startswith("--"):
        return [word for word in words if word not in {"--version", "--help"}]
    choices = parser(ENGLISH)._subparsers._group_actions[0].choices  # type: ignore[union-attr]
    assert isinstance(choices, dict)
    if words[0] not in choices and words[0] not in {"…", "COMMAND"}:
        return [words[0]]
    known = set(choices[words[0]]._option_string_actions) if words[0] in choices else set()
    return [word for word in words[1:] if word.startswith("--") and word not in known]


def named_paths(text: str) -> list[str]:
    """Return the spans of a document that look like a path of the repository."""
    return [span for span in SPAN.findall(without_fences(text)) if PATH.match(span)]


def is_there(path: str, root: Path = ROOT) -> bool:
    """Whether a path, written from the root, from ``src/tejido`` or inside a slice, names something.

    ``*`` stands for any part; the slice that shows the shape of all is ``fabric``.
    """
    bases = (root, root / "src" / "tejido", root / "src" / "tejido" / "fabric")
    return any(next(iter(base.glob(path.rstrip("/"))), None) is not None for base in bases)


def bold(text: str) -> list[str]:
    """Return the words that a guide prints bold: those to be found on the screen."""
    return re.findall(r"\*\*([^*\n]+)\*\*", without_fences(text))


def headings(text: str) -> list[int]:
    """Return the levels of a document's headings, in order."""
    return [len(marks) for marks in re.findall(r"^(#+) ", without_fences(text), re.MULTILINE)]
