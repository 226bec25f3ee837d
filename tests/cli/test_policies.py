"""Every command declares what it is for, and none opens a workspace for somebody who may not."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from tejido.cli.arguments import parser
from tejido.cli.policies import CommandPolicy, at_work_as, needs, open_command, policy_of, running
from tejido.cli.running import commands
from tejido.cli.telling import Telling
from tejido.domain.roles import Refused
from tejido.domain.words import ENGLISH
from tejido.vault.journal import writing
from tejido.vault.permits import UndeclaredWrite


def without_policy(known: dict[str, Any]) -> list[str]:
    """Return the commands that declared nothing."""
    return [name for name, command in known.items() if policy_of(command) is None]


def forgotten(options: argparse.Namespace, telling: Telling) -> None:
    """A command somebody forgot to declare."""


def typed_commands() -> set[str]:
    """Return every command that can be typed, those of two words with both."""
    found: set[str] = set()
    for action in parser(ENGLISH)._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, made in action.choices.items():
                second = [one.choices for one in made._actions if one.dest == name and one.choices]
                found |= {f"{name} {word}" for words in second for word in words} if second else {name}
    return found


def test_no_command_is_without_a_policy() -> None:
    assert without_policy(commands()) == []
    assert set(commands()) == typed_commands()


def test_a_forgotten_policy_is_seen() -> None:
    assert without_policy({**commands(), "planted": forgotten}) == ["planted"]


def test_a_command_has_one_policy_and_an_open_one_says_why() -> None:
    declared = needs("read")(lambda options, telling: None)
    assert policy_of(declared) == CommandPolicy(capability="read")
    with pytest.raises(ValueError, match="one policy"):
        open_command("as well")(declared)
    with pytest.raises(ValueError, match="why"):
        open_command(" ")
    with pytest.raises(ValueError, match="capability"):
        needs("raed")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["import", "export", "list", "read affected", "backup", "audit export"])
def test_nobody_works_under_a_command_their_role_does_not_allow(name: str) -> None:
    class Reporter:
        role = "field_reporter"

    with running(commands()[name]), pytest.raises(Refused), at_work_as(Reporter()):
        raise AssertionError("the block must not be entered")


def test_a_command_that_says_it_only_looks_writes_nothing(at_work: Any) -> None:
    with (
        running(commands()["list"]),
        at_work_as(at_work),
        pytest.raises(UndeclaredWrite),
        writing(by=at_work, action="actor.record"),
    ):
        raise AssertionError("the block must not be entered")
    with running(commands()["import"]), at_work_as(at_work), writing(by=at_work, action="actor.record"):
        pass
