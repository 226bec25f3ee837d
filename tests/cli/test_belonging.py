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


def test_what_the_circle_asks_is_shown_to_all_and_decided_by_coordinators(terminal: Terminal) -> None:
    asks = ("circle", "rules", "--dir", "w")
    assert terminal.told(*asks, "--copies", "one") == {"second_factor": None, "without": 2, "copies": "one"}
    shown = terminal.run(*asks, "--member", "bruno", "--lang", "es", phrase="bruno")
    assert shown.returncode == 0 and "Una sola persona" in shown.stdout
    refused = terminal.run(*asks, "--copies", "two", "--member", "bruno", phrase="bruno")
    assert refused.returncode == 2 and "coordinators" in refused.stderr
    assert "Give the first day" in terminal.run(*asks, "--second-factor", "tomorrow").stderr
    assert "of your own first" in terminal.run(*asks, "--second-factor", "2999-01-01").stderr


def test_roles_circles_and_going(terminal: Terminal) -> None:
    bruno = terminal.told("member", "list", "--dir", "w")[1]["id"]
    guest = terminal.told("member", "role", bruno, "guest", "--until", "2999-01-01", "--dir", "w")
    assert guest["role"] == "guest"
    there = terminal.told("circle", "new", "--name", "Monte", "--dir", "w")["circle"]
    assert len(terminal.told("member", "list", "--dir", "w", "--work-in", there)) == 1
    terminal.told("member", "remove", bruno, "--dir", "w")
    gone = terminal.run("member", "list", "--dir", "w", "--member", "bruno", phrase="bruno")
    assert gone.returncode == 2 and "does not open" in gone.stderr


def test_guardians_are_chosen_sessions_ended_and_an_account_closed_for_a_journey(terminal: Terminal) -> None:
    for name in ("Carla", "Dora"):
        code = terminal.told("member", "invite", "--name", name, "--dir", "w")["code"]
        (terminal.home / "code").write_text(code, encoding="utf-8")
        (terminal.home / name).write_text(f"the six plain words of {name}\n", encoding="utf-8")
        done = terminal.run("member", "join", "--dir", "w", "--code-file", "code", "--member", name, phrase=name)
        assert done.returncode == 0, done.stderr
    members = {one["name"]: one["id"] for one in terminal.told("member", "list", "--dir", "w")}
    travel = ("circle", "travel", "--dir", "w", "--confirm", "close my account")
    assert "Too few guardians" in terminal.run(*travel).stderr
    told = terminal.told(
        "circle", "guardians", "--choose", members["Carla"], "--choose", members["Dora"], "--needed", "2", "--dir", "w"
    )
    assert {one["name"] for one in told["guardians"]} == {"Carla", "Dora"} and told["needed"] == 2
    shown = terminal.run("circle", "guardians", "--dir", "w", "--member", "Carla", "--lang", "es", phrase="Carla")
    assert "Guardo la entrada de:" in shown.stdout and members[""] in shown.stdout, shown.stderr
    refused = terminal.run("circle", "sessions", "--dir", "w", "--member", "Carla", phrase="Carla")
    assert refused.returncode == 2 and "coordinators" in refused.stderr
    assert terminal.told("circle", "sessions", "--end", "--dir", "w") == {"sessions": 0, "ended": 0}
    assert "nothing was closed" in terminal.run("circle", "travel", "--dir", "w").stderr
    assert terminal.told(*travel) == {"closed": True}
    assert "does not open" in terminal.run("member", "list", "--dir", "w").stderr
