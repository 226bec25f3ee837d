"""Small templates: ``"{first_name} {last_name}"``, ``"{violence|acts}"``, ``"{street?}"``.

A name in braces is a column. ``|table`` translates its value by a table of the mapping; ``?`` lets it be absent.
When a cell that a template needs is missing, the whole template gives nothing (``None``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_FIELD = re.compile(r"\{([^{}|?]+)(\|[^{}|?]+)?(\?)?\}")
_UNTRANSLATED = N_(
    "The value “{value}” in column “{column}” is not in the table “{table}” of the mapping. Add it there, or a line "
    "“*” for every other value."
)
_BRACES = N_("The braces in “{text}” do not fit together.")
ANY = "*"

#: What a table says of a value; ``None`` means that it says nothing, ``*`` for every other value that it stays.
Table = Mapping[str, str | None]
Cells = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class _Field:
    column: str
    table_name: str
    table: Table | None
    optional: bool

    def of(self, cells: Cells) -> str | None:
        text = cells.get(self.column)
        if self.table is not None:
            text = self._translated(text)
        return "" if text is None and self.optional else text

    def _translated(self, text: str | None) -> str | None:
        table = self.table or {}
        value = text if text is not None else ""
        if value in table:
            return table[value]
        if text is None:
            return None
        if ANY in table:
            return text if table[ANY] == ANY else table[ANY]
        raise BadInput(_UNTRANSLATED, value=value[:100], column=self.column, table=self.table_name)


@dataclass(frozen=True, slots=True)
class Template:
    """A text with fields; call ``of`` with the cells of a row."""

    text: str
    parts: tuple[str | _Field, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns it reads."""
        return frozenset(part.column for part in self.parts if isinstance(part, _Field))

    @property
    def constant(self) -> str | None:
        """The text itself, when it has no field."""
        return self.text if not self.columns else None

    def possible(self) -> tuple[str | None, ...] | None:
        """Return every value it can give, if it is a constant or one translated field; otherwise ``None``."""
        if not self.columns:
            return (self.text,)
        only = self.parts[0] if len(self.parts) == 1 else None
        if isinstance(only, _Field) and only.table is not None:
            return tuple(value for value in only.table.values() if value != ANY)
        return None

    def of(self, cells: Cells) -> str | None:
        """Return the text for one row, or ``None`` when a cell it needs is missing."""
        parts = self.parts
        if len(parts) == 1:
            part = parts[0]
            text = part if isinstance(part, str) else part.of(cells)
            return text or None
        found: list[str] = []
        for part in parts:
            text = part if isinstance(part, str) else part.of(cells)
            if text is None:
                return None
            found.append(text)
        return " ".join("".join(found).split()) or None


def compiled(text: str, tables: Mapping[str, Table]) -> Template:
    """Return ``text`` ready for use; ``BadInput`` for stray braces, ``KeyError`` for a table there is not."""
    parts: list[str | _Field] = []
    end = 0
    for match in _FIELD.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()])
        table = match[2][1:].strip() if match[2] else ""
        parts.append(_Field(match[1].strip(), table, tables[table] if table else None, bool(match[3])))
        end = match.end()
    if end < len(text) or not parts:
        parts.append(text[end:])
    if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
        raise BadInput(_BRACES, text=text)
    return Template(text, tuple(parts))
