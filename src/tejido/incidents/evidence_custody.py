"""The log of an item's custody: lines that are only ever added, chained, and anchored in the journal.

The digest of a line covers the line before. It stands in the journal entry that wrote it, whose own chain covers
that: a line that is altered, taken out or moved is noticed from both sides.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tejido.circles.models import Member
from tejido.domain.words import N_
from tejido.incidents.evidence_models import Custody, Evidence
from tejido.incidents.given import checked
from tejido.vault.journal import Entry, body_of
from tejido.vault.models import JournalEntry
from tejido.vault.records import create

NOUN: Final = "incidents.evidence"
_NOTE: Final = "custody"
_BROUGHT_IN: Final = "exchange.import_export"

ALTERED: Final = N_("A line of this log was altered. It no longer proves what was done; compare with a backup.")
MISSING: Final = N_("A line of this log is missing. It no longer proves what was done; compare with a backup.")
STRANGE: Final = N_("The journal knows nothing of a line of this log. Compare with a backup.")


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One line as a page shows it; ``at`` is UTC, ``audience`` a code of ``audiences`` or empty.

    ``second`` is how the person is called who agreed to it.
    """

    number: int
    what: str
    at: datetime
    who: str
    with_whom: str
    audience: str
    why: str
    second: str = ""


def add_line(
    evidence: Evidence,
    what: str,
    entry: Entry,
    *,
    why: str = "",
    with_whom: str = "",
    audience: str = "",
    second: Member | None = None,
) -> Custody:
    """Add a line to the log of ``evidence`` within ``entry``, which then is about that item and anchors the line.

    ``second`` is who agreed to it, where a second person had to.
    """
    last = evidence.custody.order_by("-number").first()
    number = last.number + 1 if last else 1
    who = Member.objects.filter(pk=entry.by.id).first()
    facts = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "member": entry.by.id.hex,
        "who": who.name if who else "",
        "with": with_whom,
        "audience": audience,
        "why": why,
        # The digest stands in the journal: nobody may guess words from it.
        "salt": secrets.token_hex(8),
    }
    if second is not None:
        facts |= {"second": second.pk.hex, "agreed": second.name}
    line = Custody(
        circle_id=evidence.circle_id,
        evidence=evidence,
        number=number,
        what=checked(what, "custody_acts"),
        facts=facts,
    )
    line.digest = _digest(evidence, line, last.digest if last else "")
    entry.about(NOUN, evidence.pk)
    entry.notes[_NOTE] = line.digest
    return create(line, entry)


def lines_of(evidence: Evidence) -> tuple[CustodyLine, ...]:
    """Return the log of an item, the first line first."""
    return tuple(
        CustodyLine(
            number=line.number,
            what=line.what,
            at=datetime.fromisoformat(line.facts["at"]),
            who=line.facts["who"],
            with_whom=line.facts["with"],
            audience=line.facts["audience"],
            why=line.facts["why"],
            second=line.facts.get("agreed", ""),
        )
        for line in evidence.custody.order_by("number")
    )


def fault_of(evidence: Evidence) -> str:
    """Return what is wrong with the log of an item, as a message id; empty when it holds.

    Each line is compared with the line before and with the journal; the journal with the lines.
    """
    lines = list(evidence.custody.order_by("number"))
    before = ""
    for number, line in enumerate(lines, start=1):
        if line.number != number:
            return MISSING
        if line.digest != _digest(evidence, line, before):
            return ALTERED
        before = line.digest
    anchors = _anchors(evidence)
    digests = {line.digest for line in lines}
    if not lines or anchors.keys() - digests:
        return MISSING
    brought = set(
        JournalEntry.objects.filter(seq__in={line.born for line in lines}, action=_BROUGHT_IN).values_list(
            "seq", flat=True
        )
    )
    strange = [line for line in lines if anchors.get(line.digest) != line.born and line.born not in brought]
    return STRANGE if strange else ""


def _anchors(evidence: Evidence) -> dict[str, int]:
    """Return the digests that the journal holds of an item's lines, with the number of their entries."""
    found = {}
    for entry in JournalEntry.objects.filter(record=evidence.pk, noun=NOUN):
        notes = body_of(entry)["notes"]
        if isinstance(notes, dict) and _NOTE in notes:
            found[str(notes[_NOTE])] = entry.seq
    return found


def _digest(evidence: Evidence, line: Custody, before: str) -> str:
    """SHA-256 over the item, its content, the line and the digest of the line before, unambiguous."""
    parts = [evidence.pk.hex, evidence.file["sha256"], line.number, line.what, line.facts, before]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
