"""Everything out: one ZIP with a CSV and a JSON per noun, a data dictionary and a manifest of digests.

The JSON is the exact form, from which a workspace can be made again; the CSV is for reading in a spreadsheet, so
cells that a spreadsheet would run as a formula are preceded by an apostrophe. The file is in clear.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from django.db import models

from tejido.circles.approvals import others_who_may_approve
from tejido.domain.errors import BadInput
from tejido.domain.second_person import NotApproved
from tejido.domain.words import N_
from tejido.exchange.evidence_files import files_out, without_key
from tejido.exchange.nouns import NOUNS, columns_of, dictionary
from tejido.exchange.plain_forms import plain
from tejido.vault.journal import By, sign_head, writing

Progress = Callable[[int, int], None]
FORMAT: Final = "tejido-export"
VERSION: Final = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY: Final = (1980, 1, 1, 0, 0, 0)
_CANNOT_WRITE = N_("The file {name} cannot be written there. Nothing was exported; choose another place.")

README = """Tejido: everything in this workspace
=====================================

This file is NOT encrypted: whoever has it can read all of it. Keep it as you would keep the people in it.

json/    one file per kind of record, exact; Tejido can make the workspace again from these
csv/     the same for reading in a spreadsheet; cells that begin with = + - @ are preceded by an apostrophe
files/   what was kept as evidence, each file under the id of its record; rename it to open it
dictionary.json   what each column means
manifest.json     SHA-256 of every file

Este archivo NO está cifrado: quien lo tenga puede leerlo todo. Cuídelo como cuidaría a las personas que están en él.

json/    un archivo por clase de registro, exacto; con ellos Tejido puede rehacer el espacio de trabajo
csv/     lo mismo, para leerlo en una hoja de cálculo; las celdas que empiezan con = + - @ llevan antes un apóstrofo
files/   lo que se guardó como prueba, cada archivo con el número de su registro; cámbiele el nombre para abrirlo
dictionary.json   qué significa cada columna
manifest.json     SHA-256 de cada archivo
"""


@dataclass
class ExportReport:
    """What was written: records per noun, the file's size in bytes and its SHA-256."""

    path: Path | None = None
    counts: dict[str, int] = field(default_factory=dict)
    size: int = 0
    sha256: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the report for machines."""
        return {
            "action": "export",
            "file": self.path.name if self.path else None,
            "counts": self.counts,
            "bytes": self.size,
            "sha256": self.sha256,
        }


def export_workspace(*, by: By, out: Path, progress: Progress | None = None) -> ExportReport:
    """Write everything to ``out`` (readable by its owner only), replacing it only when all went well.

    ``progress`` is told nouns done and nouns in all. Raises ``BadInput`` when the file cannot be written.
    """
    with written_whole(out) as target:
        report = export_into(by=by, target=target, progress=progress)
    report.path, report.size = out, out.stat().st_size
    with out.open("rb") as whole:
        report.sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    return report


@contextmanager
def written_whole(out: Path) -> Iterator[IO[bytes]]:
    """Open a file beside ``out`` (for its owner only) that takes its place when all went well, and else is gone.

    Raises ``BadInput`` when it cannot be written.
    """
    part = out.with_name(out.name + ".part")
    try:
        part.touch(mode=0o600)
        with part.open("wb") as target:
            yield target
        part.replace(out)
    except OSError:
        part.unlink(missing_ok=True)
        raise BadInput(_CANNOT_WRITE, name=out.name) from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def export_into(*, by: By, target: IO[bytes], progress: Progress | None = None) -> ExportReport:
    """Write everything into an open file; the journal keeps that it happened, and that nobody else was there to ask.

    Raises ``NotApproved`` where a second person could be asked: then ``leaving`` is the way.
    """
    with writing(by=by, action="exchange.export") as entry:
        if others_who_may_approve(by):
            raise NotApproved
        report = fill(by=by, target=target, progress=progress)
        entry.notes.update(counts=report.counts, second_person="nobody to ask")
    sign_head(by=by)
    return report


def fill(*, by: By, target: IO[bytes], progress: Progress | None = None) -> ExportReport:
    """Write everything into an open file, which needs no way back; nobody is asked and nothing is noted here."""
    report = ExportReport()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        manifest: dict[str, dict[str, object]] = {}
        for done, noun in enumerate(NOUNS):
            report.counts[noun] = _one(archive, manifest, f"json/{noun}.json", _as_json(by, noun))
            _one(archive, manifest, f"csv/{noun}.csv", _as_csv(by, noun))
            if progress is not None:
                progress(done + 1, len(NOUNS))
        for name, pieces in files_out(by):
            _one(archive, manifest, name, pieces, kind=zipfile.ZIP_STORED)
        _one(archive, manifest, "dictionary.json", iter([_pretty(dictionary())]))
        _one(archive, manifest, "README.txt", iter([README.encode()]))
        about = {
            "format": FORMAT,
            "version": VERSION,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "files": manifest,
        }
        _one(archive, {}, "manifest.json", iter([_pretty(about)]))
    return report


def _one(
    archive: zipfile.ZipFile,
    manifest: dict[str, dict[str, object]],
    name: str,
    pieces: Iterator[bytes],
    *,
    kind: int = zipfile.ZIP_DEFLATED,
) -> int:
    """Write one member piece by piece; return the number of records it holds."""
    info = zipfile.ZipInfo(name, _DAY)
    info.compress_type, info.external_attr = kind, 0o600 << 16
    digest, size, count = hashlib.sha256(), 0, -2
    with archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            digest.update(piece)
            size += len(piece)
            count += 1
    manifest[name] = {"sha256": digest.hexdigest(), "bytes": size}
    return max(0, count)


def _records(by: By, noun: str) -> Iterator[Any]:
    return NOUNS[noun]._default_manager.filter(circle=by.circle_id).order_by("pk").iterator(chunk_size=1000)


def _as_json(by: By, noun: str) -> Iterator[bytes]:
    """Yield an opening line, one line per record, and a closing line."""
    columns = columns_of(noun)
    yield b"["
    comma = ""
    for record in _records(by, noun):
        line = {column.attname: _value(noun, column, record) for column in columns}
        yield f"{comma}\n{json.dumps(line, ensure_ascii=False, separators=(',', ':'))}".encode()
        comma = ","
    yield b"\n]\n"


def _as_csv(by: By, noun: str) -> Iterator[bytes]:
    columns = columns_of(noun)
    yield b"\xef\xbb\xbf" + _csv_line([column.attname for column in columns])
    for record in _records(by, noun):
        yield _csv_line([_cell(_value(noun, column, record)) for column in columns])


def _value(noun: str, column: models.Field[Any, Any], record: models.Model) -> Any:
    return without_key(noun, column.attname, plain(column, record))


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _pretty(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
