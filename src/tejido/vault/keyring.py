"""The keys that are in memory now, and nowhere else.

Two things are kept apart: the *file key* opens the encrypted database and belongs to the process, since every
thread's connection needs it; *circle keys* open records and belong to whoever is working: one request, or one
command. A page served to nobody in particular has no circle key and can open nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from tejido.domain.errors import WorkspaceLocked
from tejido.vault.dossier_ring import DossierRing
from tejido.vault.keystore import KeyRow
from tejido.vault.seal import FieldKey, Place, derive, epoch_of, name_of_dossier


class Keyring:
    """The circle keys of one account at work: ``{circle: {epoch: key}}``; the highest epoch seals.

    ``account`` says whose they are and ``signing_seed`` (Ed25519, 32 bytes) signs in their name; both are None where
    nobody in particular works: a circle that is only now founded, a test. ``notes_key`` is the account's own as well.
    """

    def __init__(
        self,
        keys: Mapping[UUID, Mapping[int, bytes]],
        *,
        account: UUID | None = None,
        signing_seed: bytes | None = None,
        notes_key: bytes | None = None,
    ) -> None:
        self._keys = {circle: dict(epochs) for circle, epochs in keys.items()}
        self._field_keys: dict[tuple[UUID, int, str, str], FieldKey] = {}
        self._newest = {circle: max(epochs) for circle, epochs in self._keys.items() if epochs}
        self._account = account
        self._signing_seed = signing_seed
        self._notes_key = notes_key
        self.dossiers = DossierRing(self._keys, self._epochs, self._granted)

    @property
    def account(self) -> UUID | None:
        """Whose keys these are."""
        return self._account

    @property
    def signing_seed(self) -> bytes | None:
        """The seed of the account's Ed25519 key (32 bytes)."""
        return self._signing_seed

    @property
    def notes_key(self) -> bytes | None:
        """The key under which the account keeps what is its own affair, such as whose keys it has seen."""
        return self._notes_key

    def learn(self, circle: UUID, epoch: int, key: bytes) -> None:
        """Take up the key of one more epoch, or of one more circle, while at work."""
        new = circle not in self._keys
        self._keys.setdefault(circle, {})[epoch] = key
        if new:
            self.dossiers = DossierRing(self._keys, self._epochs, self._granted)
        self._newest[circle] = max(self._keys[circle])

    @property
    def circles(self) -> tuple[UUID, ...]:
        """The circles whose records this keyring opens."""
        return tuple(self._keys)

    def exported(self) -> dict[UUID, dict[int, bytes]]:
        """Return the keys themselves, for the sealed session only."""
        return {circle: dict(epochs) for circle, epochs in self._keys.items()}

    def derived(self, circle: UUID, purpose: str) -> bytes:
        """Return a 32-byte key of the circle for one purpose (its first epoch: stable over rotations)."""
        epochs = self._epochs(circle)
        return derive(epochs[min(epochs)], f"circle/{purpose}")

    def seal(self, circle: UUID, plain: bytes, place: Place, *, dossier: UUID | None = None) -> bytes:
        """Seal ``plain`` for ``place``: under the data key of ``dossier``, else under the circle's newest epoch."""
        if dossier is not None:
            return self.dossiers.sealing(circle, dossier).seal(plain, place)
        if circle not in self._newest:
            raise WorkspaceLocked
        return self._field_key(circle, self._newest[circle], place).seal(plain, place)

    def open(self, circle: UUID, sealed: bytes, place: Place) -> bytes:
        """Open a value of ``circle`` sealed for ``place``; ``DamagedSeal`` if it was altered or its key is no more."""
        dossier = name_of_dossier(sealed)
        if dossier is not None:
            return self.dossiers.opening_named(circle, dossier).open(sealed, place)
        return self._field_key(circle, epoch_of(sealed), place).open(sealed, place)

    def _granted(self, row: KeyRow) -> bytes:
        """Open a data key that another circle left in the inbox of one of ours."""
        from tejido.vault.sharing import opened_grant  # the inbox asks for the keyring in its turn

        return opened_grant(row, self)

    def _epochs(self, circle: UUID) -> dict[int, bytes]:
        try:
            return self._keys[circle]
        except KeyError:
            raise WorkspaceLocked from None

    def _field_key(self, circle: UUID, epoch: int, place: Place) -> FieldKey:
        name = (circle, epoch, place.table, place.field)
        known = self._field_keys.get(name)
        if known is None:
            epochs = self._epochs(circle)
            if epoch not in epochs:
                raise WorkspaceLocked
            known = FieldKey(epochs[epoch], table=place.table, field=place.field, epoch=epoch)
            self._field_keys[name] = known
        return known


_current: ContextVar[Keyring | None] = ContextVar("tejido_keyring", default=None)
_worked_in: ContextVar[UUID | None] = ContextVar("tejido_circle", default=None)


def current() -> Keyring:
    """Return the keyring of whoever is working; ``WorkspaceLocked`` when nobody is."""
    keyring = _current.get()
    if keyring is None:
        raise WorkspaceLocked
    return keyring


def circle_at_work() -> UUID:
    """Return the one circle that is worked in: lists, pages, counts and readings are of it and of no other.

    An account may open several circles; which of them is worked in was said to ``using``. Raises ``WorkspaceLocked``
    where nobody works, where the circle is not theirs, and where there are several and none was chosen: nothing is
    guessed, so that nothing of one circle is told in another.
    """
    circles, chosen = current().circles, _worked_in.get()
    if chosen is None and len(circles) == 1:
        return circles[0]
    if chosen is None or chosen not in circles:
        raise WorkspaceLocked
    return chosen


@contextmanager
def using(keyring: Keyring | None, *, circle: UUID | None = None) -> Iterator[None]:
    """Work with ``keyring`` inside the block, in ``circle``; it need not be named where there is only one."""
    token, place = _current.set(keyring), _worked_in.set(circle)
    try:
        yield
    finally:
        _worked_in.reset(place)
        _current.reset(token)


@contextmanager
def working_in(circle: UUID) -> Iterator[None]:
    """Work in ``circle`` inside the block, with the keys that are in place."""
    place = _worked_in.set(circle)
    try:
        yield
    finally:
        _worked_in.reset(place)


class FileKey:
    """The key of the encrypted database file, held by the process while the workspace is open."""

    def __init__(self) -> None:
        self._key: bytes | None = None
        self._lock = threading.Lock()
        self._generation = 0
        self._when_dropped: list[Callable[[], None]] = []

    @property
    def generation(self) -> int:
        """Grows each time the key is put in or dropped, so that old connections can be told."""
        return self._generation

    @property
    def is_open(self) -> bool:
        """Whether the key is in memory."""
        return self._key is not None

    def put(self, key: bytes) -> None:
        """Hold ``key`` (32 bytes)."""
        with self._lock:
            if self._key != key:
                self._key = key
                self._generation += 1

    def drop(self) -> None:
        """Forget the key. Idle connections opened with it are closed now, others when their request ends."""
        with self._lock:
            if self._key is None:
                return
            self._key = None
            self._generation += 1
        self.forget_held()

    def forget_held(self) -> None:
        """Let everything go that was reckoned while the key was held."""
        for forget in self._when_dropped:
            forget()

    def when_dropped(self, forget: Callable[[], None]) -> None:
        """Call ``forget`` each time the key is dropped: it closes what still holds a key."""
        self._when_dropped.append(forget)

    def get(self) -> bytes:
        """Return the key; ``WorkspaceLocked`` when it is not held."""
        if self._key is None:
            raise WorkspaceLocked
        return self._key


#: The one file key of this process.
FILE_KEY = FileKey()
