"""To which dossier each record of an export belongs: told while they come in, parents before children."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import models

from tejido.exchange.keeping import dossier_of_keyed
from tejido.exchange.models import ExternalKey
from tejido.fabric.models import Presence, Tie
from tejido.incidents.models import Act, Evidence
from tejido.protection.alerts.models import Alert
from tejido.protection.models import Measure, Plan, Threat
from tejido.protection.sessions.models import AssessedThreat, Assessment
from tejido.vault.dossier_paths import DOSSIER_PATHS, ROOT

#: Records that others name instead of the dossier itself.
_HOLDERS: tuple[type[models.Model], ...] = (
    Act, Evidence, Plan, Threat, Measure, Tie, Presence, Assessment, AssessedThreat, Alert,
)  # fmt: skip


class Belonging:
    """Remembers the dossiers of those records over which others belong to one."""

    def __init__(self) -> None:
        self._of: dict[UUID, UUID] = {}

    def dossier(self, model: type[models.Model], identity: UUID, values: Mapping[str, object]) -> UUID | None:
        """Return the dossier of a record that comes in; None when it belongs to the circle as a whole."""
        if model is ExternalKey:
            return self._of_key(str(values["noun"]), values["subject"])
        path = DOSSIER_PATHS.get(model._meta.db_table, "")
        if not path:
            return None
        if path == ROOT:
            return identity
        first = path.split("__")[0]
        column = first if first in values else f"{first}_id"
        named = values.get(column)
        if not isinstance(named, UUID):
            return None
        found = named if first == path else self._of.get(named)
        if found is not None and model in _HOLDERS:
            self._of[identity] = found
        return found

    def _of_key(self, kind: str, subject: object) -> UUID | None:
        if not isinstance(subject, UUID):
            return None
        return dossier_of_keyed(kind, subject, {}) or self._of.get(subject)
