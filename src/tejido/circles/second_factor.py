"""The second factor of an account: setting it up, asking for it at the door, taking it away."""

from __future__ import annotations

import time
from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from tejido.circles.door import PATIENCE
from tejido.circles.policies import Worker
from tejido.domain.errors import BadInput, Conflict, NotFound, TejidoError, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import second_factor as factor
from tejido.vault.journal import writing
from tejido.vault.member_keys import OwnKeys
from tejido.vault.models import SecondFactor
from tejido.vault.slots import Master

_WAIT = N_("After several wrong codes, each new one waits a little longer. Nothing was changed; try again soon.")
_NOT_IT = N_(
    "This is not the code of now. Nothing was changed; look whether the clock of the telephone is right, and type the "
    "next code."
)
_HAS_ONE = N_("You have a second factor already. Nothing was changed; take it away first.")


class SecondFactorNeeded(TejidoError):
    """The passphrase is right and the second factor is missing, wrong, or was used."""

    message = N_(
        "The code of your second factor is missing, is wrong or was used already. Nothing was changed; type the one "
        "that your telephone shows now, or one of those on paper."
    )


def has_second_factor(account: UUID | None) -> bool:
    """Say whether an account has a second factor."""
    return account is not None and bool(with_second_factor([account]))


def with_second_factor(accounts: Collection[UUID]) -> set[UUID]:
    """Return those of ``accounts`` that have a second factor."""
    return set(SecondFactor.objects.filter(account__in=list(accounts)).values_list("account", flat=True))


def set_up(*, by: Worker, master: Master, secret: bytes, code: str, now: float | None = None) -> tuple[str, ...]:
    """Ask for a second factor from now on; return the codes on paper, which are shown once.

    ``code`` shows that the telephone has the secret. Raises ``BadInput`` if it is not that of now.
    """
    _demand_own(by, master)
    notes_key = OwnKeys(master.secret).notes_key
    kept = factor.used(factor.SecondFactor(secret), code, now=_now(now), notes_key=notes_key)
    if kept is None:
        raise BadInput(_NOT_IT)
    kept, shown = factor.with_paper(kept, notes_key)
    with writing(by=by, action="account.second_factor"):
        if has_second_factor(master.account):
            raise Conflict(_HAS_ONE)
        row = factor.sealed(kept, account=master.account, notes_key=notes_key)
        SecondFactor.objects.create(account=master.account, sealed=row)
    return shown


def take_away(*, by: Worker, master: Master, code: str, now: float | None = None) -> None:
    """Ask for no second factor any more. Needs one of its codes; ``SecondFactorNeeded`` otherwise."""
    _demand_own(by, master)
    if not has_second_factor(master.account):
        raise NotFound
    demand_second_factor(master, code, now=now)
    with writing(by=by, action="account.second_factor_away"):
        SecondFactor.objects.filter(account=master.account).delete()


def demand_second_factor(master: Master, code: str, *, now: float | None = None) -> None:
    """Use up ``code`` if the account has a second factor; ``SecondFactorNeeded`` if it is none of its codes.

    Wrong codes are counted by account, apart from wrong passphrases: a right passphrase forgets none of them.
    """
    if not has_second_factor(master.account):
        return
    name = f"\0second {master.account.hex}"
    if PATIENCE.wait(name):
        raise BadInput(_WAIT)
    notes_key = OwnKeys(master.secret).notes_key
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().get(account=master.account)
        kept = factor.opened(bytes(row.sealed), account=master.account, notes_key=notes_key)
        after = factor.used(kept, code, now=_now(now), notes_key=notes_key)
        if after is not None:
            row.sealed = factor.sealed(after, account=master.account, notes_key=notes_key)
            row.save()
    if after is None:
        if code.strip():
            PATIENCE.wrong(name)
        raise SecondFactorNeeded
    PATIENCE.right(name)


def _demand_own(by: Worker, master: Master) -> None:
    if by.account != master.account:
        raise WrongPassphrase


def _now(now: float | None) -> float:
    return time.time() if now is None else now
