"""A backup: one file that holds the whole workspace, sealed, and opens with the same passphrase.

Layout: a line of JSON in clear (format, the key slots as in ``workspace.json``, a salt), then a sealed stream
(see ``files``) under a key derived from the master secret and the salt. Inside, JSON lines: for each table its
columns and rows as they rest (sealed values stay sealed inside), then the sealed files, then a closing line
with the number of rows. The form is the same for every database, so a backup of a laptop can be restored to a
server and the other way round.
"""

from __future__ import annotations

import base64
import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import N_
from tejido.vault.files import SealingWriter, new_private, opened_stream
from tejido.vault.passphrase import open_slot
from tejido.vault.seal import derive
from tejido.vault.workspace import Master, Workspace

FORMAT = 1
_LONGEST_HEAD = 1 << 20
_BATCH = 1000
#: Not part of the workspace: sessions end with their process.
_LEFT_OUT = frozenset({"vault_session"})

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Kept:
    """What a backup holds or a restore brought back."""

    rows: int
    files: int
    size: int


def back_up(workspace: Workspace, master: Master, target: Path, *, progress: Progress | None = None) -> Kept:
    """Write a backup to ``target``; refuses to overwrite. A killed run leaves only ``target.part``."""
    if target.exists():
        raise BadInput(N_("There is a file of that name already. Nothing was changed; choose another name."))
    salt = os.urandom(16)
    head = {"tejido backup": FORMAT, "slots": workspace.slots(), "salt": salt.hex()}
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)  # of a killed run; or a link that somebody laid there
    try:
        files, rows = _write(workspace, master, part, head, progress)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Kept(rows, files, target.stat().st_size)


def _write(
    workspace: Workspace, master: Master, part: Path, head: dict[str, Any], progress: Progress | None
) -> tuple[int, int]:
    salt = bytes.fromhex(head["salt"])
    with new_private(part) as out, _one_state():
        out.write(json.dumps(head).encode() + b"\n")
        writer = SealingWriter(out, _key(master, salt))
        rows = _write_tables(writer, progress)
        files = _write_files(writer, workspace.directory / "sealed")
        writer.write(_line({"end": rows, "files": files}))
        writer.close()
        out.flush()
        os.fsync(out.fileno())
    return files, rows


def read_head(source: BinaryIO) -> dict[str, Any]:
    """Return the clear first line of a backup; ``BadInput`` if the file is not one."""
    try:
        head = json.loads(source.readline(_LONGEST_HEAD))
        if head["tejido backup"] != FORMAT or not isinstance(head["slots"][0], dict):
            raise ValueError
        bytes.fromhex(head["salt"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise BadInput(N_("This file is not a backup of a workspace. Nothing was changed.")) from None
    return dict(head)


def unlock_backup(path: Path, passphrase: str) -> tuple[dict[str, Any], Master]:
    """Return head and master secret of a backup; ``WrongPassphrase`` if the passphrase does not open it."""
    with path.open("rb") as source:
        head = read_head(source)
    return head, Master(open_slot(head["slots"][0], passphrase))


def verify_backup(path: Path, master: Master) -> Kept:
    """Read a backup to its end; ``DamagedSeal`` if one byte was altered or is missing."""
    rows = files = 0
    for line in _lines(path, master):
        rows += len(line.get("rows", ()))
        files += "file" in line
    return Kept(rows, files, path.stat().st_size)


def bring_back(workspace: Workspace, path: Path, master: Master, *, progress: Progress | None = None) -> Kept:
    """Fill the empty database of a freshly made workspace from a backup, in one transaction.

    The whole file is verified first: nothing is written from one that was altered.
    """
    kept = verify_backup(path, master)
    call_command("migrate", verbosity=0, interactive=False)
    done = 0
    with transaction.atomic():  # foreign keys are checked at its end, on both databases
        for line in _lines(path, master):
            if "rows" in line:
                done += _insert(line)
                if progress:
                    progress(done, kept.rows)
            elif "file" in line:
                _put_file(workspace.directory / "sealed", line)
        _count_on()
    return kept


def _count_on() -> None:
    """Let the database count on from the rows brought back: their numbers were given, not drawn from its counters."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _tables()):
            cursor.execute(statement)


def _tables() -> list[type[models.Model]]:
    """Every table of ours, parents before children, so that rows can be put back in this order."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("tejido.")]
    ordered: list[type[models.Model]] = []

    def place(model: type[models.Model]) -> None:
        if model in ordered:
            return
        for field in model._meta.concrete_fields:
            parent = field.related_model
            if isinstance(parent, type) and parent is not model and parent in ours:
                place(parent)
        ordered.append(model)

    for model in ours:
        place(model)
    return [model for model in ordered if model._meta.db_table not in _LEFT_OUT]


def _write_tables(writer: SealingWriter, progress: Progress | None) -> int:
    total = sum(model._default_manager.count() for model in _tables()) if progress else 0
    done = 0
    for model in _tables():
        names = [str(field.column) for field in model._meta.concrete_fields]
        rows = _raw_rows(model, names)
        while batch := list(islice(rows, _BATCH)):
            writer.write(_line({"table": model._meta.db_table, "columns": names, "rows": batch}))
            done += len(batch)
            if progress:
                progress(done, total)
    return done


def _raw_rows(model: type[models.Model], names: list[str]) -> Iterator[list[Any]]:
    """Read the rows of a table as they rest, without opening anything."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    order = connection.ops.quote_name(str(model._meta.pk.column))
    sql = f"SELECT {quoted} FROM {connection.ops.quote_name(model._meta.db_table)} ORDER BY {order}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while batch := cursor.fetchmany(_BATCH):
            for row in batch:
                yield [_plain(value) for value in row]


def _insert(line: dict[str, Any]) -> int:
    model = next((model for model in _tables() if model._meta.db_table == line["table"]), None)
    columns = line["columns"]
    if model is None or set(columns) != {field.column for field in model._meta.concrete_fields}:
        raise BadInput(N_("Another version made this backup. Nothing was changed; restore it with that version."))
    kinds = {field.column: field for field in model._meta.concrete_fields}
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(
            sql, [[_raw(value, kinds[name]) for name, value in zip(columns, row, strict=True)] for row in line["rows"]]
        )
    return len(line["rows"])


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"b": base64.b64encode(bytes(value)).decode()}
    return value.hex if isinstance(value, UUID) else value


def _raw(value: Any, field: models.Field[Any, Any]) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["b"])
    kept = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(kept, models.UUIDField) and value is not None:
        return value if _is_sqlite() else UUID(value)
    return value


def _write_files(writer: SealingWriter, directory: Path) -> int:
    paths = sorted(directory.glob("*.sealed")) if directory.is_dir() else []
    for path in paths:
        writer.write(_line({"file": path.name, "bytes": base64.b64encode(path.read_bytes()).decode()}))
    return len(paths)


def _put_file(directory: Path, line: dict[str, Any]) -> None:
    name = str(line["file"])
    if not name.endswith(".sealed") or "/" in name or "\\" in name:
        raise DamagedSeal
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with new_private(directory / name) as target:
        target.write(base64.b64decode(line["bytes"]))


def _lines(path: Path, master: Master) -> Iterator[dict[str, Any]]:
    ended = False
    with path.open("rb") as source:
        head = read_head(source)
        plain = io.BufferedReader(opened_stream(source, _key(master, bytes.fromhex(head["salt"]))))
        for raw in plain:
            line = json.loads(raw)
            ended = "end" in line
            yield line
    if not ended:
        raise DamagedSeal


@contextmanager
def _one_state() -> Iterator[None]:
    """See one state of the database throughout, and let others write meanwhile."""
    if connection.in_atomic_block:
        yield
    elif _is_sqlite():
        # Django's own transactions would take the writers' lock at once; this one only ever reads.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _key(master: Master, salt: bytes) -> bytes:
    return derive(master.secret + salt, "backup")


def _line(content: dict[str, Any]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"
