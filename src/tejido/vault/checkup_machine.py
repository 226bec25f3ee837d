"""What the machine does around a workspace: who may read its files, where memory and files land, what lies about."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings

from tejido.domain.words import N_
from tejido.vault.checkup_disks import Kept, Machine
from tejido.vault.checkup_remarks import Level, Remark, remark

_LITTLE_SPACE: Final = 500 * 1024 * 1024  # bytes
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
#: Holds the passphrase of a demonstration (see the command that makes one).
_DEMONSTRATION: Final = "demonstration"
#: What a process that was killed may leave; younger ones may still be at work.
_LEFT_BEHIND: Final = ("workspace.new", "*.part")
_STILL_AT_WORK: Final = 3600  # seconds

_DISK: Final[dict[Kept, tuple[Level, str]]] = {
    "encrypted": ("good", N_("The disk is encrypted below the workspace.")),
    "memory": (
        "warning",
        N_("The workspace lies in memory, not on a disk: it is gone when the machine stops. Back up elsewhere."),
    ),
    "clear": (
        "warning",
        N_(
            "The disk is not encrypted: who takes the machine sees that there is a notebook, and what other programs "
            "wrote of it. Encrypt the whole disk (LUKS) when the system is next installed."
        ),
    ),
    "unknown": (
        "warning",
        N_("Whether the disk is encrypted cannot be seen from here. Ask whoever set up the machine."),
    ),
}


def remarks(directory: Path, *, now: datetime, machine: Machine | None = None) -> Iterator[Remark]:
    """Look at permissions, swap, sleep, the disk, room on it, what lies about, and who may reach the program."""
    seen = machine or Machine()
    yield from _permissions(directory)
    yield from _memory(seen)
    yield _disk(directory, seen)
    yield _space(directory)
    yield from _lying_about(directory, now)
    yield from _reach()


def _permissions(directory: Path) -> Iterator[Remark]:
    if os.name != "posix":
        return
    found = directory.stat()
    readable = [one for one in directory.iterdir() if one.is_file() and stat.S_IMODE(one.stat().st_mode) & _OTHERS]
    if stat.S_IMODE(found.st_mode) & _OTHERS:
        yield remark(
            "permissions",
            "fault",
            N_("Other users of this machine can enter the workspace's directory. Close it: chmod 700 on it."),
        )
    elif readable:
        yield remark(
            "permissions",
            "warning",
            N_("Files that others could read if the workspace's directory opened: {many}. Close them: chmod 600."),
            many=len(readable),
        )
    else:
        yield remark("permissions", "good", N_("Only you can enter the workspace's directory."))
    if found.st_uid != os.geteuid():
        yield remark(
            "owner",
            "warning",
            N_("The workspace belongs to another user of this machine. Run Tejido as that user, or give it to yours."),
        )


def _memory(machine: Machine) -> Iterator[Remark]:
    areas = machine.swaps()
    if areas is not None and any(area in {"clear", "unknown"} for area in areas):
        yield remark(
            "swap",
            "warning",
            N_("This machine writes memory to a disk that may be in clear: keys could land there. Turn swap off."),
        )
    elif areas is not None:
        yield remark("swap", "good", N_("Memory is not written to an unencrypted disk."))
    if machine.sleeps_to_disk():
        yield remark(
            "sleep",
            "warning",
            N_(
                "When this machine sleeps deeply it writes all of its memory to a disk in clear, keys with it. Turn "
                "hibernation off, and lock the notebook before closing the lid."
            ),
        )


def _disk(directory: Path, machine: Machine) -> Remark:
    level, message = _DISK[machine.volume_of(directory)]
    return remark("disk", level, message)


def _space(directory: Path) -> Remark:
    free = shutil.disk_usage(directory).free
    if free >= _LITTLE_SPACE:
        return remark("space", "good", N_("There is room on the disk."))
    return remark(
        "space",
        "warning",
        N_("Only {megabytes} MB are free on this disk. Make room before bringing in a list."),
        megabytes=free // (1024 * 1024),
    )


def _lying_about(directory: Path, now: datetime) -> Iterator[Remark]:
    left = [
        one
        for pattern in _LEFT_BEHIND
        for one in directory.glob(pattern)
        if now.timestamp() - one.stat().st_mtime > _STILL_AT_WORK
    ]
    if left:
        yield remark(
            "leftovers",
            "warning",
            N_(
                "Files that a killed run left in the workspace: {many}. They are encrypted and of no use: "
                "delete those whose names end in .new or .part."
            ),
            many=len(left),
        )
    if (directory / _DEMONSTRATION).is_file():
        yield remark(
            "demonstration",
            "warning",
            N_(
                "This is a demonstration, with its passphrase beside it: it protects nothing. Put no real record here."
            ),
        )


def _reach() -> Iterator[Remark]:
    """Say whether the names under which others reach the program are reached through encryption."""
    named = [host for host in settings.ALLOWED_HOSTS if host not in {"localhost", "127.0.0.1", "[::1]", "testserver"}]
    clear = [host for host in named if not host.endswith(".onion")]
    if clear and not settings.SESSION_COOKIE_SECURE:
        yield remark(
            "https",
            "fault",
            N_(
                "Others reach this program by a name (TEJIDO_HOSTS) without encryption: whoever watches the network "
                "reads passphrases. Put https in front and set TEJIDO_HTTPS=1, or serve an onion address."
            ),
        )
    if "*" in named or any(host.startswith(".") for host in named):
        yield remark("hosts", "fault", N_("TEJIDO_HOSTS lets any name in. Name the one address by which people come."))
