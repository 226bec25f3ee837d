"""Bringing an incident that is already here up to what a list now tells, part by part.

A part that the list brought and that it no longer tells is taken away, unless a member changed it or hung
something on it since; what members added themselves is never touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from tejido.circles.models import CircleRecord
from tejido.exchange.assembling import WholeIncident, frozen
from tejido.exchange.bulk import Batch
from tejido.exchange.told import ToldAct, Values
from tejido.exchange.tracing import Trace
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Source, Victim

PLACE_FIELDS = ("kind", "precision", "words", "point")
SOURCE_FIELDS = ("kind", "how", "reliability", "name", "reference", "said_on")
ACT_FIELDS = ("kind", "means", "when", "details")
PERPETRATOR_FIELDS = ("involvement", "certainty", "words")

ActorId = Callable[[str], UUID]


def add_part(batch: Batch | None, model: type[CircleRecord], incident: UUID, values: dict[str, object]) -> None:
    """Take in one new part of an incident, unless it is only a preview."""
    if batch is not None:
        batch.add(model, values, dossier=incident)


def add_act(batch: Batch | None, incident: UUID, position: int, act: ToldAct, actor_id: ActorId) -> None:
    """Take in one new act with its victims and perpetrators."""
    if batch is None:
        return
    identity = batch.add(Act, {"incident_id": incident, "position": position, **act.values})
    for victim, persons in act.victims.items():
        values = {"act_id": identity, "actor_id": actor_id(victim), "persons": persons}
        batch.add(Victim, values, dossier=incident)
    for alleged, told in act.perpetrators.items():
        batch.add(Perpetrator, {"act_id": identity, "actor_id": actor_id(alleged), **told}, dossier=incident)


class PartsOfIncident:
    """The parts of one incident, against what is told now."""

    def __init__(
        self,
        incident: Incident,
        *,
        batch: Batch | None,
        trace: Trace,
        ours: Collection[int],
        actor_id: ActorId,
        counts: Counter[tuple[str, str]],
    ) -> None:
        self._incident, self._batch, self._trace = incident, batch, trace
        self._ours, self._actor_id, self._counts = ours, actor_id, counts

    def bring_up_to(self, whole: WholeIncident) -> None:
        """Create what is new and take away what the list no longer tells."""
        self._flat(Place, "place", PLACE_FIELDS, self._incident.places.all(), whole.places)
        self._flat(Source, "source", SOURCE_FIELDS, self._incident.sources.all(), whole.sources)
        self._acts(whole.acts)

    def _flat(
        self,
        model: type[CircleRecord],
        kind: str,
        names: tuple[str, ...],
        existing: Iterable[CircleRecord],
        wanted: list[Values],
    ) -> None:
        here = {_content(record, names): record for record in existing}
        last = len(here)
        for values in wanted:
            if here.pop(frozen(values), None) is not None:
                self._counts[kind, "matched"] += 1
                continue
            last += 1
            position = {"position": last} if kind == "place" else {}
            whole = self._incident.pk
            add_part(self._batch, model, whole, {"incident_id": whole, **position, **values})
            self._counts[kind, "created"] += 1
        for record in here.values():
            if self._is_ours(record):
                self._trace.take_away(record)
                self._counts[kind, "removed"] += 1

    def _acts(self, wanted: list[ToldAct]) -> None:
        existing = list(self._incident.acts.prefetch_related("victims", "perpetrators"))
        here = {_act_content(act): act for act in existing}
        for position, told in enumerate(wanted, start=1):
            blame = {str(self._actor_id(key)): values for key, values in told.perpetrators.items()}
            act = here.pop(frozen((told.values, blame)), None)
            if act is not None:
                self._counts["act", "matched"] += 1
                self._counts["perpetrator", "matched"] += len(blame)
                self._victims(act, told)
                continue
            add_act(self._batch, self._incident.pk, len(existing) + position, told, self._actor_id)
            self._counts["act", "created"] += 1
            self._counts["victim", "created"] += len(told.victims)
            self._counts["perpetrator", "created"] += len(blame)
        for act in here.values():
            parts: list[Any] = [*act.victims.all(), *act.perpetrators.all()]
            if all(self._is_ours(record) for record in (act, *parts)):
                for record in (*parts, act):
                    self._trace.take_away(record)
                self._counts["act", "removed"] += 1

    def _victims(self, act: Act, told: ToldAct) -> None:
        here = {victim.actor_id: victim for victim in act.victims.all()}
        for key, persons in told.victims.items():
            actor = self._actor_id(key)
            victim = here.pop(actor, None)
            if victim is None:
                values = {"act_id": act.pk, "actor_id": actor, "persons": persons}
                add_part(self._batch, Victim, act.incident_id, values)
                self._counts["victim", "created"] += 1
            elif victim.persons != persons and self._is_ours(victim):
                self._trace.change(victim, persons=persons)
                self._counts["victim", "updated"] += 1
            else:
                self._counts["victim", "matched"] += 1
        for victim in here.values():
            if self._is_ours(victim):
                self._trace.take_away(victim)
                self._counts["victim", "removed"] += 1

    def _is_ours(self, record: CircleRecord) -> bool:
        """Say whether a list brought the record and nobody but imports and their undoing wrote it since."""
        return record.born in self._ours and record.stamp in self._ours


def _content(record: CircleRecord, names: tuple[str, ...]) -> str:
    return frozen({name: getattr(record, name) for name in names})


def _act_content(act: Act) -> str:
    values = {name: getattr(act, name) for name in ACT_FIELDS}
    blame = {
        str(one.actor_id): {name: getattr(one, name) for name in PERPETRATOR_FIELDS} for one in act.perpetrators.all()
    }
    return frozen((values, blame))
