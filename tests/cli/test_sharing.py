"""Sharing from the terminal: two circles of one workspace, one account in both."""

from __future__ import annotations

import pytest

from tests.cli.test_commands import Terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A workspace with two circles; a list was brought into the first."""
    made = Terminal(tmp_path_factory.mktemp("sharing"))
    made.told("init", "--dir", "w")
    made.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    made.told("circle", "new", "--name", "Monte", "--dir", "w")
    return made


def test_a_dossier_is_shared_listed_on_both_sides_and_taken_back(terminal: Terminal) -> None:
    first, second = terminal.told("circle", "list", "--dir", "w")
    assert first["sign"].startswith(first["circle"] + "/") and second["sign"] != first["sign"]
    actor = terminal.told("list", "actors", "--dir", "w")[0]["id"]
    words = ("share", actor, "--with", second["sign"], "--why", "agreed", "--dir", "w")
    late = terminal.run(*words, "--until", "soon")
    assert late.returncode == 2 and "not a day" in late.stderr
    assert terminal.told(*words, "--until", "2999-01-01")["circle"] == second["circle"]
    (out,) = terminal.told("list", "shared", "--dir", "w")
    (into,) = terminal.told("list", "shared", "--dir", "w", "--work-in", second["circle"])
    assert (out["way"], out["id"], out["until"], out["circle"]) == ("out", actor, "2999-01-01", second["circle"])
    assert (into["way"], into["id"], into["why"], into["circle"]) == ("in", actor, "agreed", first["circle"])
    assert terminal.told("list", "actors", "--dir", "w", "--work-in", second["circle"]) == []
    assert terminal.told("unshare", actor, "--dir", "w") == {"ended": 1}
    assert terminal.told("list", "shared", "--dir", "w", "--work-in", second["circle"]) == []
    again = terminal.run("unshare", actor, "--dir", "w")
    assert again.returncode == 2 and "not shared so" in again.stderr
