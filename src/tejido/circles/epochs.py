"""A circle's epoch keys: sealed to each account that may have them, and vouched for.

Each line of ``EpochKey`` says "this account, whose public keys have this fingerprint, may have the key of this epoch,
which has this commitment", signed by an account that had the key itself. An epoch is begun by somebody who has the one
before; they sign their own line. From there each line leads back, signature by signature, to an epoch or an account
that whoever reads it has accepted before (``known``). What leads nowhere is refused: a line or a public key that was
put there by somebody who can write to the database, an older epoch laid over a newer one, a line moved to another
circle, epoch or account, an unknown version.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from tejido.circles import known
from tejido.circles.known import Known
from tejido.circles.models import NO_ACCOUNT, EpochKey, InboxKey, Member
from tejido.domain.errors import WorkspaceLocked
from tejido.vault.inbox import Inbox, inbox_of
from tejido.vault.keyring import Keyring, using
from tejido.vault.member_keys import (
    VERSION,
    OwnKeys,
    PublicKeys,
    SubstitutedKey,
    public_signing_key,
    seal_to,
    sign,
    statement,
    verify,
)
from tejido.vault.seal import derive
from tejido.vault.slots import Master


@dataclass(frozen=True)
class Signer:
    """Whoever hands a key on: their account and the seed they sign with."""

    account: UUID
    seed: bytes

    @classmethod
    def of(cls, keyring: Keyring) -> Signer:
        """Return the signer of a keyring; ``WorkspaceLocked`` for one that is nobody's."""
        if keyring.account is None or keyring.signing_seed is None:
            raise WorkspaceLocked
        return cls(keyring.account, keyring.signing_seed)


def commitment(key: bytes) -> bytes:
    """Return what stands for an epoch key (32 bytes): it tells nothing of the key, and no other key has it."""
    return derive(key, "epoch commitment")


def grant(circle: UUID, epoch: int, key: bytes, *, to: UUID, keys: PublicKeys, signer: Signer) -> EpochKey:
    """Return the line that gives ``key`` to the account ``to``; it is not saved."""
    line = EpochKey(
        circle_id=circle,
        epoch=epoch,
        account=to,
        wrapped=seal_to(keys.seal, key, info=_info(circle, epoch, to)),
        commitment=commitment(key),
        holder=keys.fingerprint,
        by=signer.account,
    )
    line.signature = sign(signer.seed, _said(line))
    return line


def announced_inbox(circle: UUID, epoch: int, key: bytes, *, signer: Signer) -> InboxKey:
    """Return the line that tells others where to leave something for the circle; it is not saved."""
    inbox = inbox_of(circle, epoch, key)
    line = InboxKey(circle_id=circle, epoch=epoch, key=inbox.key, by=public_signing_key(signer.seed))
    line.signature = sign(signer.seed, _said_of_inbox(line))
    return line


def inbox_for(circle: UUID, *, keyring: Keyring) -> Inbox:
    """Return the newest inbox of any circle of the workspace.

    A member of the circle makes it from the epoch key and believes nothing else; others look at the signature, which
    tells only that the line was not altered by halves.
    Raises ``SubstitutedKey`` if the line was altered or is not the circle's.
    """
    line = InboxKey.objects.filter(circle_id=circle).order_by("-epoch").first()
    if line is None:
        raise SubstitutedKey
    inbox = Inbox(circle, line.epoch, bytes(line.key))
    held = keyring.exported().get(circle, {})
    if held and (line.epoch not in held or inbox_of(circle, line.epoch, held[line.epoch]) != inbox):
        raise SubstitutedKey
    verify(bytes(line.by), bytes(line.signature), _said_of_inbox(line))
    return inbox


def public_keys_of(circle: UUID) -> dict[UUID, PublicKeys]:
    """Return the public keys of everybody who is or was in the circle, and of the invitations they joined by."""
    found: dict[UUID, PublicKeys] = {}
    for member in Member.objects.filter(circle_id=circle, account__isnull=False):
        if member.account is None or not member.keys:
            continue
        found[member.account] = PublicKeys.from_kept(member.keys)
        before = member.keys.get("before")
        if before:
            found[UUID(before["account"])] = PublicKeys.from_kept(before)
    return found


class Vouching:
    """Follows the lines of one circle back to what ``seen`` has accepted; ``own`` is the account that looks."""

    def __init__(self, circle: UUID, *, own: UUID, own_keys: PublicKeys | None, seen: Known) -> None:
        self._circle, self._own, self._seen = circle, own, seen
        self._lines = {(line.epoch, line.account): line for line in EpochKey.objects.filter(circle_id=circle)}
        self._keys = public_keys_of(circle)
        if own_keys is not None:
            self._keys[own] = own_keys
        self._held: set[tuple[int, UUID]] = set()

    def demand(self, epoch: int, account: UUID) -> None:
        """Raise ``SubstitutedKey`` unless the line of ``account`` in ``epoch`` leads to something accepted before."""
        way: list[tuple[int, UUID]] = []
        while (epoch, account) not in self._held:
            line = self._lines.get((epoch, account))
            if line is None or (epoch, account) in way:
                raise SubstitutedKey
            way.append((epoch, account))
            self._look_at(line)
            if line.by != account:
                account = line.by
            elif self._begins(line):
                break
            else:
                epoch -= 1
        self._held.update(way)

    def keys_of(self, account: UUID) -> PublicKeys:
        """Return the public keys of an account; ``SubstitutedKey`` if they are not those seen before, or none."""
        keys = self._keys.get(account)
        seen = self._seen.of_account(account)
        if keys is None or (seen is not None and not hmac.compare_digest(seen, keys.fingerprint)):
            raise SubstitutedKey
        return keys

    def learnt(self, epochs: Iterable[int]) -> None:
        """Note in ``seen`` what holds: each of ``epochs``, who began it, and everybody who may have the newest."""
        newest = 0
        for epoch in epochs:
            newest = max(newest, epoch)
            begun = [line for (one, _), line in self._lines.items() if one == epoch and line.by == line.account]
            for line in begun:
                self._seen.note_epoch(self._circle, epoch, bytes(line.commitment), line.account)
        for epoch, account in list(self._lines):
            if epoch == newest and account in self._keys:
                self.demand(epoch, account)
                self._seen.note_account(account, self._keys[account].fingerprint)

    def _look_at(self, line: EpochKey) -> None:
        keys = self.keys_of(line.account)
        if not hmac.compare_digest(bytes(line.holder), keys.fingerprint):
            raise SubstitutedKey
        expected = self._seen.commitment(self._circle, line.epoch)
        if expected is not None and not hmac.compare_digest(expected, bytes(line.commitment)):
            raise SubstitutedKey
        verify(self.keys_of(line.by).sign, bytes(line.signature), _said(line))

    def _begins(self, line: EpochKey) -> bool:
        """Say whether an epoch is accepted as begun by the account that signed its own line; refuse a second one."""
        others = [one for (epoch, _), one in self._lines.items() if epoch == line.epoch and one.by == one.account]
        beginner = self._seen.beginner(self._circle, line.epoch)
        if len(others) > 1 or (beginner is not None and beginner != line.account):
            raise SubstitutedKey
        if beginner is not None or line.account == self._own:
            return True
        if line.epoch == 1:
            if self._seen.of_account(line.account) is None:
                raise SubstitutedKey
            return True
        return False


def own_lines(account: UUID) -> dict[UUID, dict[int, EpochKey]]:
    """Return the lines of an account that hold a key still, by circle and epoch."""
    lines: dict[UUID, dict[int, EpochKey]] = {}
    for line in EpochKey.objects.filter(account=account).order_by("circle_id", "epoch"):
        if bytes(line.wrapped):
            lines.setdefault(line.circle_id, {})[line.epoch] = line
    return lines


def open_keys(master: Master) -> Keyring:
    """Open every epoch key that is sealed to the account, once each is vouched for.

    Raises ``SubstitutedKey`` or ``DamagedSeal`` where something was put there, altered or moved.
    """
    own = OwnKeys(master.secret)
    keys = {
        circle: {epoch: _opened(line, own, master.account) for epoch, line in lines.items()}
        for circle, lines in own_lines(master.account).items()
    }
    keyring = Keyring(keys, account=master.account, signing_seed=own.signing_seed, notes_key=own.notes_key)
    seen = known.read(master.account, own.notes_key)
    fresh = seen if seen is not None else Known()
    if _is_news(fresh, keys):
        with using(keyring):
            _accept(keys, own=own, account=master.account, seen=fresh)
        known.write(master.account, own.notes_key, fresh)
    return keyring


def _is_news(seen: Known, keys: dict[UUID, dict[int, bytes]]) -> bool:
    """Say whether there is an epoch not seen before; ``SubstitutedKey`` if one is not the one that was seen."""
    news = False
    for circle, epochs in keys.items():
        told = {int(epoch) for epoch in seen.epochs.get(circle.hex, {})}
        if told and max(epochs) < max(told):
            raise SubstitutedKey  # an older state of the circle was laid over a newer one
        for epoch, key in epochs.items():
            expected = seen.commitment(circle, epoch)
            if expected is None:
                news = True
            elif not hmac.compare_digest(expected, commitment(key)):
                raise SubstitutedKey
    return news


def _accept(keys: dict[UUID, dict[int, bytes]], *, own: OwnKeys, account: UUID, seen: Known) -> None:
    for circle, epochs in keys.items():
        vouching = Vouching(circle, own=account, own_keys=own.public, seen=seen)
        for epoch in sorted(epochs):
            if seen.commitment(circle, epoch) is None:
                vouching.demand(epoch, account)
        vouching.learnt(epochs)


def _opened(line: EpochKey, own: OwnKeys, account: UUID) -> bytes:
    key = own.open(bytes(line.wrapped), info=_info(line.circle_id, line.epoch, account))
    if not hmac.compare_digest(commitment(key), bytes(line.commitment)):
        raise SubstitutedKey
    return key


def first_form_lines() -> list[EpochKey]:
    """Return the lines of the first version: keys wrapped under the one master secret there was."""
    return list(EpochKey.objects.filter(account=NO_ACCOUNT).order_by("circle_id", "epoch"))


def _info(circle: UUID, epoch: int, account: UUID) -> bytes:
    return statement("epoch", circle.bytes, epoch.to_bytes(4, "big"), account.bytes)


def _said(line: EpochKey) -> bytes:
    return statement(
        "epoch key",
        bytes([VERSION]),
        line.circle_id.bytes,
        line.epoch.to_bytes(4, "big"),
        line.account.bytes,
        bytes(line.holder),
        bytes(line.commitment),
        line.by.bytes,
    )


def _said_of_inbox(line: InboxKey) -> bytes:
    return statement(
        "inbox key", bytes([VERSION]), line.circle_id.bytes, line.epoch.to_bytes(4, "big"), bytes(line.key)
    )
