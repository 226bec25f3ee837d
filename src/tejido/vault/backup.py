"""A backup: one file that holds the whole workspace, sealed, and opens with the same passphrase.

``backup_form`` has the layout, ``backup_rows`` what stands in the stream: for each table its columns and rows as they
rest (sealed values stay sealed inside), the sealed files, the ledger of what was erased, and a closing line with the
number of rows. The form is the same for every database, so a backup of a laptop can be restored to a server and the
other way round. Backups of the first form, which had no keys of dossiers, are still read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from django.db import transaction

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.backup_form import new_head, write_keys
from tejido.vault.backup_reading import Backup, Kept, unlock_backup
from tejido.vault.backup_rows import (
    FilesComingBack,
    Progress,
    count_on,
    insert,
    line,
    one_state,
    write_files,
    write_tables,
)
from tejido.vault.erasure import mark_erased
from tejido.vault.files import SealingWriter, new_private
from tejido.vault.keystore import Tombstone, digest_of
from tejido.vault.known_backups import remember
from tejido.vault.ledger import ledger_key
from tejido.vault.schema import bring_up_to_date
from tejido.vault.workspace import Master, Workspace

_LEDGER_LINE = 1000
#: Seals a backup's own key to the recovery key; returns it as the head keeps it.
SealedTo = Callable[[bytes], list[str]]


def back_up(
    workspace: Workspace,
    master: Master,
    target: Path,
    *,
    progress: Progress | None = None,
    sealed_to: SealedTo | None = None,
) -> Kept:
    """Write a backup to ``target``; refuses to overwrite. A killed run leaves only ``target.part``.

    Raises ``DamagedSeal`` for a ``master`` opened before the file was given a new key.
    """
    if target.exists():
        raise BadInput(N_("There is a file of that name already. Nothing was changed; choose another name."))
    workspace.accounts(file_key=master.file_key)  # a former key of the file would make a backup that nobody opens
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)  # of a killed run; or a link that somebody laid there
    try:
        files, rows, keys = _write(workspace, master, part, progress, sealed_to)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    remember(target)
    return Kept(rows, files, target.stat().st_size, keys)


def _write(
    workspace: Workspace, master: Master, part: Path, progress: Progress | None, sealed_to: SealedTo | None
) -> tuple[int, int, int]:
    ledger_key()  # made now if there is none, so that this backup can tell what was erased after it
    with new_private(part) as out, one_state():
        # After the state of the database was fixed: each key is on the disk before the records it seals.
        store = keystore.of_process()
        rows_of_keys = store.every_row()
        head, keys = new_head(workspace.slots(), master.file_key, rows_of_keys, sealed_to)
        out.write(head.line)
        write_keys(out, rows_of_keys, keys)
        writer = SealingWriter(out, keys.stream)
        rows = write_tables(writer, progress)
        files = write_files(writer, workspace.directory / "sealed")
        _write_ledger(writer, store.ledger())
        writer.write(line({"end": rows, "files": files, "keys": len(rows_of_keys)}))
        writer.close()
        out.flush()
        os.fsync(out.fileno())
    return files, rows, len(rows_of_keys)


def _write_ledger(writer: SealingWriter, ledger: Sequence[Tombstone]) -> None:
    for start in range(0, len(ledger), _LEDGER_LINE):
        part = ledger[start : start + _LEDGER_LINE]
        writer.write(line({"ledger": [[stone.digest.hex(), stone.mac.hex()] for stone in part]}))


def verify_backup(path: Path, master: Master) -> Kept:
    """Read a backup to its end; ``DamagedSeal`` if one byte was altered or is missing."""
    return Backup.under(path, master).verified()[0]


def bring_back(workspace: Workspace, path: Path, master: Master, *, progress: Progress | None = None) -> Kept:
    """Fill the empty database of a freshly made workspace from a backup, in one transaction.

    The whole file is verified first: nothing is written from one that was altered.
    """
    return bring_back_from(workspace, Backup.under(path, master), progress=progress)


def bring_back_from(
    workspace: Workspace, backup: Backup, *, erased: Collection[bytes] = (), progress: Progress | None = None
) -> Kept:
    """Fill the empty database as ``bring_back`` does, from a backup that is open already.

    ``erased`` are digests of dossiers that were erased since (``remembering``): their keys do not come back, and their
    records are marked to be removed by ``tidy_up``, before anybody works in the workspace.
    """
    kept, content = backup.verified()
    bring_up_to_date()
    store, done = keystore.of_process(), 0
    files = FilesComingBack(workspace.directory / "sealed")
    with transaction.atomic():  # foreign keys are checked at its end, on both databases
        for said in backup.lines():
            if "rows" in said:
                done += insert(said)
                if progress:
                    progress(done, kept.rows)
            elif "file" in said:
                files.take(said)
        count_on()
        # Before the records that need them can be committed.
        store.add_to_ledger(content.ledger)
        gone = frozenset(erased)
        store.add(row for row in content.keys if digest_of(row.dossier) not in gone)
        mark_erased(gone)
        remember(backup.path)  # what is erased from now on is struck out of it too
    return kept


__all__ = ["Backup", "Kept", "back_up", "bring_back", "bring_back_from", "unlock_backup", "verify_backup"]
