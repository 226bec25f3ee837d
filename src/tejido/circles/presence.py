"""Who is at work now, in this process: the keys of each session, and when it was last used.

When the last session goes, the key of the encrypted file goes with it, unless the process was started to stay
open (an office server, opened at the terminal).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tejido.vault.keyring import FILE_KEY, Keyring
from tejido.vault.sessions import keyring_from_session

Keys = Mapping[str, Mapping[str, str]]


@dataclass
class Seat:
    """One session at work: its keys, made ready once and used again by each of its requests."""

    keyring: Keyring
    seen: float
    circle_name: str | None = None


class Presence:
    """The seats of this process. ``clock`` tells seconds; tests bring their own."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.stays_open = False
        self._seats: dict[str, Seat] = {}
        self._seen_generation = -1
        self._lock = threading.Lock()

    def seat(self, session_key: str, keys: Keys, *, seen: float) -> Seat:
        """Return the seat of a session, made from the keys inside it when this process has none yet."""
        with self._lock:
            name = _name(session_key)
            found = self._seats.get(name)
            if found is None:
                kept = {circle: dict(epochs) for circle, epochs in keys.items()}
                found = self._seats[name] = Seat(keyring_from_session(kept), seen)
            return found

    def last_seen(self, session_key: str) -> float:
        """Return when the session was last used, as this process knows; 0.0 when it does not."""
        found = self._seats.get(_name(session_key))
        return found.seen if found else 0.0

    def go(self, session_key: str | None) -> None:
        """Forget a session's keys; with the last one, the key of the file."""
        with self._lock:
            if self._seats.pop(_name(session_key or ""), None) is not None:
                self._drop_if_empty()

    def sweep(self, idle_seconds: float, *, expected: bool = False) -> int:
        """Forget the sessions not used for so long; return how many went.

        A key of the file that lay here at the last look already, with nobody at work, goes as well, unless
        somebody is ``expected`` (a link that opens it was not used yet).
        """
        now = self.clock()
        with self._lock:
            gone = [name for name, seat in self._seats.items() if now - seat.seen > idle_seconds]
            for name in gone:
                del self._seats[name]
            forgotten = FILE_KEY.generation == self._seen_generation and not expected
            self._seen_generation = FILE_KEY.generation
            if gone or forgotten:
                self._drop_if_empty()
        return len(gone)

    def _drop_if_empty(self) -> None:
        if not self._seats and not self.stays_open:
            FILE_KEY.drop()


def _name(session_key: str) -> str:
    return hashlib.sha256(b"seat" + session_key.encode()).hexdigest()


#: The seats of this process.
PRESENCE = Presence()
