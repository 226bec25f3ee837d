"""Opening and founding a workspace from a page: keys first, then the database, then the session."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest
from django.utils.module_loading import import_string

from tejido.circles.actions import found_circle, only_member, open_keyring
from tejido.circles.door import PATIENCE
from tejido.circles.models import Member
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE
from tejido.circles.work_session import open_session
from tejido.domain.errors import NotFound, WrongPassphrase
from tejido.vault.keyring import FILE_KEY, using
from tejido.vault.workspace import Master, Workspace

logger = logging.getLogger(__name__)


def workspace() -> Workspace:
    """Return the workspace of this process."""
    found: Workspace = settings.WORKSPACE
    return found


def unlock(passphrase: str) -> Master:
    """Open the workspace; ``WrongPassphrase`` is counted, and makes the next try wait longer."""
    try:
        master = workspace().unlock(passphrase)
    except WrongPassphrase:
        PATIENCE.wrong()
        raise
    PATIENCE.right()
    bring_up_to_date()
    return master


def bring_up_to_date() -> None:
    """Apply what migrations are missing; nothing is written when none is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with PRESENCE.arriving():
            call_command("migrate", verbosity=0, interactive=False)


def begin_work(request: HttpRequest, master: Master) -> Worker | None:
    """Open a session for the workspace's member; None when no circle was founded in it yet."""
    try:
        with using(None):
            member = only_member()
    except NotFound:
        return None
    return open_session(request, member=member, keyring=open_keyring(master))


def found(*, name: str, member_name: str, master: Master | None, passphrase: str) -> tuple[Member, Master]:
    """Create the workspace, unless ``master`` says that it is there already, and found its circle."""
    if master is None:
        master = workspace().create(passphrase)
    FILE_KEY.put(master.file_key)
    bring_up_to_date()
    return found_circle(name=name, member_name=member_name, master=master), master


def demo_loader() -> str:
    """Return the dotted name of what loads demonstration data; empty when this installation has none."""
    return getattr(settings, "TEJIDO_DEMO_LOADER", "") or ""


def load_demo(*, by: Worker, master: Master) -> bool:
    """Fill the circle with demonstration data; say whether that went well. The circle stands in any case."""
    try:
        load = import_string(demo_loader())
        with using(open_keyring(master)):
            load(by=by)
    except Exception:
        logger.exception("the demonstration data could not be loaded")
        return False
    return True
