"""What is known of a group's alerts, each whole, in a number of queries that does not grow with them."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from tejido.domain.errors import NotFound
from tejido.protection.alerts.models import Alert, AlertCall
from tejido.vault.journal import By
from tejido.vault.keyring import circle_at_work

#: Never more than so many are read at once.
MOST: Final = 200
#: Those that are being told come first, then drafts, then what is past.
_ORDER: Final = {"open": 0, "draft": 1}


def whole_alerts() -> QuerySet[Alert]:
    """Return alerts with their group, decision, consent and those to be told."""
    calls = AlertCall.objects.order_by("position", "born", "id")
    return Alert.objects.select_related("collective", "decision", "consent", "incident").prefetch_related(
        Prefetch("calls", calls)
    )


def alert_by_id(alert: UUID, *, by: By) -> Alert:
    """Return an alert of the circle of ``by``, whole; ``NotFound``."""
    found = whole_alerts().filter(pk=alert, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    return found


def alerts_of(collective: UUID) -> list[Alert]:
    """Return the alerts of a group: those being told, then drafts, then what is past, the newest first."""
    found = list(whole_alerts().filter(collective_id=collective).order_by("-born", "id")[:MOST])
    return sorted(found, key=lambda one: _ORDER.get(one.status, 2))


def open_alerts() -> list[Alert]:
    """Return the alerts of the circle that are being told, the oldest first."""
    return list(whole_alerts().filter(circle_id=circle_at_work(), status="open").order_by("born", "id")[:MOST])
