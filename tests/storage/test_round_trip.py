"""What is written comes back as it was, on every database: every model, every field."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, models

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor, Tie
from tejido.vault.fields import SealedField
from tejido.vault.journal import writing
from tejido.vault.records import change, create, create_all
from tests.storage.one_of_each import every_model, make_two_of_each


def _values(record: models.Model) -> dict[str, Any]:
    found = {}
    for field in record._meta.concrete_fields:
        value = getattr(record, field.attname)
        plain = isinstance(field, models.BinaryField) and not isinstance(field, SealedField)
        found[field.attname] = bytes(value) if plain else value
    return found


def test_every_field_of_every_model_comes_back(at_work: Any) -> None:
    with writing(by=at_work, action="test.make") as entry:
        made = list(make_two_of_each(at_work, entry))
    assert {type(record) for record in made} == set(every_model())
    for record in made:
        assert _values(type(record)._default_manager.get(pk=record.pk)) == _values(record), record._meta.label


def test_records_written_many_at_once_come_back_too(at_work: Any) -> None:
    with writing(by=at_work, action="test.make") as entry:
        actors = [Actor(circle_id=at_work.circle_id, kind="person", names=[{"text": f"N {n}"}]) for n in range(5)]
        create_all(Actor, actors, entry, batch=2)
        ties = [
            Tie(
                circle_id=at_work.circle_id,
                from_actor=a,
                to_actor=b,
                kind="works_with",
                since=ImpreciseDate.year(1973),
            )
            for a, b in pairwise(actors)
        ]
        assert create_all(Tie, ties, entry) == 4
    for record in [*actors, *ties]:
        assert not record._state.adding
        assert _values(type(record).objects.get(pk=record.pk)) == _values(record)  # type: ignore[attr-defined]


def test_a_change_is_kept_in_every_sealed_field(at_work: Any) -> None:
    with writing(by=at_work, action="test.make") as entry:
        made = [record for record in make_two_of_each(at_work, entry) if hasattr(record, "revision")]
    with writing(by=at_work, action="test.change") as entry:
        for record in made:
            change(type(record)._default_manager.get(pk=record.pk), entry)  # type: ignore[type-var]
    for record in made:
        expected = _values(record) | {"revision": 2, "stamp": entry.seq}
        assert _values(type(record)._default_manager.get(pk=record.pk)) == expected, record._meta.label


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "a" * 300_000, "\N{RIGHT-TO-LEFT OVERRIDE}abc", "né\u0301", "\x1f'\";--"]
)
def test_odd_texts_come_back(at_work: Any, text: str) -> None:
    with writing(by=at_work, action="test.make") as entry:
        made = create(Actor(circle_id=at_work.circle_id, kind="person", about=text), entry)
    assert Actor.objects.get(pk=made.pk).about == text


def test_the_empty_value_is_stored_as_null(at_work: Any) -> None:
    with writing(by=at_work, action="test.make") as entry:
        create(Actor(circle_id=at_work.circle_id, kind="person"), entry)
    with connection.cursor() as cursor:
        cursor.execute("SELECT names, about, details FROM fabric_actor")
        assert cursor.fetchone() == (None, None, None)
