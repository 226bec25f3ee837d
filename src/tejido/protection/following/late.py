"""What is late, what nobody owns, what was decided and not done, in the whole circle: the home of loose ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tejido.domain import alerts, commitments, network_reach, plan_requests
from tejido.domain.dates import iso_week
from tejido.domain.names import sort_key
from tejido.domain.plan_checks import BEGUN_DAYS
from tejido.domain.plan_findings import MESSAGES, Finding, Level, finding_of
from tejido.fabric.models import Actor
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.queries import open_alerts
from tejido.protection.following.facts import call_facts, commitment_facts, request_facts
from tejido.protection.following.models import Care, Drill, ReachStep
from tejido.protection.following.pages import LateLine, LatePage, LateSection
from tejido.protection.following.queries import late_commitments, open_requests
from tejido.protection.models import Amendment, Measure, Plan
from tejido.protection.overdue import Late, overdue
from tejido.protection.showing import title_of
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: Of one sort so many are shown, and so many on a page of its own; the rest is counted. Never more are read.
_SHOWN: Final = 12
_ALONE: Final = 60
_MOST: Final = 200


def late_page(today: date, *, only: str = "") -> LatePage:
    """Compose the page, in a number of queries that does not grow with what is late.

    ``only`` is the code of one sort, which is then shown as far as it was read.
    """
    plans = overdue(today)
    sorts: tuple[tuple[str, str, Iterable[LateLine]], ...] = (
        ("late", _("What is late"), [*map(_late, plans.measures), *map(_late, plans.reviews)]),
        ("owed", _("What others owe us"), _promised(today)),
        ("undone", _("Decided and not done"), _not_done(today)),
        ("calls", _("Calls to others"), _called(today)),
        ("unowned", _("What nobody owns"), _unowned()),
        ("untried", _("What was to be tried out, or cared for, again"), _untried(today)),
        ("undecided", _("What waits for the group's word"), [*map(_late, plans.undecided), *_amended()]),
        ("unanswered", _("Threats without a measure"), map(_late, plans.unanswered)),
        ("requests", _("Requests for one person"), _requested(today)),
        ("unreached", _("Groups that have nobody to call"), _unreached()),
    )
    asked = [one for one in sorts if not only or one[0] == only]
    sections = tuple(_section(*one, shown=_ALONE if only else _SHOWN) for one in asked)
    return LatePage(sections, sum(one.many for one in sections), only)


def _section(code: str, title: str, found: Iterable[LateLine], *, shown: int) -> LateSection:
    lines = tuple(found)
    return LateSection(code, title, lines[:shown], max(0, len(lines) - shown))


def _late(one: Late) -> LateLine:
    label = vocabulary("measures").label(one.code, page_language()) if one.code else ""
    subject = one.subject or label[:1].upper() + label[1:]
    return _line(one.finding, one.collective, subject, reverse("protection:plan", args=[one.plan]))


def _line(finding: Finding, group: Actor | None, subject: str, address: str) -> LateLine:
    return LateLine(
        level=finding.level,
        group=group.usual_name if group is not None else "",
        subject=subject,
        sentence=finding.sentence(WORDS, page_language()),
        way_out=finding.help(WORDS),
        address=address,
    )


def _promised(today: date) -> Iterator[LateLine]:
    rows = {str(one.pk): one for one in late_commitments(today)}
    for finding in commitments.findings(map(commitment_facts, rows.values()), today):
        one = rows[finding.subject]
        there = reverse("protection:keep", args=[one.collective_id, "commitments", one.pk])
        yield _line(finding, one.collective, one.words, there)


def _called(today: date) -> Iterator[LateLine]:
    """Name the calls to others that are on their way and whom somebody has to see to."""
    for alert in open_alerts():
        for finding in alerts.findings(alert_facts(alert, today), today):
            if finding.level != "note":
                there = reverse("protection:alert", args=[alert.collective_id, alert.pk])
                yield _line(finding, alert.collective, _first_line(alert.words), there)


def _first_line(words: str) -> str:
    return words.splitlines()[0] if words else ""


def _open_measures() -> QuerySet[Measure]:
    still_open = [term.code for term in vocabulary("measure_statuses") if term.flag("open")]
    found = Measure.objects.filter(circle_id=circle_at_work(), status__in=still_open).exclude(plan__status="closed")
    return found.select_related("plan__collective").order_by("born", "id")


def _not_done(today: date) -> Iterator[LateLine]:
    """What an adopted plan holds and nobody has begun, and what ended without the group's decision."""
    begun = _open_measures().filter(plan__status="adopted", status__in=["wanted", "agreed"], due_week=None)
    for one in begun[:_MOST]:
        adopted = one.plan.adopted_on
        if adopted is not None and adopted.earliest + timedelta(days=BEGUN_DAYS) < today:
            yield _measured("decided_not_begun", "late", one, when=adopted.earliest)
    ended = Measure.objects.filter(
        circle_id=circle_at_work(), plan__status="adopted", status__in=["stopped", "harmful"], ended_by=None
    )
    for one in ended.select_related("plan__collective").order_by("born", "id")[:_MOST]:
        yield _measured("ended_undecided", "late", one)


def _unowned() -> Iterator[LateLine]:
    # Who sees to it may be said in words alone, which are sealed: those without an actor are opened.
    found = [one for one in _open_measures().filter(owner=None)[: _MOST * 2] if not one.owner_words]
    for one in found:
        yield _measured("measure_without_owner", "soon", one)


def _measured(code: str, level: Level, one: Measure, **parameters: object) -> LateLine:
    finding = finding_of(MESSAGES, code, level, str(one.pk), **parameters)
    there = reverse("protection:measure_edit", args=[one.plan_id, one.pk])
    return _line(finding, one.plan.collective, title_of(one), there)


def _amended() -> Iterator[LateLine]:
    waiting = Amendment.objects.filter(circle_id=circle_at_work(), decision=None, plan__status="adopted")
    for one in waiting.select_related("plan__collective").order_by("born", "id")[:_MOST]:
        finding = finding_of(MESSAGES, "amendment_undecided", "late", str(one.pk))
        yield _line(finding, one.plan.collective, one.subject, reverse("protection:adopt", args=[one.plan_id]))


def _requested(today: date) -> Iterator[LateLine]:
    for one in open_requests(today):
        group = one.collective
        whose = one.collective_id or one.person_id
        there = reverse("protection:keep", args=[whose, "requests", one.pk]) if whose is not None else ""
        subject = vocabulary("request_kinds").label(one.kind, page_language())
        for finding in plan_requests.findings(request_facts(one), today):
            if finding.level == "late" or finding.code == "outside_the_group":
                yield _line(finding, group, subject, there)


def _untried(today: date) -> Iterator[LateLine]:
    """Name the calls, drills and ways of caring whose day to be tried, or done, again has passed."""
    circle, week = circle_at_work(), iso_week(today)
    tested = Q(answered="silent") | Q(tested_week__lte=iso_week(today))
    calls = ReachStep.objects.filter(tested, circle_id=circle)
    for call in calls.select_related("collective").order_by("tested_week", "id")[:_MOST]:
        for finding in network_reach.on_call(call_facts(call), today):
            there = reverse("protection:keep", args=[call.collective_id, "reach", call.pk])
            yield _line(finding, call.collective, call.name, there)
    newest: set[tuple[UUID, str]] = set()
    for drill in _newest_first(circle):
        tried = (drill.collective_id, sort_key(drill.tried))
        if tried not in newest and drill.next_on is not None and drill.next_on.end < today:
            there = reverse("protection:keep", args=[drill.collective_id, "drills", drill.pk])
            finding = finding_of(network_reach.MESSAGES, "drill_due", "soon", when=drill.next_on.end)
            yield _line(finding, drill.collective, drill.tried, there)
        newest.add(tried)
    cares = Care.objects.filter(circle_id=circle, next_week__lte=week).select_related("collective")
    for care in cares.order_by("next_week", "id")[:_MOST]:
        if care.next_on is not None and care.next_on.end < today:
            there = reverse("protection:keep", args=[care.collective_id, "care", care.pk])
            finding = finding_of(network_reach.MESSAGES, "care_due", "soon", when=care.next_on.end)
            yield _line(finding, care.collective, care.words, there)


def _newest_first(circle: UUID) -> list[Drill]:
    """Return what was tried out, the newest first: what was tried once more goes on from there."""
    found = list(
        Drill.objects.filter(circle_id=circle).select_related("collective").order_by("-held_week", "id")[:_MOST]
    )
    return sorted(found, key=lambda one: (-(one.held_week or 0), -one.born, one.pk))


def _unreached() -> Iterator[LateLine]:
    """Name the groups with an open plan and nobody to call."""
    calls = ReachStep.objects.filter(collective=OuterRef("collective"))
    plans = Plan.objects.filter(~Exists(calls), circle_id=circle_at_work()).exclude(status="closed")
    seen = set()
    for plan in plans.select_related("collective").order_by("born", "id")[:_MOST]:
        if plan.collective_id not in seen:
            seen.add(plan.collective_id)
            finding = finding_of(network_reach.MESSAGES, "nobody_to_call", "soon")
            there = reverse("protection:shelf", args=[plan.collective_id, "reach"])
            yield _line(finding, plan.collective, "", there)
