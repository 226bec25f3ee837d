"""When a group calls on others in its name: what has to stand behind it, who is told next, when it stops.

An alert stands while the group's decision, its consent and its own last day cover it. It stops by itself the day one
of them ends: nobody has to remember to stop it. Source: DOMAIN (an alert is a call to named recipients, with the
consent that covers it; nothing leaves without one); Protection International, families A2 and A7.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from tejido.domain.decisions import DecisionFacts
from tejido.domain.errors import RuleBroken
from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.words import ENGLISH, N_, Words

#: What an alert is about, as decisions say it (``decision_subjects``).
SUBJECT: Final = "alert"
INSIDE: Final = "internal"
Standing = Literal["draft", "stands", "decision_gone", "consent_gone", "too_late", "stopped", "over"]


class AlertStopped(RuleBroken):
    """Somebody would be told of a call for which nothing stands on that day."""

    message = N_(
        "On that day nothing of the group covers this call any more, so nobody is told of it. What you typed was "
        "kept. If somebody was told earlier, give that day; otherwise take it to the group again."
    )
    too_early = N_(
        "This day lies before the group's decision took effect on this call. What you typed was kept; look at the "
        "day again."
    )


class AlertBegun(RuleBroken):
    """What has been told would be changed."""

    message = N_(
        "Others may have been told of this already, so its words stay as they are. Nothing was changed. Stop it and "
        "write a new one, or add somebody to tell."
    )


class AlertWithoutConsent(RuleBroken):
    """An alert would go to an audience that the group's consent does not cover."""

    message = N_(
        "The group's consent to be spoken of to those who would see this is not recorded, or no longer stands. "
        "Nothing was begun; record the consent on the group's page, then come back."
    )


class AlertToNobody(RuleBroken):
    """An alert names nobody to be told."""

    message = N_("Nobody is chosen to be told. Nothing was begun; choose whom you call, in their order.")


@dataclass(frozen=True, slots=True)
class ToldFacts:
    """One of those to be told: ``given`` the day somebody told them, ``answered`` of ``alert_answers``."""

    call: str
    position: int
    given: date | None = None
    answered: str = ""


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """An alert: ``status`` of ``alert_statuses``; ``answer_within`` days its urgency gives those who are told.

    ``until`` is the last day it is meant for, ``ended`` the day it was stopped or was over. ``has_consent`` says
    whether the consent that it began under covers its audience today; inside the circle none is needed.
    """

    alert: str
    status: str = "draft"
    answer_within: int = 1
    begun: date | None = None
    until: date | None = None
    ended: date | None = None
    decision: DecisionFacts | None = None
    has_consent: bool = False
    audience: str = INSIDE
    calls: tuple[ToldFacts, ...] = ()


def standing(alert: AlertFacts, day: date) -> Standing:
    """Return how an alert stands on a day; what was ended by a person comes before what ended by itself."""
    if alert.status == "draft":
        return "draft"
    if alert.status in ("stopped", "over") and (alert.ended is None or day >= alert.ended):
        return "stopped" if alert.status == "stopped" else "over"
    if alert.decision is None or not alert.decision.covers(SUBJECT, day):
        return "decision_gone"
    if alert.audience != INSIDE and not alert.has_consent:
        return "consent_gone"
    return "too_late" if alert.until is not None and alert.until < day else "stands"


def refuse_telling(alert: AlertFacts, day: date, *, still_stood: bool = False) -> None:
    """Raise ``AlertStopped`` unless the alert had begun by ``day`` and stood on it.

    Of the very day on which it was stopped, whoever writes says whether it still stood when they told somebody.
    """
    if alert.begun is None or day < alert.begun:
        raise AlertStopped(AlertStopped.too_early)
    if still_stood and alert.status == "stopped" and day == alert.ended:
        return
    if standing(alert, day) != "stands":
        raise AlertStopped


def in_order(alert: AlertFacts) -> tuple[ToldFacts, ...]:
    """Return those to be told in their order."""
    return tuple(sorted(alert.calls, key=lambda one: (one.position, one.call)))


def next_to_tell(alert: AlertFacts) -> ToldFacts | None:
    """Return the first who has not been told; nobody once all have been."""
    return next((one for one in in_order(alert) if one.given is None), None)


def told(alert: AlertFacts) -> tuple[ToldFacts, ...]:
    """Return those who have been told: to them a stop has to be told as well."""
    return tuple(one for one in in_order(alert) if one.given is not None)


def findings(alert: AlertFacts, today: date) -> list[Finding]:
    """Return what stands in the way of an alert, or is left to do; what is gravest first."""
    stands = standing(alert, today)
    found = list(_on_its_calls(alert, today)) if stands == "stands" else list(_on_its_end(alert, stands))
    order = {"late": 0, "soon": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.level])


def _on_its_end(alert: AlertFacts, stands: Standing) -> Iterator[Finding]:
    if stands == "draft":
        if not alert.calls:
            yield finding_of(MESSAGES, "nobody_to_tell", "late")
        if alert.until is None:
            yield finding_of(MESSAGES, "no_last_day", "note")
        return
    if stands in ("decision_gone", "consent_gone", "too_late"):
        yield finding_of(MESSAGES, stands, "late")
    if told(alert) and stands != "over":
        yield finding_of(MESSAGES, "tell_them_it_stopped", "late")


def _on_its_calls(alert: AlertFacts, today: date) -> Iterator[Finding]:
    first = next_to_tell(alert)
    if first is not None:
        yield finding_of(MESSAGES, "tell_next", "late" if not told(alert) else "soon", first.call)
    for one in told(alert):
        if one.given is not None and not one.answered and one.given + timedelta(days=alert.answer_within) < today:
            yield finding_of(MESSAGES, "no_answer", "late", one.call, when=one.given)
        elif one.answered == "silent":
            yield finding_of(MESSAGES, "silent", "soon", one.call)
    if first is None and not any(one.answered == "helps" for one in alert.calls):
        yield finding_of(MESSAGES, "nobody_helps", "late")


def sentence(alert: AlertFacts, words: Words = ENGLISH) -> str:
    """Return in a sentence how far an alert has come."""
    if not alert.calls:
        return words.gettext("Nobody is chosen to be told.")
    number = len(told(alert))
    if not number:
        one = words.ngettext("Nobody has been told yet, of {many}.", "Nobody has been told yet, of {many}.",
                             len(alert.calls))  # fmt: skip
        return one.format(many=len(alert.calls))
    helps = sum(one.answered == "helps" for one in alert.calls)
    said = words.ngettext(
        "{told} of {many} was told; {helps} said that they will do it.",
        "{told} of {many} were told; {helps} said that they will do it.",
        number,
    )
    return said.format(told=number, many=len(alert.calls), helps=helps)


_ASKED: Final = N_("Whoever is called in a group's name answers to the group: it decides, and it may stop it.")
_WAITS: Final = N_("A call that nobody follows is soon a call that nobody expects an answer to.")

MESSAGES: Final[Mapping[str, Told]] = {
    "nobody_to_tell": Told(
        N_("Nobody is chosen to be told."),
        N_("An alert is a call to somebody who can do something, not a message to the air."),
        N_("Write down whom the group calls, in which order, then choose them here."),
    ),
    "no_last_day": Told(
        N_("It has no last day."),
        N_("A call that goes on being passed around after its time does harm to the next one."),
        N_("Say until when it is meant."),
    ),
    "decision_gone": Told(
        N_("The decision of the group that covered this no longer holds: nobody is to be told from now on."),
        _ASKED,
        N_("Take it to the group. If it decides so again, write a new one under that decision."),
    ),
    "consent_gone": Told(
        N_("The group's consent for this audience no longer stands: nobody is to be told from now on."),
        _ASKED,
        N_("Ask the group. What was already told cannot be untold; say so to those who know."),
    ),
    "too_late": Told(
        N_("Its last day is over: nobody is to be told from now on."),
        N_("What was true then may not be true now."),
        N_("Write down what came of it and close it; if it is needed again, write it anew."),
    ),
    "tell_them_it_stopped": Told(
        N_("Some were told before it stopped, and do not know that it did."),
        N_("They may go on acting in the group's name."),
        N_("Tell them, in the same order, that the group took it back."),
    ),
    "tell_next": Told(
        N_("This one has not been told yet."),
        N_("The order was agreed on while it was calm; it holds when it is not."),
        N_("Tell them in the way agreed on, then write down when, and what they answered."),
    ),
    "no_answer": Told(
        N_("They were told on {when} and have not answered in time."),
        _WAITS,
        N_("Ask once more, tell whoever stands in, and go on to the next."),
    ),
    "silent": Told(
        N_("Nobody answered here."),
        _WAITS,
        N_("Tell whoever stands in, and go on to the next; look at this call when it is calm."),
    ),
    "nobody_helps": Told(
        N_("All were told, and nobody has said that they will do it."),
        _WAITS,
        N_("Ask those who only heard it what they can do, or add somebody else to tell."),
    ),
}
