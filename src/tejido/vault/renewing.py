"""A new key of the file, once somebody who had it was let go.

Every account holds the key of the database file, and what backups are wrapped under: so does whoever was let go.
Their slot cannot be asked back, and nobody can write into the slots of others, whose words nobody knows. So a new key
is sealed (HPKE) to the public key of each account that stays, and stands beside the slots; what a slot wraps is the
old one. While ``former`` stands there too, the file may still be under the old key: whoever opens the workspace
finishes.

Killed before the new ``workspace.json`` is in its place, everything is as before; after it, the next opening goes on:
SQLCipher's ``rekey`` is one transaction.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from tejido.domain.errors import DamagedSeal
from tejido.vault.member_keys import OwnKeys, PublicKeys, seal_to, statement
from tejido.vault.seal import derive, unwrap, wrap

Config = Mapping[str, Any]
#: In ``workspace.json``: that somebody knew who is gone; the key for each account; the former key under the new.
DUE, KEYS, FORMER = "due", "renewed", "former"
_PURPOSE: Final = "former key of the file"


def current_key(config: Config, root: bytes, account: UUID, in_slot: bytes) -> bytes:
    """Return the key of the file as it is now, for the account of ``root`` whose slot wraps ``in_slot``."""
    sealed = _keys(config).get(_label(config, account))
    return in_slot if sealed is None else OwnKeys(root).open(sealed, info=_info(config, account))


def sealed_keys(config: Config, new: bytes, holders: Mapping[UUID, PublicKeys]) -> dict[str, str]:
    """Return ``new`` sealed to each of ``holders``, as ``workspace.json`` keeps it."""
    return {
        _label(config, account): _text(seal_to(keys.seal, new, info=_info(config, account)))
        for account, keys in holders.items()
    }


def former_kept(new: bytes, old: bytes) -> str:
    """Return the former key as it is kept until the file is under the new one."""
    return _text(wrap(derive(new, _PURPOSE), old, purpose=_PURPOSE))


def former_key(config: Config, new: bytes) -> bytes | None:
    """Return the former key, where the renewal was not finished."""
    kept = config.get(FORMER)
    return unwrap(derive(new, _PURPOSE), _bytes(kept), purpose=_PURPOSE) if kept else None


def put_under(file: Path, *, old: bytes, new: bytes) -> None:
    """Encrypt the database at ``file`` anew: all of it, or nothing if the process is killed.

    Nothing is done where it is under ``new`` already. Raises the driver's error where neither key opens it.
    """
    from tejido.vault.sqlcipher.base import Database, connect

    if not file.is_file():
        return
    try:
        connect(str(file), new).close()
    except Database.DatabaseError:
        connection = connect(str(file), old)
        try:
            connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
            connection.execute("PRAGMA busy_timeout = 2000")  # somebody who reads may go on reading
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # no page under the former key stays in the log
        finally:
            connection.close()


def _keys(config: Config) -> dict[str, bytes]:
    kept = config.get(KEYS, {})
    if not isinstance(kept, dict):
        raise DamagedSeal
    return {label: _bytes(sealed) for label, sealed in kept.items()}


def _label(config: Config, account: UUID) -> str:
    """Return what stands for an account: it says nothing to whoever does not know the account."""
    return hashlib.sha256(statement("label of an account", str(config.get("id")).encode(), account.bytes)).hexdigest()


def _info(config: Config, account: UUID) -> bytes:
    return statement("key of the file", str(config.get("id")).encode(), account.bytes)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (ValueError, binascii.Error):
        raise DamagedSeal from None
