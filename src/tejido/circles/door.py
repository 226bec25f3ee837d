"""The door of a process: one-time links, who came in by one, and patience with wrong passphrases.

All of it is held in memory only: nothing here outlives the process.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

from tejido.circles.halfway import forget_old
from tejido.circles.presence import PRESENCE
from tejido.vault.sessions import BOOT_SECRET
from tejido.vault.slots import plain_handle
from tejido.vault.workspace import Master

#: Seconds for which a link, and a set-up begun through it, can be used.
LINK_LASTS, SETUP_LASTS = 3600.0, 3600.0
#: Wrong tries without any waiting; the longest wait.
_FREE_TRIES, _LONGEST_WAIT = 2, 60.0
#: Handles remembered at most; the one not tried for longest is forgotten first.
_MOST_HANDLES = 10_000


@dataclass
class Visit:
    """Somebody who came in by a one-time link: what they have chosen so far, in memory only."""

    until: float
    master: Master | None = field(default=None, repr=False)
    offered: str = field(default="", repr=False)
    passphrase: str = field(default="", repr=False)


class Door:
    """Issues one-time links and remembers who came in by them. ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._master: Master | None = None
        self._links: dict[bytes, Visit] = {}
        self._visits: dict[bytes, Visit] = {}
        self._lock = threading.Lock()

    def let_in_with(self, master: Master) -> None:
        """Make the next link open a session at once: for somebody who gave the passphrase at the terminal."""
        self._master = master

    def stay_open(self) -> None:
        """Keep the key of the file in memory whoever comes and goes: an office server, opened at its terminal."""
        PRESENCE.stays_open = True

    def lock_if_idle(self) -> None:
        """Forget the sessions nobody uses any more, and links grown old; to be called now and then."""
        self._forget_old(self._links)
        self._forget_old(self._visits)
        forget_old()
        with self._lock:
            expected = any(visit.master for visit in self._links.values()) or bool(self._visits)
        PRESENCE.sweep(settings.IDLE_MINUTES * 60, expected=expected)

    def issue(self) -> str:
        """Return the token of a new one-time link."""
        master, self._master = self._master, None
        return self._remember(self._links, Visit(self.clock() + LINK_LASTS, master))

    def enter(self, token: str) -> str | None:
        """Burn the link of ``token`` and return the pass of a visit; None if there is no such link (any more)."""
        with self._lock:
            visit = self._take(self._links, token)
        if visit is None:
            return None
        visit.until = self.clock() + SETUP_LASTS
        return self._remember(self._visits, visit)

    def admit(self, master: Master) -> str:
        """Return the pass of a visit for somebody who has just opened a workspace that has no circle yet."""
        return self._remember(self._visits, Visit(self.clock() + SETUP_LASTS, master))

    def visit(self, pass_: str) -> Visit | None:
        """Return the visit of a pass, while it lasts."""
        with self._lock:
            found = self._visits.get(_digest(pass_))
            return found if found is not None and found.until >= self.clock() else None

    def end(self, pass_: str) -> None:
        """Forget a visit and what was chosen in it."""
        with self._lock:
            self._visits.pop(_digest(pass_), None)

    def _remember(self, shelf: dict[bytes, Visit], visit: Visit) -> str:
        token = secrets.token_urlsafe(32)
        self._forget_old(shelf)
        with self._lock:
            shelf[_digest(token)] = visit
        return token

    def _forget_old(self, shelf: dict[bytes, Visit]) -> None:
        with self._lock:
            for name in [name for name, kept in shelf.items() if kept.until < self.clock()]:
                del shelf[name]

    def _take(self, shelf: dict[bytes, Visit], token: str) -> Visit | None:
        """Take out what ``token`` names; every link is compared, in the same time whichever it is."""
        asked, found = _digest(token), None
        for name in list(shelf):
            if hmac.compare_digest(name, asked):
                found = name
        visit = shelf.pop(found) if found is not None else None
        return visit if visit is not None and visit.until >= self.clock() else None


class Patience:
    """A delay that grows with each wrong passphrase; nobody is locked out for good, and nothing sleeps.

    It is counted for each handle, whether there is such an account or not: behind an onion service everybody has one
    address, and nobody learns which handles there are. Handles are held as keyed digests, in memory only.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._tries: dict[bytes, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def wait(self, handle: str = "") -> int:
        """Return the whole seconds until the next try for ``handle`` is looked at; 0 when it may be made now."""
        with self._lock:
            _wrong, not_before = self._tries.get(_name_of(handle), (0, 0.0))
        return max(0, math.ceil(not_before - self.clock()))

    def wrong(self, handle: str = "") -> None:
        """Note a wrong try."""
        name = _name_of(handle)
        with self._lock:
            wrong, not_before = self._tries.pop(name, (0, 0.0))
            over = wrong + 1 - _FREE_TRIES
            if over > 0:
                not_before = self.clock() + min(_LONGEST_WAIT, 2.0 ** min(over, 10))
            self._tries[name] = (wrong + 1, not_before)
            while len(self._tries) > _MOST_HANDLES:
                del self._tries[next(iter(self._tries))]

    def right(self, handle: str = "") -> None:
        """Forget the wrong tries."""
        with self._lock:
            self._tries.pop(_name_of(handle), None)


def _name_of(handle: str) -> bytes:
    return hmac.digest(BOOT_SECRET, plain_handle(handle).encode("utf-8", "surrogatepass"), "sha256")


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"door" + token.encode("utf-8", "surrogatepass")).digest()


#: The door of this process, and its patience.
DOOR = Door()
PATIENCE = Patience()
