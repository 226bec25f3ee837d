"""Members and circles from the terminal: who asks is said beside the passphrase."""

from __future__ import annotations

import pytest

from tests.cli.test_commands import Terminal


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A workspace of a founder, and of Bruno who has joined it."""
    made = Terminal(tmp_path_factory.mktemp("belonging"))
    made.told("init", "--dir", "w")
    invited = made.told("member", "invite", "--name", "Bruno", "--dir", "w")
    assert len(invited["code"].split()) == 6
    (made.home / "code").write_text(invited["code"] + "\n", encoding="utf-8")
    (made.home / "bruno").write_text("the six plain words of Bruno\n", encoding="utf-8")
    joined = made.run(
        "member", "join", "--dir", "w", "--code-file", "code", "--member", "Bruno", "--json", phrase="bruno"
    )
    assert joined.returncode == 0, joined.stderr
    return made


def test_who_joined_is_listed_and_lists(terminal: Terminal) -> None:
    assert [(one["name"], one["role"], one["status"]) for one in terminal.told("member", "list", "--dir", "w")] == [
        ("", "coordinator", "active"),
        ("Bruno", "member", "active"),
    ]
    listed = terminal.run("member", "list", "--dir", "w", "--member", "bruno", phrase="bruno")
    assert listed.returncode == 0 and "Bruno" in listed.stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["member", "list", "--dir", "w"], "does not open"),
        (["member", "role", "x", "guest", "--until", "soon", "--dir", "w", "--member", "bruno"], "coordinators"),
        (["member", "list", "--dir", "w", "--member", "bruno", "--key-file", "gone"], "no such key file"),
        (["member", "list", "--dir", "w", "--member", "bruno", "--key-file", "phrase"], "does not open"),
        (["member", "list", "--dir", "w", "--member", "bruno", "--work-in", "x"], "not a circle's id"),
        (["member", "invite", "--name", "Carla", "--dir", "w", "--member", "bruno"], "coordinators"),
        (["member", "join", "--dir", "w", "--code-file", "code", "--member", "c"], "code opens nothing"),
        (["member", "join", "--dir", "w", "--member", "c"], "--code-file"),
    ],
)
def test_a_refusal_is_a_sentence_and_code_two(terminal: Terminal, words: list[str], sentence: str) -> None:
    done = terminal.run(*words, phrase="bruno")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert sentence in done.stderr and "Traceback" not in done.stderr


def test_roles_circles_and_going(terminal: Terminal) -> None:
    bruno = terminal.told("member", "list", "--dir", "w")[1]["id"]
    guest = terminal.told("member", "role", bruno, "guest", "--until", "2999-01-01", "--dir", "w")
    assert guest["role"] == "guest"
    there = terminal.told("circle", "new", "--name", "Monte", "--dir", "w")["circle"]
    assert len(terminal.told("member", "list", "--dir", "w", "--work-in", there)) == 1
    terminal.told("member", "remove", bruno, "--dir", "w")
    gone = terminal.run("member", "list", "--dir", "w", "--member", "bruno", phrase="bruno")
    assert gone.returncode == 2 and "does not open" in gone.stderr
