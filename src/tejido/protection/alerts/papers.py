"""A call to others on paper, for those of the group who tell it: what it says, and a line for each answer."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from tejido.domain.alerts import standing
from tejido.domain.dates import ImpreciseDate
from tejido.protection.alerts.facts import alert_facts
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.protection.alerts.showing import state_of, way_of
from tejido.protection.decision_views import said_of
from tejido.protection.leaving_out import names_left_out_around
from tejido.protection.printing import Said, visible
from tejido.protection.typesetting import Json, typeset
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language


def alert_pdf_bytes(alert: Alert, *, names: bool, today: date) -> bytes:
    """Return an alert as a PDF (A4). What does not stand ``today`` says so at its head, so that nobody passes it on.

    Without ``names`` the group's own name and those of persons around it are left out; numbers and signs stay.
    """
    said = visible if names else names_left_out_around(alert.collective)
    lang, facts = page_language(), alert_facts(alert, today)
    how_it_stands = standing(facts, today)
    urgency = vocabulary("alert_urgencies").label(alert.urgency, lang)
    until = _("until %(when)s") % {"when": alert.until.words(lang)} if alert.until is not None else ""
    told: dict[str, Json] = {
        "neutral": settings.NEUTRAL_NAME,
        "lang": lang,
        "kind": ImpreciseDate.day(today).words(lang),
        "warning": "" if how_it_stands == "stands" else _warning(state_of(facts, today)[0]),
        "title": visible(alert.collective.usual_name) if names else _("A call to others"),
        "urgent": " · ".join(part for part in (urgency, until) if part),
        "words": said(alert.words),
        "asked": said(alert.asked),
        "audience": vocabulary("audiences").label(alert.audience, lang),
        "decision": said(said_of(alert.decision)) if alert.decision is not None else "",
        "calls": [_call(one, said) for one in alert.calls.all()],
        "says": {
            "asked": _("What we ask"),
            "audience": _("Who may see it"),
            "decision": _("The group decided it"),
            "calls": _("Whom we tell, in this order"),
            "told": _("Told: day, hour, by whom"),
            "answer": _("What they answered"),
            "empty": _("Nobody is chosen to be told."),
        },
    }
    return typeset("alert.typ", told)


def _warning(state: str) -> str:
    return _("Not to be passed on: %(state)s.") % {"state": state}


def _call(one: AlertCall, said: Said) -> Json:
    lang = page_language()
    when = one.given_on.words(lang) if one.given_on is not None else ""
    answered = vocabulary("alert_answers").label(one.answered, lang) if one.answered else ""
    return {
        "place": str(one.position),
        "name": said(one.name),
        "how": said(way_of(one)),
        "instead": _("If nobody answers: %(who)s") % {"who": said(one.stand_in)} if one.stand_in else "",
        "told": said(" · ".join(part for part in (when, one.given_at, one.given_by) if part)),
        "answer": said(" · ".join(part for part in (answered, one.answer) if part)),
    }
