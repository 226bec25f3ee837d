"""What leaves with a second person's approval: made once, kept sealed, handed out exactly as it was approved.

The artefact is made when it is asked for. Its SHA-256 is what the second person signs, so that what leaves is what
stood when they looked, to the byte, whatever is written meanwhile.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes
from typing import IO, cast
from uuid import uuid4

from tejido.circles.approvals import ask, others_who_may_approve, refuse_unless_approved, spend, take_back
from tejido.circles.models import Approval
from tejido.domain.second_person import ALTERED, APPROVED, LASTS, USED, WAITING, NotApproved
from tejido.exchange.exporting import ExportReport, Progress, fill, written_whole
from tejido.exchange.waiting import sealed_files
from tejido.vault.files import FRAME, SealedFile, SealingWriter, new_private
from tejido.vault.journal import By, sign_head, writing

KIND = "export"


class _Sink(io.RawIOBase):
    """A file that seals what is written to it; there is no way back in it."""

    def __init__(self, writer: SealingWriter) -> None:
        self._writer = writer

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        plain = bytes(cast("bytes", data))
        self._writer.write(plain)
        return len(plain)


def needs_second_person(by: By) -> bool:
    """Say whether there is anybody in the circle, besides ``by``, who could be asked."""
    return bool(others_who_may_approve(by))


def ask_to_export(*, by: By, reason: str, progress: Progress | None = None, now: datetime | None = None) -> Approval:
    """Make the export, sealed, and ask a second person for it."""
    sealed, report = _sealed_export(by, progress)
    try:
        return ask(
            by=by, kind=KIND, digest=sealed.sha256, holds=report.counts, reason=reason, file=sealed, now=now
        )  # fmt: skip
    except BaseException:
        sealed_files().discard(sealed)
        raise


def export_approved(*, by: By, approval: Approval, out: Path, now: datetime | None = None) -> ExportReport:
    """Write what was approved to ``out``; the approval is used up just before the file is there.

    Raises ``NotApproved``, with the reason, if anything is not as it was approved; then nothing is written.
    """
    with written_whole(out) as target:
        report = export_approved_into(by=by, approval=approval, target=target, now=now)
    report.path = out
    return report


def export_approved_into(
    *, by: By, approval: Approval, target: IO[bytes], now: datetime | None = None
) -> ExportReport:
    """Write what was approved into an open file, which whoever calls keeps to themselves if this raises."""
    # Asked before it is opened, too: an approval that does not hold opens nothing.
    refuse_unless_approved(by=by, approval=approval, kind=KIND, digest=approval.statement["digest"], now=now)
    sealed = _sealed_of(approval)
    digest, size = hashlib.sha256(), 0
    with sealed_files().open(sealed) as content:
        while piece := content.read(FRAME):
            target.write(piece)
            digest.update(piece)
            size += len(piece)
    target.flush()
    with writing(by=by, action="exchange.export", now=now) as entry:
        entry.about("circles.approval", approval.pk)
        entry.notes["counts"] = approval.statement["holds"]
        spend(entry, by=by, approval=approval, kind=KIND, digest=digest.hexdigest(), now=now)
    sealed_files().discard(sealed)
    sign_head(by=by, now=now)
    return ExportReport(counts=dict(approval.statement["holds"]), size=size, sha256=digest.hexdigest())


def take_export_back(*, by: By, approval: Approval) -> None:
    """Take back what one asked for, and forget the sealed artefact."""
    file = approval.file
    take_back(by=by, approval=approval)
    discard_artefact(file)


def discard_artefact(file: dict[str, object]) -> None:
    """Forget a sealed artefact that nobody may use any more."""
    if file:
        sealed_files().discard(SealedFile.from_json(file))


def forget_old(*, by: By, now: datetime | None = None) -> int:
    """Forget the sealed artefacts of what is over, was refused or taken back; return how many."""
    moment, forgotten = now or datetime.now(UTC), 0
    for approval in Approval.objects.filter(circle=by.circle_id, kind=KIND).exclude(status=USED):
        over = moment - datetime.fromisoformat(approval.statement["asked_at"]) > LASTS + timedelta(hours=1)
        if approval.file and (over or approval.status not in {WAITING, APPROVED}):
            path = sealed_files().writing(SealedFile.from_json(approval.file).id)
            forgotten += int(path.is_file())
            path.unlink(missing_ok=True)
    return forgotten


def _sealed_of(approval: Approval) -> SealedFile:
    if not approval.file:
        raise NotApproved(ALTERED)
    return SealedFile.from_json(approval.file)


def _sealed_export(by: By, progress: Progress | None) -> tuple[SealedFile, ExportReport]:
    """Make the export; its plain bytes never touch the disk."""
    return _sealed(lambda target: fill(by=by, target=target, progress=progress))


def _sealed(make: Callable[[IO[bytes]], ExportReport]) -> tuple[SealedFile, ExportReport]:
    identity, key = uuid4(), token_bytes(32)
    path = sealed_files().writing(identity)
    try:
        with new_private(path) as file:
            writer = SealingWriter(file, key)
            report = make(cast("IO[bytes]", _Sink(writer)))
            digest = writer.close()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return SealedFile(identity, key, digest, writer.size), report
