"""Records of following up as the rules see them."""

from __future__ import annotations

from datetime import date

from tejido.domain.commitments import CommitmentFacts
from tejido.domain.dates import ImpreciseDate
from tejido.domain.network_reach import CallFacts
from tejido.domain.plan_requests import RequestFacts
from tejido.domain.reviews import ReviewFacts
from tejido.protection.following.models import Commitment, DeskRequest, ReachStep, Review
from tejido.vocabularies import vocabulary


def commitment_facts(one: Commitment) -> CommitmentFacts:
    """Return a promise as the rules see it; an imprecise day lasts to its end."""
    return CommitmentFacts(str(one.pk), one.status, _end(one.due_on), _end(one.kept_on), is_visit=one.kind == "visit")


def call_facts(one: ReachStep) -> CallFacts:
    """Return a call as the rules see it; an imprecise test is read at its earliest."""
    tested = one.tested_on.earliest if one.tested_on is not None else None
    months = months_of(one.rhythm)
    return CallFacts(str(one.pk), one.position, one.channel, one.answered, tested, bool(one.stand_in), months)


def months_of(rhythm: str) -> int:
    """Return how many months lie between two of what has a rhythm (``review_rhythms``); 0 without one."""
    return int(vocabulary("review_rhythms").term(rhythm).number("months") or 0) if rhythm else 0


def request_facts(one: DeskRequest) -> RequestFacts:
    """Return a request as the rules see it."""
    return RequestFacts(
        request=str(one.pk),
        kind=one.kind,
        status=one.status,
        answered=frozenset(code for code, words in one.answers.items() if words),
        answer_by=_end(one.answer_by),
        back_on=_end(one.return_on) if one.kind == "relocation" else None,
        in_collective=one.collective_id is not None,
        has_reason_outside=bool(one.outside_because),
    )


def review_facts(one: Review) -> ReviewFacts:
    """Return a review as the rules see it; an imprecise day is read at its earliest."""
    return ReviewFacts(
        held=one.held_on.earliest if one.held_on is not None else date.min,
        incident=str(one.incident_id or ""),
        has_held=bool(one.held),
        has_failed=bool(one.failed or one.harmed),
        has_change=bool(one.to_change),
    )


def _end(when: ImpreciseDate | None) -> date | None:
    return when.end if when is not None else None
