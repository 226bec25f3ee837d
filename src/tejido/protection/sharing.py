"""A group's own dossier is shared with another circle under its decision alone, and no longer than it holds."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from tejido.circles.models import Grant
from tejido.circles.sharing import share_dossier
from tejido.domain.decisions import refuse_sharing
from tejido.protection.facts import decision_facts
from tejido.protection.models import Decision
from tejido.protection.queries import standing_decisions
from tejido.vault.journal import By
from tejido.vault.sharing import today as last_day_counted_from

SUBJECT = "sharing"


def has_ever_decided(dossier: UUID) -> bool:
    """Say whether it is the dossier of a group that has recorded any decision, also one taken back since."""
    return Decision.objects.filter(collective_id=dossier).exists()


def sharing_decisions(dossier: UUID) -> list[Decision]:
    """Return the decisions under which a group's own dossier may be shared today, the newest first."""
    return standing_decisions(dossier, SUBJECT, last_day_counted_from())


def share_under_decision(
    dossier: UUID, *, by: By, sign: str, until: date | None, why: str, decision: UUID | None = None
) -> Grant:
    """Let another circle read a dossier (see ``circles.sharing.share_dossier``), under the decision of its group.

    ``decision`` is one of ``sharing_decisions``; without it, the newest that holds to the last day. Raises
    ``NotDecided`` or ``SharedTooLong`` for a group that has recorded how it decides, besides what sharing raises.
    """
    ever = [decision_facts(one) for one in Decision.objects.filter(collective_id=dossier, circle_id=by.circle_id)]
    chosen = _chosen(dossier, until, decision)
    refuse_sharing(ever, decision_facts(chosen) if chosen is not None else None, until, last_day_counted_from())
    covered = chosen.pk if chosen is not None else None
    return share_dossier(dossier, by=by, sign=sign, until=until, why=why, decision=covered)


def _chosen(dossier: UUID, until: date | None, decision: UUID | None) -> Decision | None:
    standing = sharing_decisions(dossier)
    if decision is not None:
        return next((one for one in standing if one.pk == decision), None)
    long_enough = [one for one in standing if _holds_to(one, until)]
    return next(iter(long_enough or standing), None)


def _holds_to(decision: Decision, until: date | None) -> bool:
    last = decision_facts(decision).holds_until
    return last is None or until is None or until <= last
