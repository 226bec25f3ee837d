"""Plans, sessions, modules of one's own and calls to others, as the catalogue lists and searches them.

Names of those who facilitated or were there are not searched: whoever finds a session learns what was spoken of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tejido.domain.errors import BadInput
from tejido.domain.names import sort_key
from tejido.protection.alerts.models import Alert
from tejido.protection.models import Plan
from tejido.protection.sessions.models import Assessment, OwnModule
from tejido.vault.catalogue import Line, Noun
from tejido.vocabularies import LANGUAGES, vocabulary
from tejido.vocabularies.session_modules import module_from, shipped_modules

#: The steps of a session whose words are found by searching: what the group works for, and what it put first.
_SEARCHED: Final = ("work", "priorities")
_LABEL: Final = 120


def plan_line(plan: Plan) -> Line:
    """Return the line of a plan: it sorts by its group's name, which is also its note."""
    group = plan.collective.usual_name
    return Line(
        id=plan.pk,
        label=plan.title or group,
        order=sort_key(group),
        text="\n".join([group, plan.words, *_said(plan)]),
        facets=(f"status:{plan.status}", f"collective:{plan.collective_id}"),
        note=group,
    )


def _said(plan: Plan) -> Iterator[str]:
    measures = vocabulary("measures")
    for threat in plan.threats.all():
        yield f"{threat.words} {threat.origin}"
    for measure in plan.measures.all():
        yield f"{measure.title} {measure.owner_words}"
        if measure.code in measures:
            yield " ".join(measures.label(measure.code, lang) for lang in LANGUAGES)


def session_line(session: Assessment) -> Line:
    """Return the line of a session: its title, where it was, what threats it looked at, what came first and why."""
    group = session.collective.usual_name
    when = f" · {session.held_on.start.isoformat()}" if session.held_on is not None else ""
    return Line(
        id=session.pk,
        label=session.title or group,
        order=sort_key(group),
        text="\n".join([group, session.place, *_spoken_of(session)]),
        facets=(f"status:{session.status}", f"collective:{session.collective_id}"),
        note=group + when,
    )


def _spoken_of(session: Assessment) -> Iterator[str]:
    for threat in session.threats.all():
        yield f"{threat.words} {threat.conclusion}"
    for part in session.parts.all():
        if part.step in _SEARCHED:
            yield from (said for said in part.body.values() if isinstance(said, str))
    chosen = set(session.modules)
    for module in shipped_modules():
        if module.code in chosen:
            yield " ".join(module.titles.values())


def module_line(own: OwnModule) -> Line:
    """Return the line of a module that the circle wrote: its titles and for whom it is; nothing if unreadable."""
    try:
        module = module_from(own.text)
    except BadInput:
        return Line(id=own.pk, label="—", order="")
    names = [*module.titles.values(), *module.abouts.values()]
    label = next(iter(module.titles.values()), module.code)
    return Line(id=own.pk, label=label, order=sort_key(label), text="\n".join([module.code, *names]))


def alert_line(alert: Alert) -> Line:
    """Return the line of a call to others: what happened, what is asked."""
    group = alert.collective.usual_name
    return Line(
        id=alert.pk,
        label=alert.words.splitlines()[0][:_LABEL] if alert.words else group,
        order=sort_key(group),
        text="\n".join([group, alert.words, alert.asked]),
        facets=(f"status:{alert.status}", f"collective:{alert.collective_id}"),
        note=group,
    )


SESSIONS: Final[Noun[Assessment]] = Noun(
    "session", Assessment, session_line, prefetch=("threats", "parts"), related=("collective",)
)
OWN_MODULES: Final[Noun[OwnModule]] = Noun("module", OwnModule, module_line)
ALERTS: Final[Noun[Alert]] = Noun("alert", Alert, alert_line, related=("collective",))
PLANS: Final[Noun[Plan]] = Noun("plan", Plan, plan_line, prefetch=("threats", "measures"), related=("collective",))
