"""``tejido read warning``: one document, with what is said, why, and what is refused."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import Terminal


def test_what_is_building_up_is_one_document(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.told("init", "--dir", "w")
    assert terminal.told("read", "warning", "--dir", "w")["as_of"] is None
    terminal.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    told = terminal.told("read", "warning", "--dir", "w")
    assert told["gate"]["open"] is False and told["gate"]["said"]
    assert {"actor", "name", "expected", "low", "high", "chance", "said", "why", "past"} <= set(told["collectives"][0])
    assert all(why["basis"] in {"learned", "assumed"} for row in told["collectives"] for why in row["why"])
    said = terminal.run("read", "warning", "--dir", "w", "--lang", "es")
    assert said.returncode == 0 and "Visto desde el" in said.stdout
    mistaken = terminal.run("read", "affected", "--dir", "w")
    assert mistaken.returncode == 2 and "not an incident's id" in mistaken.stderr
