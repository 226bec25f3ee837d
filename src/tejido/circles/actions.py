"""Founding a circle, opening its keys, and beginning a new epoch of them."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from tejido.circles import known
from tejido.circles.epochs import Signer, Vouching, announced_inbox, commitment, first_form_lines, grant, open_keys
from tejido.circles.known import Known
from tejido.circles.models import Circle, EpochKey, Member
from tejido.circles.standings import MARK, demand_standing, hold_to_what_was_seen, members_of, note_standing
from tejido.domain.errors import Conflict, DamagedSeal, NotFound
from tejido.domain.words import N_
from tejido.vault.journal import Entry, serialised, writing
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.member_keys import OwnKeys, PublicKeys
from tejido.vault.permits import demand
from tejido.vault.records import change, create
from tejido.vault.seal import unwrap
from tejido.vault.slots import Master

_FOUNDED = N_("There is a circle in this notebook already. Nothing was changed; open it with its passphrase.")


@dataclass(frozen=True)
class _Founder:
    """Whoever acts before there is a member: the circle acts in its own name."""

    id: UUID
    circle_id: UUID
    role: str = "coordinator"


def found_circle(*, name: str, member_name: str, master: Master) -> Member:
    """Create the first circle of a workspace, its first epoch key and its coordinator.

    Raises ``Conflict`` if there is a circle already: whoever founds is asked twice, a second browser as well.
    """
    own = OwnKeys(master.secret)
    keyring = Keyring({}, account=master.account, signing_seed=own.signing_seed, notes_key=own.notes_key)
    with using(keyring), serialised():
        if Circle.objects.exists():
            raise Conflict(_FOUNDED)
        return _founded(name=name, member_name=member_name, keys=own.public, action="circle.found")


def found_another_circle(*, by: Member, name: str) -> Member:
    """Create one more circle in the workspace, coordinated by the same person; return them as its member."""
    demand(by, "manage members")
    keys = PublicKeys.from_kept(by.keys)
    with transaction.atomic():
        return _founded(name=name, member_name=by.name, keys=keys, action="circle.found")


def _founded(*, name: str, member_name: str, keys: PublicKeys, action: str) -> Member:
    keyring, key = current(), os.urandom(32)
    circle_id, member_id, signer = uuid.uuid4(), uuid.uuid4(), Signer.of(keyring)
    keyring.learn(circle_id, 1, key)
    with writing(by=_Founder(member_id, circle_id), action=action) as entry:
        circle = create(Circle(id=circle_id, name=name), entry)
        member = Member(id=member_id, circle=circle, name=member_name, role="coordinator")
        member.account, member.keys = signer.account, keys.kept()
        create(member, entry)
        entry.about("circles.circle", circle_id)
        grant(circle_id, 1, key, to=signer.account, keys=keys, signer=signer).save(force_insert=True)
        announced_inbox(circle_id, 1, key, signer=signer).save(force_insert=True)
        _remember(circle_id, 1, key, signer=signer, keys=keys)
        entry.notes[MARK] = 1
        note_standing(entry, member)
    member.open_all()
    return member


def _remember(circle: UUID, epoch: int, key: bytes, *, signer: Signer, keys: PublicKeys | None = None) -> None:
    """Note an epoch that one began oneself."""
    notes_key = current().notes_key
    if notes_key is None:
        return
    seen = known.read(signer.account, notes_key) or Known()
    seen.note_epoch(circle, epoch, commitment(key), signer.account)
    if keys is not None:
        seen.note_account(signer.account, keys.fingerprint)
    known.write(signer.account, notes_key, seen)


def begin_epoch(circle: UUID, entry: Entry) -> tuple[int, bytes]:
    """Write a new key of the circle, sealed to everybody who belongs to it or is invited; return epoch and key.

    To be called inside ``writing``. Once that has ended well, whoever called takes the key up (``Keyring.learn``).
    Raises ``AlteredStanding`` where somebody stands as member whom no coordinator let in.
    """
    keyring = current()
    signer, epoch, key = Signer.of(keyring), max(keyring.exported()[circle]) + 1, os.urandom(32)
    vouching = vouching_for(circle, keyring)
    for member in members_of(circle):
        if member.account is None or member.status not in {"active", "invited"}:
            continue
        vouching.demand(epoch - 1, member.account)
        keys = vouching.keys_of(member.account)
        grant(circle, epoch, key, to=member.account, keys=keys, signer=signer).save(force_insert=True)
    announced_inbox(circle, epoch, key, signer=signer).save(force_insert=True)
    _remember(circle, epoch, key, signer=signer)
    entry.notes["epoch"] = epoch
    return epoch, key


def vouching_for(circle: UUID, keyring: Keyring) -> Vouching:
    """Return what says whose keys somebody vouched for in a circle, and which this account has seen before."""
    signer = Signer.of(keyring)
    seen = (known.read(signer.account, keyring.notes_key) if keyring.notes_key else None) or Known()
    return Vouching(circle, own=signer.account, own_keys=None, seen=seen)


def open_keyring(master: Master) -> Keyring:
    """Open every circle key that the account may have; a workspace of the first version gets members' keys here.

    Raises ``SubstitutedKey`` or ``DamagedSeal`` where keys were put there, altered or moved.
    """
    if first_form_lines():
        _take_over(master)
    keyring = open_keys(master)
    hold_to_what_was_seen(keyring)
    return keyring


def _take_over(master: Master) -> None:
    """Put members' own keys in the place of keys wrapped under one secret: all of it at once, or nothing."""
    own = OwnKeys(master.secret)
    with transaction.atomic():
        lines = first_form_lines()
        keys: dict[UUID, dict[int, bytes]] = {}
        for line in lines:
            purpose = f"circle/{line.circle_id.hex}/{line.epoch}"
            raw = unwrap(master.circle_wrapping_key, bytes(line.wrapped), purpose=purpose)
            keys.setdefault(line.circle_id, {})[line.epoch] = raw
        EpochKey.objects.filter(pk__in=[line.pk for line in lines]).delete()
        keyring = Keyring(keys, account=master.account, signing_seed=own.signing_seed, notes_key=own.notes_key)
        with using(keyring):
            for circle, epochs in keys.items():
                _given_own_keys(circle, epochs, own)


def _given_own_keys(circle: UUID, epochs: dict[int, bytes], own: OwnKeys) -> None:
    member = Member.objects.filter(circle_id=circle, status="active").order_by("stamp").first()
    if member is None:
        raise DamagedSeal
    signer = Signer.of(current())
    with writing(by=member, action="circle.renew_keys") as entry:
        change(member, entry, account=signer.account, keys=own.public.kept())
        entry.about("circles.member", member.pk)
        for epoch, key in epochs.items():
            grant(circle, epoch, key, to=signer.account, keys=own.public, signer=signer).save(force_insert=True)
            announced_inbox(circle, epoch, key, signer=signer).save(force_insert=True)
            _remember(circle, epoch, key, signer=signer, keys=own.public)


def only_member() -> Member:
    """Return the first member of the workspace: whoever founded it."""
    member = Member.objects.filter(status="active").order_by("stamp").first()
    if member is None:
        raise NotFound
    return member


def memberships_of(account: UUID, *, today: date) -> list[Member]:
    """Return the account's memberships that hold today, the oldest first; names are opened as they are read.

    Raises ``AlteredStanding`` where one is not as a coordinator signed it.
    """
    mine = list(Member.objects.filter(account=account, status="active").order_by("stamp", "id"))
    demand_standing(*mine)
    return [member for member in mine if not is_over(member, today=today)]


def is_over(member: Member, *, today: date) -> bool:
    """Say whether the time of a guest has passed."""
    return member.until is not None and today > member.until
