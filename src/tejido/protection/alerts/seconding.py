"""The second person who looks at an alert before it goes beyond the circle: exactly these words, to exactly these."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from tejido.circles.approvals import ask, statement_of
from tejido.circles.models import Approval
from tejido.domain.second_person import APPROVED, WAITING
from tejido.protection.alerts.models import Alert
from tejido.vault.journal import By
from tejido.vocabularies import vocabulary
from tejido.web.wording import page_language

_LONGEST: Final = 1900


def mark_of(alert: Alert) -> str:
    """Return the SHA-256 (hex) of what an alert says, to whom, for whose eyes and until when."""
    told = {
        "alert": alert.pk.hex,
        "words": alert.words,
        "asked": alert.asked,
        "urgency": alert.urgency,
        "audience": alert.audience,
        "until": alert.until.encode() if alert.until is not None else None,
        "calls": [[one.position, one.channel, one.name, one.how] for one in alert.calls.all()],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def ask_second_person(alert: Alert, *, by: By) -> Approval:
    """Ask a second person to look at an alert; they read what it says as the reason."""
    audience = vocabulary("audiences").label(alert.audience, page_language())
    reason = f"{alert.collective.usual_name} → {audience}\n{alert.words}\n\n{alert.asked}"[:_LONGEST]
    return ask(by=by, kind="alert", digest=mark_of(alert), holds={"actors": len(alert.calls.all())}, reason=reason)


def approval_for(alert: Alert, *, by: By, status: str = APPROVED) -> Approval | None:
    """Return what ``by`` asked for exactly this alert and that is in ``status``, the newest; ``None``."""
    mark = mark_of(alert)
    asked = Approval.objects.filter(circle=by.circle_id, requester=by.id, kind="alert", status=status)
    return next((one for one in asked.order_by("-stamp") if statement_of(one).digest == mark), None)


def waits_for_second_person(alert: Alert, *, by: By) -> bool:
    """Say whether ``by`` asked for this and nobody has decided yet."""
    return approval_for(alert, by=by, status=WAITING) is not None
