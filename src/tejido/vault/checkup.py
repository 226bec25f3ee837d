"""What is wrong with this installation, in words, with what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tejido.domain.errors import TejidoError
from tejido.domain.words import N_, Words
from tejido.vault import journal
from tejido.vault.models import SealedRecord
from tejido.vault.workspace import Workspace

Level = Literal["good", "warning", "fault"]
_SAMPLE = 200
_LITTLE_SPACE = 500 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Remark:
    """One thing looked at: how it stands, what it means and what to do."""

    code: str
    level: Level
    message: str
    parameters: dict[str, object]

    def sentence(self, words: Words) -> str:
        """Return the remark in the language of ``words``."""
        text = words.gettext(self.message)
        return text.format(**self.parameters) if self.parameters else text


def check_up(workspace: Workspace, *, now: datetime | None = None) -> list[Remark]:
    """Look at permissions, swap, space, the database, its seals, the journal, the clock and pending upgrades."""
    moment = now or datetime.now(UTC)
    return [
        *_permissions(workspace.directory),
        *_machine(workspace.directory),
        *_database(),
        *_seals(),
        *_journal(moment),
    ]


def _remark(code: str, level: Level, message: str, **parameters: object) -> Remark:
    return Remark(code, level, message, parameters)


def _permissions(directory: Path) -> Iterator[Remark]:
    if os.name != "posix":
        return
    if stat.S_IMODE(directory.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        yield _remark(
            "permissions",
            "fault",
            N_("Other users of this machine can enter the workspace's directory. Close it: chmod 700 on it."),
        )
    else:
        yield _remark("permissions", "good", N_("Only you can enter the workspace's directory."))


def _machine(directory: Path) -> Iterator[Remark]:
    swaps = Path("/proc/swaps")
    if swaps.is_file():
        lines = swaps.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
        open_swap = [line for line in lines if "zram" not in line and "/dm-" not in line]
        if open_swap:
            yield _remark(
                "swap",
                "warning",
                N_("This machine writes memory to a disk that may be in clear: keys could land there. Turn swap off."),
            )
        else:
            yield _remark("swap", "good", N_("Memory is not written to an unencrypted disk."))
    free = shutil.disk_usage(directory).free
    if free < _LITTLE_SPACE:
        yield _remark(
            "space",
            "warning",
            N_("Only {megabytes} MB are free on this disk. Make room before bringing in a list."),
            megabytes=free // (1024 * 1024),
        )
    else:
        yield _remark("space", "good", N_("There is room on the disk."))


def _database() -> Iterator[Remark]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield _remark(
            "upgrade",
            "warning",
            N_("The database was made by an earlier version. Make a backup; the next start upgrades it."),
        )
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cipher_integrity_check")
        torn = cursor.fetchall()
        cursor.execute("PRAGMA quick_check")
        answer = cursor.fetchone()
    if torn or not answer or answer[0] != "ok":
        yield _remark(
            "database", "fault", N_("The database file is damaged. Stop working in it and restore the last backup.")
        )
    else:
        yield _remark("database", "good", N_("The database file is whole and encrypted."))


def _seals() -> Iterator[Remark]:
    """Open every sealed value of a sample of each kind of record, the newest first."""
    opened = broken = 0
    for model in apps.get_models():
        if not issubclass(model, SealedRecord):
            continue
        for record in model._default_manager.order_by("-stamp")[:_SAMPLE]:
            opened += 1
            try:
                record.open_all()
            except TejidoError:
                broken += 1
    if broken:
        yield _remark(
            "seals",
            "fault",
            N_("{broken} of {opened} records looked at do not open: they were altered. Restore the last backup."),
            broken=broken,
            opened=opened,
        )
    else:
        yield _remark("seals", "good", N_("All {opened} records looked at open."), opened=opened)


def _journal(now: datetime) -> Iterator[Remark]:
    try:
        lines = journal.verify()
    except TejidoError:
        yield _remark(
            "journal",
            "fault",
            N_("The journal was altered: a line was changed, taken out or put in. Find out who had the file."),
        )
        return
    yield _remark("journal", "good", N_("The journal is whole: {lines} lines."), lines=lines)
    last = journal.last_entry()
    if last is not None and datetime.fromisoformat(str(journal.body_of(last)["at"])) > now:
        yield _remark(
            "clock", "fault", N_("The clock is behind the last thing written here. Set it right before you go on.")
        )
