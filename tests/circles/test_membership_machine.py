"""Any order of inviting, joining, going, roles, new keys and new circles agrees with a plain list of who is where."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tejido.circles.actions import begin_epoch, found_another_circle, open_keyring
from tejido.circles.membership import change_role, join_circle, leave_circle, remove_member, settle
from tejido.circles.models import Circle, Member
from tejido.domain.errors import BadInput, NotAllowed, TejidoError, WorkspaceLocked, WrongPassphrase
from tejido.vault import passphrase
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, Keyring, current, using
from tejido.vault.records import change
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.personas import PASSPHRASE

ROLES = st.sampled_from(["coordinator", "member", "auditor", "field_reporter"])
ANY = st.integers(0, 1000)


@dataclass
class Plain:
    """What should be: roles by circle and person; codes not used yet; what each circle is called now."""

    roles: dict[UUID, dict[str, str]] = field(default_factory=dict)
    codes: list[tuple[str, UUID, str]] = field(default_factory=list)
    called: dict[UUID, str] = field(default_factory=dict)
    gone: list[tuple[UUID, Keyring]] = field(default_factory=list)


class Belonging(RuleBasedStateMachine):
    """People who come and go."""

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.home = tempfile.TemporaryDirectory()
        self.plain, self.people, self.count = Plain(), dict[str, Master](), 0

    @initialize()
    def found(self) -> None:
        self.house: House = house(Path(self.home.name) / "w")
        self.people["founder"] = self.house.founder
        first = Circle.objects.get().pk
        self.plain.roles[first], self.plain.called[first] = {"founder": "coordinator"}, "Ribera"

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)
        self.home.cleanup()

    def _coordinator(self, at: int) -> tuple[UUID, str]:
        every = [
            (c, who) for c, there in self.plain.roles.items() for who, role in there.items() if role == "coordinator"
        ]
        return every[at % len(every)]

    def _anybody(self, at: int) -> tuple[UUID, str]:
        every = [(circle, who) for circle, there in self.plain.roles.items() for who in there]
        return every[at % len(every)]

    def _record(self, circle: UUID, who: str) -> Member:
        return Member.objects.get(circle_id=circle, account=self.people[who].account, status="active")

    def _keep_what_they_had(self, circle: UUID, who: str) -> None:
        self.plain.gone.append((circle, open_keyring(self.people[who])))

    @rule(at=ANY, role=ROLES)
    def invite(self, at: int, role: str) -> None:
        circle, who = self._coordinator(at)
        self.count += 1
        self.plain.codes.append(
            (self.house.invited(f"p{self.count}", role, by=self.people[who], circle=circle), circle, role)
        )

    @precondition(lambda self: self.plain.codes)
    @rule(at=ANY, again=st.booleans())
    def join(self, at: int, again: bool) -> None:
        code, circle, role = self.plain.codes[at % len(self.plain.codes)]
        everybody = sorted(self.people)
        has_account = again and len(everybody) > 1
        self.count += 1
        who = everybody[at % len(everybody)] if has_account else f"p{self.count}"
        words, handle = (PASSPHRASE, "") if who == "founder" else (words_of(who), who)
        join_in: dict[str, Any] = {
            "workspace": self.house.place,
            "code": code,
            "today": TODAY,
            "has_account": has_account,
        }
        if has_account and who in self.plain.roles[circle]:
            with pytest.raises(BadInput):
                join_circle(passphrase=words, handle=handle, **join_in)
            return
        if has_account and not any(who in there for there in self.plain.roles.values()):
            with pytest.raises(WrongPassphrase):  # whoever is nowhere has no way in either
                join_circle(passphrase=words, handle=handle, **join_in)
            return
        self.people[who] = join_circle(passphrase=words, handle=handle, **join_in).master
        self.plain.codes.remove((code, circle, role))
        self.plain.roles[circle][who] = role
        with pytest.raises(WrongPassphrase):
            join_circle(passphrase=words_of("late"), handle="late", **{**join_in, "has_account": False})

    @rule(at=ANY, other=ANY)
    def remove(self, at: int, other: int) -> None:
        circle, who = self._coordinator(at)
        there = sorted(self.plain.roles[circle])
        goes = there[other % len(there)]
        record = self._record(circle, goes)
        self._keep_what_they_had(circle, goes)
        with self.house.at_work(self.people[who], circle) as by:
            if goes == who:
                self.plain.gone.pop()
                with pytest.raises(NotAllowed):
                    remove_member(by=by, workspace=self.house.place, member_id=record.pk)
                return
            remove_member(by=by, workspace=self.house.place, member_id=record.pk)
        del self.plain.roles[circle][goes]
        self._write(circle, who)

    @rule(at=ANY)
    def leave(self, at: int) -> None:
        circle, who = self._anybody(at)
        there = self.plain.roles[circle]
        last = there[who] == "coordinator" and list(there.values()).count("coordinator") == 1
        self._keep_what_they_had(circle, who)
        with self.house.at_work(self.people[who], circle) as by:
            if last:
                self.plain.gone.pop()
                with pytest.raises(NotAllowed):
                    leave_circle(by=by, workspace=self.house.place)
                return
            leave_circle(by=by, workspace=self.house.place)
        del there[who]
        coordinator = next(one for one, role in there.items() if role == "coordinator")
        with self.house.at_work(self.people[coordinator], circle) as by:
            settle(by=by, workspace=self.house.place)
        self._write(circle, coordinator)

    @rule(at=ANY, other=ANY, role=ROLES)
    def give_role(self, at: int, other: int, role: str) -> None:
        circle, who = self._coordinator(at)
        there = self.plain.roles[circle]
        whose = sorted(there)[other % len(there)]
        last = there[whose] == "coordinator" and list(there.values()).count("coordinator") == 1
        record = self._record(circle, whose)
        with self.house.at_work(self.people[who], circle) as by:
            if last and role != "coordinator":
                with pytest.raises(NotAllowed):
                    change_role(by=by, member_id=record.pk, role=role, today=TODAY)
                return
            change_role(by=by, member_id=record.pk, role=role, today=TODAY)
        there[whose] = role

    @rule(at=ANY)
    def rotate(self, at: int) -> None:
        circle, who = self._coordinator(at)
        with self.house.at_work(self.people[who], circle) as by, writing(by=by, action="circle.begin_epoch") as entry:
            begin_epoch(circle, entry)
        self._write(circle, who)

    @precondition(lambda self: len(self.plain.roles) < 3)
    @rule(at=ANY)
    def found_another(self, at: int) -> None:
        circle, who = self._coordinator(at)
        self.count += 1
        with self.house.at_work(self.people[who], circle) as by:
            there = found_another_circle(by=by, name=f"circle {self.count}").circle_id
        self.plain.roles[there], self.plain.called[there] = {who: "coordinator"}, f"circle {self.count}"

    def _write(self, circle: UUID, who: str) -> None:
        """Write something that only those who belong now may read."""
        self.count += 1
        with self.house.at_work(self.people[who], circle) as by, writing(by=by, action="circle.change") as entry:
            change(Circle.objects.get(pk=circle), entry, name=f"name {self.count}")
        self.plain.called[circle] = f"name {self.count}"

    @invariant()
    def each_reads_what_is_theirs(self) -> None:
        for who, master in self.people.items():
            mine = {circle for circle, there in self.plain.roles.items() if who in there}
            with using(open_keyring(master)):
                assert set(current().circles) == mine
                assert {circle: Circle.objects.get(pk=circle).name for circle in mine} == {
                    circle: self.plain.called[circle] for circle in mine
                }

    @invariant()
    def nobody_reads_what_came_after_them(self) -> None:
        for circle, keyring in self.plain.gone:
            with using(keyring), pytest.raises(WorkspaceLocked):
                Circle.objects.get(pk=circle).name  # noqa: B018

    @invariant()
    def there_is_a_way_in_for_whoever_belongs_and_for_nobody_else(self) -> None:
        if not self.people:
            return
        ways = set(self.house.place.accounts(file_key=FILE_KEY.get()))
        belong = {self.people[who].account for there in self.plain.roles.values() for who in there}
        invited = set(Member.objects.filter(status="invited").values_list("account", flat=True))
        assert ways == belong | invited and len(invited) == len(self.plain.codes)


def _run(examples: int) -> None:
    run_state_machine_as_test(
        Belonging,
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def quick(db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield
    FILE_KEY.put(TEST_FILE_KEY)


def test_who_is_where_and_reads_what(quick: None) -> None:
    _run(8)


def _same_key(circle: UUID, _: object) -> tuple[int, bytes]:
    """Planted: the keys stay those that whoever goes had."""
    return max(current().exported()[circle].items())


FAULTS: dict[str, tuple[str, Any]] = {
    "no new keys when somebody goes": ("tejido.circles.membership.begin_epoch", _same_key),
    "whoever goes keeps the way in": ("tejido.circles.membership._drop_if_nowhere", lambda *_: None),
    "nobody settles after somebody left": ("tests.circles.test_membership_machine.settle", lambda **_: None),
    "the last coordinator may go": ("tejido.circles.membership._keep_a_coordinator", lambda _: None),
    "a code works twice": ("tejido.vault.workspace.Workspace.drop_slots", lambda *_, **__: None),
}
LOOKS: list[Callable[[Belonging], None]] = [
    Belonging.each_reads_what_is_theirs,
    Belonging.nobody_reads_what_came_after_them,
    Belonging.there_is_a_way_in_for_whoever_belongs_and_for_nobody_else,
]


def _a_day(machine: Belonging) -> None:
    """Do a bit of everything, and look at everything after each step."""
    steps: list[Callable[[], None]] = [
        machine.found,
        lambda: machine.leave(0),  # the last coordinator: refused
        lambda: machine.invite(0, "coordinator"),
        lambda: machine.join(0, False),
        lambda: machine.invite(0, "member"),
        lambda: machine.join(0, False),
        lambda: machine.give_role(0, 1, "auditor"),
        lambda: machine.rotate(0),
        lambda: machine.remove(0, 2),
        lambda: machine.leave(1),
    ]
    try:
        for step in steps:
            step()
            for look in LOOKS:
                look(machine)
    finally:
        machine.teardown()


def test_a_day_as_it_should_be(quick: None) -> None:
    _a_day(Belonging())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_notices(quick: None, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises((AssertionError, TejidoError, pytest.fail.Exception)):
        _a_day(Belonging())
