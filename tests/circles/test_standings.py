"""Roles, last days and who belongs are followed as they were signed; whatever is altered in the rows is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.circles import actions, standings
from tejido.circles.actions import begin_epoch, found_another_circle, memberships_of, open_keyring
from tejido.circles.keeping import remark_on_standings
from tejido.circles.membership import change_role, leave_circle, remove_member, settle
from tejido.circles.models import EpochKey, Member, StandingLine
from tejido.circles.standing_rules import PURPOSE, Line, Roster, Stand, signed
from tejido.circles.standings import AlteredStanding, members_of, note_standing, roster, sign_what_stands
from tejido.domain.errors import DamagedSeal, TejidoError
from tejido.vault import passphrase
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.models import JournalEntry
from tejido.vault.records import create
from tejido.vault.signing import public_of, sign
from tejido.vault.slots import Master
from tests.browsing import sign_in
from tests.circles.companions import TODAY, House, house, words_of
from tests.circles.test_member_pages import code_for, joined, signed_in, visitor
from tests.circles.test_member_pages import ribera as served
from tests.conftest import TEST_FILE_KEY

__all__ = ["served"]
Row = dict[str, Any]


@pytest.fixture
def ribera(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield house(tmp_path / "w")
    FILE_KEY.put(TEST_FILE_KEY)


def record_of(master: Master) -> Member:
    return Member.objects.get(account=master.account)


COLUMNS = [str(field.column) for field in Member._meta.concrete_fields]


def row_of(master: Master) -> Row:
    """Return a member's whole row as it rests."""
    ident = Member._meta.pk.get_db_prep_save(record_of(master).pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM circles_member WHERE id = %s", [ident])
        return dict(zip(COLUMNS, cursor.fetchone(), strict=True))


def put_back(row: Row) -> None:
    """Lay an earlier row over the present one, as somebody who can write to the database."""
    told = ", ".join(f"{column} = %s" for column in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE circles_member SET {told} WHERE id = %s", [*row.values(), row["id"]])


def give_role(house_: House, whom: Master, role: str) -> None:
    with house_.at_work(house_.founder) as alba:
        change_role(by=alba, member_id=record_of(whom).pk, role=role, today=TODAY)


def promoted(house_: House, bruno: Master) -> None:
    Member.objects.filter(account=bruno.account).update(role="coordinator")


def let_in_again(house_: House, bruno: Master) -> None:
    with house_.at_work(bruno) as by:
        leave_circle(by=by, workspace=house_.place)
    Member.objects.filter(account=bruno.account).update(status="active")


def swapped(house_: House, bruno: Master) -> None:
    Member.objects.filter(account=bruno.account).update(role="coordinator")
    Member.objects.filter(account=house_.founder.account).update(role="member")


def as_before(house_: House, bruno: Master) -> None:
    """He was a coordinator once: that whole row is put back."""
    give_role(house_, bruno, "coordinator")
    kept = row_of(bruno)
    give_role(house_, bruno, "member")
    put_back(kept)


def without_an_end(house_: House, bruno: Master) -> None:
    """A guest's last day is sealed: the row from when there was none is put back."""
    kept = row_of(bruno)
    with house_.at_work(house_.founder) as alba:
        change_role(by=alba, member_id=record_of(bruno).pk, role="guest", today=TODAY, until=TODAY)
    put_back(kept)


@pytest.mark.parametrize("fault", [promoted, let_in_again, swapped, as_before, without_an_end])
def test_what_no_coordinator_signed_is_refused(ribera: House, fault: Callable[[House, Master], None]) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        assert remark_on_standings(alba.circle_id).level == "good"
        fault(ribera, bruno)
        with pytest.raises(AlteredStanding, match="somebody altered it"):
            members_of(alba.circle_id)
        assert remark_on_standings(alba.circle_id).level == "fault"
        with pytest.raises(TejidoError), writing(by=alba, action="circle.begin_epoch") as entry:
            begin_epoch(alba.circle_id, entry)
        with pytest.raises(AlteredStanding):
            settle(by=alba, workspace=ribera.place)
    with using(open_keyring(bruno)), pytest.raises(AlteredStanding):
        memberships_of(bruno.account, today=TODAY)


@pytest.mark.parametrize("fault", [promoted, as_before])
def test_a_session_ends_where_the_row_was_altered(ribera: House, fault: Callable[[House, Master], None]) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as by, sign_in(by) as browser:
        assert browser.get("/circle/members/").status_code == 200
        fault(ribera, bruno)
        assert browser.get("/circle/members/")["Location"].startswith(("/unlock/", "/setup/"))


def test_at_the_door_a_sentence_says_that_the_record_was_altered(served: House) -> None:
    bruno = joined(code_for(signed_in(), "Bruno"), "Bruno")
    bruno.post("/lock/")
    Member.objects.filter(status="active").exclude(account=served.founder.account).update(role="coordinator")
    answer = visitor().post("/unlock/", {"passphrase": words_of("Bruno"), "handle": "Bruno"})
    assert answer.status_code == 500 and "somebody altered it" in answer.content.decode()


def test_a_role_given_by_a_coordinator_holds_in_the_session_at_once(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as by, sign_in(by) as browser:
        assert browser.get("/circle/journal/").status_code == 403
        give_role(ribera, bruno, "auditor")
        assert browser.get("/circle/journal/").status_code == 200


def test_an_older_chain_put_back_is_told_by_the_journal_and_by_what_was_seen(ribera: House) -> None:
    bruno, carla = ribera.joined("Bruno", "coordinator"), ribera.joined("Carla")
    kept = row_of(bruno)
    give_role(ribera, bruno, "member")
    for master in (ribera.founder, bruno, carla):
        open_keyring(master)
    StandingLine.objects.filter(number=roster_of(ribera).number).delete()
    put_back(kept)
    with using(current_of(ribera)), pytest.raises(AlteredStanding):
        members_of(record_of(carla).circle_id)  # the journal tells of a later change
    JournalEntry.objects.filter(action="member.change_role").delete()
    for master in (ribera.founder, carla):
        with pytest.raises(AlteredStanding):
            open_keyring(master)


_KEYRINGS: dict[str, Any] = {}


def current_of(house_: House) -> Any:
    """Return the founder's keys as they were opened before anything was altered."""
    return _KEYRINGS[str(house_.place.directory)]


def roster_of(house_: House) -> Roster:
    _KEYRINGS[str(house_.place.directory)] = keyring = open_keyring(house_.founder)
    with using(keyring):
        found = roster(record_of(house_.founder).circle_id)
    assert found is not None
    return found


@pytest.mark.parametrize("seen", [True, False])
def test_a_chain_that_was_taken_away_is_missed(ribera: House, seen: bool) -> None:
    bruno = ribera.joined("Bruno")
    keyring = open_keyring(ribera.founder)
    StandingLine.objects.all().delete()
    promoted(ribera, bruno)
    if seen:
        with pytest.raises(AlteredStanding):
            open_keyring(ribera.founder)
    with using(keyring):
        alba = record_of(ribera.founder)
        with pytest.raises(AlteredStanding):
            members_of(alba.circle_id)
        with pytest.raises(AlteredStanding):
            sign_what_stands(by=alba)
    assert not StandingLine.objects.exists()


def test_a_member_who_has_the_keys_signs_nothing_for_themselves(ribera: House) -> None:
    """Bruno holds the circle's key and can write to the file: he adds a line that makes him a coordinator."""
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as by:
        with pytest.raises(AlteredStanding), writing(by=by, action="member.join") as entry:
            Member.objects.filter(pk=by.pk).update(role="coordinator")
            note_standing(entry, Member.objects.get(pk=by.pk))
        found = roster(by.circle_id)
        assert found is not None
        stand = found.stands[by.pk.hex]._replace(role="coordinator")
        line = Line(by.circle_id.hex, found.number + 1, found.head, found.seq, by.pk.hex, {by.pk.hex: stand})
        seed = current().signing_seed
        assert seed is not None
        standings._save(by.circle_id, signed(line, sign(seed, PURPOSE, line.statement())))
        promoted(ribera, bruno)
    for master in (ribera.founder, bruno):
        with pytest.raises(AlteredStanding):
            open_keyring(master)


def test_somebody_put_into_the_records_belongs_to_nothing(ribera: House) -> None:
    with ribera.at_work(ribera.founder) as alba:
        with writing(by=alba, action="test.make") as entry:
            create(Member(circle_id=alba.circle_id, name="Nadie", role="auditor"), entry)
        with pytest.raises(AlteredStanding):
            members_of(alba.circle_id)


def test_lines_swapped_or_of_another_circle_do_not_hold(ribera: House) -> None:
    ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        there = found_another_circle(by=alba, name="Monte").circle_id
        first = StandingLine.objects.get(circle_id=alba.circle_id, number=1)
        other = StandingLine.objects.get(circle_id=there)
        StandingLine.objects.filter(pk=first.pk).update(body=other.body)
        standings._FOLLOWED.clear()
        with pytest.raises(DamagedSeal):
            roster(alba.circle_id)


def test_whoever_went_can_say_nothing_any_more(ribera: House) -> None:
    bruno, carla = ribera.joined("Bruno", "coordinator"), ribera.joined("Carla")
    kept = open_keyring(bruno)
    with ribera.at_work(ribera.founder) as alba:
        remove_member(by=alba, workspace=ribera.place, member_id=record_of(bruno).pk)
        assert {one.status for one in members_of(alba.circle_id)} == {"active", "removed"}
    with using(kept):
        by, hers = record_of(bruno), record_of(carla)
        found = roster(by.circle_id)
        assert found is not None
        with pytest.raises(TejidoError), writing(by=by, action="member.join") as entry:
            note_standing(entry, hers)
    assert EpochKey.objects.filter(epoch=2).count() == 2


def test_a_workspace_of_before_is_signed_for_when_a_coordinator_opens_it(
    ribera: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ribera.at_work(ribera.founder) as alba:
        monkeypatch.setattr(actions, "MARK", "before")
        monkeypatch.setattr(actions, "note_standing", lambda *_, **__: None)
        old = found_another_circle(by=alba, name="Monte")
        assert members_of(old.circle_id) and remark_on_standings(old.circle_id).level == "warning"
        settle(by=old, workspace=ribera.place)
        settle(by=old, workspace=ribera.place)
        assert JournalEntry.objects.filter(action=standings.ACTION, circle=old.circle_id).count() == 1
        assert remark_on_standings(old.circle_id).level == "good"
        StandingLine.objects.filter(circle_id=old.circle_id).delete()
        with pytest.raises(AlteredStanding):
            settle(by=old, workspace=ribera.place)


SEEDS = {name: bytes([number]) * 32 for number, name in enumerate("abcd", start=1)}
STATUSES = st.sampled_from(["active", "invited", "left", "removed"])
ROLES = st.sampled_from(["coordinator", "member", "guest"])
RULES = st.sampled_from([None, None, {}, {"copies_alone": "yes"}])


def stand_of(name: str, role: str, status: str) -> Stand:
    return Stand(role, status, "", name, public_of(SEEDS[name]).hex(), name)


def said(before: Roster, signer: str, says: dict[str, Stand], *, seed: str = "", rules: Any = None) -> Line:
    line = Line("c", before.number + 1, before.head, before.seq + 1, signer, says, rules=rules)
    return signed(line, sign(SEEDS[seed or signer], PURPOSE, line.statement()))


@given(st.lists(st.tuples(*[st.sampled_from("abcd")] * 3, ROLES, STATUSES, RULES), max_size=12))
@settings(max_examples=60, deadline=None)
def test_nobody_rises_or_rules_but_by_a_coordinator(moves: list[tuple[str, str, str, str, str, Any]]) -> None:
    now = Roster().after(said(Roster(), "a", {"a": stand_of("a", "coordinator", "active")}))
    for signer, seed, whom, role, status, rules in moves:
        says = {} if role == "guest" and rules else {whom: stand_of(whom, role, status)}
        before, line = now, said(now, signer, says, seed=seed, rules=rules)
        try:
            now = now.after(line)
        except AlteredStanding:
            continue
        who, was = before.stands[signer], before.stands.get(whom)
        assert signer == seed
        if rules is None or (who.role, who.status) != ("coordinator", "active"):
            assert rules is None and now.rules == before.rules
        if not says:
            assert now.stands == before.stands
            continue
        stands = now.stands[whom]
        if (who.role, who.status) != ("coordinator", "active"):
            assert was is not None and stands.role == was.role and whom == signer
            assert (was.status, stands.status) in {("invited", "active"), ("active", "left")}
        assert was is not None or stands.status == "invited"


@given(st.sampled_from(["circle", "previous", "signer", "says", "seq", "number", "signature"]))
def test_a_line_with_any_part_altered_does_not_hold(part: str) -> None:
    first = Roster().after(said(Roster(), "a", {"a": stand_of("a", "coordinator", "active")}))
    line = said(first, "a", {"b": stand_of("b", "member", "invited")})
    assert first.after(line).stands["b"].status == "invited"
    bent: dict[str, Any] = {
        "circle": "d", "previous": "00", "signer": "b", "says": {"b": stand_of("b", "coordinator", "invited")},
        "seq": 9, "number": 3, "signature": bytes(64),
    }  # fmt: skip
    with pytest.raises(AlteredStanding):
        first.after(replace(line, **{part: bent[part]}))
    assert json.dumps(line.statement())
