"""Inviting, joining, going: who can read what, and what is refused with a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tejido.circles import membership
from tejido.circles.actions import found_another_circle, memberships_of, open_keyring
from tejido.circles.epochs import inbox_for
from tejido.circles.membership import (
    change_role,
    join_circle,
    leave_circle,
    remove_member,
    settle,
)
from tejido.circles.models import Circle, EpochKey, InboxKey, KnownKeys, Member
from tejido.domain.errors import BadInput, DamagedSeal, NotAllowed, NotFound, WorkspaceLocked, WrongPassphrase
from tejido.vault import passphrase
from tejido.vault.inbox import open_from_inbox, seal_to_inbox
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.member_keys import SubstitutedKey
from tejido.vault.records import change
from tejido.vault.slots import Master
from tests.circles.companions import TODAY, House, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.personas import PASSPHRASE


@pytest.fixture
def ribera(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A circle of Alba's, with little stretching: what is tested here is not the stretching."""
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield house(tmp_path / "w")
    FILE_KEY.put(TEST_FILE_KEY)


def name_of_circle(master: Master) -> str:
    with using(open_keyring(master)):
        return str(Circle.objects.get().name)


def test_whoever_joins_reads_what_was_written_before(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    assert name_of_circle(bruno) == "Ribera"
    assert ribera.place.unlock(words_of("Bruno"), handle="bruno") == bruno
    with using(open_keyring(bruno)):
        (member,) = memberships_of(bruno.account, today=TODAY)
        assert (member.name, member.role, member.status) == ("Bruno", "member", "active")
    assert open_keyring(bruno).exported() == open_keyring(ribera.founder).exported()


def test_a_code_is_used_once(ribera: House) -> None:
    code = ribera.invited("Bruno")
    join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), handle="b", today=TODAY)
    with pytest.raises(WrongPassphrase, match="code opens nothing"):
        join_circle(workspace=ribera.place, code=code, passphrase=words_of("Carla"), handle="c", today=TODAY)
    assert Member.objects.filter(status="active").count() == 2


def test_a_code_grows_old(ribera: House) -> None:
    code = ribera.invited("Bruno")
    late = TODAY + timedelta(days=8)
    with pytest.raises(BadInput, match="older than seven days"):
        join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), today=late)
    join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), today=late - timedelta(days=1))


def test_a_code_of_an_invitation_taken_back_opens_nothing(ribera: House) -> None:
    code = ribera.invited("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        invited = Member.objects.get(status="invited")
        remove_member(by=alba, workspace=ribera.place, member_id=invited.pk)
    with pytest.raises(WrongPassphrase):
        join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), today=TODAY)


def test_weak_words_leave_the_code_as_it_was(ribera: House) -> None:
    code = ribera.invited("Bruno")
    with pytest.raises(BadInput, match="too short"):
        join_circle(workspace=ribera.place, code=code, passphrase="short", today=TODAY)
    with pytest.raises(BadInput, match="cannot be used"):
        join_circle(workspace=ribera.place, code=code, passphrase=PASSPHRASE, today=TODAY)
    join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), today=TODAY)


def test_a_member_let_go_reads_nothing_new_and_finds_no_way_in(ribera: House) -> None:
    bruno, carla = ribera.joined("Bruno"), ribera.joined("Carla")
    before = open_keyring(bruno)
    with ribera.at_work(ribera.founder) as alba:
        (member,) = memberships_of(bruno.account, today=TODAY)
        remove_member(by=alba, workspace=ribera.place, member_id=member.pk)
        with writing(by=alba, action="circle.change") as entry:
            change(Circle.objects.get(), entry, name="Ribera, without Bruno")
    assert name_of_circle(carla) == "Ribera, without Bruno"
    assert open_keyring(bruno).exported() == {}
    with using(before), pytest.raises(WorkspaceLocked):
        Circle.objects.get().name  # noqa: B018
    with pytest.raises(WrongPassphrase):
        ribera.place.unlock(words_of("Bruno"), handle="Bruno")
    assert memberships_of(bruno.account, today=TODAY) == []


def test_after_somebody_left_a_coordinator_brings_new_keys(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as leaving:
        leave_circle(by=leaving, workspace=ribera.place)
    assert EpochKey.objects.filter(epoch=2).count() == 0
    with ribera.at_work(ribera.founder) as alba:
        settle(by=alba, workspace=ribera.place)
        settle(by=alba, workspace=ribera.place)
        assert max(current().exported()[alba.circle_id]) == 2
    assert set(EpochKey.objects.filter(epoch=2).values_list("account", flat=True)) == {ribera.founder.account}


def test_the_last_coordinator_stays_one(ribera: House) -> None:
    ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        with pytest.raises(NotAllowed, match="last one"):
            leave_circle(by=alba, workspace=ribera.place)
        with pytest.raises(NotAllowed, match="last one"):
            change_role(by=alba, member_id=alba.pk, role="member", today=TODAY)
        with pytest.raises(NotAllowed, match="leave the circle"):
            remove_member(by=alba, workspace=ribera.place, member_id=alba.pk)
        bruno = Member.objects.exclude(pk=alba.pk).get()
        change_role(by=alba, member_id=bruno.pk, role="coordinator", today=TODAY)
        leave_circle(by=alba, workspace=ribera.place)


@pytest.mark.parametrize("role", ["member", "field_reporter", "auditor", "guest"])
def test_only_coordinators_say_who_belongs(ribera: House, role: str) -> None:
    other = ribera.joined("Bruno", role)
    with ribera.at_work(other) as bruno:
        for act in (
            lambda: ribera.invitation(bruno, "Carla"),
            lambda: remove_member(
                by=bruno, workspace=ribera.place, member_id=Member.objects.exclude(pk=bruno.pk).get().pk
            ),
            lambda: change_role(by=bruno, member_id=bruno.pk, role="coordinator", today=TODAY),
            lambda: found_another_circle(by=bruno, name="Otra"),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert Member.objects.filter(status="active").count() == 2
    assert len(ribera.place.accounts(file_key=ribera.founder.file_key)) == 2


def test_a_guest_stays_until_their_day(ribera: House) -> None:
    guest = ribera.joined("Bruno", "guest")
    with using(open_keyring(guest)):
        assert memberships_of(guest.account, today=date(2026, 4, 1))
        assert memberships_of(guest.account, today=date(2026, 4, 2)) == []
    with ribera.at_work(ribera.founder) as alba:
        for until in (None, TODAY - timedelta(days=1)):
            with pytest.raises(BadInput, match="until which day"):
                membership.invite_member(
                    by=alba, workspace=ribera.place, name="Carla", role="guest", today=TODAY, until=until
                )
        with pytest.raises(BadInput, match="no such role"):
            ribera.invitation(alba, "Carla", "queen")
        with pytest.raises(BadInput, match="name"):
            ribera.invitation(alba, "  ")


def test_two_circles_are_apart_and_whoever_is_in_both_sees_both(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        second = found_another_circle(by=alba, name="Monte")
        assert set(current().circles) == {alba.circle_id, second.circle_id}
        code = ribera.invitation(second, "Carla").code
    carla = join_circle(
        workspace=ribera.place, code=code, passphrase=words_of("Carla"), handle="c", today=TODAY
    ).master
    assert set(open_keyring(bruno).circles) == {alba.circle_id}
    assert set(open_keyring(carla).circles) == {second.circle_id}
    assert len(open_keyring(ribera.founder).circles) == 2
    with using(open_keyring(carla)):
        assert Circle.objects.get(pk=second.circle_id).name == "Monte"
        with pytest.raises(WorkspaceLocked):
            Circle.objects.get(pk=alba.circle_id).name  # noqa: B018
        with pytest.raises(NotFound):
            change_role(by=second, member_id=alba.pk, role="member", today=TODAY)


def test_an_account_joins_a_second_circle_with_its_own_passphrase(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        second = found_another_circle(by=alba, name="Monte")
        code = ribera.invitation(second, "Bruno").code
    words = words_of("Bruno")
    joined = join_circle(
        workspace=ribera.place, code=code, today=TODAY, has_account=True, passphrase=words, handle="Bruno"
    )
    assert joined.master == bruno
    assert len(ribera.place.accounts(file_key=bruno.file_key)) == 2
    assert len(open_keyring(bruno).circles) == 2
    with ribera.at_work(ribera.founder, second.circle_id) as alba_there:
        remove_member(by=alba_there, workspace=ribera.place, member_id=joined.member.pk)
    assert set(open_keyring(ribera.place.unlock(words, handle="Bruno")).circles) == {alba.circle_id}


def test_nobody_joins_twice(ribera: House) -> None:
    ribera.joined("Bruno")
    code = ribera.invited("Bruno again")
    with pytest.raises(BadInput, match="already"):
        join_circle(
            workspace=ribera.place,
            code=code,
            passphrase=words_of("Bruno"),
            handle="Bruno",
            today=TODAY,
            has_account=True,
        )


def test_what_is_left_in_an_inbox_is_opened_by_the_circle_alone(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(ribera.founder) as alba:
        second = found_another_circle(by=alba, name="Monte")
    with using(open_keyring(bruno)) as _:
        inbox = inbox_for(second.circle_id, keyring=current())
        left = seal_to_inbox(inbox, b"a dossier's key", purpose="grant")
        with pytest.raises(WorkspaceLocked):
            open_from_inbox(left, purpose="grant")
    with using(open_keyring(ribera.founder)):
        assert open_from_inbox(left, purpose="grant") == b"a dossier's key"
        with pytest.raises(DamagedSeal):
            open_from_inbox(left, purpose="report")
        for bent in (b"\x02" + left[1:], left[:-1], left[:40] + bytes([left[40] ^ 1]) + left[41:], b""):
            with pytest.raises(DamagedSeal):
                open_from_inbox(bent, purpose="grant")
        InboxKey.objects.filter(circle_id=second.circle_id).update(
            key=bytes(InboxKey.objects.exclude(circle_id=second.circle_id).get().key)
        )
        with pytest.raises(SubstitutedKey):
            inbox_for(second.circle_id, keyring=current())


def test_slots_of_nobody_are_cleared_away(ribera: House) -> None:
    """As a process leaves them that is killed between making a way in and saying whose it is."""
    ribera.place.add_slot(Master(b"\x05" * 32, ribera.founder.file_key), "words of a killed process")
    with ribera.at_work(ribera.founder) as alba:
        settle(by=alba, workspace=ribera.place)
    with pytest.raises(WrongPassphrase):
        ribera.place.unlock("words of a killed process")
    assert ribera.place.unlock(PASSPHRASE).secret == ribera.founder.secret


def test_a_failing_database_leaves_no_way_in(ribera: House, monkeypatch: pytest.MonkeyPatch) -> None:
    code = ribera.invited("Bruno")
    monkeypatch.setattr(membership, "_carry_over", lambda *given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        join_circle(workspace=ribera.place, code=code, passphrase=words_of("Bruno"), handle="b", today=TODAY)
    with pytest.raises(WrongPassphrase):
        ribera.place.unlock(words_of("Bruno"), handle="b")
    monkeypatch.undo()
    assert KnownKeys.objects.count() == 2
