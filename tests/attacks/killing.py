"""Processes that write, rotate or erase until they are killed; each tells what it has done, once it is done.

The program is loaded once and forked for each kill. The keys of the file and of the account are given: stretching a
passphrase a hundred times would be waiting, not testing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

FILE_KEY = b"\x11" * 32
SECRET = b"\x12" * 32


def main(directory: str, rounds: str) -> None:
    """Make a workspace in ``directory`` and kill four processes a round in it; print what was seen."""
    os.environ["TEJIDO_DIR"] = directory
    os.environ["DJANGO_SETTINGS_MODULE"] = "tejido.settings"
    from tejido.vault.keyring import FILE_KEY as HELD

    HELD.put(FILE_KEY)
    import django

    django.setup()
    # Loaded once, not in each process.
    from tejido.circles import actions, membership
    from tejido.incidents import models
    from tejido.vault import erasure, journal, records

    if not all((actions, membership, models, erasure, journal, records)):
        raise RuntimeError
    Path(directory).mkdir(parents=True)
    _in_a_process("make", None)
    chance = random.Random(1973)
    for round_ in range(int(rounds)):
        for what in ("write", "rotate", "write", "erase"):
            _tell(kills=1, told=_in_a_process(what, chance))
        if round_ % 5 == 4:
            _tell(round=round_, seen=_in_a_process("look", None))


def _in_a_process(what: str, chance: random.Random | None) -> list[dict[str, Any]]:
    """Do ``what`` in a process of its own; with ``chance``, kill it in the middle. Return what it told."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(writing, 1)
        try:
            _work(what)
        finally:
            sys.stderr.flush()
            os._exit(0)
    os.close(writing)
    told: list[dict[str, Any]] = []
    with os.fdopen(reading, encoding="utf-8") as lines:
        if chance is not None:
            for _ in range(1 + chance.randrange(2 if what == "rotate" else 4)):
                told.append(json.loads(lines.readline()))
            for _ in range(chance.randrange(200_000)):  # somewhere in what comes next; no clock is asked
                pass
            os.kill(child, signal.SIGKILL)
        told += [json.loads(line) for line in lines if line.endswith("\n")]
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) != (chance is not None):
        raise RuntimeError(f"{what} ended by itself, or did not")
    return told


def _work(what: str) -> None:
    """Do ``what`` in the workspace: ``make`` it, ``write``, ``erase``, ``rotate`` or ``look``."""
    from tejido.circles.actions import found_circle, only_member, open_keyring
    from tejido.vault.keyring import using
    from tejido.vault.slots import Master

    master = Master(SECRET, FILE_KEY)
    if what == "make":
        from tejido.vault.schema import bring_up_to_date

        bring_up_to_date()
        found_circle(name="Ribera", member_name="Alba", master=master)
        return
    with using(open_keyring(master)):
        {"write": _write, "erase": _erase, "rotate": _rotate, "look": _look}[what](only_member())


def _tell(**said: object) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def _write(by: Any) -> None:
    from tejido.fabric.models import Actor
    from tejido.vault.journal import writing
    from tejido.vault.records import create, create_all

    _tell(ready=True)
    while True:
        with writing(by=by, action="test.make") as entry:
            one = create(Actor(circle_id=by.circle_id, kind="person", about="uno"), entry)
            more = [Actor(circle_id=by.circle_id, kind="person", about="más") for _ in range(3)]
            create_all(Actor, more, entry)
        _tell(written=[str(actor.pk) for actor in (one, *more)])


def _erase(by: Any) -> None:
    from tejido.fabric.models import Actor
    from tejido.vault.erasure import erase_dossier

    _tell(ready=True)
    for actor in list(Actor.objects.order_by("pk").values_list("pk", flat=True)):
        erase_dossier(actor, by=by)
        _tell(erased=str(actor))
    signal.pause()


def _rotate(by: Any) -> None:
    from tejido.circles.actions import begin_epoch
    from tejido.circles.membership import rewrap_dossiers
    from tejido.vault.journal import writing
    from tejido.vault.keyring import current

    _tell(ready=True)
    while True:
        with writing(by=by, action="circle.begin_epoch") as entry:
            epoch, key = begin_epoch(by.circle_id, entry)
        current().learn(by.circle_id, epoch, key)
        rewrap_dossiers(by.circle_id)
        _tell(rotated=epoch)


def _look(by: Any) -> None:
    """Open the workspace as whoever comes next does, and say what is there."""
    from tejido.fabric.models import Actor
    from tejido.vault import keystore
    from tejido.vault.erasure import tidy_up
    from tejido.vault.journal import verify
    from tejido.vault.models import Erasure

    tidy_up(by=by)
    opened: list[UUID] = [actor.pk for actor in Actor.objects.all() if actor.about in ("uno", "más")]
    keys = keystore.of_process().dossiers()
    _tell(
        actors=[str(pk) for pk in opened],
        all_open=len(opened) == Actor.objects.count(),
        without_key=len(set(opened) - keys),
        orphans=len(keys - set(opened)),
        unfinished=Erasure.objects.count(),
        lines=verify(),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
