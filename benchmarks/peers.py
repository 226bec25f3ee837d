"""A peer measured in the same run: the same rows in clear, in plain SQLite through the standard library.

There is no ready peer for whole pages of a sealed notebook. So each page is set beside the least work that any
program would have to do for it: the rows it shows, fetched from an unencrypted file by hand-written SQL, with no
sealing, no framework, no reasoning and no page. The ratio says what all of these cost together.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import models

from tejido.domain.dates import ImpreciseDate


class Plain:
    """An unencrypted SQLite file with the same tables, and a full-text index of names and titles."""

    def __init__(self, path: Path) -> None:
        self._store = sqlite3.connect(path)
        self._store.execute("PRAGMA journal_mode = WAL")
        self._store.execute("CREATE VIRTUAL TABLE words USING fts5(id UNINDEXED, label, prefix='2 3')")

    def keep(self, model: type[models.Model], records: Sequence[models.Model]) -> None:
        """Write records of a model as they are, in clear."""
        fields = list(model._meta.concrete_fields)
        table = model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in fields)
        self._store.execute(f'CREATE TABLE IF NOT EXISTS {table} ({columns}, PRIMARY KEY ("id"))')
        for field in fields:
            if field.is_relation:
                self._store.execute(f'CREATE INDEX IF NOT EXISTS {table}_{field.column} ON {table} ("{field.column}")')
        marks = ", ".join("?" * len(fields))
        rows = [[_plain(getattr(record, field.attname)) for field in fields] for record in records]
        self._store.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        label = {"fabric_actor": "names", "incidents_incident": "title"}.get(table)
        if label:
            said = [(record.pk.hex, str(_plain(getattr(record, label)))) for record in records]
            self._store.executemany("INSERT INTO words VALUES (?, ?)", said)

    def finish(self) -> None:
        """Index what lists sort by, and settle."""
        self._store.execute('CREATE INDEX incident_when ON incidents_incident ("when", id)')
        self._store.execute("CREATE INDEX actor_names ON fabric_actor (names, id)")
        self._store.commit()

    def work_of(self, name: str) -> Callable[[str], int] | None:
        """Return the raw work of a kind of page, by its name; None where there is nothing to set beside it."""
        return {
            "list of incidents": self._incidents,
            "list of actors": self._actors,
            "search": self._search,
            "typical incident": self._incident,
            "typical collective": self._actor,
            "collective with 200 incidents and 50 ties": self._actor,
            "person": self._actor,
        }.get(name)

    def _all(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return self._store.execute(sql, values).fetchall()

    def _incidents(self, ident: str) -> int:
        (when,) = self._all('SELECT "when" FROM incidents_incident WHERE id = ?', ident)[0]
        sql = 'SELECT * FROM incidents_incident WHERE ("when", id) < (?, ?) ORDER BY "when" DESC, id DESC LIMIT 50'
        return len(self._all(sql, when, ident))

    def _actors(self, ident: str) -> int:
        (names,) = self._all("SELECT names FROM fabric_actor WHERE id = ?", ident)[0]
        sql = "SELECT * FROM fabric_actor WHERE (names, id) > (?, ?) ORDER BY names, id LIMIT 50"
        return len(self._all(sql, names, ident))

    def _search(self, words: str) -> int:
        query = " ".join(f'"{word}"*' for word in words.replace("+", " ").split())
        return len(self._all("SELECT id, label FROM words WHERE words MATCH ? ORDER BY rank LIMIT 50", query))

    def _incident(self, ident: str) -> int:
        rows = len(self._all("SELECT * FROM incidents_incident WHERE id = ?", ident))
        for table in ("place", "source", "act"):
            rows += len(self._all(f"SELECT * FROM incidents_{table} WHERE incident_id = ?", ident))
        for table in ("victim", "perpetrator"):
            sql = (
                f"SELECT a.*, x.* FROM incidents_{table} x JOIN incidents_act c ON c.id = x.act_id "
                "JOIN fabric_actor a ON a.id = x.actor_id WHERE c.incident_id = ?"
            )
            rows += len(self._all(sql, ident))
        return rows

    def _actor(self, ident: str) -> int:
        rows = len(self._all("SELECT * FROM fabric_actor WHERE id = ?", ident))
        for mine, other in (("from_actor_id", "to_actor_id"), ("to_actor_id", "from_actor_id")):
            sql = f"SELECT t.*, a.* FROM fabric_tie t JOIN fabric_actor a ON a.id = t.{other} WHERE t.{mine} = ?"
            rows += len(self._all(sql, ident))
        sql = "SELECT * FROM fabric_presence p JOIN fabric_territory t ON t.id = p.territory_id WHERE actor_id = ?"
        rows += len(self._all(sql, ident))
        sql = (
            "SELECT DISTINCT i.* FROM incidents_victim v JOIN incidents_act c ON c.id = v.act_id "
            "JOIN incidents_incident i ON i.id = c.incident_id WHERE v.actor_id = ?"
        )
        return rows + len(self._all(sql, ident))


def _plain(value: Any) -> object:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, ImpreciseDate):
        return value.encode()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def asked(address: str) -> str:
    """Return what an address of a page asks for: the id in it, or the words."""
    words = address.partition("?words=")[2]
    if words:
        return words
    return next((part.replace("-", "") for part in address.replace("=", "/").split("/") if part.count("-") == 4), "")


def time_import(rows: Path, into: Path) -> float:
    """Return the seconds that ``csv`` and ``executemany`` take to put the same rows into a plain table."""
    started = time.perf_counter()
    with rows.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        columns = next(lines)
        store = sqlite3.connect(into)
        names = ", ".join(f'"{name}"' for name in columns)
        store.execute(f"CREATE TABLE list ({names})")
        store.executemany(f"INSERT INTO list VALUES ({', '.join('?' * len(columns))})", _whole(lines, len(columns)))
        store.commit()
        store.close()
    return time.perf_counter() - started


def _whole(lines: Iterator[list[str]], many: int) -> Iterator[list[str]]:
    return (line for line in lines if len(line) == many)
