"""Who is at work now, in this process: the keys of each session, and when it was last used.

When the last session goes, the key of the encrypted file goes with it, unless the process was started to stay
open (an office server, opened at the terminal).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tejido.circles.halfway import forget
from tejido.vault.keyring import FILE_KEY, Keyring
from tejido.vault.sessions import keyring_from_session

Keys = Mapping[str, Mapping[str, str]]
NAME = 16  # characters of a session's name, as a list of sessions shows it to a form


def _now() -> float:
    """Return seconds that also pass while the machine sleeps, and that setting its clock does not change."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.time()


@dataclass(frozen=True)
class Standing:
    """How somebody stands in the circle they work in, as was signed by line ``number`` (``standings``).

    ``second_from`` is the day from which the circle asks everybody for a second factor.
    """

    revision: int
    number: int
    circle_name: str
    role: str
    until: date | None = None
    second_from: date | None = None


@dataclass
class Seat:
    """One session at work: its keys, made ready once and used again by each of its requests.

    ``since`` is when it was opened, ``browser`` what its browser calls itself; both in memory only.
    """

    keyring: Keyring
    seen: float
    standing: Standing | None = None
    requests: int = 0
    since: datetime | None = None
    browser: str = ""


class Presence:
    """The seats of this process. ``clock`` tells seconds; tests bring their own."""

    def __init__(self, clock: Callable[[], float] = _now) -> None:
        self.clock = clock
        self.stays_open = False
        self._seats: dict[str, Seat] = {}
        self._gone: set[str] = set()
        self._arriving = 0
        self._seen_generation = -1
        self._lock = threading.Lock()

    def seat(self, session_key: str, keys: Keys, *, seen: float) -> Seat | None:
        """Return the seat of a session, made from the keys inside it when this process has none yet.

        None for a session that has gone: a request that was on its way while another locked brings no key back.
        """
        with self._lock:
            name = _name(session_key)
            if name in self._gone:
                return None
            found = self._seats.get(name)
            if found is None:
                kept = {circle: dict(epochs) for circle, epochs in keys.items()}
                found = self._seats[name] = Seat(keyring_from_session(kept), seen)
            return found

    def go_all(self, account: UUID, *, but: str | None = None) -> int:
        """Forget every session of an account, as when its passphrase changed or it was let go; return how many.

        The session ``but`` stays. Whoever was on the way in with that account gives the passphrase anew.
        """
        forget(account)
        stays = _name(but) if but else ""
        with self._lock:
            gone = [name for name, seat in self._seats.items() if seat.keyring.account == account and name != stays]
            for name in gone:
                del self._seats[name]
            self._gone.update(gone)
            if gone:
                self._drop_if_empty()
        return len(gone)

    def of(self, account: UUID) -> list[tuple[str, Seat]]:
        """Return the sessions of an account, the one used last first, each with a name that opens nothing."""
        with self._lock:
            found = [(name[:NAME], seat) for name, seat in self._seats.items() if seat.keyring.account == account]
        return sorted(found, key=lambda one: -one[1].seen)

    def go_one(self, account: UUID, name: str) -> bool:
        """Forget one session of an account, by its name; False if the account has no such session."""
        with self._lock:
            for whole, seat in self._seats.items():
                if whole[:NAME] == name and seat.keyring.account == account:
                    break
            else:
                return False
            del self._seats[whole]
            self._gone.add(whole)
            self._drop_if_empty()
        return True

    def many(self, account: UUID) -> int:
        """Return how many sessions of an account are at work."""
        with self._lock:
            return sum(seat.keyring.account == account for seat in self._seats.values())

    def learn(self, circle: UUID, epoch: int, key: bytes, *, accounts: Collection[UUID]) -> None:
        """Let the sessions of ``accounts`` go on working under a new epoch of a circle."""
        with self._lock:
            for seat in self._seats.values():
                if seat.keyring.account in accounts:
                    seat.keyring.learn(circle, epoch, key)

    def last_seen(self, session_key: str) -> float:
        """Return when the session was last used, as this process knows; 0.0 when it does not."""
        found = self._seats.get(_name(session_key))
        return found.seen if found else 0.0

    def go(self, session_key: str | None) -> None:
        """Forget a session's keys; with the last one, the key of the file."""
        with self._lock:
            name = _name(session_key or "")
            if self._seats.pop(name, None) is not None:
                self._gone.add(name)
                self._drop_if_empty()

    @contextmanager
    def in_use(self, seat: Seat | None) -> Iterator[None]:
        """Keep ``seat`` from being idle while a request of it is answered, however long that takes."""
        if seat is None:
            yield
            return
        with self._lock:
            seat.requests += 1
        try:
            yield
        finally:
            with self._lock:
                seat.requests -= 1
                seat.seen = self.clock()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Keep the key of the file in memory while somebody who gave the passphrase is on the way to a seat."""
        with self._lock:
            self._arriving += 1
        try:
            yield
        finally:
            with self._lock:
                self._arriving -= 1

    def sweep(self, idle_seconds: float, *, expected: bool = False) -> int:
        """Forget the sessions not used for so long; return how many went.

        A key of the file that lay here at the last look already, with nobody at work, goes as well, unless
        somebody is ``expected`` (a link that opens it was not used yet).
        """
        now = self.clock()
        with self._lock:
            gone = [name for name, seat in self._seats.items() if now - seat.seen > idle_seconds and not seat.requests]
            for name in gone:
                del self._seats[name]
            self._gone.update(gone)
            awaited = expected or self._arriving > 0
            forgotten = FILE_KEY.generation == self._seen_generation and not awaited
            self._seen_generation = FILE_KEY.generation
            if gone or forgotten:
                self._drop_if_empty()
        return len(gone)

    def _drop_if_empty(self) -> None:
        if not self._seats and not self.stays_open:
            FILE_KEY.drop()


def name_of(session_key: str | None) -> str:
    """Return how a session is called in a list of them."""
    return _name(session_key or "")[:NAME]


def _name(session_key: str) -> str:
    return hashlib.sha256(b"seat" + session_key.encode()).hexdigest()


#: The seats of this process.
PRESENCE = Presence()
