"""Who opened a dossier: noted when its page is shown, taken up by the journal later.

A page that is only read must not wait for the lock of the journal, nor move its end, by which every list knows
whether anything was written. So an opening is one row beside the journal, once for each member, dossier and day; and
it becomes a line when a member locks or leaves, and when somebody reads the journal or takes it out.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import DatabaseError, connection, transaction

from tejido.domain.dates import iso_week
from tejido.domain.errors import TejidoError
from tejido.vault.journal import By, body_of, sign_head, writing
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.models import JournalEntry, Opening
from tejido.vault.seal import Place

logger = logging.getLogger(__name__)

ACTION: Final = "dossier.open"
_TABLE: Final = "vault_opening"
#: So many openings are taken up in one transaction.
_BATCH: Final = 200
#: Milliseconds for which a page that is read, or somebody who leaves, waits for another who writes; and SQLite's
#: NORMAL, under which a commit does not wait for the disk.
_HURRY: Final = {"busy_timeout": 100, "synchronous": 1}


@dataclass(frozen=True)
class _Opened:
    """Who opened which dossier, and when."""

    circle: UUID
    member: UUID
    noun: str
    record: UUID
    at: datetime

    @property
    def mark(self) -> tuple[UUID, UUID, UUID, date]:
        """What is noted once."""
        return self.circle, self.member, self.record, self.at.date()


class _Noted:
    """What this process noted already, and what it could not write yet; forgotten with the key of the file."""

    def __init__(self) -> None:
        self.marks: set[tuple[UUID, UUID, UUID, date]] = set()
        self.unwritten: list[_Opened] = []
        self.lock = threading.Lock()

    def forget(self) -> None:
        """Hold nothing over the lock."""
        with self.lock:
            self.marks.clear()
            self.unwritten.clear()


_NOTED = _Noted()
FILE_KEY.when_dropped(_NOTED.forget)


def note_opening(*, by: By, noun: str, record: UUID, now: datetime | None = None) -> bool:
    """Note that ``by`` opened the dossier ``record``; False if that was noted today already.

    The page never fails and hardly waits for it: while somebody else writes, the note is kept for the next page.
    """
    opened = _Opened(by.circle_id, by.id, noun, record, now or datetime.now(UTC))
    with _NOTED.lock:
        if opened.mark in _NOTED.marks:
            return False
        _NOTED.marks.add(opened.mark)
        waiting, _NOTED.unwritten = [*_NOTED.unwritten, opened], []
    try:
        with _hurried(), transaction.atomic():
            for one in waiting:
                _row(one).save(force_insert=True)
    except DatabaseError:
        with _NOTED.lock:
            _NOTED.unwritten = waiting + _NOTED.unwritten
    return True


def fold_openings(*, by: By, now: datetime | None = None) -> int:
    """Make lines of the journal of the openings that wait in the circle of ``by``; return how many."""
    _write_waiting(by)
    folded = 0
    while rows := list(Opening.objects.filter(circle=by.circle_id)[:_BATCH]):
        with transaction.atomic():
            known = _in_journal(rows)
            for opened in sorted(map(_opened, rows), key=lambda one: one.at):
                if opened.mark not in known:
                    known.add(opened.mark)
                    _line(by, opened, now)
                    folded += 1
            Opening.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return folded


def settle(by: By) -> None:
    """Take up what waits and sign the end of the journal, before somebody locks or leaves; never hinder them."""
    try:
        with _hurried():
            fold_openings(by=by)
            sign_head(by=by)
    except (DatabaseError, TejidoError):
        # It waits in the database for whoever comes next.
        logger.warning("the journal could not be settled before the lock")


def _write_waiting(by: By) -> None:
    """Write what could not be written while somebody else wrote."""
    with _NOTED.lock:
        mine = [one for one in _NOTED.unwritten if one.circle == by.circle_id]
        _NOTED.unwritten = [one for one in _NOTED.unwritten if one.circle != by.circle_id]
    try:
        with transaction.atomic():
            for one in mine:
                _row(one).save(force_insert=True)
    except BaseException:
        with _NOTED.lock:
            _NOTED.unwritten = mine + _NOTED.unwritten
        raise


def _line(by: By, opened: _Opened, now: datetime | None) -> None:
    with writing(by=by, action=ACTION, now=now) as entry:
        entry.member = opened.member
        entry.about(opened.noun, opened.record)
        entry.notes["opened"] = opened.at.isoformat(timespec="seconds")


def _in_journal(rows: list[Opening]) -> set[tuple[UUID, UUID, UUID, date]]:
    """Return what the journal holds already of the members and dossiers of ``rows`` in the weeks since."""
    lines = JournalEntry.objects.filter(
        action=ACTION,
        circle=rows[0].circle,
        record__in={row.record for row in rows},
        member__in={row.member for row in rows},
        week__gte=min(iso_week(_opened(row).at.date()) for row in rows),
    )
    return {
        (line.circle, line.member, line.record, _day(line)) for line in lines.iterator() if line.member and line.record
    }


def _day(line: JournalEntry) -> date:
    notes = body_of(line)["notes"]
    return datetime.fromisoformat(str(notes["opened"])).date() if isinstance(notes, dict) else date.min


def _row(opened: _Opened) -> Opening:
    row = Opening(id=uuid4(), circle=opened.circle, member=opened.member, noun=opened.noun, record=opened.record)
    body = {"at": opened.at.isoformat(timespec="seconds"), **_bound(row)}
    row.body = current().seal(row.circle, json.dumps(body).encode(), Place(_TABLE, row.id, "body", 1))
    return row


def _opened(row: Opening) -> _Opened:
    """Open one row. What it says in clear is held to what was sealed: nobody is put in another's place."""
    body = json.loads(current().open(row.circle, bytes(row.body), Place(_TABLE, row.id, "body", 1)))
    at = datetime.fromisoformat(body["at"])
    return _Opened(row.circle, UUID(body["member"]), str(body["noun"]), UUID(body["record"]), at)


def _bound(row: Opening) -> dict[str, str]:
    return {"member": row.member.hex, "noun": row.noun, "record": row.record.hex}


@contextmanager
def _hurried() -> Iterator[None]:
    """Wait no longer than a moment for somebody else who writes, and not for the disk.

    What is written so survives the death of the process at once; of the machine, a moment later. On PostgreSQL rows
    are added beside each other, and nothing is done here.
    """
    connection.ensure_connection()
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    raw = connection.connection
    usual = {name: int(raw.execute(f"PRAGMA {name}").fetchone()[0]) for name in _HURRY}
    _set(raw, _HURRY)
    try:
        yield
    finally:
        _set(raw, usual)


def _set(raw: Any, pragmas: Mapping[str, int]) -> None:
    for name, value in pragmas.items():
        raw.execute(f"PRAGMA {name} = {value}")
