"""What was done in a circle, and by whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tejido.circles.journal_words import words_for
from tejido.circles.models import Member
from tejido.circles.pages import JournalLine
from tejido.vault.journal import body_of
from tejido.vault.models import JournalEntry
from tejido.web.paging import Page


def done_here(circle: UUID) -> int:
    """Return how many lines the journal of the circle has."""
    return JournalEntry.objects.filter(circle=circle).count()


def lines_of_journal(
    circle: UUID, *, after: UUID | None = None, before: UUID | None = None, size: int = 50
) -> Page[JournalLine]:
    """Return one page of the journal, newest first: ``after`` and ``before`` name a line of a neighbour page."""
    lines = JournalEntry.objects.filter(circle=circle)
    place = after or before
    edge = JournalEntry.objects.filter(id=place).values_list("seq", flat=True).first() if place else None
    if edge is not None and before and not after:
        found = list(lines.filter(seq__gt=edge).order_by("seq")[: size + 1])
        more_before, more_after = len(found) > size, True
        shown = found[:size][::-1]
    else:
        below = lines if edge is None else lines.filter(seq__lt=edge)
        found = list(below.order_by("-seq")[: size + 1])
        more_before, more_after = edge is not None, len(found) > size
        shown = found[:size]
    rows = _told(shown)
    return Page(
        rows,
        after=rows[-1].id if rows and more_after else None,
        before=rows[0].id if rows and more_before else None,
    )


def _told(entries: list[JournalEntry]) -> tuple[JournalLine, ...]:
    people = Member.objects.in_bulk({entry.member for entry in entries if entry.member})
    return tuple(
        JournalLine(
            id=entry.id,
            at=datetime.fromisoformat(str(body_of(entry)["at"])),
            who=people[entry.member].name if entry.member in people else "",
            what=words_for(entry.action),
        )
        for entry in entries
    )
