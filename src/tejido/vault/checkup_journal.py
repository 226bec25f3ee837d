"""Whether the journal is whole and signed, and whether the clock goes with what was written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tejido.domain.errors import TejidoError
from tejido.domain.words import N_
from tejido.vault import journal
from tejido.vault.checkpoints import EVERY, last_signed
from tejido.vault.checkup_remarks import Remark, remark
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry
from tejido.vault.workspace import NAME

#: Clocks of two machines may differ by this much.
_SLACK: Final = timedelta(minutes=10)


def remarks(directory: Path, *, now: datetime) -> Iterator[Remark]:
    """Walk the journal and what members signed of it; compare the clock with the newest line and the newest file."""
    try:
        lines = journal.verify()
    except TejidoError:
        yield remark(
            "journal",
            "fault",
            N_("The journal was altered: a line was changed, taken out or put in. Find out who had the file."),
        )
    else:
        yield remark("journal", "good", N_("The journal is whole: {lines} lines."), lines=lines)
        yield from _signed(lines)
    yield from _clock(directory, now)


def _signed(lines: int) -> Iterator[Remark]:
    circles = current().circles
    unsigned = lines - max((last_signed(circle) for circle in circles), default=0)
    if unsigned > 2 * EVERY:
        yield remark(
            "checkpoints",
            "warning",
            N_(
                "Lines at the end of the journal that nobody signed: {unsigned}. They could be written "
                "anew unseen. Open the notebook and lock it again, which signs them."
            ),
            unsigned=unsigned,
        )


def _clock(directory: Path, now: datetime) -> Iterator[Remark]:
    written = _newest_line()
    changed = datetime.fromtimestamp((directory / NAME).stat().st_mtime, UTC) if (directory / NAME).is_file() else None
    known = [moment for moment in (written, changed) if moment is not None]
    if any(moment > now + _SLACK for moment in known) or (written is not None and written > now):
        yield remark(
            "clock", "fault", N_("The clock is behind the last thing written here. Set it right before you go on.")
        )
    elif known:
        yield remark("clock", "good", N_("The clock is not behind what was written here."))


def _newest_line() -> datetime | None:
    """Return when the newest line that we can open was written; None if there is none, or it was altered."""
    line = JournalEntry.objects.filter(circle__in=current().circles).order_by("-seq").first()
    if line is None:
        return None
    try:
        return datetime.fromisoformat(str(journal.body_of(line)["at"]))
    except TejidoError:
        return None
