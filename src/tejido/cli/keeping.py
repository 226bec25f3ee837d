"""``tejido backup``, ``restore`` and ``check``: keeping a workspace safe and well."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs, open_command
from tejido.cli.telling import Telling
from tejido.domain.errors import NotFound
from tejido.domain.words import N_
from tejido.vault.workspace import Workspace


@needs("take out")
def backup(options: argparse.Namespace, telling: Telling) -> None:
    """Write an encrypted backup that opens with the same passphrase."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target: Path = options.file or workspace.directory.parent / f"tejido-backup-{stamp}.tejido"
    with opened(workspace, phrase) as (master, _), telling.progress(telling.words.gettext("Rows")) as progress:
        from tejido.vault.backup import back_up

        kept = back_up(workspace, master, target, progress=progress)
    telling.document({"file": str(target), "rows": kept.rows, "files": kept.files, "bytes": kept.size})
    telling.say(
        telling.words.gettext(
            "The backup is in {file}. Keep it away from this machine; the passphrase opens it."
        ).format(file=target)
    )


@open_command("what the backup was sealed to opens it")
def restore(options: argparse.Namespace, telling: Telling) -> None:
    """Make a new workspace from a backup; nothing is written if one byte of it was altered."""
    if not options.file.is_file():
        raise NotFound(N_("There is no such file. Nothing was changed; check the path."))
    phrase = passphrase_from(options.passphrase_file, options.dir, prompt=telling.words.gettext("Passphrase:"))
    from tejido.vault.backup import bring_back, unlock_backup, verify_backup
    from tejido.vault.keyring import FILE_KEY

    head, master = unlock_backup(options.file, phrase)
    verify_backup(options.file, master)
    Workspace(options.dir.resolve()).create_from(head["slots"], database=options.database, master=master)
    workspace = prepare(options.dir)
    FILE_KEY.put(master.file_key)
    try:
        with telling.progress(telling.words.gettext("Rows")) as progress:
            kept = bring_back(workspace, options.file, master, progress=progress)
    except BaseException:
        workspace.unmake()
        raise
    telling.document({"rows": kept.rows, "files": kept.files})
    telling.say(telling.words.gettext("The workspace is back: {rows} rows.").format(rows=kept.rows))


@needs("own")
def check(options: argparse.Namespace, telling: Telling) -> int:
    """Say how everything stands; exit code 1 if there is a fault."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase, upgrade=False):
        from tejido.vault.checkup import check_up

        remarks = check_up(workspace)
    marks = {"good": "●", "warning": "◆", "fault": "▲"}
    telling.document(
        [
            {"check": remark.code, "level": remark.level, "sentence": remark.sentence(telling.words)}
            for remark in remarks
        ]
    )
    for remark in remarks:
        telling.say(f"{marks[remark.level]} {remark.sentence(telling.words)}")
    return int(any(remark.level == "fault" for remark in remarks))
