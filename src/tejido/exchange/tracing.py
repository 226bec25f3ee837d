"""What an import changes or takes away, kept as it was before, so that undo can put it back."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from tejido.circles.models import CircleRecord
from tejido.exchange.bulk import Batch
from tejido.exchange.models import ImportedRecord
from tejido.exchange.plain_forms import content_fields, plain
from tejido.vault.journal import Entry
from tejido.vault.records import change, remove

#: Under which name the line keeps which journal entry had last written the record.
STAMP = "stamp"


class Trace:
    """Changes records in the name of one import. Without an ``entry`` nothing is written: a preview."""

    def __init__(self, import_id: UUID, entry: Entry | None, batch: Batch | None) -> None:
        self._import, self._entry, self._batch = import_id, entry, batch

    def change(self, record: CircleRecord, /, **values: object) -> None:
        """Change a record and keep what its values were."""
        if self._entry is None:
            return
        fields = {field.attname: field for field in content_fields(type(record))}
        before: dict[str, Any] = {name: plain(fields[name], record) for name in values}
        before[STAMP] = record.stamp
        self._keep(record, before, removed=False)
        change(record, self._entry, **values)

    def take_away(self, record: CircleRecord) -> None:
        """Remove a record and keep it whole."""
        if self._entry is None:
            return
        before: dict[str, Any] = {field.attname: plain(field, record) for field in content_fields(type(record))}
        before[STAMP], before["born"], before["revision"] = record.stamp, record.born, record.revision
        self._keep(record, before, removed=True)
        remove(record, self._entry)

    def _keep(self, record: CircleRecord, before: dict[str, Any], *, removed: bool) -> None:
        batch = cast("Batch", self._batch)
        batch.add(
            ImportedRecord,
            {
                "of_import_id": self._import,
                "noun": record._meta.label_lower,
                "record": record.pk,
                "removed": removed,
                "before": before,
            },
            dossier=record.dossier(),
        )
