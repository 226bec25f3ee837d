"""Between the passphrase and the second factor: who is on the way, and what was asked of a passkey.

Both are kept in the memory of this process for five minutes, and each is given out once. Nothing here is a session:
an account that is halfway opens no page.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from uuid import UUID

from tejido.vault.second_factor import Reached
from tejido.vault.slots import Master

#: Seconds from the passphrase to the second factor, and from the question to the answer of a passkey.
LASTS = 300.0
#: Bytes of a challenge.
CHALLENGE = 32
#: So many things are kept for one account; the oldest goes first.
_MOST = 16
Kept = TypeVar("Kept", bound="_Kept")


@dataclass(frozen=True)
class _Kept:
    account: UUID
    until: float


@dataclass(frozen=True)
class OnTheWay(_Kept):
    """An account whose passphrase was right, until its second factor is too."""

    master: Master = field(repr=False)


@dataclass(frozen=True)
class Question(_Kept):
    """What was asked of a passkey: what ``purpose`` it serves, where, and how a new one is to be called."""

    purpose: str
    reached: Reached
    name: str = ""


class Shelf(Generic[Kept]):
    """Keeps things for a short time under digests of what names them. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._kept: dict[bytes, Kept] = {}
        self._lock = threading.Lock()

    def put(self, name: bytes, kept: Kept) -> None:
        """Keep something; what is old goes, and the oldest of the same account where there are many."""
        self.forget_old()
        with self._lock:
            same = [one for one, other in self._kept.items() if other.account == kept.account]
            for one in same[: max(0, len(same) + 1 - _MOST)]:
                del self._kept[one]
            self._kept[_digest(name)] = kept

    def take(self, name: bytes) -> Kept | None:
        """Give out what ``name`` names, for good; None where there is nothing, or nothing any more."""
        with self._lock:
            found = self._kept.pop(_digest(name), None)
        return found if found is not None and found.until >= self.clock() else None

    def forget(self, account: UUID | None = None) -> None:
        """Forget what is kept for one account, or everything."""
        with self._lock:
            gone = [name for name, one in self._kept.items() if account in {None, one.account}]
            for name in gone:
                del self._kept[name]

    def forget_old(self) -> None:
        """Forget what nobody came for in time; to be called now and then."""
        with self._lock:
            for name in [name for name, one in self._kept.items() if one.until < self.clock()]:
                del self._kept[name]

    def __len__(self) -> int:
        return len(self._kept)


class Halfway:
    """Who is on the way in. The pass that names them is for one form, and is another on the next."""

    def __init__(self) -> None:
        self.shelf = Shelf[OnTheWay]()

    def pass_for(self, master: Master, *, until: float | None = None) -> str:
        """Return a pass for an account whose passphrase was right; a second one lasts no longer than the first."""
        pass_ = secrets.token_urlsafe(32)
        until = self.shelf.clock() + LASTS if until is None else until
        self.shelf.put(pass_.encode(), OnTheWay(master.account, until, master))
        return pass_

    def take(self, pass_: str) -> OnTheWay | None:
        """Return who came with a pass, which is worth nothing any more."""
        return self.shelf.take(pass_.encode("utf-8", "surrogatepass"))


class Questions:
    """What was asked of passkeys. Each question is answered once."""

    def __init__(self) -> None:
        self.shelf = Shelf[Question]()

    def ask(self, account: UUID, purpose: str, reached: Reached, *, name: str = "") -> bytes:
        """Return a new challenge (32 bytes) for a passkey of an account."""
        challenge = secrets.token_bytes(CHALLENGE)
        self.shelf.put(challenge, Question(account, self.shelf.clock() + LASTS, purpose, reached, name))
        return challenge

    def take(self, challenge: bytes, *, account: UUID, purpose: str) -> Question | None:
        """Return what ``challenge`` asked of this account for this purpose; whatever it was, it is used up."""
        found = self.shelf.take(challenge)
        return found if found is not None and (found.account, found.purpose) == (account, purpose) else None


def forget(account: UUID | None = None) -> None:
    """Forget who is on the way, and what they were asked: one account, or everybody."""
    HALFWAY.shelf.forget(account)
    QUESTIONS.shelf.forget(account)


def forget_old() -> None:
    """Forget what nobody came for in time."""
    HALFWAY.shelf.forget_old()
    QUESTIONS.shelf.forget_old()


def _digest(name: bytes) -> bytes:
    return hashlib.sha256(b"halfway" + name).digest()


#: Those of this process.
HALFWAY = Halfway()
QUESTIONS = Questions()
