"""At the terminal: an export with a second person, and a journal that is proved where there is no workspace."""

from __future__ import annotations

import hashlib
import json

import pytest

from tests.cli.test_commands import Terminal


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A workspace with a founder and Bruno, who joined under a handle."""
    made = Terminal(tmp_path_factory.mktemp("two"))
    made.told("init", "--dir", "w")
    (made.home / "his").write_text("six other words of Bruno\n", encoding="utf-8")
    (made.home / "code").write_text(
        made.told("member", "invite", "--name", "Bruno", "--dir", "w")["code"], encoding="utf-8"
    )
    joined = made.run("member", "join", "--dir", "w", "--code-file", "code", "--member", "bruno", phrase="his")
    assert joined.returncode == 0, joined.stderr
    return made


def test_an_export_waits_for_the_second_person_and_leaves_once(two: Terminal) -> None:
    asked = two.run("export", "--dir", "w", "--out", "all.zip", "--reason", "for the lawyer")
    assert asked.returncode == 3 and "tejido approve" in asked.stdout
    ident = asked.stdout.split("tejido approve ")[1].split(".")[0]
    use = ("export", "--dir", "w", "--out", "all.zip", "--approval", ident)

    assert two.run("approve", ident, "--dir", "w").returncode == 2, "oneself"
    shown = two.run("approve", ident, "--dir", "w", "--member", "bruno", "--show", phrase="his")
    assert "for the lawyer" in shown.stdout and "waits" in shown.stdout
    agreed = two.run("approve", ident, "--dir", "w", "--member", "bruno", phrase="his")
    assert agreed.returncode == 0, agreed.stderr
    told = two.told(*use)
    assert told["sha256"] == hashlib.sha256((two.home / "all.zip").read_bytes()).hexdigest()
    again = two.run("export", "--dir", "w", "--out", "more.zip", "--approval", ident)
    assert again.returncode == 2 and "serves once" in again.stderr
    assert not (two.home / "more.zip").exists()


def test_several_dossiers_are_erased_once_the_second_person_agreed(two: Terminal) -> None:
    two.told("import", "list.csv", "--mapping", "map.yml", "--dir", "w")
    ids = [str(one["id"]) for one in two.told("list", "actors", "--dir", "w")][:2]
    erase = ("erase", "actor", *ids, "--dir", "w", "--confirm", "erase")
    assert two.run(*erase).returncode == 2, "no reason"
    asked = two.run(*erase, "--reason", "they asked us to", "--json")
    assert asked.returncode == 3, asked.stderr
    ident = json.loads(asked.stdout)["approval"]
    assert "No second person" in two.run(*erase, "--approval", ident).stderr
    agreed = two.run("approve", ident, "--dir", "w", "--member", "bruno", phrase="his")
    assert agreed.returncode == 0, agreed.stderr
    assert two.told(*erase, "--approval", ident)["records"] >= 2
    assert not {str(one["id"]) for one in two.told("list", "actors", "--dir", "w")} & set(ids)


def test_a_journal_is_taken_out_by_who_may_and_proved_without_a_workspace(two: Terminal) -> None:
    refused = two.run("audit", "export", "--dir", "w", "--out", "his.jsonl", "--member", "bruno", phrase="his")
    assert refused.returncode == 2 and "coordinators and auditors" in refused.stderr
    first = two.told("audit", "export", "--dir", "w", "--out", "first.jsonl")
    assert b"lawyer" not in (two.home / "first.jsonl").read_bytes()
    two.told("audit", "export", "--dir", "w", "--out", "second.jsonl")
    known = ("--earlier", "first.jsonl", "--known-head", first["digest"])
    whole = two.run("audit", "verify", "second.jsonl", *known, phrase="")
    assert whole.returncode == 0 and "whole" in whole.stdout, whole.stderr
    back = two.run("audit", "verify", "first.jsonl", "--earlier", "second.jsonl", "--lang", "es", phrase="")
    assert back.returncode == 1 and "le cortaron el final" in back.stdout
    lines = (two.home / "second.jsonl").read_bytes().splitlines(keepends=True)
    (two.home / "bent.jsonl").write_bytes(b"".join([*lines[:3], *lines[4:]]))
    assert two.run("audit", "verify", "bent.jsonl", phrase="").returncode == 1
