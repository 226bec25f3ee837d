"""The key store: one small file with the wrapped data key of every dossier, and the ledger of what was erased.

A dossier's data key exists nowhere else at rest. Deleting its row is what makes an erasure final: the sealed
values may live on in a log of the database, in a page of its heap or in a dump, but nothing opens them any more.
That is why the rows do not stand in the database itself, whose logs and heap keep old bytes, but in a plain SQLite
file beside it that overwrites what it deletes (``secure_delete``) and keeps no log between two writes
(``journal_mode=DELETE``); on PostgreSQL too.

What the file shows: random ids of dossiers and circles, epochs, wrapped keys, digests of random ids.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from tejido.domain.errors import DamagedSeal
from tejido.vault.files import new_private

NAME: Final = "keys.db"
_SHAPE: Final = 1
_PART: Final = 500
_PRAGMAS: Final = (
    "PRAGMA secure_delete = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 20000",
)
_TABLES: Final = (
    "CREATE TABLE key (dossier BLOB NOT NULL, circle BLOB NOT NULL, epoch INTEGER NOT NULL, wrapped BLOB NOT NULL,"
    " PRIMARY KEY (dossier, circle)) WITHOUT ROWID",
    "CREATE TABLE erased (digest BLOB PRIMARY KEY, mac BLOB NOT NULL) WITHOUT ROWID",
)


class KeyRow(NamedTuple):
    """The data key of one dossier, wrapped for one circle (see ``dossier_keys``)."""

    dossier: UUID
    circle: UUID
    epoch: int
    wrapped: bytes


class Tombstone(NamedTuple):
    """One line of the ledger: the digest of an erased dossier's id, and what shows that it was written here."""

    digest: bytes
    mac: bytes


class KeyStore:
    """The key store at one path; made when first written to. One object serves all threads, one at a time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._store: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None

    def rows(self, dossier: UUID) -> list[KeyRow]:
        """Return the rows of one dossier: one for each circle that may open it."""
        with self._opened() as store:
            found = store.execute("SELECT circle, epoch, wrapped FROM key WHERE dossier = ?", (dossier.bytes,))
            return [KeyRow(dossier, UUID(bytes=circle), epoch, wrapped) for circle, epoch, wrapped in found]

    def rows_of(self, dossiers: Iterable[UUID]) -> list[KeyRow]:
        """Return the rows of many dossiers with few questions."""
        found: list[KeyRow] = []
        ids = iter(dossiers)
        with self._opened() as store:
            while part := [one.bytes for one in islice(ids, _PART)]:
                marks = ", ".join("?" * len(part))
                found.extend(_rows(store.execute(f"{_SELECT} WHERE dossier IN ({marks})", part)))
        return found

    def every_row(self) -> list[KeyRow]:
        """Return all rows, in the order of their ids: one state of the file."""
        with self._opened() as store:
            return list(_rows(store.execute(f"{_SELECT} ORDER BY dossier, circle")))

    def dossiers(self) -> set[UUID]:
        """Return the ids of all dossiers that have a key."""
        with self._opened() as store:
            return {UUID(bytes=dossier) for (dossier,) in store.execute("SELECT DISTINCT dossier FROM key")}

    def many(self) -> int:
        """Return how many dossiers have a key."""
        with self._opened() as store:
            many: int = store.execute("SELECT count(DISTINCT dossier) FROM key").fetchone()[0]
            return many

    def add(self, rows: Iterable[KeyRow]) -> None:
        """Write rows; one that is there already stays. When this returns, they are on the disk."""
        with self._writing() as store:
            store.executemany(
                "INSERT OR IGNORE INTO key VALUES (?, ?, ?, ?)",
                [(row.dossier.bytes, row.circle.bytes, row.epoch, row.wrapped) for row in rows],
            )

    def replace(self, row: KeyRow) -> None:
        """Write a row in place of the one that is there for the same dossier and circle, if any, at once."""
        with self._writing() as store:
            store.execute(
                "INSERT OR REPLACE INTO key VALUES (?, ?, ?, ?)",
                (row.dossier.bytes, row.circle.bytes, row.epoch, row.wrapped),
            )

    def rewrap(self, circle: UUID, rows: Iterable[KeyRow], *, old_epoch: int) -> int:
        """Put ``rows`` in place of the circle's rows of ``old_epoch``: all, or none if the process is killed.

        A row destroyed meanwhile does not come back. Returns how many rows were written anew.
        """
        with self._writing() as store:
            done = store.executemany(
                "UPDATE key SET epoch = ?, wrapped = ? WHERE dossier = ? AND circle = ? AND epoch = ?",
                [(row.epoch, row.wrapped, row.dossier.bytes, circle.bytes, old_epoch) for row in rows],
            )
            return done.rowcount

    def rows_of_circle(self, circle: UUID, *, before: int) -> list[KeyRow]:
        """Return the rows of a circle that are wrapped under an epoch before ``before``."""
        with self._opened() as store:
            return list(_rows(store.execute(f"{_SELECT} WHERE circle = ? AND epoch < ?", (circle.bytes, before))))

    def destroy(self, dossiers: Iterable[UUID], *, tombstones: Sequence[Tombstone] = ()) -> int:
        """Delete the rows of ``dossiers`` for every circle and write ``tombstones``, at once; return how many went."""
        with self._writing() as store:
            store.executemany("INSERT OR REPLACE INTO erased VALUES (?, ?)", tombstones)
            return store.executemany("DELETE FROM key WHERE dossier = ?", [(one.bytes,) for one in dossiers]).rowcount

    def take_from(self, circle: UUID, dossiers: Iterable[UUID]) -> int:
        """Delete the rows that let ``circle`` open ``dossiers``; the other circles keep theirs."""
        with self._writing() as store:
            ids = [(one.bytes, circle.bytes) for one in dossiers]
            return store.executemany("DELETE FROM key WHERE dossier = ? AND circle = ?", ids).rowcount

    def ledger(self) -> list[Tombstone]:
        """Return the ledger of what was erased."""
        with self._opened() as store:
            return [Tombstone(*row) for row in store.execute("SELECT digest, mac FROM erased ORDER BY digest")]

    def is_erased(self, digest: bytes) -> bool:
        """Say whether the ledger names ``digest``."""
        with self._opened() as store:
            return store.execute("SELECT 1 FROM erased WHERE digest = ?", (digest,)).fetchone() is not None

    def add_to_ledger(self, tombstones: Iterable[Tombstone]) -> None:
        """Write lines of the ledger; those there already stay."""
        with self._writing() as store:
            store.executemany("INSERT OR IGNORE INTO erased VALUES (?, ?)", tombstones)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store, self._file = None, None

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._store is None or self._file != _identity(self.path):
                self.close()
                self._store = _connect(self.path)
                self._file = _identity(self.path)
            try:
                yield self._store
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:
                raise DamagedSeal from None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as store:
            store.execute("BEGIN IMMEDIATE")
            try:
                yield store
                store.execute("COMMIT")
            except BaseException:
                if store.in_transaction:
                    store.execute("ROLLBACK")
                raise


_SELECT: Final = "SELECT dossier, circle, epoch, wrapped FROM key"


def _rows(found: Iterable[tuple[bytes, bytes, int, bytes]]) -> Iterator[KeyRow]:
    for dossier, circle, epoch, wrapped in found:
        yield KeyRow(UUID(bytes=dossier), UUID(bytes=circle), epoch, wrapped)


def _connect(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        new_private(path).close()
    store = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in _PRAGMAS:
            store.execute(pragma)
        _shape(store)
    except sqlite3.OperationalError:
        store.close()
        raise
    except sqlite3.DatabaseError:
        store.close()
        raise DamagedSeal from None
    return store


def _shape(store: sqlite3.Connection) -> None:
    """Make the tables of a new file; ``DamagedSeal`` for a file of a shape this version does not know."""
    if store.execute("PRAGMA user_version").fetchone()[0] == 0:
        store.execute("BEGIN IMMEDIATE")
        if store.execute("PRAGMA user_version").fetchone()[0] == 0:
            for statement in _TABLES:
                store.execute(statement)
            store.execute(f"PRAGMA user_version = {_SHAPE}")
        store.execute("COMMIT")
    if store.execute("PRAGMA user_version").fetchone()[0] != _SHAPE:
        raise DamagedSeal


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


_known: dict[Path, KeyStore] = {}
_known_lock = threading.Lock()


def at(path: Path) -> KeyStore:
    """Return the key store at ``path``, one object for the whole process."""
    with _known_lock:
        known = _known.get(path)
        if known is None:
            known = _known[path] = KeyStore(path)
        return known


def of_process() -> KeyStore:
    """Return the key store of the workspace this process was started for: it goes with the process's database."""
    from django.conf import settings

    return at(Path(settings.WORKSPACE.directory) / NAME)


def digest_of(dossier: UUID) -> bytes:
    """Return what the ledger keeps of an erased dossier: a digest of its random id, which tells nothing by itself."""
    return blake2b(dossier.bytes, digest_size=32, person=b"tejido erased").digest()
