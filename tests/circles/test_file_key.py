"""Whoever was let go kept the key of the file; it opens nothing that comes after."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tejido.circles.actions import found_another_circle, open_keyring
from tejido.circles.keeping import how_it_is_kept
from tejido.circles.membership import invite_member, join_circle, leave_circle, remove_member, settle
from tejido.circles.models import Member
from tejido.domain.errors import DamagedSeal, TejidoError, WorkspaceLocked, WrongPassphrase
from tejido.vault import keystore, known_backups, passphrase, renewing
from tejido.vault.backup import back_up, verify_backup
from tejido.vault.backup_reading import unlock_backup
from tejido.vault.keyring import FILE_KEY
from tejido.vault.member_keys import OwnKeys, PublicKeys
from tejido.vault.models import JournalEntry
from tejido.vault.slots import Master
from tejido.vault.sqlcipher.base import Database, DatabaseWrapper, connect
from tejido.vault.workspace import DATABASE, Workspace
from tests.circles.companions import TODAY, House, house, words_of
from tests.conftest import TEST_FILE_KEY
from tests.personas import PASSPHRASE


@pytest.fixture
def ribera(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield house(tmp_path / "w")
    FILE_KEY.put(TEST_FILE_KEY)


def remove(house_: House, gone: Master) -> None:
    with house_.at_work(house_.founder) as by:
        remove_member(by=by, workspace=house_.place, member_id=Member.objects.get(account=gone.account).pk)


def test_everybody_who_stays_opens_the_file_and_whoever_went_does_not(ribera: House) -> None:
    bruno, carla = ribera.joined("Bruno"), ribera.joined("Carla")
    code = ribera.invited("Dora")
    remove(ribera, bruno)
    now = ribera.place.unlock(PASSPHRASE)
    assert now.secret == ribera.founder.secret and now.file_key != bruno.file_key == carla.file_key
    assert ribera.place.unlock(words_of("Carla"), handle="Carla").file_key == now.file_key
    with pytest.raises(WrongPassphrase):
        ribera.place.unlock(words_of("Bruno"), handle="Bruno")
    with pytest.raises(DamagedSeal):
        ribera.place.accounts(file_key=bruno.file_key)
    dora = join_circle(workspace=ribera.place, code=code, passphrase=words_of("Dora"), handle="Dora", today=TODAY)
    assert dora.master.file_key == now.file_key
    assert not ribera.place.renewal_is_due
    remove(ribera, dora.master)
    assert ribera.place.unlock(words_of("Carla"), handle="Carla").file_key not in {now.file_key, bruno.file_key}
    assert JournalEntry.objects.filter(action="circle.renew_file_key").count() == 2


def test_other_words_and_new_people_go_on_after_a_new_key(ribera: House) -> None:
    remove(ribera, ribera.joined("Bruno"))
    ribera.place.change_passphrase(PASSPHRASE, "six other words of the founder")
    again = ribera.place.unlock("six other words of the founder")
    elsa = ribera.joined("Elsa")
    assert elsa.file_key == again.file_key == ribera.place.unlock(words_of("Elsa"), handle="Elsa").file_key
    assert open_keyring(elsa).exported() == open_keyring(again).exported()


def test_somebody_who_left_makes_no_new_key_and_the_next_coordinator_does(ribera: House) -> None:
    bruno, before = ribera.joined("Bruno"), FILE_KEY.get()
    with ribera.at_work(bruno) as by:
        leave_circle(by=by, workspace=ribera.place)
    assert FILE_KEY.get() == before and ribera.place.renewal_is_due
    with ribera.at_work(ribera.founder) as by:
        assert "file key" in {remark.code for remark in how_it_is_kept(ribera.place, closely=False)}
        settle(by=by, workspace=ribera.place)
        assert "file key" not in {remark.code for remark in how_it_is_kept(ribera.place, closely=False)}
    assert FILE_KEY.get() != before


def test_nobody_is_shut_out_whose_key_the_coordinator_does_not_know(ribera: House) -> None:
    """Carla is in another circle, to which whoever acts does not belong: it waits, and nobody loses the way in."""
    bruno, ana = ribera.joined("Bruno"), ribera.joined("Ana", "coordinator")
    with ribera.at_work(ribera.founder) as alba:
        there = found_another_circle(by=alba, name="Monte")
    with ribera.at_work(ribera.founder, there.circle_id) as alba:
        made = invite_member(by=alba, workspace=ribera.place, name="Carla", role="member", today=TODAY)
    join_circle(workspace=ribera.place, code=made.code, passphrase=words_of("Carla"), handle="Carla", today=TODAY)
    with ribera.at_work(ana) as by:
        remove_member(by=by, workspace=ribera.place, member_id=Member.objects.get(account=bruno.account).pk)
    assert ribera.place.renewal_is_due
    assert ribera.place.unlock(words_of("Carla"), handle="Carla").file_key == ribera.founder.file_key
    with ribera.at_work(ribera.founder) as alba:
        settle(by=alba, workspace=ribera.place)
    assert ribera.place.unlock(words_of("Carla"), handle="Carla").file_key != ribera.founder.file_key


def test_backups_from_before_are_still_struck_and_new_ones_open_for_who_stays(ribera: House, tmp_path: Path) -> None:
    bruno, _carla = ribera.joined("Bruno"), ribera.joined("Carla")
    old, new = tmp_path / "old.tejido", tmp_path / "new.tejido"
    with ribera.at_work(ribera.founder):
        back_up(ribera.place, ribera.founder, old)
    remove(ribera, bruno)
    with ribera.at_work(ribera.founder):
        with pytest.raises(DamagedSeal):
            back_up(ribera.place, ribera.founder, new)  # opened before: nobody would open it
        back_up(ribera.place, ribera.place.unlock(PASSPHRASE), new)
        assert set(known_backups.known()) == {old, new}
        stone = keystore.Tombstone(b"d" * 32, b"m" * 32)
        assert known_backups.strike_everywhere([stone]) == known_backups.Reached(2, 0)
    assert unlock_backup(new, words_of("Carla"), handle="Carla")
    assert unlock_backup(old, words_of("Bruno"), handle="Bruno"), "what was his before stays open to him"
    with pytest.raises(WrongPassphrase):
        unlock_backup(new, words_of("Bruno"), handle="Bruno")
    with pytest.raises(TejidoError):
        verify_backup(new, bruno)


def embedded(directory: Path, *, rows: int = 300) -> tuple[Workspace, dict[Any, PublicKeys]]:
    """Make a workspace with a real encrypted file, in which somebody was let go; return who stays."""
    place = Workspace(directory)
    founder = place.create(PASSPHRASE)
    gone = Master(b"\x05" * 32, founder.file_key)
    place.add_slot(gone, "words of somebody who goes", handle="g")
    file = connect(str(directory / DATABASE), founder.file_key, isolation_level=None)
    file.execute("CREATE TABLE kept (words)")
    file.executemany("INSERT INTO kept VALUES (?)", [(os.urandom(4000),) for _ in range(rows)])
    file.close()
    place.drop_slots(gone.account, file_key=founder.file_key)
    return place, {founder.account: OwnKeys(founder.secret).public}


def many_in(place: Workspace, key: bytes) -> int:
    file = connect(str(place.directory / DATABASE), key)
    many = int(file.execute("SELECT count(*) FROM kept").fetchone()[0])
    file.close()
    return many


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    yield
    FILE_KEY.put(TEST_FILE_KEY)


def test_the_file_itself_is_under_the_new_key(quick: None, tmp_path: Path) -> None:
    place, stay = embedded(tmp_path / "w")
    old = place.unlock(PASSPHRASE).file_key
    assert place.renew(old, {}) is None, "nobody would hold it"
    new = place.renew(old, stay)
    assert new and new != old == place.former_key(new) and FILE_KEY.get() == new
    place.end_renewal(new)
    assert many_in(place, new) == 300 and not place.renewal_is_due
    with pytest.raises(Database.DatabaseError):
        connect(str(place.directory / DATABASE), old)
    log = place.directory / f"{DATABASE}-wal"
    assert not log.exists() or not log.stat().st_size


def test_a_renewal_cut_off_is_finished_by_whoever_opens_next(
    quick: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, stay = embedded(tmp_path / "w")
    old = place.unlock(PASSPHRASE).file_key
    monkeypatch.setattr(renewing, "put_under", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        place.renew(old, stay)
    monkeypatch.undo()
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    new = place.unlock(PASSPHRASE).file_key
    assert new != old and many_in(place, new) == 300 and place.renewal_is_due
    assert place.renew(new, stay) == new, "it is only finished"


def test_killed_while_the_file_gets_a_new_key_nothing_is_lost(quick: None, tmp_path: Path) -> None:
    place, stay = embedded(tmp_path / "w", rows=1500)
    chance, keys = random.Random(7), set()
    for _ in range(12):
        key = place.unlock(PASSPHRASE).file_key
        keys.add(key)
        place.add_slot(Master(b"\x06" * 32, key), "words of one more who goes", handle="h")
        place.drop_slots(Master(b"\x06" * 32).account, file_key=key)
        child = os.fork()
        if not child:
            place.renew(key, stay)
            os._exit(0)
        for _ in range(chance.randrange(2_000_000)):  # somewhere in what comes next; no clock is asked
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        now = place.unlock(PASSPHRASE).file_key
        assert many_in(place, now) == 1500
        if place.former_key(now) is not None:
            place.end_renewal(now)
    assert len(keys) > 1, "some of them came far enough"


def test_a_process_that_still_has_the_former_key_forgets_it_and_asks_for_the_passphrase(
    db: Any, quick: None, tmp_path: Path
) -> None:
    place, stay = embedded(tmp_path / "w")
    old = place.unlock(PASSPHRASE).file_key
    other = DatabaseWrapper({**connection.settings_dict, **place.database_settings()}, "other")
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (300,)
    place.renew(old, stay)
    FILE_KEY.put(old)
    other._generation = FILE_KEY.generation  # as in a process that was not told
    with pytest.raises(WorkspaceLocked), other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
    assert not FILE_KEY.is_open
    place.unlock(PASSPHRASE)
    with other.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (300,)
    other.close()
