"""What the pages of import and export show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tejido.exchange.forms import ColumnsSheet, MappingSheet, ReasonSheet, UndoSheet, UploadSheet
from tejido.exchange.models import Import
from tejido.exchange.reports import KINDS, PreviewRow, Report, Sentence
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: Rows of a preview on one page.
ROWS: Final = 20
_KINDS = {
    "row": gettext_lazy("rows"),
    "incident": gettext_lazy("incidents"),
    "act": gettext_lazy("acts"),
    "victim": gettext_lazy("victims"),
    "perpetrator": gettext_lazy("alleged perpetrators"),
    "place": gettext_lazy("places"),
    "source": gettext_lazy("sources"),
    "actor": gettext_lazy("actors"),
    "tie": gettext_lazy("ties"),
    "territory": gettext_lazy("territories"),
    "presence": gettext_lazy("presences in a territory"),
}
_OUTCOMES = {
    "created": gettext_lazy("new"),
    "matched": gettext_lazy("already here"),
    "updated": gettext_lazy("changed"),
    "refused": gettext_lazy("refused"),
}


@dataclass(frozen=True)
class CountLine:
    """One kind with how many were created, matched, updated and refused."""

    kind: str
    created: int
    matched: int
    updated: int
    refused: int


@dataclass(frozen=True)
class RefusedLine:
    """A refused row and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class ShownItem:
    """One thing a row would make, in words."""

    kind: str
    label: str
    outcome: str


@dataclass(frozen=True)
class ShownRow:
    """A row of the preview, in words."""

    number: int
    items: tuple[ShownItem, ...]
    refused: str


@dataclass(frozen=True)
class ImportLine:
    """One import in the list of imports."""

    pk: UUID
    file_name: str
    status: str
    summary: str
    done_at: str
    waits: bool


@dataclass(frozen=True)
class ImportsPage:
    """The imports so far, and a place for the next list."""

    form: UploadSheet
    imports: tuple[ImportLine, ...]


@dataclass(frozen=True)
class MappingPage:
    """Saying what each column of a list is."""

    record: Import
    columns: tuple[tuple[str, str, str], ...]
    choices: ColumnsSheet
    form: MappingSheet
    made: bool


@dataclass(frozen=True)
class PreviewPage:
    """What an import would do."""

    record: Import
    counts: tuple[CountLine, ...]
    rows: tuple[ShownRow, ...]
    rows_read: int
    refused: int
    notes: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    first: int
    earlier: int | None
    later: int | None


@dataclass(frozen=True)
class ImportPage:
    """What an import did."""

    record: Import
    status: str
    summary: str
    counts: tuple[CountLine, ...]
    refused: tuple[RefusedLine, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class UndoPage:
    """Asking before an import is undone."""

    record: Import
    form: UndoSheet
    refused: bool


@dataclass(frozen=True)
class ExportPage:
    """Asking before everything is written out in clear; ``form`` where a second person is to be asked, and why."""

    form: ReasonSheet | None = None


def count_lines(by_kind: dict[str, dict[str, int]]) -> tuple[CountLine, ...]:
    """Return the counts in the order in which they are told."""
    return tuple(
        CountLine(
            str(_KINDS[kind]),
            *(int(by_kind[kind].get(outcome, 0)) for outcome in ("created", "matched", "updated", "refused")),
        )
        for kind in KINDS
        if kind in by_kind
    )


def summary_of(by_kind: dict[str, dict[str, int]]) -> str:
    """Return in one sentence what an import brought."""

    def many(kind: str) -> int:
        return int(by_kind.get(kind, {}).get("created", 0))

    incidents, actors, refused = many("incident"), many("actor"), int(by_kind.get("row", {}).get("refused", 0))
    parts = [
        ngettext("%(n)s incident", "%(n)s incidents", incidents) % {"n": incidents},
        ngettext("%(n)s actor", "%(n)s actors", actors) % {"n": actors},
    ]
    if refused:
        parts.append(ngettext("%(n)s row refused", "%(n)s rows refused", refused) % {"n": refused})
    return ", ".join(parts)


def import_line(record: Import) -> ImportLine:
    """Return an import as a line of the list."""
    return ImportLine(
        pk=record.pk,
        file_name=record.file_name,
        status=vocabulary("import_statuses").label(record.status, page_language()),
        summary=summary_of(record.counts) if record.counts else "",
        done_at=record.done_at[:10],
        waits=record.status == "previewed",
    )


def import_page(record: Import) -> ImportPage:
    """Return what an import did."""
    return ImportPage(
        record=record,
        status=vocabulary("import_statuses").label(record.status, page_language()),
        summary=summary_of(record.counts),
        counts=count_lines(record.counts),
        refused=tuple(
            RefusedLine(int(one["row"]), Sentence.from_json(one["reason"]).text(WORDS)) for one in record.refused[:500]
        ),
        notes=tuple(Sentence.from_json(note).text(WORDS) for note in record.notes),
    )


def preview_page(record: Import, report: Report, first: int) -> PreviewPage:
    """Return what an import would do, one page of rows of it."""
    return PreviewPage(
        record=record,
        counts=count_lines(report.by_kind()),
        rows=tuple(_shown(row) for row in report.rows),
        rows_read=report.rows_read,
        refused=report.count("row", "refused"),
        notes=tuple(note.text(WORDS) for note in report.notes),
        left_out=tuple(report.not_imported.items()),
        first=first,
        earlier=max(0, first - ROWS) if first else None,
        later=first + ROWS if first + ROWS < report.rows_read else None,
    )


def _shown(row: PreviewRow) -> ShownRow:
    items = tuple(
        ShownItem(str(_KINDS_ONE[item.kind]), _label(item.kind, item.label), str(_OUTCOMES[item.outcome]))
        for item in row.items
    )
    return ShownRow(row.number, items, row.refused.text(WORDS) if row.refused is not None else "")


_KINDS_ONE = {
    "incident": gettext_lazy("incident"),
    "actor": gettext_lazy("actor"),
    "tie": gettext_lazy("tie"),
    "territory": gettext_lazy("territory"),
    "presence": gettext_lazy("presence in a territory"),
}


def _label(kind: str, label: str) -> str:
    if kind == "tie":
        return vocabulary("tie_kinds").label(label, page_language())
    if kind == "presence":
        return vocabulary("presence_kinds").label(label, page_language())
    return label or _("without a name")
