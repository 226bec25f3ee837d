"""``tejido list`` and ``tejido read``: records and readings for scripts."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.sharing import list_shared
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.words import N_

if TYPE_CHECKING:
    from tejido.readings.affectation import Because


@needs("read")
def list_records(options: argparse.Namespace, telling: Telling) -> None:
    """Print actors, incidents or territories, the oldest record first, or what is shared."""
    if options.what == "shared":
        list_shared(options, telling)
        return
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase):
        from tejido.cli import rows

        listed = {"actors": rows.actors, "incidents": rows.incidents, "territories": rows.territories}[options.what]
        telling.rows(listed(kind=options.kind, lang=telling.lang), rows.line)


@needs("read")
def read(options: argparse.Namespace, telling: Telling) -> None:
    """Print each actor that the incident touches, strongest first, with the path that explains it."""
    from uuid import UUID

    try:
        incident = UUID(options.id)
    except ValueError:
        raise BadInput(N_("This is not an incident's id. List the incidents to find it.")) from None
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.openings import note_opening
        from tejido.incidents.models import Incident
        from tejido.readings.affectation import touched_by

        if not Incident.objects.filter(pk=incident, circle_id=by.circle_id).exists():
            raise NotFound(N_("There is no incident with this id. List the incidents to find it."))
        note_opening(by=by, noun="incidents.incident", record=incident)
        today = datetime.now(UTC).date()
        touched = touched_by(incident, today=today, lang=telling.lang, words=telling.words)
        told: list[dict[str, object]] = [
            {
                "actor": str(row.actor),
                "name": row.name,
                "kind": row.kind,
                "strength": round(row.strength, 6),
                "path": list(row.sentences),
                "basis": row.basis,
                "reasons": [_because(one) for one in row.because],
            }
            for row in touched.rows
        ]
    telling.rows(told, lambda row: f"{row['strength']:.2f}  {row['name']}  — " + "; ".join(map(str, row["path"])))  # type: ignore[call-overload]


def _because(one: Because) -> dict[str, object]:
    """Return one reason as it is printed: what is learned of each relation is its weight with its interval."""
    learned = [
        {
            "relation": each.relation,
            "weight": round(each.weight, 4),
            "low": round(each.low, 4),
            "high": round(each.high, 4),
            "assumed": round(each.assumed, 4),
        }
        for each in one.learned
    ]
    return {"said": one.sentence, "relation": one.relation, "basis": one.basis, "learned": learned}
