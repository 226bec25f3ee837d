"""Find the sentences of the source that want a translation.

Python is read as a syntax tree, templates through Django's own ``templatize``; nothing is imported or run, so
a file that does not work yet can still be read. GNU gettext is not needed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

from scripts.plain_text import untranslated

#: Kind of call by the name of its function: which argument is context, singular, plural (None: has none).
SHAPES: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
NAMES: dict[str, str] = {
    "_": "gettext",
    "N_": "gettext",
    "gettext": "gettext",
    "gettext_lazy": "gettext",
    "gettext_noop": "gettext",
    "ngettext": "ngettext",
    "ngettext_lazy": "ngettext",
    "pgettext": "pgettext",
    "pgettext_lazy": "pgettext",
    "npgettext": "npgettext",
    "npgettext_lazy": "npgettext",
}
SPEAKING_MODULES = {"django.utils.translation", "tejido.domain.words", "gettext"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".svg", ".xml", ".typ"}
TEMPLATE_CALL = re.compile(r"(?<![\w.])(_|gettext|ngettext|pgettext|npgettext)\(")


@dataclass(frozen=True, order=True)
class Message:
    """One message id: what the catalogue looks up."""

    singular: str
    plural: str = ""
    context: str = ""


@dataclass
class Found:
    """Messages with the files that use them, and calls that no extractor could read."""

    places: dict[Message, list[str]] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)

    def add(self, message: Message, place: str) -> None:
        """Remember that ``place`` uses ``message``."""
        files = self.places.setdefault(message, [])
        if place not in files:
            files.append(place)


def _literals(node: ast.expr | None) -> list[str] | None:
    """Return the text a node can stand for; None when it is computed from text (f-string, ``%``, ``+``)."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        sides = [_literals(node.body), _literals(node.orelse)]
        return None if None in sides else [text for side in sides for text in side or []]
    computed = isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Constant)
    )
    return None if computed else []


def _read_call(call: ast.Call, kind: str) -> list[Message] | None:
    """Return the messages of one call, none when it passes on a variable, None when it cannot be read."""
    context_at, singular_at, plural_at = SHAPES[kind]

    def argument(position: int | None) -> list[str] | None:
        if position is None:
            return [""]
        return _literals(call.args[position]) if position < len(call.args) else []

    contexts, singulars, plurals = argument(context_at), argument(singular_at), argument(plural_at)
    if contexts is None or singulars is None or plurals is None:
        return None
    if kind in {"gettext", "pgettext"}:
        return [Message(text, "", context) for context in contexts for text in singulars]
    return [Message(one, many, context) for context in contexts for one, many in zip(singulars, plurals, strict=False)]


def _speaking_names(tree: ast.AST) -> dict[str, str]:
    """Return the function names of a file that mark messages, with the aliases it imports."""
    names = dict(NAMES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in SPEAKING_MODULES:
            for alias in node.names:
                if alias.name in NAMES:
                    names[alias.asname or alias.name] = NAMES[alias.name]
    return names


def messages_in_python(source: str, place: str, found: Found) -> None:
    """Add the messages of a Python file to ``found``; raise SyntaxError when it is not Python."""
    tree = ast.parse(source, place)
    names = _speaking_names(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name):
            kind = names.get(node.func.id)
        elif isinstance(node.func, ast.Attribute):
            kind = NAMES.get(node.func.attr)
        else:
            kind = None
        if kind is None:
            continue
        messages = _read_call(node, kind)
        if messages is None:
            found.unreadable.append(f"{place}:{node.lineno}: a message must be a plain literal, filled in afterwards")
        for message in messages or []:
            found.add(message, place)


def _template_calls(pythonic: str) -> Iterator[tuple[ast.Call, str, int]]:
    """Yield the calls in what ``templatize`` wrote: the call, its name, its line."""
    for match in TEMPLATE_CALL.finditer(pythonic):
        end = match.end()
        while (end := pythonic.find(")", end) + 1) > 0:
            try:
                call = ast.parse(pythonic[match.start() : end], mode="eval").body
            except SyntaxError:
                continue
            if isinstance(call, ast.Call):
                yield call, match[1], pythonic.count("\n", 0, match.start()) + 1
            break


def messages_in_template(source: str, place: str, found: Found) -> None:
    """Add the messages of a Django template to ``found``; raise SyntaxError for tags inside a message."""
    for call, name, line in _template_calls(templatize(source, origin=place)):
        messages = _read_call(call, NAMES[name])
        if messages is None:
            found.unreadable.append(f"{place}:{line}: a message must be a plain literal")
        for message in messages or []:
            if "\n" in message.singular:
                found.unreadable.append(f"{place}:{line}: a message over several lines wants “trimmed”")
            found.add(message, place)
    if Path(place).suffix == ".html":
        found.unreadable += [f"{place}: says “{text}” in one language only" for text in untranslated(source)]


def messages_of(package: Path) -> Found:
    """Return every message of a package: its Python files and what lies in its ``templates`` folders.

    A file that cannot be parsed is told among the unreadable, so that the others are still read.
    """
    found = Found()
    for path in sorted(package.rglob("*")):
        place = path.relative_to(package.parent).as_posix()
        try:
            if path.suffix == ".py" and "migrations" not in path.parts:
                messages_in_python(path.read_text("utf-8"), place, found)
            elif path.suffix in TEMPLATE_SUFFIXES and "templates" in path.relative_to(package).parts:
                messages_in_template(path.read_text("utf-8"), place, found)
        except SyntaxError as error:
            found.unreadable.append(f"{place}: {error.msg}")
    found.places.pop(Message(""), None)
    return found
