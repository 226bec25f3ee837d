"""How a backup is laid out: its head in clear, the key that opens the rest, and the keys of dossiers at a fixed place.

::

    head      one line of JSON: format, key slots, salt, the file's own key (wrapped), how many keys of dossiers
    keys      one record for each key of a dossier, all of one kind equally long, each sealed for its place
    stream    a sealed stream (see ``files``): tables, sealed files, the ledger of what was erased, a closing line

The file has a random key of its own. The head holds it wrapped under what every account of the workspace shares, so
that a passphrase opens the backup, and sealed to the workspace's recovery key where there is one. The keys of the
two other parts follow from it and from the head, so that nothing in the head can be altered unseen.

The keys of dossiers stand at a fixed place so that one can be struck out of a file that is there already: its record
is written over, in the same length, with the line of the ledger that says so. Whoever alters a record without the
key of the file is found out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, BinaryIO, Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import N_
from tejido.vault.keystore import KeyRow, Tombstone
from tejido.vault.seal import derive, unwrap, wrap

FORMAT: Final = 2
FIRST_FORMAT: Final = 1
_LONGEST_HEAD: Final = 1 << 20
_PURPOSE: Final = "backup"
_KEPT, _STRUCK = 1, 0
_ROW = struct.Struct(">B16s16sI")
_STONE = struct.Struct(">B32s32s")
_AROUND: Final = 12 + 16  # nonce and tag
_NOT_ONE: Final = N_("This file is not a backup of a workspace. Nothing was changed.")


@dataclass(frozen=True)
class Head:
    """The first line of a backup, in clear and as it was read."""

    content: dict[str, Any]
    line: bytes

    @property
    def format(self) -> int:
        """Which form the file has."""
        return int(self.content["tejido backup"])

    @property
    def salt(self) -> bytes:
        """What makes the wrapping key of this file its own."""
        return bytes.fromhex(self.content["salt"])

    @property
    def sections(self) -> list[tuple[int, int]]:
        """How many keys of dossiers there are, and how long the wrapped key of each is, for each kind."""
        return [(int(many), int(size)) for many, size in self.content.get("keys", ())]


@dataclass(frozen=True)
class FileKeys:
    """The keys of one backup: of its stream, and of the keys of dossiers in it."""

    stream: bytes
    keys: bytes


def new_head(
    slots: Sequence[object],
    shared: bytes,
    rows: Sequence[KeyRow],
    sealed_to: Callable[[bytes], list[str]] | None = None,
) -> tuple[Head, FileKeys]:
    """Return the head of a new backup and its keys.

    ``shared`` is what every account of the workspace holds; ``sealed_to`` seals the file's own key to the recovery
    key, as text, where there is one.
    """
    fresh, salt = os.urandom(32), os.urandom(16)
    content = {
        "tejido backup": FORMAT,
        "slots": list(slots),
        "salt": salt.hex(),
        "wrapped": base64.b64encode(wrap(derive(shared + salt, _PURPOSE), fresh, purpose=_PURPOSE)).decode(),
        "recovery": [] if sealed_to is None else sealed_to(fresh),
        "keys": [[len(list(same)), size] for size, same in groupby(in_order(rows), key=lambda row: len(row.wrapped))],
    }
    head = Head(content, json.dumps(content).encode() + b"\n")
    return head, keys_from(fresh, head)


def read_head(source: BinaryIO) -> Head:
    """Read the first line of a backup; ``BadInput`` if the file is not one."""
    line = source.readline(_LONGEST_HEAD)
    try:
        content = json.loads(line)
        if content["tejido backup"] not in {FIRST_FORMAT, FORMAT} or not isinstance(content["slots"][0], dict):
            raise ValueError
        head = Head(dict(content), line)
        if head.salt and min((number for pair in head.sections for number in pair), default=0) < 0:
            raise ValueError
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise BadInput(_NOT_ONE) from None
    return head


def keys_under(shared: bytes, head: Head) -> FileKeys:
    """Return the keys of a backup from what every account of the workspace holds."""
    outer = derive(shared + head.salt, _PURPOSE)
    if head.format == FIRST_FORMAT:
        return FileKeys(outer, b"")
    try:
        wrapped = base64.b64decode(head.content["wrapped"], validate=True)
    except (KeyError, TypeError, ValueError):
        raise DamagedSeal from None
    return keys_from(unwrap(outer, wrapped, purpose=_PURPOSE), head)


def keys_from(fresh: bytes, head: Head) -> FileKeys:
    """Return the keys of a backup from the file's own key: they follow from its head too."""
    bound = fresh + hashlib.sha256(head.line).digest()
    return FileKeys(derive(bound, "backup stream"), derive(bound, "backup keys"))


def in_order(rows: Sequence[KeyRow]) -> list[KeyRow]:
    """Return keys of dossiers as they stand in a backup: those of one length together."""
    return sorted(rows, key=lambda row: (len(row.wrapped), row.dossier.bytes, row.circle.bytes))


def write_keys(out: BinaryIO, rows: Sequence[KeyRow], keys: FileKeys) -> None:
    """Write the keys of dossiers, each for its place."""
    cipher = AESGCM(keys.keys)
    for place, row in enumerate(in_order(rows)):
        out.write(_sealed(cipher, place, _row(row)))


def read_keys(source: BinaryIO, head: Head, keys: FileKeys) -> Iterator[KeyRow | Tombstone]:
    """Read the keys of dossiers; a struck one yields the line of the ledger it was struck with."""
    if not head.sections:
        return
    cipher, place = AESGCM(keys.keys), 0
    for many, size in head.sections:
        for _ in range(many):
            yield _opened(cipher, place, source.read(record_size(size)))
            place += 1


def record_size(wrapped: int) -> int:
    """Return how many bytes a record takes whose wrapped key has ``wrapped`` bytes."""
    return _AROUND + max(_ROW.size + wrapped, _STONE.size)


def struck(place: int, size: int, stone: Tombstone, keys: FileKeys) -> bytes:
    """Return what is written over the record at ``place``, whose wrapped key has ``size`` bytes."""
    plain = _STONE.pack(_STRUCK, *stone).ljust(record_size(size) - _AROUND, b"\0")
    return _sealed(AESGCM(keys.keys), place, plain)


def _row(row: KeyRow) -> bytes:
    plain = _ROW.pack(_KEPT, row.dossier.bytes, row.circle.bytes, row.epoch) + row.wrapped
    return plain.ljust(record_size(len(row.wrapped)) - _AROUND, b"\0")


def _sealed(cipher: AESGCM, place: int, plain: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + cipher.encrypt(nonce, plain, place.to_bytes(8, "big"))


def _opened(cipher: AESGCM, place: int, record: bytes) -> KeyRow | Tombstone:
    try:
        plain = cipher.decrypt(record[:12], record[12:], place.to_bytes(8, "big"))
    except (InvalidTag, ValueError):
        raise DamagedSeal from None
    if plain[0] == _STRUCK:
        _, digest, mac = _STONE.unpack_from(plain)
        return Tombstone(digest, mac)
    _, dossier, circle, epoch = _ROW.unpack_from(plain)
    return KeyRow(UUID(bytes=dossier), UUID(bytes=circle), epoch, plain[_ROW.size :])
