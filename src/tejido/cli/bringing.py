"""``tejido import`` and ``tejido export``."""

from __future__ import annotations

import argparse
from uuid import UUID

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_


def bring(options: argparse.Namespace, telling: Telling) -> None:
    """Bring in a list, preview it, or take an import back."""
    _refuse_unclear(options)
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by), telling.progress(telling.words.gettext("Rows")) as progress:
        from tejido.exchange import bringing as exchange

        if options.undo:
            report = exchange.undo_import(by=by, import_id=UUID(options.undo), force=options.force)
        elif options.mapping is None:
            report = exchange.import_export(by=by, path=options.file, progress=progress)
        else:
            act = exchange.preview_import if options.preview else exchange.run_import
            with options.file.open("rb") as stream:
                report = act(
                    by=by,
                    stream=stream,
                    file_name=options.file.name,
                    mapping_text=options.mapping.read_text(encoding="utf-8-sig"),
                    beside=options.mapping.parent,
                    progress=progress,
                )
    telling.document(report.as_json())
    telling.say("\n".join(report.sentences(telling.words)))


def export(options: argparse.Namespace, telling: Telling) -> None:
    """Write everything, in clear, to a ZIP."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by), telling.progress(telling.words.gettext("Records")) as progress:
        from tejido.exchange.exporting import export_workspace

        report = export_workspace(by=by, out=options.out, progress=progress)
    telling.document(report.as_json())
    telling.say(
        telling.words.gettext("Everything was written to {file}. It is in clear: guard it or delete it.").format(
            file=options.out
        )
    )


def _refuse_unclear(options: argparse.Namespace) -> None:
    if options.undo:
        try:
            UUID(options.undo)
        except ValueError:
            raise BadInput(N_("This is not an import's id. The import that you want to undo printed it.")) from None
        return
    if options.file is None:
        raise BadInput(N_("Name the file to bring in, or an import to take back with --undo."))
    if not options.file.is_file():
        raise NotFound(N_("There is no such file. Nothing was changed; check the path."))
    if options.mapping is None and options.file.suffix.lower() != ".zip":
        raise BadInput(N_("Say how the columns are read with --mapping. Nothing was changed."))
