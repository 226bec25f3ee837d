"""A passkey made of software: what a device and a browser do together, and what either might do wrong.

It is written from the standard (WebAuthn level 2, COSE, CBOR) and shares nothing with what verifies it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN, HOST = "http://localhost:8765", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey. ``kind`` is ``ES256`` or ``EdDSA``; ``counts`` says whether it counts its uses."""

    kind: str = "ES256"
    counts: bool = True
    ident: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    count: int = 0

    def __post_init__(self) -> None:
        self.key: Any = ed25519.Ed25519PrivateKey.generate()
        if self.kind == "ES256":
            self.key = ec.generate_private_key(ec.SECP256R1())

    def make(self, asked: dict[str, Any], **wrongly: Any) -> str:
        """Return what a browser answers when it is asked to make this passkey; ``wrongly``: what is not so."""
        asked = asked["create"]
        ident = self.ident
        public = b"\0" * 16 + struct.pack(">H", len(ident)) + ident + cbor(wrongly.get("public", self._public()))
        seen = self._seen(wrongly, asked["rp"]["id"], ATTESTED) + public
        attested = cbor({"fmt": "none", "attStmt": {}, "authData": seen})
        said = _said("webauthn.create", asked, wrongly)
        return self._answer({"attestationObject": b64(attested), "clientDataJSON": b64(said)}, wrongly)

    def show(self, asked: dict[str, Any], **wrongly: Any) -> str:
        """Return what a browser answers when this passkey is used."""
        asked = asked["get"]
        self.count += self.counts
        seen = self._seen(wrongly, asked["rpId"], 0)
        said = _said("webauthn.get", asked, wrongly)
        signature = self._sign(seen + hashlib.sha256(said).digest())
        parts = {"authenticatorData": seen, "clientDataJSON": said, "signature": wrongly.get("signature", signature)}
        return self._answer({name: b64(part) for name, part in parts.items()}, wrongly)

    def _seen(self, wrongly: dict[str, Any], host: str, flags: int) -> bytes:
        flags |= wrongly.get("flags", PRESENT | VERIFIED)
        rp = hashlib.sha256(wrongly.get("host", host).encode()).digest()
        return rp + struct.pack(">BI", flags, wrongly.get("count", self.count))

    def _answer(self, response: dict[str, str], wrongly: dict[str, Any]) -> str:
        ident = b64(wrongly.get("ident", self.ident))
        return json.dumps({"id": ident, "rawId": ident, "type": "public-key", "response": response})

    def _public(self) -> dict[int, Any]:
        if self.kind == "EdDSA":
            return {1: 1, 3: -8, -1: 6, -2: self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)}
        point = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}

    def _sign(self, what: bytes) -> bytes:
        signed: bytes = self.key.sign(what) if self.kind == "EdDSA" else self.key.sign(what, ec.ECDSA(SHA256()))
        return signed


def _said(kind: str, asked: dict[str, Any], wrongly: dict[str, Any]) -> bytes:
    """Return what a browser says of the page that asked (clientDataJSON)."""
    return json.dumps(
        {
            "type": wrongly.get("type", kind),
            "challenge": wrongly.get("challenge", asked["challenge"]),
            "origin": wrongly.get("origin", ORIGIN),
            "crossOrigin": wrongly.get("framed", False),
        }
    ).encode()


def b64(raw: bytes) -> str:
    """Return bytes as the standard writes them into JSON."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def cbor(thing: Any) -> bytes:
    """Return whole numbers, bytes, text and maps in CBOR (RFC 8949)."""
    if isinstance(thing, int):
        return _head(0, thing) if thing >= 0 else _head(1, -1 - thing)
    if isinstance(thing, bytes):
        return _head(2, len(thing)) + thing
    if isinstance(thing, str):
        return _head(3, len(thing.encode())) + thing.encode()
    assert isinstance(thing, dict)
    return _head(5, len(thing)) + b"".join(cbor(name) + cbor(value) for name, value in thing.items())


def _head(major: int, number: int) -> bytes:
    if number < 24:
        return bytes([major << 5 | number])
    if number < 256:
        return bytes([major << 5 | 24, number])
    return bytes([major << 5 | 25]) + struct.pack(">H", number)
