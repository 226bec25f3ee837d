"""A backup of a laptop can be restored to a server, and the other way round, value for value."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.postgres import Postgres, start_postgres


def _carry(what: str, directory: Path, database: str, backup: Path) -> str:
    command = [sys.executable, "-m", "tests.storage.carrying", what, str(directory), database, str(backup)]
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("PG", "TEJIDO", "DJANGO"))}
    root = Path(__file__).resolve().parents[2]
    environment["PYTHONPATH"] = os.pathsep.join([str(root / "src"), str(root)])
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=root, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _database(server: Postgres, name: str) -> str:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"postgresql://{server.user}@{server.host.replace('/', '%2F')}:{server.port}/{name}"


def test_a_backup_is_carried_from_file_to_server_and_back(tmp_path: Path) -> None:
    with start_postgres() as server:
        first, second = tmp_path / "first.tejido", tmp_path / "second.tejido"
        on_file = _carry("fill", tmp_path / "a", "", first)
        assert int(on_file.split()[0]) > 40
        assert _carry("restore", tmp_path / "b", _database(server, "one"), first) == on_file
        on_server = _carry("fill", tmp_path / "c", _database(server, "two"), second)
        assert _carry("restore", tmp_path / "d", "", second) == on_server
