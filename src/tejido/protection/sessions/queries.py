"""What is known of sessions: one whole, those of a group, what came before, which modules may ask.

Every answer takes a number of queries that does not grow with its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tejido.domain.errors import BadInput, NotFound
from tejido.domain.modules import Module
from tejido.protection.models import Plan
from tejido.protection.sessions.models import (
    AssessedThreat,
    AssessedThreatIncident,
    Assessment,
    AssessmentPart,
    OwnModule,
)
from tejido.vault.journal import By
from tejido.vocabularies.session_modules import module_from, shipped_modules
from tejido.web.paging import Page

#: How many sessions before are drawn beside one; older ones have their own page.
MOST_EARLIER: Final = 6


def whole_sessions() -> QuerySet[Assessment]:
    """Return sessions with their threats, the incidents of these, and every part, in a constant number of queries."""
    shown = AssessedThreatIncident.objects.select_related("incident").order_by("born", "id")
    threats = AssessedThreat.objects.select_related("earlier__assessment", "heard_in").order_by("born", "id")
    parts = AssessmentPart.objects.select_related("actor").order_by("born", "id")
    return Assessment.objects.select_related("collective", "joint", "led_to").prefetch_related(
        Prefetch("threats", threats.prefetch_related(Prefetch("shown_in", shown))), Prefetch("parts", parts)
    )


def session_by_id(assessment: UUID, *, by: By) -> Assessment:
    """Return a session with all that was said in it; ``NotFound``."""
    found = whole_sessions().filter(pk=assessment, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    return found


def sessions_of(collective: UUID, *, most: int | None = None) -> list[Assessment]:
    """Return the heads of a group's sessions, the newest first; at most ``most``."""
    found = Assessment.objects.filter(collective=collective).select_related("collective").order_by("-born")
    return list(found[:most])


def earlier_than(session: Assessment) -> list[Assessment]:
    """Return the sessions of the group before this one, whole, the oldest first; separate ones only for each other."""
    before = whole_sessions().filter(collective=session.collective_id, born__lt=session.born)
    found = before.filter(joint__isnull=session.joint_id is None).order_by("-born")[:MOST_EARLIER]
    return list(found)[::-1]


def separate_of(session: Assessment) -> list[Assessment]:
    """Return the separate sessions that chose to be heard in this one, whole."""
    return list(whole_sessions().filter(joint=session.pk).order_by("born"))


def page_of_sessions(circle: UUID, *, after: UUID | None, before: UUID | None, size: int) -> Page[Assessment]:
    """Return one page of a circle's sessions, the newest first; ``after`` and ``before`` name a session beside it."""
    rows = Assessment.objects.filter(circle_id=circle).select_related("collective")
    asked = before or after
    edge = rows.filter(pk=asked).values_list("born", flat=True).first() if asked else None
    if edge is not None and before:
        found = list(rows.filter(born__gt=edge).order_by("born")[: size + 1])
        more, found = len(found) > size, found[:size][::-1]
        return Page(tuple(found), found[-1].pk if found else None, found[0].pk if more and found else None)
    older = rows.filter(born__lt=edge) if edge is not None else rows
    found = list(older.order_by("-born")[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(tuple(found), found[-1].pk if more else None, found[0].pk if edge is not None and found else None)


def sessions_behind(plan: UUID) -> list[Assessment]:
    """Return the sessions from which a plan was started or added to, whole, the newest first."""
    return list(whole_sessions().filter(led_to=plan).order_by("-born")[:MOST_EARLIER])


def open_plans_of(collective: UUID) -> list[Plan]:
    """Return the plans of a group that are not closed, the newest first."""
    return list(Plan.objects.filter(collective=collective).exclude(status="closed").order_by("-born"))


@dataclass(frozen=True, slots=True)
class ModuleKnown:
    """A module that sessions may choose; ``key`` is its code, or an opaque one for a module of the circle's own."""

    key: str
    module: Module
    own: UUID | None = None


def modules_known(circle: UUID) -> tuple[ModuleKnown, ...]:
    """Return the circle's own modules, then those that come with Tejido."""
    own = []
    for record in OwnModule.objects.filter(circle_id=circle).order_by("born", "id"):
        try:
            own.append(ModuleKnown(record.pk.hex, module_from(record.text), record.pk))
        except BadInput:  # written for another version: it asks nothing, and what was answered stays
            continue
    return (*own, *(ModuleKnown(module.code, module) for module in shipped_modules()))


def modules_of(session: Assessment) -> tuple[ModuleKnown, ...]:
    """Return the modules that a session chose, and that there still are."""
    chosen = set(session.modules)
    return tuple(one for one in modules_known(session.circle_id) if one.key in chosen) if chosen else ()
