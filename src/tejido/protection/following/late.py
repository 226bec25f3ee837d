"""What is late, what nobody owns, what was decided and not done, in the whole circle: the home of loose ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tejido.domain import alerts, commitments, network_reach, plan_requests
from tejido.domain.plan_checks import BEGUN_DAYS
from tejido.domain.plan_findings import MESSAGES, Finding, Level, finding_of
from tejido.fabric.models import Actor
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.queries import open_alerts
from tejido.protection.following.facts import commitment_facts, request_facts
from tejido.protection.following.models import ReachStep
from tejido.protection.following.pages import LateLine, LatePage, LateSection
from tejido.protection.following.queries import late_commitments, open_requests
from tejido.protection.models import Amendment, Measure, Plan
from tejido.protection.overdue import Late, overdue
from tejido.protection.showing import title_of
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: Of one sort so many are shown; the rest is counted.
_SHOWN: Final = 30


def late_page(today: date) -> LatePage:
    """Compose the page, in a number of queries that does not grow with what is late."""
    plans = overdue(today)
    sections = (
        _section(_("What is late"), [*map(_late, plans.measures), *map(_late, plans.reviews)]),
        _section(_("What others owe us"), list(_promised(today))),
        _section(_("Decided and not done"), list(_not_done(today))),
        _section(_("Calls to others"), list(_called(today))),
        _section(_("What nobody owns"), list(_unowned())),
        _section(_("What waits for the group's word"), [*map(_late, plans.undecided), *_amended()]),
        _section(_("Threats without a measure"), [_late(one) for one in plans.unanswered]),
        _section(_("Requests for one person"), list(_requested(today))),
        _section(_("Groups that have nobody to call"), list(_unreached())),
    )
    return LatePage(sections, sum(one.many for one in sections))


def _section(title: str, lines: Sequence[LateLine]) -> LateSection:
    return LateSection(title, tuple(lines[:_SHOWN]), max(0, len(lines) - _SHOWN))


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
    for one in begun[:_SHOWN]:
        adopted = one.plan.adopted_on
        if adopted is not None and adopted.earliest + timedelta(days=BEGUN_DAYS) < today:
            yield _measured("decided_not_begun", "late", one, when=adopted.earliest)
    ended = Measure.objects.filter(
        circle_id=circle_at_work(), plan__status="adopted", status__in=["stopped", "harmful"], ended_by=None
    )
    for one in ended.select_related("plan__collective").order_by("born", "id")[:_SHOWN]:
        yield _measured("ended_undecided", "late", one)


def _unowned() -> Iterator[LateLine]:
    # Who sees to it may be said in words alone, which are sealed: those without an actor are opened.
    found = [one for one in _open_measures().filter(owner=None)[: _SHOWN * 10] if not one.owner_words]
    for one in found:
        yield _measured("measure_without_owner", "soon", one)


def _measured(code: str, level: Level, one: Measure, **parameters: object) -> LateLine:
    finding = finding_of(MESSAGES, code, level, str(one.pk), **parameters)
    there = reverse("protection:measure_edit", args=[one.plan_id, one.pk])
    return _line(finding, one.plan.collective, title_of(one), there)


def _amended() -> Iterator[LateLine]:
    waiting = Amendment.objects.filter(circle_id=circle_at_work(), decision=None, plan__status="adopted")
    for one in waiting.select_related("plan__collective").order_by("born", "id")[: _SHOWN * 2]:
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


def _unreached() -> Iterator[LateLine]:
    """Name the groups with an open plan and nobody to call."""
    calls = ReachStep.objects.filter(collective=OuterRef("collective"))
    plans = Plan.objects.filter(~Exists(calls), circle_id=circle_at_work()).exclude(status="closed")
    seen = set()
    for plan in plans.select_related("collective").order_by("born", "id")[: _SHOWN * 2]:
        if plan.collective_id not in seen:
            seen.add(plan.collective_id)
            finding = finding_of(network_reach.MESSAGES, "nobody_to_call", "soon")
            there = reverse("protection:shelf", args=[plan.collective_id, "reach"])
            yield _line(finding, plan.collective, "", there)
