"""Whatever the terminal is like, a command does its work and says the truth about it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("streams")
    (made / "phrase").write_text("six words that open this test\n", encoding="utf-8")
    assert _shell(made, "init --dir w").returncode == 0
    return made


def _shell(
    place: Path, words: str, before: str = "", after: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **more}
    for name in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR"):
        environment.pop(name, None)
    line = f"{before} {sys.executable} -m tejido.cli {words} --passphrase-file phrase {after}"
    return subprocess.run(["sh", "-c", line], cwd=place, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", ["list actors --dir w --json", "check --dir w --json", "check --dir w"])
def test_a_closed_output_is_no_fault(place: Path, words: str) -> None:
    done = _shell(place, words, after=">&-")
    assert (done.returncode, done.stderr) == (0, "")


def test_json_is_whole_where_the_terminal_lacks_letters(place: Path) -> None:
    poor = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = _shell(place, "check --dir w --json --lang es", **poor)
    assert done.returncode == 0, done.stderr
    assert any("está" in remark["sentence"] for remark in json.loads(done.stdout))


@pytest.mark.parametrize("blocks", [10, 600])
def test_what_does_not_fit_on_the_disk_leaves_no_half_workspace(place: Path, blocks: int) -> None:
    done = _shell(place, f"init --dir w{blocks}", before=f"ulimit -f {blocks};")
    assert done.returncode == 2
    assert "not written" in done.stderr
    assert _shell(place, f"init --dir w{blocks}").returncode == 0
