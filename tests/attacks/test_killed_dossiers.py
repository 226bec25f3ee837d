"""``kill -9`` a hundred times while dossiers are written, rotated and erased: nothing lost, nothing half-erased."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.attacks.serving import ROOT, environment

ROUNDS = 25  # of four kills each: while writing twice, while rotating, while erasing


def test_a_hundred_kills_lose_no_key_and_leave_nothing_half_erased(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.attacks.killing", str(tmp_path / "workspace"), str(ROUNDS)]
    done = subprocess.run(command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert sum(line.get("kills", 0) for line in said) == 4 * ROUNDS
    written: set[str] = set()
    erased: set[str] = set()
    epochs: set[int] = set()
    looks = 0
    for line in said:
        for one in line.get("told", ()):
            written.update(one.get("written", ()))
            erased.update([one["erased"]] if "erased" in one else ())
            epochs.update([one["rotated"]] if "rotated" in one else ())
        if "seen" in line:
            (found,) = line["seen"]
            looks += 1
            there = set(found["actors"])
            assert found["all_open"] and found["without_key"] == 0, "each record that is there opens"
            assert not there & erased, "what was told to be erased is gone"
            # At each kill of an erasure, one more may have gone before it could be told.
            assert len(written - erased - there) <= line["round"] + 1
            assert (found["orphans"], found["unfinished"]) == (0, 0)
    assert looks == ROUNDS // 5 and written and erased and epochs
