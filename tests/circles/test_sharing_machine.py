"""Any order of joining, going, new keys, sharing, days and erasing agrees with a plain list of who opens what."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tejido.circles.actions import begin_epoch, found_another_circle, open_keyring
from tejido.circles.membership import join_circle, remove_member, rewrap_dossiers
from tejido.circles.models import Grant, Member
from tejido.circles.sharing import settle_sharing, share_dossier, stop_sharing
from tejido.domain.errors import WorkspaceLocked
from tejido.fabric.models import Actor
from tejido.vault import keystore, passphrase
from tejido.vault.erasure import erase_dossier
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.incidents.telling import actor

ANY = st.integers(0, 1000)


class Sharing(RuleBasedStateMachine):
    """Two circles that share; the founder is in both."""

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.home = tempfile.TemporaryDirectory()
        self.people: dict[str, tuple[Master, set[UUID]]] = {}
        self.dossiers: dict[UUID, UUID] = {}
        self.erased: set[UUID] = set()
        self.grants: dict[UUID, tuple[UUID, UUID, int]] = {}
        self.day = 0
        self.clock = pytest.MonkeyPatch()
        for module in ("tejido.vault.sharing", "tejido.circles.sharing"):
            self.clock.setattr(f"{module}.today", lambda: TODAY + timedelta(days=self.day))

    def teardown(self) -> None:
        self.clock.undo()
        transaction.savepoint_rollback(self.before)
        self.home.cleanup()

    @initialize()
    def found(self) -> None:
        self.house = house(Path(self.home.name) / "w")
        with self.house.at_work(self.house.founder) as by:
            there = found_another_circle(by=by, name="Monte").circle_id
        self.circles = [by.circle_id, there]
        self.people["founder"] = (self.house.founder, set(self.circles))
        for at in (0, 1):
            self.join(at)
            self.write_down(at)
        self.share(0, 1)

    def _who(self, circle: UUID, at: int) -> Master:
        here = [master for master, mine in self.people.values() if circle in mine]
        return here[at % len(here)]

    @rule(at=ANY)
    def join(self, at: int) -> None:
        circle, name = self.circles[at % 2], f"p{len(self.people)}"
        code = self.house.invited(name, circle=circle)
        joined = join_circle(
            workspace=self.house.place, code=code, passphrase=words_of(name), handle=name, today=TODAY
        )
        self.people[name] = (joined.master, {circle})

    @rule(at=ANY)
    def remove(self, at: int) -> None:
        there = [name for name, (_, mine) in self.people.items() if name != "founder" and mine]
        assume(there)
        master, mine = self.people[there[at % len(there)]]
        (circle,) = mine
        member = Member.objects.get(account=master.account, circle_id=circle)
        with self.house.at_work(self.house.founder, circle) as by:
            remove_member(by=by, workspace=self.house.place, member_id=member.pk)
        mine.clear()

    @rule(at=ANY)
    def new_keys(self, at: int) -> None:
        circle = self.circles[at % 2]
        with self.house.at_work(self.house.founder, circle) as by:
            with writing(by=by, action="circle.begin_epoch") as entry:
                begun = begin_epoch(circle, entry)
            current().learn(circle, *begun)
            rewrap_dossiers(circle)

    @rule(at=ANY)
    def write_down(self, at: int) -> None:
        circle = self.circles[at % 2]
        with self.house.at_work(self._who(circle, at), circle) as by:
            self.dossiers[actor(by, "Ana").pk] = circle

    @rule(at=ANY, days=st.integers(0, 2))
    def share(self, at: int, days: int) -> None:
        assume(self.dossiers)
        dossier, of = sorted(self.dossiers.items())[at % len(self.dossiers)]
        (to,) = set(self.circles) - {of}
        with self.house.at_work(self._who(of, at), of) as by:
            until = TODAY + timedelta(days=self.day + days)
            grant = share_dossier(dossier, by=by, sign=str(to), until=until, why="agreed")
        self.grants = {one: kept for one, kept in self.grants.items() if kept[0] != dossier}
        self.grants[grant.pk] = (dossier, to, self.day + days)

    @rule(at=ANY)
    def take_back(self, at: int) -> None:
        assume(self.grants)
        grant = sorted(self.grants)[at % len(self.grants)]
        of = self.dossiers[self.grants.pop(grant)[0]]
        with self.house.at_work(self._who(of, at), of) as by:
            stop_sharing(grant, by=by)

    @rule(days=st.integers(1, 3))
    def pass_days(self, days: int) -> None:
        self.day += days

    @rule(at=ANY)
    def come_in(self, at: int) -> None:
        circle = self.circles[at % 2]
        with self.house.at_work(self._who(circle, at), circle) as by:
            settle_sharing(by=by)
        over = Grant.objects.filter(status="over").values_list("pk", flat=True)
        assert all(self.grants[one][2] < self.day for one in over if one in self.grants)

    @rule(at=ANY)
    def erase(self, at: int) -> None:
        assume(self.dossiers)
        dossier, of = sorted(self.dossiers.items())[at % len(self.dossiers)]
        with self.house.at_work(self._who(of, at), of) as by:
            erase_dossier(dossier, by=by)
        del self.dossiers[dossier]
        self.erased.add(dossier)
        self.grants = {one: kept for one, kept in self.grants.items() if kept[0] != dossier}

    @invariant()
    def each_opens_what_the_list_says(self) -> None:
        for master, mine in self.people.values():
            with using(open_keyring(master)):
                for dossier, of in self.dossiers.items():
                    lent = {to for one, to, last in self.grants.values() if one == dossier and last >= self.day}
                    assert _opens(dossier) is bool(mine & ({of} | lent))

    @invariant()
    def nothing_is_left_of_what_was_erased(self) -> None:
        assert not [row for one in self.erased for row in keystore.of_process().rows(one)]


def _opens(dossier: UUID) -> bool:
    try:
        return Actor.objects.get(pk=dossier).usual_name == "Ana"
    except WorkspaceLocked:
        return False


@pytest.fixture
def quick(db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield
    FILE_KEY.put(TEST_FILE_KEY)


def test_who_opens_what_is_shared(quick: None) -> None:
    run_state_machine_as_test(
        Sharing,
        settings=settings(
            max_examples=5,
            stateful_step_count=14,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
