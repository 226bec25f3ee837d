"""``tejido erase``: a dossier is erased for good, once whoever asks was told what goes and said so in a word."""

from __future__ import annotations

import argparse
import sys

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_

#: What is typed to say that it is meant.
_WORD = N_("erase")
_NOT_MEANT = N_("The word was not given, so nothing was erased. Give it with --confirm, or type it when asked.")


@needs("erase")
def erase(options: argparse.Namespace, telling: Telling) -> None:
    """Erase the dossier of an actor or an incident: its records go, and its key is destroyed."""
    workspace = prepare(options.dir)
    _ = telling.words.gettext
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=_("Passphrase:"))
    with opened(workspace, phrase) as (_master, by):
        from tejido.incidents.evidence_actions import files_of
        from tejido.vault.erasure import erase_dossier, what_goes
        from tejido.vault.uploads import workspace_files

        root, hanging = what_goes(options.id, by=by)
        if root._meta.model_name != options.what:
            raise NotFound
        goes, naming = sum(hanging.counts().values()), len(hanging.naming())
        telling.say(
            _(
                "This erases {records} records for good; {naming} records of other dossiers that name it will name "
                "nobody. Backups that were carried away keep what they hold."
            ).format(records=goes, naming=naming)
        )
        if not _is_meant(options.confirm, telling):
            raise BadInput(_NOT_MEANT)
        files = files_of([options.id])
        done = erase_dossier(options.id, by=by)
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


def _is_meant(given: str, telling: Telling) -> bool:
    word = telling.words.gettext(_WORD)
    if not given and sys.stdin.isatty():
        given = input(telling.words.gettext("Type “{word}” to go on:").format(word=word) + " ")
    return given.strip().casefold() in {word.casefold(), _WORD}
