"""``tejido export`` and ``tejido approve``: taking everything out, with a second person where there is one to ask."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

if TYPE_CHECKING:
    from tejido.circles.models import Approval
    from tejido.exchange.exporting import ExportReport, Progress
    from tejido.vault.journal import By

#: The exit code of a command that did all it could and now waits for a second person.
WAITS = 3
_WHY = N_(
    "There are others in the circle, so a second person has to look at this first. Nothing was written. "
    "Say what it is needed for with --reason."
)


@needs("take out")
def export(options: argparse.Namespace, telling: Telling) -> int:
    """Write everything, in clear, to a ZIP; where there is somebody else to ask, ask first, then use what they say."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by), telling.progress(telling.words.gettext("Records")) as progress:
        from tejido.exchange.exporting import export_workspace
        from tejido.exchange.leaving import needs_second_person

        if options.approval is not None:
            report = _approved(options, by)
        elif needs_second_person(by):
            return _ask(options, telling, by, progress)
        else:
            report = export_workspace(by=by, out=options.out, progress=progress)
    telling.document(report.as_json())
    telling.say(
        telling.words.gettext("Everything was written to {file}. It is in clear: guard it or delete it.").format(
            file=options.out
        )
    )
    return 0


@needs("approve")
def approve(options: argparse.Namespace, telling: Telling) -> None:
    """Look at what waits for a second person; agree to one thing, or not."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.approvals import approval_by_id, give, refuse

        approval = approval_by_id(options.id, by=by)
        if not (options.show or options.refuse):
            approval = give(by=by, approval=approval)
        elif options.refuse:
            approval = refuse(by=by, approval=approval)
        statement, status = approval.statement, approval.status
        reason = _reason(approval)
    words = telling.words
    telling.document({"approval": str(options.id), "status": status, **statement, "id": str(options.id)})
    for noun, many in statement["holds"].items():
        if many:
            telling.say(f"{noun}: {many}")
    telling.say(words.gettext("Why: {reason}").format(reason=reason))
    told = {
        "approved": words.gettext("You agreed. Whoever asked can use it now, once."),
        "refused": words.gettext("You did not agree. Nothing leaves."),
    }
    telling.say(told.get(status, words.gettext("It waits; nothing was decided now.")))


def _reason(approval: Approval) -> str:
    """Return why it is asked for; of what has terms, to whom and why, as long as they are kept."""
    from tejido.circles.approvals import WITH_TERMS

    if approval.kind not in WITH_TERMS:
        return str(approval.statement["reason"])
    return " · ".join(str(approval.file[name]) for name in ("audience", "with_whom", "why") if name in approval.file)


def _approved(options: argparse.Namespace, by: By) -> ExportReport:
    from tejido.circles.approvals import approval_by_id
    from tejido.exchange.leaving import export_approved

    return export_approved(by=by, approval=approval_by_id(options.approval, by=by), out=options.out)


def _ask(options: argparse.Namespace, telling: Telling, by: By, progress: Progress | None) -> int:
    from tejido.exchange.leaving import ask_to_export, forget_old

    if not options.reason.strip():
        raise BadInput(_WHY)
    forget_old(by=by)
    asked = ask_to_export(by=by, reason=options.reason, progress=progress)
    until = asked.statement["until"]
    telling.document(
        {"action": "export", "file": None, "approval": str(asked.pk), "status": asked.status, "until": until}
    )
    telling.say(
        telling.words.gettext(
            "A second person has to look at this first; nothing was written yet. They say: tejido approve {id}. "
            "Then export again with --approval {id}, before {until}."
        ).format(id=asked.pk, until=until[:16].replace("T", " ") + " UTC")
    )
    return WAITS
