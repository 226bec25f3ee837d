"""Opening and founding a workspace from a page: keys first, then the database, then the session."""

from __future__ import annotations

import logging
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from tejido.circles.actions import found_circle, memberships_of, open_keyring
from tejido.circles.door import PATIENCE
from tejido.circles.membership import settle
from tejido.circles.models import Circle, Member
from tejido.circles.policies import Worker
from tejido.circles.presence import PRESENCE
from tejido.circles.second_factor import AT_THE_DOOR, demand_second_factor
from tejido.circles.sharing import settle_sharing
from tejido.circles.work_session import open_session
from tejido.domain.errors import NotAllowed, TejidoError, WrongPassphrase
from tejido.domain.words import N_
from tejido.vault import schema
from tejido.vault.erasure import tidy_up
from tejido.vault.keyring import FILE_KEY, using
from tejido.vault.workspace import Master, Workspace

logger = logging.getLogger(__name__)
_NOWHERE = N_(
    "You belong to no circle here any more, or the time for which you were let in is over. Nothing was changed. "
    "Ask a coordinator if this is a mistake."
)


def workspace() -> Workspace:
    """Return the workspace of this process."""
    found: Workspace = settings.WORKSPACE
    return found


def unlock(passphrase: str, *, handle: str = "", key_file: bytes = b"") -> Master:
    """Open an account; ``WrongPassphrase`` is counted for its handle, and makes the next try wait longer."""
    try:
        master = workspace().unlock(passphrase, handle=handle, key_file=key_file)
    except WrongPassphrase:
        PATIENCE.wrong(handle)
        raise
    PATIENCE.right(handle)
    bring_up_to_date()
    return master


def still_opens(master: Master) -> bool:
    """Say whether an account that was opened a moment ago still has its passphrase, and the key of the file its use.

    Another process may have let somebody go meanwhile, or closed an account for a journey.
    """
    try:
        return "passphrase" in workspace().ways_into(master.account, file_key=master.file_key)
    except TejidoError:
        return False


def bring_up_to_date() -> None:
    """Apply what migrations are missing; nothing is written when none is."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with PRESENCE.arriving():
            schema.bring_up_to_date()


def begin_work(request: HttpRequest, master: Master, *, code: str = "", answer: str = "") -> Worker | None:
    """Open a session for the account, in the first of its circles; None when no circle was founded in it yet.

    Every door ends here, so the second factor is asked for here: ``code``, or the ``answer`` of a passkey, is used up
    where the account has one.
    Raises ``SecondFactorNeeded`` without it, ``NotAllowed`` for an account that belongs to no circle any more, or
    whose time is over.
    """
    if not Circle.objects.exists():
        return None
    demand_second_factor(master, code, answer=answer, purpose=AT_THE_DOOR)
    keyring = open_keyring(master)
    with using(keyring):
        member = member_of(master)
    worker = open_session(request, member=member, keyring=keyring)
    with using(keyring, circle=worker.circle_id):
        tidy_up(by=worker)
        settle_quietly(by=worker)
    return worker


def member_of(master: Master, *, circle: UUID | None = None) -> Member:
    """Return the account as a member of its first circle, or of ``circle``; its keys have to be in place.

    Raises ``NotAllowed`` if it belongs to none, or no more.
    """
    mine = memberships_of(master.account, today=timezone.localdate())
    found = next((member for member in mine if circle in {None, member.circle_id}), None)
    if found is None:
        raise NotAllowed(_NOWHERE)
    return found


def settle_quietly(*, by: Worker | Member) -> None:
    """Finish what was left to do with keys and with what is shared. What fails waits for the next time."""
    if not workspace().exists:
        return
    try:
        settle_sharing(by=by)
        if by.role == "coordinator":
            settle(by=by, workspace=workspace())
    except (TejidoError, OSError, DatabaseError):
        logger.exception("what was left to do with keys could not be done")


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
        with using(open_keyring(master), circle=by.circle_id):
            load(by=by)
    except Exception:
        logger.exception("the demonstration data could not be loaded")
        return False
    return True
