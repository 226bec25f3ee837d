"""A whole row put back as it was once opens like any other; the check tells it by the journal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import DamagedSeal
from tejido.fabric.actions import change_actor, end_tie, remove_tie, tie_actors
from tejido.fabric.models import Actor, Tie
from tejido.vault import checkup_older, records
from tejido.vault.erasure import erase_dossier
from tejido.vault.fields import SealedBytes, SealedField
from tejido.vault.journal import writing, written_in
from tejido.vault.models import JournalEntry, Removal, SealedRecord
from tejido.vault.records import remove
from tests.incidents.telling import actor


def _row(pk: UUID, model: type[SealedRecord] = Actor) -> dict[str, Any]:
    """Return the columns of a row as they rest."""
    record = model._default_manager.get(pk=pk)
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


def _changed_tie(by: Any) -> tuple[Tie, dict[str, Any]]:
    """Return a tie of which the journal tells a change beside, not about, and its row before."""
    ana, luz = actor(by, "Ana"), actor(by, "Luz")
    made = tie_actors(by=by, from_actor=ana, to_actor=luz, kind="works_with", strength="strong")
    before = _row(made.pk, Tie)
    end_tie(by=by, tie=Tie.objects.get(pk=made.pk), until=ImpreciseDate.decode("2026-02"))
    assert _older() == {"good"}
    return made, before


@pytest.mark.parametrize("newer", [{}, {"stamp": 10_000}])
def test_a_tie_put_back_is_told_though_no_line_is_about_it(at_work: Any, newer: dict[str, int]) -> None:
    made, before = _changed_tie(at_work)
    Tie.objects.filter(pk=made.pk).update(**before | newer)
    assert Tie.objects.get(pk=made.pk).until is None, "it is sound in itself"
    assert _older() == {"fault"}


def test_what_was_taken_out_is_missed_as_well_without_its_removal(at_work: Any) -> None:
    made, before = _changed_tie(at_work)
    now = _row(made.pk, Tie)
    remove_tie(by=at_work, tie=Tie.objects.get(pk=made.pk))
    Removal.objects.all().delete()
    for row in (before, now, now | {"born": 10_000, "stamp": 10_000}):
        Tie.objects.bulk_create([Tie(**{name: value for name, value in row.items() if value is not None})])
        assert _older() == {"fault"}
        Tie.objects.filter(pk=made.pk)._raw_delete("default")
    assert _older() == {"good"}


def test_each_line_names_what_it_wrote_under_which_revision(at_work: Any) -> None:
    made, _before = _changed_tie(at_work)
    lines = {entry.action: written_in(entry) for entry in JournalEntry.objects.order_by("seq")}
    assert lines["tie.end"]["fabric.tie"] == {made.pk: 2}
    assert lines["circle.found"] == {} and lines["tie.record"] == {}, "what is new has no earlier state"


def test_every_write_of_the_product_goes_by_what_names_it() -> None:
    """Whoever raised a revision beside ``records.change`` would leave a change that no line names."""
    raising = re.compile(r"revision\s*=\s*(F\(|\w+(\.revision)?\s*\+\s*1)|revision \+= 1")
    rooms = Path(records.__file__).resolve().parents[1]
    found = {file.name for file in rooms.rglob("*.py") if raising.search(file.read_text(encoding="utf-8"))}
    assert found == {"undoing.py"}, "which makes it anew by records.create"
    assert "record.revision, record.stamp = seen + 1" in Path(records.__file__).read_text(encoding="utf-8")
