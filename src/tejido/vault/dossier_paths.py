"""The register of what belongs to which dossier: the sealed records about one actor or one incident.

For each table, how a record of it leads to its dossier: over which foreign keys, the last one being the id of the
actor or incident. ``"id"`` is the root itself. A table in ``CIRCLE_WIDE`` belongs to no dossier: its values are
sealed under the circle's epoch. ``TOLD`` are those that only whoever writes a record can say it of.

A test compares this register with every model, so that nobody forgets to say which.
"""

from __future__ import annotations

from typing import Final

ROOT: Final = "id"

#: ``{table: path}``
DOSSIER_PATHS: Final[dict[str, str]] = {
    "fabric_actor": ROOT,
    "fabric_presence": "actor_id",
    "fabric_tie": "from_actor_id",
    "fabric_consent": "actor_id",
    "incidents_incident": ROOT,
    "incidents_place": "incident_id",
    "incidents_act": "incident_id",
    "incidents_victim": "act__incident_id",
    "incidents_perpetrator": "act__incident_id",
    "incidents_source": "incident_id",
    "incidents_link": "from_incident_id",
    "incidents_justice": "incident_id",
    "incidents_evidence": "incident_id",
    "incidents_custody": "evidence__incident_id",
    "protection_decision": "collective_id",
    "protection_plan": "collective_id",
    "protection_threat": "plan__collective_id",
    "protection_threatincident": "threat__plan__collective_id",
    "protection_measure": "plan__collective_id",
    "protection_amendment": "plan__collective_id",
    "protection_reasonkept": "plan__collective_id",
    "protection_commitment": "collective_id",
    "protection_reachstep": "collective_id",
    "protection_drill": "collective_id",
    "protection_safeplace": "collective_id",
    "protection_care": "collective_id",
    "protection_deskrequest": "collective_id",
    "protection_review": "plan__collective_id",
    "protection_signseen": "measure__plan__collective_id",
    "protection_goodpractice": "collective_id",
    "readings_noticeseen": "actor_id",
    "protection_assessment": "collective_id",
    "protection_assessedthreat": "assessment__collective_id",
    "protection_assessedthreatincident": "threat__assessment__collective_id",
    "protection_assessmentpart": "assessment__collective_id",
    "protection_alert": "collective_id",
    "protection_alertcall": "alert__collective_id",
}

#: What an import keeps of a record, what is said of sharing it or against its reading, belongs to its dossier;
#: ``{table: column that names the record}``.
TOLD: Final[dict[str, str]] = {
    "exchange_importedrecord": "record",
    "exchange_externalkey": "subject",
    "circles_grant": "shared",
    "readings_objection": "about",
}

#: What is the circle's as a whole.
CIRCLE_WIDE: Final = frozenset(
    {
        "circles_approval",
        "circles_circle",
        "circles_guardians",
        "circles_member",
        "circles_recovery",
        "fabric_territory",
        "fabric_asset",
        "incidents_draft",
        "protection_ownmodule",
        "readings_chosensettings",
        "exchange_import",
    }
)
