"""Whether records are as new as the journal says: an earlier state of a whole row, put back, opens like any other.

A value of an earlier revision does not open in a newer row (``seal``). A whole row put back as it was once is sound in
itself. What gives it away: each line of the journal names, sealed, the records that it wrote anew with the revision
they then had, to which their values are sealed (``journal.written_in``). Lines of versions before that named only what
they were about (``actor.change``, ``incident.change`` …): there the number of the last of them, and how many there
were, are compared. A row that was never changed, one that hung on another that was taken out, and a whole database put
back with its journal, cannot be told by this; nor what lies in circles whose keys are not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Max

from tejido.domain.errors import DamagedSeal
from tejido.domain.words import N_
from tejido.vault.checkup_remarks import Remark, remark
from tejido.vault.hanging import in_parts
from tejido.vault.journal import written_in
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry, Removal, SealedRecord


def remarks() -> Iterator[Remark]:
    """Compare the rows with what the journal and the removals say of them."""
    sealed = [model for model in apps.get_models() if issubclass(model, SealedRecord)]
    named = _named()
    many = sum(
        len(_older(model) | _older_than_named(model, named.get(model._meta.label_lower, {}))) for model in sealed
    )
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


def _named() -> dict[str, dict[UUID, tuple[int, int]]]:
    """Return, by kind and id, what the newest line that names a record says: its number, and the revision."""
    found: dict[str, dict[UUID, tuple[int, int]]] = {}
    for entry in JournalEntry.objects.filter(circle__in=current().circles).order_by("seq").iterator():
        try:
            written = written_in(entry)
        except DamagedSeal:
            continue  # told where the seals are looked at
        for noun, revisions in written.items():
            kept = found.setdefault(noun, {})
            kept.update((record, (entry.seq, revision)) for record, revision in revisions.items())
    return found


def _older_than_named(model: type[SealedRecord], named: dict[UUID, tuple[int, int]]) -> set[UUID]:
    """Return the records of ``model`` under an earlier revision than the journal names, or that it says are no more.

    What an import of one's own data brought back is there again, and the line of that import says so.
    """
    found = set()
    for part in in_parts(named):
        for pk, born, revision in model._default_manager.filter(pk__in=part).values_list("pk", "born", "revision"):
            seq, newest = named[pk]
            if newest == 0 and not (born > seq and _was_brought_in(born)):
                found.add(pk)
            if revision < newest:
                found.add(pk)
    return found


def _was_brought_in(born: int) -> bool:
    return JournalEntry.objects.filter(seq=born, action__startswith="exchange.").exists()


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
