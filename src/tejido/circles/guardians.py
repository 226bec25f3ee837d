"""Guardians: a member chooses some, and so many of them together bring that member back in.

Somebody who cannot get in leaves a one-time public key, and says its number by voice. A guardian who knows the voice
begins the recovery: from then on a time passes in which any member may stop it. Only after that do guardians hand
their shares on, each by giving their own passphrase: until then no share has moved, whoever holds the database. A
guardian sees nothing of the share. Whoever was let go in between does not count any more.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.db.models import QuerySet

from tejido.circles import waiting
from tejido.circles.actions import vouching_for
from tejido.circles.models import Guardians, Member, Recovery, RecoveryAsk
from tejido.circles.standings import demand_standing
from tejido.domain.errors import BadInput, Conflict, NotAllowed, NotFound, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import guardians as shares
from tejido.vault.journal import By, writing
from tejido.vault.keyring import current
from tejido.vault.member_keys import OwnKeys
from tejido.vault.passphrase import some_words
from tejido.vault.records import change, create
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace

#: Hours to wait, as one may choose them; and how long after the wait a recovery can still be used.
SHORTEST, USUAL, LONGEST, LASTS = 24, 72, 14 * 24, 14 * 24
#: Keys of people who cannot get in that are kept at most; the oldest is forgotten first.
_MOST_ASKS: Final = 50
_NOT_GUARDIANS = N_("Guardians are other members of the circle, and no guests. Nothing was changed; choose again.")
_HOURS = N_("The waiting time is between one day and two weeks. Nothing was changed.")
_NO_NUMBER = N_(
    "Nobody who cannot get in has this number. Nothing was changed; let them read all six groups to you once more."
)
_UNDER_WAY = N_("They are on their way back already. Nothing was changed; stop that first if it is not theirs.")
_NOT_YET = N_("The waiting time is not over. Nothing was changed; until then anybody in the circle can stop this.")
_TOO_LATE = N_("This has grown too old. Nothing was changed; whoever cannot get in asks anew.")
_OVER = N_("This was stopped or is finished. Nothing was changed.")
_DONE = N_("You have agreed already. Nothing was changed; others are needed now.")


@dataclass(frozen=True)
class Asked:
    """Somebody who cannot get in: ``words`` they keep, and the ``number`` that they say to their guardians."""

    words: str
    number: str


def choose_guardians(
    *, by: By, workspace: Workspace, master: Master, members: Collection[UUID], needed: int, hours: int = USUAL
) -> Guardians:
    """Choose the guardians of ``by``; those chosen before open nothing any more.

    Raises ``BadInput`` for a guest, oneself or a stranger among them, or a number or time that does not hold.
    """
    if master.account != Member.objects.get(pk=by.id).account:
        raise WrongPassphrase
    if not SHORTEST <= hours <= LONGEST:
        raise BadInput(_HOURS)
    chosen = list(can_be_guardians(by).filter(pk__in=set(members)))
    if len(chosen) != len(set(members)):
        raise BadInput(_NOT_GUARDIANS)
    secret, ident = os.urandom(shares.SECRET), uuid4()
    kept = _sealed(ident, chosen, shares.split(secret, needed=needed, many=len(chosen)), by.circle_id)
    way = shares.way_of(secret)
    with workspace.alone():
        # Made before the database says so, taken away after: whoever is killed between has the old one or both.
        workspace.set_way(master, way, kind="guardians", instead_of=[])
        with writing(by=by, action="guardian.choose") as entry:
            for old in Guardians.objects.filter(member_id=by.id, status="active"):
                change(old, entry, status="replaced", terms={})
                for begun in Recovery.objects.filter(guardians=old, status="waiting"):
                    change(begun, entry, status="stopped", given=b"")
            found = Guardians(id=ident, circle_id=by.circle_id, member_id=by.id)
            found.terms = {"needed": needed, "hours": hours, "shares": kept}
            create(found, entry)
            entry.about("circles.guardians", found.pk)
        workspace.drop_ways(master.account, kinds=["guardians"], file_key=master.file_key, but=way)
    return found


def can_be_guardians(by: By) -> QuerySet[Member]:
    """Return the other members of the circle who may be guardians."""
    return Member.objects.filter(circle_id=by.circle_id, status="active").exclude(pk=by.id).exclude(role="guest")


def _sealed(ident: UUID, chosen: list[Member], words: list[str], circle: UUID) -> dict[str, str]:
    """Seal each share to the keys of its guardian, which somebody has vouched for."""
    keyring = current()
    demand_standing(*chosen)
    vouching, epoch = vouching_for(circle, keyring), max(keyring.exported()[circle])
    kept = {}
    for member, share in zip(chosen, words, strict=True):
        if member.account is None:
            raise BadInput(_NOT_GUARDIANS)
        vouching.demand(epoch, member.account)
        keys = vouching.keys_of(member.account)
        sealed = shares.sealed_share(keys, share, chosen=ident, guardian=member.pk)
        kept[member.pk.hex] = base64.b64encode(sealed).decode()
    return kept


def guardians_of(member: UUID) -> Guardians | None:
    """Return the guardians that a member has now."""
    return Guardians.objects.filter(member_id=member, status="active").order_by("-stamp").first()


def members_of(found: Guardians) -> list[Member]:
    """Return those guardians who still belong to the circle."""
    return list(Member.objects.filter(pk__in=[UUID(one) for one in _shares(found)], status="active"))


def guarded_by(by: By) -> list[Guardians]:
    """Return the choices of guardians in which ``by`` is one."""
    active = Guardians.objects.filter(circle_id=by.circle_id, status="active", member__status="active")
    return [one for one in active if by.id.hex in _shares(one)]


def ask_for_way_back(*, lang: str = "en") -> Asked:
    """Leave a one-time key for somebody who cannot get in. Needs no right and no key of the circle."""
    words = some_words(10, lang)
    key = shares.asking_key(shares.asking_seed(words))
    RecoveryAsk.objects.create(key=key)
    newest = RecoveryAsk.objects.order_by("-pk").values_list("pk", flat=True)[:_MOST_ASKS]
    RecoveryAsk.objects.exclude(pk__in=list(newest)).delete()
    return Asked(words, shares.number_of(key))


def begin_recovery(*, by: By, number: str, member: UUID) -> Recovery:
    """Begin the waiting time for ``member``, whose voice said ``number``. For one of their guardians.

    Raises ``NotAllowed`` for others, ``BadInput`` for an unknown number, ``Conflict`` if one is under way.
    """
    found = next((one for one in guarded_by(by) if one.member_id == member), None)
    if found is None:
        raise NotAllowed
    digits = "".join(character for character in number if character.isdigit())
    asks = [ask for ask in RecoveryAsk.objects.all() if shares.number_of(bytes(ask.key)).replace(" ", "") == digits]
    if not asks:
        raise BadInput(_NO_NUMBER)
    with writing(by=by, action="guardian.begin") as entry:
        if Recovery.objects.filter(guardians=found, status="waiting").exists():
            raise Conflict(_UNDER_WAY)
        begun = Recovery(circle_id=by.circle_id, guardians=found, key=bytes(asks[0].key))
        begun.terms = {**waiting.mark(by.circle_id), "hours": found.terms["hours"]}
        create(begun, entry)
        entry.about("circles.recovery", begun.pk)
        asks[0].delete()
    return begun


def hours_left(recovery: Recovery) -> float:
    """Return the hours until guardians may hand their shares on; 0 or less when they may."""
    return float(recovery.terms.get("hours", LONGEST)) - waiting.seconds_since(recovery.terms) / 3600


def is_too_old(recovery: Recovery) -> bool:
    """Say whether a recovery can be used no more."""
    return hours_left(recovery) < -LASTS


def approve_recovery(*, by: By, recovery_id: UUID, master: Master) -> Recovery:
    """Hand the share of ``by`` on to whoever is on their way back; ``master`` is the guardian's own account.

    Raises ``NotAllowed`` before the waiting time is over and for somebody who is no guardian, ``Conflict`` when it was
    stopped or they agreed already.
    """
    with writing(by=by, action="guardian.approve") as entry:
        found = _waiting(by, recovery_id)
        sealed = _shares(found.guardians).get(by.id.hex)
        if sealed is None or not Member.objects.filter(pk=by.id, status="active", account=master.account).exists():
            raise NotAllowed
        if hours_left(found) > 0:
            raise NotAllowed(_NOT_YET)
        if is_too_old(found):
            raise Conflict(_TOO_LATE)
        given = given_to(found)
        if by.id.hex in given:
            raise Conflict(_DONE)
        own = OwnKeys(master.secret)
        share = shares.opened_share(own, base64.b64decode(sealed), chosen=found.guardians_id, guardian=by.id)
        handed = shares.handed_on(bytes(found.key), share, recovery=found.pk, guardian=by.id)
        given[by.id.hex] = base64.b64encode(handed).decode()
        change(found, entry, given=json.dumps(given).encode())
        entry.about("circles.recovery", found.pk)
        entry.notes["given"] = len(given)
    return found


def stop_recovery(*, by: By, recovery_id: UUID) -> None:
    """Stop a recovery: any member may. What guardians handed on is taken away."""
    with writing(by=by, action="guardian.stop") as entry:
        found = _waiting(by, recovery_id)
        change(found, entry, status="stopped", given=b"")
        entry.about("circles.recovery", found.pk)


def under_way(circle: UUID) -> list[Recovery]:
    """Return the recoveries of a circle that were neither stopped nor finished, the oldest first."""
    return list(Recovery.objects.filter(circle_id=circle, status="waiting").order_by("stamp"))


def given_to(recovery: Recovery) -> dict[str, str]:
    """Return what guardians sealed to whoever is on their way back, by the id of the guardian."""
    raw = bytes(recovery.given)
    return dict(json.loads(raw)) if raw else {}


def _waiting(by: By, recovery_id: UUID) -> Recovery:
    found = Recovery.objects.filter(pk=recovery_id, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    if found.status != "waiting":
        raise Conflict(_OVER)
    return found


def _shares(found: Guardians) -> dict[str, str]:
    kept = found.terms.get("shares", {})
    return dict(kept) if isinstance(kept, dict) else {}
