"""Taking a list in, row by row, in one transaction: looked up by key, created, matched or updated.

The same walk serves the preview; it then writes nothing. Rows wait only until the last row of their incident
has been read, so that memory does not grow with the list when the rows of an incident stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from collections.abc import Mapping as MappingOf
from itertools import islice
from uuid import UUID, uuid4

from django.db.models import Q

from tejido.domain.errors import BadInput
from tejido.exchange.assembling import WholeIncident, assemble, said
from tejido.exchange.bulk import Batch
from tejido.exchange.comparing import PartsOfIncident, add_act, add_part
from tejido.exchange.keeping import KEYED, Keys, Known, dossier_of_keyed
from tejido.exchange.mapping import Mapping, TitleRule
from tejido.exchange.models import ExternalKey
from tejido.exchange.planning import Planner
from tejido.exchange.reading import BadRow, GoodRow, Table
from tejido.exchange.reports import PreviewItem, PreviewRow, RefusedRow, Report, Sentence
from tejido.exchange.templates import Template
from tejido.exchange.told import RowPlan, ToldIncident, ToldRecord, name_of
from tejido.exchange.tracing import Trace
from tejido.fabric.models import Presence
from tejido.incidents.models import Incident, Place, Source
from tejido.vault.journal import By, Entry
from tejido.vault.models import JournalEntry

Progress = Callable[[int, int, int], None]
_CHUNK = 200
_MOST_REFUSED_KEPT = 10_000


class Intake:
    """One list being taken in. Without an ``entry`` nothing is written."""

    def __init__(
        self,
        *,
        by: By,
        mapping: Mapping,
        planner: Planner,
        import_id: UUID,
        entry: Entry | None,
        window: tuple[int, int | None] = (0, 0),
    ) -> None:
        self._mapping, self._planner = mapping, planner
        self._keys = Keys(by.circle_id, mapping.list_name)
        self._batch = Batch(circle=by.circle_id, stamp=entry.seq) if entry is not None else None
        self._trace = Trace(import_id, entry, self._batch)
        self._ours = _written_by_imports(by.circle_id)
        self._ids: dict[bytes, UUID] = {}
        self._fresh: set[UUID] = set()
        self._seen: set[bytes] = set()
        self._left: Counter[str] = Counter()
        self._waiting: dict[str, list[ToldIncident]] = {}
        self._window = window
        self._items: dict[str, list[PreviewItem]] = {}
        self.report = Report(import_id=import_id if entry is not None else None)

    def survey(self, table: Table) -> None:
        """Read the list once to count the rows of each incident."""
        for row in table.rows():
            if isinstance(row, GoodRow):
                key = self._incident_key(row)
                if key is not None:
                    self._left[key] += 1
        self._planner.start_again()

    def take_in(self, table: Table, progress: Progress | None = None) -> Report:
        """Read the list and do what it says; return what was done."""
        read_bytes = [0]
        rows = table.rows(lambda done: read_bytes.__setitem__(0, done))
        while chunk := list(islice(rows, _CHUNK)):
            self._chunk(chunk)
            self.report.rows_read += len(chunk)
            if progress is not None:
                progress(self.report.rows_read, min(read_bytes[0], table.size), table.size)
        if self._batch is not None:
            self._batch.flush()
        return self.report

    def _incident_key(self, row: GoodRow) -> str | None:
        try:
            return self._planner.incident_key(row)
        except BadInput:
            return None

    def _chunk(self, rows: list[GoodRow | BadRow]) -> None:
        plans, whole = [], []
        for row in rows:
            if isinstance(row, BadRow):
                self._refuse(row.number, row.reason)
                continue
            key = self._incident_key(row)
            try:
                plan = self._planner.plan(row, key)
                plans.append(plan)
                if plan.incident is not None:
                    self._waiting.setdefault(plan.incident.key, []).append(plan.incident)
            except BadInput as reason:
                self._refuse(row.number, reason)
            if key is not None and self._last_row_of(key):
                whole.append(key)
        incidents = [self._assembled(self._waiting.pop(key)) for key in whole if key in self._waiting]
        if not self._keys.is_empty:
            self._keys.look_up(self._wanted(plans, incidents))
        for plan in plans:
            self._row(plan)
        for incident in incidents:
            outcome = self._incident(incident)
            for item in self._items.pop(incident.key, ()):
                item.outcome, item.label = outcome, str(incident.values["title"])

    def _last_row_of(self, key: str) -> bool:
        self._left[key] -= 1
        if self._left[key] > 0:
            return False
        del self._left[key]
        return True

    def _refuse(self, number: int, reason: BadInput) -> None:
        sentence = Sentence(reason.message, dict(reason.parameters))
        self.report.counts["row", "refused"] += 1
        if len(self.report.refused) < _MOST_REFUSED_KEPT:
            self.report.refused.append(RefusedRow(number, sentence))
        if self._is_shown(number):
            self.report.rows.append(PreviewRow(number, refused=sentence))

    def _is_shown(self, number: int) -> bool:
        first, many = self._window
        return number - 2 >= first and (many is None or number - 2 < first + many)

    def _assembled(self, parts: list[ToldIncident]) -> WholeIncident:
        rule = self._mapping.incident
        return assemble(parts, rule.title if rule is not None else _no_title(), self._mapping.language)

    def _wanted(self, plans: list[RowPlan], incidents: list[WholeIncident]) -> Iterator[bytes]:
        digest = self._keys.digest
        for plan in plans:
            yield from (digest("territory", key) for key in plan.territories)
            yield from (digest("actor", key) for key in plan.actors)
            yield from (digest("tie", tie.key) for tie in plan.ties)
            yield from (digest("presence", presence.key) for presence in plan.presences)
        yield from (digest("incident", incident.key) for incident in incidents)

    def _row(self, plan: RowPlan) -> None:
        shown = PreviewRow(plan.number) if self._is_shown(plan.number) else None
        for territory in plan.territories.values():
            self._tell(shown, "territory", str(territory.values["name"]), self._territory(territory))
        for actor in plan.actors.values():
            self._tell(shown, "actor", name_of(actor.values), self._keyed("actor", actor.key, actor.values, {}))
        for tie in plan.ties:
            ends = {"from_actor_id": self._id("actor", tie.origin), "to_actor_id": self._id("actor", tie.target)}
            self._tell(shown, "tie", str(tie.values["kind"]), self._keyed("tie", tie.key, tie.values, ends))
        for presence in plan.presences:
            ends = {
                "actor_id": self._id("actor", presence.actor),
                "territory_id": self._id("territory", presence.territory),
            }
            if not self._is_there(ends, str(presence.values["kind"]), presence.key):
                outcome = self._keyed("presence", presence.key, presence.values, ends)
                self._tell(shown, "presence", str(presence.values["kind"]), outcome)
        if shown is not None:
            if plan.incident is not None:
                item = PreviewItem("incident", "", "matched")
                shown.items.insert(0, item)
                self._items.setdefault(plan.incident.key, []).append(item)
            self.report.rows.append(shown)

    def _tell(self, shown: PreviewRow | None, kind: str, label: str, outcome: str) -> None:
        if shown is not None:
            shown.items.append(PreviewItem(kind, label, outcome))

    def _id(self, kind: str, key: str) -> UUID:
        return self._ids[self._keys.digest(kind, key)]

    def _territory(self, told: ToldRecord) -> str:
        parent = self._id("territory", told.parent) if told.parent else None
        return self._keyed("territory", told.key, told.values, {"parent_id": parent}, told.parent)

    def _is_there(self, ends: dict[str, UUID], kind: str, key: str) -> bool:
        """Say whether a member recorded the same presence by hand; the database holds it once."""
        if self._fresh.intersection(ends.values()) or self._keys.digest("presence", key) in self._seen:
            return False
        if self._keys.before(self._keys.digest("presence", key)) is not None:
            return False
        return Presence.objects.filter(Q(**ends), kind=kind).exists()

    def _keyed(self, kind: str, key: str, values: dict[str, object], ends: MappingOf[str, object],
               around: str = "") -> str:  # fmt: skip
        """Create, match or update a record that has a key; return which."""
        digest = self._keys.digest(kind, key)
        if digest in self._seen:
            return "matched"
        self._seen.add(digest)
        now = said({**values, "parent_id": around} if "parent_id" in ends else values)
        before = self._keys.before(digest)
        if before is None or not before.there:
            outcome, identity = "created", self._create(kind, key, digest, {**values, **ends}, now, before)
        else:
            identity = before.line.subject
            outcome = "matched" if before.said == now else self._update(kind, before, key, {**values, **ends}, now)
        if kind in ("actor", "territory"):
            self._ids[digest] = identity
            if outcome == "created":
                self._fresh.add(identity)
        self.report.counts[kind, outcome] += 1
        return outcome

    def _create(self, kind: str, key: str, digest: bytes, values: dict[str, object], now: dict[str, str],
                before: Known | None) -> UUID:  # fmt: skip
        identity = uuid4()
        if self._batch is None:
            return identity
        self._batch.add(KEYED[kind], values, identity)
        told = self._keys.told(key, now)
        dossier = dossier_of_keyed(kind, identity, values)
        if before is not None and not before.opens:
            before.line.delete()  # what it said went with a dossier that was erased
            before = None
        if before is None:
            line = {"digest": digest, "noun": kind, "subject": identity, "told": told}
            self._batch.add(ExternalKey, line, dossier=dossier)
        else:
            before.line.tell_dossier(dossier)
            self._trace.change(before.line, subject=identity, told=told)
        return identity

    def _update(self, kind: str, before: Known, key: str, values: dict[str, object], now: dict[str, str]) -> str:
        """Write the values that the list tells otherwise than last time; those a member changed stay."""
        record = KEYED[kind]._default_manager.get(pk=before.line.subject)
        told = {name: value for name, value in values.items() if now.get(name) != before.said.get(name)}
        changed = {name: value for name, value in told.items() if getattr(record, name) != value}
        if changed:
            self._trace.change(record, **changed)
        self._trace.change(before.line, told=self._keys.told(key, now))
        return "updated" if changed else "matched"

    def _incident(self, whole: WholeIncident) -> str:
        digest = self._keys.digest("incident", whole.key)
        now = whole.said()
        territory = self._id("territory", whole.territory) if whole.territory else None
        values = {**whole.values, "territory_id": territory}
        before = self._keys.before(digest)
        if before is None or not before.there:
            outcome = "created"
            identity = self._create("incident", whole.key, digest, values, now, before)
            self._create_parts(identity, whole)
            self._count_parts(whole, "created")
        elif before.said == now:
            outcome = "matched"
            self._count_parts(whole, "matched")
        else:
            outcome = self._update_incident(before, whole, values, now)
        self.report.counts["incident", outcome] += 1
        return outcome

    def _update_incident(self, before: Known, whole: WholeIncident, values: dict[str, object],
                         now: dict[str, str]) -> str:  # fmt: skip
        record = Incident.objects.get(pk=before.line.subject)
        told = {name: value for name, value in whole.values.items() if now.get(name) != before.said.get(name)}
        if now["parts"] != before.said.get("parts"):
            told["territory_id"] = values["territory_id"]
        changed = {name: value for name, value in told.items() if getattr(record, name) != value}
        counts: Counter[tuple[str, str]] = Counter()
        if now["parts"] != before.said.get("parts"):
            PartsOfIncident(
                record,
                batch=self._batch,
                trace=self._trace,
                ours=self._ours,
                actor_id=lambda key: self._id("actor", key),
                counts=counts,
            ).bring_up_to(whole)
        else:
            self._count_parts(whole, "matched")
        self.report.counts.update(counts)
        parts_changed = any(outcome != "matched" for _kind, outcome in counts)
        if changed or parts_changed:
            self._trace.change(record, **changed)
        self._trace.change(before.line, told=self._keys.told(whole.key, now))
        return "updated" if changed or parts_changed else "matched"

    def _create_parts(self, incident: UUID, whole: WholeIncident) -> None:
        if self._batch is None:
            return
        for position, place in enumerate(whole.places, start=1):
            add_part(self._batch, Place, incident, {"incident_id": incident, "position": position, **place})
        for position, act in enumerate(whole.acts, start=1):
            add_act(self._batch, incident, position, act, lambda key: self._id("actor", key))
        for source in whole.sources:
            add_part(self._batch, Source, incident, {"incident_id": incident, **source})

    def _count_parts(self, whole: WholeIncident, outcome: str) -> None:
        counts = self.report.counts
        for kind, many in (
            ("place", len(whole.places)),
            ("act", len(whole.acts)),
            ("source", len(whole.sources)),
            ("victim", sum(len(act.victims) for act in whole.acts)),
            ("perpetrator", sum(len(act.perpetrators) for act in whole.acts)),
        ):
            if many:
                counts[kind, outcome] += many


def _written_by_imports(circle: UUID) -> frozenset[int]:
    """Return the journal numbers of all imports and of their undoing."""
    lines = JournalEntry.objects.filter(circle=circle, action__in=("exchange.import", "exchange.undo"))
    return frozenset(lines.values_list("seq", flat=True))


def _no_title() -> TitleRule:

    empty = Template("", ("",))
    return TitleRule(empty, empty)
