"""Sealed sessions: a stolen database opens none of them, and none outlives the process.

The cookie is 32 random bytes. The row key is a hash of the cookie; the data is sealed under a key derived from
the cookie and a secret that exists only in this process's memory. ``SESSION_ENGINE`` names this module.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import transaction

from tejido.domain.errors import DamagedSeal
from tejido.vault.keyring import FILE_KEY, Keyring
from tejido.vault.models import Session
from tejido.vault.seal import derive, unwrap, wrap

#: Born with the process (and shared by the workers it forks); never written anywhere.
BOOT_SECRET = secrets.token_bytes(32)
BOOT = hashlib.sha256(b"boot" + BOOT_SECRET).hexdigest()[:32]


class SessionStore(SessionBase):
    """One visitor's session. While the workspace is locked, every session is empty."""

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        try:
            plain = unwrap(self._data_key(), bytes(row.data), purpose=f"session/{row.row}")
        except DamagedSeal:
            self._session_key = None
            return {}
        data: dict[str, Any] = json.loads(plain)
        return data

    def create(self) -> None:
        self._session_key = secrets.token_urlsafe(32)
        self.save(must_create=True)
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        if not FILE_KEY.is_open:
            return None
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        name = _row_name(self.session_key)
        sealed = wrap(self._data_key(), json.dumps(data).encode(), purpose=f"session/{name}")
        with transaction.atomic():
            if must_create:
                if Session.objects.filter(row=name).exists():
                    raise CreateError
                Session.objects.create(row=name, boot=BOOT, data=sealed)
            elif not Session.objects.filter(row=name).update(data=sealed):
                raise UpdateError
        return None

    def exists(self, session_key: str | None) -> bool:
        return bool(session_key) and Session.objects.filter(row=_row_name(session_key or "")).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key and FILE_KEY.is_open:
            Session.objects.filter(row=_row_name(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions of earlier processes: nothing can open them any more."""
        Session.objects.exclude(boot=BOOT).delete()

    def _row(self) -> Session | None:
        if not self.session_key or not FILE_KEY.is_open:
            return None
        return Session.objects.filter(row=_row_name(self.session_key), boot=BOOT).first()

    def _data_key(self) -> bytes:
        return derive((self.session_key or "").encode() + BOOT_SECRET, "session data")


#: Under this name, which is no circle's, a session keeps whose keys they are.
_OWN = "own"


def keys_for_session(keyring: Keyring) -> dict[str, dict[str, str]]:
    """Return the keyring as it is kept inside a sealed session."""
    kept = {
        circle.hex: {str(epoch): key.hex() for epoch, key in epochs.items()}
        for circle, epochs in keyring.exported().items()
    }
    if keyring.account is not None and keyring.signing_seed is not None:
        notes = keyring.notes_key or b""
        kept[_OWN] = {"account": keyring.account.hex, "seed": keyring.signing_seed.hex(), "notes": notes.hex()}
    return kept


def keyring_from_session(kept: Mapping[str, Mapping[str, str]]) -> Keyring:
    """Return the keyring kept by ``keys_for_session``."""
    own = kept.get(_OWN)
    return Keyring(
        {
            UUID(circle): {int(epoch): bytes.fromhex(key) for epoch, key in epochs.items()}
            for circle, epochs in kept.items()
            if circle != _OWN
        },
        account=UUID(own["account"]) if own else None,
        signing_seed=bytes.fromhex(own["seed"]) if own else None,
        notes_key=bytes.fromhex(own["notes"]) or None if own else None,
    )


def _row_name(cookie: str) -> str:
    return hashlib.sha256(b"row" + cookie.encode()).hexdigest()
