"""Django's SQLite backend over ``sqlcipher3`` instead of ``sqlite3``, with the raw file key.

Only what names the driver is replaced. A raw key (not a passphrase) is given, so that opening costs no key
derivation: the passphrase was stretched once, by Argon2id, when the workspace was opened.
"""

from __future__ import annotations

import datetime
import decimal
import threading
import weakref
from collections.abc import Iterable, Mapping
from itertools import tee
from typing import Any

from django.db.backends.sqlite3 import base as django_sqlite
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.utils.asyncio import async_unsafe
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as Database  # noqa: N812

from tejido.domain.errors import WorkspaceLocked
from tejido.vault.keyring import FILE_KEY

Database.register_converter("bool", b"1".__eq__)
Database.register_converter("date", lambda raw: parse_date(raw.decode()))
Database.register_converter("time", lambda raw: parse_time(raw.decode()))
Database.register_converter("datetime", lambda raw: parse_datetime(raw.decode()))
Database.register_converter("timestamp", lambda raw: parse_datetime(raw.decode()))
Database.register_adapter(decimal.Decimal, str)
Database.register_adapter(datetime.date, lambda value: value.isoformat())
Database.register_adapter(datetime.datetime, lambda value: value.isoformat(" "))

#: What each new connection is told. The journal is a WAL (encrypted like the file); deleted pages are zeroed;
#: nothing temporary reaches the disk (this build also keeps its temporary store in memory).
PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA legacy_alter_table = OFF",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA busy_timeout = 20000",
    "PRAGMA cache_size = -65536",
)


def connect(path: str, key: bytes, **options: Any) -> Any:
    """Open the encrypted file at ``path`` with the raw ``key`` (32 bytes); ``DatabaseError`` if it does not open."""
    connection = Database.connect(path, **options)
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except Database.DatabaseError:
        connection.close()
        raise
    return connection


def _drop_if_renewed(error: Exception, generation: int) -> None:
    """Forget a key that opens the file no more, and raise ``WorkspaceLocked``: the passphrase tells which does.

    Another process put the file under a new key (``renewing``).
    """
    if "not a database" in str(error):
        if generation == FILE_KEY.generation:
            FILE_KEY.drop()
        raise WorkspaceLocked from None


class CursorWrapper(Database.Cursor):  # type: ignore[misc]
    """Django's placeholders (``%s``, ``%(name)s``) turned into SQLite's."""

    generation = -1

    def execute(self, query: str, params: Any = None) -> Any:
        try:
            if params is None:
                return super().execute(query)
            names = list(params) if isinstance(params, Mapping) else None
            return super().execute(self.convert_query(query, param_names=names), params)
        except Database.DatabaseError as error:
            _drop_if_renewed(error, self.generation)
            raise

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        peekable, rows = tee(iter(param_list))
        first = next(peekable, None)
        names = list(first) if first and isinstance(first, Mapping) else None
        return super().executemany(self.convert_query(query, param_names=names), rows)

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None:
            return django_sqlite.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
        return query % {name: f":{name}" for name in param_names}


class DatabaseWrapper(django_sqlite.DatabaseWrapper):
    """One thread's connection to the encrypted file; closed when the workspace is locked."""

    display_name = "SQLCipher"
    Database = Database
    _generation = -1
    _busy = False

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._generation = FILE_KEY.generation
        try:
            connection = connect(conn_params.pop("database"), FILE_KEY.get(), **conn_params)
        except Database.DatabaseError as error:
            _drop_if_renewed(error, self._generation)
            raise
        register_functions(connection)
        _KNOWN.add(self)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=CursorWrapper)
        cursor.generation = self._generation
        return cursor

    def ensure_connection(self) -> None:
        # A connection made before the workspace was locked must not outlive the lock.
        with _HAND:
            self._busy = True
        self._close_if_outlived()
        super().ensure_connection()

    def close_if_unusable_or_obsolete(self) -> None:
        # Django asks this around every request, also after the lock; it must not open a connection to find out.
        self._close_if_outlived()
        super().close_if_unusable_or_obsolete()
        with _HAND:
            self._busy = self.in_atomic_block

    def _close_if_outlived(self) -> None:
        if self.connection is not None and self._generation != FILE_KEY.generation and not self.in_atomic_block:
            self.close()

    def close_if_idle(self) -> None:
        """Close the connection from another thread, unless its own is in the middle of something.

        It holds the key in memory; a thread that waits for its next request might do so for hours.
        """
        with _HAND:
            if self.connection is not None and not self._busy:
                self.connection.close()


#: Held while a connection is told busy or idle, and while another thread closes it.
_HAND = threading.Lock()
_KNOWN: weakref.WeakSet[DatabaseWrapper] = weakref.WeakSet()


def _close_idle() -> None:
    for known in list(_KNOWN):
        known.close_if_idle()


FILE_KEY.when_dropped(_close_idle)

__all__ = ["Database", "DatabaseWrapper", "connect"]
