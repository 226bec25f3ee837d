"""Any order of inviting, joining, going, new keys, sharing, erasing, backups, restoring agrees with a plain list."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tejido.circles import membership
from tejido.circles.actions import begin_epoch, found_another_circle, open_keyring
from tejido.circles.membership import join_circle, remove_member, rewrap_dossiers
from tejido.circles.models import Grant, Member
from tejido.circles.sharing import settle_sharing, share_dossier, stop_sharing
from tejido.domain.errors import TejidoError, WorkspaceLocked
from tejido.fabric.models import Actor
from tejido.vault import keystore, passphrase
from tejido.vault.backup import back_up
from tejido.vault.backup_reading import Backup, unlock_backup
from tejido.vault.erasure import erase_dossier
from tejido.vault.journal import verify, writing
from tejido.vault.keyring import FILE_KEY, Keyring, current, using
from tejido.vault.keystore import KeyRow, KeyStore
from tejido.vault.remembering import Remembered
from tejido.vault.slots import Master
from tejido.vault.workspace import Workspace
from tests.circles.coming_back import at_home, brought_back, let_go
from tests.circles.companions import TODAY, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.incidents.telling import actor
from tests.personas import PASSPHRASE

ANY = st.integers(0, 1000)


@dataclass
class Plain:
    """What should be, and what a backup holds: who is where, codes not used, dossiers by circle, grants that stand.

    A grant: the dossier, the circle that may read it, the last day. ``known`` are backups the workspace knows of,
    ``gone`` those who went, each from a circle.
    """

    belong: dict[str, set[UUID]] = field(default_factory=dict)
    codes: dict[str, UUID] = field(default_factory=dict)
    dossiers: dict[UUID, UUID] = field(default_factory=dict)
    grants: dict[UUID, tuple[UUID, UUID, int]] = field(default_factory=dict)
    known: list[Path] = field(default_factory=list)
    gone: list[tuple[str, UUID]] = field(default_factory=list)

    def without(self, dossiers: set[UUID]) -> Plain:
        """Return the same without those dossiers."""
        kept = deepcopy(self)
        kept.dossiers = {one: of for one, of in self.dossiers.items() if one not in dossiers}
        kept.grants = {one: told for one, told in self.grants.items() if told[0] not in dossiers}
        return kept


class Sharing(RuleBasedStateMachine):
    """Two circles that share; the founder is in both and makes the backups."""

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.home = tempfile.TemporaryDirectory()
        self.plain, self.people, self.count = Plain(), dict[str, Master](), 0
        self.erased: set[UUID] = set()
        self.backups: list[tuple[Path, Plain]] = []
        self.places: list[Workspace] = []
        self.kept: dict[tuple[str, UUID], dict[UUID, dict[int, bytes]]] = {}
        self.day = 0
        self.patch = pytest.MonkeyPatch()
        for module in ("tejido.vault.sharing", "tejido.circles.sharing"):
            self.patch.setattr(f"{module}.today", lambda: TODAY + timedelta(days=self.day))

    def teardown(self) -> None:
        let_go(*self.places)
        try:
            with using(open_keyring(self.house.founder)):
                assert verify()
        finally:
            self._put_back()

    def _put_back(self) -> None:
        self.patch.undo()
        transaction.savepoint_rollback(self.before)
        self.home.cleanup()

    @initialize()
    def found(self) -> None:
        at_home(Workspace(Path(self.home.name) / "w0"), self.patch)
        self.house = house(Path(self.home.name) / "w0")
        self.places.append(self.house.place)
        with self.house.at_work(self.house.founder) as by:
            there = found_another_circle(by=by, name="Monte").circle_id
        self.circles = [by.circle_id, there]
        self.people["founder"], self.plain.belong["founder"] = self.house.founder, set(self.circles)
        for at in (0, 1):
            self.invite(at)
            self.join(0)
            self.write_down(at)
        self.share(0, 1)

    def _who(self, circle: UUID, at: int) -> Master:
        here = [who for who, mine in self.plain.belong.items() if circle in mine]
        return self.people[here[at % len(here)]]

    @rule(at=ANY)
    def invite(self, at: int) -> None:
        circle = self.circles[at % 2]
        self.count += 1
        self.plain.codes[self.house.invited(f"p{self.count}", circle=circle)] = circle

    @precondition(lambda self: self.plain.codes)
    @rule(at=ANY)
    def join(self, at: int) -> None:
        code = sorted(self.plain.codes)[at % len(self.plain.codes)]
        self.count += 1
        name = f"p{self.count}"
        words = words_of(name)
        joined = join_circle(workspace=self.house.place, code=code, passphrase=words, handle=name, today=TODAY)
        self.people[name], self.plain.belong[name] = joined.master, {self.plain.codes.pop(code)}

    def _others(self) -> list[str]:
        return [who for who, mine in self.plain.belong.items() if who != "founder" and mine]

    @precondition(lambda self: self._others())
    @rule(at=ANY)
    def remove(self, at: int) -> None:
        there = self._others()
        goes = there[at % len(there)]
        (circle,) = self.plain.belong[goes]
        member = Member.objects.get(account=self.people[goes].account, circle_id=circle)
        self.kept[goes, circle] = open_keyring(self.people[goes]).exported()
        with self.house.at_work(self.house.founder, circle) as by:
            remove_member(by=by, workspace=self.house.place, member_id=member.pk)
        self.plain.belong[goes] = set()
        self.plain.gone.append((goes, circle))

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
            self.plain.dossiers[actor(by, "Ana").pk] = circle

    def _dossier(self, at: int) -> tuple[UUID, UUID]:
        return list(self.plain.dossiers.items())[at % len(self.plain.dossiers)]

    @precondition(lambda self: self.plain.dossiers)
    @rule(at=ANY, days=st.integers(0, 2))
    def share(self, at: int, days: int) -> None:
        dossier, of = self._dossier(at)
        (to,) = set(self.circles) - {of}
        with self.house.at_work(self._who(of, at), of) as by:
            until = TODAY + timedelta(days=self.day + days)
            grant = share_dossier(dossier, by=by, sign=str(to), until=until, why="agreed")
        self.plain.grants = {one: kept for one, kept in self.plain.grants.items() if kept[0] != dossier}
        self.plain.grants[grant.pk] = (dossier, to, self.day + days)

    @precondition(lambda self: self.plain.grants)
    @rule(at=ANY)
    def take_back(self, at: int) -> None:
        grant = list(self.plain.grants)[at % len(self.plain.grants)]
        of = self.plain.dossiers[self.plain.grants.pop(grant)[0]]
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
        grants = self.plain.grants
        assert all(grants[one][2] < self.day for one in over if one in grants)

    @precondition(lambda self: self.plain.dossiers)
    @rule(at=ANY)
    def erase(self, at: int) -> None:
        dossier, of = self._dossier(at)
        with self.house.at_work(self._who(of, at), of) as by:
            erase_dossier(dossier, by=by)
        self.erased.add(dossier)
        self.plain = self.plain.without(self.erased)

    @rule(carried_away=st.booleans())
    def make_a_backup(self, carried_away: bool) -> None:
        self.count += 1
        target = Path(self.home.name) / f"backup{self.count}" / "copy.tejido"
        target.parent.mkdir()
        with self.house.at_work(self.house.founder):
            kept = back_up(self.house.place, Master(self.house.founder.secret, FILE_KEY.get()), target)
        assert kept.keys == len(keystore.of_process().every_row())
        held = deepcopy(self.plain)
        self.plain.known.append(target)
        if carried_away:  # what is erased later cannot be struck out of it
            target = Path(shutil.move(target, target.with_name("elsewhere.tejido")))
        self.backups.append((target, held))

    @precondition(lambda self: self.backups)
    @rule(at=ANY)
    def restore(self, at: int) -> None:
        path, held = self.backups[at % len(self.backups)]
        target = Path(self.home.name) / f"w{len(self.places)}"
        self.house.place = brought_back(path, target, self.patch)
        self.places.append(self.house.place)
        nowhere: dict[str, set[UUID]] = {who: set() for who in self.people}
        self.plain = held.without(self.erased)
        self.plain.belong = nowhere | self.plain.belong
        self.plain.known.append(path)

    @invariant()
    def each_opens_what_the_list_says(self) -> None:
        for who, mine in self.plain.belong.items():
            with using(open_keyring(self.people[who])):
                for dossier, of in self.plain.dossiers.items():
                    grants = self.plain.grants.values()
                    lent = {to for one, to, last in grants if one == dossier and last >= self.day}
                    assert _opens(dossier) is bool(mine & ({of} | lent))

    @invariant()
    def what_they_kept_opens_nothing_to_those_who_went(self) -> None:
        for who, circle in self.plain.gone:
            with using(Keyring(self.kept[who, circle])):
                assert not [one for one, of in self.plain.dossiers.items() if of == circle and _opens(one)]

    @invariant()
    def nothing_is_left_of_what_was_erased(self) -> None:
        assert not [row for one in self.erased for row in keystore.of_process().rows(one)]

    @invariant()
    def whoever_belongs_has_a_way_in_and_nobody_else(self) -> None:
        ways = self.house.place.accounts(file_key=FILE_KEY.get())
        belong = {self.people[who].account for who, mine in self.plain.belong.items() if mine}
        assert belong <= set(ways) and len(ways) == len(belong) + len(self.plain.codes)

    @invariant()
    def no_backup_within_reach_holds_the_key_of_what_was_erased(self) -> None:
        for path in self.plain.known:
            if path.exists():
                kept = Backup.under(path, unlock_backup(path, PASSPHRASE)[1]).dossier_keys()
                assert not self.erased & {row.dossier for row in kept if isinstance(row, KeyRow)}


def _opens(dossier: UUID) -> bool:
    try:
        return Actor.objects.get(pk=dossier).usual_name == "Ana"
    except WorkspaceLocked:
        return False


@pytest.fixture
def quick(db: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    monkeypatch.setattr(membership, "six_words", lambda _: f"code {secrets.token_hex(16)}")
    yield
    FILE_KEY.put(TEST_FILE_KEY)


def test_who_opens_what_is_shared(quick: None) -> None:
    told = settings(
        max_examples=6 if connection.vendor == "sqlite" else 3,
        stateful_step_count=16,
        phases=[Phase.generate],  # a shorter way to the same fault would take minutes to find
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Sharing, settings=told)


LOOKS: list[Callable[[Sharing], None]] = [
    Sharing.each_opens_what_the_list_says,
    Sharing.what_they_kept_opens_nothing_to_those_who_went,
    Sharing.nothing_is_left_of_what_was_erased,
    Sharing.whoever_belongs_has_a_way_in_and_nobody_else,
    Sharing.no_backup_within_reach_holds_the_key_of_what_was_erased,
]


def _a_day(machine: Sharing) -> None:
    """Do a bit of everything, and look at everything after each step."""
    steps: list[Callable[[], None]] = [
        machine.found,
        lambda: machine.make_a_backup(carried_away=False),  # with a key that was granted
        lambda: machine.remove(0),
        lambda: machine.take_back(0),
        lambda: machine.restore(0),
        lambda: machine.pass_days(2),
        lambda: machine.new_keys(0),
        lambda: machine.come_in(1),
        lambda: machine.make_a_backup(carried_away=True),
        lambda: machine.erase(0),
        lambda: machine.restore(1),
        lambda: machine.share(0, 1),
    ]
    try:
        for step in steps:
            step()
            for look in LOOKS:
                look(machine)
    finally:
        machine.teardown()


def _no_new_key(circle: UUID, _: object) -> tuple[int, bytes]:
    """Planted: the keys stay those that whoever goes had."""
    return max(current().exported()[circle].items())


def _only_fresh(store: KeyStore, rows: Iterable[KeyRow]) -> None:
    """Planted: of several keys that come at once none is kept."""
    kept = list(rows)
    if len(kept) < 2:
        _add(store, kept)


_add = KeyStore.add
FAULTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "a share that is taken back stays": ("tejido.circles.sharing.withdraw_key", lambda *_, **__: None),
    "a share is never over": ("tejido.vault.sharing.today", lambda: TODAY),
    "new keys leave the dossiers behind": ("tejido.vault.keystore.KeyStore.rewrap", lambda *_, **__: 0),
    "whoever goes keeps the way in": ("tejido.circles.membership._drop_if_nowhere", lambda *_: None),
    "no new keys when somebody goes": ("tejido.circles.membership.begin_epoch", _no_new_key),
    "an erased key stays": ("tejido.vault.keystore.KeyStore.destroy", lambda *_, **__: 0),
    "an erased key stays in backups": ("tejido.vault.erasure.strike_everywhere", lambda *_: None),
    "a restore asks no ledger": ("tests.circles.coming_back.remembered", lambda *_, **__: Remembered()),
    "a restore brings no keys": ("tejido.vault.keystore.KeyStore.add", _only_fresh),
}


def test_a_day_as_it_should_be(quick: None) -> None:
    _a_day(Sharing())


@pytest.mark.parametrize("fault", FAULTS)
def test_the_machine_notices(quick: None, fault: str) -> None:
    machine = Sharing()
    machine.patch.setattr(*FAULTS[fault])
    with pytest.raises((AssertionError, TejidoError)):
        _a_day(machine)
