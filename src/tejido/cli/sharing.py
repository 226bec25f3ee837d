"""``tejido share``, ``tejido unshare`` and ``tejido list shared``: dossiers that another circle reads for a time."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from uuid import UUID

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_, Words
from tejido.vault.workspace import Workspace

_NO_DAY = N_("This is not a day. Give it as in 2026-12-31.")


def add_sharing(
    command: Callable[[str, str], argparse.ArgumentParser], words: Words, as_id: Callable[[str], UUID]
) -> None:
    """What can be typed after ``tejido share`` and ``tejido unshare``."""
    _ = words.gettext
    share = command("share", _("Let another circle read the dossier of an actor or an incident, for a time."))
    share.add_argument("id", type=as_id, metavar="ID", help=_("its id, as the list command prints it"))
    share.add_argument(
        "--with", dest="sign", metavar="SIGN", required=True,
        help=_("the other circle's sign, or its id: tejido circle list prints it there"),
    )  # fmt: skip
    share.add_argument("--until", required=True, metavar="DAY", help=_("the last day on which they may read it"))
    share.add_argument("--why", required=True, metavar="WORDS", help=_("why it is shared; they read it too"))
    share.add_argument(
        "--decision", type=as_id, metavar="ID",
        help=_("the decision of the group whose dossier it is; without it, the newest on sharing that holds"),
    )  # fmt: skip
    unshare = command("unshare", _("Take a shared dossier back."))
    unshare.add_argument("id", type=as_id, metavar="ID", help=_("the dossier's id"))
    unshare.add_argument("--with", dest="sign", metavar="SIGN", help=_("only from this circle"))


@needs("take out")
def share(options: argparse.Namespace, telling: Telling) -> None:
    """Let another circle read a dossier."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_master, by):
        from tejido.protection.sharing import share_under_decision

        until, decision = _day(options.until), options.decision
        grant = share_under_decision(
            options.id, by=by, sign=options.sign, until=until, why=options.why, decision=decision
        )
        telling.document({"id": str(grant.pk), "circle": str(grant.to_circle)})
    telling.say(telling.words.gettext("The other circle can read it now. What they have read cannot be unread."))


@needs("take out")
def unshare(options: argparse.Namespace, telling: Telling) -> None:
    """Take a dossier back, from every circle or from one."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_master, by):
        from tejido.circles.sharing import standing, stop_sharing

        named = str(options.sign or "").partition("/")[0].strip().lower()
        grants = [one for one in standing(by.circle_id).filter(shared=options.id) if named in {"", str(one.to_circle)}]
        if not grants:
            raise NotFound(N_("This dossier is not shared so. Nothing was changed; see tejido list shared."))
        for one in grants:
            stop_sharing(one.pk, by=by)
    telling.document({"ended": len(grants)})
    telling.say(telling.words.gettext("The other circle can open it no more. What somebody has read stays read."))


def list_shared(options: argparse.Namespace, telling: Telling) -> None:
    """Print what others share with the circle and what it shares."""
    workspace, phrase = _asked(options, telling)
    with opened(workspace, phrase) as (_master, by):
        from tejido.circles.sharing import shared_by, shared_with

        found = [("in", one) for one in shared_with(by.circle_id)] + [("out", one) for one in shared_by(by.circle_id)]
        rows: list[dict[str, object]] = [
            {
                "id": str(one.dossier),
                "way": way,
                "kind": one.noun.partition(".")[2],
                "circle": str(one.circle if way == "in" else one.to_circle),
                "by": one.by,
                "until": one.until.isoformat(),
                "why": one.why,
            }
            for way, one in found
        ]
    telling.rows(rows, lambda row: f"{row['way']}  {row['id']}  {row['until']}  {row['by']}  {row['why']}")


def _asked(options: argparse.Namespace, telling: Telling) -> tuple[Workspace, str]:
    workspace = prepare(options.dir)
    prompt = telling.words.gettext("Passphrase:")
    return workspace, passphrase_from(options.passphrase_file, workspace.directory, prompt=prompt)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(_NO_DAY) from None
