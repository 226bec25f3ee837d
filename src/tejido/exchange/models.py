"""The shape of an import: what came in, what it touched and under which keys it is known."""

from __future__ import annotations

from django.db import models

from tejido.circles.models import Circle, CircleRecord
from tejido.vault.fields import SealedJSON, SealedText


class Import(CircleRecord):
    """One import of one file: its mapping, what it did by kind, and the rows it refused with the reason.

    ``counts`` is ``{kind: {"created", "matched", "updated", "refused"}}``; ``refused`` a list of
    ``{"row", "reason"}``; ``unmapped`` the columns that were not imported. ``applied`` is the journal entry under
    which it was written: what it created carries that number in ``born``.
    """

    status = models.CharField(max_length=16, default="previewed")
    applied = models.BigIntegerField(null=True, db_index=True)
    file_name = SealedText()
    mapping = SealedText()
    counts = SealedJSON()
    refused = SealedJSON(shape=list)
    unmapped = SealedJSON(shape=list)
    done_at = SealedText()


class ImportedRecord(CircleRecord):
    """A record that an import changed, as it was ``before``, for undo.

    Records that the import created need no line here: they carry its number in ``born``.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changed")
    noun = models.CharField(max_length=64)
    record = models.UUIDField()
    before = SealedJSON()


class ExternalKey(models.Model):
    """Under which key of a list a record is known here: a keyed digest, so that the key itself tells nothing."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    circle = models.ForeignKey(Circle, on_delete=models.CASCADE, related_name="+")
    born = models.BigIntegerField(db_index=True)
    noun = models.CharField(max_length=64)
    record = models.UUIDField(db_index=True)
