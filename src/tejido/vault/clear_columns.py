"""The register of columns that rest in clear, and why each may.

Everything else is sealed. A test compares this register with every model: a column that is neither sealed nor
named here, or that is named here and no longer exists, fails the build. Only opaque ids, foreign keys,
vocabulary codes, statuses, sequence numbers, ISO weeks and keyed digests may be named.
"""

from __future__ import annotations

from typing import Final

OPAQUE_ID: Final = "opaque random id"
KEY: Final = "foreign key to an opaque id"
CODE: Final = "vocabulary code or status"
SEQUENCE: Final = "sequence number"
WEEK: Final = "ISO week, no finer"
DIGEST: Final = "keyed or one-way digest of random material"
WRAPPED: Final = "already encrypted by the vault"

_RECORD = {"id": OPAQUE_ID, "revision": SEQUENCE, "born": SEQUENCE, "stamp": SEQUENCE, "circle_id": KEY}

#: ``{table: {column: reason}}``
CLEAR: Final[dict[str, dict[str, str]]] = {
    "vault_journal": {
        "seq": SEQUENCE,
        "id": OPAQUE_ID,
        "circle": KEY,
        "member": KEY,
        "action": CODE,
        "noun": CODE,
        "record": KEY,
        "week": WEEK,
        "body": WRAPPED,
        "previous": DIGEST,
        "digest": DIGEST,
    },
    "vault_checkpoint": {
        "id": OPAQUE_ID,
        "circle": KEY,
        "seq": SEQUENCE,
        "member": KEY,
        "digest": DIGEST,
        "body": WRAPPED,
    },
    "vault_opening": {
        "id": OPAQUE_ID,
        "circle": KEY,
        "member": KEY,
        "noun": CODE,
        "record": KEY,
        "body": WRAPPED,
    },
    "vault_removal": {"id": SEQUENCE, "stamp": SEQUENCE, "noun": CODE, "record": KEY},
    "vault_session": {"row": DIGEST, "boot": DIGEST, "data": WRAPPED},
    "circles_circle": {"id": OPAQUE_ID, "revision": SEQUENCE, "born": SEQUENCE, "stamp": SEQUENCE},
    "circles_epochkey": {"id": SEQUENCE, "circle_id": KEY, "epoch": SEQUENCE, "wrapped": WRAPPED},
    "circles_member": {**_RECORD, "role": CODE, "status": CODE},
    "fabric_territory": {**_RECORD, "kind": CODE, "parent_id": KEY, "shown": CODE},
    "fabric_asset": {**_RECORD, "territory_id": KEY, "kind": CODE},
    "fabric_actor": {**_RECORD, "kind": CODE, "form": CODE, "naming": CODE},
    "fabric_presence": {**_RECORD, "actor_id": KEY, "territory_id": KEY, "kind": CODE},
    "fabric_tie": {
        **_RECORD,
        "from_actor_id": KEY,
        "to_actor_id": KEY,
        "kind": CODE,
        "strength": CODE,
        "certainty": CODE,
        "since_week": WEEK,
        "until_week": WEEK,
    },
    "fabric_consent": {
        **_RECORD,
        "actor_id": KEY,
        "purpose": CODE,
        "audience": CODE,
        "scope": CODE,
        "status": CODE,
        "expires_week": WEEK,
    },
    "incidents_incident": {
        **_RECORD,
        "territory_id": KEY,
        "verification": CODE,
        "week_from": WEEK,
        "week_to": WEEK,
    },
    "incidents_place": {**_RECORD, "incident_id": KEY, "position": SEQUENCE, "kind": CODE, "precision": CODE},
    "incidents_act": {**_RECORD, "incident_id": KEY, "position": SEQUENCE, "kind": CODE, "means": CODE},
    "incidents_victim": {**_RECORD, "act_id": KEY, "actor_id": KEY},
    "incidents_perpetrator": {
        **_RECORD,
        "act_id": KEY,
        "actor_id": KEY,
        "involvement": CODE,
        "certainty": CODE,
    },
    "incidents_source": {**_RECORD, "incident_id": KEY, "kind": CODE, "how": CODE, "reliability": CODE},
    "incidents_link": {**_RECORD, "from_incident_id": KEY, "to_incident_id": KEY, "kind": CODE},
    "incidents_justice": {**_RECORD, "incident_id": KEY, "stage": CODE, "outcome": CODE, "authority_id": KEY},
    "incidents_draft": {**_RECORD, "member_id": KEY},
    "incidents_evidence": {**_RECORD, "incident_id": KEY, "made_from_id": KEY, "kind": CODE},
    "incidents_custody": {**_RECORD, "evidence_id": KEY, "number": SEQUENCE, "what": CODE},
    "protection_decision": {
        **_RECORD,
        "collective_id": KEY,
        "mode": CODE,
        "status": CODE,
        "about": CODE,
        "taken_week": WEEK,
        "until_week": WEEK,
    },
    "protection_plan": {
        **_RECORD,
        "collective_id": KEY,
        "status": CODE,
        "decision_id": KEY,
        "rhythm": CODE,
        "review_week": WEEK,
    },
    "protection_threat": {**_RECORD, "plan_id": KEY, "nature": CODE},
    "protection_threatincident": {**_RECORD, "threat_id": KEY, "incident_id": KEY},
    "protection_measure": {
        **_RECORD,
        "plan_id": KEY,
        "threat_id": KEY,
        "family": CODE,
        "code": CODE,
        "status": CODE,
        "person_id": KEY,
        "owner_id": KEY,
        "after_id": KEY,
        "ended_by_id": KEY,
        "due_week": WEEK,
    },
    "protection_amendment": {**_RECORD, "plan_id": KEY, "decision_id": KEY, "what": CODE, "made_week": WEEK},
    "protection_reasonkept": {**_RECORD, "plan_id": KEY, "check_code": CODE, "subject_id": OPAQUE_ID},
    "protection_commitment": {
        **_RECORD,
        "collective_id": KEY,
        "plan_id": KEY,
        "measure_id": KEY,
        "promised_by_id": KEY,
        "kind": CODE,
        "status": CODE,
        "due_week": WEEK,
    },
    "protection_reachstep": {
        **_RECORD,
        "collective_id": KEY,
        "actor_id": KEY,
        "position": SEQUENCE,
        "channel": CODE,
        "answered": CODE,
        "tested_week": WEEK,
    },
    "protection_drill": {**_RECORD, "collective_id": KEY, "held_week": WEEK, "next_week": WEEK},
    "protection_safeplace": {**_RECORD, "collective_id": KEY, "asset_id": KEY, "kind": CODE, "readiness": CODE},
    "protection_care": {**_RECORD, "collective_id": KEY, "kind": CODE, "next_week": WEEK},
    "protection_deskrequest": {
        **_RECORD,
        "collective_id": KEY,
        "person_id": KEY,
        "measure_id": KEY,
        "kind": CODE,
        "status": CODE,
        "answer_week": WEEK,
        "return_week": WEEK,
    },
    "protection_review": {**_RECORD, "plan_id": KEY, "incident_id": KEY, "kind": CODE, "held_week": WEEK},
    "protection_signseen": {**_RECORD, "measure_id": KEY, "direction": CODE, "seen_week": WEEK},
    "protection_goodpractice": {
        **_RECORD,
        "collective_id": KEY,
        "measure_id": KEY,
        "decision_id": KEY,
        "consent_id": KEY,
        "outcome": CODE,
        "audience": CODE,
    },
    "exchange_import": {**_RECORD, "status": CODE, "applied": SEQUENCE},
    "exchange_importedrecord": {**_RECORD, "of_import_id": KEY, "noun": CODE, "record": KEY, "removed": CODE},
    "exchange_externalkey": {**_RECORD, "digest": DIGEST, "noun": CODE, "subject": KEY},
}
