"""``tejido read fabric|whatif|patterns``: what is seen of a fabric and of what recurs, as the pages tell it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from tejido.cli.opening import opened, passphrase_from, prepare
from tejido.cli.policies import needs
from tejido.cli.telling import Telling
from tejido.domain.errors import BadInput
from tejido.domain.words import N_

if TYPE_CHECKING:
    from tejido.readings.fabric_strength import OurFabric

_NO_TIE = N_("A tie to be made is typed as an id, a kind and an id. List the actors to find their ids.")
_NO_ID = N_("This is not a collective's id. List the actors to find it.")


@needs("read")
def fabric(options: argparse.Namespace, telling: Telling) -> None:
    """Print how strong the fabric of a collective is, in sentences with what they rest on."""
    with _reading(options, telling) as (collective, today):
        from tejido.readings.fabric_strength import our_fabric

        found = our_fabric(collective, today=today, lang=telling.lang, words=telling.words)
        for one in found.said:
            telling.say(("◆ " if one.asks else "  ") + one.sentence)
        telling.document(_fabric_document(found))


@needs("read")
def what_if(options: argparse.Namespace, telling: Telling) -> None:
    """Print what would change for a collective if those after ``--without`` could not be reached."""
    with _reading(options, telling) as (collective, today):
        from tejido.readings.what_if import Supposed, suppose, ties_between

        parted = (ties_between(collective, one, other, today=today) for one, other in options.without_tie)
        supposed = Supposed(
            gone=tuple(options.without),
            parted=tuple(chain.from_iterable(parted)),
            woven=tuple(map(_tie, options.with_tie)),
        )
        found = suppose(collective, supposed, today=today, words=telling.words)
        for one in found.told:
            telling.say(("◆ " if one.sort == "lost" else "→ " if one.sort == "could_do" else "  ") + one.sentence)
        for what, before, after in found.figures:
            telling.say(f"  {what}: {before} → {after}")
        telling.document({
            "collective": str(found.collective),
            "name": found.name,
            "without": [str(one) for one in options.without],
            "without_ties": [str(one) for one in supposed.parted],
            "with_ties": [{"from": str(frm), "kind": kind, "to": str(to)} for frm, kind, to in supposed.woven],
            "sentences": [{"sort": one.sort, "sentence": one.sentence} for one in found.told],
            "figures": [{"what": what, "before": before, "after": after} for what, before, after in found.figures],
            "not_all_ties": found.cut,
        })  # fmt: skip


def _tie(typed: Sequence[str]) -> tuple[UUID, str, UUID]:
    """Return a tie that is supposed to be made: who, kind, with whom. ``BadInput`` for what is no id."""
    try:
        return UUID(typed[0]), typed[1], UUID(typed[2])
    except ValueError:
        raise BadInput(_NO_TIE) from None


@needs("read")
def patterns(options: argparse.Namespace, telling: Telling) -> None:
    """Print what recurs in the records of the circle, each with how sure it is and its incidents."""
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase):
        from tejido.readings.naming import called
        from tejido.readings.patterns import what_recurs
        from tejido.readings.patterns_words import how_sure, say_recurring

        found = what_recurs(today=datetime.now(UTC).date())
        wanted = [actor for one in found.found for actor in (one.subject, one.by) if actor is not None]
        names = {UUID(actor): one.name for actor, one in called(wanted, telling.words).items()}
        rows: list[dict[str, object]] = [
            {
                "kind": one.kind,
                "sentence": say_recurring(one, names, telling.lang, telling.words),
                "sure": how_sure(one.q, telling.words),
                "seen": one.seen,
                "expected": round(one.expected, 3),
                "q": round(one.q, 6),
                "incidents": [str(incident) for incident in one.incidents],
            }
            for one in found.found
        ]
    if not rows:
        telling.say(telling.words.gettext("Nothing stands out."))
    for row in rows:
        telling.say(f"◆ {row['sentence']} ({row['sure']})")
    telling.document(
        {"patterns": rows, "tested": found.tested, "incidents": found.incidents, "left_out": found.inexact}
    )


@contextmanager
def _reading(options: argparse.Namespace, telling: Telling) -> Iterator[tuple[UUID, date]]:
    """Open the workspace to read about one collective, and write down that its dossier was opened."""
    try:
        collective = UUID(options.id)
    except ValueError:
        raise BadInput(_NO_ID) from None
    workspace = prepare(options.dir)
    phrase = passphrase_from(options.passphrase_file, workspace.directory, prompt=telling.words.gettext("Passphrase:"))
    with opened(workspace, phrase) as (_, by):
        from tejido.circles.openings import note_opening
        from tejido.readings.fabric_strength import collective_named

        note_opening(by=by, noun="fabric.actor", record=collective_named(collective).pk)
        yield collective, datetime.now(UTC).date()


def _fabric_document(found: OurFabric) -> dict[str, object]:
    seen, spread = found.strength.cohesion, found.strength.concentration
    return {
        "collective": str(found.collective),
        "name": found.name,
        "sentences": [one.sentence for one in found.said],
        "members": seen.members,
        "ties_among_members": seen.ties,
        "parts": seen.parts,
        "connectivity": seen.connectivity,
        "contacts": spread.contacts,
        "contacts_shared": spread.shared,
        "on_one": [
            {"name": one.name, "contacts": list(one.names), "contacts_in_all": len(one.contacts)}
            for one in found.on_one
        ],
        "ways": [
            {
                "name": way.name, "kind": way.kind, "ties": way.ties, "ways": way.ways, "answered": way.answered,
                "hangs_on": list(way.hangs_on),
            }
            for way in found.ways
        ],
        "cut_from_all": found.strength.cut_from_all,
        "not_all_ties": found.cut,
    }  # fmt: skip
