"""Letting another circle open one dossier: its data key, left in that circle's inbox. A grant *is* the wrapped key.

Taking it back deletes the row; what was read meanwhile cannot be unread. Erasing the dossier takes it from everybody.
Layout of the wrapped key (version 2): version 2 byte | what ``inbox.seal_to_inbox`` made, with the dossier as purpose.
"""

from __future__ import annotations

from uuid import UUID

from tejido.domain.errors import DamagedSeal
from tejido.vault import keystore
from tejido.vault.dossier_keys import GRANTED, KEY
from tejido.vault.dossier_ring import forget_everywhere
from tejido.vault.inbox import Inbox, open_from_inbox, seal_to_inbox
from tejido.vault.keyring import Keyring, current
from tejido.vault.keystore import KeyRow


def grant_key(dossier: UUID, *, of: UUID, to: Inbox) -> None:
    """Let the circle of the inbox ``to`` open ``dossier`` of the circle ``of``; whoever calls records it.

    Raises ``WorkspaceLocked`` or ``DossierGone`` if it cannot be opened here.
    """
    key = current().dossiers.opening(of, dossier).key
    wrapped = bytes([GRANTED]) + seal_to_inbox(to, key, purpose=_purpose(dossier))
    keystore.of_process().add([KeyRow(dossier, to.circle, to.epoch, wrapped)])


def withdraw_key(dossier: UUID, *, of: UUID, to: UUID) -> None:
    """Take the key from the circle ``to`` again; the circle ``of`` keeps its own. ``ValueError`` if they are one."""
    if of == to:
        raise ValueError("a circle keeps the keys of its own dossiers")
    keystore.of_process().take_from(to, [dossier])
    forget_everywhere([dossier])


def opened_grant(row: KeyRow, keyring: Keyring) -> bytes:
    """Return the data key of a granted row; ``DamagedSeal`` if it was left for another dossier, or altered."""
    key = open_from_inbox(row.wrapped[1:], purpose=_purpose(row.dossier), keyring=keyring)
    if len(key) != KEY:
        raise DamagedSeal
    return key


def _purpose(dossier: UUID) -> str:
    return f"dossier/{dossier.hex}"
