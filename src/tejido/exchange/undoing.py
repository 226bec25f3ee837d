"""Undoing an import: what it created goes, what it changed or took away comes back as it was.

If others changed those records since, or hung something on them, undo refuses and counts them, unless it is
told to keep those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.apps import apps
from django.db import connection, models

from tejido.circles.models import CircleRecord
from tejido.domain.errors import BadInput, DossierGone, NotFound, RuleBroken
from tejido.domain.words import N_
from tejido.exchange.models import ExternalKey, Import, ImportedRecord
from tejido.exchange.plain_forms import content_fields, rich
from tejido.exchange.reports import Report, Sentence
from tejido.exchange.tracing import STAMP
from tejido.fabric.models import Actor, Asset, Consent, Presence, Territory, Tie
from tejido.incidents.models import Act, Evidence, Incident, Justice, Link, Perpetrator, Place, Source, Victim
from tejido.protection.models import Decision, Measure, Plan, Threat, ThreatIncident
from tejido.vault.dossier_paths import DOSSIER_PATHS, ROOT
from tejido.vault.erasure import let_go
from tejido.vault.journal import By, Entry, writing
from tejido.vault.models import JournalEntry, Removal
from tejido.vault.records import change, create

#: What an import can create, those that hang on others first: the order in which they can be deleted.
CREATED: tuple[type[CircleRecord], ...] = (
    Perpetrator, Victim, Act, Place, Source, Incident, Tie, Presence, Actor, Territory,
)  # fmt: skip
#: What else may hang on such records.
HANGING: tuple[type[CircleRecord], ...] = (
    Justice, Link, Evidence, Consent, Asset, Decision, Plan, Measure, Threat, ThreatIncident,
)  # fmt: skip
_WHOLE: dict[type[CircleRecord], str] = {
    Perpetrator: "act", Victim: "act", Act: "incident", Place: "incident", Source: "incident",
}  # fmt: skip
_REMEMBERED: tuple[type[CircleRecord], ...] = (Incident, Actor, Territory, Tie)
_PART = 400

_NOT_DONE = N_("This import was already undone, or never carried out. Nothing was changed.")
_CHANGED_SINCE = N_(
    "This import was not undone: since then, {changed} of its records were changed and {hung} others were hung upon "
    "them. Nothing was changed. Undo later imports first, or undo this one and keep those records."
)
_KEPT = N_("{count} records were kept, because they were changed since or others hang upon them.")

Keep = dict[type[CircleRecord], set[UUID]]


def undo_import(*, by: By, import_id: UUID, force: bool = False) -> Report:
    """Undo an import. With ``force``, what was changed since or hung upon stays, with all it needs.

    Raises ``NotFound`` for an unknown import, ``RuleBroken`` when others built on it and ``force`` is not given.
    """
    record = Import.objects.filter(pk=import_id, circle=by.circle_id).first()
    if record is None:
        raise NotFound
    if record.status != "done" or record.applied is None:
        raise BadInput(_NOT_DONE)
    report = Report(import_id=import_id, action="undo")
    with writing(by=by, action="exchange.undo") as entry:
        keep = _built_upon(record, force=force)
        _delete(record.applied, keep, entry, report)
        _put_back(record, keep, entry, report)
        change(record, entry, status="undone")
        entry.about("exchange.import", import_id)
        entry.notes["counts"] = {kind: sum(line.values()) for kind, line in report.by_kind().items()}
    kept = sum(len(ids) for ids in keep.values())
    if kept:
        report.notes.append(Sentence(_KEPT, {"count": kept}))
    return report


def _built_upon(record: Import, *, force: bool) -> Keep:
    """Return what must stay; ``RuleBroken`` unless ``force`` when there is any."""
    applied = cast("int", record.applied)
    changed: Keep = {
        model: _really_changed(dict(_born(model, applied).exclude(stamp=applied).values_list("pk", "stamp")), applied)
        for model in CREATED
    }
    changed_later = _changed_later(record, applied)
    own = _changed_records(record)
    hung, keep = 0, changed
    changed_count = sum(len(ids) for ids in changed.values()) + sum(len(ids) for ids in changed_later.values())
    targets: Keep = {model: set() for model in CREATED}
    for model in (*CREATED, *HANGING):
        for field in _references(model):
            hangers = model._default_manager.exclude(born=applied).filter(**{f"{field.name}__born": applied})
            pairs = list(hangers.values_list("pk", f"{field.attname}"))
            # What this import itself made refer to its records is put back, so it does not stand in the way.
            pairs = [(pk, to) for pk, to in pairs if pk not in own or pk in changed_later.get(model, set())]
            hung += len({pk for pk, _target in pairs})
            targets[cast("type[CircleRecord]", field.related_model)].update(target for _pk, target in pairs)
    if (changed_count or hung) and not force:
        raise RuleBroken(_CHANGED_SINCE, changed=changed_count, hung=hung)
    for model, ids in targets.items():
        keep[model] |= ids
    _close(keep, applied)
    for model, ids in changed_later.items():
        keep.setdefault(model, set()).update(ids)
    return {model: ids for model, ids in keep.items() if ids}


def _changed_records(record: Import) -> set[UUID]:
    return {pk for ids in _changed_by_noun(record, removed=False).values() for pk in ids}


def _changed_later(record: Import, applied: int) -> Keep:
    """Return the records that this import changed and that somebody wrote again afterwards."""
    found: Keep = {}
    for noun, ids in _changed_by_noun(record, removed=False).items():
        model = cast("type[CircleRecord]", apps.get_model(noun))
        if model is ExternalKey:
            continue
        for part in _parts(ids):
            later = model._default_manager.filter(pk__in=part).exclude(stamp=applied)
            found.setdefault(model, set()).update(_really_changed(dict(later.values_list("pk", "stamp")), applied))
    return {model: ids for model, ids in found.items() if ids}


def _really_changed(stamps: dict[UUID, int], applied: int) -> set[UUID]:
    """Return those of the records, by their last stamp, that somebody changed after the import ``applied``.

    A record that a later import changed and whose undoing put it back is as it was before that import.
    """
    undone = dict(JournalEntry.objects.filter(action="exchange.undo", seq__gt=applied).values_list("seq", "record"))
    changed: set[UUID] = set()
    while stamps:
        put_back = {pk: undone[stamp] for pk, stamp in stamps.items() if stamp in undone}
        changed |= {pk for pk, stamp in stamps.items() if stamp != applied and stamp not in undone}
        stamps = {}
        for part in _parts(put_back):
            for line in ImportedRecord.objects.filter(record__in=part):
                if line.of_import_id == put_back[line.record]:
                    stamps[line.record] = int(line.before[STAMP])
    return changed


def _changed_by_noun(record: Import, *, removed: bool) -> dict[str, list[UUID]]:
    found: dict[str, list[UUID]] = {}
    lines = ImportedRecord.objects.filter(of_import=record, removed=removed)
    for noun, pk in lines.values_list("noun", "record"):
        found.setdefault(noun, []).append(pk)
    return found


def _close(keep: Keep, applied: int) -> None:
    """Let what is kept keep all it needs: an incident its parts, and every record what it refers to."""
    if not any(keep.values()):
        return
    for model, whole in reversed(list(_WHOLE.items())):
        parent = cast("type[CircleRecord]", model._meta.get_field(whole).related_model)
        _add(keep, model, model._default_manager.filter(born=applied), f"{whole}_id", keep[parent])
    for model in CREATED:
        for field in _references(model):
            needed = cast("type[CircleRecord]", field.related_model)
            for part in _parts(keep[model]):
                rows = model._default_manager.filter(pk__in=part, **{f"{field.name}__born": applied})
                keep[needed].update(rows.values_list(field.attname, flat=True))
    for field in _references(Territory):
        while True:
            before = len(keep[Territory])
            for part in _parts(keep[Territory]):
                rows = Territory.objects.filter(pk__in=part, **{f"{field.name}__born": applied})
                keep[Territory].update(rows.values_list(field.attname, flat=True))
            if len(keep[Territory]) == before:
                break


def _add(keep: Keep, model: type[CircleRecord], rows: Any, attname: str, within: set[UUID]) -> None:
    for part in _parts(within):
        keep[model].update(rows.filter(**{f"{attname}__in": part}).values_list("pk", flat=True))


def _references(model: type[CircleRecord]) -> list[models.ForeignKey[Any, Any]]:
    """Return the foreign keys of a model that lead to something an import can create."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model in CREATED
    ]


def _born(model: type[CircleRecord], applied: int) -> Any:
    return model._default_manager.filter(born=applied)


def _delete(applied: int, keep: Keep, entry: Entry, report: Report) -> None:
    kept_records = {pk for ids in keep.values() for pk in ids}
    for model in CREATED:
        rows = _born(model, applied)
        kept = keep.get(model, set())
        gone = [pk for pk in rows.values_list("pk", flat=True) if pk not in kept]
        if not gone:
            continue
        if model in _REMEMBERED:
            noun = model._meta.label_lower
            Removal.objects.bulk_create(
                (Removal(stamp=entry.seq, noun=noun, record=pk) for pk in gone), batch_size=2000
            )
        _delete_rows(model, applied, gone, all_=not kept)
        if DOSSIER_PATHS.get(model._meta.db_table) == ROOT:
            let_go(gone, entry.by.circle_id)
        report.counts[model.__name__.lower(), "removed"] += len(gone)
    keys = [
        pk for pk, target in _born(ExternalKey, applied).values_list("pk", "subject") if target not in kept_records
    ]
    _delete_rows(ExternalKey, applied, keys, all_=not kept_records)


def _delete_rows(model: type[CircleRecord], applied: int, gone: list[UUID], *, all_: bool) -> None:
    """Delete without asking each row what hangs on it: that was found out before, and the database still refuses."""
    manager = model._default_manager
    if all_:
        rows: Any = manager.filter(born=applied)
        rows._raw_delete(connection.alias)
        return
    for part in _parts(gone):
        some: Any = manager.filter(pk__in=part)
        some._raw_delete(connection.alias)


def _put_back(record: Import, keep: Keep, entry: Entry, report: Report) -> None:
    kept = {pk for ids in keep.values() for pk in ids}
    lines = list(ImportedRecord.objects.filter(of_import=record).order_by("pk"))
    order = {model._meta.label_lower: place for place, model in enumerate(reversed(CREATED))}
    for line in sorted(lines, key=lambda one: order.get(one.noun, 99)):
        model = cast("type[CircleRecord]", apps.get_model(line.noun))
        if line.removed:
            if not _opens(line):
                continue
            _insert_again(model, line, entry)
        elif line.record in kept:
            continue
        else:
            existing = model._default_manager.filter(pk=line.record).first()
            if existing is None:
                continue
            fields = {field.attname: field for field in content_fields(model)}
            values = {name: rich(fields[name], value) for name, value in line.before.items() if name != STAMP}
            change(existing, entry, **values)
        if model is not ExternalKey:
            report.counts[model.__name__.lower(), "restored"] += 1


def _opens(line: ImportedRecord) -> bool:
    """Say whether what a record was before can still be opened; not once its dossier was erased or taken back."""
    try:
        return line.before is not None
    except DossierGone:
        return False


def _insert_again(model: type[CircleRecord], line: ImportedRecord, entry: Entry) -> None:
    before = dict(line.before)
    born, revision = before.pop("born"), before.pop("revision")
    before.pop(STAMP)
    fields = {field.attname: field for field in content_fields(model)}
    values = {name: rich(fields[name], value) for name, value in before.items()}
    back = model(circle_id=line.circle_id, **values)
    back.revision = revision + 1
    create(back, entry)
    model._default_manager.filter(pk=back.pk).update(born=born)
    Removal.objects.filter(noun=model._meta.label_lower, record=back.pk).delete()


def _parts(ids: Iterable[UUID]) -> list[list[UUID]]:
    whole = list(ids)
    return [whole[start : start + _PART] for start in range(0, len(whole), _PART)]
