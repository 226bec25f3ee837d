"""An empty database laid out at once has the very tables that all migrations together make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from tejido.vault.schema import lay_out


@pytest.fixture
def empty(tmp_path: Path, django_db_blocker: Any) -> Iterator[list[BaseDatabaseWrapper]]:
    """Two empty databases, in clear: only their tables are looked at."""
    names = ("laid_out", "migrated")
    for name in names:
        connections.databases[name] = {
            **connections.databases["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / name),
            "OPTIONS": {},
        }  # fmt: skip
    with django_db_blocker.unblock():
        yield [connections[name] for name in names]
    for name in names:
        connections[name].close()
        del connections[name], connections.databases[name]


def _tables(database: BaseDatabaseWrapper) -> dict[str, Any]:
    """Return every table with its columns, keys, indexes and checks, in an order that says nothing."""
    found: dict[str, Any] = {}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            columns = cursor.execute(f"PRAGMA table_info({table})").fetchall()
            leads = cursor.execute(f"PRAGMA foreign_key_list({table})").fetchall()
            rules = database.introspection.get_constraints(cursor, table).values()
            found[table] = (
                sorted((name, kind, needed, key) for _, name, kind, needed, _, key in columns),
                sorted((there, frm, str(to)) for _, _, there, frm, to, *_ in leads),
                sorted(str(sorted((name, str(value)) for name, value in rule.items())) for rule in rules),
            )
    return found


def test_laid_out_at_once_is_what_all_migrations_make(empty: list[BaseDatabaseWrapper]) -> None:
    at_once, step_by_step = empty
    lay_out(at_once)
    call_command("migrate", database="migrated", verbosity=0, interactive=False)
    assert _tables(at_once) == _tables(step_by_step)
    assert len(_tables(at_once)) > 40
    done = [set(MigrationRecorder(one).applied_migrations()) for one in empty]
    assert done[0] == done[1]


def test_a_column_too_many_is_seen(empty: list[BaseDatabaseWrapper]) -> None:
    """A planted fault: the comparison would say so."""
    for one in empty:
        lay_out(one)
    with empty[1].cursor() as cursor:
        cursor.execute("ALTER TABLE fabric_tie ADD COLUMN more integer")
    assert _tables(empty[0]) != _tables(empty[1])
