"""The same tests once more on PostgreSQL, so that one run covers both databases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.postgres import start_postgres

ROOT = Path(__file__).resolve().parents[2]
#: What touches the database most nearly; the pages above it ask through these.
FOLDERS = ("storage", "vault", "circles", "fabric", "incidents", "protection", "exchange", "readings")
#: Both databases at once already, or what never asks one: files of an earlier version, paper, bytes, doors.
LEFT_OUT = (
    "tests/storage/test_on_postgres.py",
    "tests/storage/test_backup_across.py",
    "tests/storage/test_kept_workspaces.py",
    "tests/vault/test_passkeys.py",
    "tests/vault/test_previews.py",
    "tests/vault/test_recovery_words.py",
    "tests/vault/test_streams.py",
    "tests/vault/test_stripping.py",
    "tests/circles/test_matrix.py",
    "tests/circles/test_passkeys.py",
    "tests/protection/test_printing.py",
    "tests/protection/sessions/test_kit.py",
)


def test_what_is_stored_behaves_the_same_on_postgresql(tmp_path: Path) -> None:
    folders = [f"tests/{name}" for name in FOLDERS if (ROOT / "tests" / name).is_dir()]
    with start_postgres() as server:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *folders]
        command += [f"--ignore={path}" for path in LEFT_OUT]
        command += ["-m", "not shared and not journey", f"--basetemp={tmp_path / 'pg'}"]
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("PYTEST", "PG"))}
        environment["TEJIDO_TEST_POSTGRES"] = f"{server.host}|{server.port}|{server.user}"
        environment.pop("TEJIDO_DIR", None)
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed and int(passed[1]) > 100, done.stdout[-500:]
