"""A workspace that is brought back from a backup within one process, as the restore command does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tejido.circles.actions import memberships_of, open_keyring
from tejido.vault import backup, keystore
from tejido.vault.backup_reading import Backup, unlock_backup
from tejido.vault.backup_rows import tables
from tejido.vault.erasure import tidy_up
from tejido.vault.keyring import FILE_KEY, using, working_in
from tejido.vault.remembering import remembered
from tejido.vault.sharing import today
from tejido.vault.workspace import Workspace
from tests.personas import PASSPHRASE


def at_home(place: Workspace, patch: pytest.MonkeyPatch) -> None:
    """Let this process work in ``place``: its key store, its sealed files."""
    patch.setattr(settings, "WORKSPACE", place)
    patch.setattr(backup, "bring_up_to_date", lambda: None)  # the tables of the tests are there


def brought_back(path: Path, target: Path, patch: pytest.MonkeyPatch) -> Workspace:
    """Make the workspace ``target`` from a backup that its founder opens; its database is that of the tests, emptied.

    What was erased since is looked for beside the target and beside the backup.
    """
    head, master = unlock_backup(path, PASSPHRASE)
    whole = Backup.under(path, master)
    since = remembered(whole, whole.verified()[1], target=target, master=master)
    place = Workspace(target)
    place.create_from(head["slots"], master=master)
    FILE_KEY.put(master.file_key)
    at_home(place, patch)
    nothing_left()
    backup.bring_back_from(place, whole, erased=since.digests)
    with using(open_keyring(master)):
        for member in memberships_of(master.account, today=today()):
            with working_in(member.circle_id):
                tidy_up(by=member)
    return place


def nothing_left() -> None:
    """Empty every table, children before parents."""
    with connection.cursor() as cursor:
        for name in ("vault_session", *(model._meta.db_table for model in reversed(tables()))):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")


def let_go(*places: Workspace) -> None:
    """Close the key stores of workspaces that are to be taken away."""
    for place in places:
        keystore.at(place.directory / keystore.NAME).close()
