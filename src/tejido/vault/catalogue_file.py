"""The file in which a catalogue rests: its tables, its opening, and how lines are written and forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tejido.domain.errors import WorkspaceLocked
from tejido.domain.names import match_key
from tejido.vault.sqlcipher.base import Database, connect

_SHAPE: Final = 3  # grows when the tables below change: an older file is made again
_TABLES: Final = """
CREATE TABLE line (n INTEGER PRIMARY KEY, noun TEXT NOT NULL, id BLOB NOT NULL, ord TEXT NOT NULL,
                   label TEXT NOT NULL, note TEXT NOT NULL, facets TEXT NOT NULL);
CREATE UNIQUE INDEX line_id ON line (noun, id);
CREATE INDEX line_order ON line (noun, ord, id);
CREATE TABLE facet (noun TEXT, value TEXT, ord TEXT, id BLOB, n INTEGER,
                    PRIMARY KEY (noun, value, ord, id)) WITHOUT ROWID;
CREATE INDEX facet_line ON facet (n);
CREATE TABLE tally (noun TEXT, value TEXT, many INTEGER NOT NULL, PRIMARY KEY (noun, value)) WITHOUT ROWID;
CREATE TABLE mark (noun TEXT PRIMARY KEY, stamp INTEGER NOT NULL, digest BLOB NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(label, body, content='', contentless_delete=1, prefix='2 3',
                                      tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE shapes USING fts5(key, content='', contentless_delete=1, tokenize="trigram");
CREATE TRIGGER one_more AFTER INSERT ON line BEGIN
  INSERT INTO tally VALUES (new.noun, '', 1) ON CONFLICT DO UPDATE SET many = many + 1; END;
CREATE TRIGGER one_less AFTER DELETE ON line BEGIN
  UPDATE tally SET many = many - 1 WHERE noun = old.noun AND value = ''; END;
CREATE TRIGGER facet_more AFTER INSERT ON facet BEGIN
  INSERT INTO tally VALUES (new.noun, new.value, 1) ON CONFLICT DO UPDATE SET many = many + 1; END;
CREATE TRIGGER facet_less AFTER DELETE ON facet BEGIN
  UPDATE tally SET many = many - 1 WHERE noun = old.noun AND value = old.value; END;
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What the catalogue keeps of one record.

    ``order`` is what lists sort by; ``text`` is searched but not kept; ``facets`` are ``"name:code"`` to filter
    by; ``note`` is a short extra shown in lists.
    """

    id: UUID
    label: str
    order: str
    text: str = ""
    facets: tuple[str, ...] = ()
    note: str = ""


def opened(path: Path, key: bytes) -> Any:
    """Open the file; one that does not open, or of an older shape, is made again: it holds nothing of its own."""
    try:
        store = connect(str(path), key, isolation_level=None, check_same_thread=False)
    except Database.OperationalError:
        raise
    except Database.DatabaseError:
        remove_file(path)
        store = connect(str(path), key, isolation_level=None, check_same_thread=False)
    shape = store.execute("PRAGMA user_version").fetchone()[0]
    if shape != _SHAPE:
        store.execute("BEGIN IMMEDIATE")
        if store.execute("PRAGMA user_version").fetchone()[0] != _SHAPE:
            for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                if name in {"line", "facet", "tally", "mark", "words", "shapes"}:
                    store.execute(f"DROP TABLE {name}")
            for statement in _statements(_TABLES):
                store.execute(statement)
            store.execute(f"PRAGMA user_version = {_SHAPE}")
        store.execute("COMMIT")
    store.execute("PRAGMA synchronous = NORMAL")
    return store


def remove_file(path: Path) -> None:
    """Delete the file and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class Shelf:
    """One thread's connection to the file. Another thread may close it while it lies idle."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._store = opened(path, key)
        self._file = _identity(path)
        self._hand = threading.RLock()
        self._closed = False

    def serves(self, path: Path) -> bool:
        """Say whether it is open still, and to the file that is at ``path`` now."""
        return not self._closed and self._file == _identity(path)

    @contextmanager
    def in_use(self) -> Iterator[Any]:
        """Give the connection, which nobody else closes meanwhile."""
        with self._hand:
            if self._closed:
                raise WorkspaceLocked
            yield self._store

    def close_if_idle(self) -> None:
        """Close the connection, unless another thread is using it."""
        if self._hand.acquire(blocking=False):
            try:
                self._closed = True
                self._store.close()
            finally:
                self._hand.release()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _statements(script: str) -> list[str]:
    statements, part = [], ""
    for line in script.strip().splitlines():
        part += line + "\n"
        if line.endswith(";") and ("BEGIN" not in part or line.endswith("END;")):
            statements.append(part.strip().removesuffix(";") + (";" if "BEGIN" in part else ""))
            part = ""
    return statements


def write(store: Any, noun: str, lines: Sequence[Line], *, by_shape: bool) -> None:
    """Write lines of ``noun`` that are not there yet; ``by_shape`` lets their labels be found by shape too."""
    first = store.execute("SELECT coalesce(max(n), 0) + 1 FROM line").fetchone()[0]
    numbered = [(n, line, tuple(dict.fromkeys(line.facets))) for n, line in enumerate(lines, start=first)]
    store.executemany(
        "INSERT INTO line (n, noun, id, ord, label, note, facets) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (n, noun, line.id.bytes, line.order, line.label, line.note, "\n".join(facets))
            for n, line, facets in numbered
        ],
    )
    store.executemany(
        "INSERT INTO facet VALUES (?, ?, ?, ?, ?)",
        [(noun, facet, line.order, line.id.bytes, n) for n, line, facets in numbered for facet in facets],
    )
    store.executemany(
        "INSERT INTO words (rowid, label, body) VALUES (?, ?, ?)",
        [(n, line.label, line.text) for n, line, _ in numbered],
    )
    if by_shape:
        store.executemany(
            "INSERT INTO shapes (rowid, key) VALUES (?, ?)", [(n, match_key(line.label)) for n, line, _ in numbered]
        )


def forget(store: Any, noun: str, record: UUID) -> None:
    """Forget one line, if it is there."""
    row = store.execute("SELECT n FROM line WHERE noun = ? AND id = ?", [noun, record.bytes]).fetchone()
    if row is None:
        return
    for table, column in (("facet", "n"), ("words", "rowid"), ("shapes", "rowid"), ("line", "n")):
        store.execute(f"DELETE FROM {table} WHERE {column} = ?", row)  # noqa: S608


def forget_all(store: Any, noun: str) -> None:
    """Forget every line of ``noun``."""
    for (record,) in store.execute("SELECT id FROM line WHERE noun = ?", [noun]).fetchall():
        forget(store, noun, UUID(bytes=bytes(record)))
