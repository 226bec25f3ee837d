"""The command line is a contract: others script against it. Each command runs in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MAPPING = """
tejido: 1
list: test
language: en
values:
  acts: {Threat: death_threat, Killing: killing}
actors:
  who: {key: "p/{row}", kind: person, name: "{name}", ties: [{to: group, kind: member_of}]}
  group: {key: "g/{group}", kind: community, name: "{group}"}
  alleged: {key: "a/{by}", kind: company, name: "{by}"}
incident:
  key: "{case}"
  title: "{acts} of {victim}"
  when: "{date}"
  acts:
    - kind: "{what|acts}"
      victims: [who, group]
      perpetrators: [{actor: alleged}]
  sources: [{kind: list, name: "the list"}]
"""
ROWS = """row,case,date,name,group,what,by
1,A,2024-05-03,Ana Ríos,Asamblea,Threat,Mina SA
2,A,2024-05-03,Berta Paz,Asamblea,Threat,Mina SA
3,B,2024-06,Celia Mar,Consejo,Killing,
4,C,not a date,Dora Luz,Consejo,Killing,
"""


class Terminal:
    """A terminal in a directory of its own, with a passphrase file."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "phrase").write_text("six words that open this test\n", encoding="utf-8")
        (home / "list.csv").write_text(ROWS, encoding="utf-8")
        (home / "map.yml").write_text(MAPPING, encoding="utf-8")

    def run(self, *words: str, phrase: str = "phrase", lang: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "LANG": lang, "LC_ALL": lang}
        for name in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR"):
            environment.pop(name, None)
        more = ["--passphrase-file", phrase] if phrase else []
        return subprocess.run(
            [sys.executable, "-m", "tejido.cli", *words, *more],
            cwd=self.home,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def told(self, *words: str) -> Any:
        """Run with ``--json``; standard output must be one JSON document and nothing else."""
        done = self.run(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A workspace with the test's list brought in."""
    made = Terminal(tmp_path_factory.mktemp("cli"))
    assert made.told("init", "--dir", "w")["directory"].endswith("/w")
    made.report = made.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")  # type: ignore[attr-defined]
    return made


def test_an_import_tells_what_it_did_and_what_it_refused(terminal: Terminal) -> None:
    report = terminal.report  # type: ignore[attr-defined]
    assert report["counts"]["incident"]["created"] == 2
    assert report["counts"]["actor"]["created"] == 6
    assert [row["row"] for row in report["refused_rows"]] == [5]
    assert report["refused_rows"][0]["reason"]
    assert report["id"]


def test_lists_carry_what_the_contract_says(terminal: Terminal) -> None:
    actors = terminal.told("list", "actors", "--dir", "w")
    assert {"id", "kind", "names"} <= set(actors[0])
    by_name = {actor["names"][0]: actor for actor in actors}
    assert by_name["Asamblea"]["kind"] == "community"
    assert [one["names"][0] for one in terminal.told("list", "actors", "--dir", "w", "--kind", "company")] == [
        "Mina SA"
    ]
    (threat,) = terminal.told("list", "incidents", "--dir", "w", "--kind", "death_threat")
    assert (threat["when"], threat["from"], threat["to"]) == ("3 May 2024", "2024-05-03", "2024-05-03")
    assert {"id", "title", "when", "acts", "territory", "sources"} <= set(threat)
    victims = {victim for act in threat["acts"] for victim in act["victims"]}
    assert victims == {by_name[name]["id"] for name in ("Ana Ríos", "Berta Paz", "Asamblea")}
    assert {one for act in threat["acts"] for one in act["perpetrators"]} == {by_name["Mina SA"]["id"]}
    assert terminal.told("list", "territories", "--dir", "w") == []


def test_reading_whom_an_incident_touches_gives_strength_and_path(terminal: Terminal) -> None:
    incidents = terminal.told("list", "incidents", "--dir", "w")
    threat = next(one for one in incidents if one["from"] == "2024-05-03")
    touched = terminal.told("read", "affected", threat["id"], "--dir", "w")
    assert {"actor", "strength", "path"} <= set(touched[0])
    assert all(row["path"] and all(isinstance(sentence, str) for sentence in row["path"]) for row in touched)
    strengths = [row["strength"] for row in touched]
    assert strengths == sorted(strengths, reverse=True) and strengths[0] == 1.0


def test_everything_goes_out_and_comes_in_again_the_same(terminal: Terminal) -> None:
    terminal.told("export", "--dir", "w", "--out", "all.zip")
    terminal.told("init", "--dir", "again")
    terminal.told("import", "all.zip", "--dir", "again")
    for what in ("actors", "incidents", "territories"):
        one, other = terminal.told("list", what, "--dir", "w"), terminal.told("list", what, "--dir", "again")
        assert sorted(one, key=lambda row: row["id"]) == sorted(other, key=lambda row: row["id"])


def test_undo_leaves_nothing_of_an_import(terminal: Terminal, tmp_path: Path) -> None:
    other = Terminal(tmp_path)
    other.told("init", "--dir", "w")
    preview = other.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w", "--preview")
    assert preview["counts"]["incident"]["created"] == 2
    assert other.told("list", "incidents", "--dir", "w") == []
    report = other.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    again = other.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    assert again["counts"]["incident"]["created"] == 0
    other.told("import", "--undo", again["id"], "--dir", "w")
    other.told("import", "--undo", report["id"], "--dir", "w")
    assert other.told("list", "incidents", "--dir", "w") == other.told("list", "actors", "--dir", "w") == []


def test_a_backup_comes_back_and_the_check_finds_nothing_wrong(terminal: Terminal) -> None:
    terminal.told("backup", "copy.tejido", "--dir", "w")
    terminal.told("restore", "copy.tejido", "--dir", "back")
    assert terminal.told("list", "actors", "--dir", "back") == terminal.told("list", "actors", "--dir", "w")
    assert [one for one in terminal.told("check", "--dir", "back") if one["level"] == "fault"] == []


MISTAKES = [
    (["list", "frogs", "--dir", "w"], "invalid choice"),
    (["list", "actors"], "--dir"),
    (["list", "actors", "--dir", "nowhere"], "no workspace here"),
    (["init", "--dir", "w"], "already a workspace"),
    (["import", "list.csv", "--dir", "w"], "--mapping"),
    (["import", "gone.csv", "--mapping", "map.yml", "--dir", "w"], "no such file"),
    (["import", "list.csv", "--mapping", "gone.yml", "--dir", "w"], "no such file"),
    (["import", "--undo", "x", "--dir", "w"], "not an import's id"),
    (["import", "--undo", "00000000-0000-4000-8000-000000000000", "--dir", "w"], ""),
    (["read", "affected", "x", "--dir", "w"], "not an incident's id"),
    (["read", "affected", "00000000-0000-4000-8000-000000000000", "--dir", "w"], "no incident with this id"),
    (["restore", "list.csv", "--dir", "elsewhere"], "not a backup"),
    (["restore", "gone", "--dir", "elsewhere"], "no such file"),
    (["demo", "--dir", "w", "--no-serve"], "not a demonstration"),
    (["serve", "--dir", "w", "--port", "70000"], "port"),
    (["nonsense"], "invalid choice"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=lambda value: "_".join(value)[:40] if value else None)
def test_a_mistake_ends_with_a_sentence_and_code_two(terminal: Terminal, words: list[str], sentence: str) -> None:
    done = terminal.run(*words, "--json")
    assert done.returncode == 2, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_wrong_or_missing_passphrase_is_told(terminal: Terminal) -> None:
    (terminal.home / "wrong").write_text("these are not the six words\n", encoding="utf-8")
    (terminal.home / "void").write_text("\n", encoding="utf-8")
    for phrase, sentence in (
        ("wrong", "does not open"),
        ("void", "is empty"),
        ("", "no terminal"),
        ("gone", "no such"),
    ):
        done = terminal.run("list", "actors", "--dir", "w", phrase=phrase)
        assert (done.returncode, sentence in done.stderr) == (2, True), (phrase, done.stderr)


def test_it_speaks_spanish_to_who_does(terminal: Terminal) -> None:
    assert "no hay un espacio de trabajo" in terminal.run("check", "--dir", "nada", lang="es_CL.UTF-8").stderr
    assert "no hay un espacio de trabajo" in terminal.run("check", "--dir", "nada", "--lang", "es").stderr
