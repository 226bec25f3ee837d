"""Writing many sealed records quickly: the same sealing as any other write, without a model object for each.

A record is a plain dictionary here; each table knows its columns and how each is sealed or prepared. Rows go to
the database in batches, inside the transaction of whoever calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection

from tejido.vault.dossier_paths import DOSSIER_PATHS, ROOT
from tejido.vault.fields import SealedField
from tejido.vault.keyring import current
from tejido.vault.records import columns_of, insertion_of

if TYPE_CHECKING:
    from tejido.circles.models import CircleRecord

_BATCH = 2000


class _Table:
    """One model: its statement and how a dictionary becomes a row of parameters."""

    def __init__(self, model: type[CircleRecord]) -> None:
        self._model = model
        self.statement = insertion_of(model)
        self._columns = columns_of(model)
        self.begins_dossier = DOSSIER_PATHS.get(model._meta.db_table) == ROOT
        self._defaults = {
            field.attname: field.get_default()
            for field in model._meta.concrete_fields
            if not isinstance(field, SealedField)
        }

    def row(self, values: dict[str, object], dossier: UUID | None) -> tuple[Any, ...]:
        """Return the parameters of one record, sealed in ``dossier`` if told, else in the one its values name."""
        record = object.__new__(self._model)
        record.__dict__.update(self._defaults)
        record.__dict__.update(values)
        record.__dict__["_dossier"] = dossier
        return tuple([column(record) for column in self._columns])


class Batch:
    """Records waiting to be written, per table. ``flush`` writes them; children may come before parents."""

    def __init__(self, *, circle: UUID, stamp: int) -> None:
        self._circle, self._stamp = circle, stamp
        self._keyring = current()
        self._tables: dict[type[CircleRecord], _Table] = {}
        self._rows: dict[type[CircleRecord], list[tuple[Any, ...]]] = {}

    def add(
        self,
        model: type[CircleRecord],
        values: dict[str, object],
        identity: UUID | None = None,
        *,
        dossier: UUID | None = None,
    ) -> UUID:
        """Take in one new record; return its id.

        ``dossier`` says which dossier it belongs to where its own values do not name it: a victim names only the act.
        """
        identity = identity or uuid4()
        table = self._tables.get(model)
        if table is None:
            table = self._tables[model] = _Table(model)
            self._rows[model] = []
        common = {
            "id": identity, "circle_id": self._circle, "revision": 1, "born": self._stamp, "stamp": self._stamp,
        }  # fmt: skip
        if table.begins_dossier:
            self._keyring.dossiers.begin(self._circle, [identity], later=True)
        rows = self._rows[model]
        rows.append(table.row({**common, **values}, dossier))
        if len(rows) >= _BATCH:
            self._write(model)
        return identity

    def flush(self) -> None:
        """Write everything that waits."""
        for model in self._rows:
            self._write(model)

    def _write(self, model: type[CircleRecord]) -> None:
        rows = self._rows[model]
        if rows:
            self._keyring.dossiers.write()
            with connection.cursor() as cursor:
                cursor.executemany(self._tables[model].statement, rows)
            rows.clear()
