"""Letting another circle open one dossier, for a time: its data key, left in that circle's inbox.

A grant *is* the wrapped key. Taking it back deletes the row; what was read meanwhile cannot be unread. Erasing the
dossier takes it from everybody. The last day is sealed with the key: after it the row opens nothing, whether or not
it was swept away by then. It only opens: nothing is sealed under a granted key.
Layout of the wrapped key (version 2): version 2 byte | what ``inbox.seal_to_inbox`` made of the key (32 bytes) and
the last day (ordinal, 4 bytes), with the dossier as purpose.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from tejido.domain.errors import DamagedSeal, WorkspaceLocked
from tejido.vault import keystore
from tejido.vault.dossier_keys import GRANTED, KEY
from tejido.vault.dossier_ring import forget_everywhere
from tejido.vault.inbox import Inbox, open_from_inbox, seal_to_inbox
from tejido.vault.keyring import Keyring, current
from tejido.vault.keystore import KeyRow

_DAY: Final = 4  # bytes


def today() -> date:
    """Return the day by which grants end (UTC)."""
    return datetime.now(UTC).date()


def grant_key(dossier: UUID, *, of: UUID, to: Inbox, until: date) -> None:
    """Let the circle of the inbox ``to`` open ``dossier`` of the circle ``of``, ``until`` that day, it included.

    Whoever calls records it. What was granted to that circle before is replaced. Raises ``WorkspaceLocked`` or
    ``DossierGone`` if the dossier cannot be opened here, ``ValueError`` if the two circles are one.
    """
    if of == to.circle:
        raise ValueError("a circle keeps the keys of its own dossiers")
    key = current().dossiers.opening(of, dossier).key
    told = key + until.toordinal().to_bytes(_DAY, "big")
    wrapped = bytes([GRANTED]) + seal_to_inbox(to, told, purpose=_purpose(dossier))
    keystore.of_process().replace(KeyRow(dossier, to.circle, to.epoch, wrapped))


def withdraw_key(dossier: UUID, *, of: UUID, to: UUID) -> None:
    """Take the key from the circle ``to`` again; the circle ``of`` keeps its own. ``ValueError`` if they are one."""
    if of == to:
        raise ValueError("a circle keeps the keys of its own dossiers")
    keystore.of_process().take_from(to, [dossier])
    forget_everywhere([dossier])


def opened_grant(row: KeyRow, keyring: Keyring) -> bytes:
    """Return the data key of a granted row.

    Raises ``DamagedSeal`` if it was left for another dossier, or altered; ``WorkspaceLocked`` after its last day.
    """
    told = open_from_inbox(row.wrapped[1:], purpose=_purpose(row.dossier), keyring=keyring)
    if len(told) != KEY + _DAY:
        raise DamagedSeal
    if today().toordinal() > int.from_bytes(told[KEY:], "big"):
        raise WorkspaceLocked
    return told[:KEY]


def _purpose(dossier: UUID) -> str:
    return f"dossier/{dossier.hex}"
