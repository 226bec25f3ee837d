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
from tejido.domain.names import sort_key
from tejido.domain.words import N_
from tejido.protection.alerts.models import Alert
from tejido.protection.following.facts import call_facts, months_of
from tejido.protection.following.models import Care, Commitment, DeskRequest
from tejido.protection.following.queries import calls_of, drills_of
from tejido.protection.models import Decision, Measure, Plan
from tejido.vocabularies import vocabulary

#: Keeps the ids of a calendar apart from those of the records it was made from.
_SPACE: Final = UUID("6f0e6f1a-54a5-4a36-9d5c-3f1a8f1f2b60")
_AHEAD: Final = timedelta(days=2)
#: The last day that every month has.
_ALWAYS_THERE: Final = 28

#: By what it is: the only word that the calendar says of it.
_WORD: Final = {
    "review": N_("meeting"), "drill": N_("meeting"), "decision": N_("meeting"), "care": N_("meeting"),
    "visit": N_("visit"), "promise": N_("ask"), "measure": N_("task"), "answer": N_("ask"), "return": N_("ask"),
    "test": N_("task"), "call": N_("task"),
}  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """A day that was agreed on; ``what`` is a key of the neutral words, ``words`` stay inside.

    ``months`` is how often it comes back, 0 for what does not (``domain.reviews.repetition``).
    """

    record: UUID
    what: str
    day: date
    words: str
    months: int = 0


def agreed_days(collective: UUID, today: date) -> list[Agreed]:
    """Return the days a group has agreed on and that are not over for long, or that come back; the nearest first."""
    found = [*_of_plans(collective), *_of_others(collective), *_of_network(collective)]
    lately = today - timedelta(days=31)
    return sorted((one for one in found if one.months or one.day >= lately), key=lambda one: (one.day, one.record))


def _of_plans(collective: UUID) -> Iterator[Agreed]:
    for plan in Plan.objects.filter(collective_id=collective, review_week__isnull=False).exclude(status="closed"):
        yield from _on(plan.pk, "review", plan.review_on, plan.title, months_of(plan.rhythm))
    still_open = [term.code for term in vocabulary("measure_statuses") if term.flag("open")]
    measures = Measure.objects.filter(plan__collective_id=collective, due_week__isnull=False, status__in=still_open)
    for measure in measures.exclude(plan__status="closed").order_by("due_week", "id"):
        yield from _on(measure.pk, "measure", measure.due_on, measure.title or measure.code)
    for decision in Decision.objects.filter(collective_id=collective, status="in_force", until_week__isnull=False):
        yield from _on(decision.pk, "decision", decision.holds_until, decision.what)


def _of_others(collective: UUID) -> Iterator[Agreed]:
    for one in Commitment.objects.filter(collective_id=collective, status="promised", due_week__isnull=False):
        yield from _on(one.pk, "visit" if one.kind == "visit" else "promise", one.due_on, one.words)
    for care in Care.objects.filter(collective_id=collective, next_week__isnull=False):
        yield from _on(care.pk, "care", care.next_on, care.words)
    dated = Q(answer_week__isnull=False) | Q(return_week__isnull=False)
    for asked in DeskRequest.objects.filter(dated, collective_id=collective).exclude(
        status__in=["ended", "withdrawn"]
    ):
        yield from _on(asked.pk, "answer", asked.answer_by if asked.status == "sent" else None, asked.to_whom)
        yield from _on(asked.pk, "return", asked.return_on, asked.to_whom)


def _of_network(collective: UUID) -> Iterator[Agreed]:
    newest: set[str] = set()
    for drill in drills_of(collective):
        again = sort_key(drill.tried)  # what was tried once more goes on from there, not from both
        if drill.next_on is not None and again not in newest:
            yield from _on(drill.pk, "drill", drill.next_on, drill.tried, months_of(drill.rhythm))
        newest.add(again)
    for call in calls_of(collective):
        following = call_facts(call).next_test if call.rhythm else None
        if following is not None:
            yield Agreed(call.pk, "test", following, call.name, months_of(call.rhythm))
    for alert in Alert.objects.filter(collective_id=collective, status="open", until_week__isnull=False):
        yield from _on(alert.pk, "call", alert.until, alert.words)


def _on(record: UUID, what: str, when: ImpreciseDate | None, words: str, months: int = 0) -> Iterator[Agreed]:
    if when is not None:
        yield Agreed(record, what, when.end, words, months)


def rule_of(first: date, months: int) -> dict[str, int | str | list[int]]:
    """Return the rule (RFC 5545, RRULE) by which a day comes back every so many months, as ``repetition`` has it.

    A month without that day has it on its last one: of the 28th to that day, the last there is.
    """
    rule: dict[str, int | str | list[int]] = {"freq": "monthly", "interval": months}
    if first.day > _ALWAYS_THERE:
        rule |= {"bymonthday": list(range(_ALWAYS_THERE, first.day + 1)), "bysetpos": -1}
    return rule


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
    if one.months:
        event.add("rrule", rule_of(one.day, one.months))
    event.add("summary", title)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -_AHEAD)
    event.add_component(alarm)
    return event
