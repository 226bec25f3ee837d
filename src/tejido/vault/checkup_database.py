"""How the database stands: pending upgrades, the encrypted file as a whole, or the settings of a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tejido.domain.words import N_
from tejido.vault.checkup_remarks import Remark, remark

#: The oldest PostgreSQL that is supported, as ``server_version_num`` writes it.
OLDEST: Final = 150000
#: Settings under which the server's log or its statistics would keep statements, with the one value that keeps none.
QUIET: Final[dict[str, str]] = {
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_duration_sample": "-1",
    "log_parameter_max_length_on_error": "0",
}
#: Settings without which a power cut loses what was said to be saved.
SAFE: Final[dict[str, str]] = {"fsync": "on", "full_page_writes": "on"}


@dataclass(frozen=True)
class Server:
    """What a PostgreSQL server tells: its version, how we reach it, who we are, its settings."""

    version: int
    encrypted: bool
    local: bool
    superuser: bool
    settings: Mapping[str, str]


def remarks(*, closely: bool) -> Iterator[Remark]:
    """Look at the database; ``closely`` reads the whole encrypted file."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield remark(
            "upgrade",
            "warning",
            N_("The database was made by an earlier version. Make a backup; the next start upgrades it."),
        )
    if connection.vendor == "postgresql":
        yield from remarks_on(told_by_server())
    elif closely:
        yield _whole_file()


def told_by_server() -> Server:
    """Ask the PostgreSQL server."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, inet_server_addr() IS NULL OR"
            " inet_server_addr() <<= '127.0.0.0/8' OR inet_server_addr() = '::1',"
            " coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
        )
        version, local, encrypted, superuser = cursor.fetchone()
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*QUIET, *SAFE]])
        return Server(version, encrypted, local, superuser, dict(cursor.fetchall()))


def remarks_on(server: Server) -> Iterator[Remark]:
    """Say what is wrong with a PostgreSQL server, and that it is well where it is."""
    before = 0
    for one in (*_reached(server), *_written(server)):
        before += 1
        yield one
    if not before:
        yield remark("server", "good", N_("The PostgreSQL server is set as it should be."))


def _reached(server: Server) -> Iterator[Remark]:
    if server.version < OLDEST:
        yield remark(
            "server version",
            "fault",
            N_("The PostgreSQL server is older than version 15 and gets no mending. Upgrade it, after a backup."),
        )
    if not server.encrypted and not server.local:
        yield remark(
            "server connection",
            "fault",
            N_(
                "The connection to the PostgreSQL server crosses the network in clear. Set PGSSLMODE=verify-full and "
                "give the server a certificate."
            ),
        )
    if server.superuser:
        yield remark(
            "server role",
            "warning",
            N_("Tejido works as a superuser of the PostgreSQL server. Give it a user that owns its database alone."),
        )


def _written(server: Server) -> Iterator[Remark]:
    for name, value in QUIET.items():
        if server.settings.get(name, value) != value:
            yield remark(
                "server log",
                "warning",
                N_("The PostgreSQL server may write statements to its log. Set {name} = {value} and reload it."),
                name=name,
                value=value,
            )
    for name, value in SAFE.items():
        if server.settings.get(name, value) != value:
            yield remark(
                "server safety",
                "fault",
                N_("A power cut can lose what was saved on the PostgreSQL server. Set {name} = {value}."),
                name=name,
                value=value,
            )


def _whole_file() -> Remark:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cipher_integrity_check")
        torn = cursor.fetchall()
        cursor.execute("PRAGMA quick_check")
        answer = cursor.fetchone()
    if torn or not answer or answer[0] != "ok":
        return remark(
            "database", "fault", N_("The database file is damaged. Stop working in it and restore the last backup.")
        )
    return remark("database", "good", N_("The database file is whole and encrypted."))
