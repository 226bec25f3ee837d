"""The shape of what the vault keeps: the base of every sealed record, the journal, removals and sessions."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any, Self
from uuid import UUID

from django.db import models

from tejido.vault.dossier_paths import DOSSIER_PATHS
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

    def dossier(self) -> UUID | None:
        """Return the dossier the record belongs to: the id of its actor or incident; None when it is the circle's.

        A record that was opened, or made in bulk, was told; another asks the records it hangs on
        (``dossier_paths``), which whoever writes it has in memory.
        """
        told: UUID | None = self.__dict__.get("_dossier")
        return told if told is not None else _led_to(self, DOSSIER_PATHS.get(self._meta.db_table, ""))

    def tell_dossier(self, dossier: UUID | None) -> None:
        """Say to which dossier the record belongs."""
        self.__dict__["_dossier"] = dossier

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


def _led_to(record: models.Model, path: str) -> UUID | None:
    if not path:
        return None
    *through, last = path.split("__")
    holder: object = record
    for step in through:
        holder = getattr(holder, step)
    found: UUID | None = getattr(holder, last)
    return found


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


class Checkpoint(models.Model):
    """A line of the journal that a member signed: nothing up to it can be changed or cut off unseen.

    ``body`` (sealed) holds the time, the member's public key and their signature.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.UUIDField(db_index=True)
    seq = models.BigIntegerField(db_index=True)
    member = models.UUIDField()
    digest = models.BinaryField(max_length=32)
    body = models.BinaryField()

    class Meta:
        db_table = "vault_checkpoint"


class Opening(models.Model):
    """A dossier that a member opened, until the journal takes it up; ``body`` (sealed) holds the time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.UUIDField(db_index=True)
    member = models.UUIDField()
    noun = models.CharField(max_length=64)
    record = models.UUIDField()
    body = models.BinaryField()

    class Meta:
        db_table = "vault_opening"


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


class SecondFactor(models.Model):
    """The second factor of an account, sealed under a key of its own (see ``second_factor``)."""

    account = models.UUIDField(primary_key=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "vault_secondfactor"


class Erasure(models.Model):
    """A dossier that is being erased: its records go with the line that says so, its key right after.

    Written in the transaction that removes the records, or by a restore that found it named in a ledger; deleted once
    the key is destroyed. Whoever opens a workspace that was cut off in between finishes what stands here.
    """

    dossier = models.UUIDField(primary_key=True)
    circle = models.UUIDField()
    noun = models.CharField(max_length=64)
    final = models.BooleanField(default=True)

    class Meta:
        db_table = "vault_erasure"


class LedgerKey(models.Model):
    """What the ledger of erased dossiers is authenticated with; the first row counts. It opens nothing."""

    key = models.BinaryField(max_length=32)

    class Meta:
        db_table = "vault_ledgerkey"


class KnownBackup(models.Model):
    """A backup that was made here, so that what is erased later can be struck out of it; ``place`` is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.BinaryField()

    class Meta:
        db_table = "vault_knownbackup"


__all__ = [
    "Checkpoint", "Erasure", "JournalEntry", "KnownBackup", "LedgerKey", "Opening", "Removal", "SealedJSON",
    "SealedRecord", "SecondFactor", "Session",
]  # fmt: skip
