"""The data keys of dossiers in memory: read from the key store when first needed, made when a dossier begins."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from uuid import UUID

from tejido.domain.errors import DamagedSeal, DossierGone, NotFound, WorkspaceLocked
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.dossier_keys import WrappingKey, is_granted, new_key
from tejido.vault.keystore import KeyRow, digest_of
from tejido.vault.seal import DossierKey

#: How many data keys are held; beyond, they are read again.
_MOST: Final = 50_000
_ERASED: Final = N_("This dossier was erased. What you typed was not kept in it.")

Epochs = Callable[[UUID], Mapping[int, bytes]]
Granted = Callable[[KeyRow], bytes]


class DossierRing:
    """The data keys that one keyring opens. ``epochs`` gives the epoch keys of a circle (``WorkspaceLocked``)."""

    def __init__(self, circles: Iterable[UUID], epochs: Epochs, granted: Granted) -> None:
        self._circles, self._epochs, self._granted = frozenset(circles), epochs, granted
        self._held: dict[UUID, DossierKey] = {}
        self._named: dict[bytes, DossierKey] = {}
        self._wrapping: dict[tuple[UUID, int], WrappingKey] = {}
        self._unwritten: list[KeyRow] = []
        self._writing = threading.Lock()
        _RINGS.add(self)

    def opening(self, circle: UUID, dossier: UUID) -> DossierKey:
        """Return the key that opens values of ``dossier`` of ``circle``.

        One that another circle granted is read from the key store each time: it ends when its last day is over or it
        is taken back, whatever this process remembers. Raises ``WorkspaceLocked`` if it is not for us, ``DossierGone``
        if there is none.
        """
        found = self._held.get(dossier)
        if found is None or (found.circle is not circle and found.circle != circle):
            found = self._read(circle, dossier)
        if found is None:
            raise DossierGone
        return found

    def opening_named(self, circle: UUID, name: bytes) -> DossierKey:
        """Return the same for a dossier named by its 16 bytes, as the head of a sealed value names it."""
        found = self._named.get(name)
        if found is None or (found.circle is not circle and found.circle != circle):
            dossier = UUID(bytes=name)
            found = self.opening(circle, dossier)
            if self._held.get(dossier) is found:
                self._named[name] = found
        return found

    def sealing(self, circle: UUID, dossier: UUID) -> DossierKey:
        """Return the key that seals values of ``dossier`` of ``circle``; it is made if the dossier has none yet.

        A dossier written before there were data keys gets its key with its next change. Raises ``NotFound`` for
        one that was erased, ``WorkspaceLocked`` for one that another circle only lets us read.
        """
        found = self._held.get(dossier)
        if found is None or (found.circle is not circle and found.circle != circle):
            found = self._read(circle, dossier)
        if found is None:
            if keystore.of_process().is_erased(digest_of(dossier)):
                raise NotFound(_ERASED)
            self.begin(circle, [dossier])
            found = self._read(circle, dossier)
        if found is None:
            raise DamagedSeal
        if self._held.get(dossier) is not found:
            raise WorkspaceLocked
        return found

    def begin(self, circle: UUID, dossiers: Iterable[UUID], *, later: bool = False) -> None:
        """Make the keys of new dossiers. They are on the disk when this returns, or after ``write`` if ``later``."""
        newest = max(self._epochs(circle))
        wrapping = self._wrapping_key(circle, newest)
        rows = []
        for dossier in dossiers:
            key = new_key()
            rows.append(wrapping.wrap(dossier, key))
            if later:
                self._hold(circle, dossier, key)
        self._unwritten.extend(rows)
        if not later:
            self.write()

    def write(self) -> None:
        """Write the keys made ``later``. Whoever seals with them calls this before the records can be committed."""
        with self._writing:
            rows, self._unwritten = self._unwritten, []
            if rows:
                keystore.of_process().add(rows)

    def fetch(self, circle: UUID, dossiers: Iterable[UUID]) -> None:
        """Read the keys of many dossiers at once, those not held yet."""
        wanted = [one for one in dossiers if one not in self._held]
        for row in keystore.of_process().rows_of(wanted):
            if row.circle in self._circles and not is_granted(row):
                self._hold(circle, row.dossier, self._unwrapped(row))

    def rewrapped(self, row: KeyRow, epoch: int) -> KeyRow:
        """Return a row of a circle's own dossier as it is under another epoch of that circle."""
        return self._wrapping_key(row.circle, epoch).wrap(row.dossier, self._unwrapped(row))

    def forget(self, dossiers: Iterable[UUID]) -> None:
        """Let the keys of ``dossiers`` go."""
        for one in dossiers:
            self._held.pop(one, None)
            self._named.pop(one.bytes, None)

    def _read(self, circle: UUID, dossier: UUID) -> DossierKey | None:
        rows = keystore.of_process().rows(dossier)
        ours = [row for row in rows if row.circle in self._circles]
        if rows and not ours:
            raise WorkspaceLocked
        # The circle's own row before one that a grant made: it does not depend on anything else.
        for row in sorted(ours, key=lambda row: row.circle != circle):
            if is_granted(row):
                return DossierKey(self._granted(row), dossier=dossier, circle=circle)
            return self._hold(circle, dossier, self._unwrapped(row))
        return None

    def _unwrapped(self, row: KeyRow) -> bytes:
        return self._wrapping_key(row.circle, row.epoch).unwrap(row)

    def _hold(self, circle: UUID, dossier: UUID, key: bytes) -> DossierKey:
        if len(self._held) >= _MOST:
            self.write()
            self._held.clear()
            self._named.clear()
        made = self._held[dossier] = DossierKey(key, dossier=dossier, circle=circle)
        self._named[dossier.bytes] = made
        return made

    def _wrapping_key(self, circle: UUID, epoch: int) -> WrappingKey:
        known = self._wrapping.get((circle, epoch))
        if known is None:
            key = self._epochs(circle).get(epoch)
            if key is None:
                raise WorkspaceLocked
            known = self._wrapping[circle, epoch] = WrappingKey(key, circle=circle, epoch=epoch)
        return known


#: Every ring in memory, so that an erased key leaves all of them.
_RINGS: weakref.WeakSet[DossierRing] = weakref.WeakSet()


def forget_everywhere(dossiers: Iterable[UUID]) -> None:
    """Let the keys of ``dossiers`` go in every keyring of this process."""
    gone = list(dossiers)
    for ring in list(_RINGS):
        ring.forget(gone)
