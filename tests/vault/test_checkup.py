"""The check-up finds each fault that is planted, says what to do, and finds nothing where nothing is wrong."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings

from tejido.domain.words import ENGLISH
from tejido.fabric.models import Actor
from tejido.vault import checkup_database, checkup_journal, checkup_keys, checkup_machine, keystore
from tejido.vault.checkup import Remark, check_up, worst
from tejido.vault.checkup_database import QUIET, SAFE, Server, remarks_on
from tejido.vault.checkup_disks import Machine
from tejido.vault.fields import SealedJSON
from tejido.vault.journal import writing
from tejido.vault.keystore import KeyRow
from tejido.vault.known_backups import remember
from tejido.vault.models import Erasure, SealedRecord
from tejido.vault.records import create
from tejido.vault.workspace import Workspace


def now() -> datetime:
    """Return the moment: a run may begin long after its tests were collected."""
    return datetime.now(UTC)


@pytest.fixture
def asamblea(at_work: Any) -> Actor:
    """A dossier of the circle."""
    with writing(by=at_work, action="test.make") as entry:
        return create(Actor(circle_id=at_work.circle_id, kind="community", names=[{"text": "Asamblea"}]), entry)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A workspace's directory, closed to others."""
    tmp_path.chmod(0o700)
    return tmp_path


def levels(remarks: Any) -> dict[str, str]:
    """Return the level of each remark by its code."""
    return {one.code: one.level for one in remarks}


def wrong(remarks: Any) -> set[str]:
    return {one.code for one in remarks if one.level != "good"}


# --- the machine


def put(path: Path, text: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with LUKS on sda2, LVM (dm-1) on top of it, a plain partition sda1, and LVM (dm-2) across both."""
    base = tmp_path_factory.mktemp("machine")
    block = base / "sys" / "class" / "block"
    put(block / "sda1" / "dev", "8:1")
    put(block / "dm-0" / "dm" / "uuid", "CRYPT-LUKS2-abc-root\n")
    put(block / "dm-1" / "dm" / "uuid", "LVM-xyz\n")
    put(block / "dm-2" / "dm" / "uuid", "LVM-xyz\n")
    put(block / "zram0" / "dev", "252:0")
    for holder, below in (("dm-0", ["sda1"]), ("dm-1", ["dm-0"]), ("dm-2", ["dm-0", "sda1"])):
        (block / holder / "slaves").mkdir()
        for one in below:
            (block / holder / "slaves" / one).symlink_to(block / one)
    numbers = base / "sys" / "dev" / "block"
    numbers.mkdir(parents=True)
    for number, name in (("8:1", "sda1"), ("253:0", "dm-0"), ("253:1", "dm-1"), ("253:2", "dm-2")):
        (numbers / number).symlink_to(block / name)
    put(
        base / "proc" / "self" / "mountinfo",
        "30 1 0:40 / /mnt rw - btrfs /dev/dm-1 rw\n31 1 0:41 / /t rw - tmpfs t rw\n",
    )
    return Machine(base / "sys", base / "proc")


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        ("8:1", "clear"), ("253:0", "encrypted"), ("253:1", "encrypted"), ("253:2", "clear"), ("0:40", "encrypted"),
        ("0:41", "memory"), ("0:99", "unknown"),
    ],
)  # fmt: skip
def test_a_disk_is_encrypted_when_all_it_stands_on_is(machine: Machine, number: str, kept: str) -> None:
    assert machine.volume(number) == kept


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("", []),
        ("/dev/zram0 partition 1 0 100\n", ["memory"]),
        ("/dev/dm-1 partition 1 0 -2\n", ["encrypted"]),
        ("/dev/dm-2 partition 1 0 -2\n/dev/zram0 partition 1 0 100\n", ["clear", "memory"]),
        ("/nowhere/swapfile file 1 0 -2\n", ["unknown"]),
    ],
)
def test_swap_is_told_by_what_it_lies_on(machine: Machine, directory: Path, lines: str, found: list[str]) -> None:
    put(machine.proc / "swaps", "Filename Type Size Used Priority\n" + lines)
    assert machine.swaps() == found
    said = levels(checkup_machine.remarks(directory, now=now(), machine=machine))
    assert said["swap"] == ("warning" if {"clear", "unknown"} & set(found) else "good")


def test_sleeping_to_a_disk_in_clear_is_told(machine: Machine, directory: Path) -> None:
    put(machine.sys / "power" / "state", "freeze mem disk\n")
    for resume, told in (("0:0", False), ("253:1", False), ("8:1", True)):
        put(machine.sys / "power" / "resume", resume + "\n")
        assert ("sleep" in wrong(checkup_machine.remarks(directory, now=now(), machine=machine))) is told


def test_a_system_that_tells_nothing_is_not_guessed_at(directory: Path, tmp_path: Path) -> None:
    said = levels(checkup_machine.remarks(directory, now=now(), machine=Machine(tmp_path / "no", tmp_path / "no")))
    assert said["disk"] == "warning" and "swap" not in said


def test_what_others_may_read_and_what_lies_about_is_told(directory: Path) -> None:
    assert levels(checkup_machine.remarks(directory, now=now()))["permissions"] == "good"
    put(directory / "workspace.new")
    put(directory / "demonstration", "words")
    (directory / "workspace.new").chmod(0o644)
    said = wrong(checkup_machine.remarks(directory, now=now() + timedelta(hours=2)))
    assert {"permissions", "leftovers", "demonstration"} <= said
    assert "leftovers" not in wrong(checkup_machine.remarks(directory, now=now())), "it may still be at work"
    directory.chmod(0o755)
    assert levels(checkup_machine.remarks(directory, now=now()))["permissions"] == "fault"


@pytest.mark.parametrize(
    ("hosts", "https", "told"),
    [
        ([], False, set()), (["abc.onion"], False, set()), (["t.example"], True, set()),
        (["t.example"], False, {"https"}), ([".example"], True, {"hosts"}), (["*"], False, {"https", "hosts"}),
    ],
)  # fmt: skip
def test_a_name_reached_in_clear_is_told(
    directory: Path, monkeypatch: pytest.MonkeyPatch, hosts: list[str], https: bool, told: set[str]
) -> None:
    monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]", *hosts])
    monkeypatch.setattr(settings, "SESSION_COOKIE_SECURE", https)
    said = wrong(checkup_machine.remarks(directory, now=now()))
    assert said & {"https", "hosts"} == told


# --- PostgreSQL


WELL = Server(160004, encrypted=True, local=False, superuser=False, settings={**QUIET, **SAFE})


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (WELL, {}),
        (Server(140011, True, False, False, {}), {"server version": "fault"}),
        (Server(160004, False, False, False, {}), {"server connection": "fault"}),
        (Server(160004, False, True, False, {}), {}),
        (Server(160004, True, False, True, {}), {"server role": "warning"}),
        (Server(160004, True, False, False, {"log_min_error_statement": "error"}), {"server log": "warning"}),
        (Server(160004, True, False, False, {"log_min_duration_statement": "250"}), {"server log": "warning"}),
        (Server(160004, True, False, False, {"fsync": "off"}), {"server safety": "fault"}),
    ],
)
def test_the_settings_of_a_server_are_read(server: Server, told: dict[str, str]) -> None:
    said = levels(remarks_on(server))
    assert said == (told or {"server": "good"})


@pytest.mark.django_db
def test_the_database_at_hand_answers() -> None:
    from django.db import connection

    said = levels(checkup_database.remarks(closely=True))
    assert "upgrade" not in said
    if connection.vendor == "postgresql":
        # The server of the tests is fast, not safe; and it says so of itself.
        assert said["server safety"] == "fault" and "server version" not in said
    else:
        assert said == {"database": "good"}


# --- keys, files, backups


def test_a_notebook_that_is_well_has_no_fault(asamblea: Actor, directory: Path) -> None:
    remarks = check_up(Workspace(directory), now=now() + timedelta(minutes=1))
    faults = {one.code for one in remarks if one.level == "fault"} - {"server safety"}
    assert faults == set()
    assert {"keys", "files", "journal", "clock", "seals"} <= set(levels(remarks))
    assert len(check_up(Workspace(directory), closely=False)) < len(remarks)
    assert worst(remarks) in {"warning", "fault"}


def keys(directory: Path, *, closely: bool = True) -> dict[str, str]:
    return levels(checkup_keys.remarks(directory, now=now(), closely=closely))


def test_a_dossier_without_its_key_is_found(asamblea: Actor, directory: Path) -> None:
    assert keys(directory)["keys"] == "good"
    keystore.of_process().destroy([asamblea.pk])
    assert keys(directory)["keys"] == "fault"


def test_a_key_that_was_altered_is_found(asamblea: Actor, directory: Path) -> None:
    store = keystore.of_process()
    (row,) = store.rows(asamblea.pk)
    store.destroy([asamblea.pk])
    store.add([KeyRow(row.dossier, row.circle, row.epoch, row.wrapped[:-1] + bytes([row.wrapped[-1] ^ 1]))])
    assert keys(directory)["keys"] == "fault"
    store.destroy([asamblea.pk])
    store.add([KeyRow(row.dossier, row.circle, row.epoch - 1, row.wrapped)])
    assert keys(directory)["rotation"] == "warning"


def test_a_key_store_that_is_none_is_found(asamblea: Actor, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(directory / "keys.db", "not a key store at all, " * 100)
    monkeypatch.setattr(keystore, "of_process", lambda: keystore.KeyStore(directory / "keys.db"))
    assert keys(directory, closely=False)["keys"] == "fault"


def test_an_erasure_that_was_not_finished_is_told(at_work: Any, directory: Path) -> None:
    assert "erasures" not in keys(directory)
    Erasure.objects.create(dossier=uuid4(), circle=at_work.circle_id, noun="fabric.actor")
    assert keys(directory)["erasures"] == "warning"


def test_a_file_without_a_record_and_a_record_without_a_file_are_found(at_work: Any, directory: Path) -> None:
    from tejido.exchange.models import Import

    lonely = directory / "sealed" / f"{uuid4().hex}.sealed"
    put(lonely, "x")
    assert keys(directory)["files"] == "good", "it may belong to a form that is still open"
    os.utime(lonely, (now().timestamp() - 3 * 86400,) * 2)
    assert keys(directory)["files"] == "warning"
    file = {"file": {"id": lonely.name[:32], "key": "00" * 32, "sha256": "", "size": 1}, "map_name": "m"}
    with writing(by=at_work, action="exchange.upload") as entry:
        create(Import(circle_id=at_work.circle_id, waiting=file), entry)
    assert keys(directory)["files"] == "good"
    lonely.unlink()
    assert keys(directory)["files"] == "fault"


def test_the_register_of_what_names_files_is_complete() -> None:
    named = {"file", "waiting"}
    found = {
        model._meta.db_table: field.name
        for model in apps.get_models()
        if issubclass(model, SealedRecord)
        for field in model._meta.concrete_fields
        if isinstance(field, SealedJSON) and field.name in named
    }
    assert found == checkup_keys.FILES_NAMED


def test_an_old_backup_a_lost_one_and_none_are_told(asamblea: Actor, directory: Path) -> None:
    assert keys(directory)["backup"] == "warning"
    place = directory / "copy.tejido"
    remember(place)
    assert keys(directory)["backup"] == "warning", "carried away"
    put(place, "x")
    assert keys(directory)["backup"] == "good"
    os.utime(place, (now().timestamp() - 40 * 86400,) * 2)
    assert keys(directory)["backup"] == "warning"


# --- the journal and the clock


def test_a_clock_that_was_set_back_is_found(asamblea: Actor, directory: Path) -> None:
    def said(now: datetime) -> str:
        return levels(checkup_journal.remarks(directory, now=now))["clock"]

    assert said(now() + timedelta(minutes=1)) == "good"
    assert said(now() - timedelta(days=1)) == "fault"
    put(directory / "workspace.json")
    os.utime(directory / "workspace.json", ((now() + timedelta(days=2)).timestamp(),) * 2)
    assert said(now() + timedelta(minutes=1)) == "fault"


def test_a_journal_that_nobody_signs_is_told(asamblea: Actor, directory: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(checkup_journal, "EVERY", 0)
    assert "checkpoints" in wrong(checkup_journal.remarks(directory, now=now()))


def test_no_remark_says_what_was_written_down(asamblea: Actor, directory: Path) -> None:
    said = " ".join(one.sentence(ENGLISH) for one in check_up(Workspace(directory)))
    assert "Asamblea" not in said and str(asamblea.pk) not in said and str(directory) not in said
    assert Remark("x", "good", "{many} things", {"many": 2}).sentence(ENGLISH) == "2 things"
