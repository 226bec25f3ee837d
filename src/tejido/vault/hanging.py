"""What hangs on the root of a dossier: which records go with it, and which others name it.

Found from the shape of the tables, so that a slice that hangs new records on an actor or an incident has said what is
needed by declaring its foreign key: what cascades goes; what is protected goes if it belongs to the dossier
(``dossier_paths``), and otherwise only names it and is made to name nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models

from tejido.vault.dossier_paths import DOSSIER_PATHS, ROOT, TOLD
from tejido.vault.models import SealedRecord

_PART: Final = 400
Model = type[SealedRecord]
Reference = tuple[Model, str, bool]


@dataclass
class Hanging:
    """What goes with a root: ids by model; and who names it: by model and column, with whether it may be empty."""

    goes: dict[Model, set[UUID]] = field(default_factory=dict)
    names: dict[Reference, set[UUID]] = field(default_factory=dict)
    #: Dossiers of others that are touched: their pages tell something else afterwards.
    touched: set[UUID] = field(default_factory=set)

    def counts(self) -> Counter[str]:
        """Return how many records of each model go."""
        return Counter({model._meta.label_lower: len(ids) for model, ids in self.goes.items() if ids})

    def naming(self) -> set[UUID]:
        """Return the records of other dossiers that name it."""
        return {pk for ids in self.names.values() for pk in ids}


def root_models() -> list[Model]:
    """Return the models that begin a dossier."""
    return [model for model in _sealed_models() if DOSSIER_PATHS.get(model._meta.db_table) == ROOT]


def hanging_on(root: SealedRecord) -> Hanging:
    """Find what goes with ``root`` and who names it."""
    found = Hanging(goes={type(root): {root.pk}})
    waiting: list[tuple[Model, set[UUID]]] = [(type(root), {root.pk})]
    while waiting:
        model, ids = waiting.pop()
        for other, column in _pointing_at(model):
            if issubclass(other, SealedRecord):
                fresh = _follow(found, other, column, ids, root.pk)
                if fresh:
                    waiting.append((other, fresh))
    for reference, pks in found.names.items():
        pks -= found.goes.get(reference[0], set())
    _others_touched(found)
    return found


def told_of(model_ids: Iterable[UUID]) -> Iterator[tuple[Model, str, list[UUID]]]:
    """Yield, for each table that keeps something about records by their id, the model, its column and ids in parts."""
    ids = list(model_ids)
    for model in _sealed_models():
        column = TOLD.get(model._meta.db_table)
        if column:
            for part in in_parts(ids):
                yield model, column, part


def in_parts(ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """Yield ids in parts that fit one question."""
    whole = list(ids)
    for start in range(0, len(whole), _PART):
        yield whole[start : start + _PART]


def _follow(found: Hanging, other: Model, column: Any, ids: set[UUID], root: UUID) -> set[UUID]:
    """Take the records of ``other`` that point at ``ids``: those that go and were not known yet are returned."""
    behaviour = column.remote_field.on_delete
    path = DOSSIER_PATHS.get(other._meta.db_table, "")
    own = behaviour is models.CASCADE
    fresh: set[UUID] = set()
    for part in in_parts(ids):
        rows = other._default_manager.filter(**{f"{column.name}__in": part})
        theirs = set(rows.values_list("pk", flat=True))
        if own:
            going = theirs
        elif path and path != ROOT:
            going = set(rows.filter(**{path: root}).values_list("pk", flat=True))
        else:
            going = set()
        if not column.null and DOSSIER_PATHS.get(column.related_model._meta.db_table) != ROOT:
            going = theirs  # what cannot be without a part that goes, goes too
        known = found.goes.setdefault(other, set())
        fresh |= going - known
        known |= going
        if theirs - going:
            found.names.setdefault((other, column.name, column.null), set()).update(theirs - going)
    return fresh


def _others_touched(found: Hanging) -> None:
    """Note whose pages tell something else afterwards: those that what goes pointed at, and those that named it."""
    roots = root_models()
    for model, ids in found.goes.items():
        columns = [one.attname for one in model._meta.concrete_fields if one.related_model in roots]
        for part in in_parts(ids):
            for values in model._default_manager.filter(pk__in=part).values_list(*columns or ["pk"]):
                found.touched.update(value for value in values if columns and value is not None)
    for (model, _, _), ids in found.names.items():
        path = DOSSIER_PATHS.get(model._meta.db_table, "")
        if path:
            for part in in_parts(ids):
                values = model._default_manager.filter(pk__in=part).values_list(path, flat=True)
                found.touched.update(value for value in values if value is not None)
    for ids in found.goes.values():
        found.touched -= ids


def _pointing_at(model: Model) -> Iterator[tuple[Any, Any]]:
    """Yield the models, each with its foreign key, that point at ``model``; also those it has no name for."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation.related_model, relation.field


def _sealed_models() -> list[Model]:
    return [model for model in apps.get_models() if issubclass(model, SealedRecord)]
