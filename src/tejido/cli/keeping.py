"""``tejido backup``, ``restore`` and ``check``: keeping a workspace safe and well."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tejido.cli.asking import asking
from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs, open_command
from tejido.cli.recovering import words_of
from tejido.cli.telling import Telling
from tejido.domain.errors import NotFound
from tejido.domain.words import N_
from tejido.vault.workspace import Master, Workspace

if TYPE_CHECKING:
    from tejido.vault.backup_reading import Backup
    from tejido.vault.remembering import Remembered


@needs("take out")
def backup(options: argparse.Namespace, telling: Telling) -> None:
    """Write an encrypted backup that opens with the same passphrase."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    target: Path = options.file or workspace.directory.parent / f"tejido-backup-{stamp}.tejido"
    with opened(workspace, phrase) as (master, _), telling.progress(telling.words.gettext("Rows")) as progress:
        from tejido.circles.recovering import recovery_keys, sealed_to
        from tejido.vault.backup import back_up

        to = recovery_keys()
        kept = back_up(workspace, master, target, progress=progress, sealed_to=sealed_to(to))
    telling.document(
        {
            "file": str(target), "rows": kept.rows, "files": kept.files, "bytes": kept.size, "keys": kept.keys,
            "recovery_keys": len(to),
        }
    )  # fmt: skip
    telling.say(
        telling.words.gettext(
            "The backup is in {file}. Keep it away from this machine; the passphrase opens it."
        ).format(file=target)
    )


@open_command("what the backup was sealed to opens it")
def restore(options: argparse.Namespace, telling: Telling) -> None:
    """Make a new workspace from a backup; nothing is written if one byte of it was altered.

    With a recovery key no passphrase is needed: the one that is given is that of whoever restores, from now on.
    """
    if not options.file.is_file():
        raise NotFound(N_("There is no such file. Nothing was changed; check the path."))
    from tejido.vault.keyring import FILE_KEY
    from tejido.vault.remembering import remembered

    backup, master, phrase = _unlocked(options, telling)
    content = backup.verified()[1]
    since = remembered(backup, content, target=options.dir, also=options.also, master=master)
    slots = backup.head.content["slots"]
    Workspace(options.dir.resolve()).create_from(slots, database=options.database, master=master)
    workspace = prepare(options.dir)
    FILE_KEY.put(master.file_key)
    from tejido.vault.backup import bring_back_from

    try:
        with telling.progress(telling.words.gettext("Rows")) as progress:
            kept = bring_back_from(workspace, backup, erased=since.digests, progress=progress)
        if phrase is not None:
            _let_in(workspace, master, phrase)
        left_out = _without_erased(master)
    except BaseException:
        workspace.unmake()
        raise
    telling.document(
        {
            "rows": kept.rows, "files": kept.files, "left_out": left_out,
            "ledgers": since.places, "unproved": since.unproved,
        }
    )  # fmt: skip
    telling.say(telling.words.gettext("The workspace is back: {rows} rows.").format(rows=kept.rows))
    _tell_of_erased(left_out, since, telling)


def _unlocked(options: argparse.Namespace, telling: Telling) -> tuple[Backup, Master, str | None]:
    """Open a backup: with a passphrase, or with a recovery key and the passphrase that is to open it from now on."""
    from tejido.vault.backup_reading import Backup, unlock_backup

    _ = telling.words.gettext
    if not options.recovery_key:
        phrase = passphrase_from(options.passphrase_file, options.dir, prompt=_("Passphrase:"))
        master = unlock_backup(options.file, phrase, handle=asking().handle, key_file=asking().key_file)[1]
        return Backup.under(options.file, master), master, None
    from tejido.vault.passphrase import refuse_weak
    from tejido.vault.recovery import unlock_with_words

    backup, master = unlock_with_words(options.file, words_of(*options.recovery_key))
    phrase = passphrase_from(
        options.passphrase_file, options.dir, prompt=_("New passphrase:"), confirm=_("Once more:")
    )
    refuse_weak(phrase)
    return backup, master, phrase


def _let_in(workspace: Workspace, master: Master, phrase: str) -> None:
    """Let whoever restored with a recovery key in, with a passphrase of their own."""
    from tejido.circles.actions import open_keyring
    from tejido.circles.recovering import become_member
    from tejido.vault.keyring import using

    workspace.add_slot(master, phrase, handle=asking().handle, key_file=asking().key_file)
    with using(open_keyring(master)):
        become_member(master)
    workspace.drop_ways(master.account, kinds=["paper"], file_key=master.file_key)


def _without_erased(master: Master) -> int:
    """Remove what came back although its dossier was erased since; return how many dossiers."""
    from tejido.circles.actions import open_keyring
    from tejido.circles.opening import member_of
    from tejido.vault.erasure import finish_erasures
    from tejido.vault.keyring import using
    from tejido.vault.models import Erasure

    many = Erasure.objects.filter(final=True).count()
    if many:
        with using(open_keyring(master)):
            finish_erasures(by=member_of(master))
    return many


def _tell_of_erased(left_out: int, since: Remembered, telling: Telling) -> None:
    """Say what was known of erasures since the backup was made, and what could not be known."""
    words = telling.words
    if left_out:
        telling.say(
            words.ngettext(
                "{count} dossier was erased after this backup was made; it was left out.",
                "{count} dossiers were erased after this backup was made; they were left out.",
                left_out,
            ).format(count=left_out)
        )
    if not since.places:
        telling.say(
            words.gettext(
                "No newer record of erasures was found beside the backup or the workspace: what was erased after the "
                "backup was made may be back. Name a newer backup or the old directory with --also, or erase it again."
            )
        )
    if since.unproved:
        telling.say(
            words.ngettext(
                "{count} line of a record of erasures is not of this workspace, or was altered; it was not followed.",
                "{count} lines of records of erasures are not of this workspace, or were altered; they were not "
                "followed.",
                since.unproved,
            ).format(count=since.unproved)
        )


@needs("own")
def check(options: argparse.Namespace, telling: Telling) -> int:
    """Say how everything stands; exit code 1 if there is a fault."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase, upgrade=False):
        from tejido.circles.keeping import how_it_is_kept

        remarks = how_it_is_kept(workspace)
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
