"""The recovery code of an account: one, long, shown once; it opens a slot of its own and is used up.

As with a changed passphrase, ``workspace.json`` is written inside the transaction of the journal: whoever is killed
between the two has the new way in, and the line is missing.
"""

from __future__ import annotations

from datetime import date

from tejido.circles.actions import memberships_of, open_keyring
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE
from tejido.domain.errors import NotAllowed, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, using
from tejido.vault.models import SecondFactor
from tejido.vault.passphrase import refuse_weak, some_words
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace

#: Words of a recovery code: 129 bits.
CODE_WORDS = 10
_NOWHERE = N_("You belong to no circle here any more. Nothing was changed. Ask a coordinator if this is a mistake.")


class WrongRecoveryCode(WrongPassphrase):
    """A recovery code that opens nothing."""

    message = N_("This recovery code opens nothing here: it was used, replaced or mistyped. Nothing was changed.")


def new_recovery_code(*, by: Worker, workspace: Workspace, master: Master, lang: str = "en") -> str:
    """Give the account of ``master`` another recovery code and return it; an earlier one opens nothing any more."""
    if master.account != by.account:
        raise WrongPassphrase
    code = some_words(CODE_WORDS, lang)
    with workspace.alone(), writing(by=by, action="account.recovery_code"):
        workspace.set_way(master, workspace.stretch(code), kind="recovery", instead_of=["recovery"])
    return code


def has_recovery_code(*, by: Worker, workspace: Workspace) -> bool:
    """Say whether whoever is at work has a recovery code."""
    if by.account is None or not workspace.exists:
        return False
    return "recovery" in workspace.ways_into(by.account, file_key=FILE_KEY.get())


def opened_by_recovery_code(workspace: Workspace, code: str) -> Master:
    """Return what a recovery code opens; ``WrongRecoveryCode`` if it opens nothing."""
    try:
        return workspace.open_way(workspace.stretch(code), kind="recovery")
    except WrongPassphrase:
        raise WrongRecoveryCode from None


def recover_with_code(
    *, workspace: Workspace, code: str, passphrase: str, today: date, handle: str = "", key_file: bytes = b""
) -> Master:
    """Give an account another passphrase by its recovery code, which is used up; its sessions end.

    Raises ``WrongRecoveryCode``, ``BadInput`` for weak words, ``NotAllowed`` for somebody who belongs nowhere now.
    """
    refuse_weak(passphrase)
    with workspace.alone():
        master = opened_by_recovery_code(workspace, code)
        FILE_KEY.put(master.file_key)
        with using(open_keyring(master)):
            mine = memberships_of(master.account, today=today)
            if not mine:
                raise NotAllowed(_NOWHERE)
            new = workspace.stretch(passphrase, handle=handle, key_file=key_file)
            with writing(by=mine[0], action="account.recover"):
                SecondFactor.objects.filter(account=master.account).delete()
                workspace.set_way(master, new, kind="passphrase", instead_of=["passphrase", "recovery"])
    PRESENCE.go_all(master.account)
    return master


__all__ = [
    "WrongRecoveryCode",
    "has_recovery_code",
    "new_recovery_code",
    "opened_by_recovery_code",
    "recover_with_code",
]
