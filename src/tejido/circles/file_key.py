"""The key of the file, made anew for those who stay once somebody who had it was let go."""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from django.db import DatabaseError

from tejido.circles.actions import vouching_for
from tejido.circles.halfway import forget
from tejido.circles.standings import members_of
from tejido.domain.errors import TejidoError
from tejido.vault.journal import By, writing
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.known_backups import renew_known
from tejido.vault.member_keys import PublicKeys
from tejido.vault.workspace import Workspace

logger = logging.getLogger(__name__)
ACTION: Final = "circle.renew_file_key"


def renew_file_key(*, by: By, workspace: Workspace) -> bool:
    """Make a new key of the file if one is due, or finish one that was begun; say whether that was done.

    It is sealed to everybody who has a way in, so whoever does it has to share a circle with each of them; otherwise
    it waits for somebody who does. What fails is finished at the next opening.
    """
    try:
        if not workspace.renewal_is_due:
            return False
        new = workspace.renew(FILE_KEY.get(), _holders())
        if new is None:
            return False
        forget()  # whoever is on the way in holds the former key
        former = workspace.former_key(new)
        if former is not None:
            renew_known(former, new)
        with writing(by=by, action=ACTION):
            pass
        workspace.end_renewal(new)
    except (TejidoError, OSError, DatabaseError):
        logger.exception("the key of the file could not be made anew")
        return False
    return True


def _holders() -> dict[UUID, PublicKeys]:
    """Return the vouched public keys of everybody who belongs to one of the circles at work, or is invited."""
    keyring, found = current(), dict[UUID, PublicKeys]()
    for circle, epochs in keyring.exported().items():
        vouching = vouching_for(circle, keyring)
        for member in members_of(circle):
            if member.account is not None and member.status in {"active", "invited"}:
                vouching.demand(max(epochs), member.account)
                found[member.account] = vouching.keys_of(member.account)
    return found
