"""Erasing a dossier for good: its records go, and the key that opened them is destroyed.

One transaction removes the records with all that hangs on them, leaves the journal's line and an ``Erasure``; right
after it the key is destroyed in the key store, a line of the ledger written, and the key struck out of every backup
within reach. A process killed before the transaction ends has erased nothing; one killed after it left an
``Erasure``, and the next opening finishes it: never half.

Other dossiers that name an erased one keep what they say, and name nobody: an incident still says that one person was
harmed. Where the database wants somebody there, a nameless one of the same kind stands in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from tejido.domain.errors import NotFound
from tejido.vault import keystore
from tejido.vault.dossier_ring import forget_everywhere
from tejido.vault.hanging import Hanging, Model, hanging_on, in_parts, root_models, told_of
from tejido.vault.journal import _LOCK as WRITERS
from tejido.vault.journal import By, Entry, writing
from tejido.vault.keystore import digest_of
from tejido.vault.known_backups import Reached, strike_everywhere
from tejido.vault.ledger import ledger_key, tombstone
from tejido.vault.models import Erasure, Removal, SealedRecord
from tejido.vault.permits import under_policy, verdict_on
from tejido.vault.records import create

#: Asked with the digest of what is to be erased; raises unless a second person approved exactly that.
Approval = Callable[[bytes], None]


@dataclass(frozen=True)
class Erased:
    """What an erasure did: how many dossiers and records went, and in how many backups their keys were struck."""

    dossiers: int
    records: int
    backups: Reached


def what_goes(dossier: UUID, *, by: By) -> tuple[SealedRecord, Hanging]:
    """Return the root of a dossier, what would go with it and who names it; ``NotFound`` if there is none."""
    root = _root(dossier, by)
    return root, hanging_on(root)


def erase_dossier(dossier: UUID, *, by: By) -> Erased:
    """Erase the dossier of one actor or incident; ``NotFound`` if there is none."""
    return _erase([dossier], by=by)


def erase_dossiers(dossiers: Sequence[UUID], *, by: By, approval: Approval) -> Erased:
    """Erase dossiers, all or none, with an approval of exactly these.

    ``approval`` is asked first, with ``digest_of_erasure``, and raises unless somebody agreed; there is no way to
    erase several without naming one. What it writes stands or falls with the erasure.
    """
    with transaction.atomic():
        approval(digest_of_erasure(dossiers))
        erased = _erase(dossiers, by=by, at_once=False)
    return Erased(erased.dossiers, erased.records, finish_erasures(by=by))


def _erase(dossiers: Sequence[UUID], *, by: By, at_once: bool = True) -> Erased:
    records = 0
    with writing(by=by, action="dossier.erase") as entry:
        for dossier in dict.fromkeys(dossiers):
            root = _root(dossier, by)
            entry.about(root._meta.label_lower, dossier)
            records += _take_out(root, entry)
            Erasure.objects.update_or_create(
                dossier=dossier, defaults={"circle": root.seal_scope(), "noun": root._meta.label_lower, "final": True}
            )
        entry.notes.update(dossiers=len(dossiers), records=records)
    return Erased(len(dossiers), records, finish_erasures(by=by) if at_once else Reached())


def digest_of_erasure(dossiers: Iterable[UUID]) -> bytes:
    """Return what a second person approves: a digest of exactly these dossiers."""
    return hashlib.sha256(b"tejido erase" + b"".join(sorted(one.bytes for one in set(dossiers)))).digest()


def let_go(dossiers: Iterable[UUID], circle: UUID) -> None:
    """Say, within a transaction that removes them, that the keys of ``dossiers`` are to go; not in the ledger.

    For records taken back, such as those of an import that is undone: an older backup may bring them back.
    """
    Erasure.objects.bulk_create(
        (Erasure(dossier=one, circle=circle, noun="", final=False) for one in dossiers),
        batch_size=2000,
        ignore_conflicts=True,
    )
    transaction.on_commit(finish_erasures)


def finish_erasures(*, by: By | None = None) -> Reached:
    """Finish what was begun: destroy the keys, write the ledger, strike backups. Costs one question if there is none.

    Records that a restore brought back although their dossier was erased are removed first, in the name of ``by``.
    """
    rows = list(Erasure.objects.all())
    if not rows:
        return Reached()
    if by is not None:
        _remove_what_came_back(rows, by)
    there = _still_there([row.dossier for row in rows if row.noun])
    rows = [row for row in rows if row.dossier not in there]
    key = ledger_key()
    stones = [tombstone(row.dossier, key) for row in rows if row.final]
    gone = [row.dossier for row in rows]
    keystore.of_process().destroy(gone, tombstones=stones)
    forget_everywhere(gone)
    reached = strike_everywhere(stones)
    for part in in_parts(gone):
        Erasure.objects.filter(dossier__in=part).delete()
    return reached


def mark_erased(digests: frozenset[bytes]) -> int:
    """Mark the roots whose dossier a ledger names, within the transaction of a restore; return how many there are."""
    rows, columns = [], ("pk", "circle_id")
    for model in root_models() if digests else ():
        for pk, circle in model._default_manager.values_list(*columns).iterator():
            if digest_of(pk) in digests:
                rows.append(Erasure(dossier=pk, circle=circle, noun=model._meta.label_lower, final=True))
    Erasure.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def tidy_up(*, by: By) -> None:
    """Finish what a killed process left: erasures that were begun, and keys of records that were never committed."""
    finish_erasures(by=by)
    if keystore.of_process().many() > sum(model._default_manager.count() for model in root_models()):
        sweep()


def sweep() -> int:
    """Destroy the keys of dossiers of which nothing is left; return how many. Nobody writes meanwhile."""
    with transaction.atomic():  # on the file, this holds the writers' lock
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])
        orphans = keystore.of_process().dossiers()
        for model in root_models():
            orphans.difference_update(model._default_manager.values_list("pk", flat=True).iterator())
        for model, column, part in told_of(orphans):
            there = model._default_manager.filter(**{f"{column}__in": part})
            orphans.difference_update(there.values_list(column, flat=True))
        keystore.of_process().destroy(orphans)
    forget_everywhere(orphans)
    return len(orphans)


def _remove_what_came_back(rows: Sequence[Erasure], by: By) -> None:
    there = _still_there([row.dossier for row in rows if row.noun and row.circle == by.circle_id])
    if there and verdict_on(by, "erase").allowed:  # else whoever opens next and may
        with under_policy("erase"), writing(by=by, action="dossier.erase") as entry:
            many = sum(_take_out(_root(one, by), entry) for one in sorted(there))
            entry.notes.update(dossiers=len(there), records=many)


def _still_there(dossiers: Sequence[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for model in root_models():
        for part in in_parts(dossiers):
            found.update(model._default_manager.filter(pk__in=part).values_list("pk", flat=True))
    return found


def _root(dossier: UUID, by: By) -> SealedRecord:
    for model in root_models():
        found = model._default_manager.filter(pk=dossier).first()
        if found is not None and found.seal_scope() == by.circle_id:
            return found
    raise NotFound


def _take_out(root: SealedRecord, entry: Entry) -> int:
    """Remove a root with what hangs on it; return how many records went."""
    hanging = hanging_on(root)
    _name_nobody(root, hanging, entry)
    for model in root_models():
        for part in in_parts(hanging.touched):
            model._default_manager.filter(pk__in=part).update(stamp=entry.seq)
    everything = [pk for ids in hanging.goes.values() for pk in ids]
    for told, column, part in told_of(everything):
        told._default_manager.filter(**{f"{column}__in": part}).delete()
    for model, ids in hanging.goes.items():
        noun = model._meta.label_lower
        Removal.objects.bulk_create((Removal(stamp=entry.seq, noun=noun, record=pk) for pk in ids), batch_size=2000)
        for part in in_parts(ids):
            # What hangs on it was found above; foreign keys are checked when the transaction ends.
            model._default_manager.filter(pk__in=part)._raw_delete(connection.alias)
    return len(everything)


def _name_nobody(root: SealedRecord, hanging: Hanging, entry: Entry) -> None:
    stand_in: SealedRecord | None = None
    for (model, column, may_be_empty), ids in hanging.names.items():
        if ids and not may_be_empty and stand_in is None:
            stand_in = create(_nameless(root), entry)
        for part in in_parts(ids):
            values = {column: None if may_be_empty else stand_in, "stamp": entry.seq}
            model._default_manager.filter(pk__in=part).update(**values)


def _nameless(root: SealedRecord) -> SealedRecord:
    """Return somebody of the same kind of whom nothing is said."""
    model: Model = type(root)
    needed = [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.has_default() and not field.null and not field.blank
    ]
    return model(**{name: getattr(root, name) for name in needed})
