"""A whole row put back as it was once opens like any other; the check tells it by the journal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tejido.domain.errors import DamagedSeal
from tejido.fabric.actions import change_actor
from tejido.fabric.models import Actor
from tejido.vault import checkup_older
from tejido.vault.erasure import erase_dossier
from tejido.vault.fields import SealedBytes, SealedField
from tejido.vault.journal import writing
from tejido.vault.records import remove
from tests.incidents.telling import actor


def _row(pk: UUID) -> dict[str, Any]:
    """Return the columns of a row as they rest."""
    record = Actor.objects.get(pk=pk)
    columns = {one.attname: (one, record.__dict__[one.attname]) for one in record._meta.concrete_fields}
    return {
        name: None if isinstance(column, SealedField) and not isinstance(value, SealedBytes) else value
        for name, (column, value) in columns.items()
    }


def _older() -> set[str]:
    return {one.level for one in checkup_older.remarks()}


@pytest.fixture
def changed(at_work: Any) -> tuple[Actor, dict[str, Any]]:
    """Somebody whose record was changed, and the row as it was before."""
    made = Actor.objects.get(pk=actor(at_work, "Ana").pk)
    before = _row(made.pk)
    change_actor(by=at_work, actor=made, seen=made.revision, names=["Ana Ríos"])
    assert _older() == {"good"}
    return made, before


def test_one_value_of_an_earlier_revision_does_not_open(changed: tuple[Actor, dict[str, Any]]) -> None:
    made, before = changed
    Actor.objects.filter(pk=made.pk).update(names=before["names"])
    with pytest.raises(DamagedSeal):
        Actor.objects.get(pk=made.pk).usual_name  # noqa: B018


def test_a_whole_row_put_back_is_told_by_the_check(changed: tuple[Actor, dict[str, Any]]) -> None:
    made, before = changed
    Actor.objects.filter(pk=made.pk).update(**before)
    assert Actor.objects.get(pk=made.pk).usual_name == "Ana", "it is sound in itself"
    assert _older() == {"fault"}


def test_with_a_newer_number_it_is_told_by_its_revision(changed: tuple[Actor, dict[str, Any]]) -> None:
    made, before = changed
    now = Actor.objects.get(pk=made.pk)
    Actor.objects.filter(pk=made.pk).update(**{**before, "stamp": now.stamp})
    assert Actor.objects.get(pk=made.pk).usual_name == "Ana"
    assert _older() == {"fault"}


def test_with_a_newer_number_and_revision_it_does_not_open(changed: tuple[Actor, dict[str, Any]]) -> None:
    made, before = changed
    now = Actor.objects.get(pk=made.pk)
    Actor.objects.filter(pk=made.pk).update(**{**before, "revision": now.revision, "stamp": now.stamp})
    assert _older() == {"good"}
    with pytest.raises(DamagedSeal):
        Actor.objects.get(pk=made.pk).usual_name  # noqa: B018


def test_a_removed_or_erased_row_put_back_is_told(at_work: Any) -> None:
    for erased in (False, True):
        made = Actor.objects.get(pk=actor(at_work, "Luz").pk)
        raw = _row(made.pk)
        if erased:
            erase_dossier(made.pk, by=at_work)
        else:
            with writing(by=at_work, action="test.remove") as entry:
                remove(made, entry)
        assert _older() == {"good"}
        Actor.objects.bulk_create([Actor(**{name: value for name, value in raw.items() if value is not None})])
        assert _older() == {"fault"}
        Actor.objects.filter(pk=raw["id"])._raw_delete("default")
