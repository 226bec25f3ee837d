"""The recovery key: a key on paper that brings a backup back without any passphrase.

It is an account that nobody uses: its root secret is written once, as words, and kept nowhere. It stands among the
members as somebody who is invited, so every epoch of the circle is sealed to it like to the others, and a coordinator
ends it by taking the invitation back. Each backup's own key is sealed to it (HPKE); whoever restores with the words
becomes that member, with a passphrase of their own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Final

from tejido.circles.actions import open_keyring
from tejido.circles.membership import _hand_on as hand_on
from tejido.circles.membership import _way_back as way_back
from tejido.circles.models import Member
from tejido.circles.standings import demand_standing, note_standing
from tejido.domain.errors import WrongPassphrase
from tejido.domain.words import N_
from tejido.vault.journal import By, Entry, writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.member_keys import OwnKeys, PublicKeys
from tejido.vault.paper import root_from, sheets_of, way_of_paper
from tejido.vault.passphrase import refuse_weak
from tejido.vault.permits import demand
from tejido.vault.records import change, create
from tejido.vault.recovery import sealed_for
from tejido.vault.recovery_words import as_words
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace

#: The last day of an invitation that does not end.
_NEVER: Final = "9999-12-31"


class WrongSheets(WrongPassphrase):
    """Sheets that belong together and open nothing here."""

    message = N_(
        "These sheets open nothing here: they were used, taken back, or are of another notebook. Nothing was changed."
    )


def new_recovery_key(*, by: By, name: str) -> str:
    """Make a recovery key for the circle of ``by``; return its words, which are kept nowhere.

    An earlier one goes on until a coordinator takes it back.
    """
    root = os.urandom(32)
    with writing(by=by, action="recovery.new") as entry:
        _invite_key(root, name, by, entry)
    return as_words(root)


def new_recovery_sheets(*, by: By, workspace: Workspace, name: str, needed: int, many: int) -> list[str]:
    """Make a recovery key on ``many`` sheets, of which any ``needed`` bring in a coordinator; return their words.

    It opens backups made from now on, like one on a single sheet; here it opens a way in of its own, without any
    waiting. Nothing of it is kept. Raises ``BadInput`` unless 2 ≤ needed ≤ many ≤ 9.
    """
    demand(by, "manage members")
    root = os.urandom(32)
    sheets, master = sheets_of(root, needed=needed, many=many), Master(root, FILE_KEY.get())
    with workspace.alone():
        # Made before the database says whose it is: whoever is killed between leaves a way that opens nothing.
        workspace.set_way(master, way_of_paper(root), kind="paper", instead_of=[])
        with way_back(workspace, master.account), writing(by=by, action="recovery.paper") as entry:
            _invite_key(root, name, by, entry)
            entry.notes.update(needed=needed, many=many)
    return sheets


def opened_by_sheets(workspace: Workspace, words: str) -> Master:
    """Return what enough sheets open; ``WrongSheets`` if nothing, ``BadInput`` for sheets that do not fit."""
    try:
        return workspace.open_way(way_of_paper(root_from(words)), kind="paper")
    except WrongPassphrase:
        raise WrongSheets from None


def return_with_sheets(
    *, workspace: Workspace, words: str, passphrase: str, handle: str = "", key_file: bytes = b""
) -> Master:
    """Come in as a coordinator by enough sheets, which are used up; the passphrase is new.

    Raises ``BadInput`` for sheets that do not fit or weak words, ``WrongSheets`` for a key that opens nothing here.
    """
    refuse_weak(passphrase)
    with workspace.alone():
        master = opened_by_sheets(workspace, words)
        FILE_KEY.put(master.file_key)
        with using(open_keyring(master)):
            new = workspace.stretch(passphrase, handle=handle, key_file=key_file)
            # Whoever is killed after this comes with the sheets once more.
            workspace.set_way(master, new, kind="passphrase", instead_of=["passphrase"])
            become_member(master)
        workspace.drop_ways(master.account, kinds=["paper"], file_key=master.file_key)
    return master


def _invite_key(root: bytes, name: str, by: By, entry: Entry) -> None:
    own = OwnKeys(root)
    member = Member(circle_id=by.circle_id, name=name, role="coordinator", status="invited")
    member.terms = {"join_by": _NEVER, "recovery": True}
    member.account, member.keys = Master(root, FILE_KEY.get()).account, own.public.kept()
    create(member, entry)
    entry.about("circles.member", member.pk)
    note_standing(entry, member)
    hand_on(by.circle_id, to=own)


def recovery_keys() -> list[PublicKeys]:
    """Return the recovery keys of the circles at work."""
    invited = Member.objects.filter(status="invited", circle_id__in=current().circles)
    kept = [member for member in invited if member.terms.get("recovery")]
    demand_standing(*kept)
    return [PublicKeys.from_kept(member.keys) for member in kept]


def sealed_to(keys: Iterable[PublicKeys]) -> Callable[[bytes], list[str]]:
    """Return what seals a backup's own key, with the key of the file, to recovery keys."""
    publics, shared = list(keys), FILE_KEY.get()
    return lambda fresh: [sealed_for(one, fresh, shared) for one in publics]


def become_member(master: Master) -> None:
    """Let whoever restored work: the recovery key's account, with keys at work, is a member from now on."""
    for member in Member.objects.filter(account=master.account, status="invited"):
        with writing(by=member, action="member.join") as entry:
            change(member, entry, status="active", terms={})
            entry.about("circles.member", member.pk)
            note_standing(entry, member)
