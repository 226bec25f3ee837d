"""Who belongs to a circle: inviting, joining, letting go, leaving, roles.

Each write is in one order, so that a process killed anywhere leaves the state before or the state after. A way in (a
slot of ``workspace.json``) is made before the database says whose it is, and taken away after: a slot without a
member opens nothing, while a member without a slot would be lost. ``settle`` clears away what was left between.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tejido.circles import known
from tejido.circles.actions import begin_epoch, open_keyring
from tejido.circles.epochs import Signer, grant
from tejido.circles.file_key import renew_file_key
from tejido.circles.known import Known
from tejido.circles.models import EpochKey, KnownKeys, Member
from tejido.circles.presence import PRESENCE
from tejido.circles.standings import demand_standing, members_of, note_standing, sign_what_stands
from tejido.domain.errors import BadInput, NotAllowed, NotFound, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.dossier_keys import is_granted
from tejido.vault.journal import By, writing
from tejido.vault.keyring import FILE_KEY, Keyring, current, using
from tejido.vault.member_keys import OwnKeys
from tejido.vault.passphrase import refuse_weak, six_words
from tejido.vault.permits import demand
from tejido.vault.records import change, create
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace
from tejido.vocabularies import vocabulary

#: Days for which a join code can be used.
JOIN_WITHIN = 7
_USED = N_("This code was used already, or was taken back. Nothing was changed; ask for a new one.")
_LATE = N_("This code is older than seven days. Nothing was changed; ask for a new one.")
_HERE = N_("You belong to this circle already. Nothing was changed; the code can still be used by somebody else.")
_LAST = N_(
    "You are the last one who coordinates this circle. Nothing was changed: make somebody else a coordinator first."
)
_NO_ROLE = N_("There is no such role. Nothing was changed; choose one of the list.")
_NAMELESS = N_("Give the person a name; an invented one will do. Nothing was changed.")
_UNTIL = N_("Say until which day a guest is let in; a day to come. Nothing was changed.")
_SELF = N_("To go yourself, leave the circle; others are let go here. Nothing was changed.")


class WrongCode(WrongPassphrase):
    """A code to join that opens nothing."""

    message = N_("This code opens nothing here. Nothing was changed; look at it again, or ask for a new one.")


@dataclass(frozen=True)
class Invitation:
    """Somebody who may join, and the one-time code to hand over by voice or on paper. It is shown once."""

    member: Member
    code: str


@dataclass(frozen=True)
class Joined:
    """Somebody who has joined: their member record and what their slot opens."""

    member: Member
    master: Master


def invite_member(
    *, by: By, workspace: Workspace, name: str, role: str, today: date, until: date | None = None, lang: str = "en"
) -> Invitation:
    """Let somebody join the circle of ``by`` within seven days.

    The code opens an account of its own for which the keys are sealed; who joins hands them on to theirs. Raises
    ``BadInput`` for a role that is not in the list, a missing name, a guest without a day.
    """
    demand(by, "manage members")
    terms = {**_checked(role, until, today), "join_by": (today + timedelta(days=JOIN_WITHIN)).isoformat()}
    if not name.strip():
        raise BadInput(_NAMELESS)
    code, master = six_words(lang), Master(os.urandom(32), FILE_KEY.get())
    own = OwnKeys(master.secret)
    with workspace.alone():
        workspace.add_slot(master, code, kind="invitation")
        with _way_back(workspace, master.account), writing(by=by, action="member.invite") as entry:
            member = Member(circle_id=by.circle_id, name=name.strip(), role=role, status="invited", terms=terms)
            member.account, member.keys = master.account, own.public.kept()
            create(member, entry)
            entry.about("circles.member", member.pk)
            entry.notes["role"] = role
            note_standing(entry, member)
            _hand_on(by.circle_id, to=own)
    return Invitation(member, code)


def join_circle(
    *,
    workspace: Workspace,
    code: str,
    passphrase: str,
    today: date,
    handle: str = "",
    key_file: bytes = b"",
    has_account: bool = False,
) -> Joined:
    """Become a member by a join code, which is used up.

    With ``has_account`` the passphrase is that of an account of the workspace, which now belongs to one circle more;
    otherwise an account is made for it. Raises ``BadInput`` for a code that opens nothing, was used or is too old.
    """
    with workspace.alone():
        invited = opened_by(workspace, code)
        FILE_KEY.put(invited.file_key)
        keyring = open_keyring(invited)
        with using(keyring):
            member = _who_is_invited(invited.account, today)
            if has_account:
                master = workspace.unlock(passphrase, handle=handle, key_file=key_file)
                _refuse_twice(master.account, member.circle_id)
                _become(member, invited, master, keyring)
            else:
                refuse_weak(passphrase)
                master = Master(os.urandom(32), invited.file_key)
                workspace.add_slot(master, passphrase, handle=handle, key_file=key_file)
                with _way_back(workspace, master.account):
                    _become(member, invited, master, keyring)
        workspace.drop_slots(invited.account, file_key=master.file_key, knew=False)
    return Joined(member, master)


def remove_member(*, by: By, workspace: Workspace, member_id: UUID) -> Member:
    """Let a member go, or take an invitation back: no way in, no session, and new keys for those who stay.

    The file gets a new key as well, where whoever acts can seal it to everybody else.

    What they read cannot be unread. Raises ``NotAllowed`` for oneself and for the last coordinator.
    """
    member = _in_circle(by, member_id)
    if member.pk == by.id:
        raise NotAllowed(_SELF)
    with workspace.alone():
        _let_go(member, by=by, status="removed", action="member.remove")
        PRESENCE.go_all(_account(member))
        _drop_if_nowhere(workspace, _account(member))
    rewrap_dossiers(by.circle_id)
    renew_file_key(by=by, workspace=workspace)
    return member


def leave_circle(*, by: By, workspace: Workspace) -> None:
    """Go: the last act in this circle. New keys are made by the next coordinator who comes, not by who leaves.

    Raises ``NotAllowed`` for the last coordinator.
    """
    member = _in_circle(by, by.id)
    with workspace.alone():
        with writing(by=by, action="member.leave") as entry:
            _keep_a_coordinator(member)
            change(member, entry, status="left")
            entry.about("circles.member", member.pk)
            note_standing(entry, member)
            _forget_lines(member)
        _drop_if_nowhere(workspace, _account(member))
    PRESENCE.go_all(_account(member))


def change_role(*, by: By, member_id: UUID, role: str, today: date, until: date | None = None) -> Member:
    """Give a member another role; it holds from their next page on. The last coordinator stays one."""
    demand(by, "manage members")
    member = _in_circle(by, member_id)
    terms = {name: said for name, said in member.terms.items() if name != "until"}
    terms |= _checked(role, until, today)
    with writing(by=by, action="member.change_role") as entry:
        if role != "coordinator":
            _keep_a_coordinator(member)
        change(member, entry, role=role, terms=terms)
        entry.about("circles.member", member.pk)
        entry.notes["role"] = role
        note_standing(entry, member)
    return member


def settle(*, by: By, workspace: Workspace) -> None:
    """Finish what a killed process, or somebody who left, has left to do: slots of nobody, new keys, dossiers.

    For coordinators; nothing is written when nothing is to be done. Raises ``AlteredStanding`` before anything is
    taken from anybody, where the records say of members what no coordinator signed.
    """
    sign_what_stands(by=by)
    members_of(by.circle_id)
    with workspace.alone():
        belong = set(Member.objects.filter(status__in=("active", "invited")).values_list("account", flat=True))
        for account in set(workspace.accounts(file_key=FILE_KEY.get())) - belong:
            workspace.drop_slots(account, file_key=FILE_KEY.get())
        if newest_is_held_by_others(by.circle_id):
            with writing(by=by, action="circle.begin_epoch") as entry:
                begun = begin_epoch(by.circle_id, entry)
            _take_up(by.circle_id, *begun)
    rewrap_dossiers(by.circle_id)
    renew_file_key(by=by, workspace=workspace)


def rewrap_dossiers(circle: UUID) -> None:
    """Put the keys of a circle's dossiers under its newest epoch: all of them, or none if the process is killed.

    What another circle granted stays as it was left: only whoever grants may say how long it opens.
    """
    keyring, store = current(), keystore.of_process()
    newest = max(keyring.exported()[circle])
    old: dict[int, list[keystore.KeyRow]] = {}
    for row in store.rows_of_circle(circle, before=newest):
        if is_granted(row):
            continue
        old.setdefault(row.epoch, []).append(row)
    for epoch, rows in old.items():
        store.rewrap(circle, [keyring.dossiers.rewrapped(row, newest) for row in rows], old_epoch=epoch)


def _checked(role: str, until: date | None, today: date) -> dict[str, str]:
    if role not in vocabulary("member_roles").codes:
        raise BadInput(_NO_ROLE)
    if role != "guest":
        return {}
    if until is None or until < today:
        raise BadInput(_UNTIL)
    return {"until": until.isoformat()}


@contextmanager
def _way_back(workspace: Workspace, account: UUID) -> Iterator[None]:
    """Take the slot just made away again if the block fails."""
    try:
        yield
    except BaseException:
        workspace.drop_slots(account, file_key=FILE_KEY.get(), knew=False)
        raise


def _hand_on(circle: UUID, *, to: OwnKeys) -> None:
    """Seal every epoch of the circle to an invitation, with what whoever invites has seen of other people's keys."""
    keyring = current()
    signer, account = Signer.of(keyring), Master(to.root).account
    for epoch, key in keyring.exported()[circle].items():
        grant(circle, epoch, key, to=account, keys=to.public, signer=signer).save(force_insert=True)
    seen = (known.read(signer.account, keyring.notes_key) if keyring.notes_key else None) or Known()
    told = Known(epochs={circle.hex: seen.epochs.get(circle.hex, {})})
    told.heads = {name: head for name, head in seen.heads.items() if name == circle.hex}
    here = EpochKey.objects.filter(circle_id=circle).values_list("account", flat=True)
    told.accounts = {one.hex: seen.accounts[one.hex] for one in here if one.hex in seen.accounts}
    told.note_account(account, to.public.fingerprint)
    known.write(account, to.notes_key, told)


def opened_by(workspace: Workspace, code: str) -> Master:
    """Return what a join code opens; ``WrongCode`` if it opens nothing."""
    try:
        return workspace.open_invitation(code)
    except WrongPassphrase:
        raise WrongCode from None


def _who_is_invited(account: UUID, today: date) -> Member:
    member = Member.objects.filter(account=account, status="invited").first()
    if member is None:
        raise BadInput(_USED)
    if today > date.fromisoformat(str(member.terms["join_by"])):
        raise BadInput(_LATE)
    demand_standing(member)
    return member


def _refuse_twice(account: UUID, circle: UUID) -> None:
    if Member.objects.filter(account=account, circle_id=circle, status="active").exists():
        raise BadInput(_HERE)


def _become(member: Member, invited: Master, master: Master, keyring: Keyring) -> None:
    """Hand the invitation's keys on to the account of ``master``: its last act."""
    before, own = OwnKeys(invited.secret), OwnKeys(master.secret)
    circle, signer = member.circle_id, Signer(invited.account, before.signing_seed)
    keys = {**own.public.kept(), "before": {**before.public.kept(), "account": invited.account.hex}}
    terms = {name: said for name, said in member.terms.items() if name != "join_by"}
    with writing(by=member, action="member.join") as entry:
        EpochKey.objects.filter(circle_id=circle, account=master.account).delete()  # of an earlier time here
        for epoch, key in keyring.exported()[circle].items():
            grant(circle, epoch, key, to=master.account, keys=own.public, signer=signer).save(force_insert=True)
        _carry_over(invited, master)
        change(member, entry, account=master.account, keys=keys, terms=terms, status="active")
        entry.about("circles.member", member.pk)
        note_standing(entry, member, signer=member.pk, seed=before.signing_seed)
        EpochKey.objects.filter(account=invited.account).update(wrapped=b"")
        KnownKeys.objects.filter(account=invited.account).delete()


def _carry_over(invited: Master, master: Master) -> None:
    """Let the account begin with what the invitation was told of other people's keys."""
    told = known.read(invited.account, OwnKeys(invited.secret).notes_key) or Known()
    own = OwnKeys(master.secret)
    seen = (known.read(master.account, own.notes_key) or Known()).with_more(told)
    seen.note_account(master.account, own.public.fingerprint)
    known.write(master.account, own.notes_key, seen)


def _in_circle(by: By, member_id: UUID) -> Member:
    member = Member.objects.filter(pk=member_id, circle_id=by.circle_id, status__in=("active", "invited")).first()
    if member is None:
        raise NotFound
    demand_standing(member)
    return member


def _keep_a_coordinator(member: Member) -> None:
    """Raise ``NotAllowed`` for the last coordinator; within ``writing``, so that two do not go at once."""
    if member.role != "coordinator" or member.status != "active":
        return
    others = Member.objects.filter(circle_id=member.circle_id, role="coordinator", status="active").exclude(
        pk=member.pk
    )
    if not others.exists():
        raise NotAllowed(_LAST)


def _let_go(member: Member, *, by: By, status: str, action: str) -> None:
    with writing(by=by, action=action) as entry:
        _keep_a_coordinator(member)
        change(member, entry, status=status)
        entry.about("circles.member", member.pk)
        note_standing(entry, member)
        _forget_lines(member)
        begun = begin_epoch(member.circle_id, entry)
    _take_up(member.circle_id, *begun)


def _forget_lines(member: Member) -> None:
    EpochKey.objects.filter(circle_id=member.circle_id, account=_account(member)).update(wrapped=b"")


def _take_up(circle: UUID, epoch: int, key: bytes) -> None:
    current().learn(circle, epoch, key)
    stay = Member.objects.filter(circle_id=circle, status="active").values_list("account", flat=True)
    PRESENCE.learn(circle, epoch, key, accounts={account for account in stay if account is not None})


def _drop_if_nowhere(workspace: Workspace, account: UUID) -> None:
    if not Member.objects.filter(account=account, status__in=("active", "invited")).exists():
        workspace.drop_slots(account, file_key=FILE_KEY.get())


def _account(member: Member) -> UUID:
    if member.account is None:
        raise NotFound
    return member.account


def newest_is_held_by_others(circle: UUID) -> bool:
    """Say whether somebody had the newest key who does not belong to the circle any more."""
    keyring = current()
    newest = max(keyring.exported()[circle])
    held = set(EpochKey.objects.filter(circle_id=circle, epoch=newest).values_list("account", flat=True))
    gone = Member.objects.filter(circle_id=circle, status__in=("left", "removed")).values_list("account", flat=True)
    here = Member.objects.filter(circle_id=circle, status__in=("active", "invited")).values_list("account", flat=True)
    return bool(held & (set(gone) - set(here)))


__all__ = [
    "Invitation",
    "Joined",
    "WrongCode",
    "change_role",
    "invite_member",
    "join_circle",
    "leave_circle",
    "newest_is_held_by_others",
    "opened_by",
    "remove_member",
    "rewrap_dossiers",
    "settle",
]
