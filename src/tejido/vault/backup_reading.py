"""Reading a backup: with what opens it, its lines, and whether it is whole.

Nothing here needs the database: which kind of database a backup is brought back to is known only after it was opened.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from tejido.domain.errors import DamagedSeal
from tejido.vault.backup_form import FileKeys, Head, keys_under, read_head, read_keys
from tejido.vault.backup_rows import FilesComingBack, ledger_keys_in
from tejido.vault.files import opened_stream
from tejido.vault.keystore import KeyRow, Tombstone
from tejido.vault.passphrase import open_slot
from tejido.vault.slots import Master, opened_portable


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
    ledger_keys: list[bytes] = field(default_factory=list)
    struck: int = 0


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
            if said.get("table") == "vault_ledgerkey":
                found.ledger_keys += ledger_keys_in(said)
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
