"""Records of every model there is, with a value in every field: whoever adds a model or a field is in it already."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from tejido.domain.dates import ImpreciseDate
from tejido.vault.fields import SealedDate, SealedJSON, SealedText
from tejido.vault.journal import Entry
from tejido.vault.models import JournalEntry, SealedRecord

#: A string that stands in every sealed text, and nowhere else.
MARK = "Zafirosecreto"
A_DATE = ImpreciseDate.month(1973, 9, about=True)


def every_model() -> list[type[models.Model]]:
    """Return every model of ours but the journal (which ``writing`` writes), parents before children."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("tejido.")]
    ordered: list[type[models.Model]] = []

    def place(model: type[models.Model]) -> None:
        if model in ordered:
            return
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is not model:
                place(field.related_model)  # type: ignore[arg-type]
        ordered.append(model)

    for model in ours:
        place(model)
    return [model for model in ordered if model is not JournalEntry]


def make_two_of_each(by: Any, entry: Entry) -> Iterator[models.Model]:
    """Write and yield two records of each model; those that point at two of a kind point at both."""
    made: dict[type[models.Model], list[models.Model]] = {}
    for model in every_model():
        made[model] = []
        for turn in (0, 1):
            values = {
                field.name: _value(field, made, turn)
                for field in model._meta.concrete_fields
                if not field.primary_key or field.remote_field or isinstance(field, models.CharField) or _bare(field)
            }
            record = _bound(model(**values), by, entry)
            record.save(force_insert=True)
            made[model].append(record)
            yield record


def barest(model: type[SealedRecord], ident: uuid.UUID, circle: uuid.UUID) -> SealedRecord | None:
    """Return a record with ``ident`` wherever it needs an id, a word in each text, and no more than is needed.

    None for what joins two different records: it cannot join one to itself.
    """
    fields = [field for field in model._meta.concrete_fields if field.name not in {"circle", "id"}]
    needed = [field for field in fields if not field.null and not field.has_default()]
    values: dict[str, Any] = {field.attname: 1 for field in needed if isinstance(field, models.IntegerField)}
    parents = {field.attname: ident for field in needed if field.is_relation or isinstance(field, models.UUIDField)}
    if len([name for name in parents if name.endswith(("actor_id", "incident_id"))]) > 1:
        return None
    values |= {field.attname: "x" for field in fields if isinstance(field, SealedText)}
    build: Any = model  # which of the two kinds of circle column it has, its type does not say
    made: SealedRecord = build(id=ident, circle_id=circle, **values, **parents)
    return made


def _bare(field: models.Field[Any, Any]) -> bool:
    """Say whether a key is given by whoever writes the row."""
    return isinstance(field, models.UUIDField) and not field.has_default()


def _bound(record: models.Model, by: Any, entry: Entry) -> models.Model:
    """Give a record its circle and stamp; only the circle at work has keys here."""
    if isinstance(record, SealedRecord):
        record.revision, record.born, record.stamp = 1, entry.seq, entry.seq
        if record._meta.label != "circles.Circle":
            record.circle_id = by.circle_id  # type: ignore[attr-defined]
        else:
            record.name = ""  # type: ignore[attr-defined]
    return record


def _value(field: models.Field[Any, Any], made: dict[type[models.Model], list[models.Model]], turn: int) -> Any:
    if field.is_relation:
        others = made.get(field.related_model, [])  # type: ignore[arg-type]
        # Of two fields that point at the same model, one takes the other record: nothing is tied to itself.
        second = field.name.startswith("to_")
        return others[-1 if (turn == 1) is not second else 0] if others else None
    if isinstance(field, SealedText):
        return f"{MARK} {field.name} «ñandú» 🧵 {turn}"
    if isinstance(field, SealedJSON):
        return [{"text": f"{MARK} {turn}"}, [1.5, -70.25]] if field.shape is list else {"¿qué?": MARK, "n": [turn]}
    if isinstance(field, SealedDate):
        return A_DATE
    return _plain_value(field, turn)


def _plain_value(field: models.Field[Any, Any], turn: int) -> Any:
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.CharField):
        return (f"{turn}" + "ñ" * 200)[: field.max_length]
    if isinstance(field, models.BinaryField):
        return bytes([turn]) * (field.max_length or 40)
    if isinstance(field, models.BooleanField):
        return True
    if isinstance(field, models.BigIntegerField):
        return 2**40 + turn
    return 7 + turn if isinstance(field, models.PositiveSmallIntegerField) else 202647 + turn
