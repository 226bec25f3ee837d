"""Backups that were made here: what is erased later is struck out of those that can still be reached.

Their places are sealed under the key of the file. A backup that was carried away keeps the keys it holds; the ledger
beside it, or in a newer backup, is what a restore goes by (``ledger``).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

from tejido.domain.errors import TejidoError
from tejido.vault.backup_form import Head, keys_under, read_head, read_keys, record_size, struck
from tejido.vault.keyring import FILE_KEY
from tejido.vault.keystore import KeyRow, Tombstone, digest_of
from tejido.vault.ledger import write_beside
from tejido.vault.models import KnownBackup
from tejido.vault.seal import unwrap, wrap

#: Stands before what is remembered of a backup: no path begins with it.
_MARK: Final = b"\0"
_KEY: Final = 32  # bytes


@dataclass(frozen=True)
class Reached:
    """In how many known backups the keys were struck, and how many are no longer where they were made."""

    struck: int = 0
    out_of_reach: int = 0


def remember(backup: Path) -> None:
    """Remember where a backup was made."""
    row, shared = KnownBackup(id=uuid4()), FILE_KEY.get()
    row.place = wrap(shared, _MARK + shared + os.fsencode(backup.resolve()), purpose=_purpose(row))
    row.save(force_insert=True)


def known() -> list[Path]:
    """Return where backups were made; those remembered under a key of the file that is not known are left out."""
    return list(_known())


def renew_known(old: bytes, new: bytes) -> None:
    """Remember under ``new``, the key of the file from now on, what was remembered under ``old``."""
    for row in KnownBackup.objects.all():
        try:
            place, shared = _opened(row, old)
        except TejidoError:
            continue
        row.place = wrap(new, _MARK + shared + os.fsencode(place), purpose=_purpose(row))
        row.save()


def _known() -> dict[Path, bytes]:
    """Return where backups were made, each with the key of the file of its time."""
    found: dict[Path, bytes] = {}
    for row in KnownBackup.objects.order_by("pk"):
        try:
            place, shared = _opened(row, FILE_KEY.get())
        except TejidoError:
            continue
        found[place] = shared
    return found


def _opened(row: KnownBackup, key: bytes) -> tuple[Path, bytes]:
    plain = unwrap(key, bytes(row.place), purpose=_purpose(row))
    if plain[:1] != _MARK:  # remembered by an earlier version: the key of the file was one for ever
        return Path(os.fsdecode(plain)), key
    return Path(os.fsdecode(plain[1 + _KEY :])), plain[1 : 1 + _KEY]


def strike_everywhere(stones: Sequence[Tombstone]) -> Reached:
    """Strike keys out of every backup within reach, and write the ledger beside it."""
    if not stones:
        return Reached()
    done = missed = 0
    for place, shared in _known().items():
        try:
            if place.is_file():
                write_beside(place, stones)
            strike(place, shared, stones)
        except (OSError, TejidoError):
            missed += 1
        else:
            done += 1
    return Reached(done, missed)


def strike(backup: Path, shared: bytes, stones: Sequence[Tombstone]) -> int:
    """Write over the keys of erased dossiers in one backup; return how many there were.

    ``shared`` is what every account of its workspace holds. On the disk when this returns; a medium that writes
    elsewhere than it is told to (flash memory, a copying file system) may keep the old bytes.
    """
    gone = {stone.digest: stone for stone in stones}
    with backup.open("r+b") as file:
        head = read_head(file)
        keys = keys_under(shared, head)
        at, written = _places(head), 0
        for place, record in enumerate(list(read_keys(file, head, keys))):
            stone = gone.get(digest_of(record.dossier)) if isinstance(record, KeyRow) else None
            if stone is not None:
                file.seek(at[place][0])
                file.write(struck(place, at[place][1], stone, keys))
                written += 1
        file.flush()
        os.fsync(file.fileno())
    return written


def _places(head: Head) -> list[tuple[int, int]]:
    """Return where each record of a key begins in the file, and how long the wrapped key in it is."""
    start = len(head.line)
    found: list[tuple[int, int]] = []
    for many, size in head.sections:
        found.extend((start + n * record_size(size), size) for n in range(many))
        start += many * record_size(size)
    return found


def _purpose(row: KnownBackup) -> str:
    return f"known backup/{row.id.hex}"
