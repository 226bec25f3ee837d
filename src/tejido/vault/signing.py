"""Signatures of members: Ed25519 (RFC 8032) over a statement in one exact form, for one purpose."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def canonical(statement: Mapping[str, object]) -> bytes:
    """Return a statement in the one form that is signed: JSON, keys in order, no spaces, ASCII."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def public_of(seed: bytes) -> bytes:
    """Return the public key (32 bytes) of a signing seed (32 bytes)."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, purpose: str, statement: Mapping[str, object]) -> bytes:
    """Return the signature (64 bytes) of ``statement``; it holds for this ``purpose`` and no other."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(_message(purpose, statement))


def holds(public: bytes, purpose: str, statement: Mapping[str, object], signature: bytes) -> bool:
    """Say whether ``signature`` is that of ``statement`` for ``purpose`` under the key ``public``."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(purpose, statement))
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: bytes) -> str:
    """Return a short form of a public key that two people can read to each other (80 bits)."""
    digits = hashlib.sha256(b"tejido/fingerprint" + public).hexdigest()[:20]
    return " ".join(digits[at : at + 4] for at in range(0, 20, 4))


def _message(purpose: str, statement: Mapping[str, object]) -> bytes:
    return b"tejido/" + purpose.encode() + b"\0" + canonical(statement)
