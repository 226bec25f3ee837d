"""Processes that write, rotate, erase, let people in and out, or share, until they are killed; each tells what it did.

The program is loaded once and forked for each kill. Some are killed from outside, wherever they are; the others kill
themselves before a statement of a database, a sync or the renaming of a file, so that each seam has its turn.
Passphrases are stretched little: that would be waiting, not testing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

WORDS = "six plain words for whoever founded it"
#: What is done in one round, and before how many steps of what was to be told next it may end.
ROUND = {"write": 24, "rotate": 60, "write more": 24, "erase": 60}
SECOND_ROUND = {"come": 90, "go": 70, "share": 60}
_LOOK_EVERY = 5


@dataclass
class Ending:
    """When a process ends: after it told ``told`` lines, before its step ``step`` from there; 0: from outside."""

    told: int
    step: int = 0


def main(directory: str, rounds: str) -> None:
    """Make a workspace in ``directory`` and kill a process for each deed of each round; print what was seen."""
    os.environ["TEJIDO_DIR"] = directory
    os.environ["DJANGO_SETTINGS_MODULE"] = "tejido.settings"
    from tejido.vault import passphrase

    passphrase.MEMORY_KIB, passphrase.TIME = 64, 1
    from tejido.vault.workspace import Workspace

    Workspace(Path(directory)).create(WORDS)
    import django

    django.setup()
    from tests.attacks import killed_work

    _once_here()
    chance = random.Random(1973)
    for round_ in range(int(rounds)):
        for what, most in (ROUND | SECOND_ROUND if round_ % 2 else ROUND).items():
            told = chance.randrange({"rotate": 2, "share": 8}.get(what, 4))
            ending = Ending(1 + told, chance.randrange(1, most) if chance.random() < 0.6 else 0)
            seen = _in_a_process(what.split()[0], ending, chance)
            _tell(kills=1, what=what.split()[0], told=seen)
            killed_work.INVITED.update({one["inviting"]: "" for one in seen if "inviting" in one})
            killed_work.INVITED.update({one["invited"]: one["code"] for one in seen if "invited" in one})
        if round_ % _LOOK_EVERY == _LOOK_EVERY - 1:
            _tell(round=round_, seen=_in_a_process("look", None))


def _once_here() -> None:
    """Make the workspace, and load once what each process will need."""
    from django.db import connections

    from tejido.circles.opening import workspace
    from tejido.vault import keystore
    from tests.attacks import killed_work

    master = workspace().unlock(WORDS)
    killed_work.make(master)
    killed_work.look(master, lambda **_: None)
    connections.close_all()
    keystore.of_process().close()


def _in_a_process(what: str, ending: Ending | None, chance: random.Random | None = None) -> list[dict[str, Any]]:
    """Do ``what`` in a process of its own that comes to its ``ending``, if it has one. Return what it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(writing, 1)
        try:
            _work(what, ending)
        finally:
            sys.stderr.flush()
            os._exit(0)
    os.close(writing)
    told: list[dict[str, Any]] = []
    with os.fdopen(reading, encoding="utf-8") as lines:
        if ending is not None and not ending.step and chance is not None:
            told += [json.loads(line) for _, line in zip(range(ending.told), lines, strict=False)]
            for _ in range(chance.randrange(200_000)):  # somewhere in what comes next; no clock is asked
                pass
            os.kill(child, signal.SIGKILL)
        told += [json.loads(line) for line in lines if line.endswith("\n")]
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) != (ending is not None):
        raise RuntimeError(f"{what} ended by itself, or did not")
    return told


class Steps:
    """Counts the steps of this process once it has told enough; it does not live to take the last."""

    def __init__(self, ending: Ending) -> None:
        self._told, self._left = ending.told, ending.step

    def told(self) -> None:
        self._told -= 1

    def take(self, *_: object) -> None:
        if self._told <= 0 and self._left:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Take a step before each statement of either database, each sync, each renaming and removal of a file."""
        from django.db import connection

        from tejido.vault import keystore

        connection.ensure_connection()
        connection.connection.set_trace_callback(self.take)
        with keystore.of_process()._opened() as store:
            store.set_trace_callback(self.take)
        os.fsync = self._before(os.fsync)
        Path.replace = self._before(Path.replace)  # type: ignore[method-assign]
        Path.unlink = self._before(Path.unlink)  # type: ignore[method-assign]

    def _before(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*args: Any, **more: Any) -> Any:
            self.take()
            return act(*args, **more)

        return stepped


_STEPS: Steps | None = None


def _tell(**said: object) -> None:
    if _STEPS is not None:
        _STEPS.take()
        _STEPS.told()
    os.write(1, json.dumps(said).encode() + b"\n")


def _work(what: str, ending: Ending | None) -> None:
    """Do ``what`` in the workspace of this process."""
    global _STEPS
    from tejido.circles.opening import workspace
    from tests.attacks import killed_work

    master = workspace().unlock(WORDS)
    if ending is not None:
        _STEPS = Steps(ending)
        _STEPS.watch()
    killed_work.WORK[what](master, _tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
