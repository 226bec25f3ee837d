"""A dossier's data key: made, wrapped under its circle's epoch key, and unwrapped again.

Layout of a wrapped data key (version 1): version 1 byte | nonce 12 bytes | key and tag 48 bytes, AES-256-GCM under
a key derived from the circle's epoch key, with version, dossier, circle and epoch as associated data: a row put in
another's place, or told to be of another epoch, does not open.
"""

from __future__ import annotations

import os
import struct
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tejido.domain.errors import DamagedSeal
from tejido.vault.keystore import KeyRow
from tejido.vault.seal import derive

#: Wrapped under the circle's epoch key.
UNDER_EPOCH: Final = 1
#: Left in the inbox of another circle, which may open the dossier too (``sharing``).
GRANTED: Final = 2
KEY: Final = 32  # bytes
_BOUND: Final = struct.Struct(">B16s16sI")
_SIZE: Final = 1 + 12 + KEY + 16


class WrappingKey:
    """What wraps and unwraps data keys in one epoch of one circle."""

    __slots__ = ("_cipher", "circle", "epoch")

    def __init__(self, epoch_key: bytes, *, circle: UUID, epoch: int) -> None:
        self._cipher = AESGCM(derive(epoch_key, "dossier keys"))
        self.circle, self.epoch = circle, epoch

    def wrap(self, dossier: UUID, key: bytes) -> KeyRow:
        """Return the row that keeps ``key`` (32 bytes) as the data key of ``dossier``."""
        nonce = os.urandom(12)
        sealed = self._cipher.encrypt(nonce, key, self._bound(dossier))
        return KeyRow(dossier, self.circle, self.epoch, bytes([UNDER_EPOCH]) + nonce + sealed)

    def unwrap(self, row: KeyRow) -> bytes:
        """Return the data key of ``row``; ``DamagedSeal`` if it is not exactly what was wrapped for it."""
        wrapped = row.wrapped
        if (row.circle, row.epoch) != (self.circle, self.epoch) or len(wrapped) != _SIZE or wrapped[0] != UNDER_EPOCH:
            raise DamagedSeal
        try:
            return self._cipher.decrypt(wrapped[1:13], wrapped[13:], self._bound(row.dossier))
        except InvalidTag:
            raise DamagedSeal from None

    def _bound(self, dossier: UUID) -> bytes:
        return _BOUND.pack(UNDER_EPOCH, dossier.bytes, self.circle.bytes, self.epoch)


def is_granted(row: KeyRow) -> bool:
    """Say whether another circle left the row: it opens, and is not this circle's to seal with or to wrap anew."""
    return row.wrapped[:1] == bytes([GRANTED])


def new_key() -> bytes:
    """Return a fresh data key."""
    return os.urandom(KEY)
