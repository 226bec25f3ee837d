"""What is wrong with this installation, in words, with what to do about it.

The machine is looked at in ``checkup_machine``, the database in ``checkup_database``, keys and files in
``checkup_keys``, the journal and the clock in ``checkup_journal``, rows put back in ``checkup_older``. Nothing here
writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from django.apps import apps

from tejido.domain.errors import TejidoError
from tejido.domain.words import N_
from tejido.vault import checkup_database, checkup_journal, checkup_keys, checkup_machine, checkup_older
from tejido.vault.checkup_remarks import Level, Remark, remark
from tejido.vault.keyring import current
from tejido.vault.models import SealedRecord
from tejido.vault.workspace import Workspace

_SAMPLE = 200


def check_up(workspace: Workspace, *, now: datetime | None = None, closely: bool = True) -> list[Remark]:
    """Look at the machine, the database, seals, keys, files, backups, the journal and the clock.

    Without ``closely`` what takes long in a large notebook is left out: reading the whole file of the database and
    opening records. Only what the keys at work open is looked into.
    """
    moment = now or datetime.now(UTC)
    return [
        *checkup_machine.remarks(workspace.directory, now=moment),
        *checkup_database.remarks(closely=closely),
        *((*_seals(), *checkup_older.remarks()) if closely else ()),
        *checkup_keys.remarks(workspace.directory, now=moment, closely=closely),
        *checkup_journal.remarks(workspace.directory, now=moment),
    ]


def worst(remarks: Sequence[Remark]) -> Level:
    """Return the worst level among ``remarks``."""
    levels = {one.level for one in remarks}
    return "fault" if "fault" in levels else "warning" if "warning" in levels else "good"


def _seals() -> Iterator[Remark]:
    """Open every sealed value of a sample of each kind of record, the newest first."""
    opened = broken = 0
    ours = set(current().circles)
    for model in apps.get_models():
        if not issubclass(model, SealedRecord):
            continue
        for record in model._default_manager.order_by("-stamp")[:_SAMPLE]:
            try:
                if record.seal_scope() not in ours:
                    continue
                opened += 1
                record.open_all()
            except TejidoError:
                broken += 1
    if broken:
        yield remark(
            "seals",
            "fault",
            N_("{broken} of {opened} records looked at do not open: they were altered. Restore the last backup."),
            broken=broken,
            opened=opened,
        )
    else:
        yield remark("seals", "good", N_("All {opened} records looked at open."), opened=opened)


__all__ = ["Level", "Remark", "check_up", "worst"]
