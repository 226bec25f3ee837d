"""Who may write a record, and how the record of which something is a part learns of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from tejido.circles.models import CircleRecord
from tejido.domain.errors import Conflict, NotFound
from tejido.vault.journal import By, Entry
from tejido.vault.models import SealedRecord


def may(by: By, record: CircleRecord, seen: int | None = None) -> None:
    """Raise ``NotFound`` for a record of another circle, ``Conflict`` if it is no longer at revision ``seen``."""
    if record.circle_id != by.circle_id:
        raise NotFound
    if seen is not None and record.revision != seen:
        raise Conflict


def touch(model: type[SealedRecord], ids: Iterable[UUID], entry: Entry) -> None:
    """Stamp records whose parts were written, so that whatever is derived from them is derived anew.

    Their revision stays: nobody who is editing them is told of a conflict that is none. Call it for actors that
    an incident newly names as alleged perpetrators.
    """
    wanted = sorted(set(ids))
    for at in range(0, len(wanted), 500):
        model._default_manager.filter(pk__in=wanted[at : at + 500]).update(stamp=entry.seq)
