"""What the pages of who belongs to a circle show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tejido.circles.member_forms import AnotherCircleForm, InviteForm, JoinForm, JoinWithForm, RoleSheet, SureForm
from tejido.circles.rules import Rules


@dataclass(frozen=True)
class Person:
    """One member, or somebody who is invited: ``join_by`` is the last day of their code."""

    id: UUID
    name: str
    role: str
    role_label: str
    until: date | None = None
    join_by: date | None = None
    is_me: bool = False
    too_late: bool = False


@dataclass(frozen=True)
class Role:
    """A role, and what it may do, in words."""

    label: str
    meaning: str


@dataclass(frozen=True)
class MembersPage:
    """Who belongs to the circle, and what it asks of them; ``may_manage`` says whether the reader may change that."""

    people: tuple[Person, ...]
    invited: tuple[Person, ...]
    roles: tuple[Role, ...]
    may_manage: bool
    rules: Rules


@dataclass(frozen=True)
class InvitePage:
    """Inviting somebody."""

    form: InviteForm
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class InvitedPage:
    """The code, shown this once."""

    name: str
    code: str
    join_by: date
    address: str


@dataclass(frozen=True)
class JoinPage:
    """Joining with a code: ``offered`` are six words."""

    form: JoinForm
    offered: str
    wait_seconds: int = 0


@dataclass(frozen=True)
class JoinWithPage:
    """Joining with a code and an account one has already."""

    form: JoinWithForm
    wait_seconds: int = 0


@dataclass(frozen=True)
class PersonPage:
    """One member: another role, or letting them go."""

    person: Person
    form: RoleSheet
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class RemovePage:
    """Letting somebody go; what happens is said before."""

    person: Person
    form: SureForm


@dataclass(frozen=True)
class CircleChoice:
    """One circle of whoever is at work."""

    id: UUID
    name: str
    role_label: str
    here: bool


@dataclass(frozen=True)
class CirclesPage:
    """The circles of whoever is at work; ``form`` founds another one, for those who may."""

    circles: tuple[CircleChoice, ...]
    form: AnotherCircleForm | None


@dataclass(frozen=True)
class AccountPage:
    """One's own account: role, sessions, leaving; ``second_due`` is from when a missing second factor is asked for."""

    person: Person
    role: Role
    sessions: int
    circles: int
    form: SureForm
    second_due: date | None = None
