"""What is erased stays erased: on the command line, and in every backup that was made before."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.test_commands import Terminal


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    made = Terminal(tmp_path)
    made.told("init", "--dir", "w")
    made.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    return made


def _names(terminal: Terminal, directory: str) -> set[str]:
    return {name for actor in terminal.told("list", "actors", "--dir", directory) for name in actor["names"]}


def _id(terminal: Terminal, name: str) -> str:
    return next(str(one["id"]) for one in terminal.told("list", "actors", "--dir", "w") if name in one["names"])


def test_nothing_is_erased_without_the_word(terminal: Terminal) -> None:
    done = terminal.run("erase", "actor", _id(terminal, "Ana Ríos"), "--dir", "w")
    assert done.returncode == 2
    assert "The word was not given" in done.stderr
    other = terminal.run("erase", "incident", _id(terminal, "Ana Ríos"), "--dir", "w", "--confirm", "erase")
    assert other.returncode == 2
    assert "Ana Ríos" in _names(terminal, "w")


def test_an_older_backup_does_not_bring_an_erased_dossier_back(terminal: Terminal) -> None:
    """Within reach it is struck from the file; from a copy out of reach, what lies beside or is named keeps it out."""
    terminal.told("backup", "near.tejido", "--dir", "w")
    (terminal.home / "away").mkdir()
    shutil.copy(terminal.home / "near.tejido", terminal.home / "away" / "copy.tejido")
    ana = _id(terminal, "Ana Ríos")
    done = terminal.told("erase", "actor", ana, "--dir", "w", "--confirm", "erase")
    assert (done["backups_struck"], done["backups_out_of_reach"]) == (1, 0)
    assert "Ana Ríos" not in _names(terminal, "w")

    back = terminal.told("restore", "near.tejido", "--dir", "n")
    assert back["left_out"] == 1 and back["ledgers"] >= 1
    assert _names(terminal, "n") == _names(terminal, "w")

    (terminal.home / "far").mkdir()
    shutil.copy(terminal.home / "away" / "copy.tejido", terminal.home / "far" / "copy.tejido")
    unknowing = terminal.told("restore", "far/copy.tejido", "--dir", "far/v")
    assert (unknowing["left_out"], unknowing["ledgers"]) == (0, 0)
    assert "Ana Ríos" in _names(terminal, "far/v"), "the control: this copy could bring it back"
    shutil.rmtree(terminal.home / "far" / "v")

    knowing = terminal.told("restore", "far/copy.tejido", "--dir", "far/v", "--also", "w")
    assert knowing["left_out"] == 1
    assert "Ana Ríos" not in _names(terminal, "far/v")
    shutil.rmtree(terminal.home / "far" / "v")

    terminal.told("backup", "newer.tejido", "--dir", "w")
    newer = terminal.told("restore", "far/copy.tejido", "--dir", "far/v", "--also", "newer.tejido")
    assert newer["left_out"] == 1
    told = terminal.run("restore", "far/copy.tejido", "--dir", "far/u")
    assert "may be back" not in told.stdout, "the workspace beside it remembers"


def test_a_ledger_that_others_wrote_is_not_followed(terminal: Terminal) -> None:
    terminal.told("backup", "one.tejido", "--dir", "w")
    (terminal.home / "x").mkdir()
    shutil.move(terminal.home / "one.tejido", terminal.home / "x" / "one.tejido")
    from uuid import UUID

    from tejido.vault.keystore import digest_of

    digest = digest_of(UUID(_id(terminal, "Ana Ríos"))).hex()
    (terminal.home / "x" / "one.tejido.erased").write_text(f'["{digest}", "{"0" * 64}"]\nnot a line\n')
    back = terminal.told("restore", "x/one.tejido", "--dir", "x/v")
    assert (back["left_out"], back["unproved"]) == (0, 1)
    assert "Ana Ríos" in _names(terminal, "x/v")
