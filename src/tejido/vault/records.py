"""Writing sealed records: make, change, remove, each stamped with the journal entry it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import models

from tejido.domain.errors import Conflict
from tejido.vault.journal import Entry
from tejido.vault.models import Removal, SealedRecord

R = TypeVar("R", bound=SealedRecord)


def create(record: R, entry: Entry) -> R:
    """Insert one record."""
    record.born = record.stamp = entry.seq
    record.save(force_insert=True)
    return record


def create_all(model: type[R], records: Iterable[R], entry: Entry, *, batch: int = 2000) -> int:
    """Insert many records of one model; return how many."""
    rows = list(records)
    for record in rows:
        record.born = record.stamp = entry.seq
    model._default_manager.bulk_create(rows, batch_size=batch)
    return len(rows)


def change(record: R, entry: Entry, **values: object) -> R:
    """Set ``values`` on a record and write it under its next revision.

    Raises ``Conflict`` if somebody wrote the record after it was read; nothing is changed then.
    """
    record.open_all()
    seen = record.opening_revision()
    for name, value in values.items():
        setattr(record, name, value)
    record.revision, record.stamp = seen + 1, entry.seq
    written = {
        field.attname: field.pre_save(record, add=False)
        for field in record._meta.concrete_fields
        if not field.primary_key
    }
    if not type(record)._default_manager.filter(pk=record.pk, revision=seen).update(**written):
        record.revision = seen
        raise Conflict
    record._opening = record.revision
    return record


def remove(record: models.Model, entry: Entry) -> None:
    """Delete one record (and what hangs on it) and leave its removal for what was derived from it."""
    Removal.objects.create(stamp=entry.seq, noun=record._meta.label_lower, record=record.pk)
    record.delete()
