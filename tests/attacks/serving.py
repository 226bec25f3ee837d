"""A real server in a process of its own: ``tejido serve``, with a room for everything it may write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Served:
    """A running server and where it may have written: its workspace, temporary files, logs, working directory."""

    room: Path
    address: str
    link: str

    @property
    def workspace(self) -> Path:
        """The directory of the workspace."""
        return self.room / "workspace"


def tejido(room: Path, *arguments: str) -> str:
    """Run one command of ``tejido`` in ``room``; return what it printed."""
    command = [sys.executable, "-m", "tejido.cli", *arguments]
    done = subprocess.run(
        command, cwd=_made(room / "cwd"), env=environment(room), capture_output=True, text=True, check=False
    )
    with (room / "logs" / "commands").open("a") as log:
        log.write(done.stdout + done.stderr)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def serving(room: Path, *more: str) -> Iterator[Served]:
    """Serve the workspace in ``room`` for the block; the process is gone at its end, its room is not."""
    command = [sys.executable, "-X", "faulthandler", "-m", "tejido.cli", "serve", "--dir", str(room / "workspace")]
    command += ["--port", "0", "--json", *more]
    environment_ = environment(room)
    with (room / "logs" / "stdout").open("ab") as out, (room / "logs" / "stderr").open("ab") as err:
        process = subprocess.Popen(
            command, cwd=_made(room / "cwd"), env=environment_, stdout=subprocess.PIPE, stderr=err
        )
        assert process.stdout is not None
        try:
            told = b""
            while not told.rstrip().endswith(b"}"):
                line = process.stdout.readline()
                assert line, "the server ended before it began"
                told += line
            out.write(told)
            document = json.loads(told)
            yield Served(room, document["address"], document["link"])
        finally:
            process.terminate()
            out.write(process.communicate(timeout=30)[0])


def environment(room: Path) -> dict[str, str]:
    """Return the environment of a process whose every file is to lie in ``room``."""
    _made(room / "logs")
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith(("TEJIDO", "DJANGO", "PYTEST", "PG"))
    }
    return {
        **kept,
        **{name: os.environ[name] for name in ("DJANGO_SETTINGS_MODULE_OF_SERVER",) if name in os.environ},
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "TMPDIR": str(_made(room / "tmp")),
        "HOME": str(_made(room / "home")),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
    }


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
