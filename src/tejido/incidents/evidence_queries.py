"""What evidence there is of an incident."""

from __future__ import annotations

from uuid import UUID

from tejido.incidents.evidence_models import Evidence
from tejido.vault.keyring import circle_at_work


def evidence_of(incident: UUID) -> list[Evidence]:
    """Return the items of an incident, each original before the copies made from it."""
    items = list(Evidence.objects.filter(circle_id=circle_at_work(), incident_id=incident).order_by("born", "id"))
    below: dict[UUID | None, list[Evidence]] = {}
    for item in items:
        below.setdefault(item.made_from_id, []).append(item)
    ordered: list[Evidence] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        item = waiting.pop()
        ordered.append(item)
        waiting += below.get(item.pk, [])[::-1]
    return ordered
