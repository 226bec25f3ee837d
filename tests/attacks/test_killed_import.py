"""``kill -9`` during an import, twenty times: the workspace opens; each import is wholly there or absent."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from tests.attacks.importing import ROWS
from tests.attacks.serving import ROOT, environment, tejido

TIMES = 20
#: What one whole import leaves; 7 communities beside the persons.
WHOLE = {
    "Perpetrator": 0, "Victim": ROWS, "Act": ROWS, "Place": 0, "Source": ROWS, "Incident": ROWS, "Tie": ROWS,
    "Presence": 0, "Actor": ROWS + 7, "Territory": 0, "ExternalKey": 3 * ROWS + 7,
}  # fmt: skip


def test_a_killed_import_is_wholly_there_or_wholly_absent(tmp_path: Path) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("six plain words for a test\n")
    tejido(tmp_path, "init", "--dir", str(tmp_path / "workspace"), "--passphrase-file", str(phrase))
    chance = random.Random(1973)
    points: list[int | None] = [chance.choice([0, 200, 400, 600, 800, 1000]) for _ in range(TIMES - 3)]
    points += [None, 1000, 1]
    points.append(0)
    command = [sys.executable, "-m", "tests.attacks.importing", str(tmp_path / "workspace"), str(phrase)]
    done = subprocess.run(
        [*command, json.dumps(points)],
        cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen: list[dict[str, int]] = [json.loads(line)["found"] for line in done.stdout.splitlines()]
    assert len(seen) == TIMES + 1
    for found in seen:
        assert {kind: found[kind] for kind in WHOLE} == {kind: many * found["imports"] for kind, many in WHOLE.items()}
    assert seen[-1]["imports"] >= 1, "the one killed after its end is there"
    assert seen[-1]["imports"] < TIMES, "those killed on the way are not"
