"""A second factor: a code of six digits from a telephone (TOTP, RFC 6238), passkeys (``passkeys``), or both.

One-time codes on paper stand beside either. All of it is sealed under a key of the account's own, so it can be asked
for only after the passphrase has opened the account. It protects against a passphrase that was seen, where the server
is in our hands; not against whoever has the disk *and* the passphrase. Paper codes are kept as digests under a key of
the account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from tejido.vault.seal import derive, unwrap, wrap

#: Seconds a code holds; steps before and after that are accepted too; digits; codes on paper and their digits.
STEP, DRIFT, DIGITS, PAPER, PAPER_DIGITS = 30, 1, 6, 8, 12
_SECRET: Final = 20  # bytes, as RFC 4226 recommends
#: What is sealed is as long as so many bytes, or twice, or three times: it does not tell how many passkeys there are.
_ROOM: Final = 4096
#: What the telephone shows beside the code: it says nothing of us.
LABEL: Final = "cuaderno"


@dataclass(frozen=True)
class Reached:
    """By what name a browser reached us: ``host`` without a port, and the exact ``origin`` of its pages."""

    host: str
    origin: str


@dataclass(frozen=True)
class Passkey:
    """What is kept of a passkey: enough to see that it answered, nothing that answers in its place.

    ``name`` is its owner's word for it, ``host`` the name of the server it was made for, ``credential`` its id and
    public key (WebAuthn's attested credential data), ``count`` its counter at the last use, ``added`` the day (ISO).
    """

    name: str
    host: str
    credential: bytes
    count: int = 0
    added: str = ""

    @property
    def word(self) -> str:
        """A word for it in a form: sixteen letters and digits that open nothing."""
        return hashlib.sha256(b"passkey" + self.credential).hexdigest()[:16]


@dataclass(frozen=True)
class SecondFactor:
    """What is kept: the ``secret``, the ``last`` step of which a code was used, digests of codes on paper, passkeys.

    Without a secret no code of a telephone is accepted; without passkeys (``keys``) no passkey is.
    """

    secret: bytes = b""
    last: int = 0
    paper: tuple[str, ...] = field(default=())
    keys: tuple[Passkey, ...] = field(default=())

    @property
    def asks(self) -> bool:
        """Whether anything is asked for: codes on paper alone are no second factor."""
        return bool(self.secret or self.keys)


def new_secret() -> bytes:
    """Return a new secret (20 bytes)."""
    return os.urandom(_SECRET)


def words_of(secret: bytes) -> str:
    """Return the secret as it is typed into a telephone: groups of four letters and digits (base 32)."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address_of(secret: bytes) -> str:
    """Return what the picture for the telephone says."""
    text = base64.b32encode(secret).decode()
    return f"otpauth://totp/{LABEL}?secret={text}&digits={DIGITS}&period={STEP}&algorithm=SHA1"


def code_at(secret: bytes, step: int) -> str:
    """Return the code of one step of 30 seconds since 1970 (RFC 6238, with SHA-1 as every telephone has it)."""
    return _totp(secret).generate(step * STEP).decode()


def used(kept: SecondFactor, typed: str, *, now: float, notes_key: bytes) -> SecondFactor | None:
    """Return what is kept once ``typed`` was used; None if it is no code of now, or was used already."""
    code = "".join(character for character in typed if character.isdigit() and character.isascii())
    if len(code) == PAPER_DIGITS:
        digest = _digest(code, notes_key)
        left = tuple(one for one in kept.paper if not hmac.compare_digest(one, digest))
        return replace(kept, paper=left) if len(left) < len(kept.paper) else None
    if not kept.secret:
        return None
    step = int(now // STEP)
    for one in range(max(step - DRIFT, kept.last + 1), step + DRIFT + 1):
        if len(code) == DIGITS and hmac.compare_digest(code_at(kept.secret, one), code):
            return replace(kept, last=one)
    return None


def with_paper(kept: SecondFactor, notes_key: bytes) -> tuple[SecondFactor, tuple[str, ...]]:
    """Return what is kept with new codes on paper, and those codes; earlier ones are worth nothing any more."""
    codes = [f"{secrets.randbelow(10**PAPER_DIGITS):0{PAPER_DIGITS}d}" for _ in range(PAPER)]
    shown = tuple(" ".join(code[place : place + 4] for place in range(0, PAPER_DIGITS, 4)) for code in codes)
    return replace(kept, paper=tuple(_digest(code, notes_key) for code in codes)), shown


def sealed(kept: SecondFactor, *, account: UUID, notes_key: bytes) -> bytes:
    """Seal what is kept under the account's own key."""
    said = {
        "secret": kept.secret.hex(),
        "last": kept.last,
        "paper": list(kept.paper),
        "keys": [{**asdict(one), "credential": one.credential.hex()} for one in kept.keys],
    }
    plain = json.dumps(said).encode()
    plain += b" " * (-len(plain) % _ROOM)
    return wrap(derive(notes_key, "second factor"), plain, purpose=f"second factor/{account.hex}")


def opened(raw: bytes, *, account: UUID, notes_key: bytes) -> SecondFactor:
    """Return what ``sealed`` sealed; ``DamagedSeal`` for anything else, and for that of another account."""
    said = json.loads(unwrap(derive(notes_key, "second factor"), raw, purpose=f"second factor/{account.hex}"))
    keys = tuple(Passkey(**{**one, "credential": bytes.fromhex(one["credential"])}) for one in said.get("keys", ()))
    return SecondFactor(bytes.fromhex(said["secret"]), int(said["last"]), tuple(said["paper"]), keys)


def _digest(code: str, notes_key: bytes) -> str:
    return hmac.digest(derive(notes_key, "codes on paper"), code.encode(), "sha256").hex()


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP)  # noqa: S303  RFC 6238: HMAC-SHA-1, which collisions do not touch
