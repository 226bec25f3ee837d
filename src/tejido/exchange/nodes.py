"""Reading a YAML document strictly: every mistake names the place it is in, and what was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

import yaml

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_NOT_YAML = N_("The mapping is not well-formed YAML (line {line}: {problem}). Nothing was imported.")
_LONG = N_("The mapping is longer than {most} characters. Nothing was imported.")
_UNKNOWN = N_("In the mapping, {path} has no entry “{key}”. Did you mean “{guess}”?")
_UNKNOWN_BARE = N_("In the mapping, {path} has no entry “{key}”. It may have: {known}.")
_LACKS = N_("In the mapping, {path} needs the entry “{key}”.")
_NOT_A_MAPPING = N_("In the mapping, {path} must be a set of entries (“name: value”).")
_NOT_A_LIST = N_("In the mapping, {path} must be a list (lines that begin with “-”).")
_NOT_A_TEXT = N_("In the mapping, {path} must be a text.")
_NOT_YES_NO = N_("In the mapping, {path} must be true or false.")
_TWICE = N_("In the mapping, the entry “{key}” stands twice in the same place (line {line}).")

MOST: Final = 1_000_000
LANGUAGES: Final = frozenset({"en", "es", "fr", "pt"})


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Reads every plain value as the text it is written as, and refuses an entry given twice."""


def _entries(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = "" if key_node.value is None else str(key_node.value)
        if key in found:
            raise BadInput(_TWICE, key=key, line=key_node.start_mark.line + 1)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _scalar(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str | None:
    # A plain value has no style: None from the loader in Python, an empty text from the one in C.
    return None if node.value in ("", "~", "null") and not node.style else str(node.value)


_Loader.yaml_constructors = {}
_Loader.yaml_multi_constructors = {}
_Loader.add_constructor("tag:yaml.org,2002:map", _entries)
_Loader.add_constructor("tag:yaml.org,2002:seq", lambda loader, node: loader.construct_sequence(node, deep=True))
for _tag in ("str", "int", "float", "bool", "null", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _scalar)


def read_yaml(text: str) -> Node:
    """Return the document in ``text``; ``BadInput`` when it is not YAML. Aliases and tags are refused."""
    if len(text) > MOST:
        raise BadInput(_LONG, most=MOST)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader)):
            raise BadInput(_NOT_YAML, line=1, problem="&, *")
        return Node(yaml.load(text, Loader=_Loader), "")  # noqa: S506 (a safe loader, with fewer types still)
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        problem = getattr(wrong, "problem", None) or "?"
        raise BadInput(_NOT_YAML, line=mark.line + 1 if mark else 1, problem=problem) from None
    except RecursionError:
        raise BadInput(_NOT_YAML, line=1, problem="[[[") from None


class Node:
    """A value of the document with the path that leads to it."""

    def __init__(self, value: object, path: str) -> None:
        self.value, self.path = value, path

    @property
    def where(self) -> str:
        """The path in words."""
        return f"“{self.path}”" if self.path else "“:”"

    @property
    def is_text(self) -> bool:
        """Whether it is one text."""
        return isinstance(self.value, str)

    @property
    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.value, list)

    def has(self, key: str) -> bool:
        """Say whether the entry is there and not empty."""
        return isinstance(self.value, dict) and self.value.get(key) is not None

    def allow(self, *keys: str, needs: tuple[str, ...] = ()) -> Node:
        """Refuse any entry that is not among ``keys`` and ``needs``, and the absence of one it ``needs``."""
        entries = self._entries()
        known = [*needs, *keys]
        for key in entries:
            if key not in known:
                guess = get_close_matches(key, known, n=1, cutoff=0.5)
                if guess:
                    raise BadInput(_UNKNOWN, path=self.where, key=key, guess=guess[0])
                raise BadInput(_UNKNOWN_BARE, path=self.where, key=key, known=", ".join(known))
        for key in needs:
            if not self.has(key):
                raise BadInput(_LACKS, path=self.where, key=key)
        return self

    def get(self, key: str) -> Node:
        """Return the entry ``key`` (its value may be ``None``)."""
        return Node(self._entries().get(key), f"{self.path}.{key}" if self.path else key)

    def entries(self, key: str) -> Iterator[tuple[str, Node]]:
        """Yield the entries under ``key``; none when it is absent."""
        if self.has(key):
            inner = self.get(key)
            for name in inner._entries():
                yield name, inner.get(name)

    def items(self, key: str) -> Iterator[Node]:
        """Yield the members of the list under ``key``; a single value counts as a list of one."""
        if self.has(key):
            inner = self.get(key)
            members = inner.value if isinstance(inner.value, list) else [inner.value]
            for place, member in enumerate(members, start=1):
                yield Node(member, f"{inner.path}[{place}]")

    def list_of(self, key: str) -> Iterator[Node]:
        """Yield the members of the list under ``key``, which must be a list."""
        if self.has(key):
            if not self.get(key).is_list:
                raise BadInput(_NOT_A_LIST, path=self.get(key).where)
            yield from self.items(key)

    def text(self) -> str:
        """Return the text it is."""
        if not isinstance(self.value, str):
            raise BadInput(_NOT_A_TEXT, path=self.where)
        return self.value

    def words(self, language: str) -> str:
        """Return the text, in ``language`` where it is given in several."""
        if isinstance(self.value, dict) and self.value and set(self.value) <= LANGUAGES:
            for wanted in (language, "en", *self.value):
                if self.has(wanted):
                    return self.get(wanted).text()
        return self.text()

    def yes(self) -> bool:
        """Return the yes or no it is; absent is no."""
        if self.value not in (None, "true", "false", "yes", "no"):
            raise BadInput(_NOT_YES_NO, path=self.where)
        return self.value in ("true", "yes")

    def names(self, key: str) -> tuple[str, ...]:
        """Return the texts of the list under ``key``."""
        return tuple(member.text() for member in self.items(key))

    def _entries(self) -> Mapping[str, object]:
        if not isinstance(self.value, dict):
            raise BadInput(_NOT_A_MAPPING, path=self.where)
        return self.value
