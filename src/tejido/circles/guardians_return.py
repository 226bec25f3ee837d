"""Coming back in through guardians: the last step, by somebody who has no passphrase yet."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from uuid import UUID

from tejido.circles import guardians
from tejido.circles.actions import memberships_of, open_keyring
from tejido.circles.models import Member, Recovery
from tejido.circles.presence import PRESENCE
from tejido.circles.standings import members_of
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotAllowed, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import guardians as shares
from tejido.vault.journal import Entry, writing
from tejido.vault.keyring import using
from tejido.vault.models import SecondFactor
from tejido.vault.passphrase import refuse_weak
from tejido.vault.records import change
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace

_TOO_FEW = N_(
    "Nobody here is waiting with these words, it was stopped, or too few guardians have agreed yet. Nothing was "
    "changed; look at the words again, and ask your guardians."
)


class TooFewAgreed(WrongPassphrase):
    """Words of somebody who cannot get in that open nothing, or not yet."""

    message = _TOO_FEW


def return_through_guardians(
    *, workspace: Workspace, words: str, passphrase: str, today: date, handle: str = "", key_file: bytes = b""
) -> Master:
    """Give an account another passphrase once enough guardians have agreed; every earlier way in is taken away.

    The way in is made before the database says that it is finished: whoever is killed between is in, and what is left
    waiting opens nothing any more. Raises ``TooFewAgreed``, ``BadInput`` for weak words.
    """
    refuse_weak(passphrase)
    seed = shares.asking_seed(words)
    found = Recovery.objects.filter(key=shares.asking_key(seed), status="waiting").first()
    if found is None:
        raise TooFewAgreed
    with workspace.alone():
        master = _opened(workspace, found, seed)
        with using(open_keyring(master)):
            member = _who(master, found, today)
            new = workspace.stretch(passphrase, handle=handle, key_file=key_file)
            with writing(by=member, action="guardian.recover") as entry:
                _finish(found.pk, entry)
                SecondFactor.objects.filter(account=master.account).delete()
                workspace.set_way(master, new, kind="passphrase", instead_of=["passphrase", "recovery", "guardians"])
    PRESENCE.go_all(master.account)
    return master


def _opened(workspace: Workspace, found: Recovery, seed: bytes) -> Master:
    """Return the account that the shares open; what does not open, and of whom was let go, does not count."""
    opened = []
    here = set(Member.objects.filter(circle_id=found.circle_id, status="active").values_list("pk", flat=True))
    try:
        given = guardians.given_to(found)
    except ValueError:
        raise DamagedSeal from None
    for name, sealed in given.items():
        try:
            guardian = UUID(name)
            if guardian in here:
                raw = base64.b64decode(sealed, validate=True)
                opened.append(shares.received(seed, raw, recovery=found.pk, guardian=guardian))
        except (DamagedSeal, ValueError, binascii.Error):
            continue
    for many in range(shares.FEWEST, len(opened) + 1):
        try:
            return workspace.open_way(shares.way_of(shares.combine(opened[:many])), kind="guardians")
        except (BadInput, WrongPassphrase):
            continue
    raise TooFewAgreed


def _who(master: Master, found: Recovery, today: date) -> Member:
    """Return who comes back, once everything that is sealed to the circle says that they may."""
    mine = [one for one in memberships_of(master.account, today=today) if one.circle_id == found.circle_id]
    members_of(found.circle_id)
    whole = Recovery.objects.select_related("guardians").get(pk=found.pk)
    if not mine or whole.guardians.member_id != mine[0].pk:
        raise NotAllowed
    if whole.status != "waiting" or guardians.hours_left(whole) > 0 or guardians.is_too_old(whole):
        raise TooFewAgreed
    return mine[0]


def _finish(recovery: UUID, entry: Entry) -> None:
    whole = Recovery.objects.select_related("guardians").get(pk=recovery)
    if whole.status != "waiting":
        raise Conflict
    change(whole, entry, status="finished", given=b"")
    change(whole.guardians, entry, status="replaced", terms={})
    entry.about("circles.recovery", whole.pk)
