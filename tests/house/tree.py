"""The repository as the checks of the house see it."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "tejido"
#: Where the programs installed beside this Python are.
PROGRAMS = Path(sys.executable).parent


@cache
def kept_files() -> tuple[Path, ...]:
    """Return the files that git keeps or would keep, sorted; never what setup made."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(listed.stdout.split("\0")) - {""})
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def kept_text() -> dict[str, str]:
    """Return the text of every kept file that is text, by its path; the data of others stays out."""
    texts = {}
    for path in kept_files():
        name = path.relative_to(ROOT).as_posix()
        if name == "LICENSE" or name.startswith("src/tejido/demo/data/"):
            continue
        try:
            texts[name] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return texts


def python_files(folder: Path = SOURCE) -> list[Path]:
    """Return the kept Python files below a folder."""
    return [path for path in kept_files() if path.suffix == ".py" and folder in path.parents]


def code_folders() -> list[str]:
    """Return the folders that hold our code, of those that exist."""
    return [name for name in ("src", "scripts", "tests", "benchmarks") if (ROOT / name).is_dir()]


def run(program: str, *arguments: str, cwd: Path = ROOT, **environment: str) -> tuple[int, str]:
    """Run a program of the environment; return its exit code and all it printed."""
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", **environment},
    )
    return done.returncode, done.stdout
