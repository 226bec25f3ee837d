"""Opening a workspace for one command: passphrase, keys, database, and in whose name it works."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tejido.cli.asking import asking
from tejido.cli.policies import at_work_as
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.workspace import Master, Workspace

if TYPE_CHECKING:
    from tejido.circles.models import Member

#: Marks a demonstration; holds its passphrase when that was generated.
DEMO_MARK = "demonstration"


def prepare(directory: Path) -> Workspace:
    """Point this process at the workspace and load the application; nothing is opened yet."""
    os.environ["TEJIDO_DIR"] = str(directory.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tejido.settings")
    import django

    django.setup()
    return Workspace(directory.resolve())


def passphrase_from(file: Path | None, directory: Path, *, prompt: str, confirm: str | None = None) -> str:
    """Return the passphrase: from the file given, a demonstration's own, or typed at the terminal."""
    beside = directory / DEMO_MARK
    if file is None and confirm is None and beside.is_file() and beside.stat().st_size:
        file = beside
    if file is not None:
        return _first_line(file)
    if not sys.stdin.isatty():
        raise BadInput(N_("A passphrase is needed and there is no terminal to type it. Use --passphrase-file."))
    typed = getpass.getpass(prompt + " ")
    if confirm is not None and getpass.getpass(confirm + " ") != typed:
        raise BadInput(N_("The two passphrases differ. Nothing was created; try again."))
    return typed


_UNFINISHED = N_(
    "This workspace was left unfinished when it was made: it holds no circle and no record. "
    "Delete its directory and make it again."
)


@contextmanager
def opened(workspace: Workspace, passphrase: str, *, upgrade: bool = True) -> Iterator[tuple[Master, Member]]:
    """Open the workspace for the block: keys in memory, database upgraded if it is an older one.

    Raises ``Refused`` when the member's role does not allow what the command that runs is for.
    """
    from tejido.circles.actions import open_keyring
    from tejido.circles.models import Circle
    from tejido.circles.opening import bring_up_to_date, member_of, settle_quietly
    from tejido.circles.openings import settle
    from tejido.vault.erasure import tidy_up
    from tejido.vault.keyring import FILE_KEY, using, working_in

    who = asking()
    master = workspace.unlock(passphrase, handle=who.handle, key_file=who.key_file)
    try:
        if upgrade or not _has_members_keys():
            bring_up_to_date()
        if not Circle.objects.exists():
            raise BadInput(_UNFINISHED)
        with using(open_keyring(master)):
            member = member_of(master, circle=who.circle)
            if upgrade:
                # Finishing what was left to do is no part of the command, nor held to what it is for.
                with working_in(member.circle_id):
                    settle_quietly(by=member)
                    tidy_up(by=member)
                # The key of the file may be another one by now.
                master = Master(master.secret, FILE_KEY.get())
            with at_work_as(member), working_in(member.circle_id):
                yield master, member
            if upgrade:
                settle(member)
    finally:
        FILE_KEY.drop()


def _has_members_keys() -> bool:
    """Say whether the database is of a version in which members have keys: nothing opens in an earlier one."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return ("circles", "0003_members_own_keys") in MigrationRecorder(connection).applied_migrations()


def _first_line(file: Path) -> str:
    with file.open(encoding="utf-8-sig") as lines:
        line = lines.readline().strip()
    if not line:
        raise BadInput(N_("The passphrase file is empty. Nothing was changed."))
    return line
