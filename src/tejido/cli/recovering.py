"""``tejido recovery new``: a key on paper that brings a backup back without any passphrase."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

_LONGEST = 64 * 1024
_THERE = N_("There is a file of that name already. Nothing was changed; choose another name.")


@needs("manage members")
def new(options: argparse.Namespace, telling: Telling) -> None:
    """Make a recovery key and write its words, once, to a sheet."""
    if options.out.exists():
        raise BadInput(_THERE)
    workspace = prepare(options.dir)
    _ = telling.words.gettext
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=_("Passphrase:"))
    from tejido.vault.files import new_private

    with opened(workspace, phrase) as (_master, by), new_private(options.out) as sheet:
        from tejido.circles.recovering import new_recovery_key

        try:
            words = new_recovery_key(by=by, name=_("Recovery key"))
            sheet.write(_sheet(words).encode())
            sheet.flush()
            os.fsync(sheet.fileno())
        except BaseException:
            options.out.unlink(missing_ok=True)
            raise
    telling.document({"sheet": str(options.out)})
    telling.say(
        _(
            "The words of the recovery key are in {file}, and nowhere else. Write them on paper, keep it away from "
            "this machine, and destroy the file. Backups made from now on open with it."
        ).format(file=options.out)
    )


def words_of(*sheets: Path) -> str:
    """Return the words on one sheet or several; numbers before them do not matter."""
    found = []
    for sheet in sheets:
        with sheet.open(encoding="utf-8-sig") as file:
            found.append(file.read(_LONGEST))
    return "\n".join(found)


def _sheet(words: str) -> str:
    return "".join(f"{place:2}  {word}\n" for place, word in enumerate(words.split(), start=1))
