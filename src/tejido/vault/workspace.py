"""A workspace: one directory with the key slots, the encrypted database and what is derived from it.

::

    DIR/
      workspace.json   format, kind of database, key slots (no secret in clear)
      workspace.db     the encrypted database (embedded kind)
      catalogue-*.db   encrypted search catalogue, derived; may be deleted at any time
      sealed/          sealed files: imports being previewed, attachments

The master secret exists only wrapped in ``workspace.json`` and, while the workspace is open, in memory.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from tejido.domain.errors import BadInput, DamagedSeal, NotFound
from tejido.domain.words import N_
from tejido.vault.files import new_private
from tejido.vault.keyring import FILE_KEY
from tejido.vault.passphrase import new_slot, open_slot
from tejido.vault.seal import derive

FORMAT = 1
NAME = "workspace.json"
DATABASE = "workspace.db"
_ADDRESS = N_("The database address is not understood; give it as postgresql://user@host/name.")
_TAKEN = N_("There is already a workspace here. Nothing was changed; choose another directory.")


@dataclass(frozen=True)
class Master:
    """The master secret of an open workspace, and the keys that follow from it."""

    secret: bytes

    @property
    def file_key(self) -> bytes:
        """The raw key of the encrypted database file."""
        return derive(self.secret, "file")

    @property
    def circle_wrapping_key(self) -> bytes:
        """The key under which circle keys are wrapped in the database."""
        return derive(self.secret, "circles")


@dataclass(frozen=True)
class Workspace:
    """A directory that holds, or will hold, a workspace."""

    directory: Path

    @property
    def exists(self) -> bool:
        """Whether a workspace was created here."""
        return (self.directory / NAME).is_file()

    def create(self, passphrase: str, *, database: str | None = None) -> Master:
        """Create the directory and its key slot; the database itself is made by migrating it.

        ``database`` is a PostgreSQL address (``postgresql://user@host/name``, without a password), or None
        for the encrypted file. Raises ``BadInput`` if there is a workspace already or the directory is not empty.
        """
        self._refuse_if_taken()
        if database is not None:
            database_settings_from(database)
        master = Master(os.urandom(32))
        slot = new_slot(passphrase, master.secret)
        self._make({"format": FORMAT, "database": database, "slots": [slot]})
        return master

    def unlock(self, passphrase: str) -> Master:
        """Return the master secret and put the file key in memory; ``WrongPassphrase`` otherwise."""
        master = Master(open_slot(self._slot(), passphrase))
        FILE_KEY.put(master.file_key)
        return master

    def change_passphrase(self, old: str, new: str) -> None:
        """Wrap the master secret under a new passphrase; the old one opens nothing any more."""
        config = self._read()
        master = open_slot(self._slot(), old)
        self._write({**config, "slots": [new_slot(new, master)]})

    def slots(self) -> list[object]:
        """Return the key slots, as a backup carries them."""
        slots = self._read().get("slots")
        return list(slots) if isinstance(slots, list) else []

    def create_from(self, slots: list[object], *, database: str | None = None) -> None:
        """Create the directory around key slots that a backup brought; the database is filled by restoring.

        ``database`` as in ``create``: what was kept from one kind of database may be restored to the other.
        """
        self._refuse_if_taken()
        if database is not None:
            database_settings_from(database)
        self._make({"format": FORMAT, "database": database, "slots": slots})

    def unmake(self) -> None:
        """Take away what was made here, when filling it failed: only for whoever made it a moment ago."""
        for path in (self.directory / NAME, *self.directory.glob(DATABASE + "*")):
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

    def _slot(self) -> dict[str, object]:
        slots = self._read().get("slots")
        if not isinstance(slots, list) or not slots or not isinstance(slots[0], dict):
            raise DamagedSeal
        return slots[0]

    def _read(self) -> Mapping[str, object]:
        path = self.directory / NAME
        if not path.is_file():
            raise NotFound(N_("There is no workspace here. Nothing was changed; create one with the init command."))
        try:
            config = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError):
            raise DamagedSeal from None
        if not isinstance(config, dict) or config.get("format") != FORMAT:
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
