"""How a list is read from its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias, cast

import yaml

from tejido.vocabularies.terms import Extra, Term, Vocabulary

LISTS = Path(__file__).parent / "lists"

#: One file as YAML gives it, and one term of it; what is in them is checked by ``schema``.
Raw: TypeAlias = Mapping[str, object]

_OWN_KEYS = frozenset({"code", "label", "definition", "parent", "mappings"})
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_raw(path: Path) -> Raw:
    """Return the file as it stands, with the C parser where there is one (about ten times as fast)."""
    return cast("Raw", yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER))  # noqa: S506 (safe loader)


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the list in ``path``; ours, and kept whole by ``schema``, so nothing is checked here."""
    raw = read_raw(path)
    terms = [_term(entry) for entry in cast("list[Raw]", raw["terms"])]
    return Vocabulary(
        name=str(raw["vocabulary"]),
        titles=_texts(raw["title"]),
        source=str(raw["source"]),
        terms=MappingProxyType({term.code: term for term in terms}),
    )


def _term(entry: Raw) -> Term:
    parent = entry.get("parent")
    extra = {key: cast("Extra", value) for key, value in entry.items() if key not in _OWN_KEYS}
    return Term(
        code=str(entry["code"]),
        labels=_texts(entry["label"]),
        definitions=_texts(entry["definition"]),
        parent=str(parent) if parent is not None else None,
        mappings=_texts(entry.get("mappings", {})),
        extra=MappingProxyType(extra),
    )


def _texts(value: object) -> Mapping[str, str]:
    pairs = cast("Mapping[str, object]", value)
    return MappingProxyType({key: str(text) for key, text in pairs.items()})
