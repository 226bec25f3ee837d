"""Guardians of an account: a secret in shares, of which so many open a slot and fewer open nothing.

The secret (32 bytes) names and opens a slot of the kind ``guardians``; it is split after SLIP-0039 (Shamir's scheme
over GF(256)) by the library ``shamir-mnemonic``. Each share is sealed to its guardian. Somebody who cannot get in has
a key pair for this one time, which follows from words they keep; a guardian opens their share and seals it to that
key. Every seal is bound to what it is for, so that a share that was handed on once fits nowhere else.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from shamir_mnemonic import combine_mnemonics, generate_mnemonics
from shamir_mnemonic.utils import MnemonicError

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.member_keys import OwnKeys, PublicKeys, open_with, private_key, public_key, seal_to, statement
from tejido.vault.passphrase import Stretched
from tejido.vault.seal import derive

#: Fewer may not decide, so that nobody brings an account back alone; more than so many are not found in a hurry.
FEWEST, MOST = 2, 9
SECRET: Final = 32  # bytes
_BETWEEN = N_("Choose how many guardians are needed: at least two, and no more than there are. Nothing was changed.")
_TOO_FEW = N_("Not enough guardians have agreed yet, or what they gave does not fit. Nothing was changed.")


def split(secret: bytes, *, needed: int, many: int) -> list[str]:
    """Return ``many`` shares of ``secret`` (32 bytes), as words; any ``needed`` of them yield it.

    Raises ``BadInput`` unless 2 ≤ needed ≤ many ≤ 9.
    """
    if not FEWEST <= needed <= many <= MOST:
        raise BadInput(_BETWEEN)
    return list(generate_mnemonics(1, [(needed, many)], secret, iteration_exponent=0)[0])


def combine(shares: Sequence[str]) -> bytes:
    """Return the secret of exactly as many shares as are needed; ``BadInput`` for fewer, or for shares of another."""
    try:
        return bytes(combine_mnemonics(list(shares)))
    except (MnemonicError, ValueError):
        raise BadInput(_TOO_FEW) from None


def way_of(secret: bytes) -> Stretched:
    """Return what names and opens the slot of a secret: it is random, so it need not be stretched."""
    return Stretched(verifier=derive(secret, "guardians name"), key=derive(secret, "guardians key"))


def sealed_share(keys: PublicKeys, share: str, *, chosen: UUID, guardian: UUID) -> bytes:
    """Seal a share to its guardian; ``chosen`` is the choice of guardians it belongs to."""
    return seal_to(keys.seal, share.encode(), info=statement("share", chosen.bytes, guardian.bytes))


def opened_share(own: OwnKeys, sealed: bytes, *, chosen: UUID, guardian: UUID) -> str:
    """Return the share of a guardian; ``DamagedSeal`` for that of another, or of another choice."""
    return own.open(sealed, info=statement("share", chosen.bytes, guardian.bytes)).decode()


def asking_seed(words: str) -> bytes:
    """Return what the key pair of somebody who cannot get in is made of (96 bytes), from the words they keep."""
    plain = " ".join(unicodedata.normalize("NFKC", words).casefold().split())
    return derive(plain.encode("utf-8", "surrogatepass"), "asking for a way back", 96)


def asking_key(seed: bytes) -> bytes:
    """Return the public half (1216 bytes)."""
    return public_key(seed)


def number_of(key: bytes) -> str:
    """Return a public key as six groups of four digits (79 bits of its SHA-256), to be said by voice."""
    digits = int.from_bytes(hashlib.sha256(statement("number of a key", key)).digest(), "big") % 10**24
    text = f"{digits:024d}"
    return " ".join(text[place : place + 4] for place in range(0, 24, 4))


def handed_on(key: bytes, share: str, *, recovery: UUID, guardian: UUID) -> bytes:
    """Seal a share to somebody who cannot get in, for this one recovery."""
    return seal_to(key, share.encode(), info=statement("share handed on", recovery.bytes, guardian.bytes))


def received(seed: bytes, sealed: bytes, *, recovery: UUID, guardian: UUID) -> str:
    """Return a share that was handed on; ``DamagedSeal`` for one of another recovery or guardian."""
    info = statement("share handed on", recovery.bytes, guardian.bytes)
    return open_with(private_key(seed), sealed, info=info).decode()
