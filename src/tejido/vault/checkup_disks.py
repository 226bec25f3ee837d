"""Whether what is written to a disk is encrypted below us: found from what Linux tells of its block devices.

A device counts as encrypted when it, or all that it stands on, is a mapping of dm-crypt (LUKS or plain). Where the
system does not say (another system, a container, a file system over the network) the answer is ``unknown``, never a
guess.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Kept = Literal["encrypted", "clear", "memory", "unknown"]
_IN_MEMORY: Final = {"tmpfs", "ramfs"}
_DEEPEST: Final = 8


@dataclass(frozen=True)
class Machine:
    """Where the system tells of itself; other places for tests."""

    sys: Path = Path("/sys")
    proc: Path = Path("/proc")

    def volume_of(self, path: Path) -> Kept:
        """Return how the volume that ``path`` lies on keeps what is written."""
        number = path.stat().st_dev
        return self.volume(f"{os.major(number)}:{os.minor(number)}")

    def volume(self, number: str) -> Kept:
        """Return how the volume of a device number (``major:minor``) keeps what is written."""
        device = self.sys / "dev" / "block" / number
        if device.exists():
            return self.device(device)
        kind, source = self._mounted(number)
        if kind in _IN_MEMORY:
            return "memory"
        named = self.sys / "class" / "block" / Path(source).name
        return self.device(named) if source.startswith("/dev/") and named.exists() else "unknown"

    def named(self, name: str) -> Kept:
        """Return how a block device, by its name (``dm-0``, ``sda2``), keeps what is written."""
        device = self.sys / "class" / "block" / name
        return self.device(device) if device.exists() else "unknown"

    def device(self, device: Path, depth: int = 0) -> Kept:
        """Return how a device keeps what is written, from its folder in ``/sys``."""
        if device.resolve().name.startswith("zram"):
            return "memory"
        if _text(device / "dm" / "uuid").startswith("CRYPT-"):
            return "encrypted"
        below = sorted((device / "slaves").glob("*"))
        if not below:
            # A file as a disk, or a disk of the host, is only as closed as what nobody here can see.
            return "unknown" if (device / "loop").exists() else "clear"
        if depth >= _DEEPEST:
            return "unknown"
        kept = {self.device(one, depth + 1) for one in below}
        return kept.pop() if len(kept) == 1 else "clear" if "clear" in kept else "unknown"

    def swaps(self) -> list[Kept] | None:
        """Return how each swap area keeps what is written; None where the system does not say."""
        listed = self.proc / "swaps"
        if not listed.is_file():
            return None
        return [self._swap(line.split()) for line in _text(listed).splitlines()[1:] if line.split()]

    def sleeps_to_disk(self) -> bool:
        """Say whether the machine is set up to write its whole memory to a disk when it sleeps (hibernation)."""
        resume = _text(self.sys / "power" / "resume")
        if "disk" not in _text(self.sys / "power" / "state").split() or resume in {"", "0:0"}:
            return False
        return self.volume(resume) != "encrypted"

    def _swap(self, columns: list[str]) -> Kept:
        where = Path(columns[0].replace("\\040", " "))
        if len(columns) > 1 and columns[1] == "partition":
            return self.named(where.resolve().name if where.exists() else where.name)
        try:
            return self.volume_of(where)
        except OSError:
            return "unknown"

    def _mounted(self, number: str) -> tuple[str, str]:
        """Return the kind of file system and the device of a mount, from its device number."""
        for line in _text(self.proc / "self" / "mountinfo").splitlines():
            first, _, last = line.partition(" - ")
            where, what = first.split(), last.split()
            if len(where) > 2 and where[2] == number and len(what) > 1:
                return what[0], what[1]
        return "", ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
