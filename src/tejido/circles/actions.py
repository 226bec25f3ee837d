"""Founding a circle and opening its keys."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from tejido.circles.models import Circle, EpochKey, Member
from tejido.domain.errors import Conflict, NotFound
from tejido.domain.words import N_
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, using
from tejido.vault.records import create
from tejido.vault.seal import unwrap, wrap
from tejido.vault.workspace import Master

_FOUNDED = N_("There is a circle in this notebook already. Nothing was changed; open it with its passphrase.")


@dataclass(frozen=True)
class _Founder:
    """Whoever acts before there is a member: the circle acts in its own name."""

    id: UUID
    circle_id: UUID


def found_circle(*, name: str, member_name: str, master: Master) -> Member:
    """Create the first circle of a workspace, its first epoch key and its coordinator.

    Raises ``Conflict`` if there is a circle already: whoever founds is asked twice, a second browser as well.
    """
    circle_id, member_id, key = uuid.uuid4(), uuid.uuid4(), os.urandom(32)
    wrapped = wrap(master.circle_wrapping_key, key, purpose=_purpose(circle_id, 1))
    with using(Keyring({circle_id: {1: key}})), transaction.atomic():
        with writing(by=_Founder(member_id, circle_id), action="circle.found") as entry:
            if Circle.objects.exists():
                raise Conflict(_FOUNDED)
            circle = create(Circle(id=circle_id, name=name), entry)
            EpochKey.objects.create(circle=circle, epoch=1, wrapped=wrapped)
            member = create(Member(id=member_id, circle=circle, name=member_name, role="coordinator"), entry)
            entry.about("circles.circle", circle_id)
        member.open_all()
    return member


def open_keyring(master: Master) -> Keyring:
    """Unwrap every circle key that the master secret opens."""
    keys: dict[UUID, dict[int, bytes]] = {}
    for row in EpochKey.objects.all():
        key = unwrap(master.circle_wrapping_key, bytes(row.wrapped), purpose=_purpose(row.circle_id, row.epoch))
        keys.setdefault(row.circle_id, {})[row.epoch] = key
    return Keyring(keys)


def only_member() -> Member:
    """Return the member in whose name a workspace with one passphrase works."""
    member = Member.objects.filter(status="active").order_by("stamp").first()
    if member is None:
        raise NotFound
    return member


def _purpose(circle: UUID, epoch: int) -> str:
    return f"circle/{circle.hex}/{epoch}"
