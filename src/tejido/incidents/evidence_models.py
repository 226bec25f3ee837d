"""The shape of evidence: an item with its sealed original, working copies, and the log of its custody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tejido.circles.models import CircleRecord
from tejido.vault.fields import SealedDate, SealedJSON, SealedText


class Evidence(CircleRecord):
    """An item of evidence of an incident: a file that never changes after it came in, and what is known of it.

    ``file`` names the sealed file: its id, its key, SHA-256 and size in bytes of what came in. ``media`` is what the
    file is by its own first bytes, not by its name. ``agreed`` are the audiences (vocabulary ``audiences``) that
    whoever gave it agreed to. A working copy names the item it was made from, and ``made_how`` says what was done:
    ``{"removed": [code], "remains": [code]}``.
    """

    incident = models.ForeignKey("incidents.Incident", on_delete=models.CASCADE, related_name="evidence")
    made_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="copies")
    kind = models.CharField(max_length=24)
    file = SealedJSON()
    media = SealedText()
    title = SealedText()
    file_name = SealedText()
    given_by = SealedText()
    received = SealedDate()
    agreed = SealedJSON(shape=list)
    agreed_words = SealedText()
    made_how = SealedJSON()


class Custody(CircleRecord):
    """One line of the log of an item: what was done with it (vocabulary ``custody_acts``), by whom, with whom, why.

    Lines are only ever added. ``facts`` holds the exact time (UTC, ISO) and the words; ``digest`` is the SHA-256 over
    the line and the digest of the line before, and stands in the journal's own chain as well.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="custody")
    number = models.PositiveIntegerField(default=1)
    what = models.CharField(max_length=16)
    facts = SealedJSON()
    digest = SealedText()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["evidence", "number"], name="custody_lines_in_order")]
