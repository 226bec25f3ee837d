"""The journal: every write says who did what, beside the write, in a chain of hashes.

Use it as the block of an action::

    with writing(by=by, action="incident.record") as entry:
        create(incident, entry)

The block is one transaction; the entry is written when it ends well. Its sequence number is the *stamp* of
every record it wrote. Entries are serialised, so that whoever has read up to one stamp has missed none.
"""

from __future__ import annotations

import base64
import json
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID, uuid4

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from tejido.domain.dates import iso_week
from tejido.domain.errors import Conflict, DamagedSeal
from tejido.vault.checkpoints import EVERY, last_signed, sign_line, verify_signed
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry, Removal, SealedRecord
from tejido.vault.permits import permit_writing
from tejido.vault.proof import digest_of_line
from tejido.vault.seal import Place

_LOCK = 0x7465_6A69  # one advisory lock for the chain, on PostgreSQL
_TABLE = "vault_journal"
_WRITTEN = struct.Struct(">16sI")
_reading: ContextVar[dict[str, tuple[int, bytes]] | None] = ContextVar("tejido_one_reading", default=None)


class By(Protocol):
    """Who acts: a member of a circle."""

    @property
    def id(self) -> UUID: ...

    @property
    def circle_id(self) -> UUID: ...


@dataclass
class Entry:
    """The journal entry being written; ``about`` names the record, ``notes`` are counts and codes only.

    ``member`` is whose deed it tells, where ``by`` only takes down what somebody else did. ``wrote`` names, by kind
    and id, the revision of each record that was written anew, and 0 for what was taken out: so that an earlier state
    of any of them, put back, is found out (``checkup_older``).
    """

    seq: int
    by: By
    action: str
    noun: str = ""
    record: UUID | None = None
    member: UUID | None = None
    notes: dict[str, object] = field(default_factory=dict)
    wrote: dict[str, dict[UUID, int]] = field(default_factory=dict)

    def about(self, noun: str, record: UUID) -> None:
        """Name the record that this entry is about."""
        self.noun, self.record = noun, record

    def writes(self, noun: str, record: UUID, revision: int) -> None:
        """Name a record written anew, under its ``revision``; 0 for one that is no more."""
        self.wrote.setdefault(noun, {})[record] = revision


@contextmanager
def writing(*, by: By, action: str, now: datetime | None = None) -> Iterator[Entry]:
    """Write inside one transaction, with its journal entry beside it.

    Raises ``Refused`` when the role of ``by`` does not allow ``action`` (``domain.roles``): pages and commands ask
    before, and here nobody can forget to. ``Conflict`` where the database refuses something as there already: somebody
    else was quicker by a moment.
    """
    permit_writing(by, action)
    try:
        with serialised():
            last = last_entry()
            entry = Entry(seq=last.seq + 1 if last else 1, by=by, action=action)
            yield entry
            _append(entry, bytes(last.digest) if last else b"\0" * 32, now or datetime.now(UTC))
    except IntegrityError as error:
        if _is_there_already(error):
            raise Conflict from error
        raise


@contextmanager
def serialised() -> Iterator[None]:
    """One transaction in which nobody else writes: what is read in it still holds when it is written.

    ``writing`` is one; around it for whoever has to look first whether something is there already.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":  # on the file, the transaction itself holds the writers' lock
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def _is_there_already(error: IntegrityError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == "23505" or "UNIQUE constraint failed" in str(error)


def last_stamp() -> int:
    """Return the sequence number of the newest entry; 0 when there is none."""
    return JournalEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def last_entry() -> JournalEntry | None:
    """Return the newest entry."""
    return JournalEntry.objects.order_by("-seq").first()


@contextmanager
def one_reading() -> Iterator[None]:
    """Within the block, ask only once which line is the last: a page that only reads shows one state of things."""
    token = _reading.set({})
    try:
        yield
    finally:
        _reading.reset(token)


def last_line(*, at: int | None = None, anew: bool = False) -> tuple[int, bytes]:
    """Return sequence number and digest of the newest entry, or of entry ``at``; ``(0, b"")`` if there is none.

    Within ``one_reading`` the newest is asked for once, unless ``anew``.
    """
    remembered = _reading.get()
    if at is not None or anew or remembered is None:
        return _line_at(at)
    if "last" not in remembered:
        remembered["last"] = _line_at(None)
    return remembered["last"]


def _line_at(at: int | None) -> tuple[int, bytes]:
    # Every reading asks this, some pages ten times: as plain SQL, which Django need not make anew each time.
    with connection.cursor() as cursor:
        if at is None:
            cursor.execute("SELECT seq, digest FROM vault_journal ORDER BY seq DESC LIMIT 1")
        else:
            cursor.execute("SELECT seq, digest FROM vault_journal WHERE seq = %s", [at])
        found = cursor.fetchone()
    return (found[0], bytes(found[1])) if found else (0, b"")


def body_of(entry: JournalEntry) -> dict[str, object]:
    """Open the sealed part of an entry: ``at`` (UTC, ISO), ``notes`` and, where there is any, ``wrote``."""
    plain = current().open(entry.circle, bytes(entry.body), _place(entry.id))
    body: dict[str, object] = json.loads(plain)
    return body


def verify() -> int:
    """Walk the whole chain and what members signed of it; return the number of entries.

    Raises ``DamagedSeal`` where a link or a signature does not hold, and where a record was written, or a line
    signed, under a number after the last: the end was cut off.
    """
    previous = b"\0" * 32
    digests: dict[int, bytes] = {}
    for entry in JournalEntry.objects.order_by("seq").iterator():
        if entry.seq != len(digests) + 1 or bytes(entry.previous) != previous or bytes(entry.digest) != _digest(entry):
            raise DamagedSeal
        previous = digests[entry.seq] = bytes(entry.digest)
    verify_signed(digests)
    if _newest_stamp() > len(digests):
        raise DamagedSeal
    return len(digests)


def _newest_stamp() -> int:
    """Return the highest number under which any record was written or removed."""
    stamped = [model for model in apps.get_models() if issubclass(model, SealedRecord | Removal)]
    return max(model._default_manager.aggregate(Max("stamp"))["stamp__max"] or 0 for model in stamped)


def sign_head(*, by: By, now: datetime | None = None) -> bool:
    """Sign the last line of the journal in the name of ``by``, unless a member of the circle signed it already.

    False when there is nothing to sign, or no key to sign with.
    """
    seq, digest = last_line(anew=True)
    if seq == 0 or last_signed(by.circle_id) >= seq:
        return False
    return sign_line(circle=by.circle_id, member=by.id, seq=seq, digest=digest, now=now)


def _append(entry: Entry, previous: bytes, now: datetime) -> None:
    line = JournalEntry(
        seq=entry.seq,
        id=uuid4(),
        circle=entry.by.circle_id,
        member=entry.member or entry.by.id,
        action=entry.action,
        noun=entry.noun,
        record=entry.record,
        week=iso_week(now.date()),
        previous=previous,
    )
    body = {"at": now.isoformat(timespec="seconds"), "notes": entry.notes, "salt": os.urandom(8).hex()}
    if entry.wrote:
        body["wrote"] = {noun: _packed(revisions) for noun, revisions in entry.wrote.items()}
    line.body = current().seal(line.circle, json.dumps(body).encode(), _place(line.id))
    line.digest = _digest(line)
    line.save(force_insert=True)
    if line.seq % EVERY == 0:
        sign_line(circle=line.circle, member=entry.by.id, seq=line.seq, digest=line.digest, now=now)


def written_in(entry: JournalEntry) -> dict[str, dict[UUID, int]]:
    """Return what an entry wrote anew or took out, as ``Entry.wrote``; nothing for one of an earlier version."""
    told = body_of(entry).get("wrote")
    if not isinstance(told, dict):
        return {}
    return {
        noun: {UUID(bytes=raw): revision for raw, revision in _WRITTEN.iter_unpack(base64.b64decode(packed))}
        for noun, packed in told.items()
    }


def _packed(revisions: dict[UUID, int]) -> str:
    return base64.b64encode(b"".join(_WRITTEN.pack(pk.bytes, many) for pk, many in revisions.items())).decode()


def _place(entry_id: UUID) -> Place:
    return Place(_TABLE, entry_id, "body", 1)


def as_told(line: JournalEntry) -> dict[str, Any]:
    """Return every column of a line as it is hashed and taken out: ids and bytes in hex, nothing opened."""
    return {
        "seq": line.seq,
        "id": line.id.hex,
        "circle": line.circle.hex,
        "member": line.member.hex if line.member else "",
        "action": line.action,
        "noun": line.noun,
        "record": line.record.hex if line.record else "",
        "week": line.week,
        "body": bytes(line.body).hex(),
        "previous": bytes(line.previous).hex(),
    }


def _digest(line: JournalEntry) -> bytes:
    """SHA-256 over every column of the line, unambiguous, and the digest of the line before."""
    return bytes.fromhex(digest_of_line(as_told(line)))
