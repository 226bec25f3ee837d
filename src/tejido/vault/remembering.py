"""What is remembered of erasures when an older backup is brought back: which dossiers must not come back with it.

Looked at: the ledger in the backup itself, the ledgers beside it, the key stores of workspaces beside the place where
it is brought back to, and what is given besides: newer backups, or the directory of the workspace as it was. A line
counts if it was written with the key of the ledger that lies in the backup; others are counted and left aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tejido.domain.errors import DamagedSeal, TejidoError
from tejido.vault.backup_reading import Backup, Content
from tejido.vault.keystore import NAME, KeyStore, Tombstone
from tejido.vault.ledger import SUFFIX, holds, read_beside
from tejido.vault.slots import Master

_MOST_NEIGHBOURS: Final = 50


@dataclass
class Remembered:
    """Digests of dossiers erased since; in how many places a ledger was found; how many lines were not ours."""

    digests: set[bytes] = field(default_factory=set)
    places: int = 0
    unproved: int = 0

    def take(self, stones: Sequence[Tombstone], keys: Sequence[bytes]) -> None:
        """Take the ledger of one place."""
        self.places += 1
        for stone in stones:
            if any(holds(stone, key) for key in keys):
                self.digests.add(stone.digest)
            else:
                self.unproved += 1


def remembered(
    backup: Backup, content: Content, *, target: Path, also: Iterable[Path] = (), master: Master | None = None
) -> Remembered:
    """Return what is known to have been erased since ``backup`` was made.

    ``also`` are newer backups (opened with ``master``) and directories of workspaces. Raises ``DamagedSeal`` if one of
    them was altered, ``BadInput`` if one is neither.
    """
    found = Remembered()
    found.take(content.ledger, content.ledger_keys)
    found.places = 0
    for stones in (*_beside(backup.path), *_neighbours(target, backup.path), *_given(also, master)):
        found.take(stones, content.ledger_keys)
    return found


def _beside(backup: Path) -> Iterator[list[Tombstone]]:
    """Yield the ledgers in the folder of the backup, its own and those of other backups."""
    for path in sorted(backup.resolve().parent.glob(f"*{SUFFIX}")):
        yield read_beside(path.with_name(path.name.removesuffix(SUFFIX)))


def _neighbours(*places: Path) -> Iterator[list[Tombstone]]:
    """Yield the ledgers of workspaces beside the given places."""
    folders = dict.fromkeys(place.resolve().parent for place in places)
    stores = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob(f"*/{NAME}"))]
    for path in stores[:_MOST_NEIGHBOURS]:
        try:
            yield _ledger_of(path)
        except (TejidoError, OSError):
            continue  # some other program's file of that name


def _given(also: Iterable[Path], master: Master | None) -> Iterator[list[Tombstone]]:
    for path in also:
        if path.is_dir():
            if not (path / NAME).is_file():
                raise DamagedSeal
            yield _ledger_of(path / NAME)
        elif master is not None:
            yield Backup.under(path, master).verified()[1].ledger
            yield read_beside(path)


def _ledger_of(path: Path) -> list[Tombstone]:
    store = KeyStore(path)
    try:
        return store.ledger()
    finally:
        store.close()
