"""A workspace with slots of its own, and people who join it one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from tejido.circles.actions import found_circle, memberships_of, open_keyring
from tejido.circles.membership import Invitation, invite_member, join_circle
from tejido.circles.models import Member
from tejido.vault.keyring import FILE_KEY, using, working_in
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace
from tests.personas import PASSPHRASE

TODAY = date(2026, 3, 2)


@dataclass
class House:
    """A workspace and its founder."""

    place: Workspace
    founder: Master

    @contextmanager
    def at_work(self, master: Master, circle: UUID | None = None) -> Iterator[Member]:
        """Work as the account of ``master``, in its first circle or in ``circle``."""
        with using(open_keyring(master)):
            mine = memberships_of(master.account, today=TODAY)
            member = next(member for member in mine if circle in {None, member.circle_id})
            with working_in(member.circle_id):
                yield member

    def invited(self, name: str, role: str = "member", *, by: Master | None = None, circle: UUID | None = None) -> str:
        """Invite somebody; return the code."""
        with self.at_work(by or self.founder, circle) as member:
            return self.invitation(member, name, role).code

    def invitation(self, by: Member, name: str, role: str = "member") -> Invitation:
        until = date(2026, 4, 1) if role == "guest" else None
        return invite_member(by=by, workspace=self.place, name=name, role=role, today=TODAY, until=until)

    def joined(self, name: str, role: str = "member", *, by: Master | None = None) -> Master:
        """Invite somebody who joins at once, with a handle and words made of their name."""
        code = self.invited(name, role, by=by)
        words = words_of(name)
        return join_circle(workspace=self.place, code=code, passphrase=words, handle=name, today=TODAY).master


def words_of(name: str) -> str:
    """Return the passphrase of somebody in the tests."""
    return f"the six plain words of {name}"


def house(directory: Path) -> House:
    """Make a workspace with its first circle."""
    place = Workspace(directory)
    founder = place.create(PASSPHRASE)
    FILE_KEY.put(founder.file_key)
    found_circle(name="Ribera", member_name="Alba", master=founder)
    return House(place, founder)
