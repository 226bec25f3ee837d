"""From a passphrase to keys: one Argon2id, then HKDF.

There is no second, weaker hash of the passphrase anywhere. Six generated words are offered: with the 7,776-word
list of the ``diceware`` package that is 77 bits. What the keys open stands in ``slots``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import unicodedata
from dataclasses import dataclass
from secrets import SystemRandom

import diceware.wordlist
from argon2.low_level import Type, hash_secret_raw

from tejido.domain.errors import BadInput, DamagedSeal, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.seal import derive, unwrap

MEMORY_KIB, TIME, LANES = 64 * 1024, 3, 4
SALT = 16  # bytes
SHORTEST = 12  # characters
_WORDLISTS = {"en": "en_eff", "es": "es", "pt": "pt-br"}
# Each run holds 64 MiB: many people logging in at once must not exhaust a small machine.
_in_flight = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Stretched:
    """What a passphrase yields: a ``verifier`` to compare and a ``key`` that unwraps what a slot holds."""

    verifier: bytes
    key: bytes


def parameters() -> dict[str, object]:
    """Return how this version stretches, as it is written beside the slots."""
    return {"name": "argon2id", "memory_kib": MEMORY_KIB, "time": TIME, "lanes": LANES}


def stretch(passphrase: str, salt: bytes, *, key_file: bytes = b"") -> Stretched:
    """Stretch ``passphrase`` with Argon2id (RFC 9106; 64 MiB, 3 passes, 4 lanes).

    The content of a key file, if one is asked for as well, is mixed in by its digest.
    """
    text = " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode("utf-8", "surrogatepass")
    if key_file:
        text += b"\0" + hashlib.sha256(key_file).digest()
    with _in_flight:
        secret = hash_secret_raw(text, salt, TIME, MEMORY_KIB, LANES, 32, Type.ID)
    return Stretched(verifier=derive(secret, "login verifier"), key=derive(secret, "key encryption"))


def refuse_weak(passphrase: str) -> None:
    """Raise ``BadInput`` for a passphrase that is too short to protect anything."""
    if len(" ".join(passphrase.split())) < SHORTEST:
        raise BadInput(
            N_("The passphrase is too short: give at least {shortest} characters. Several words are best."),
            shortest=SHORTEST,
        )


def six_words(lang: str = "en") -> str:
    """Return six random words to offer as a passphrase, in a language that has a list (else English)."""
    return some_words(6, lang)


def some_words(many: int, lang: str = "en") -> str:
    """Return ``many`` random words of a list of 7,776 (12.9 bits each), in a language that has one (else English)."""
    name = _WORDLISTS.get(lang, "en_eff")
    path = diceware.wordlist.get_wordlist_path(name) or diceware.wordlist.get_wordlist_path("en_eff")
    words = list(diceware.wordlist.WordList(path))
    chooser = SystemRandom()
    return " ".join(chooser.choice(words) for _ in range(many))


def open_slot(slot: dict[str, object], passphrase: str) -> bytes:
    """Return the master secret of a slot of the first format, which had one passphrase and a salt of its own.

    Raises ``WrongPassphrase``; ``DamagedSeal`` if the stored parameters are not the ones of that format
    (a weakened copy is refused, never obeyed) or the wrapped secret was altered.
    """
    kdf = slot.get("kdf")
    expected = parameters()
    if not isinstance(kdf, dict) or {name: kdf.get(name) for name in expected} != expected:
        raise DamagedSeal
    salt = _bytes(kdf.get("salt"))
    if len(salt) != SALT:
        raise DamagedSeal
    stretched = stretch(passphrase, salt)
    if not hmac.compare_digest(stretched.verifier, _bytes(slot.get("verifier"))):
        raise WrongPassphrase
    return unwrap(stretched.key, _bytes(slot.get("wrapped")), purpose="master")


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        raise DamagedSeal from None
