"""Previewing an import, running it, undoing it; taking everything out and bringing it back.

A file is given as a ``path`` or as a ``stream`` of bytes. Files that a mapping asks for (shapes of territories)
are looked for in ``beside`` (directories; that of ``path`` is among them) or come through ``files``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.exchange.exporting import ExportReport, export_workspace
from tejido.exchange.importing_export import import_export
from tejido.exchange.mapping import Mapping
from tejido.exchange.mapping_text import parse_mapping
from tejido.exchange.models import Import
from tejido.exchange.opening import Source
from tejido.exchange.planning import Planner
from tejido.exchange.reading import Table
from tejido.exchange.reports import Report, Sentence
from tejido.exchange.shapes import NO_MAP_FILE, Files
from tejido.exchange.undoing import undo_import
from tejido.exchange.writing import Intake, Progress
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create

__all__ = [
    "ExportReport", "export_workspace", "import_export", "preview_import", "run_import", "undo_import",
]  # fmt: skip

_NO_FILE = N_("No file was given. Nothing was imported.")
_UNMATCHED = N_("These places were taken in without their shape, since the map file has none of that name: {names}.")
_REVERSED = N_("In these rows the end lies before the beginning; only the beginning was taken: {rows}.")
_UNREAD = N_(
    "In column “{column}”, {count} different texts name nobody the mapping knows; no actor was made from "
    "them: {texts}."
)
_TAKEN_AWAY = N_("{count} parts that the list no longer tells were taken away.")
_OUTSIDE = N_(
    "These columns are neither used by the mapping nor listed as not imported, so they stayed outside: {columns}."
)
_ABSENT = N_("The mapping lists these columns as not imported, but the file does not have them: {columns}.")
_MOST_NAMED = 400


def preview_import(
    *,
    by: By,
    path: Path | None = None,
    stream: BinaryIO | Source | None = None,
    file_name: str,
    mapping_text: str,
    progress: Progress | None = None,
    beside: Sequence[Path] = (),
    files: Files | None = None,
    window: tuple[int, int | None] = (0, None),
    language: str | None = None,
) -> Report:
    """Say what an import would do, row by row, and write nothing.

    ``window`` is the first row to tell (from 0) and how many. ``progress`` is told rows done, bytes read and bytes
    in all. Raises ``BadInput`` when the file or the mapping cannot be read at all.
    """
    source = _source(path, stream, file_name)
    mapping = parse_mapping(mapping_text, language=language)
    planner = _planner(mapping, _files(path, beside, files))
    table = Table(source, mapping.form, mapping.used)
    intake = Intake(by=by, mapping=mapping, planner=planner, import_id=uuid4(), entry=None, window=window)
    intake.survey(table)
    report = intake.take_in(table, progress)
    report.action = "preview"
    _complete(report, mapping, planner, table)
    report.rows.sort(key=lambda row: row.number)
    return report


def run_import(
    *,
    by: By,
    path: Path | None = None,
    stream: BinaryIO | Source | None = None,
    file_name: str,
    mapping_text: str,
    progress: Progress | None = None,
    beside: Sequence[Path] = (),
    files: Files | None = None,
    language: str | None = None,
    previewed: Import | None = None,
) -> Report:
    """Take a list in, wholly or not at all, in one transaction; refused rows do not stop the rest.

    Parameters as in ``preview_import``; ``previewed`` is the import that was only looked at so far.
    """
    source = _source(path, stream, file_name)
    mapping = parse_mapping(mapping_text, language=language)
    planner = _planner(mapping, _files(path, beside, files))
    table = Table(source, mapping.form, mapping.used)
    import_id = previewed.pk if previewed is not None else uuid4()
    with writing(by=by, action="exchange.import") as entry:
        intake = Intake(by=by, mapping=mapping, planner=planner, import_id=import_id, entry=entry)
        intake.survey(table)
        report = intake.take_in(table, progress)
        _complete(report, mapping, planner, table)
        _keep(entry, by, report, previewed, import_id, file_name, mapping_text)
        entry.about("exchange.import", import_id)
        entry.notes["counts"] = report.by_kind()
    return report


def _source(path: Path | None, stream: BinaryIO | Source | None, name: str) -> Source:
    if path is not None:
        return Source.of_path(path)
    if isinstance(stream, Source):
        return stream
    if stream is None:
        raise BadInput(_NO_FILE)
    return Source.of_stream(stream, name)


def _planner(mapping: Mapping, files: Files) -> Planner:
    return Planner(mapping, today=_today(), files=files)


def _today() -> date:
    return datetime.now(UTC).date()


def _files(path: Path | None, beside: Sequence[Path], files: Files | None) -> Files:
    """Return how a file that the mapping names is found: by its bare name, in known directories only."""
    if files is not None:
        return files
    places = [*beside, *([path.parent] if path is not None else [])]

    def found(name: str) -> bytes:
        for place in places:
            if Path(name).name == name and (place / name).is_file():
                return (place / name).read_bytes()
        raise BadInput(NO_MAP_FILE, file=name)

    return found


def _complete(report: Report, mapping: Mapping, planner: Planner, table: Table) -> None:
    """Add to the report what is to be known beside the counts."""
    columns = set(table.columns)
    report.not_imported = {name: why for name, why in mapping.not_imported.items() if name in columns}
    report.unmapped = [name for name in table.columns if name not in mapping.used and name not in mapping.not_imported]
    if report.unmapped:
        report.notes.append(Sentence(_OUTSIDE, {"columns": _listed(report.unmapped)}))
    absent = [name for name in mapping.not_imported if name not in columns]
    if absent:
        report.notes.append(Sentence(_ABSENT, {"columns": _listed(absent)}))
    if planner.unmatched:
        report.notes.append(Sentence(_UNMATCHED, {"names": _listed(planner.unmatched)}))
    if planner.reversed_dates:
        rows = _listed([str(number) for number in planner.reversed_dates])
        report.notes.append(Sentence(_REVERSED, {"rows": rows}))
    for column in sorted({column for column, _text in planner.unread}):
        texts = [text for (one, text), _count in planner.unread.most_common() if one == column]
        parameters: dict[str, object] = {"column": column, "count": len(texts), "texts": _listed(texts, "; ")}
        report.notes.append(Sentence(_UNREAD, parameters))
    removed = sum(many for (_kind, outcome), many in report.counts.items() if outcome == "removed")
    if removed:
        report.notes.append(Sentence(_TAKEN_AWAY, {"count": removed}))


def _listed(names: Sequence[str], comma: str = ", ") -> str:
    shown = comma.join(names[:_MOST_NAMED])
    return f"{shown} …" if len(names) > _MOST_NAMED else shown


def _keep(
    entry: Entry,
    by: By,
    report: Report,
    previewed: Import | None,
    import_id: UUID,
    file_name: str,
    mapping_text: str,
) -> None:
    """Keep the import itself: what it was made from and what it did."""
    values: dict[str, object] = {
        "status": "done",
        "applied": entry.seq,
        "file_name": file_name,
        "mapping": mapping_text,
        "counts": report.by_kind(),
        "refused": [{"row": one.number, "reason": one.reason.as_json()} for one in report.refused],
        "unmapped": report.unmapped,
        "notes": [note.as_json() for note in report.notes],
        "waiting": {},
        "done_at": datetime.now(UTC).isoformat(timespec="minutes"),
    }
    if previewed is not None:
        change(previewed, entry, **values)
    else:
        create(Import(id=import_id, circle_id=by.circle_id, **values), entry)
