"""What a group has agreed on, as a calendar: neutral titles, private, nothing said of what or whom (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from tejido.domain.dates import ImpreciseDate
from tejido.domain.words import N_
from tejido.protection.following.models import Care, Commitment, DeskRequest, Drill
from tejido.protection.models import Decision, Measure, Plan
from tejido.vocabularies import vocabulary

#: Keeps the ids of a calendar apart from those of the records it was made from.
_SPACE: Final = UUID("6f0e6f1a-54a5-4a36-9d5c-3f1a8f1f2b60")
_AHEAD: Final = timedelta(days=2)

#: By what it is: the only word that the calendar says of it.
_WORD: Final = {
    "review": N_("meeting"), "drill": N_("meeting"), "decision": N_("meeting"), "care": N_("meeting"),
    "visit": N_("visit"), "promise": N_("ask"), "measure": N_("task"), "answer": N_("ask"), "return": N_("ask"),
}  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """A day that was agreed on; ``what`` is a key of the neutral words, ``words`` stay inside."""

    record: UUID
    what: str
    day: date
    words: str


def agreed_days(collective: UUID, today: date) -> list[Agreed]:
    """Return the days a group has agreed on and that are not over for long, the nearest first."""
    found = [*_of_plans(collective), *_of_others(collective)]
    return sorted(
        (one for one in found if one.day >= today - timedelta(days=31)), key=lambda one: (one.day, one.record)
    )


def _of_plans(collective: UUID) -> Iterator[Agreed]:
    for plan in Plan.objects.filter(collective_id=collective, review_week__isnull=False).exclude(status="closed"):
        yield from _on(plan.pk, "review", plan.review_on, plan.title)
    still_open = [term.code for term in vocabulary("measure_statuses") if term.flag("open")]
    measures = Measure.objects.filter(plan__collective_id=collective, due_week__isnull=False, status__in=still_open)
    for measure in measures.exclude(plan__status="closed").order_by("due_week", "id"):
        yield from _on(measure.pk, "measure", measure.due_on, measure.title or measure.code)
    for decision in Decision.objects.filter(collective_id=collective, status="in_force", until_week__isnull=False):
        yield from _on(decision.pk, "decision", decision.holds_until, decision.what)


def _of_others(collective: UUID) -> Iterator[Agreed]:
    for one in Commitment.objects.filter(collective_id=collective, status="promised", due_week__isnull=False):
        yield from _on(one.pk, "visit" if one.kind == "visit" else "promise", one.due_on, one.words)
    for drill in Drill.objects.filter(collective_id=collective, next_week__isnull=False):
        yield from _on(drill.pk, "drill", drill.next_on, drill.tried)
    for care in Care.objects.filter(collective_id=collective, next_week__isnull=False):
        yield from _on(care.pk, "care", care.next_on, care.words)
    dated = Q(answer_week__isnull=False) | Q(return_week__isnull=False)
    for asked in DeskRequest.objects.filter(dated, collective_id=collective).exclude(
        status__in=["ended", "withdrawn"]
    ):
        yield from _on(asked.pk, "answer", asked.answer_by if asked.status == "sent" else None, asked.to_whom)
        yield from _on(asked.pk, "return", asked.return_on, asked.to_whom)


def _on(record: UUID, what: str, when: ImpreciseDate | None, words: str) -> Iterator[Agreed]:
    if when is not None:
        yield Agreed(record, what, when.end, words)


def calendar_bytes(collective: UUID, *, today: date) -> bytes:
    """Return the calendar of a group: whole days, reminded of two days before, private, in neutral words.

    Whoever sees a telephone sees that something was agreed on, not what, with whom or why.
    """
    made = Calendar()
    made.add("prodid", "-//Cuaderno//")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    stamp = datetime.combine(today, time(), tzinfo=UTC)
    for one in agreed_days(collective, today):
        made.add_component(_event(one, stamp))
    return bytes(made.to_ical())


def _event(one: Agreed, stamp: datetime) -> Event:
    title = f"{settings.NEUTRAL_NAME}: {_(_WORD[one.what])}"
    event = Event()
    event.add("uid", str(uuid5(_SPACE, f"{one.record} {one.what}")))
    event.add("dtstamp", stamp)
    event.add("dtstart", one.day)
    event.add("dtend", one.day + timedelta(days=1))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -_AHEAD)
    event.add_component(alarm)
    return event
