"""A backup brings everything back, and an altered one brings nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.core.management.color import no_style
from django.db import connection

from tejido.circles.actions import found_circle, open_keyring
from tejido.circles.models import EpochKey, Member
from tejido.circles.policies import Worker
from tejido.domain.errors import BadInput, DamagedSeal, WrongPassphrase
from tejido.fabric.models import Actor, Territory, Tie
from tejido.vault import backup, backup_rows
from tejido.vault.backup import back_up, bring_back, unlock_backup, verify_backup
from tejido.vault.backup_rows import write_files
from tejido.vault.checkup import check_up
from tejido.vault.journal import last_stamp, verify, writing
from tejido.vault.keyring import using
from tejido.vault.models import Removal
from tejido.vault.records import create, create_all, remove
from tejido.vault.workspace import Master, Workspace

PASSPHRASE = "seis palabras para esta prueba"


@pytest.fixture
def kept(transactional_db: Any, tmp_path: Path) -> Iterator[tuple[Workspace, Master, Path]]:
    workspace = Workspace(tmp_path / "one")
    master = workspace.create(PASSPHRASE)
    by = found_circle(name="Ribera", member_name="Alba", master=master)
    with using(open_keyring(master)):
        with writing(by=by, action="test.make") as entry:
            one = create(Actor(circle_id=by.circle_id, kind="community", names=[{"text": "Asamblea"}]), entry)
            two = create(Actor(circle_id=by.circle_id, kind="network", names=[{"text": "Red"}]), entry)
            create(Tie(circle_id=by.circle_id, from_actor=one, to_actor=two, kind="part_of", words="sí"), entry)
            whole = create(Territory(circle_id=by.circle_id, kind="region", name="Valle"), entry)
            create(Territory(circle_id=by.circle_id, kind="locality", name="Vereda", parent=whole), entry)
        (workspace.directory / "sealed" / "ab.sealed").write_bytes(b"\x01\x02")
        target = tmp_path / "copy.tejido"
        back_up(workspace, master, target)
        yield workspace, master, target


def _empty() -> None:
    with connection.cursor() as cursor:
        for model in reversed(backup_rows.tables()):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_everything_comes_back(kept: tuple[Workspace, Master, Path], tmp_path: Path) -> None:
    _, _, target = kept
    assert b"Asamblea" not in target.read_bytes()
    _empty()
    head, master = unlock_backup(target, PASSPHRASE)
    fresh = Workspace(tmp_path / "two")
    fresh.create_from(head["slots"], master=master)
    brought = bring_back(fresh, target, master)
    assert brought.files == 1 and brought.rows >= 8
    assert (fresh.directory / "sealed" / "ab.sealed").read_bytes() == b"\x01\x02"
    with using(open_keyring(master)):
        assert {actor.usual_name for actor in Actor.objects.all()} == {"Asamblea", "Red"}
        assert Tie.objects.get().words == "sí"
        assert Territory.objects.get(kind="locality").parent.name == "Valle"  # type: ignore[union-attr]
        assert verify() == 2


def test_one_altered_byte_or_a_cut_anywhere_is_refused(kept: tuple[Workspace, Master, Path]) -> None:
    _, master, target = kept
    whole = target.read_bytes()
    first = whole.index(b"\n") + 1
    for at in (first, first + 30, len(whole) // 2, len(whole) - 1):
        bent = bytearray(whole)
        bent[at] ^= 1
        target.write_bytes(bytes(bent))
        with pytest.raises(DamagedSeal):
            verify_backup(target, master)
    for cut in (first, first + 40, len(whole) - 1):
        target.write_bytes(whole[:cut])
        with pytest.raises(DamagedSeal):
            verify_backup(target, master)
    target.write_bytes(whole)
    assert verify_backup(target, master).rows >= 8


def test_wrong_passphrase_wrong_file_and_taken_name_are_told(kept: tuple[Workspace, Master, Path]) -> None:
    workspace, master, target = kept
    with pytest.raises(WrongPassphrase):
        unlock_backup(target, "not the passphrase at all")
    with pytest.raises(BadInput):
        back_up(workspace, master, target)
    target.write_bytes(b"PK\x03\x04 something else")
    with pytest.raises(BadInput):
        unlock_backup(target, PASSPHRASE)


def test_the_check_up_finds_what_was_broken(kept: tuple[Workspace, Master, Path]) -> None:
    workspace, _, _ = kept
    faults = {remark.code for remark in check_up(workspace) if remark.level == "fault"}
    assert faults <= {"server safety"}  # the server of the tests does without
    workspace.directory.chmod(0o755)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE fabric_tie SET words = (SELECT names FROM fabric_actor LIMIT 1)")
        cursor.execute("UPDATE vault_journal SET action = 'x' WHERE seq = 1")
    faults = {remark.code for remark in check_up(workspace) if remark.level == "fault"}
    assert faults - {"server safety"} == {"permissions", "seals", "journal"}


def test_no_row_is_lost_between_one_batch_and_the_next(
    kept: tuple[Workspace, Master, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, master, _ = kept
    by = Actor.objects.all()[0]
    with writing(by=Worker(by.pk, by.circle_id, role="coordinator"), action="test.make") as entry:
        create_all(Actor, [Actor(circle_id=by.circle_id, kind="person") for _ in range(25)], entry)
    monkeypatch.setattr(backup_rows, "_BATCH", 4)
    target = tmp_path / "many.tejido"
    back_up(workspace, master, target)
    everybody = set(Actor.objects.values_list("pk", flat=True))
    _empty()
    fresh = Workspace(tmp_path / "three")
    fresh.create_from(unlock_backup(target, PASSPHRASE)[0]["slots"], master=master)
    bring_back(fresh, target, master)
    assert set(Actor.objects.values_list("pk", flat=True)) == everybody


def test_what_counts_rows_counts_on_after_a_restore(kept: tuple[Workspace, Master, Path], tmp_path: Path) -> None:
    """The rows came with their numbers: a database that begins to count at one again would refuse the next row."""
    _, master, _ = kept
    by = Member.objects.get()
    with using(open_keyring(master)), writing(by=by, action="test.remove") as entry:
        remove(Tie.objects.get(), entry)
    target = tmp_path / "later.tejido"
    back_up(kept[0], master, target)
    _empty()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Removal, EpochKey]):
            cursor.execute(statement)  # a fresh database begins at one
    bring_back(Workspace(tmp_path / "two"), target, master)
    assert Removal.objects.create(stamp=9, noun="x", record=UUID(int=1)).pk > 1


def test_a_backup_is_private_follows_no_link_and_leaves_nothing_when_it_fails(
    kept: tuple[Workspace, Master, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, master, _ = kept
    victim, target = tmp_path / "victim", tmp_path / "new.tejido"
    victim.write_text("mine")
    (tmp_path / "new.tejido.part").symlink_to(victim)
    back_up(workspace, master, target)
    assert victim.read_text() == "mine"
    assert target.stat().st_mode & 0o777 == 0o600

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(backup, "write_files", full)
    with pytest.raises(OSError, match="no space"):
        back_up(workspace, master, tmp_path / "other.tejido")
    assert not list(tmp_path.glob("other*"))


@pytest.mark.parametrize("slots", [[], {}, ["x"], {"0": {}}, None, 7])
def test_an_odd_head_is_not_a_backup(tmp_path: Path, slots: object) -> None:
    odd = tmp_path / "odd.tejido"
    odd.write_text(json.dumps({"tejido backup": 1, "slots": slots, "salt": "00"}) + "\n")
    with pytest.raises(BadInput):
        unlock_backup(odd, PASSPHRASE)


def test_others_can_write_while_a_backup_is_made(
    kept: tuple[Workspace, Master, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, master, _ = kept
    first = Actor.objects.all()[0]
    written = write_files
    seen: list[int] = []

    def meanwhile(*args: Any) -> int:
        def work() -> None:
            with (
                using(open_keyring(master)),
                writing(by=Worker(first.pk, first.circle_id, role="coordinator"), action="test.make") as entry,
            ):
                seen.append(entry.seq)
            connection.close()

        thread = Thread(target=work)
        thread.start()
        thread.join()
        return written(*args)

    monkeypatch.setattr(backup, "write_files", meanwhile)
    target = tmp_path / "busy.tejido"
    kept_rows = back_up(workspace, master, target).rows
    assert seen == [last_stamp()]
    assert verify_backup(target, master).rows == kept_rows
