"""One sealed value: AES-256-GCM, bound to its place, padded, committed to its key.

Layout of a sealed value, all integers big-endian. Version 1, under the key of a circle's epoch, for what belongs to
no dossier; version 2, under the data key of a dossier::

    1 | epoch 4 bytes    | nonce 12 bytes | commitment 32 bytes | ciphertext and tag
    2 | dossier 16 bytes | nonce 12 bytes | commitment 32 bytes | ciphertext and tag

The associated data names version, epoch or circle and dossier, revision, table, field and record, so that a value
moved to another row, column, table, dossier or circle, or an older one put back, does not open. The plaintext is
a 4-byte length, the value and zeros up to a size class, so that the length tells little. The commitment ties the
value to one key: AES-GCM alone lets somebody craft one ciphertext that opens under two keys (Albertini et al., "How
to abuse and fix authenticated encryption without key commitment", 2022).
"""

from __future__ import annotations

import hmac
import os
import struct
from functools import cache
from hashlib import blake2b
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tejido.domain.errors import DamagedSeal

UNDER_EPOCH, IN_DOSSIER = 1, 2
_HEAD = struct.Struct(">BI12s32s")
_BOUND = struct.Struct(">BIQ")
_DOSSIER_HEAD = struct.Struct(">B16s12s32s")
_DOSSIER_BOUND = struct.Struct(">BQ16s16s")
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
        self._names = _names(table, field)

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        nonce = os.urandom(12)
        head = _HEAD.pack(UNDER_EPOCH, self._epoch, nonce, self._commitment)
        return head + self._cipher.encrypt(nonce, _padded(plain), self._associated(place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return the value sealed for ``place``; ``DamagedSeal`` if it is not exactly what was sealed there."""
        if len(sealed) < _HEAD.size + 16 + _SMALL:
            raise DamagedSeal
        version, epoch, nonce, commitment = _HEAD.unpack_from(sealed)
        if version != UNDER_EPOCH or epoch != self._epoch or not hmac.compare_digest(commitment, self._commitment):
            raise DamagedSeal
        return _opened(self._cipher, nonce, sealed[_HEAD.size :], self._associated(place))

    def _associated(self, place: Place) -> bytes:
        """Version, epoch, revision, then table and field with their lengths, then the record's id."""
        return _BOUND.pack(UNDER_EPOCH, self._epoch, place.revision) + self._names + place.record.bytes


class DossierKey:
    """The data key of one dossier of one circle; seals and opens the values of its records.

    Each field has a key and a commitment of its own: BLAKE2b with 64 bytes of output, keyed with the data key, over
    table and field with their lengths (RFC 7693, section 2.9 for keying). A call costs a microsecond, where HKDF
    would cost twenty: a page of fifty dossiers makes fifty.
    """

    __slots__ = ("_circle", "_dossier", "_key", "circle")

    def __init__(self, key: bytes, *, dossier: UUID, circle: UUID) -> None:
        self._key, self._dossier, self._circle = key, dossier.bytes, circle.bytes
        #: The circle whose dossier it is.
        self.circle = circle

    @property
    def key(self) -> bytes:
        """The data key itself, to be wrapped for another epoch or circle."""
        return self._key

    def seal(self, plain: bytes, place: Place) -> bytes:
        """Return ``plain`` sealed for ``place``."""
        names = _names(place.table, place.field)
        material = blake2b(names, digest_size=64, key=self._key, person=_FIELD).digest()
        nonce = os.urandom(12)
        head = _DOSSIER_HEAD.pack(IN_DOSSIER, self._dossier, nonce, material[32:])
        return head + AESGCM(material[:32]).encrypt(nonce, _padded(plain), self._associated(names, place))

    def open(self, sealed: bytes, place: Place) -> bytes:
        """Return the value sealed for ``place``; ``DamagedSeal`` if it is not exactly what was sealed there."""
        if len(sealed) < _DOSSIER_HEAD.size + 16 + _SMALL:
            raise DamagedSeal
        version, dossier, nonce, commitment = _DOSSIER_HEAD.unpack_from(sealed)
        names = _names(place.table, place.field)
        material = blake2b(names, digest_size=64, key=self._key, person=_FIELD).digest()
        known = version == IN_DOSSIER and dossier == self._dossier
        if not known or not hmac.compare_digest(commitment, material[32:]):
            raise DamagedSeal
        cipher = AESGCM(material[:32])
        return _opened(cipher, nonce, sealed[_DOSSIER_HEAD.size :], self._associated(names, place))

    def _associated(self, names: bytes, place: Place) -> bytes:
        """Version, revision, circle, dossier, then table and field with their lengths, then the record's id."""
        bound = _DOSSIER_BOUND.pack(IN_DOSSIER, place.revision, self._circle, self._dossier)
        return bound + names + place.record.bytes


_FIELD = b"tejido field 2"


@cache
def _names(table: str, field: str) -> bytes:
    names = table.encode(), field.encode()
    return struct.pack(">HH", *map(len, names)) + b"".join(names)


def _padded(plain: bytes) -> bytes:
    return (_LENGTH.pack(len(plain)) + plain).ljust(padded_size(_LENGTH.size + len(plain)), b"\0")


def _opened(cipher: AESGCM, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    try:
        block = cipher.decrypt(nonce, sealed, associated)
    except InvalidTag:
        raise DamagedSeal from None
    (length,) = _LENGTH.unpack_from(block)
    if _LENGTH.size + length > len(block):
        raise DamagedSeal
    return block[_LENGTH.size : _LENGTH.size + length]


def epoch_of(sealed: bytes) -> int:
    """Return the epoch that a sealed value of version 1 names in its head (not yet authenticated)."""
    if len(sealed) < _HEAD.size or sealed[0] != UNDER_EPOCH:
        raise DamagedSeal
    epoch: int = _HEAD.unpack_from(sealed)[1]
    return epoch


def dossier_of(sealed: bytes) -> UUID | None:
    """Return the dossier that a sealed value names in its head (not yet authenticated); None for version 1.

    Raises ``DamagedSeal`` for a version that this program does not know.
    """
    name = name_of_dossier(sealed)
    return None if name is None else UUID(bytes=name)


def name_of_dossier(sealed: bytes) -> bytes | None:
    """Return the same as 16 bytes: a page that opens hundreds of values makes no id for each of them."""
    if len(sealed) >= _DOSSIER_HEAD.size and sealed[0] == IN_DOSSIER:
        return bytes(sealed[1:17])
    if len(sealed) >= _HEAD.size and sealed[0] == UNDER_EPOCH:
        return None
    raise DamagedSeal


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
