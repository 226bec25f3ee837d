"""A backup comes back with words on paper and no passphrase; who brought it back is somebody of their own."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import Terminal


def test_a_backup_comes_back_with_words_on_paper(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.told("init", "--dir", "w")
    terminal.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    terminal.told("backup", "before.tejido", "--dir", "w")
    assert terminal.told("recovery", "new", "--dir", "w", "--out", "sheet")["sheet"] == "sheet"
    assert (tmp_path / "sheet").stat().st_mode & 0o777 == 0o600
    assert terminal.told("backup", "copy.tejido", "--dir", "w")["recovery_keys"] == 1

    (tmp_path / "mine").write_text("another passphrase of six words\n", encoding="utf-8")
    words = ("restore", "copy.tejido", "--recovery-key", "sheet")
    done = terminal.run(*words, "--dir", "back", phrase="mine")
    assert done.returncode == 0, done.stderr
    mine = terminal.run("list", "actors", "--dir", "back", phrase="mine")
    assert "Ana Ríos" in mine.stdout, mine.stderr
    theirs = terminal.run("list", "actors", "--dir", "back")
    assert "Ana Ríos" in theirs.stdout, "the passphrases of the others go on"

    refused = terminal.run("restore", "before.tejido", "--recovery-key", "sheet", "--dir", "no", phrase="mine")
    assert refused.returncode == 2 and "not made for this recovery key" in refused.stderr
    sheet = (tmp_path / "sheet").read_text(encoding="utf-8").split()
    sheet[1], sheet[3] = sheet[3], sheet[1]
    (tmp_path / "sheet").write_text(" ".join(sheet), encoding="utf-8")
    slip = terminal.run(*words, "--dir", "no", phrase="mine")
    assert slip.returncode == 2 and "on the sheet" in slip.stderr
    assert not (tmp_path / "no").exists()
