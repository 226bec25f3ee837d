"""``tejido erase``: dossiers are erased for good, once whoever asks was told what goes and said so in a word."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING
from uuid import UUID

from tejido.cli.leaving import WAITS
from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_

if TYPE_CHECKING:
    from tejido.circles.models import Approval
    from tejido.vault.journal import By

#: What is typed to say that it is meant.
_WORD = N_("erase")
_WHY = N_(
    "Several dossiers are erased with a second person, and there are others in the circle. Nothing was erased. Say "
    "why it has to be with --reason."
)
_NOT_MEANT = N_("The word was not given, so nothing was erased. Give it with --confirm, or type it when asked.")


@needs("erase")
def erase(options: argparse.Namespace, telling: Telling) -> int:
    """Erase dossiers of actors or incidents: their records go, and their keys are destroyed.

    Several at once need a second person, where there is one to ask.
    """
    workspace = prepare(options.dir)
    _, ids = telling.words.gettext, list(dict.fromkeys(options.id))
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=_("Passphrase:"))
    with opened(workspace, phrase) as (_master, by):
        from tejido.circles.approvals import erase_together, others_who_may_approve
        from tejido.incidents.evidence_actions import files_of
        from tejido.vault.uploads import workspace_files

        naming = _told_what_goes(options, ids, by, telling)
        if len(ids) > 1 and options.approval is None and others_who_may_approve(by):
            return _ask(options, ids, by, telling)
        approval = _approval(options, by)
        if not _is_meant(options.confirm, telling):
            raise BadInput(_NOT_MEANT)
        files = files_of(ids)
        done = erase_together(by=by, dossiers=ids, approval=approval)
        # Without the key nobody opens them any more; their bytes need not stay either.
        for sealed in files:
            workspace_files().discard(sealed)
    telling.document(
        {
            "records": done.records, "named_by": naming,
            "backups_struck": done.backups.struck, "backups_out_of_reach": done.backups.out_of_reach,
        }
    )  # fmt: skip
    telling.say(
        _(
            "Erased. Its key was struck out of {struck} backups; {missed} backups made here are no longer where they "
            "were made, and keep it."
        ).format(struck=done.backups.struck, missed=done.backups.out_of_reach)
    )
    return 0


def _told_what_goes(options: argparse.Namespace, ids: list[UUID], by: By, telling: Telling) -> int:
    """Say what would go; return how many records of other dossiers name it. ``NotFound`` for another kind."""
    from tejido.vault.erasure import what_goes

    goes = naming = 0
    for one in ids:
        root, hanging = what_goes(one, by=by)
        if root._meta.model_name != options.what:
            raise NotFound
        goes, naming = goes + sum(hanging.counts().values()), naming + len(hanging.naming())
    telling.say(
        telling.words.gettext(
            "This erases {records} records for good; {naming} records of other dossiers that name it will name "
            "nobody. Backups that were carried away keep what they hold."
        ).format(records=goes, naming=naming)
    )
    return naming


def _approval(options: argparse.Namespace, by: By) -> Approval | None:
    from tejido.circles.approvals import approval_by_id

    return approval_by_id(options.approval, by=by) if options.approval is not None else None


def _ask(options: argparse.Namespace, ids: list[UUID], by: By, telling: Telling) -> int:
    """Ask a second person for exactly these dossiers; nothing is erased yet."""
    from tejido.circles.approvals import ask_to_erase

    if not options.reason.strip():
        raise BadInput(_WHY)
    asked = ask_to_erase(by=by, dossiers=ids, reason=options.reason)
    until = asked.statement["until"]
    telling.document(
        {"action": "erase", "approval": str(asked.pk), "status": asked.status, "until": until, "dossiers": len(ids)}
    )
    telling.say(
        telling.words.gettext(
            "A second person has to look at this first; nothing was erased yet. They say: tejido approve {id}. "
            "Then erase the same dossiers with --approval {id}, before {until}."
        ).format(id=asked.pk, until=until[:16].replace("T", " ") + " UTC")
    )
    return WAITS


def _is_meant(given: str, telling: Telling) -> bool:
    word = telling.words.gettext(_WORD)
    if not given and sys.stdin.isatty():
        given = input(telling.words.gettext("Type “{word}” to go on:").format(word=word) + " ")
    return given.strip().casefold() in {word.casefold(), _WORD}
