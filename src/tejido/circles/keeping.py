"""How safely the notebook is kept: what the vault sees of the machine, the database and the keys, and of ways in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from tejido.circles.membership import newest_is_held_by_others
from tejido.circles.models import Member
from tejido.circles.rules import rules_of, still_without
from tejido.circles.signers import remark_on_signers
from tejido.circles.standings import lines_of, members_of
from tejido.domain.errors import DamagedSeal, TejidoError
from tejido.domain.words import N_
from tejido.vault.checkup import Remark, check_up
from tejido.vault.checkup_remarks import remark
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.workspace import Workspace

_SIGNED: Final = N_("Roles, and who belongs, are as coordinators signed them: {many}.")
_UNSIGNED: Final = N_(
    "Nobody has signed yet who belongs to the circle in which role. A coordinator who opens the notebook does it."
)
_WITHOUT: Final = N_(
    "The circle asks for a second factor from {day} on; members without one: {without}. From then on they come in "
    "only as far as the page that sets one up."
)
_ALL_HAVE_ONE: Final = N_("The circle asks for a second factor from {day} on, and everybody has one.")
_OLD_KEY: Final = N_(
    "Somebody who is gone had the key of the database file, and it is still in use: with a newer copy of the file "
    "they see what rests in clear. A coordinator who belongs to every circle here, and opens the notebook, changes it."
)
_ALTERED: Final = N_(
    "The role of a member, their time or whether they belong is not what a coordinator signed: somebody altered the "
    "database. Find out who can write to it; a backup from before has it right."
)


def how_it_is_kept(workspace: Workspace, *, now: datetime | None = None, closely: bool = True) -> list[Remark]:
    """Return all remarks on a workspace, for the command and for the page."""
    signed = [remark_on_signers(circle) for circle in current().circles]
    stand = [remark_on_standings(circle) for circle in current().circles]
    asked = [one for circle in current().circles for one in _second_factors(circle)]
    return [*check_up(workspace, now=now, closely=closely), *signed, *stand, *asked, *_ways_in(workspace)]


def remark_on_standings(circle: UUID) -> Remark:
    """Say whether roles, last days and who belongs are as was signed."""
    try:
        many, lines = len(members_of(circle)), lines_of(circle)
    except DamagedSeal:
        return remark("standings", "fault", _ALTERED)
    if not lines:
        return remark("standings", "warning", _UNSIGNED)
    return remark("standings", "good", _SIGNED, many=many)


def _second_factors(circle: UUID) -> Iterator[Remark]:
    """Where the circle asks for a second factor, say how many have none."""
    try:
        day, without = rules_of(circle).second_from, len(still_without(circle))
    except DamagedSeal:
        return  # said already
    if day is not None and without:
        yield remark("second factor", "warning", _WITHOUT, day=day.isoformat(), without=without)
    elif day is not None:
        yield remark("second factor", "good", _ALL_HAVE_ONE, day=day.isoformat())


def _ways_in(workspace: Workspace) -> Iterator[Remark]:
    """Say whether ways in and keys go with who belongs here."""
    belong = set(Member.objects.filter(status__in=("active", "invited")).values_list("account", flat=True))
    try:
        strangers = set(workspace.accounts(file_key=FILE_KEY.get())) - belong
    except TejidoError:
        strangers = set()  # a workspace of the first format, or one whose records lie elsewhere
    held = [circle for circle in current().circles if newest_is_held_by_others(circle)]
    if strangers:
        yield remark(
            "slots",
            "warning",
            N_(
                "Ways in that belong to nobody who is here: {many}. A killed run may leave them; they "
                "open no record. A coordinator who opens the notebook clears them."
            ),
            many=len(strangers),
        )
    if held:
        yield remark(
            "epochs",
            "warning",
            N_(
                "Somebody who is gone once held the newest keys of the circle. A coordinator who opens the notebook "
                "makes new ones."
            ),
        )
    if workspace.exists and workspace.renewal_is_due:
        yield remark("file key", "warning", _OLD_KEY)
    if not strangers and not held:
        yield remark("epochs", "good", N_("Only those who belong here have a way in, and the newest keys."))


__all__ = ["how_it_is_kept"]
