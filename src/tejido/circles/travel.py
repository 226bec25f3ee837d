"""Travelling: a member closes every way in of their own, so that nobody can press it out of them."""

from __future__ import annotations

from uuid import UUID

from tejido.circles.guardians import guardians_of, members_of
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE
from tejido.domain.errors import NotAllowed, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace

_NO_GUARDIANS = N_(
    "Too few guardians could bring you back: choose them first, or anew. Nothing was changed; your passphrase opens "
    "as before."
)


def can_travel(*, by: Worker, workspace: Workspace) -> bool:
    """Say whether so many guardians as are needed belong to the circle and can get in themselves."""
    chosen = guardians_of(by.id)
    if by.account is None or chosen is None or "guardians" not in _ways(workspace, by.account):
        return False
    able = [one for one in members_of(chosen) if one.account and "passphrase" in _ways(workspace, one.account)]
    return len(able) >= int(chosen.terms["needed"])


def close_own_ways(*, by: Worker, workspace: Workspace, master: Master) -> None:
    """Take passphrase and recovery code of ``by`` away and end their sessions; only guardians bring them back.

    Raises ``NotAllowed`` where too few guardians could: nobody is locked out by a slip.
    """
    if master.account != by.account:
        raise WrongPassphrase
    with workspace.alone():
        if not can_travel(by=by, workspace=workspace):
            raise NotAllowed(_NO_GUARDIANS)
        with writing(by=by, action="account.travel"):
            workspace.drop_ways(master.account, kinds=["passphrase", "recovery"], file_key=master.file_key)
    PRESENCE.go_all(master.account)


def _ways(workspace: Workspace, account: UUID) -> list[str]:
    return workspace.ways_into(account, file_key=FILE_KEY.get())
