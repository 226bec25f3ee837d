"""Alerts as the rules see them."""

from __future__ import annotations

from datetime import date

from tejido.domain.alerts import AlertFacts, ToldFacts
from tejido.fabric.queries import stands
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.facts import decision_facts
from tejido.vocabularies import vocabulary


def alert_facts(alert: Alert, today: date) -> AlertFacts:
    """Return an alert as the rules see it; an imprecise last day lasts to its end."""
    return AlertFacts(
        alert=str(alert.pk),
        status=alert.status,
        answer_within=int(vocabulary("alert_urgencies").term(alert.urgency).number("days") or 1),
        begun=alert.begun_on.earliest if alert.begun_on is not None else None,
        until=alert.until.end if alert.until is not None else None,
        ended=alert.ended_on.earliest if alert.ended_on is not None else None,
        decision=decision_facts(alert.decision) if alert.decision is not None else None,
        has_consent=alert.consent is not None and stands(alert.consent, today),
        audience=alert.audience,
        calls=tuple(call_told(one) for one in alert.calls.all()),
    )


def call_told(one: AlertCall) -> ToldFacts:
    """Return one of those to be told as the rules see it; an imprecise day is read at its earliest."""
    given = one.given_on.earliest if one.given_on is not None else None
    return ToldFacts(str(one.pk), one.position, given, one.answered)
