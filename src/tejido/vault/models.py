"""The shape of what the vault keeps: the base of every sealed record, the journal, removals and sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Self
from uuid import UUID

from django.db import models

from tejido.vault.fields import SealedField, SealedJSON


class SealedRecord(models.Model):
    """Anything kept about people: an opaque id, a revision, the journal entry that last wrote it.

    ``revision`` grows by one with each change and is bound into every sealed value of the record.
    ``born`` and ``stamp`` are the sequence numbers of the journal entries that first and last wrote the record.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    born = models.BigIntegerField(default=0, db_index=True, editable=False)
    stamp = models.BigIntegerField(default=0, db_index=True, editable=False)

    class Meta:
        abstract = True

    _opening: int | None = None

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        record = super().from_db(db, field_names, values, **options)
        record._opening = record.__dict__.get("revision")
        return record

    def refresh_from_db(self, *args: Any, **options: Any) -> None:
        super().refresh_from_db(*args, **options)
        # Read anew as a whole, every value is open already, and the revision is that of the row as it stands.
        if not args and options.get("fields") is None:
            self._opening = self.revision

    def seal_scope(self) -> UUID:
        """Return the circle whose key seals this record."""
        raise TypeError("a sealed record says which circle's key seals it")

    def opening_revision(self) -> int:
        """Return the revision under which the values read from the database were sealed."""
        return self._opening if self._opening is not None else self.revision

    def open_all(self) -> None:
        """Open every sealed value, so that they can be sealed anew under another revision."""
        for field in self.sealed_fields():
            getattr(self, field.attname)

    @classmethod
    def sealed_fields(cls) -> Sequence[SealedField[Any]]:
        """Return the sealed fields of the model."""
        return [field for field in cls._meta.concrete_fields if isinstance(field, SealedField)]


class JournalEntry(models.Model):
    """One line of the journal: who did what to which record, chained by hash to the line before.

    ``body`` (sealed) holds the exact time and what a reader of the journal may know; never content of records.
    """

    seq = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    circle = models.UUIDField(db_index=True)
    member = models.UUIDField(null=True)
    action = models.CharField(max_length=64)
    noun = models.CharField(max_length=64, blank=True)
    record = models.UUIDField(null=True, db_index=True)
    week = models.PositiveIntegerField()
    body = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        db_table = "vault_journal"


class Removal(models.Model):
    """A record that is no more, so that whatever was derived from it can forget it too."""

    stamp = models.BigIntegerField(db_index=True)
    noun = models.CharField(max_length=64)
    record = models.UUIDField()

    class Meta:
        db_table = "vault_removal"


class Session(models.Model):
    """A sealed session: the row key is a hash of the cookie, the data opens only with cookie and process."""

    row = models.CharField(primary_key=True, max_length=64)
    boot = models.CharField(max_length=32, db_index=True)
    data = models.BinaryField()

    class Meta:
        db_table = "vault_session"


__all__ = ["JournalEntry", "Removal", "SealedJSON", "SealedRecord", "Session"]
