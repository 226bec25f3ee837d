"""The ledger of what was erased: one line for each dossier, in the key store, in backups and beside backups.

It is what keeps a restored older backup from bringing an erased dossier back. A line is a digest of the dossier's
random id and a keyed digest of that (HMAC-SHA-256), under a key that lies in the database and in each backup: who
can only write files beside a backup cannot make others believe that something was erased.
"""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final
from uuid import UUID

from tejido.vault.keystore import Tombstone, digest_of

SUFFIX: Final = ".erased"
_KEY: Final = 32  # bytes
_LONGEST: Final = 64 * 1024 * 1024


def ledger_key() -> bytes:
    """Return the key of the ledger; made when first asked for."""
    from tejido.vault.journal import serialised  # the rest is read before there is a database
    from tejido.vault.models import LedgerKey

    found = LedgerKey.objects.order_by("pk").first()
    if found is None:
        with serialised():  # of two who need it first, one makes it
            found = LedgerKey.objects.order_by("pk").first() or LedgerKey.objects.create(key=os.urandom(_KEY))
    return bytes(found.key)


def tombstone(dossier: UUID, key: bytes) -> Tombstone:
    """Return the line that says that ``dossier`` was erased."""
    digest = digest_of(dossier)
    return Tombstone(digest, _mac(digest, key))


def holds(stone: Tombstone, key: bytes) -> bool:
    """Say whether a line was written with this key."""
    return hmac.compare_digest(stone.mac, _mac(stone.digest, key))


def beside(backup: Path) -> Path:
    """Return where the ledger beside a backup lies."""
    return backup.with_name(backup.name + SUFFIX)


def write_beside(backup: Path, stones: Iterable[Tombstone]) -> None:
    """Add lines to the ledger beside a backup; on the disk when this returns."""
    known = set(read_beside(backup))
    fresh = [stone for stone in stones if stone not in known]
    if not fresh:
        return
    handle = os.open(beside(backup), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "ab") as file:
        for stone in fresh:
            file.write(json.dumps([stone.digest.hex(), stone.mac.hex()]).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_beside(backup: Path) -> list[Tombstone]:
    """Return the ledger beside a backup; what cannot be read as a line of it is left out."""
    path = beside(backup)
    if not path.is_file():
        return []
    found = []
    with path.open("rb") as file:
        for raw in file.read(_LONGEST).splitlines():
            try:
                digest, mac = (bytes.fromhex(part) for part in json.loads(raw))
            except (ValueError, TypeError):
                continue
            found.append(Tombstone(digest, mac))
    return found


def _mac(digest: bytes, key: bytes) -> bytes:
    return hmac.digest(key, b"tejido erased" + digest, "sha256")
