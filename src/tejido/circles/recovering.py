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

from tejido.circles.membership import _hand_on as hand_on
from tejido.circles.models import Member
from tejido.circles.standings import demand_standing, note_standing
from tejido.vault.journal import By, writing
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.member_keys import OwnKeys, PublicKeys
from tejido.vault.records import change, create
from tejido.vault.recovery import sealed_for
from tejido.vault.recovery_words import as_words
from tejido.vault.slots import Master

#: The last day of an invitation that does not end.
_NEVER: Final = "9999-12-31"


def new_recovery_key(*, by: By, name: str) -> str:
    """Make a recovery key for the circle of ``by``; return its words, which are kept nowhere.

    An earlier one goes on until a coordinator takes it back.
    """
    root = os.urandom(32)
    master, own = Master(root, FILE_KEY.get()), OwnKeys(root)
    with writing(by=by, action="recovery.new") as entry:
        member = Member(circle_id=by.circle_id, name=name, role="coordinator", status="invited")
        member.terms = {"join_by": _NEVER, "recovery": True}
        member.account, member.keys = master.account, own.public.kept()
        create(member, entry)
        entry.about("circles.member", member.pk)
        note_standing(entry, member)
        hand_on(by.circle_id, to=own)
    return as_words(root)


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
