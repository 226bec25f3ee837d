"""Guardians bring somebody back in: so many together, after a time, unless anybody stops it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.circles import guardians, waiting
from tejido.circles.guardians import (
    approve_recovery,
    ask_for_way_back,
    begin_recovery,
    choose_guardians,
    members_of,
    stop_recovery,
)
from tejido.circles.guardians_return import TooFewAgreed, return_through_guardians
from tejido.circles.membership import remove_member
from tejido.circles.models import Guardians, Recovery, RecoveryAsk
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotAllowed, WrongPassphrase
from tejido.vault import guardians as shares
from tejido.vault import passphrase
from tejido.vault.journal import verify, writing
from tejido.vault.keyring import FILE_KEY
from tejido.vault.models import JournalEntry
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, house
from tests.conftest import TEST_FILE_KEY
from tests.personas import PASSPHRASE

NEW = "words for a new beginning"


@dataclass
class Clock:
    """A machine whose clock can be set, and which can be started anew."""

    at: float = 1_780_000_000.0
    start: str = "first"
    since: float = 1000.0

    def pass_hours(self, hours: float) -> None:
        self.at, self.since = self.at + hours * 3600, self.since + hours * 3600


@dataclass
class Team:
    """Alba, and three who guard her way back."""

    house: House
    clock: Clock
    people: dict[str, Master] = field(default_factory=dict)

    def choose(self, needed: int = 2, hours: int = 72) -> Guardians:
        with self.house.at_work(self.house.founder) as alba:
            ids = [self.id_of(name) for name in self.people]
            return choose_guardians(
                by=alba, workspace=self.house.place, master=self.house.founder, members=ids, needed=needed, hours=hours
            )

    def id_of(self, name: str) -> Any:
        with self.house.at_work(self.people[name]) as member:
            return member.pk

    def begin(self, number: str, by: str = "Bruno") -> Recovery:
        with self.house.at_work(self.house.founder) as alba:
            whose = alba.pk
        with self.house.at_work(self.people[by]) as member:
            return begin_recovery(by=member, number=number, member=whose)

    def approve(self, begun: Recovery, name: str) -> None:
        master = self.people[name]
        with self.house.at_work(master) as member:
            approve_recovery(by=member, recovery_id=begun.pk, master=master)

    def come_back(self, words: str) -> Master:
        return return_through_guardians(
            workspace=self.house.place, words=words, passphrase=NEW, handle="alba", today=TODAY
        )


@pytest.fixture
def team(db: Any, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    clock = Clock()
    monkeypatch.setattr(waiting, "wall", lambda: clock.at)
    monkeypatch.setattr(waiting, "running", lambda: (clock.start, clock.since))
    monkeypatch.setattr(waiting, "newest_known", lambda circle: 0.0)
    made = house(tmp_path / "w")
    settings.WORKSPACE = made.place
    team = Team(made, clock)
    team.people = {name: made.joined(name) for name in ("Bruno", "Carla", "Dario")}
    yield team
    FILE_KEY.put(TEST_FILE_KEY)


def test_two_of_three_bring_somebody_back_after_the_time(team: Team) -> None:
    team.choose()
    asked = ask_for_way_back()
    begun = team.begin(asked.number)
    assert not RecoveryAsk.objects.exists()
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)
    team.approve(begun, "Dario")
    assert team.come_back("  " + asked.words.upper()).account == team.house.founder.account
    assert team.house.place.unlock(NEW, handle="alba").secret == team.house.founder.secret
    with pytest.raises(WrongPassphrase):
        team.house.place.unlock(PASSPHRASE)
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)
    assert team.house.place.ways_into(team.house.founder.account, file_key=FILE_KEY.get()) == ["passphrase"]
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert actions >= {"guardian.choose", "guardian.begin", "guardian.approve", "guardian.recover"}
    with team.house.at_work(team.house.founder):
        verify()


def test_nobody_hands_a_share_on_before_the_time_is_over(team: Team) -> None:
    team.choose(hours=24)
    begun = team.begin(ask_for_way_back().number)
    team.clock.pass_hours(23)
    with pytest.raises(NotAllowed, match="waiting time is not over"):
        team.approve(begun, "Bruno")
    assert handed(begun) == b""
    team.clock.pass_hours(2)
    team.approve(begun, "Bruno")


def test_a_clock_set_forward_or_back_while_the_machine_runs_changes_nothing(team: Team) -> None:
    team.choose()
    begun = team.begin(ask_for_way_back().number)
    for hours in (1000, -1000):
        team.clock.at += hours * 3600
        with pytest.raises(NotAllowed):
            team.approve(begun, "Bruno")
    team.clock.since += 73 * 3600
    team.approve(begun, "Bruno")


def test_a_clock_set_back_before_it_begins_does_not_shorten_the_wait(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team.choose()
    asked = ask_for_way_back()
    truth = team.clock.at
    monkeypatch.setattr(waiting, "newest_known", lambda circle: truth)
    team.clock.at -= 80 * 3600
    begun = team.begin(asked.number)
    team.clock.at, team.clock.start = truth + 3600, "second"
    with pytest.raises(NotAllowed):
        team.approve(begun, "Bruno")
    team.clock.at = truth + 73 * 3600
    team.approve(begun, "Bruno")


def test_the_newest_time_known_is_that_of_the_journal(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import UTC, datetime

    monkeypatch.undo()
    late = datetime(2091, 5, 1, 12, tzinfo=UTC)
    with team.house.at_work(team.house.founder) as alba:
        for when in (late, datetime(2026, 1, 1, tzinfo=UTC)):
            with writing(by=alba, action="test.note", now=when):
                pass
        assert waiting.newest_known(alba.circle_id) == late.timestamp()


def test_any_member_stops_it_and_what_was_given_is_gone(team: Team) -> None:
    team.choose()
    eva = team.house.joined("Eva", "field_reporter")
    asked = ask_for_way_back()
    begun = team.begin(asked.number)
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    team.approve(begun, "Carla")
    with team.house.at_work(eva) as member:
        stop_recovery(by=member, recovery_id=begun.pk)
        with pytest.raises(Conflict):
            stop_recovery(by=member, recovery_id=begun.pk)
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)
    with pytest.raises(Conflict):
        team.approve(begun, "Dario")
    assert handed(begun) == b""
    assert team.house.place.unlock(PASSPHRASE)


def test_a_guardian_who_was_let_go_does_not_count(team: Team) -> None:
    team.choose()
    asked = ask_for_way_back()
    begun = team.begin(asked.number)
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    team.approve(begun, "Carla")
    bruno = team.id_of("Bruno")
    with team.house.at_work(team.people["Carla"]):
        carla = team.id_of("Carla")
    with team.house.at_work(team.house.founder) as alba:
        remove_member(by=alba, workspace=team.house.place, member_id=bruno)
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)
    with team.house.at_work(team.house.founder):
        assert carla in {one.pk for one in members_of(Guardians.objects.get(status="active"))}
    team.approve(begun, "Dario")
    assert team.come_back(asked.words)


def test_agreeing_twice_is_agreeing_once_and_an_approval_fits_nowhere_else(team: Team) -> None:
    team.choose()
    first = ask_for_way_back()
    begun = team.begin(first.number)
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    with pytest.raises(Conflict, match="agreed already"):
        team.approve(begun, "Bruno")
    old = json.loads(handed(begun))
    with team.house.at_work(team.people["Carla"]) as carla:
        stop_recovery(by=carla, recovery_id=begun.pk)
    again = team.begin(ask_for_way_back().number)
    team.clock.pass_hours(73)
    team.approve(again, "Dario")
    # Whoever writes in the database puts the earlier approval into the later recovery, and asks with the first key.
    forged = {**json.loads(handed(again)), **old}
    key = shares.asking_key(shares.asking_seed(first.words))
    Recovery.objects.filter(pk=again.pk).update(given=json.dumps(forged).encode(), key=key)
    with pytest.raises(TooFewAgreed):
        team.come_back(first.words)


def test_a_recovery_that_grew_old_is_used_no_more(team: Team) -> None:
    team.choose()
    asked = ask_for_way_back()
    begun = team.begin(asked.number)
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    team.approve(begun, "Carla")
    team.clock.pass_hours(15 * 24)
    with pytest.raises(Conflict, match="too old"):
        team.approve(begun, "Dario")
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)


def test_only_guardians_begin_and_agree_and_only_with_their_own_passphrase(team: Team) -> None:
    team.choose()
    eva = team.house.joined("Eva", "coordinator")
    asked = ask_for_way_back()
    with team.house.at_work(team.house.founder) as alba, pytest.raises(NotAllowed):
        begin_recovery(by=alba, number=asked.number, member=alba.pk)
    team.people["Eva"] = eva
    with pytest.raises(NotAllowed):
        team.begin(asked.number, by="Eva")
    with pytest.raises(BadInput, match="this number"):
        team.begin("1234 5678 9012 3456 7890 1234")
    begun = team.begin(asked.number)
    with pytest.raises(Conflict):
        team.begin(ask_for_way_back().number)
    team.clock.pass_hours(73)
    with pytest.raises(NotAllowed):
        team.approve(begun, "Eva")
    with team.house.at_work(team.people["Bruno"]) as bruno, pytest.raises(NotAllowed):
        approve_recovery(by=bruno, recovery_id=begun.pk, master=team.people["Carla"])


def test_never_one_alone_nor_oneself_nor_a_guest(team: Team) -> None:
    for needed in (0, 1, 4):
        with pytest.raises(BadInput):
            team.choose(needed=needed)
    for hours in (0, 23, 24 * 15):
        with pytest.raises(BadInput):
            team.choose(hours=hours)
    guest = team.house.joined("Guest", "guest")
    with team.house.at_work(guest) as member:
        its = member.pk
    with team.house.at_work(team.house.founder) as alba:
        for ids in ([alba.pk, team.id_of("Bruno")], [its, team.id_of("Bruno")]):
            with pytest.raises(BadInput):
                choose_guardians(by=alba, workspace=team.house.place, master=team.house.founder, members=ids, needed=2)
    assert not Guardians.objects.exists()


def test_another_choice_makes_the_shares_of_the_first_worthless(team: Team) -> None:
    first = team.choose()
    kept = dict(first.terms["shares"])
    secret = shares.combine([_opened(team, first, kept, name) for name in ("Bruno", "Carla")])
    assert team.house.place.open_way(shares.way_of(secret), kind="guardians").account == team.house.founder.account
    team.choose()
    with pytest.raises(WrongPassphrase):
        team.house.place.open_way(shares.way_of(secret), kind="guardians")
    assert Guardians.objects.filter(pk=first.pk, status="replaced").exists()
    ways = team.house.place.ways_into(team.house.founder.account, file_key=FILE_KEY.get())
    assert sorted(ways) == ["guardians", "passphrase"]


def test_killed_while_choosing_leaves_the_earlier_guardians(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    first = team.choose()
    kept = dict(first.terms["shares"])

    def killed(*_args: object, **_values: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(guardians, "create", killed)
    with pytest.raises(KeyboardInterrupt):
        team.choose()
    secret = shares.combine([_opened(team, first, kept, name) for name in ("Bruno", "Carla")])
    assert team.house.place.open_way(shares.way_of(secret), kind="guardians").account == team.house.founder.account
    assert Guardians.objects.get().status == "active"


def test_killed_at_the_last_step_leaves_the_new_way_in(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.choose()
    asked = ask_for_way_back()
    begun = team.begin(asked.number)
    team.clock.pass_hours(73)
    team.approve(begun, "Bruno")
    team.approve(begun, "Carla")
    whole = type(team.house.place).set_way

    def then_killed(*args: Any, **values: Any) -> None:
        whole(*args, **values)
        raise KeyboardInterrupt

    monkeypatch.setattr(type(team.house.place), "set_way", then_killed)
    with pytest.raises(KeyboardInterrupt):
        team.come_back(asked.words)
    monkeypatch.setattr(type(team.house.place), "set_way", whole)
    assert team.house.place.unlock(NEW, handle="alba")
    assert Recovery.objects.get().status == "waiting"
    with pytest.raises(TooFewAgreed):
        team.come_back(asked.words)


def handed(recovery: Recovery) -> bytes:
    """Return what guardians handed on, as it rests."""
    return bytes(Recovery.objects.values_list("given", flat=True).get(pk=recovery.pk))


def _opened(team: Team, found: Guardians, kept: dict[str, str], name: str) -> str:
    from tejido.vault.member_keys import OwnKeys

    ident = team.id_of(name)
    raw = base64.b64decode(kept[ident.hex])
    for other in set(team.people) - {name}:
        with pytest.raises(DamagedSeal):
            shares.opened_share(OwnKeys(team.people[other].secret), raw, chosen=found.pk, guardian=ident)
    return shares.opened_share(OwnKeys(team.people[name].secret), raw, chosen=found.pk, guardian=ident)


def test_keys_of_people_who_cannot_get_in_are_bounded(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardians, "_MOST_ASKS", 3)
    numbers = [ask_for_way_back().number for _ in range(5)]
    assert [shares.number_of(bytes(one.key)) for one in RecoveryAsk.objects.order_by("pk")] == numbers[2:]


@given(st.binary(min_size=32, max_size=32), st.integers(2, 5), st.data())
@settings(deadline=None)
def test_fewer_shares_than_needed_open_nothing(secret: bytes, needed: int, data: st.DataObject) -> None:
    many = data.draw(st.integers(needed, 6))
    made = shares.split(secret, needed=needed, many=many)
    order = data.draw(st.permutations(made))
    assert shares.combine(order[:needed]) == secret
    with pytest.raises(BadInput):
        shares.combine(order[: needed - 1])


def test_words_that_are_kept_are_typed_as_one_likes() -> None:
    assert shares.asking_seed("One  two\nthree ") == shares.asking_seed("one two three")
    number = shares.number_of(shares.asking_key(shares.asking_seed("one two three")))
    assert [len(group) for group in number.split()] == [4] * 6
