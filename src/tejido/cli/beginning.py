"""``tejido init``, ``demo`` and ``serve``: making a workspace and opening it to a browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from tejido.cli.asking import asking
from tejido.cli.opening import DEMO_MARK, opened, passphrase_from, prepare
from tejido.cli.policies import open_command
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.workspace import Workspace


@open_command("a workspace is made: there is nobody in it yet")
def init(options: argparse.Namespace, telling: Telling) -> None:
    """Create an encrypted workspace with its circle."""
    _ = telling.words.gettext
    workspace = Workspace(options.dir.resolve())
    _refuse_taken(workspace)
    phrase = passphrase_from(
        options.passphrase_file, workspace.directory, prompt=_("New passphrase:"), confirm=_("Once more:")
    )
    _create(workspace, phrase, circle=options.circle or _("Our circle"), database=options.database)
    telling.document({"directory": str(workspace.directory)})
    telling.say(_("The workspace is in {directory}. Only the passphrase opens it.").format(directory=options.dir))


@open_command("a demonstration is made and served: its data is published")
def demo(options: argparse.Namespace, telling: Telling) -> None:
    """Create a workspace with the published Chilean list, once, and serve it."""
    _ = telling.words.gettext
    workspace = Workspace(options.dir.resolve())
    if not workspace.exists:
        _make_demo(workspace, options.passphrase_file, telling)
    elif not (workspace.directory / DEMO_MARK).is_file():
        raise BadInput(
            N_("There is a workspace here that is not a demonstration. Nothing was changed; name another directory.")
        )
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=_("Passphrase:"))
    _fill_demo(prepare(options.dir), phrase, telling)
    if options.no_serve:
        telling.document({"directory": str(workspace.directory)})
        telling.say(_("The demonstration is in {directory}.").format(directory=options.dir))
        return
    _serve(workspace, options.port, telling, passphrase=phrase)


@open_command("each page that is served asks for itself")
def serve(options: argparse.Namespace, telling: Telling) -> None:
    """Serve the workspace to a browser on this machine; the first visit of a new one sets it up."""
    workspace = prepare(options.dir)
    phrase = None
    if options.passphrase_file is not None:
        phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt="")
    _serve(workspace, options.port, telling, passphrase=phrase)


def _create(workspace: Workspace, phrase: str, *, circle: str, database: str | None = None) -> None:
    who = asking()
    master = workspace.create(phrase, handle=who.handle, key_file=who.key_file, database=database)
    prepare(workspace.directory)
    from tejido.circles.actions import found_circle
    from tejido.vault.keyring import FILE_KEY
    from tejido.vault.schema import bring_up_to_date

    FILE_KEY.put(master.file_key)
    try:
        bring_up_to_date()
        found_circle(name=circle, member_name="", master=master)
    except BaseException:
        workspace.unmake()  # half a workspace would stand in the way of the next try
        raise


def _make_demo(workspace: Workspace, file: Path | None, telling: Telling) -> None:
    """Create the demonstration's workspace; a passphrase of its own lies beside it, since its data is published."""
    from tejido.vault.passphrase import six_words

    phrase = passphrase_from(file, workspace.directory, prompt="") if file else six_words(telling.lang)
    _create(workspace, phrase, circle=telling.words.gettext("Demonstration"))
    mark = workspace.directory / DEMO_MARK
    mark.touch(mode=0o600)
    if file is None:
        mark.write_text(phrase + "\n", encoding="utf-8")
        telling.say(
            telling.words.gettext(
                "A demonstration with published data; its passphrase lies beside it. Put no real record here."
            )
        )


def _fill_demo(workspace: Workspace, phrase: str, telling: Telling) -> None:
    """Bring the list in, unless it is there: a run that was cut off left nothing of it."""
    with (
        opened(workspace, phrase) as (_, by),
        telling.progress(telling.words.gettext("Bringing in the list")) as progress,
    ):
        from django.utils import translation

        from tejido.demo.loading import is_loaded, load_demo

        if not is_loaded(by=by):
            with translation.override(telling.lang):
                load_demo(by=by, progress=progress)


def _refuse_taken(workspace: Workspace) -> None:
    if workspace.exists:
        raise BadInput(N_("There is already a workspace here. Nothing was changed; choose another directory."))


def _serve(workspace: Workspace, port: int, telling: Telling, *, passphrase: str | None) -> None:
    from tejido.cli.serving import serve_forever

    serve_forever(workspace, port, telling, passphrase=passphrase)
