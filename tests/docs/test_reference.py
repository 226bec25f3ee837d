"""The references say what the code says."""

from __future__ import annotations

from pathlib import Path

from scripts import reference
from tejido.vault.clear_columns import CLEAR


def test_the_references_are_up_to_date() -> None:
    assert reference.stale() == []


def test_a_reference_that_says_something_else_is_seen(tmp_path: Path) -> None:
    (tmp_path / reference.FOLDER).mkdir(parents=True)
    reference.write(tmp_path)
    assert reference.stale(tmp_path) == []
    planted = tmp_path / reference.FOLDER / "cli.md"
    planted.write_text(planted.read_text("utf-8").replace("--passphrase-file", "--passphrase"), "utf-8")
    assert reference.stale(tmp_path) == ["cli.md"]


def test_the_reference_of_clear_columns_names_each_of_them_and_what_is_sealed() -> None:
    written = reference.clear_columns()
    for table, columns in CLEAR.items():
        section = written.partition(f"## {table}\n")[2].partition("\n## ")[0]
        assert all(f"| `{column}` |" in section for column in columns), table
    actor = written.partition("## fabric_actor\n")[2].partition("\n## ")[0]
    assert "`names`" in actor.partition("Sealed: ")[2]
