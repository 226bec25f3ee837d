"""Taking the journal out, for somebody who proves it elsewhere: what an auditor may know, never content.

``proof`` says how the file is made and looks at it. Of another circle's lines it holds the digests alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from tejido.domain.errors import BadInput
from tejido.domain.words import N_
from tejido.vault.checkpoints import SignedLine, signed_lines
from tejido.vault.files import new_private
from tejido.vault.journal import By, as_told, body_of, sign_head, writing
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry
from tejido.vault.proof import END, FORMAT, VERSION, end_statement
from tejido.vault.signing import public_of, sign

_NO_KEY = N_(
    "Nobody in particular is at work, so nobody can sign. Nothing was written; open the workspace as a member."
)
_TAKEN = N_("There is a file of this name already. Nothing was written; choose another name.")


@dataclass(frozen=True)
class JournalOut:
    """What was taken out: how many lines, the last one's number, and its digest (hex) to write down elsewhere."""

    lines: int
    head: int
    digest: str


def take_journal_out(*, by: By, out: Path, now: datetime | None = None) -> JournalOut:
    """Write the journal of the circle of ``by`` to a new file that only its owner may read.

    That it was taken out is its last line, and signed. Raises ``BadInput`` if the file is there already or nobody
    in particular is at work.
    """
    seed = current().signing_seed
    if seed is None:
        raise BadInput(_NO_KEY)
    moment = now or datetime.now(UTC)
    try:
        target = new_private(out)
    except FileExistsError:
        raise BadInput(_TAKEN) from None
    try:
        with target:
            with writing(by=by, action="audit.export", now=moment):
                pass
            sign_head(by=by, now=moment)
            return _write(by, target, seed, moment)
    except BaseException:
        out.unlink(missing_ok=True)
        raise


def _write(by: By, target: BinaryIO, seed: bytes, moment: datetime) -> JournalOut:
    digest = hashlib.sha256()

    def put(row: dict[str, Any]) -> None:
        raw = json.dumps(row, separators=(",", ":")).encode() + b"\n"
        target.write(raw)
        digest.update(raw)

    at = moment.isoformat(timespec="seconds")
    put({"tejido": FORMAT, "version": VERSION, "circle": by.circle_id.hex, "at": at})
    found = _lines(by, put)
    end: dict[str, Any] = {
        "kind": "end",
        "circle": by.circle_id.hex,
        "head": found.head,
        "digest": found.digest,
        "lines": found.lines,
        "sha256": digest.hexdigest(),
        "member": by.id.hex,
        "at": at,
        "public": public_of(seed).hex(),
    }
    put({**end, "signature": sign(seed, END, end_statement(end)).hex()})
    return found


def _lines(by: By, put: Callable[[dict[str, Any]], None]) -> JournalOut:
    """Put every line, and after it what members signed about it."""
    signed = signed_lines(by.circle_id)
    waiting = next(signed, None)
    lines, head, last = 0, 0, ""
    for entry in JournalEntry.objects.order_by("seq").iterator():
        put(_row(entry, told=entry.circle == by.circle_id))
        lines, head, last = lines + 1, entry.seq, bytes(entry.digest).hex()
        while waiting is not None and waiting.seq <= head:
            put(_signature(waiting))
            waiting = next(signed, None)
    for left in _rest(waiting, signed):
        put(_signature(left))
    return JournalOut(lines, head, last)


def _rest(waiting: SignedLine | None, signed: Iterator[SignedLine]) -> Iterator[SignedLine]:
    """Yield what was signed of lines that are not there any more, so that whoever looks sees that they are missing."""
    if waiting is not None:
        yield waiting
        yield from signed


def _row(entry: JournalEntry, *, told: bool) -> dict[str, Any]:
    digest = bytes(entry.digest).hex()
    if not told:
        return {"kind": "other", "seq": entry.seq, "previous": bytes(entry.previous).hex(), "digest": digest}
    body = body_of(entry)
    return {"kind": "line", **as_told(entry), "digest": digest, "at": body["at"], "notes": body["notes"]}


def _signature(line: SignedLine) -> dict[str, Any]:
    return {
        "kind": "checkpoint",
        **line.statement,
        "public": line.public,
        "signature": line.signature,
    }
