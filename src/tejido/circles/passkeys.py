"""Passkeys of an account: making one, listing them, taking one away. What asks for them is in ``second_factor``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from tejido.circles.halfway import QUESTIONS
from tejido.circles.policies import Worker
from tejido.circles.second_factor import (
    TO_ADD,
    TO_PROVE,
    PasskeyTooLate,
    demand_own,
    demand_second_factor,
    keep,
    kept_for,
    with_paper_if_none,
)
from tejido.domain.errors import BadInput, NotFound, WorkspaceLocked
from tejido.domain.words import N_
from tejido.vault import passkeys as webauthn
from tejido.vault.journal import writing
from tejido.vault.keyring import current
from tejido.vault.member_keys import OwnKeys
from tejido.vault.seal import derive
from tejido.vault.second_factor import Passkey, Reached, SecondFactor
from tejido.vault.slots import Master

#: Passkeys of one account, at most.
MOST = 10
_ENOUGH = N_("You have ten passkeys. Nothing was changed; take one away first.")


def asked_of(account: UUID | None, kept: SecondFactor, reached: Reached | None, *, purpose: str = TO_PROVE) -> str:
    """Return what a browser is told so that a passkey of an account answers; empty where it has none for here."""
    here = webauthn.known_here(kept.keys, reached)
    if not here or reached is None or account is None:
        return ""
    challenge = QUESTIONS.ask(account, purpose, reached)
    return webauthn.asked_to_show(reached, challenge=challenge, known=here)


def begin_passkey(*, by: Worker, master: Master, reached: Reached, name: str, code: str = "", answer: str = "") -> str:
    """Return what a browser is told to make a passkey called ``name``.

    Whoever has a second factor already proves themselves with it first: an open page and a passphrase that was seen
    are not enough to lay another key beside the old one.
    """
    demand_own(by, master)
    notes_key = OwnKeys(master.secret).notes_key
    kept = kept_for(master.account, notes_key)
    if len(kept.keys) >= MOST:
        raise BadInput(_ENOUGH)
    demand_second_factor(master, code, answer=answer)
    challenge = QUESTIONS.ask(master.account, TO_ADD, reached, name=name)
    user = derive(notes_key, f"passkeys/{reached.host}")
    return webauthn.asked_to_make(reached, challenge=challenge, user=user, known=kept.keys)


def keep_passkey(*, by: Worker, answer: str, today: date) -> tuple[Passkey, tuple[str, ...]]:
    """Keep the passkey that a browser has made; return it, with the codes on paper where they have to be shown.

    Raises ``PasskeyTooLate`` where nobody asked for it (any more), ``PasskeyRefused`` where it is not what was asked.
    """
    notes_key = current().notes_key
    if by.account is None or notes_key is None:
        raise WorkspaceLocked
    challenge = webauthn.challenge_in(answer)
    question = QUESTIONS.take(challenge, account=by.account, purpose=TO_ADD)
    if question is None:
        raise PasskeyTooLate
    with writing(by=by, action="account.passkey"):
        before = kept_for(by.account, notes_key)
        if len(before.keys) >= MOST:
            raise BadInput(_ENOUGH)
        new = webauthn.made(
            answer, challenge=challenge, reached=question.reached, name=question.name, added=today.isoformat(),
            known=before.keys,
        )  # fmt: skip
        kept, paper = with_paper_if_none(replace(before, keys=(*before.keys, new)), notes_key)
        keep(kept, account=by.account, notes_key=notes_key)
    return new, paper


def take_passkey_away(*, by: Worker, master: Master, word: str, code: str = "", answer: str = "") -> SecondFactor:
    """Accept the passkey that ``word`` names no more; return what is left. Needs a code, or a passkey's answer."""
    demand_own(by, master)
    notes_key = OwnKeys(master.secret).notes_key
    if word not in {one.word for one in kept_for(master.account, notes_key).keys}:
        raise NotFound
    demand_second_factor(master, code, answer=answer)
    with writing(by=by, action="account.passkey_away"):
        before = kept_for(master.account, notes_key)
        kept = replace(before, keys=tuple(one for one in before.keys if one.word != word))
        keep(kept, account=master.account, notes_key=notes_key)
    return kept
