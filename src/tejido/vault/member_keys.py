"""The keys of one account: one to sign with, one that others seal to. Both follow from the account's root secret.

Signing is Ed25519 (RFC 8032). Sealing is HPKE (RFC 9180) with the hybrid of ML-KEM-768 and X25519
(``KEM.MLKEM768_X25519``), HKDF-SHA-256 and AES-256-GCM: it holds as long as either of the two holds. A version byte
stands before everything, and a version that this code does not know is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from tejido.domain.errors import DamagedSeal
from tejido.domain.words import N_
from tejido.vault.seal import derive

VERSION = 1
SIGNING, SEALING, SIGNATURE = 32, 1184 + 32, 64  # bytes: a signing key, a sealing key, a signature
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SubstitutedKey(DamagedSeal):
    """A key was put in the place of another, or is not vouched for by anybody who may."""

    message = N_(
        "A key does not belong to whom it is said to belong: somebody put it there. It is not used. "
        "Nothing was changed; speak with your coordinator, and not through this machine."
    )


@dataclass(frozen=True)
class PublicKeys:
    """What others may know of an account's keys: ``sign`` (32 bytes) and ``seal`` (1216 bytes)."""

    sign: bytes
    seal: bytes

    def __post_init__(self) -> None:
        if len(self.sign) != SIGNING or len(self.seal) != SEALING:
            raise DamagedSeal

    @property
    def fingerprint(self) -> bytes:
        """A digest (32 bytes) that stands for both keys and their version."""
        return hashlib.sha256(statement("public keys", bytes([VERSION]), self.sign, self.seal)).digest()

    def kept(self) -> dict[str, object]:
        """Return the keys as a sealed column keeps them."""
        return {
            "version": VERSION,
            "sign": base64.b64encode(self.sign).decode(),
            "seal": base64.b64encode(self.seal).decode(),
        }

    @classmethod
    def from_kept(cls, kept: Mapping[str, object]) -> PublicKeys:
        """Return the keys that ``kept`` made; ``DamagedSeal`` for another version or shape."""
        if kept.get("version") != VERSION:
            raise DamagedSeal
        try:
            sign, seal = (base64.b64decode(str(kept[name]), validate=True) for name in ("sign", "seal"))
        except (KeyError, binascii.Error):
            raise DamagedSeal from None
        return cls(sign, seal)


@dataclass(frozen=True)
class OwnKeys:
    """An account's private keys, made anew from its ``root`` (32 bytes) each time they are needed."""

    root: bytes

    @property
    def signing_seed(self) -> bytes:
        """The seed of the Ed25519 key (32 bytes)."""
        return derive(self.root, "signing")

    @property
    def notes_key(self) -> bytes:
        """The key (32 bytes) of what the account keeps for itself."""
        return derive(self.root, "notes")

    @cached_property
    def _private(self) -> MLKEM768X25519PrivateKey:
        return private_key(derive(self.root, "sealing", 96))

    @cached_property
    def public(self) -> PublicKeys:
        """The public part."""
        return PublicKeys(public_signing_key(self.signing_seed), public_key(derive(self.root, "sealing", 96)))

    def open(self, sealed: bytes, *, info: bytes) -> bytes:
        """Return what was sealed to this account under ``info``; ``DamagedSeal`` for anything else."""
        return open_with(self._private, sealed, info=info)


def statement(kind: str, *parts: bytes) -> bytes:
    """Return parts as one text that can be read in one way only: each with its length before it."""
    named = (b"tejido/" + kind.encode(), *parts)
    return b"".join(len(part).to_bytes(4, "big") + part for part in named)


def sign(seed: bytes, what: bytes) -> bytes:
    """Return the Ed25519 signature (64 bytes) of ``what``."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(what)


def verify(key: bytes, signature: bytes, what: bytes) -> None:
    """Raise ``SubstitutedKey`` unless ``signature`` is that of ``what`` under the public ``key``."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, what)
    except (InvalidSignature, ValueError):
        raise SubstitutedKey from None


def public_signing_key(seed: bytes) -> bytes:
    """Return the public half (32 bytes) of the signing key of ``seed``."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def private_key(seed: bytes) -> MLKEM768X25519PrivateKey:
    """Return the hybrid private key of a seed: 64 bytes for ML-KEM-768 (FIPS 203), 32 for X25519 (RFC 7748)."""
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(seed[:64]), X25519PrivateKey.from_private_bytes(seed[64:96])
    )


def public_key(seed: bytes) -> bytes:
    """Return the public half (1216 bytes) of ``private_key``."""
    ours = MLKEM768PrivateKey.from_seed_bytes(seed[:64]).public_key().public_bytes_raw()
    return ours + X25519PrivateKey.from_private_bytes(seed[64:96]).public_key().public_bytes_raw()


def seal_to(key: bytes, plain: bytes, *, info: bytes) -> bytes:
    """Seal ``plain`` to the public ``key``, bound to ``info``; ``DamagedSeal`` if that is no public key."""
    try:
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(key[:1184]), X25519PublicKey.from_public_bytes(key[1184:])
        )
        return bytes([VERSION]) + _SUITE.encrypt(plain, public, info=bytes([VERSION]) + info)
    except ValueError:
        raise DamagedSeal from None


def open_with(private: MLKEM768X25519PrivateKey, sealed: bytes, *, info: bytes) -> bytes:
    """Return what ``seal_to`` sealed to the key; ``DamagedSeal`` for anything else, and for an unknown version."""
    if not sealed or sealed[0] != VERSION:
        raise DamagedSeal
    try:
        return _SUITE.decrypt(sealed[1:], private, info=bytes([VERSION]) + info)
    except (InvalidTag, ValueError):
        raise DamagedSeal from None
