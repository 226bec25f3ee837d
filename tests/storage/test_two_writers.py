"""Several people write at once: nobody's words are lost, nothing is written half, the journal has no gap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tejido.domain.errors import Conflict
from tejido.domain.names import sort_key
from tejido.fabric.models import Actor
from tejido.vault import journal, keystore
from tejido.vault.catalogue import Line, Noun, catalogue
from tejido.vault.journal import writing
from tejido.vault.models import JournalEntry
from tejido.vault.records import change, create, remove
from tests.storage.side_by_side import all_at_once, each_in_a_process

pytestmark = pytest.mark.django_db(transaction=True)

NOUN = Noun("crowd", Actor, lambda actor: Line(actor.pk, actor.usual_name, sort_key(actor.usual_name)))


def _actor(by: Any, name: str) -> Actor:
    with writing(by=by, action="test.make") as entry:
        return create(Actor(circle_id=by.circle_id, kind="person", names=[{"text": name}]), entry)


def test_of_two_who_change_the_same_record_one_is_told(at_work: Any) -> None:
    made = _actor(at_work, "Una")

    def edit(number: int) -> bool:
        seen = copies[number]
        try:
            with writing(by=at_work, action="test.change") as entry:
                change(seen, entry, about=f"mano {number}")
        except Conflict:
            return False
        return True

    copies = [Actor.objects.get(pk=made.pk) for _ in range(2)]
    went_well = all_at_once(edit, many=2)
    assert sorted(went_well) == [False, True]
    read = Actor.objects.get(pk=made.pk)
    assert (read.about, read.revision) == (f"mano {went_well.index(True)}", 2)
    assert journal.verify() == 3


def test_whoever_is_told_of_a_conflict_can_try_again_on_what_stands(at_work: Any) -> None:
    made = _actor(at_work, "Una")

    def edit(number: int) -> int:
        tries = 0
        while True:
            tries += 1
            seen = Actor.objects.get(pk=made.pk)
            try:
                with writing(by=at_work, action="test.change") as entry:
                    change(seen, entry, identities=[*seen.identities, f"mano {number}"])
            except Conflict:
                continue
            return tries

    all_at_once(edit, many=4)
    assert sorted(Actor.objects.get(pk=made.pk).identities) == [f"mano {number}" for number in range(4)]


def _write_and_sign(by: Any, record: UUID, number: int) -> None:
    """Write something of one's own and add one's hand to what all have open, as often as it takes."""
    _actor(by, f"Persona {number}")
    while True:
        seen = Actor.objects.get(pk=record)
        try:
            with writing(by=by, action="test.change") as entry:
                change(seen, entry, identities=[*seen.identities, f"mano {number:02}"])
        except Conflict:
            continue
        return


@pytest.mark.parametrize("where", ["threads", "processes"])
def test_of_twenty_writers_at_once_nobody_loses_a_word(at_work: Any, where: str) -> None:
    many, made = 20, _actor(at_work, "Todas")

    def work(number: int) -> None:
        _write_and_sign(at_work, made.pk, number)

    if where == "threads":
        all_at_once(work, many=many)
    else:
        assert each_in_a_process(work, many=many) == [0] * many
    read = Actor.objects.get(pk=made.pk)
    assert sorted(read.identities) == [f"mano {number:02}" for number in range(many)]
    assert read.revision == 1 + many
    everybody = {actor.pk: actor.usual_name for actor in Actor.objects.all()}
    assert sorted(everybody.values()) == sorted(["Todas", *(f"Persona {number}" for number in range(many))])
    assert journal.verify() == 2 + 2 * many
    assert keystore.of_process().dossiers() >= everybody.keys()


def test_without_the_look_at_the_revision_words_would_be_lost(at_work: Any) -> None:
    """Planted: whoever writes does not look whether somebody wrote meanwhile."""
    made = _actor(at_work, "Todas")
    copies = [Actor.objects.get(pk=made.pk) for _ in range(2)]

    def edit(number: int) -> None:
        with writing(by=at_work, action="test.change") as entry:
            copies[number]._opening = Actor.objects.values_list("revision", flat=True).get(pk=made.pk)
            change(copies[number], entry, identities=[*copies[number].identities, f"mano {number}"])

    for copy in copies:
        copy.open_all()
    all_at_once(edit, many=2)
    assert len(Actor.objects.get(pk=made.pk).identities) == 1


def test_a_change_and_a_removal_at_once_leave_one_or_the_other(at_work: Any) -> None:
    made = _actor(at_work, "Una")
    copies = [Actor.objects.get(pk=made.pk) for _ in range(2)]

    def act(number: int) -> bool:
        try:
            with writing(by=at_work, action="test.act") as entry:
                if number:
                    remove(copies[number], entry)
                else:
                    change(copies[number], entry, about="sigue")
        except Conflict:
            return False
        return True

    changed, removed = all_at_once(act, many=2)
    assert removed and not Actor.objects.filter(pk=made.pk).exists()
    assert journal.verify() == (4 if changed else 3)


def test_eight_writers_leave_a_journal_without_a_gap(at_work: Any) -> None:
    many, each = 8, 5

    def write(number: int) -> list[int]:
        stamps = [_actor(at_work, f"{number}/{turn}").stamp for turn in range(each)]
        with pytest.raises(RuntimeError), writing(by=at_work, action="test.fail"):
            raise RuntimeError
        return stamps

    stamps = all_at_once(write, many=many)
    assert all(own == sorted(own) for own in stamps)
    assert sorted(stamp for own in stamps for stamp in own) == list(range(2, 2 + many * each))
    assert journal.verify() == JournalEntry.objects.count() == 1 + many * each
    assert Actor.objects.count() == many * each


def test_the_catalogue_misses_nothing_while_others_write(at_work: Any) -> None:
    many, each = 6, 4

    def work(number: int) -> bool:
        if number % 2:
            for turn in range(each):
                _actor(at_work, f"Persona {number} {turn}")
            return True
        seen = [catalogue().total(NOUN) for _ in range(each)]
        return seen == sorted(seen)

    assert all(all_at_once(work, many=many))
    assert catalogue().total(NOUN) == Actor.objects.count() == each * many // 2
    assert {line.label for line in catalogue().page(NOUN, size=100).rows} == {
        actor.usual_name for actor in Actor.objects.all()
    }


def test_a_reader_is_not_held_up_by_a_writer(at_work: Any) -> None:
    _actor(at_work, "Una")

    def read(_: int) -> int:
        return Actor.objects.count()

    with writing(by=at_work, action="test.make") as entry:
        create(Actor(circle_id=at_work.circle_id, kind="person"), entry)
        assert all_at_once(read, many=1) == [1]
    assert Actor.objects.count() == 2
    assert connection.vendor in {"sqlite", "postgresql"}
