"""The process in which files that others made are taken apart: ``python -m tejido.vault.confined TASK KIND``.

It reads the file from standard input and writes one line of JSON and then the content to standard output. It has no
key and no settings, may make no file, and ends when it takes too much memory or time. It knows nothing of Django.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Final

from tejido.vault.process import guard_process

#: Bytes of memory, seconds of work.
MOST_MEMORY: Final = 1536 * 1024**2
MOST_WORK: Final = 60


def main(task: str, media: str) -> int:
    """Do one task; return 0 when the answer, also one that refuses, was written."""
    guard_process()
    _bound()
    content = sys.stdin.buffer.read()
    try:
        says, made = _done(task, media, content)
    except MemoryError:
        says, made = {"refused": "too_much"}, b""
    sys.stdout.buffer.write(json.dumps({**says, "size": len(made)}).encode() + b"\n" + made)
    return 0


def _done(task: str, media: str, content: bytes) -> tuple[dict[str, object], bytes]:
    from tejido.vault.stripping_kinds import Refused, stripped, thumbnail

    try:
        if task == "preview":
            return {}, thumbnail(content, media)
        clean = stripped(content, media)
    except Refused as refused:
        return {"refused": refused.code}, b""
    return {"media": clean.media, "removed": sorted(clean.removed), "remains": sorted(clean.remains)}, clean.content


def _bound() -> None:
    """Set the bounds; a machine without them (not POSIX) still has those of whoever started this."""
    with contextlib.suppress(ImportError):
        import resource

        for what, most in (
            (resource.RLIMIT_AS, MOST_MEMORY),
            (resource.RLIMIT_CPU, MOST_WORK),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_NPROC, 0),
        ):
            with contextlib.suppress(OSError, ValueError):
                resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
