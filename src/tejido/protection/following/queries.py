"""What a group follows up: all of it for one group, and what of it is late in the whole circle.

Every answer takes a number of queries that does not grow with its rows.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Q

from tejido.domain.dates import iso_week
from tejido.protection.following.models import (
    Care,
    Commitment,
    DeskRequest,
    Drill,
    GoodPractice,
    ReachStep,
    Review,
    SafePlace,
    SignSeen,
)
from tejido.vault.keyring import circle_at_work
from tejido.vocabularies import vocabulary

#: Never more than so many of one sort are read for one group.
MOST: Final = 500


def commitments_of(collective: UUID) -> list[Commitment]:
    """Return what was promised to a group, what is due first coming first, those without a day last."""
    found = list(Commitment.objects.filter(collective_id=collective).select_related("promised_by", "measure")[:MOST])
    return sorted(found, key=lambda one: (one.status != "promised", one.due_week or 999999, one.born, one.pk))


def calls_of(collective: UUID) -> list[ReachStep]:
    """Return whom a group calls, in its order."""
    found = ReachStep.objects.filter(collective_id=collective).select_related("actor")
    return list(found.order_by("position", "born", "id")[:MOST])


def drills_of(collective: UUID) -> list[Drill]:
    """Return what a group tried out, the newest first."""
    found = list(Drill.objects.filter(collective_id=collective)[:MOST])
    return sorted(found, key=lambda one: (-(one.held_week or 0), -one.born, one.pk))


def places_of(collective: UUID) -> list[SafePlace]:
    """Return the places and goods that a group looks after."""
    return list(SafePlace.objects.filter(collective_id=collective).order_by("kind", "born", "id")[:MOST])


def cares_of(collective: UUID) -> list[Care]:
    """Return how the people of a group care for each other."""
    return list(Care.objects.filter(collective_id=collective).order_by("kind", "born", "id")[:MOST])


def requests_of(collective: UUID) -> list[DeskRequest]:
    """Return the requests made from within a group, the newest first."""
    found = DeskRequest.objects.filter(collective_id=collective).select_related("person", "collective")
    return list(found.order_by("-born", "id")[:MOST])


def practices_of(collective: UUID) -> list[GoodPractice]:
    """Return what a group learned, the newest first."""
    return list(
        GoodPractice.objects.filter(collective_id=collective)
        .select_related("measure", "decision", "consent")
        .order_by("-born", "id")
    )


def reviews_of(plan: UUID) -> list[Review]:
    """Return the reviews of a plan, the newest first."""
    found = list(Review.objects.filter(plan_id=plan).select_related("incident")[:MOST])
    return sorted(found, key=lambda one: (-(one.held_week or 0), -one.born, one.pk))


def signs_of(measure: UUID) -> list[SignSeen]:
    """Return what was seen of a measure's signs, the newest first."""
    found = list(SignSeen.objects.filter(measure_id=measure)[:MOST])
    return sorted(found, key=lambda one: (-(one.seen_week or 0), -one.born, one.pk))


def late_commitments(today: date) -> list[Commitment]:
    """Return the promises of the circle whose day has come, or that were broken; what is longest due first."""
    asked = Q(status="broken") | Q(status="promised", due_week__lte=iso_week(today))
    found = Commitment.objects.filter(asked, circle_id=circle_at_work()).select_related("collective")
    return list(found.order_by("due_week", "id")[:MOST])


def open_requests(today: date) -> list[DeskRequest]:
    """Return the requests of the circle that are not over and whose answer or return is due, or that stand alone."""
    still_open = [term.code for term in vocabulary("request_statuses") if term.flag("open")]
    asked = Q(answer_week__lte=iso_week(today)) | Q(return_week__lte=iso_week(today)) | Q(collective=None)
    found = DeskRequest.objects.filter(asked, circle_id=circle_at_work(), status__in=still_open)
    return list(found.select_related("collective", "person").order_by("answer_week", "id")[:MOST])
