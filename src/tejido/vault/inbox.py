"""A circle's inbox: whoever has its public key can leave something there; only the circle's members open it.

The key pair follows from the circle's epoch key, so that there is nothing to store and nothing to hand over, and a
new epoch has a new inbox: somebody removed opens nothing that arrives later.

Layout of what was left: version 1 byte, circle 16 bytes, epoch 4 bytes, then HPKE (see ``member_keys``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from uuid import UUID

from tejido.domain.errors import DamagedSeal, WorkspaceLocked
from tejido.vault.keyring import Keyring, current
from tejido.vault.member_keys import SEALING, open_with, private_key, public_key, seal_to, statement
from tejido.vault.seal import derive

VERSION = 1
_HEAD = struct.Struct(">B16sI")


@dataclass(frozen=True)
class Inbox:
    """Where something can be left for a circle: its public key (1216 bytes) of one epoch."""

    circle: UUID
    epoch: int
    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) != SEALING:
            raise DamagedSeal


def inbox_of(circle: UUID, epoch: int, epoch_key: bytes) -> Inbox:
    """Return the inbox that follows from a circle's key of one epoch."""
    return Inbox(circle, epoch, public_key(_seed(epoch_key)))


def seal_to_inbox(inbox: Inbox, plain: bytes, *, purpose: str) -> bytes:
    """Seal ``plain`` for the members of a circle; ``purpose`` is bound to it."""
    return _HEAD.pack(VERSION, inbox.circle.bytes, inbox.epoch) + seal_to(
        inbox.key, plain, info=_info(inbox.circle, inbox.epoch, purpose)
    )


def open_from_inbox(sealed: bytes, *, purpose: str, keyring: Keyring | None = None) -> bytes:
    """Open what was left in an inbox of one of the keyring's circles (the present one's, unless another is given).

    Raises ``WorkspaceLocked`` where the circle or its epoch is not held, ``DamagedSeal`` for anything altered.
    """
    if len(sealed) < _HEAD.size or sealed[0] != VERSION:
        raise DamagedSeal
    _version, raw, epoch = _HEAD.unpack_from(sealed)
    circle = UUID(bytes=raw)
    key = (keyring or current()).exported().get(circle, {}).get(epoch)
    if key is None:
        raise WorkspaceLocked
    return open_with(private_key(_seed(key)), sealed[_HEAD.size :], info=_info(circle, epoch, purpose))


def _seed(epoch_key: bytes) -> bytes:
    return derive(epoch_key, "circle/inbox", 96)


def _info(circle: UUID, epoch: int, purpose: str) -> bytes:
    return statement("inbox", circle.bytes, epoch.to_bytes(4, "big"), purpose.encode())
