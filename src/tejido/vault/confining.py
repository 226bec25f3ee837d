"""Files that others made are taken apart in a process of their own, which holds no key and may write nothing.

The content goes in through a pipe and comes back through a pipe. The process has bounds of memory and time and may
make no file (``confined``). With bubblewrap it sees, besides, no network, no home and no workspace.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, BinaryIO, Final

import tejido
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

#: The largest file that is taken apart, and the largest that may come back, in bytes.
LARGEST: Final = 64 * 1024 * 1024
MOST_BACK: Final = 2 * LARGEST
#: Seconds until a process that does not answer is ended.
PATIENCE: Final = 90.0
_CHUNK: Final = 64 * 1024
_MODULE: Final = "tejido.vault.confined"

TOO_LARGE: Final = N_(
    "This file is larger than {most} MB, too large to be taken apart here. Nothing was changed; cut it into parts, or "
    "clean it with a program made for it and add the result as an item of its own."
)
BROKEN: Final = N_(
    "This file could not be read safely: it is damaged, or made so that whoever opens it is overwhelmed. It stays "
    "sealed as it came; nothing else was made of it."
)


@dataclass(frozen=True)
class Answer:
    """What the process gave back: what it says, and the content it made."""

    says: dict[str, object]
    content: bytes


def bubblewrap() -> str:
    """Return the path of bubblewrap if it is here and works; else nothing."""
    return _working(shutil.which("bwrap", path="/usr/bin:/usr/local/bin:/bin") or "")


@cache
def _working(program: str) -> str:
    if not program:
        return ""
    try:
        tried = subprocess.run(  # noqa: S603
            [*_wrapped(program), sys.executable, "-I", "-c", "import tejido"],
            capture_output=True, timeout=20, check=False, env={}, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return program if tried.returncode == 0 else ""


def take_apart(task: str, media: str, content: BinaryIO, size: int, *, within: str = "") -> Answer:
    """Do ``task`` with a file of kind ``media``; ``within`` is the path of bubblewrap, if it is to be used.

    Raises ``BadInput`` with the reason when the file is refused, too large, or too much for the bounds.
    """
    if size > LARGEST:
        raise BadInput(TOO_LARGE, most=LARGEST // 1024**2)
    command = [*(_wrapped(within) if within else []), sys.executable, "-I", "-m", _MODULE, task, media]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd="/", env=_ENVIRONMENT
    ) as process:
        given: list[BaseException] = []
        feeder = threading.Thread(target=_feed, args=(process.stdin, content, given), daemon=True)
        watch = threading.Timer(PATIENCE, process.kill)
        watch.start()
        try:
            feeder.start()
            back = process.stdout.read(MOST_BACK + 1) if process.stdout else b""
        finally:
            watch.cancel()
            process.kill()
            feeder.join()
    if given:
        raise given[0]
    return _answer(back)


_ENVIRONMENT: Final = {"LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def _feed(target: IO[bytes] | None, content: BinaryIO, failed: list[BaseException]) -> None:
    """Give the content piece by piece; a file that does not open any more is an error of whoever asked."""
    if target is None:
        return
    try:
        with contextlib.suppress(BrokenPipeError), target:
            while chunk := content.read(_CHUNK):
                target.write(chunk)
    except Exception as error:
        failed.append(error)


def _answer(back: bytes) -> Answer:
    head, _, content = back.partition(b"\n")
    try:
        says = json.loads(head)
        whole = isinstance(says, dict) and len(content) == says["size"] and len(back) <= MOST_BACK
    except (ValueError, KeyError, RecursionError):
        raise BadInput(BROKEN) from None
    if not whole:
        raise BadInput(BROKEN)
    return Answer(says, content)


def _wrapped(program: str) -> list[str]:
    """Return the command that shuts a process in: it sees Python, its libraries and nothing else, read-only."""
    words = [program, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    for name, text in _ENVIRONMENT.items():
        words += ["--setenv", name, text]
    for path in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", *_places()):
        words += ["--ro-bind-try", path, path]
    return [*words, "--proc", "/proc", "--dev", "/dev", "--chdir", "/"]


def _places() -> Iterable[str]:
    """Return where Python, its libraries and this program lie."""
    known = {sys.prefix, sys.base_prefix, *sysconfig.get_paths().values(), str(Path(tejido.__file__).parent)}
    known.add(str(Path(os.path.realpath(sys.executable)).parent))
    return sorted(path for path in known if not path.startswith("/usr/") and Path(path).is_dir())
