"""What members do with alerts: write one, begin it under the group's decision, note whom they told, stop it.

Every action is one transaction with its line in the journal. Nothing here sends anything: people tell people, and
write down that they did. ``revision`` is the one a form showed: ``Conflict`` when somebody wrote since.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from tejido.circles.approvals import others_who_may_approve, spend
from tejido.domain.alerts import INSIDE, SUBJECT, AlertBegun, AlertToNobody, AlertWithoutConsent, refuse_telling
from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import NotDecided
from tejido.domain.errors import BadInput
from tejido.domain.second_person import NotApproved
from tejido.domain.words import N_
from tejido.fabric.making import paragraphs
from tejido.fabric.models import Actor, Consent
from tejido.fabric.queries import consent_covering
from tejido.fabric.touching import touch
from tejido.incidents.models import Incident
from tejido.protection.actions import require_collective
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.given import AlertGiven, ToldGiven
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.alerts.queries import alert_by_id
from tejido.protection.alerts.seconding import approval_for, mark_of
from tejido.protection.deciding import require_decision
from tejido.protection.facts import decision_facts
from tejido.protection.following.actions import sought_record
from tejido.protection.following.models import ReachStep
from tejido.protection.models import Decision
from tejido.protection.records import GONE, sought, under
from tejido.vault.journal import By, Entry, writing
from tejido.vault.records import change, create, create_all, remove

_NOT_YET = N_("This day is still to come. What you typed was kept; write whom you told once you have.")
_PAST = N_("Its last day is over already. What you typed was kept; give a day to come.")
_NO_WORDS = N_("Say in a few words why it stops, or what came of it. What you typed was kept.")
_ENDED = N_("This call is not being told any more. Nothing was changed.")


def write_alert(*, by: By, collective: UUID, given: AlertGiven, today: date, once: UUID | None = None) -> Alert:
    """Write an alert down, as a draft: nobody is told. Raises ``BadInput`` for one whose last day is over."""
    values = _values(given, today)
    with writing(by=by, action="alert.write") as entry:
        group = sought(Actor, collective, by)
        require_collective(group)
        _check_incident(given.incident, by)
        made = create(Alert(**under(once), circle_id=by.circle_id, collective=group, **values), entry)
        _call(made, given.chain, entry)
        _about(made, entry)
    return made


def change_alert(*, by: By, alert: UUID, given: AlertGiven, today: date, revision: int | None = None) -> Alert:
    """Change a draft: its words, who is told. Raises ``AlertBegun`` once others may have been told of it."""
    values = _values(given, today)
    with writing(by=by, action="alert.change") as entry:
        record = sought_record(Alert, alert, by, revision)
        if record.status != "draft":
            raise AlertBegun
        _check_incident(given.incident, by)
        change(record, entry, **values)
        _call(record, given.chain, entry)
        _about(record, entry)
    return record


def begin_alert(
    *, by: By, alert: UUID, today: date, decision: UUID | None = None, revision: int | None = None
) -> Alert:
    """Let an alert be told, under a decision of the group on calling others (``decision``, or the newest that holds).

    Raises ``NotDecided``; ``AlertToNobody``; beyond the circle ``AlertWithoutConsent``, and ``NotApproved`` where
    there is a second person and none of them agreed to exactly these words.
    """
    with writing(by=by, action="alert.begin") as entry:
        record = sought_record(Alert, alert, by, revision)
        if record.status != "draft":
            raise AlertBegun
        found = _decision(record, decision, by, today)
        record = alert_by_id(alert, by=by)
        if not record.calls.all():
            raise AlertToNobody
        consent = _consent(record, today)
        _let_second_person_agree(record, by, entry)
        begun = ImpreciseDate.day(today)
        change(record, entry, status="open", decision=found, consent=consent, begun_on=begun)
        entry.notes.update(mode=found.mode, calls=len(record.calls.all()))
        _about(record, entry)
    return record


def add_to_chain(*, by: By, alert: UUID, chain: Iterable[UUID]) -> Alert:
    """Let others of the network be told as well; what they are told stays as the group decided it."""
    with writing(by=by, action="alert.add") as entry:
        record = sought_record(Alert, alert, by)
        if record.status != "open":
            raise BadInput(_ENDED)
        there = set(record.calls.values_list("step_id", flat=True))
        _add_calls(record, [one for one in chain if one not in there], entry)
        _about(record, entry)
    return record


def note_told(
    *, by: By, call: UUID, given: ToldGiven, today: date, still_stood: bool = False, revision: int | None = None
) -> AlertCall:
    """Write down that somebody was told, when, and what they answered.

    Raises ``BadInput`` for a day to come, ``AlertStopped`` for a day on which nothing covered it; what was answered
    to somebody who was told in time can be written at any time. ``still_stood``: see ``refuse_telling``.
    """
    if given.given_on.earliest > today:
        raise BadInput(_NOT_YET)
    with writing(by=by, action="alert.tell") as entry:
        record = sought_record(AlertCall, call, by, revision)
        alert = alert_by_id(record.alert_id, by=by)
        if record.given_on != given.given_on:
            refuse_telling(alert_facts(alert, today), given.given_on.latest, still_stood=still_stood)
        change(record, entry, **given.values())
        entry.notes["answered"] = record.answered
        _about(alert, entry)
    return record


def end_alert(*, by: By, alert: UUID, how: str, outcome: str, today: date, revision: int | None = None) -> Alert:
    """End an alert: ``how`` is stopped or over. Raises ``BadInput`` without the words of why, or what came of it."""
    told = paragraphs(outcome)
    if how not in ("stopped", "over") or not told:
        raise BadInput(_NO_WORDS)
    with writing(by=by, action="alert.end") as entry:
        record = sought_record(Alert, alert, by, revision)
        if record.status != "open":
            raise BadInput(_ENDED)
        change(record, entry, status=how, ended_on=ImpreciseDate.day(today), outcome=told)
        entry.notes["status"] = how
        _about(record, entry)
    return record


def remove_alert(*, by: By, alert: UUID) -> None:
    """Take out a draft; what others may have been told of stays. Raises ``AlertBegun``."""
    with writing(by=by, action="alert.remove") as entry:
        record = sought_record(Alert, alert, by)
        if record.status != "draft":
            raise AlertBegun
        _about(record, entry)
        remove(record, entry)


def _values(given: AlertGiven, today: date) -> dict[str, object]:
    if given.until is not None and given.until.end < today:
        raise BadInput(_PAST)
    return given.values()


def _check_incident(incident: UUID | None, by: By) -> None:
    if incident is not None and not Incident.objects.filter(pk=incident, circle_id=by.circle_id).exists():
        raise BadInput(GONE)


def _call(alert: Alert, chain: Iterable[UUID], entry: Entry) -> None:
    """Choose who is told, these and no others, in the order of the network."""
    wanted = list(dict.fromkeys(chain))
    there = set(alert.calls.values_list("step_id", flat=True))
    for gone in alert.calls.exclude(step_id__in=wanted):
        remove(gone, entry)
    _add_calls(alert, [one for one in wanted if one not in there], entry)


def _add_calls(alert: Alert, chain: Iterable[UUID], entry: Entry) -> None:
    """Add calls of the group's network as they are written there now: what the network says may change later."""
    wanted = list(dict.fromkeys(chain))
    ids = sorted(uuid4() for _one in wanted)
    steps = ReachStep.objects.filter(collective_id=alert.collective_id, pk__in=wanted)
    rows = [
        AlertCall(
            id=pk, circle_id=alert.circle_id, alert=alert, step=one, position=one.position, channel=one.channel,
            name=one.name, how=one.how, stand_in=one.stand_in,
        )
        for pk, one in zip(ids, steps.order_by("position", "born", "id"), strict=False)
    ]  # fmt: skip
    if len(rows) != len(wanted):
        raise BadInput(GONE)
    create_all(AlertCall, rows, entry)


def _decision(alert: Alert, decision: UUID | None, by: By, today: date) -> Decision:
    if decision is None:
        return require_decision(alert.collective_id, SUBJECT, today)
    found = sought(Decision, decision, by)
    if found.collective_id != alert.collective_id or not decision_facts(found).covers(SUBJECT, today):
        raise NotDecided
    return found


def _consent(alert: Alert, today: date) -> Consent | None:
    if alert.audience == INSIDE:
        return None
    found = consent_covering(alert.collective, "alert", alert.audience, today)
    if found is None:
        raise AlertWithoutConsent
    return found


def _let_second_person_agree(alert: Alert, by: By, entry: Entry) -> None:
    if alert.audience == INSIDE or not others_who_may_approve(by):
        return
    approval = approval_for(alert, by=by)
    if approval is None:
        raise NotApproved
    spend(entry, by=by, approval=approval, kind="alert", digest=mark_of(alert))


def _about(alert: Alert, entry: Entry) -> None:
    entry.about("protection.alert", alert.pk)
    touch(Actor, [alert.collective_id], entry)
