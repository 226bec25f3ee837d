"""Everything back in: a workspace made again from its export, exactly, or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from django.db import IntegrityError, connection

from tejido.domain.errors import BadInput, Conflict, RuleBroken, TejidoError
from tejido.domain.words import N_
from tejido.exchange import evidence_files
from tejido.exchange.belonging import Belonging
from tejido.exchange.bulk import Batch
from tejido.exchange.evidence_files import FilesIn
from tejido.exchange.exporting import FORMAT, VERSION
from tejido.exchange.keeping import digest
from tejido.exchange.nouns import NOUNS, columns_of
from tejido.exchange.plain_forms import rich
from tejido.exchange.reports import Report
from tejido.vault.journal import By, writing
from tejido.vault.keyring import current

MOST_UNPACKED: Final = 8 * 1024**3
MOST_RATIO: Final = 400
MOST_MEMBERS: Final = 100_000
_SMALL: Final = 10 * 1024 * 1024
_LONGEST_LINE: Final = 64 * 1024 * 1024

_NOT_AN_EXPORT = N_("This is not an export of Tejido. Nothing was imported; choose the ZIP file that the export made.")
_NEWER = N_("This export was made by a newer Tejido (format {version}). Nothing was imported; update Tejido first.")
_ALTERED = N_("The export was altered or damaged: {name} is not what the manifest says. Nothing was imported.")
_UNSAFE = N_("The export holds a file with an unsafe name, or unpacks to more than it may. It was not opened.")
_NOT_EMPTY = N_(
    "This workspace already holds records. Nothing was imported; bring an export into a new, empty workspace."
)
_CONTRADICTS = N_("The records of the export contradict each other. Nothing was imported; the file was altered.")
_BAD_RECORD = N_("Record {number} of {noun} in the export cannot be read: {reason} Nothing was imported.")
_COLUMNS = N_("it has other columns than it should.")
_NO_FILE = N_("The file {name} is not there or cannot be opened. Nothing was imported; please check its name.")


def is_export(path: Path) -> bool:
    """Say whether a file looks like an export of Tejido."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "manifest.json" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def import_export(*, by: By, path: Path) -> Report:
    """Bring an export into an empty workspace, with the same ids, in one transaction.

    Raises ``BadInput`` for anything that is not an untouched export, ``RuleBroken`` if the workspace is not empty.
    """
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise BadInput(_NOT_AN_EXPORT) from None
    except OSError:
        raise BadInput(_NO_FILE, name=path.name) from None
    with archive:
        _check(archive)
        report, files = Report(), FilesIn(archive)
        try:
            with files.kept_if_all_is_well(), writing(by=by, action="exchange.import_export") as entry:
                _refuse_if_not_empty(by)
                batch = Batch(circle=by.circle_id, stamp=entry.seq)
                belonging = Belonging()
                for noun in NOUNS:
                    report.counts[noun, "created"] = _bring_in(archive, noun, batch, by, belonging, files)
                batch.flush()
                connection.check_constraints()
                entry.notes["counts"] = {noun: many for (noun, _outcome), many in report.counts.items()}
        except (IntegrityError, Conflict):
            raise BadInput(_CONTRADICTS) from None
        except (zipfile.BadZipFile, EOFError):
            raise BadInput(_ALTERED, name=path.name) from None
    report.rows_read = sum(report.counts.values())
    return report


def _refuse_if_not_empty(by: By) -> None:
    if any(model._default_manager.filter(circle=by.circle_id).exists() for model in NOUNS.values()):
        raise RuleBroken(_NOT_EMPTY)


def _check(archive: zipfile.ZipFile) -> None:
    """Refuse unsafe names and bombs, then compare every file with the manifest."""
    members = archive.infolist()
    for member in members:
        path = PurePosixPath(member.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in member.filename or ":" in member.filename:
            raise BadInput(_UNSAFE)
        if member.file_size > _SMALL and member.file_size > MOST_RATIO * member.compress_size:
            raise BadInput(_UNSAFE)
    names = [member.filename for member in members]
    too_much = sum(member.file_size for member in members) > MOST_UNPACKED
    if too_much or len(members) > MOST_MEMBERS or len(set(names)) != len(names):
        raise BadInput(_UNSAFE)
    for name, told in _manifest(archive).items():
        if name not in names or _digest(archive, name) != told.get("sha256"):
            raise BadInput(_ALTERED, name=name)


def _manifest(archive: zipfile.ZipFile) -> dict[str, dict[str, object]]:
    try:
        about = json.loads(archive.read("manifest.json"))
        if about["format"] != FORMAT:
            raise BadInput(_NOT_AN_EXPORT)
        if about["version"] > VERSION:
            raise BadInput(_NEWER, version=about["version"])
        files: dict[str, dict[str, object]] = about["files"]
    except (KeyError, ValueError, TypeError, RecursionError, zipfile.BadZipFile):
        raise BadInput(_NOT_AN_EXPORT) from None
    if not isinstance(files, dict) or any(f"json/{noun}.json" not in files for noun in NOUNS):
        raise BadInput(_NOT_AN_EXPORT)
    return files


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        with archive.open(name) as member:
            found = hashlib.sha256()
            while chunk := member.read(1024 * 1024):
                found.update(chunk)
            return found.hexdigest()
    except (zipfile.BadZipFile, EOFError, RuntimeError):
        raise BadInput(_ALTERED, name=name) from None


def _bring_in(archive: zipfile.ZipFile, noun: str, batch: Batch, by: By, belonging: Belonging, files: FilesIn) -> int:
    columns = {field.attname: field for field in columns_of(noun)}
    secret = current().derived(by.circle_id, "external keys") if noun == "keys" else b""
    count = 0
    for count, line in enumerate(_lines(archive, noun), start=1):
        try:
            record = json.loads(line)
            if not isinstance(record, dict) or set(record) != set(columns):
                raise BadInput(_COLUMNS)
            values: dict[str, Any] = {name: rich(columns[name], value) for name, value in record.items()}
        except (ValueError, RecursionError, TejidoError) as wrong:
            reason = wrong.sentence() if isinstance(wrong, TejidoError) else "JSON."
            raise BadInput(_BAD_RECORD, number=count, noun=noun, reason=reason) from None
        if noun == "keys":
            told = values["told"]
            key = f"{told.get('key', '')}"
            values["digest"] = digest(secret, f"{told.get('list', '')}", values["noun"], key)
        identity = values.pop("id")
        if noun == evidence_files.NOUN:
            values["file"] = files.file(identity, values["file"])
        batch.add(NOUNS[noun], values, identity, dossier=belonging.dossier(NOUNS[noun], identity, values))
    return count


def _lines(archive: zipfile.ZipFile, noun: str) -> Iterator[bytes]:
    """Yield the records of a noun, one line each, as the export writes them."""
    with archive.open(f"json/{noun}.json") as member:
        while line := member.readline(_LONGEST_LINE):
            text = line.strip().rstrip(b",")
            if text not in (b"[", b"]", b"[]"):
                yield text
