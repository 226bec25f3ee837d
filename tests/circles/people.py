"""More people in the circle of the tests, each with keys of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from tejido.circles.models import Member
from tejido.circles.standings import note_standing
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.member_keys import OwnKeys
from tejido.vault.records import change, create


def keys_of(name: str) -> OwnKeys:
    """Return the keys of somebody in the tests, the same each time."""
    return OwnKeys(hashlib.sha256(name.encode()).digest())


def account_of(name: str) -> UUID:
    """Return the account of somebody in the tests."""
    return UUID(bytes=hashlib.sha256(b"account" + name.encode()).digest()[:16])


def joined(by: Any, name: str, role: str = "member", **values: Any) -> Member:
    """Let somebody into the circle of ``by``."""
    with writing(by=by, action="member.join") as entry:
        member = Member(circle_id=by.circle_id, name=name, role=role, account=account_of(name))
        member.keys, status = keys_of(name).public.kept(), values.pop("status", "active")
        for field, value in values.items():
            setattr(member, field, value)
        member.status = "invited"
        create(member, entry)
        note_standing(entry, member)
        change(member, entry, status=status)
        if member.keys:
            note_standing(entry, member, signer=member.pk, seed=keys_of(name).signing_seed)
        return member


def changed(by: Any, member: Member, **values: Any) -> Member:
    """Change how somebody stands."""
    with writing(by=by, action="member.change") as entry:
        found = change(Member.objects.get(pk=member.pk), entry, **values)
        note_standing(entry, found)
        return found


@contextmanager
def working(name: str) -> Iterator[None]:
    """Work as somebody of the tests: with the keys of the circle, and their own."""
    own = keys_of(name)
    with using(Keyring(current().exported(), account=account_of(name), signing_seed=own.signing_seed)):
        yield
