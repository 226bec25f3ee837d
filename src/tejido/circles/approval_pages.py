"""What the pages of the second person show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tejido.circles.models import Approval
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language


@dataclass(frozen=True)
class ApprovalLine:
    """Something asked for, in the list."""

    pk: UUID
    what: str
    who: str
    status: str
    asked_at: datetime
    mine: bool


@dataclass(frozen=True)
class ApprovalsPage:
    """What waits for whoever looks, what they asked for themselves, and what was decided lately."""

    waiting: tuple[ApprovalLine, ...]
    mine: tuple[ApprovalLine, ...]
    earlier: tuple[ApprovalLine, ...]


@dataclass(frozen=True)
class ApprovalTerms:
    """To whom something goes, of which audience, and why."""

    audience: str
    whom: str
    why: str


@dataclass(frozen=True)
class ApprovalPage:
    """One thing asked for: what it holds, why, and what whoever looks may do about it now.

    ``thing`` is where it can be looked at, ``use`` where whoever asked uses it; ``terms`` stand in place of a
    ``reason`` until it is over.
    """

    line: ApprovalLine
    holds: tuple[tuple[str, int], ...]
    reason: str
    digest: str
    until: datetime
    over: bool
    second: str
    second_at: datetime | None
    may_decide: bool
    may_take_back: bool
    use: str
    thing: str = ""
    terms: ApprovalTerms | None = None


def approval_line(approval: Approval, me: UUID) -> ApprovalLine:
    """Return something asked for as a line of the list."""
    return ApprovalLine(
        pk=approval.pk,
        what=vocabulary("approval_kinds").label(approval.kind, page_language()),
        who=approval.requester.name,
        status=vocabulary("approval_statuses").label(approval.status, page_language()),
        asked_at=datetime.fromisoformat(approval.statement["asked_at"]),
        mine=approval.requester_id == me,
    )


def spelt(digest: str) -> str:
    """Return the first part of a digest, spelt so that two people can compare it."""
    return " ".join(digest[at : at + 4] for at in range(0, 16, 4))
