"""The shape of an import: what came in, what it touched and under which keys it is known."""

from __future__ import annotations

from django.db import models

from tejido.circles.models import CircleRecord
from tejido.vault.fields import SealedJSON, SealedText


class Import(CircleRecord):
    """One import of one file: its mapping, what it did by kind, and the rows it refused with the reason.

    ``counts`` is ``{kind: {"created", "matched", "updated", "refused"}}``; ``refused`` a list of
    ``{"row", "reason"}``; ``unmapped`` the columns that were not imported. ``applied`` is the journal entry under
    which it was written: what it created carries that number in ``born``. ``notes`` are sentences on what else
    there is to know. ``waiting`` names the sealed file of an import that was only previewed so far.
    """

    status = models.CharField(max_length=16, default="previewed")
    applied = models.BigIntegerField(null=True, db_index=True)
    file_name = SealedText()
    mapping = SealedText()
    counts = SealedJSON()
    refused = SealedJSON(shape=list)
    unmapped = SealedJSON(shape=list)
    notes = SealedJSON(shape=list)
    waiting = SealedJSON()
    done_at = SealedText()


class ImportedRecord(CircleRecord):
    """A record that an import changed or took away, as it was ``before``, for undo.

    ``removed`` says that it was taken away. Records that the import created need no line here: they carry its
    number in ``born``.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changed")
    noun = models.CharField(max_length=64)
    record = models.UUIDField()
    removed = models.BooleanField(default=False)
    before = SealedJSON()


class ExternalKey(CircleRecord):
    """Under which key of a list a record is known here.

    ``digest`` is keyed with the circle's secret, so that the key itself tells nothing. ``told`` (sealed) is
    ``{"list", "key", "said"}``: the key in clear, to be found again in another workspace, and per field a digest
    of what the list last said, so that importing the same list again never undoes what a member corrected.
    """

    digest = models.BinaryField(max_length=32, unique=True)
    noun = models.CharField(max_length=64)
    subject = models.UUIDField(db_index=True)
    told = SealedJSON()
