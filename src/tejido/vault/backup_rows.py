"""The content of a backup as lines of JSON: rows of tables as they rest, sealed files in pieces."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import N_
from tejido.vault.files import SealingWriter, new_private

_BATCH = 1000
#: A sealed file goes in pieces of so many bytes, so that neither side holds it whole.
_PIECE: Final = 256 * 1024
#: Not part of the workspace: sessions end with their process.
_LEFT_OUT: Final = frozenset({"vault_session"})

Progress = Callable[[int, int], None]


def count_on() -> None:
    """Let the database count on from the rows brought back: their numbers were given, not drawn from its counters."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)


def tables() -> list[type[models.Model]]:
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


def write_tables(writer: SealingWriter, progress: Progress | None) -> int:
    """Write the rows of every table; return how many there are."""
    total = sum(model._default_manager.count() for model in tables()) if progress else 0
    done = 0
    for model in tables():
        names = [str(field.column) for field in model._meta.concrete_fields]
        rows = _raw_rows(model, names)
        while batch := list(islice(rows, _BATCH)):
            writer.write(line({"table": model._meta.db_table, "columns": names, "rows": batch}))
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


_OTHER_VERSION = N_("Another version made this backup. Nothing was changed; restore it with that version.")


def insert(said: dict[str, Any]) -> int:
    """Insert the rows of one line; ``BadInput`` if this version has no such table or column.

    A column that came with a later version is filled with what it begins with there.
    """
    model = next((model for model in tables() if model._meta.db_table == said["table"]), None)
    columns = said["columns"]
    kinds = {str(field.column): field for field in model._meta.concrete_fields} if model is not None else {}
    if model is None or not set(columns) <= set(kinds):
        raise BadInput(_OTHER_VERSION)
    since = {name: _beginning(field) for name, field in kinds.items() if name not in columns}
    quoted = ", ".join(connection.ops.quote_name(name) for name in [*columns, *since])
    marks = ", ".join(["%s"] * (len(columns) + len(since)))
    sql = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) VALUES ({marks})"  # noqa: S608
    rows = [
        [*(_raw(value, kinds[name]) for name, value in zip(columns, row, strict=True)), *since.values()]
        for row in said["rows"]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
    return len(rows)


def _beginning(field: models.Field[Any, Any]) -> Any:
    """Return the value a column has in rows written before there was such a column."""
    if field.null:
        return None
    if not field.has_default():
        raise BadInput(_OTHER_VERSION)
    return field.get_db_prep_save(field.get_default(), connection)


def ledger_keys_in(said: dict[str, Any]) -> list[bytes]:
    """Return the keys of the ledger in a line of their table."""
    column = said["columns"].index("key")
    return [base64.b64decode(row[column]["b"]) for row in said["rows"]]


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


def write_files(writer: SealingWriter, directory: Path) -> int:
    """Write the sealed files of a directory, each in pieces; return how many there are."""
    paths = sorted(directory.glob("*.sealed")) if directory.is_dir() else []
    for path in paths:
        with path.open("rb") as source:
            piece = source.read(_PIECE)
            while True:
                following = source.read(_PIECE)
                encoded = base64.b64encode(piece).decode()
                writer.write(line({"file": path.name, "piece": encoded, "last": not following}))
                if not following:
                    break
                piece = following
    return len(paths)


class FilesComingBack:
    """Takes the pieces of sealed files and writes them below ``directory``; ``None`` only looks at them."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._open: tuple[str, Any] | None = None
        self.many = 0

    def take(self, said: dict[str, Any]) -> None:
        """Take one line: a piece, or a whole file as the first version wrote it."""
        name, whole = str(said["file"]), "bytes" in said
        if not name.endswith(".sealed") or "/" in name or "\\" in name:
            raise DamagedSeal
        if self._open is not None and self._open[0] != name:
            raise DamagedSeal
        if self._open is None:
            self._open = name, self._new(name)
        if self._open[1] is not None:
            self._open[1].write(base64.b64decode(said["bytes" if whole else "piece"]))
        if whole or said["last"]:
            self.close()
            self.many += 1

    def close(self) -> None:
        """Close the file that is being written."""
        if self._open is not None and self._open[1] is not None:
            self._open[1].close()
        self._open = None

    @property
    def unfinished(self) -> bool:
        """Whether the last file lacks its end."""
        return self._open is not None

    def _new(self, name: str) -> Any:
        if self._directory is None:
            return None
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return new_private(self._directory / name)


@contextmanager
def one_state() -> Iterator[None]:
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


def line(content: dict[str, Any]) -> bytes:
    """Return one line of the stream."""
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"
