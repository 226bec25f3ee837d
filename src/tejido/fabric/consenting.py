"""Giving and withdrawing consent (actions of the fabric)."""

from __future__ import annotations

from datetime import date

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.fabric import making
from tejido.fabric.models import Actor, Consent
from tejido.fabric.touching import may, touch
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create

_NOT_GIVEN = N_("This consent does not stand any more. Nothing was changed.")


def give_consent(
    *,
    by: By,
    actor: Actor,
    purpose: str,
    audience: str,
    scope: str,
    status: str = "given",
    given_on: ImpreciseDate | None = None,
    expires_on: ImpreciseDate | None = None,
    words: str = "",
) -> Consent:
    """Record what an actor agreed to, or refused (``status``), for one purpose and one audience."""
    may(by, actor)
    consent = making.make_consent(
        by=by, actor=actor, purpose=purpose, audience=audience, scope=scope, status=status, given_on=given_on,
        expires_on=expires_on, words=words,
    )  # fmt: skip
    with writing(by=by, action="consent.record") as entry:
        create(consent, entry)
        touch(Actor, [actor.pk], entry)
        entry.about("fabric.actor", actor.pk)
        entry.notes.update(purpose=purpose, audience=audience, status=status)
    return consent


def withdraw_consent(*, by: By, consent: Consent, today: date, seen: int | None = None) -> int:
    """Withdraw a consent, at once, and every other that agreed to the same; return how many were withdrawn.

    Somebody who takes a consent back takes back the thing agreed to, however often it was recorded.
    """
    may(by, consent, seen)
    with writing(by=by, action="consent.withdraw") as entry:
        standing = list(
            Consent.objects.filter(
                actor_id=consent.actor_id,
                purpose=consent.purpose,
                audience=consent.audience,
                scope=consent.scope,
                status="given",
            )
        )
        if consent.pk not in {one.pk for one in standing}:
            raise BadInput(_NOT_GIVEN)
        for one in standing:
            change(one, entry, status="withdrawn", withdrawn_on=ImpreciseDate.day(today))
        touch(Actor, [consent.actor_id], entry)
        entry.about("fabric.actor", consent.actor_id)
        entry.notes.update(purpose=consent.purpose, audience=consent.audience)
    consent.refresh_from_db()
    return len(standing)
