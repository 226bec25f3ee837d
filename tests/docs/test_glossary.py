"""One word per idea: the glossary, the code and the controlled lists agree."""

from __future__ import annotations

import importlib
import re

import polib
import pytest

from tejido.vocabularies import vocabulary
from tests.house.tree import ROOT, SOURCE

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text("utf-8")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([^`|]+)` \|", re.MULTILINE)
UNUSED = re.compile(r"^\| \*([^*|]+)\* \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(GLOSSARY)


def is_in_the_code(name: str) -> bool:
    """Whether a dotted name below ``tejido`` is a module, or something in one."""
    try:
        importlib.import_module(f"tejido.{name}")
    except ModuleNotFoundError:
        module, _, inner = name.rpartition(".")
        return bool(module) and hasattr(importlib.import_module(f"tejido.{module}"), inner)
    return True


@pytest.mark.parametrize("name", [name for _, _, name in ROWS if ":" not in name])
def test_the_code_has_the_word(name: str) -> None:
    assert is_in_the_code(name)


@pytest.mark.parametrize("name", ["actor_kinds", "tie_kinds", "measure_families"])
def test_the_glossary_gives_the_labels_of_the_lists(name: str) -> None:
    listed = {(term.label("en"), term.label("es"), f"{name}:{term.code}") for term in vocabulary(name)}
    assert {row for row in ROWS if row[2].startswith(f"{name}:")} == listed


def test_no_word_stands_for_two_ideas() -> None:
    words = [english for english, _, _ in ROWS]
    assert len(words) > 40
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_a_word_that_is_not_in_the_code_is_seen() -> None:
    assert not is_in_the_code("fabric.models.Relationship")


def said_in_spanish() -> dict[str, str]:
    """Return all that pages and guides say in Spanish, by file."""
    said = {
        path.relative_to(ROOT).as_posix(): "\n".join(
            text for entry in polib.pofile(str(path)) for text in (entry.msgstr, *entry.msgstr_plural.values())
        )
        for path in SOURCE.glob("*/locale/es/LC_MESSAGES/django.po")
    }
    for path in (ROOT / "docs" / "guides").glob("*.es.md"):
        said[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    for path in (SOURCE / "vocabularies" / "lists").glob("*.yml"):
        terms = list(vocabulary(path.stem))
        said[path.relative_to(ROOT).as_posix()] = "\n".join(
            [vocabulary(path.stem).title("es"), *(f"{term.label('es')}\n{term.definition('es')}" for term in terms)]
        )
    return said


def found(word: str, texts: dict[str, str]) -> list[str]:
    """Return where a word, or its plural, is said."""
    pattern = re.compile(rf"^.*\b{word}s?\b.*$", re.MULTILINE | re.IGNORECASE)
    return [f"{name}: {line[:90]}" for name, text in texts.items() for line in pattern.findall(text)]


@pytest.mark.parametrize("word", [word for word, _ in UNUSED.findall(GLOSSARY)])
def test_nothing_says_a_word_that_we_do_not_use(word: str) -> None:
    assert found(word, said_in_spanish()) == []


def test_a_planted_synonym_is_seen() -> None:
    assert UNUSED.findall(GLOSSARY)
    assert found("lazo", {"planted": "corrigió dos lazos"})
