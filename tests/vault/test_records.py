"""Sealed records keep what they are given, and refuse what was altered, moved or put back."""

from __future__ import annotations

import copy
import uuid
from typing import Any

import pytest
from django.core.exceptions import FieldError
from django.db import connection

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import Conflict, DamagedSeal, WorkspaceLocked
from tejido.fabric.models import Actor, Tie
from tejido.vault import journal
from tejido.vault.journal import writing
from tejido.vault.keyring import using
from tejido.vault.records import change, create


def _actor(by: Any, name: str, **more: Any) -> Actor:
    with writing(by=by, action="test.make") as entry:
        return create(Actor(circle_id=by.circle_id, kind="community", names=[{"text": name}], **more), entry)


def test_a_sealed_record_comes_back_as_it_was(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea de la Ribera", about="río", identities=["ribereñas"])
    read = Actor.objects.get(pk=made.pk)
    assert read.usual_name == "Asamblea de la Ribera"
    assert read.identities == ["ribereñas"]
    assert read.size == ""
    assert read.born == read.stamp == journal.last_stamp()


def test_nothing_sealed_is_in_the_row(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea de la Ribera")
    with connection.cursor() as cursor:
        cursor.execute("SELECT names FROM fabric_actor")
        row = bytes(cursor.fetchone()[0])
    assert b"Asamblea" not in row
    assert made.usual_name == "Asamblea de la Ribera"


def test_a_change_seals_every_field_anew_and_a_second_editor_is_told(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea", about="uno")
    mine, theirs = Actor.objects.get(pk=made.pk), Actor.objects.get(pk=made.pk)
    with writing(by=at_work, action="test.change") as entry:
        change(mine, entry, about="dos")
    with pytest.raises(Conflict), writing(by=at_work, action="test.change") as entry:
        change(theirs, entry, about="tres")
    read = Actor.objects.get(pk=made.pk)
    assert (read.about, read.usual_name, read.revision) == ("dos", "Asamblea", 2)


def test_an_old_value_put_back_does_not_open(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea", about="uno")
    with connection.cursor() as cursor:
        cursor.execute("SELECT about FROM fabric_actor")
        old = cursor.fetchone()[0]
        with writing(by=at_work, action="test.change") as entry:
            change(Actor.objects.get(pk=made.pk), entry, about="dos")
        cursor.execute("UPDATE fabric_actor SET about = %s", [old])
    with pytest.raises(DamagedSeal):
        _ = Actor.objects.get(pk=made.pk).about


def test_a_value_moved_to_another_record_or_column_does_not_open(at_work: Any) -> None:
    one, two = _actor(at_work, "Una", about="a"), _actor(at_work, "Dos", about="b")
    with connection.cursor() as cursor:
        cursor.execute("SELECT about FROM fabric_actor WHERE about IS NOT NULL")
        first = cursor.fetchone()[0]
        cursor.execute("UPDATE fabric_actor SET about = %s, size = %s", [first, first])
    refused = 0
    for record in (Actor.objects.get(pk=one.pk), Actor.objects.get(pk=two.pk)):
        for field in ("about", "size"):
            try:
                getattr(record, field)
            except DamagedSeal:
                refused += 1
    assert refused == 3


def test_every_flipped_byte_is_refused(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea", about="uno")
    with connection.cursor() as cursor:
        cursor.execute("SELECT about FROM fabric_actor")
        whole = bytes(cursor.fetchone()[0])
    record = Actor.objects.get(pk=made.pk)
    field = Actor._meta.get_field("about")
    assert field.opened(record, whole) == "uno"
    for at in range(len(whole)):
        bent = bytearray(whole)
        bent[at] ^= 1
        with pytest.raises((DamagedSeal, WorkspaceLocked)):
            field.opened(record, bytes(bent))


def test_without_keys_nothing_opens(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea")
    with using(None), pytest.raises(WorkspaceLocked):
        _ = Actor.objects.get(pk=made.pk).names


def test_sealed_fields_cannot_be_filtered_or_written_bare(at_work: Any) -> None:
    _actor(at_work, "Asamblea")
    with pytest.raises(FieldError):
        Actor.objects.filter(about="x").exists()
    with pytest.raises(FieldError):
        Actor.objects.update(about="in clear")


def test_imprecise_dates_are_sealed_whole(at_work: Any) -> None:
    one, two = _actor(at_work, "Una"), _actor(at_work, "Dos")
    since = ImpreciseDate.month(1973, 9, about=True)
    with writing(by=at_work, action="test.tie") as entry:
        create(
            Tie(circle_id=at_work.circle_id, from_actor=one, to_actor=two, kind="allied_with", since=since),
            entry,
        )
    tie = Tie.objects.get()
    assert tie.since == since
    assert tie.until is None


def test_the_journal_is_a_chain_that_shows_a_break(at_work: Any) -> None:
    _actor(at_work, "Una")
    _actor(at_work, "Dos")
    assert journal.verify() == 3
    with connection.cursor() as cursor:
        cursor.execute("UPDATE vault_journal SET action = 'other' WHERE seq = 2")
    with pytest.raises(DamagedSeal):
        journal.verify()


def test_a_failed_write_leaves_neither_record_nor_line(at_work: Any) -> None:
    before = journal.last_stamp()
    with pytest.raises(RuntimeError), writing(by=at_work, action="test.fail") as entry:
        create(Actor(id=uuid.uuid4(), circle_id=at_work.circle_id, kind="person"), entry)
        raise RuntimeError
    assert journal.last_stamp() == before
    assert not Actor.objects.exists()


def test_a_record_read_anew_can_be_changed(at_work: Any) -> None:
    """After a conflict, what was read anew is what stands: the next change does not meet the same conflict."""
    made = _actor(at_work, "Asamblea", about="uno")
    mine, theirs = Actor.objects.get(pk=made.pk), Actor.objects.get(pk=made.pk)
    with writing(by=at_work, action="test.change") as entry:
        change(theirs, entry, about="dos")
    mine.refresh_from_db()
    assert mine.about == "dos"
    with writing(by=at_work, action="test.change") as entry:
        change(mine, entry, about="tres")
    assert Actor.objects.get(pk=made.pk).about == "tres"


def test_a_record_read_in_part_opens_what_is_asked_for(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea", about="uno")
    with writing(by=at_work, action="test.change") as entry:
        change(made, entry, about="dos")
    for read in (Actor.objects.only("kind"), Actor.objects.defer("revision", "about"), Actor.objects.only("about")):
        assert read.get(pk=made.pk).about == "dos"
        assert copy.copy(read.get(pk=made.pk)).usual_name == "Asamblea"


def test_values_and_the_names_of_records_show_nothing_opened(at_work: Any) -> None:
    made = _actor(at_work, "Asamblea", about="uno")
    (sealed,) = Actor.objects.values_list("about", flat=True)
    assert b"uno" not in bytes(sealed)
    assert "Asamblea" not in f"{made!r} {made} {Actor.objects.all()!r}"
    with pytest.raises(FieldError):
        Actor.objects.bulk_update([made], ["about"])
