"""Which records an export holds, and what their columns mean."""

from __future__ import annotations

import inspect
from typing import Any, Final

from django.db import models

from tejido.circles.models import CircleRecord
from tejido.exchange.models import ExternalKey
from tejido.exchange.plain_forms import content_fields
from tejido.fabric.models import Actor, Asset, Consent, Presence, Territory, Tie
from tejido.incidents.models import (
    Act,
    Custody,
    Evidence,
    Incident,
    Justice,
    Link,
    Perpetrator,
    Place,
    Source,
    Victim,
)
from tejido.protection.alerts.models import Alert, AlertCall
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
from tejido.protection.models import Amendment, Decision, Measure, Plan, ReasonKept, Threat, ThreatIncident
from tejido.protection.sessions.models import (
    AssessedThreat,
    AssessedThreatIncident,
    Assessment,
    AssessmentPart,
    OwnModule,
)
from tejido.vault.fields import SealedDate, SealedJSON, SealedText

#: Everything an export holds, under the name of its files.
NOUNS: Final[dict[str, type[CircleRecord]]] = {
    "territories": Territory,
    "assets": Asset,
    "actors": Actor,
    "presences": Presence,
    "ties": Tie,
    "consents": Consent,
    "incidents": Incident,
    "places": Place,
    "acts": Act,
    "victims": Victim,
    "perpetrators": Perpetrator,
    "sources": Source,
    "links": Link,
    "justice": Justice,
    "evidence": Evidence,
    "custody": Custody,
    "decisions": Decision,
    "plans": Plan,
    "threats": Threat,
    "threat_incidents": ThreatIncident,
    "measures": Measure,
    "amendments": Amendment,
    "reasons_kept": ReasonKept,
    "commitments": Commitment,
    "reach_steps": ReachStep,
    "drills": Drill,
    "safe_places": SafePlace,
    "cares": Care,
    "desk_requests": DeskRequest,
    "reviews": Review,
    "signs_seen": SignSeen,
    "good_practices": GoodPractice,
    "alerts": Alert,
    "alert_calls": AlertCall,
    "assessments": Assessment,
    "assessed_threats": AssessedThreat,
    "assessed_threat_incidents": AssessedThreatIncident,
    "assessment_parts": AssessmentPart,
    "own_modules": OwnModule,
    "keys": ExternalKey,
}
#: What stays behind, and why.
LEFT_OUT: Final[dict[str, str]] = {
    "circles.approval": "who approved what belongs to the circle in which it was to leave",
    "circles.member": "members belong to a workspace with their keys",
    "circles.guardians": "who brings whom back belongs to a workspace with its keys",
    "circles.recovery": "a way back in belongs to the workspace it leads into",
    "circles.grant": "what was shared with another circle was shared where that circle is",
    "incidents.draft": "a form left half-done belongs to whoever typed it",
    "readings.chosensettings": "how readings are reckoned is for those to choose who read them",
    "readings.objection": "who holds a reading to be wrong speaks of the readings of that circle",
    "readings.noticeseen": "who has seen a notice has seen it in that circle",
    "exchange.import": "the history of imports can be undone only where it happened",
    "exchange.importedrecord": "as the history of imports",
}
#: A key's digest rests on the secret of its workspace; it is made anew where the export is brought in.
_MADE_ANEW = {("keys", "digest")}


def columns_of(noun: str) -> list[models.Field[Any, Any]]:
    """Return the columns that an export holds of a noun, the id first."""
    return [field for field in content_fields(NOUNS[noun]) if (noun, field.attname) not in _MADE_ANEW]


def dictionary() -> dict[str, object]:
    """Return the data dictionary: per noun what it is, and per column its kind and what it leads to."""
    return {
        noun: {
            "meaning": inspect.cleandoc(model.__doc__ or ""),
            "columns": {field.attname: _described(field) for field in columns_of(noun)},
        }
        for noun, model in NOUNS.items()
    }


def _described(field: models.Field[Any, Any]) -> dict[str, str]:
    if isinstance(field, models.ForeignKey):
        target = next((noun for noun, model in NOUNS.items() if model is field.related_model), "")
        return {"kind": "id", "of": target}
    if isinstance(field, models.UUIDField):
        return {"kind": "id"}
    if isinstance(field, SealedDate):
        return {"kind": "date", "form": "EDTF level 1: 1973-09-11, 1973-09, 1973, 1973-09-11/1973-09-14, ~ for about"}
    if isinstance(field, SealedText):
        return {"kind": "text"}
    if isinstance(field, SealedJSON):
        return {"kind": "list" if field.shape is list else "entries"}
    if isinstance(field, models.CharField):
        return {"kind": "code"}
    return {"kind": "ISO week, YYYYWW" if "week" in field.attname else "number"}
