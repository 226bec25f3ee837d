"""What was done in a circle, and by whom."""

from __future__ import annotations

from datetime import datetime
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import NoReverseMatch, reverse

from tejido.circles.audit_pages import JournalLine
from tejido.circles.journal_words import words_for
from tejido.circles.models import Member
from tejido.domain.words import N_
from tejido.vault.journal import body_of
from tejido.vault.models import JournalEntry
from tejido.web.paging import Page

#: Kinds of deeds by which the journal is narrowed: what each is called, and how the codes of its actions begin.
#: What begins in none of these ways is a record.
KINDS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "records": (N_("what was written down"), ()),
    "plans": (N_("plans and decisions"), ("plan.", "threat.", "measure.", "decision.", "assessment.", "module.")),
    "opened": (N_("dossiers that were opened"), ("dossier.open",)),
    "in": (N_("lists brought in"), ("exchange.upload", "exchange.m", "exchange.drop", "exchange.i", "exchange.undo")),
    "out": (N_("what left the circle"), ("exchange.export", "approval.", "audit.export")),
    "circle": (N_("members and keys"), ("circle.", "member.", "account.", "recovery.", "guardian.")),
}
_DOSSIERS: Final = {"fabric.actor": "dossiers:actor", "incidents.incident": "dossiers:incident"}


def done_here(circle: UUID, *, member: UUID | None = None, kind: str = "") -> int:
    """Return how many lines the journal of the circle has, of one member or one kind if asked."""
    return _lines(circle, member, kind).count()


def lines_of_journal(
    circle: UUID,
    *,
    member: UUID | None = None,
    kind: str = "",
    after: UUID | None = None,
    before: UUID | None = None,
    size: int = 50,
) -> Page[JournalLine]:
    """Return one page of the journal, newest first: ``after`` and ``before`` name a line of a neighbour page."""
    lines = _lines(circle, member, kind)
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


def _lines(circle: UUID, member: UUID | None, kind: str) -> QuerySet[JournalEntry]:
    lines = JournalEntry.objects.filter(circle=circle)
    if member is not None:
        lines = lines.filter(member=member)
    if kind not in KINDS:
        return lines
    begins = KINDS[kind][1] or tuple(begin for _, others in KINDS.values() for begin in others)
    matched = reduce(or_, (Q(action__startswith=begin) for begin in begins))
    return lines.filter(matched if KINDS[kind][1] else ~matched)


def people_of(circle: UUID) -> dict[UUID, str]:
    """Return everybody who is or was a member of the circle, with their names."""
    return {member.pk: member.name for member in Member.objects.filter(circle=circle).order_by("born")}


def _told(entries: list[JournalEntry]) -> tuple[JournalLine, ...]:
    people = Member.objects.in_bulk({entry.member for entry in entries if entry.member})
    return tuple(
        JournalLine(
            id=entry.id,
            at=_when(entry),
            who=people[entry.member].name if entry.member in people else "",
            what=words_for(entry.action),
            href=_dossier(entry) if entry.action == "dossier.open" else "",
        )
        for entry in entries
    )


def _when(entry: JournalEntry) -> datetime:
    """Return when it was done: for a dossier that was opened, when that was, not when the journal took it up."""
    body = body_of(entry)
    notes = body["notes"] if isinstance(body["notes"], dict) else {}
    return datetime.fromisoformat(str(notes.get("opened") or body["at"]))


def _dossier(entry: JournalEntry) -> str:
    """Return the address of the dossier a line is about; nothing where this installation has no such page."""
    try:
        return reverse(_DOSSIERS.get(entry.noun, entry.noun or "none"), args=[entry.record])
    except NoReverseMatch:
        return ""
