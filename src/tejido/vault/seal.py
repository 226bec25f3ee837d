"""One sealed value: AES-256-GCM, bound to its place, padded, committed to its key.

Layout of a sealed value (version 1), all integers big-endian::

    version 1 byte | epoch 4 bytes | nonce 12 bytes | commitment 32 bytes | ciphertext and tag

The associated data names version, table, record, field, epoch and revision, so that a value moved to another
row, column or table, or an older one put back, does not open. The plaintext is a 4-byte length, the value and
zeros up to a size class, so that the length tells little. The commitment ties the value to one key: AES-GCM
alone lets somebody craft one ciphertext that opens under two keys (Albertini et al., "How to abuse and fix
authenticated encryption without key commitment", 2022).
"""

from __future__ import annotations

import hmac
import os
import struct
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tejido.domain.errors import DamagedSeal

VERSION = 1
_HEAD = struct.Struct(">BI12s32s")
_BOUND = struct.Struct(">BIQ")
_LENGTH = struct.Struct(">I")
_SMALL = 32  # bytes: the granularity of short values
_SMALL_END = 256


class Place(NamedTuple):
    """Where a sealed value stands: table, record, field and the record's revision."""

    table: str
    record: UUID
    field: str
    revision: int


def derive(secret: bytes, purpose: str, length: int = 32) -> bytes:
    """Return ``length`` bytes derived from ``secret`` for one ``purpose`` (HKDF-SHA-256, RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=b"tejido/" + purpose.encode()).derive(secret)


def padded_size(size: int) -> int:
    """Return the size class of ``size`` bytes.

    Multiples of 32 up to 256; beyond, Padmé (Nikitin et al., "Reducing metadata leakage from encrypted files
    and communication with PURBs", 2019), which leaks O(log log n) bits and costs at most 12 %.
    """
    if size <= _SMALL_END:
        return max(_SMALL, -(-size // _SMALL) * _SMALL)
    exponent = size.bit_length() - 1
    zero_bits = exponent - exponent.bit_length()
    mask = (1 << zero_bits) - 1
    return (size + mask) & ~mask


class FieldKey:
    """The key of one field (table and column) in one epoch of one circle; seals and opens its values."""

    __slots__ = ("_cipher", "_commitment", "_epoch", "_names")

    def __init__(self, circle_key: bytes, *, table: str, field: str, epoch: int) -> None:
        material = derive(circle_key, f"field/{table}/{field}", 64)
        self._cipher = AESGCM(material[:32])
        self._commitment = material[32:]
        self._epoch = epoch
        self._names = struct.pack(">HH", len(table.encode()), len(field.encode())) + table.encode() + field.encode()

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        size = padded_size(_LENGTH.size + len(plain))
        block = (_LENGTH.pack(len(plain)) + plain).ljust(size, b"\0")
        nonce = os.urandom(12)
        head = _HEAD.pack(VERSION, self._epoch, nonce, self._commitment)
        return head + self._cipher.encrypt(nonce, block, self._associated(place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return the value sealed for ``place``; ``DamagedSeal`` if it is not exactly what was sealed there."""
        if len(sealed) < _HEAD.size + 16 + _SMALL:
            raise DamagedSeal
        version, epoch, nonce, commitment = _HEAD.unpack_from(sealed)
        if version != VERSION or epoch != self._epoch or not hmac.compare_digest(commitment, self._commitment):
            raise DamagedSeal
        try:
            block = self._cipher.decrypt(nonce, sealed[_HEAD.size :], self._associated(place))
        except InvalidTag:
            raise DamagedSeal from None
        (length,) = _LENGTH.unpack_from(block)
        if _LENGTH.size + length > len(block):
            raise DamagedSeal
        return block[_LENGTH.size : _LENGTH.size + length]

    def _associated(self, place: Place) -> bytes:
        """Version, epoch, revision, then table and field with their lengths, then the record's id."""
        return _BOUND.pack(VERSION, self._epoch, place.revision) + self._names + place.record.bytes


def epoch_of(sealed: bytes) -> int:
    """Return the epoch a sealed value names in its head (not yet authenticated)."""
    if len(sealed) < _HEAD.size or sealed[0] != VERSION:
        raise DamagedSeal
    epoch: int = _HEAD.unpack_from(sealed)[1]
    return epoch


def wrap(key: bytes, secret: bytes, *, purpose: str) -> bytes:
    """Return ``secret`` wrapped under ``key``; ``purpose`` is bound to it (nonce 12 bytes, then AES-GCM)."""
    nonce = os.urandom(12)
    return nonce + AESGCM(derive(key, "wrap")).encrypt(nonce, secret, purpose.encode())


def unwrap(key: bytes, wrapped: bytes, *, purpose: str) -> bytes:
    """Return the secret wrapped under ``key`` for ``purpose``; ``DamagedSeal`` for anything else."""
    try:
        return AESGCM(derive(key, "wrap")).decrypt(wrapped[:12], wrapped[12:], purpose.encode())
    except (InvalidTag, ValueError):
        raise DamagedSeal from None
