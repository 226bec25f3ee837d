"""After a day's work no column of any table holds a word that was written: the rows are read raw."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from tejido.fabric.models import Actor
from tejido.vault.clear_columns import CLEAR
from tejido.vault.journal import writing
from tejido.vault.records import change, remove
from tests.storage.one_of_each import A_DATE, MARK, make_two_of_each


def _raw_cells() -> Iterator[tuple[str, str, bytes]]:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield table, name, bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def _found(*needles: bytes) -> set[str]:
    return {f"{table}.{name}" for table, name, cell in _raw_cells() for needle in needles if needle in cell}


def _work_a_day(by: Any) -> None:
    with writing(by=by, action="test.make") as entry:
        made = list(make_two_of_each(by, entry))
    with writing(by=by, action="test.change") as entry:
        for actor in (record for record in made if isinstance(record, Actor)):
            change(actor, entry, about=f"{MARK} otra vez")
    with writing(by=by, action="test.remove") as entry:
        remove(next(record for record in made if record._meta.label == "incidents.Draft"), entry)


def test_no_word_is_readable_in_any_column(at_work: Any) -> None:
    _work_a_day(at_work)
    spellings = [MARK.encode(), MARK.encode("utf-16-le"), json.dumps("ñandú").encode().strip(b'"'), "ñandú".encode()]
    assert _found(*spellings, A_DATE.encode().encode(), b"Ribera", b"Alba", b"-70.25") == set()


def test_a_word_in_clear_would_be_found(at_work: Any) -> None:
    _work_a_day(at_work)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_journal SET action = %s WHERE seq = 1", [MARK])
        cursor.execute("UPDATE fabric_actor SET about = %s", [MARK.encode()])
    assert _found(MARK.encode()) == {"vault_journal.action", "fabric_actor.about"}


def test_the_database_has_no_column_that_no_model_names(at_work: Any) -> None:
    tables = {table for table, _, _ in _raw_cells()}
    _work_a_day(at_work)
    sealed = {f"{table}.{name}" for table, name, _ in _raw_cells() if table in CLEAR and name not in CLEAR[table]}
    assert len(sealed) > 40
    assert tables - set(CLEAR) <= {"django_migrations", "django_content_type", "sqlite_sequence"}
