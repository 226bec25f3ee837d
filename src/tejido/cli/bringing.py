"""``tejido import``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_, Words

if TYPE_CHECKING:
    from tejido.exchange.reports import Report


@needs("bring in")
def bring(options: argparse.Namespace, telling: Telling) -> None:
    """Bring in a list, preview it, or take an import back."""
    _refuse_unclear(options)
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by), telling.progress(telling.words.gettext("Rows")) as progress:
        from tejido.exchange import actions
        from tejido.readings.warming import catch_up_lists

        if options.undo:
            report = actions.undo_import(by=by, import_id=UUID(options.undo), force=options.force)
        elif options.mapping is None:
            report = actions.import_export(by=by, path=options.file)
        else:
            act = actions.preview_import if options.preview else actions.run_import
            report = act(
                by=by,
                path=options.file,
                file_name=options.file.name,
                mapping_text=options.mapping.read_text(encoding="utf-8-sig"),
                beside=[options.mapping.parent],
                progress=progress,
            )
        if not options.preview:
            # Now, so that the first page after a large import does not wait for it.
            catch_up_lists()
    telling.document(report.as_json(telling.words))
    for sentence in _sentences(report, telling.words):
        telling.say(sentence)


def _sentences(report: Report, words: Words) -> Iterator[str]:
    """Say what came of an import: what was made of each kind, then what was refused and why."""
    for kind, counts in report.by_kind().items():
        told = words.gettext("{kind}: {created} new, {matched} known, {updated} corrected, {refused} refused")
        yield told.format(kind=kind, **counts)
    for note in report.notes:
        yield note.text(words)
    for row in report.refused:
        yield words.gettext("Row {row}: {reason}").format(row=row.number, reason=row.reason.text(words))
    if report.import_id:
        yield words.gettext("The import's id, to undo it: {id}").format(id=report.import_id)


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
