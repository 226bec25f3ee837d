"""Whether records are as new as the journal says: an earlier state of a whole row, put back, opens like any other.

A value of an earlier revision does not open in a newer row (``seal``). A whole row put back as it was once is sound in
itself. What gives it away: the number of the line that last wrote it, and its revision, which grows with each change
that the journal tells of it (``actor.change``, ``incident.change`` …) and to which its values are sealed. A row of
which the journal tells no change, and a whole database put back with its journal, cannot be told by this.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Max

from tejido.domain.words import N_
from tejido.vault.checkup_remarks import Remark, remark
from tejido.vault.hanging import in_parts
from tejido.vault.models import JournalEntry, Removal, SealedRecord


def remarks() -> Iterator[Remark]:
    """Compare the rows with what the journal and the removals say of them."""
    sealed = [model for model in apps.get_models() if issubclass(model, SealedRecord)]
    many = sum(len(_older(model)) for model in sealed)
    if many:
        yield remark(
            "older",
            "fault",
            N_(
                "Records that are older than the journal says: {many}. Somebody put an earlier state back. Find out "
                "who had the database, and bring the last backup back beside it to compare."
            ),
            many=many,
        )
    else:
        yield remark("older", "good", N_("The records are as new as the journal says."))


def _older(model: type[SealedRecord]) -> set[UUID]:
    """Return the records of ``model`` that are there in a state from before their last change or their removal."""
    noun = model._meta.label_lower
    changes = JournalEntry.objects.filter(action=f"{model._meta.model_name}.change", noun=noun, record__isnull=False)
    told: dict[UUID, tuple[int, int]] = {
        row["record"]: (row["newest"], row["many"])
        for row in changes.values("record").annotate(newest=Max("seq"), many=Count("seq")).order_by()
        if row["record"] is not None
    }
    removed = Removal.objects.filter(noun=noun).values("record").annotate(newest=Max("stamp")).order_by()
    for row in removed:
        told[row["record"]] = max(told.get(row["record"], (0, 0))[0], row["newest"]), 0
    found = set()
    for part in in_parts(told):
        for pk, stamp, revision in model._default_manager.filter(pk__in=part).values_list("pk", "stamp", "revision"):
            newest, many = told[pk]
            if stamp < newest or revision < 1 + many:
                found.add(pk)
    return found
