"""``tejido member …`` and ``tejido circle …``: who belongs to a circle, and which circles there are."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from uuid import UUID

from tejido.cli.asking import asking
from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs, open_command
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.workspace import Workspace

_NO_MEMBER = N_("This is not a member's id. List the members to find it: tejido member list.")
_NO_DAY = N_("This is not a day. Give it as in 2026-12-31.")
_NO_CODE = N_("A code to join is needed. Give a file whose first line it is with --code-file.")


@needs("manage members")
def invite(options: argparse.Namespace, telling: Telling) -> None:
    """Let somebody join; the code is printed once."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.membership import invite_member

        made = invite_member(
            by=by, workspace=workspace, name=options.name, role=options.role, until=_day(options.until),
            today=_today(), lang=telling.lang,
        )  # fmt: skip
        telling.document({"id": str(made.member.pk), "code": made.code, "join_by": made.member.terms["join_by"]})
    telling.say(telling.words.gettext("The code, this once; say it or write it on paper:"))
    telling.say(f"\n    {made.code}\n")


@open_command("whoever joins has no passphrase yet; the code is asked")
def join(options: argparse.Namespace, telling: Telling) -> None:
    """Join with a code; the passphrase given is the new one, or with --has-account one's own."""
    workspace = prepare(options.dir)
    if options.code_file is None and not sys.stdin.isatty():
        raise BadInput(_NO_CODE)
    code = passphrase_from(options.code_file, workspace.directory / "-", prompt=telling.words.gettext("Code:"))
    once_more = None if options.has_account else telling.words.gettext("Once more:")
    phrase = passphrase_from(
        options.passphrase_file,
        workspace.directory / "-",
        prompt=telling.words.gettext("Passphrase:"),
        confirm=once_more,
    )
    from tejido.circles.membership import join_circle, opened_by
    from tejido.circles.opening import bring_up_to_date
    from tejido.vault.keyring import FILE_KEY

    try:
        FILE_KEY.put(opened_by(workspace, code).file_key)
        bring_up_to_date()
        who = asking()
        joined = join_circle(
            workspace=workspace, code=code, passphrase=phrase, handle=who.handle, key_file=who.key_file,
            has_account=options.has_account, today=_today(),
        )  # fmt: skip
    finally:
        FILE_KEY.drop()
    telling.document({"id": str(joined.member.pk), "circle": str(joined.member.circle_id)})
    telling.say(telling.words.gettext("Welcome. You belong to the circle now; the code is used up."))


@needs("manage members")
def remove(options: argparse.Namespace, telling: Telling) -> None:
    """Let a member go, or take an invitation back."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.membership import remove_member

        gone = remove_member(by=by, workspace=workspace, member_id=_member(options.id))
    telling.document({"id": str(gone.pk)})
    telling.say(telling.words.gettext("They find no way in any more, and the circle has new keys."))


@needs("manage members")
def role(options: argparse.Namespace, telling: Telling) -> None:
    """Give a member another role."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.membership import change_role

        changed = change_role(
            by=by, member_id=_member(options.id), role=options.role, until=_day(options.until), today=_today()
        )
        telling.document({"id": str(changed.pk), "role": changed.role})
    telling.say(telling.words.gettext("The role was changed. It holds from their next page on."))


@needs("own")
def members(options: argparse.Namespace, telling: Telling) -> None:
    """List who belongs to the circle."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.standings import members_of

        here = [one for one in members_of(by.circle_id) if one.status in {"active", "invited"}]
        rows: list[dict[str, object]] = [
            {
                "id": str(one.pk),
                "name": one.name,
                "role": one.role,
                "status": one.status,
                "until": one.terms.get("until"),
            }
            for one in here
        ]
    telling.rows(rows, lambda row: f"{row['id']}  {row['role']}  {row['status']}  {row['name']}")


@needs("manage members")
def new_circle(options: argparse.Namespace, telling: Telling) -> None:
    """Found one more circle in the workspace."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.actions import found_another_circle

        there = found_another_circle(by=by, name=options.name)
    telling.document({"circle": str(there.circle_id), "member": str(there.pk)})
    telling.say(
        telling.words.gettext("The circle was founded. Work in it with --work-in {id}.").format(id=there.circle_id)
    )


@needs("own")
def circles(options: argparse.Namespace, telling: Telling) -> None:
    """List the circles of whoever asks."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (master, _):
        from tejido.circles.actions import memberships_of
        from tejido.circles.models import Circle
        from tejido.circles.sharing import sign_of

        rows: list[dict[str, object]] = [
            {
                "circle": str(one.circle_id),
                "name": Circle.objects.get(pk=one.circle_id).name,
                "role": one.role,
                "sign": sign_of(one.circle_id),
            }
            for one in memberships_of(master.account, today=_today())
        ]
    telling.rows(rows, lambda row: f"{row['sign']}  {row['role']}  {row['name']}")


def _asked(options: argparse.Namespace, telling: Telling) -> tuple[Workspace, str]:
    workspace = prepare(options.dir)
    prompt = telling.words.gettext("Passphrase:")
    return workspace, passphrase_from(options.passphrase_file, workspace.directory, prompt=prompt)


def _today() -> date:
    return datetime.now(UTC).date()


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(_NO_DAY) from None


def _member(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(_NO_MEMBER) from None
