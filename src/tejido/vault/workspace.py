"""A workspace: one directory with the key slots, the encrypted database and what is derived from it.

::

    DIR/
      workspace.json   format, kind of database, key slots (no secret in clear)
      workspace.db     the encrypted database (embedded kind)
      catalogue-*.db   encrypted search catalogue, derived; may be deleted at any time
      sealed/          sealed files: imports being previewed, attachments

Root secrets of accounts exist only wrapped in ``workspace.json`` and, while somebody opens it, in memory. What stands
in that file is described in ``slots``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit
from uuid import UUID

from tejido.domain.errors import BadInput, DamagedSeal, NotFound, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import renewing, slots
from tejido.vault.files import new_private
from tejido.vault.keyring import FILE_KEY
from tejido.vault.member_keys import PublicKeys
from tejido.vault.passphrase import Stretched, open_slot, refuse_weak
from tejido.vault.slots import FORMAT, Master

_FIRST_FORMAT = 1
NAME = "workspace.json"
DATABASE = "workspace.db"
_ADDRESS = N_("The database address is not understood; give it as postgresql://user@host/name.")
_TAKEN = N_("There is already a workspace here. Nothing was changed; choose another directory.")

#: One writer of the first file at a time, in this process; another process waits for the directory.
_WRITING = threading.RLock()
_HELD: set[Path] = set()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_HELD.clear)  # what the parent holds, its child does not
try:
    import fcntl
except ImportError:  # not a POSIX system: the lock of the process has to do
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Workspace:
    """A directory that holds, or will hold, a workspace."""

    directory: Path

    @property
    def exists(self) -> bool:
        """Whether a workspace was created here."""
        return (self.directory / NAME).is_file()

    def create(
        self, passphrase: str, *, handle: str = "", key_file: bytes = b"", database: str | None = None
    ) -> Master:
        """Create the directory and its first key slot; the database itself is made by migrating it.

        ``database`` is a PostgreSQL address (``postgresql://user@host/name``, without a password), or None
        for the encrypted file. Raises ``BadInput`` if there is a workspace already or the directory is not empty.
        """
        self._refuse_if_taken()
        if database is not None:
            database_settings_from(database)
        refuse_weak(passphrase)
        master = Master(os.urandom(32))
        config = slots.new_config(database)
        stretched = slots.stretched_for(config, passphrase, handle=handle, key_file=key_file)
        self._make(slots.sealed_config(slots.with_slot(config, stretched, master), master.file_key))
        return master

    def unlock(self, passphrase: str, *, handle: str = "", key_file: bytes = b"") -> Master:
        """Open the account of these words and put the file key in memory; ``WrongPassphrase`` otherwise.

        A workspace of the first format becomes one of the present format here, at once.
        """
        config = self._read()
        if config.get("format") == _FIRST_FORMAT:
            master = self._upgraded(config, passphrase, handle, key_file)
        else:
            stretched = slots.stretched_for(config, passphrase, handle=handle, key_file=key_file)
            master = slots.opened(config, stretched)
        self._go_on_renewing(master.file_key)
        FILE_KEY.put(master.file_key)
        return master

    def open_invitation(self, code: str) -> Master:
        """Return what a join code opens: an account that lasts until somebody has joined by it."""
        return self.open_way(self.stretch(code), kind="invitation")

    def add_slot(
        self,
        master: Master,
        passphrase: str,
        *,
        handle: str = "",
        key_file: bytes = b"",
        kind: slots.Kind = "passphrase",
    ) -> None:
        """Let these words open the account of ``master``; ``BadInput`` if they are weak or open another already."""
        refuse_weak(passphrase)
        with self._changing() as config:
            stretched = slots.stretched_for(config, passphrase, handle=handle, key_file=key_file)
            self._write(slots.sealed_config(slots.with_slot(config, stretched, master, kind=kind), master.file_key))

    def change_passphrase(
        self,
        old: str,
        new: str,
        *,
        handle: str = "",
        key_file: bytes = b"",
        new_handle: str | None = None,
        new_key_file: bytes = b"",
        only: UUID | None = None,
    ) -> Master:
        """Wrap one's own slot anew; the old words open nothing any more. ``WrongPassphrase`` if they open no slot.

        ``only`` names the account whose slot it has to be, where somebody is at work as it.
        """
        refuse_weak(new)
        if self._read().get("format") == _FIRST_FORMAT:
            self.unlock(old, handle=handle, key_file=key_file)
        with self._changing() as config:
            before = slots.stretched_for(config, old, handle=handle, key_file=key_file)
            master = slots.opened(config, before)
            if only not in {None, master.account}:
                raise WrongPassphrase
            after = slots.stretched_for(
                config, new, handle=handle if new_handle is None else new_handle, key_file=new_key_file
            )
            rest = slots.without_slot(config, before)
            self._write(slots.sealed_config(slots.with_slot(rest, after, master), master.file_key))
        return master

    def stretch(self, passphrase: str, *, handle: str = "", key_file: bytes = b"") -> Stretched:
        """Return what these words yield here, whether they open anything or not."""
        return slots.stretched_for(self._read(), passphrase, handle=handle, key_file=key_file)

    def open_way(self, stretched: Stretched, *, kind: slots.Kind) -> Master:
        """Return what a slot of ``kind`` wraps; ``WrongPassphrase`` if there is none of these words."""
        master = slots.opened(self._read(), stretched, kind=kind)
        self._go_on_renewing(master.file_key)
        return master

    def set_way(
        self, master: Master, stretched: Stretched, *, kind: slots.Kind, instead_of: Collection[slots.Kind]
    ) -> None:
        """Make a slot for the account of ``master`` and take its slots of some kinds away, in one writing."""
        with self._changing() as config:
            slots.demand_seal(config, master.file_key)
            rest = slots.without_kinds(config, master.file_key, master.account, instead_of)
            self._write(slots.sealed_config(slots.with_slot(rest, stretched, master, kind=kind), master.file_key))

    def drop_ways(
        self, account: UUID, *, kinds: Collection[slots.Kind], file_key: bytes, but: Stretched | None = None
    ) -> None:
        """Take the ways of some kinds into ``account`` away, in one writing; the one that ``but`` opens stays."""
        with self._changing() as config:
            slots.demand_seal(config, file_key)
            rest = slots.without_kinds(config, file_key, account, kinds, but=but)
            self._write(slots.sealed_config(rest, file_key))

    def ways_into(self, account: UUID, *, file_key: bytes) -> list[str]:
        """Return of which kinds the slots of ``account`` are."""
        return slots.kinds_of(self._read(), file_key, account)

    def drop_slots(self, account: UUID, *, file_key: bytes, knew: bool = True) -> None:
        """Take every way into ``account`` away. Where somebody outside ``knew`` it, a new key of the file is due."""
        with self._changing() as config:
            rest = slots.without_account(config, file_key, account)
            if knew and rest["slots"] != config.get("slots"):
                rest[renewing.DUE] = True
            self._write(slots.sealed_config(rest, file_key))

    @property
    def renewal_is_due(self) -> bool:
        """Whether somebody who had the key of the file was let go since it was made, or a renewal is not finished."""
        return any(self._read().get(name) for name in (renewing.DUE, renewing.FORMER))

    def renew(self, file_key: bytes, holders: Mapping[UUID, PublicKeys]) -> bytes | None:
        """Make a new key of the file if one is due, and put the file under it; return it. Then ``end_renewal``.

        ``holders`` are the keys of everybody who has a way in; None, and nothing is changed, where one is missing.
        """
        with self.alone():
            config = self._read()
            slots.demand_seal(config, file_key)
            if config.get(renewing.FORMER):
                return file_key
            new = os.urandom(32)
            fresh = slots.renewed(config, file_key, new, holders) if config.get(renewing.DUE) else None
            if fresh is None:
                return None
            self._write(slots.sealed_config(fresh, new))
            self._go_on_renewing(new)
        FILE_KEY.put(new)
        return new

    def former_key(self, file_key: bytes) -> bytes | None:
        """Return the former key of the file, while a renewal is not finished."""
        return renewing.former_key(self._read(), file_key)

    def end_renewal(self, file_key: bytes) -> None:
        """Forget the former key: nothing is under it any more."""
        with self._changing() as config:
            slots.demand_seal(config, file_key)
            self._write(slots.sealed_config({**config, renewing.FORMER: None}, file_key))

    def _go_on_renewing(self, file_key: bytes) -> None:
        """Put the file under its new key, if whoever made it was killed before."""
        if not self._read().get(renewing.FORMER):
            return
        with self.alone():
            old = self.former_key(file_key)
            if old is not None:
                renewing.put_under(self.directory / DATABASE, old=old, new=file_key)

    def accounts(self, *, file_key: bytes) -> list[UUID]:
        """Return whose slots there are, in their order."""
        config = self._read()
        return [slots.holder_of(config, slot, file_key) for slot in config.get("slots", ())]

    def slots(self) -> list[object]:
        """Return the key slots, as a backup carries them."""
        config = self._read()
        if config.get("format") == _FIRST_FORMAT:
            kept = config.get("slots")
            return list(kept) if isinstance(kept, list) else []
        return [slots.portable(config)]

    def create_from(self, kept: list[object], *, database: str | None = None, master: Master | None = None) -> None:
        """Create the directory around key slots that a backup brought; the database is filled by restoring.

        ``database`` as in ``create``: what was kept from one kind of database may be restored to the other.
        ``master`` is what the slots were opened with: it seals the new file (those of the first format had no seal).
        """
        self._refuse_if_taken()
        if database is not None:
            database_settings_from(database)
        first = kept[0] if kept else None
        if not isinstance(first, dict):
            raise DamagedSeal
        if first.get("format") != FORMAT:
            self._make({"format": _FIRST_FORMAT, "database": database, "slots": kept})
            return
        if master is None:
            raise TypeError("slots of this format are sealed with the key they open")
        self._make(slots.sealed_config({**first, "database": database}, master.file_key))

    def unmake(self) -> None:
        """Take away what was made here, when filling it failed: only for whoever made it a moment ago."""
        for path in (self.directory / NAME, *self.directory.glob(DATABASE + "*"), *self.directory.glob("keys.db*")):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.directory / "sealed", ignore_errors=True)

    def database_settings(self) -> dict[str, Any]:
        """Return Django's settings of the database of this workspace."""
        address = self._read().get("database") if self.exists else None
        if address:
            return database_settings_from(str(address))
        return {
            "ENGINE": "tejido.vault.sqlcipher",
            "NAME": str(self.directory / DATABASE),
            "CONN_MAX_AGE": None,
            "OPTIONS": {"transaction_mode": "IMMEDIATE"},
        }

    def _refuse_if_taken(self) -> None:
        if self.exists:
            raise BadInput(_TAKEN)
        if self.directory.exists() and any(self.directory.iterdir()):
            raise BadInput(N_("The directory is not empty. Nothing was changed; choose an empty or new one."))

    def _make(self, config: Mapping[str, object]) -> None:
        """Make the directory around ``config``. Of two who do it at once, one is refused and changes nothing."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        (self.directory / "sealed").mkdir(mode=0o700, exist_ok=True)
        try:
            fresh = new_private(self._fresh)
        except FileExistsError:
            raise BadInput(_TAKEN) from None
        if self.exists:
            fresh.close()
            self._fresh.unlink()
            raise BadInput(_TAKEN)
        self._put(config, fresh)

    def _upgraded(self, config: Mapping[str, Any], passphrase: str, handle: str, key_file: bytes) -> Master:
        """Open a workspace of the first format and write it anew. What its master secret was is the account's root.

        The file is replaced at once: whoever is killed here leaves the old format or the new one, and both open.
        """
        first = config.get("slots")
        if not isinstance(first, list) or not first or not isinstance(first[0], dict):
            raise DamagedSeal
        master = Master(open_slot(first[0], passphrase))
        if slots.plain_handle(handle) or key_file:
            raise WrongPassphrase
        fresh = slots.new_config(config.get("database"))
        fresh = slots.with_slot(fresh, slots.stretched_for(fresh, passphrase), master)
        with contextlib.suppress(OSError):  # a disk that only reads: it opens all the same, and is renewed another day
            self._write(slots.sealed_config(fresh, master.file_key))
        return master

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else, in this process and in others, from changing who has a way in until the block ends."""
        with _WRITING:
            if fcntl is None or self.directory in _HELD:
                yield
                return
            handle = os.open(self.directory, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX)
                _HELD.add(self.directory)
                yield
            finally:
                _HELD.discard(self.directory)
                fcntl.flock(handle, fcntl.LOCK_UN)
                os.close(handle)

    @contextmanager
    def _changing(self) -> Iterator[Mapping[str, Any]]:
        with self.alone():
            yield self._read()

    def _read(self) -> Mapping[str, Any]:
        path = self.directory / NAME
        if not path.is_file():
            raise NotFound(N_("There is no workspace here. Nothing was changed; create one with the init command."))
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError):
            raise DamagedSeal from None
        if not isinstance(config, dict) or config.get("format") not in {_FIRST_FORMAT, FORMAT}:
            raise DamagedSeal
        return config

    def _write(self, config: Mapping[str, object]) -> None:
        """Replace the file at once: a killed process leaves the old one or the new one."""
        self._fresh.unlink(missing_ok=True)
        self._put(config, new_private(self._fresh))

    def _put(self, config: Mapping[str, object], fresh: BinaryIO) -> None:
        with fresh as file:
            file.write(json.dumps(config, indent=1).encode())
            file.flush()
            os.fsync(file.fileno())
        self._fresh.replace(self.directory / NAME)

    @property
    def _fresh(self) -> Path:
        return self.directory / "workspace.new"


def database_settings_from(address: str) -> dict[str, Any]:
    """Return Django's settings for a PostgreSQL address; ``BadInput`` for another kind, or with a password.

    The password comes from the environment (``PGPASSWORD``) or libpq's password file, never from the workspace.
    """
    try:
        parts = urlsplit(address)
        port = str(parts.port or "")
    except ValueError:
        raise BadInput(_ADDRESS) from None
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise BadInput(_ADDRESS)
    if parts.password:
        raise BadInput(N_("Leave the password out of the database address; give it in PGPASSWORD or a password file."))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": None,
    }


def workspace_of_process() -> Workspace:
    """Return the workspace this process was started for (``TEJIDO_DIR``)."""
    return Workspace(Path(os.environ.get("TEJIDO_DIR", "workspace")).resolve())


__all__ = ["Master", "Workspace", "database_settings_from", "workspace_of_process"]
