"""What each command is for, declared beside it; nothing opens a workspace under a command that did not say."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from tejido.cli.telling import Telling
from tejido.domain.roles import CAPABILITIES, Capability, Refused

Command = Callable[[argparse.Namespace, Telling], int | None]
_POLICIES: dict[Command, CommandPolicy] = {}
_running: ContextVar[CommandPolicy | None] = ContextVar("tejido_command", default=None)


@dataclass(frozen=True)
class CommandPolicy:
    """What a command is for (a capability of the table of roles), or why nobody in particular need be at work."""

    capability: str = ""
    reason: str = ""


def needs(capability: Capability) -> Callable[[Command], Command]:
    """Declare that a command is for members whose role allows ``capability``."""
    if capability not in CAPABILITIES:
        raise ValueError(f"{capability!r} is not a capability")
    return _declared(CommandPolicy(capability=capability))


def open_command(reason: str) -> Callable[[Command], Command]:
    """Declare that a command works in nobody's name, for a ``reason`` that is written down."""
    if not reason.strip():
        raise ValueError("an open command says why it is open")
    return _declared(CommandPolicy(reason=reason))


def policy_of(command: Command) -> CommandPolicy | None:
    """Return what a command declared; None when it declared nothing."""
    return _POLICIES.get(command)


@contextmanager
def running(command: Command) -> Iterator[None]:
    """Hold the block to the policy of ``command``."""
    token = _running.set(policy_of(command))
    try:
        yield
    finally:
        _running.reset(token)


@contextmanager
def at_work_as(by: object) -> Iterator[None]:
    """Let ``by`` work under the policy of the command that runs; ``Refused``, with the reason, if they may not.

    Outside of any command (a test, a script of ours) the actions still ask for themselves.
    """
    policy = _running.get()
    if policy is None or not policy.capability:
        yield
        return
    from tejido.vault.permits import under_policy, verdict_on

    verdict = verdict_on(by, policy.capability)
    if not verdict.allowed:
        raise Refused(verdict)
    with under_policy(policy.capability):
        yield


def _declared(policy: CommandPolicy) -> Callable[[Command], Command]:
    def declare(command: Command) -> Command:
        if command in _POLICIES:
            raise ValueError("a command declares one policy")
        _POLICIES[command] = policy
        return command

    return declare


__all__ = ["CommandPolicy", "at_work_as", "needs", "open_command", "policy_of", "running"]
