"""Making the pages of alerts out of their records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from tejido.circles.approvals import others_who_may_approve
from tejido.domain import alerts as rules
from tejido.domain.alerts import INSIDE, SUBJECT, AlertFacts, Standing
from tejido.domain.dates import ImpreciseDate
from tejido.domain.words import N_
from tejido.fabric.models import Actor
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.alerts.pages import AlertLine, AlertPage, AlertsPage, CallLine, Second
from tejido.protection.alerts.queries import alerts_of
from tejido.protection.alerts.seconding import approval_for, waits_for_second_person
from tejido.protection.decision_views import said_of as said_of_decision
from tejido.protection.following.models import ReachStep
from tejido.protection.following.pages import Said
from tejido.protection.following.queries import calls_of
from tejido.protection.following.shelves import said_of
from tejido.protection.pages import Level
from tejido.protection.queries import standing_decisions
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.wording import WORDS, page_language

#: By how it stands: its word, and how grave that is.
_STATES: Final[Mapping[Standing, tuple[str, Level]]] = {
    "draft": (N_("draft"), "soon"),
    "stands": (N_("being told"), "good"),
    "decision_gone": (N_("not covered any more"), "late"),
    "consent_gone": (N_("not covered any more"), "late"),
    "too_late": (N_("its last day is over"), "late"),
    "stopped": (N_("stopped"), "late"),
    "over": (N_("over"), ""),
}
_ANSWERS: Final[Mapping[str, Level]] = {"helps": "good", "heard": "note", "refuses": "soon", "silent": "late"}


def alerts_page(group: Actor, today: date) -> AlertsPage:
    """Compose the list of a group's alerts, in a constant number of queries."""
    lines = tuple(_line(one, today) for one in alerts_of(group.pk))
    decided = bool(standing_decisions(group.pk, SUBJECT, today))
    return AlertsPage(group.usual_name, group.pk, lines, decided, bool(calls_of(group.pk)))


def _line(alert: Alert, today: date) -> AlertLine:
    facts = alert_facts(alert, today)
    state, level = state_of(facts, today)
    urgency = vocabulary("alert_urgencies").label(alert.urgency, page_language())
    return AlertLine(alert.pk, alert.words, alert.asked, state, level, rules.sentence(facts, WORDS), urgency)


def state_of(facts: AlertFacts, today: date) -> tuple[str, Level]:
    """Return how an alert stands, in a word, and how grave that is."""
    word, level = _STATES[rules.standing(facts, today)]
    return _(word), level


def alert_page(alert: Alert, today: date, *, by: By) -> AlertPage:
    """Compose the page of an alert that was read whole."""
    facts = alert_facts(alert, today)
    state, level = state_of(facts, today)
    found = rules.findings(facts, today)
    by_call: dict[str, list[Said]] = {}
    for one in found:
        if one.subject:
            by_call.setdefault(one.subject, []).append(said_of(one))
    there = {one.step_id for one in alert.calls.all()}
    is_open = alert.status == "open"
    return AlertPage(
        group=alert.collective.usual_name,
        group_id=alert.collective_id,
        id=alert.pk,
        state=state,
        level=level,
        draft=alert.status == "draft",
        open=is_open,
        stands=rules.standing(facts, today) == "stands",
        words=alert.words,
        asked=alert.asked,
        voice=rules.sentence(facts, WORDS),
        facts=tuple(_facts(alert)),
        decision=said_of_decision(alert.decision) if alert.decision is not None else "",
        outcome=alert.outcome or _taken_back(alert),
        found=tuple(said_of(one) for one in found if not one.subject),
        calls=tuple(_call(one, by_call.get(str(one.pk), ()), alert) for one in alert.calls.all()),
        second=second_of(alert, by=by),
        decided=bool(standing_decisions(alert.collective_id, SUBJECT, today)),
        addable=is_open and any(one.pk not in there for one in calls_of(alert.collective_id)),
    )


def _taken_back(alert: Alert) -> str:
    if alert.status == "stopped" and alert.decision is not None and alert.decision.status == "withdrawn":
        return _("The group took its decision back.")
    return ""


def _facts(alert: Alert) -> Iterator[tuple[str, str]]:
    lang = page_language()
    yield _("How urgent"), vocabulary("alert_urgencies").label(alert.urgency, lang)
    yield _("Who may see it"), vocabulary("audiences").label(alert.audience, lang)
    for words, when in ((N_("Until"), alert.until), (N_("Begun"), alert.begun_on), (N_("Ended"), alert.ended_on)):
        if when is not None:
            yield _(words), when.words(lang)
    if alert.incident is not None:
        yield _("About"), incident_said(alert.incident.title, alert.incident.when)


def incident_said(title: str, when: ImpreciseDate | None) -> str:
    """Return an incident in a line: its title and its day."""
    return f"{title} · {when.short(page_language())}" if when is not None else title


def _call(one: AlertCall, found: Sequence[Said], alert: Alert) -> CallLine:
    lang = page_language()
    when = one.given_on.words(lang) if one.given_on is not None else ""
    level: Level = _ANSWERS.get(one.answered, "note" if when else "")
    return CallLine(
        id=one.pk,
        place=one.position,
        name=one.name,
        way=way_of(one),
        stand_in=one.stand_in,
        level=level,
        state=vocabulary("alert_answers").label(one.answered, lang) if one.answered else "",
        told=" · ".join(part for part in (when, one.given_at, one.given_by) if part),
        answer=one.answer,
        found=tuple(found),
        writable=alert.status != "draft" and (alert.status == "open" or bool(when) or alert.status == "stopped"),
    )


def way_of(one: AlertCall | ReachStep) -> str:
    """Return in which way somebody is told: by phone and the number, on foot and where."""
    channel = vocabulary("reach_channels").label(one.channel, page_language())
    return f"{channel}: {one.how}" if one.how else channel


def second_of(alert: Alert, *, by: By) -> Second:
    """Return how far the second person is: none is needed, one is to be asked, was asked, or agreed."""
    if alert.status != "draft" or alert.audience == INSIDE or not others_who_may_approve(by):
        return "none"
    if approval_for(alert, by=by) is not None:
        return "agreed"
    return "waits" if waits_for_second_person(alert, by=by) else "ask"


def steps_offered(group: Actor, *, but: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return the calls of a group's network as a form offers them, in their order."""
    return [
        (str(one.pk), f"{one.position}. {one.name} · {way_of(one)}")
        for one in calls_of(group.pk)
        if str(one.pk) not in but
    ]
