"""The second factor of an account: setting it up, asking for it at the door, taking it away.

Codes of a telephone stand here; what passkeys add is in ``passkeys``. Either is enough where an account has both.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from tejido.circles.door import PATIENCE
from tejido.circles.halfway import QUESTIONS
from tejido.circles.policies import Worker
from tejido.domain.errors import BadInput, Conflict, NotFound, TejidoError, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import second_factor as factor
from tejido.vault.journal import writing
from tejido.vault.keyring import current
from tejido.vault.member_keys import OwnKeys
from tejido.vault.models import SecondFactor
from tejido.vault.slots import Master

#: What a passkey may be asked for: to open the notebook; to prove oneself on a page of one's own account; to be made.
AT_THE_DOOR, TO_PROVE, TO_ADD = "door", "prove", "add"
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


class PasskeyTooLate(SecondFactorNeeded):
    """A passkey answered what was not asked, or not any more: too late, or for the second time."""

    message = N_(
        "This answer of a passkey came too late, or for the second time. Nothing was changed; use it once more."
    )


class PasskeyNotAccepted(SecondFactorNeeded):
    """A passkey answered wrongly; ``message`` says how."""

    def __init__(self, error: TejidoError) -> None:
        super().__init__(error.message)


def has_second_factor(account: UUID | None) -> bool:
    """Say whether an account has a second factor."""
    return account is not None and bool(with_second_factor([account]))


def with_second_factor(accounts: Collection[UUID]) -> set[UUID]:
    """Return those of ``accounts`` that have a second factor."""
    return set(SecondFactor.objects.filter(account__in=list(accounts)).values_list("account", flat=True))


def kept_for(account: UUID, notes_key: bytes) -> factor.SecondFactor:
    """Return what is kept for an account; an empty second factor where there is none."""
    row = SecondFactor.objects.filter(account=account).first()
    if row is None:
        return factor.SecondFactor()
    return factor.opened(bytes(row.sealed), account=account, notes_key=notes_key)


def kept_at_work(by: Worker) -> factor.SecondFactor:
    """Return what is kept for whoever is at work, opened with the keys of the session."""
    notes_key = current().notes_key
    return factor.SecondFactor() if by.account is None or notes_key is None else kept_for(by.account, notes_key)


def keep(kept: factor.SecondFactor, *, account: UUID, notes_key: bytes) -> None:
    """Keep what is left of a second factor; nothing where nothing is asked for any more."""
    if not kept.asks:
        SecondFactor.objects.filter(account=account).delete()
        return
    sealed = factor.sealed(kept, account=account, notes_key=notes_key)
    SecondFactor.objects.update_or_create(account=account, defaults={"sealed": sealed})


def with_paper_if_none(kept: factor.SecondFactor, notes_key: bytes) -> tuple[factor.SecondFactor, tuple[str, ...]]:
    """Return what is kept with codes on paper, and those that have to be shown: none where some are left."""
    return (kept, ()) if kept.paper else factor.with_paper(kept, notes_key)


def set_up(
    *,
    by: Worker,
    master: Master,
    secret: bytes,
    code: str,
    proof: str = "",
    answer: str = "",
    now: float | None = None,
) -> tuple[str, ...]:
    """Ask for codes of a telephone from now on; return the codes on paper, which are shown once.

    ``code`` shows that the telephone has the secret. Where there are passkeys already, ``proof`` (a code on paper) or
    the ``answer`` of a passkey is needed too, and codes on paper are returned only where none were left. Raises
    ``BadInput`` for another code than that of now.
    """
    demand_own(by, master)
    notes_key = OwnKeys(master.secret).notes_key
    fresh = factor.used(factor.SecondFactor(secret), code, now=_now(now), notes_key=notes_key) if secret else None
    if fresh is None:
        raise BadInput(_NOT_IT)
    if kept_for(master.account, notes_key).secret:
        raise Conflict(_HAS_ONE)
    demand_second_factor(master, proof, answer=answer, now=now)
    with writing(by=by, action="account.second_factor"):
        before = kept_for(master.account, notes_key)
        if before.secret:
            raise Conflict(_HAS_ONE)
        kept, shown = with_paper_if_none(replace(before, secret=secret, last=fresh.last), notes_key)
        keep(kept, account=master.account, notes_key=notes_key)
    return shown


def take_away(*, by: Worker, master: Master, code: str, answer: str = "", now: float | None = None) -> None:
    """Ask for no code of a telephone any more; passkeys stay. Needs a code, or the ``answer`` of a passkey."""
    demand_own(by, master)
    notes_key = OwnKeys(master.secret).notes_key
    if not kept_for(master.account, notes_key).secret:
        raise NotFound
    demand_second_factor(master, code, answer=answer, now=now)
    with writing(by=by, action="account.second_factor_away"):
        kept = replace(kept_for(master.account, notes_key), secret=b"", last=0)
        keep(kept, account=master.account, notes_key=notes_key)


def demand_second_factor(
    master: Master, code: str, *, answer: str = "", purpose: str = TO_PROVE, now: float | None = None
) -> None:
    """Use up ``code``, or the ``answer`` of a passkey, if the account has a second factor.

    ``SecondFactorNeeded`` if it is none of its codes, and if no passkey of it answered what was asked for this
    ``purpose``. Wrong ones are counted by account, apart from wrong passphrases: a right passphrase forgets none.
    """
    if not has_second_factor(master.account):
        return
    name = f"\0second {master.account.hex}"
    if PATIENCE.wait(name):
        raise BadInput(_WAIT)
    try:
        _use_up(master, code, answer, purpose, _now(now))
    except SecondFactorNeeded:
        if code.strip() or answer:
            PATIENCE.wrong(name)
        raise
    PATIENCE.right(name)


def _use_up(master: Master, code: str, answer: str, purpose: str, now: float) -> None:
    """Keep what is left once a code, or the answer of a passkey, was used; ``SecondFactorNeeded`` where it is none."""
    notes_key = OwnKeys(master.secret).notes_key
    with transaction.atomic():
        row = SecondFactor.objects.select_for_update().get(account=master.account)
        kept = factor.opened(bytes(row.sealed), account=master.account, notes_key=notes_key)
        if answer:
            after: factor.SecondFactor | None = _answered(kept, answer, account=master.account, purpose=purpose)
        else:
            after = factor.used(kept, code, now=now, notes_key=notes_key)
        if after is None:
            raise SecondFactorNeeded
        row.sealed = factor.sealed(after, account=master.account, notes_key=notes_key)
        row.save()


def _answered(kept: factor.SecondFactor, answer: str, *, account: UUID, purpose: str) -> factor.SecondFactor:
    """Return what is kept once a passkey has answered what was asked of it."""
    from tejido.vault import passkeys  # its library is slow to read, and few doors need it

    try:
        challenge = passkeys.challenge_in(answer)
        question = QUESTIONS.take(challenge, account=account, purpose=purpose)
        if question is None:
            raise PasskeyTooLate
        keys = passkeys.shown(answer, challenge=challenge, reached=question.reached, known=kept.keys)
    except passkeys.PasskeyRefused as error:
        raise PasskeyNotAccepted(error) from None
    return replace(kept, keys=keys)


def demand_own(by: Worker, master: Master) -> None:
    """Raise ``WrongPassphrase`` unless ``master`` is the account of whoever is at work."""
    if by.account != master.account:
        raise WrongPassphrase


def _now(now: float | None) -> float:
    return time.time() if now is None else now
