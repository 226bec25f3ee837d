"""Makes a workspace to be kept for the tests of later versions: something of each room, by the actions of each room.

``python -m tests.storage.keeping ARCHIVE.zip``: once for each new shape; an archive that exists is never made anew.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

from tejido.cli import main as tejido
from tests.personas import CIRCLE, PASSPHRASE


def main(target: Path) -> int:
    """Make the archive."""
    if target.exists():
        sys.stderr.write("There is an archive of that name; a kept workspace is never made anew.\n")
        return 2
    home = Path(tempfile.mkdtemp(prefix="kept-"))
    (home / "phrase").write_text(PASSPHRASE + "\n")
    words = ["--dir", str(home / "w"), "--passphrase-file", str(home / "phrase")]
    try:
        if tejido(["init", "--circle", CIRCLE, *words]) or _filled(home / "w"):
            return 1
        if tejido(["backup", str(home / "backup.tejido"), *words]):
            return 1
        _pack(home, target)
    finally:
        shutil.rmtree(home)
    return 0


def _filled(directory: Path) -> int:
    from tejido.cli.opening import opened, prepare

    with opened(prepare(directory), PASSPHRASE) as (_, by):
        what_happened(by)
    return 0


def what_happened(by: Any) -> None:
    """Write down a group, those around it, what was done to it, its evidence, its decision, plan and session."""
    from tejido.domain.dates import ImpreciseDate
    from tejido.incidents.evidence_actions import EvidenceGiven, receive_evidence
    from tejido.vault.uploads import workspace_files
    from tests.incidents.telling import act, incident, territory
    from tests.protection.planning import assembly, decision_of, person, plan_of
    from tests.protection.sessions.meeting import session_of, threat_of

    group = assembly(by)
    ana = person(by, "Ana Ríos", group)
    person(by, "Celia Mar", group)
    territory(by, "Vereda El Salado")
    told = incident(
        by, "Amenaza de muerte a Ana Ríos", ImpreciseDate.day(date(2026, 3, 4)).encode(), act("death_threat", ana)
    )
    incident(by, "Seguimiento a la asamblea", None, act("surveillance", group))
    sealed = workspace_files().keep(io.BytesIO(b"Un papel que dejaron en la puerta.\n"))
    given = EvidenceGiven("document", "El papel de la puerta", given_by="Ana")
    receive_evidence(by=by, incident=told.pk, sealed=sealed, file_name="papel.txt", given=given)
    decision_of(by, group)
    plan_of(by, group)
    threat_of(by, session_of(by, group))


def _pack(home: Path, target: Path) -> None:
    from django.db import connections

    connections.close_all()  # the database is one file then, without a log beside it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((home / "w").rglob("*")):
            if path.is_file() and not path.name.startswith("catalogue"):
                archive.write(path, path.relative_to(home / "w"))
        archive.write(home / "backup.tejido", "backup.tejido")


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("target", type=Path)
    sys.exit(main(given.parse_args().target))
