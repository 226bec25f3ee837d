"""``kill -9`` during an import, twenty times: the workspace opens; each import is wholly there or absent."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.attacks.importing import ROWS
from tests.attacks.serving import ROOT, environment, tejido

TIMES = 20
#: What one whole import leaves; 7 communities beside the persons.
WHOLE = {
    "Perpetrator": 0, "Victim": ROWS, "Act": ROWS, "Place": 0, "Source": ROWS, "Incident": ROWS, "Tie": ROWS,
    "Presence": 0, "Actor": ROWS + 7, "Territory": 0, "ExternalKey": 3 * ROWS + 7,
}  # fmt: skip


def _killed_at(room: Path, phrase: Path, round_: int, rows: int | None) -> dict[str, int]:
    """Run an import and kill it once it has told ``rows`` rows (``None``: once it is done); return what it found."""
    command = [sys.executable, "-m", "tests.attacks.importing", str(room / "workspace"), str(phrase), str(round_)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(room), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    found: dict[str, int] = {}
    for line in process.stdout:
        told: dict[str, Any] = json.loads(line)
        found = told.get("counts", found)
        if told.get("done") or (rows is not None and told.get("rows", -1) >= rows) or (rows == 0 and found):
            break
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    return found


def test_a_killed_import_is_wholly_there_or_wholly_absent(tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("six plain words for a test\n")
    tejido(tmp_path, "init", "--dir", str(tmp_path / "workspace"), "--passphrase-file", str(phrase))
    chance = random.Random(1973)
    points: list[int | None] = [chance.choice([0, 200, 400, 600, 800, 1000]) for _ in range(TIMES - 3)]
    points += [None, 1000, 1]
    seen = [_killed_at(tmp_path, phrase, number, rows) for number, rows in enumerate(points)]
    seen.append(_killed_at(tmp_path, phrase, len(points), 0))
    for found in seen:
        assert {kind: found[kind] for kind in WHOLE} == {kind: many * found["imports"] for kind, many in WHOLE.items()}
    assert seen[-1]["imports"] >= 1, "the one killed after its end is there"
    assert seen[-1]["imports"] < TIMES, "those killed on the way are not"
