"""What an import, its preview or its undo did, in counts and sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from tejido.domain.words import ENGLISH, Words

#: Kinds of records in the order in which they are told.
KINDS: Final = (
    "row", "incident", "act", "victim", "perpetrator", "place", "source", "actor", "tie", "territory", "presence",
)  # fmt: skip
OUTCOMES: Final = ("created", "matched", "updated", "refused")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report, with its parameters; translated when it is shown."""

    message: str
    parameters: dict[str, object] = field(default_factory=dict)

    def text(self, words: Words = ENGLISH) -> str:
        """Return it in the language of ``words``."""
        text = words.gettext(self.message)
        return text.format(**self.parameters) if self.parameters else text

    def as_json(self) -> dict[str, object]:
        """Return it as it is kept."""
        return {"message": self.message, "parameters": self.parameters}

    @classmethod
    def from_json(cls, kept: object) -> Sentence:
        """Return the sentence that ``as_json`` kept."""
        if not isinstance(kept, dict):
            return cls(str(kept))
        return cls(str(kept["message"]), dict(kept["parameters"]))


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken in, and why."""

    number: int
    reason: Sentence


@dataclass(slots=True)
class PreviewItem:
    """One thing a row would make: ``outcome`` is created, matched or updated."""

    kind: str
    label: str
    outcome: str


@dataclass(slots=True)
class PreviewRow:
    """What one row would make, or why it would be refused."""

    number: int
    items: list[PreviewItem] = field(default_factory=list)
    refused: Sentence | None = None


@dataclass(slots=True)
class Report:
    """The outcome of reading a list, of a preview or of an undo."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: list[RefusedRow] = field(default_factory=list)
    unmapped: list[str] = field(default_factory=list)
    not_imported: dict[str, str] = field(default_factory=dict)
    notes: list[Sentence] = field(default_factory=list)
    rows: list[PreviewRow] = field(default_factory=list)
    rows_read: int = 0
    import_id: UUID | None = None
    action: str = "import"

    def count(self, kind: str, outcome: str) -> int:
        """Return how many records of ``kind`` had that outcome."""
        return self.counts[kind, outcome]

    def by_kind(self) -> dict[str, dict[str, int]]:
        """Return ``{kind: {created, matched, updated, refused}}`` for every kind there is anything to say of."""
        present = {kind for kind, _outcome in self.counts}
        return {
            kind: line for kind in [*KINDS, *sorted(present - set(KINDS))] if any((line := self._line(kind)).values())
        }

    def _line(self, kind: str) -> dict[str, int]:
        """Return the outcomes of one kind: the usual four, and others where there are any."""
        line = {outcome: self.counts[kind, outcome] for outcome in OUTCOMES}
        for (one, outcome), many in self.counts.items():
            if one == kind and outcome not in line and many:
                line[outcome] = many
        return line

    def as_json(self, words: Words = ENGLISH) -> dict[str, object]:
        """Return the report for machines; sentences in the language of ``words``."""
        totals = {
            outcome: {kind: line[outcome] for kind, line in self.by_kind().items() if line[outcome]}
            for outcome in OUTCOMES
        }
        found: dict[str, object] = {
            "action": self.action,
            "id": str(self.import_id) if self.import_id else None,
            "rows_read": self.rows_read,
            "counts": self.by_kind(),
            **totals,
            "refused_rows": [{"row": one.number, "reason": one.reason.text(words)} for one in self.refused],
            "unmapped": list(self.unmapped),
            "not_imported": dict(self.not_imported),
            "notes": [note.text(words) for note in self.notes],
        }
        if self.action == "preview":
            found["rows"] = [_row_json(row, words) for row in self.rows]
        return found


def _row_json(row: PreviewRow, words: Words) -> dict[str, object]:
    found: dict[str, object] = {
        "row": row.number,
        "makes": [{"kind": item.kind, "label": item.label, "outcome": item.outcome} for item in row.items],
    }
    if row.refused is not None:
        found["refused"] = row.refused.text(words)
    return found
