"""``tejido circle guardians``, ``travel`` and ``sessions``: ways back in, closing one's own, ending what is open."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.workspace import Workspace

if TYPE_CHECKING:
    from tejido.circles.models import Guardians, Member, Recovery
    from tejido.circles.policies import Worker
    from tejido.vault.slots import Master

#: What is typed to say that it is meant; as on the page.
_MEANT = N_("close my account")
_NOT_MEANT = N_("The words were not given, so nothing was closed. Give them with --confirm, or type them when asked.")
_NO_NUMBER = N_("A guardian begins with a number that they heard. Nothing was changed; give it with --number.")


@needs("own")
def guardians(options: argparse.Namespace, telling: Telling) -> None:
    """Show who guards whom and who is on their way back; choose, begin, agree or stop."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (master, by):
        _act(options, workspace, master, by)
        told = _told(by)
    telling.document(told)
    _say(told, telling)


@needs("own")
def travel(options: argparse.Namespace, telling: Telling) -> None:
    """Close one's own ways in: from then on only guardians bring one back."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (master, by):
        from tejido.circles.travel import close_own_ways

        if not _is_meant(options.confirm, telling):
            raise BadInput(_NOT_MEANT)
        close_own_ways(by=_worker(by), workspace=workspace, master=master)
    telling.document({"closed": True})
    telling.say(telling.words.gettext("Your passphrase and your recovery code open nothing any more."))


@needs("manage members")
def sessions(options: argparse.Namespace, telling: Telling) -> None:
    """Say how many sessions are open, of everybody; with --end, end them all."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_master, by):
        from tejido.circles.sessions_open import end_every_session, open_everywhere

        many = open_everywhere()
        if options.end:
            end_every_session(by=by)
    telling.document({"sessions": many, "ended": many if options.end else 0})
    words = telling.words
    telling.say(words.ngettext("{count} session is open.", "{count} sessions are open.", many).format(count=many))
    if options.end:
        telling.say(words.gettext("They were ended: everybody types their passphrase anew."))


def _act(options: argparse.Namespace, workspace: Workspace, master: Master, by: Member) -> None:
    from tejido.circles import guardians as acts

    if options.choose:
        acts.choose_guardians(
            by=by, workspace=workspace, master=master, members=options.choose, needed=options.needed,
            hours=options.hours,
        )  # fmt: skip
    elif options.begin:
        if not options.number:
            raise BadInput(_NO_NUMBER)
        acts.begin_recovery(by=by, number=options.number, member=options.begin)
    elif options.agree:
        acts.approve_recovery(by=by, recovery_id=options.agree, master=master)
    elif options.stop:
        acts.stop_recovery(by=by, recovery_id=options.stop)


def _told(by: Member) -> dict[str, object]:
    from tejido.circles.guardians import guarded_by, guardians_of, members_of, under_way

    mine = guardians_of(by.pk)
    return {
        "guardians": [{"id": str(one.pk), "name": one.name} for one in members_of(mine)] if mine else [],
        "needed": mine.terms["needed"] if mine else 0,
        "hours": mine.terms["hours"] if mine else 0,
        "guarded": [_whom(one) for one in guarded_by(by)],
        "under_way": [_on_the_way(one) for one in under_way(by.circle_id)],
    }


def _whom(chosen: Guardians) -> dict[str, object]:
    return {"id": str(chosen.member_id), "name": chosen.member.name}


def _on_the_way(recovery: Recovery) -> dict[str, object]:
    from tejido.circles.guardians import given_to, hours_left

    return {
        "id": str(recovery.pk),
        "name": recovery.guardians.member.name,
        "hours_left": max(0.0, round(hours_left(recovery), 1)),
        "agreed": len(given_to(recovery)),
    }


def _say(told: dict[str, object], telling: Telling) -> None:
    _ = telling.words.gettext
    headings = {"guardians": _("My guardians:"), "guarded": _("I guard:"), "under_way": _("On their way back:")}
    for part, heading in headings.items():
        found = told[part]
        telling.say(heading)
        for one in found if isinstance(found, list) else []:
            telling.say("  " + "  ".join(str(value) for value in one.values()))
        if not found:
            telling.say("  " + _("nobody"))


def _worker(by: Member) -> Worker:
    from tejido.circles.policies import Worker

    return Worker(by.pk, by.circle_id, role=by.role, account=by.account, until=by.until)


def _is_meant(given: str, telling: Telling) -> bool:
    words = telling.words.gettext(_MEANT)
    if not given and sys.stdin.isatty():
        given = input(telling.words.gettext("Type “{word}” to go on:").format(word=words) + " ")
    return " ".join(given.casefold().split()) in {words.casefold(), _MEANT}


def _asked(options: argparse.Namespace, telling: Telling) -> tuple[Workspace, str]:
    workspace = prepare(options.dir)
    prompt = telling.words.gettext("Passphrase:")
    return workspace, passphrase_from(options.passphrase_file, workspace.directory, prompt=prompt)
