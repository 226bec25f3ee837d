"""Looking again at a plan: in its rhythm, and after something happened.

Source: Protection International, family B7 (periodic follow-up); REFERENCE (register, analyse, react; lesson).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tejido.domain.plan_findings import Finding, Told, finding_of
from tejido.domain.words import N_


def next_review(held: date, months: int) -> date:
    """Return the day ``months`` after a review; the last of the month where that month has no such day."""
    at = held.year * 12 + held.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(held.day, calendar.monthrange(year, month)[1]))


def repetition(first: date, months: int, number: int) -> date:
    """Return the day of a meeting that comes back every so many months, ``number`` times after the first.

    Each is counted from the first day and not from the one before: what begins on a 31st is on the 31st wherever
    there is one.
    """
    return next_review(first, months * number)


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """A review that was held; ``incident`` is the one it followed; whether it said what was learned."""

    held: date
    incident: str = ""
    has_held: bool = False
    has_failed: bool = False
    has_change: bool = False


def unlooked_at(
    incidents: Iterable[tuple[str, date]], reviews: Iterable[ReviewFacts], since: date = date.min
) -> tuple[str, ...]:
    """Return the incidents that no review has looked at: none names them, and none was held since.

    ``incidents`` are ids with their last possible day. A review held on that very day may not have known of it.
    What happened before the plan was the group's (``since``) is no reason to look at it again.
    """
    told = list(reviews)
    named = {review.incident for review in told}
    latest = max((review.held for review in told), default=since)
    return tuple(one for one, day in incidents if one not in named and day >= latest)


def findings(
    incidents: Iterable[tuple[str, date]], reviews: Iterable[ReviewFacts], since: date = date.min
) -> list[Finding]:
    """Return the incidents after which the plan was not looked at again."""
    return [finding_of(MESSAGES, "incident_unreviewed", "soon", one) for one in unlooked_at(incidents, reviews, since)]


def prompts_on(review: ReviewFacts) -> list[Finding]:
    """Return what a review did not say; only saying what failed makes it a complaint, only what held, a feast."""
    said = {"held_unsaid": review.has_held, "failed_unsaid": review.has_failed, "change_unsaid": review.has_change}
    return [finding_of(MESSAGES, code, "note") for code, there in said.items() if not there]


MESSAGES: Final[Mapping[str, Told]] = {
    "incident_unreviewed": Told(
        N_("The plan was not looked at again after this incident."),
        N_("What happened shows what held and what did not, better than any plan."),
        N_("Meet, look after each other first, then ask: what held, what did not, what do we change?"),
    ),
    "held_unsaid": Told(
        N_("What held is not written down."),
        N_("What worked is forgotten first, and is what others could learn from."),
        N_("Ask who helped whom, and what was there when it was needed."),
    ),
    "failed_unsaid": Told(
        N_("What did not hold is not written down."),
        N_("A measure that fails in silence fails again."),
        N_("Ask without blame what was missing, and for whom."),
    ),
    "change_unsaid": Told(
        N_("What is to change is not written down."),
        N_("A review that changes nothing is soon not held any more."),
        N_("Agree on one thing to change, however small, or say that the plan stays as it is."),
    ),
}
