"""A backup: one file that holds the whole workspace, sealed, and opens with the same passphrase.

``backup_form`` has the layout, ``backup_rows`` what stands in the stream: for each table its columns and rows as they
rest (sealed values stay sealed inside), the sealed files, the ledger of what was erased, and a closing line with the
number of rows. The form is the same for every database, so a backup of a laptop can be restored to a server and the
other way round. Backups of the first form, which had no keys of dossiers, are still read.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management import call_command
from django.db import transaction

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.backup_form import (
    FileKeys,
    Head,
    keys_under,
    new_head,
    read_head,
    read_keys,
    write_keys,
)
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
from tejido.vault.files import SealingWriter, new_private, opened_stream
from tejido.vault.keystore import KeyRow, Tombstone
from tejido.vault.passphrase import open_slot
from tejido.vault.slots import opened_portable
from tejido.vault.workspace import Master, Workspace

_LEDGER_LINE = 1000
#: Seals a backup's own key to the recovery key; returns it as the head keeps it.
SealedTo = Callable[[bytes], list[str]]


@dataclass(frozen=True)
class Kept:
    """What a backup holds or a restore brought back; ``struck`` keys were taken out of it after it was made."""

    rows: int
    files: int
    size: int
    keys: int = 0
    struck: int = 0


@dataclass
class Content:
    """What a whole reading of a backup finds beside its rows."""

    rows: int = 0
    keys: list[KeyRow] = field(default_factory=list)
    ledger: list[Tombstone] = field(default_factory=list)
    struck: int = 0


def back_up(
    workspace: Workspace,
    master: Master,
    target: Path,
    *,
    progress: Progress | None = None,
    sealed_to: SealedTo | None = None,
) -> Kept:
    """Write a backup to ``target``; refuses to overwrite. A killed run leaves only ``target.part``."""
    if target.exists():
        raise BadInput(N_("There is a file of that name already. Nothing was changed; choose another name."))
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)  # of a killed run; or a link that somebody laid there
    try:
        files, rows, keys = _write(workspace, master, part, progress, sealed_to)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Kept(rows, files, target.stat().st_size, keys)


def _write(
    workspace: Workspace, master: Master, part: Path, progress: Progress | None, sealed_to: SealedTo | None
) -> tuple[int, int, int]:
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


def unlock_backup(
    path: Path, passphrase: str, *, handle: str = "", key_file: bytes = b""
) -> tuple[dict[str, Any], Master]:
    """Return head and master secret of a backup; ``WrongPassphrase`` if the passphrase does not open it."""
    with path.open("rb") as source:
        head = read_head(source).content
    kept = head["slots"][0]
    if "format" not in kept:
        return head, Master(open_slot(kept, passphrase))
    return head, opened_portable(kept, passphrase, handle=handle, key_file=key_file)


class Backup:
    """A backup that can be read: its path and what gives its keys."""

    def __init__(self, path: Path, keys_of: Callable[[Head], FileKeys]) -> None:
        self.path = path
        with path.open("rb") as source:
            self.head = read_head(source)
        self.keys = keys_of(self.head)

    @classmethod
    def under(cls, path: Path, master: Master) -> Backup:
        """Return the backup as an account of its workspace opens it."""

        def keys_of(head: Head) -> FileKeys:
            first = "format" not in head.content["slots"][0] and not head.sections and "wrapped" not in head.content
            return keys_under(master.secret if first else master.file_key, head)

        return cls(path, keys_of)

    def dossier_keys(self) -> Iterator[KeyRow | Tombstone]:
        """Yield the keys of dossiers, or with what they were struck; ``DamagedSeal`` if one was altered."""
        with self._after_head() as source:
            yield from read_keys(source, self.head, self.keys)

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield the lines of the stream; ``DamagedSeal`` if one byte was altered or is missing."""
        ended = False
        with self._after_head() as source:
            for _ in read_keys(source, self.head, self.keys):
                pass
            plain = io.BufferedReader(opened_stream(source, self.keys.stream))
            for raw in plain:
                said = json.loads(raw)
                ended = "end" in said
                yield said
        if not ended:
            raise DamagedSeal

    def verified(self) -> tuple[Kept, Content]:
        """Read it to its end; ``DamagedSeal`` if one byte was altered or is missing."""
        found, files = Content(), FilesComingBack(None)
        for kept in self.dossier_keys():
            if isinstance(kept, KeyRow):
                found.keys.append(kept)
            else:
                found.ledger.append(kept)
                found.struck += 1
        for said in self.lines():
            found.rows += len(said.get("rows", ()))
            if "file" in said:
                files.take(said)
            for digest, mac in said.get("ledger", ()):
                found.ledger.append(Tombstone(bytes.fromhex(digest), bytes.fromhex(mac)))
        if files.unfinished:
            raise DamagedSeal
        size = self.path.stat().st_size
        return Kept(found.rows, files.many, size, len(found.keys), found.struck), found

    def _after_head(self) -> BinaryIO:
        source = self.path.open("rb")
        source.seek(len(self.head.line))
        return source


def verify_backup(path: Path, master: Master) -> Kept:
    """Read a backup to its end; ``DamagedSeal`` if one byte was altered or is missing."""
    return Backup.under(path, master).verified()[0]


def bring_back(workspace: Workspace, path: Path, master: Master, *, progress: Progress | None = None) -> Kept:
    """Fill the empty database of a freshly made workspace from a backup, in one transaction.

    The whole file is verified first: nothing is written from one that was altered.
    """
    return bring_back_from(workspace, Backup.under(path, master), progress=progress)


def bring_back_from(workspace: Workspace, backup: Backup, *, progress: Progress | None = None) -> Kept:
    """Fill the empty database as ``bring_back`` does, from a backup that is open already."""
    kept, content = backup.verified()
    call_command("migrate", verbosity=0, interactive=False)
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
        store.add(content.keys)
    return kept


__all__ = ["Backup", "Kept", "back_up", "bring_back", "bring_back_from", "unlock_backup", "verify_backup"]
