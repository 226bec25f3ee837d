"""The catalogue lists, searches and forgets exactly what the records say."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from tejido.domain.names import sort_key
from tejido.fabric.models import Actor
from tejido.vault import catalogue as module
from tejido.vault.catalogue import Line, Noun, catalogue
from tejido.vault.journal import last_line, writing
from tejido.vault.keyring import FILE_KEY, current, using
from tejido.vault.records import change, create_all, remove
from tejido.vault.sqlcipher.base import Database
from tests.conftest import TEST_FILE_KEY


def _line(actor: Actor) -> Line:
    name = actor.usual_name
    facets = (f"kind:{actor.kind}", "collective" if actor.kind != "person" else "individual")
    return Line(actor.pk, name, sort_key(name), actor.about, facets, actor.size)


ACTORS = Noun("actor", Actor, _line, alike=True)


def _record(by: Any, *names: str, kind: str = "community", about: str = "") -> list[Actor]:
    with writing(by=by, action="test.make") as entry:
        made = [Actor(circle_id=by.circle_id, kind=kind, names=[{"text": name}], about=about) for name in names]
        create_all(Actor, made, entry)
    return made


def _labels(page: Any) -> list[str]:
    return [line.label for line in page.rows]


def test_pages_follow_one_another_in_both_directions(at_work: Any) -> None:
    _record(at_work, *[f"Grupo {n:03}" for n in range(25)])
    cat = catalogue()
    first = cat.page(ACTORS, size=10)
    second = cat.page(ACTORS, size=10, after=first.after)
    third = cat.page(ACTORS, size=10, after=second.after)
    assert _labels(first) + _labels(second) + _labels(third) == [f"Grupo {n:03}" for n in range(25)]
    assert first.before is None and third.after is None
    back = cat.page(ACTORS, size=10, before=third.before)
    assert _labels(back) == _labels(second)
    assert back.after is not None and back.before is not None
    assert cat.page(ACTORS, size=10, before=back.before).before is None


def test_newest_first_turns_the_order_round(at_work: Any) -> None:
    _record(at_work, "A", "B", "C")
    page = catalogue().page(ACTORS, size=2, newest_first=True)
    assert _labels(page) == ["C", "B"]
    rest = catalogue().page(ACTORS, size=2, newest_first=True, after=page.after)
    assert _labels(rest) == ["A"] and rest.after is None
    assert _labels(catalogue().page(ACTORS, size=2, newest_first=True, before=rest.before)) == ["C", "B"]


def test_facets_filter_and_count(at_work: Any) -> None:
    _record(at_work, "Una", "Dos")
    _record(at_work, "Ana", kind="person")
    cat = catalogue()
    assert _labels(cat.page(ACTORS, facets=["kind:person"])) == ["Ana"]
    assert _labels(cat.page(ACTORS, facets=["collective", "kind:community"], words="un")) == ["Una"]
    assert cat.counts(ACTORS, "kind:") == {"community": 2, "person": 1}
    assert cat.total(ACTORS) == 3


def test_search_needs_no_accents_and_takes_beginnings(at_work: Any) -> None:
    _record(at_work, "Comité del Río Peñón", about="defiende el agua")
    cat = catalogue()
    for words in ("rio", "PEÑ", "pen com", "agua", "Río Peñón"):
        assert [found.line.label for found in cat.find(words, nouns=[ACTORS])] == ["Comité del Río Peñón"], words
    for words in ("zzz", "", '"', "rio AND", "NEAR(", "*", "río -peñón OR x"):
        assert cat.find(words, nouns=[ACTORS]) == () or words.startswith("r")


def test_likely_doubles_are_found_by_shape(at_work: Any) -> None:
    _record(at_work, "Juan González Pérez", "Red del Valle", kind="person")
    (best,) = catalogue().alike(ACTORS, "Gonsalez Perez, Juan")
    assert best.line.label == "Juan González Pérez" and best.likeness > 0.8
    assert catalogue().alike(ACTORS, "x") == ()


def test_it_follows_changes_and_removals(at_work: Any) -> None:
    one, two = _record(at_work, "Una", "Dos")
    cat = catalogue()
    assert cat.total(ACTORS) == 2
    with writing(by=at_work, action="test.change") as entry:
        change(one, entry, names=[{"text": "Otra"}], kind="network")
        remove(two, entry)
    assert _labels(cat.page(ACTORS)) == ["Otra"]
    assert cat.counts(ACTORS, "kind:") == {"network": 1}
    assert cat.find("una", nouns=[ACTORS]) == () and cat.find("dos", nouns=[ACTORS]) == ()
    assert cat.exactly(ACTORS, "OTRA")[0].id == one.pk
    assert cat.lines(ACTORS, [one.pk, UUID(int=1)]).keys() == {one.pk}


def test_nothing_typed_is_readable_in_the_file_and_a_broken_file_is_made_again(at_work: Any) -> None:
    _record(at_work, "Asamblea Inconfundible")
    cat = catalogue()
    assert cat.total(ACTORS) == 1
    path = settings.WORKSPACE.directory / f"catalogue-{at_work.circle_id.hex[:12]}.db"
    for part in path.parent.glob(path.name + "*"):
        assert b"nconfundible" not in part.read_bytes()
    cat.close()
    for part in path.parent.glob(path.name + "*"):
        part.write_bytes(b"not a database" * 1000)
    assert _labels(cat.page(ACTORS)) == ["Asamblea Inconfundible"]


@pytest.mark.django_db(transaction=True)
def test_a_store_put_back_to_an_earlier_state_is_read_anew(at_work: Any) -> None:
    from django.db import connection

    _record(at_work, "Una")
    cat = catalogue()
    assert cat.total(ACTORS) == 1
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM fabric_actor")
        cursor.execute("DELETE FROM vault_journal WHERE seq = (SELECT max(seq) FROM vault_journal)")
    assert cat.total(ACTORS) == 0
    _record(at_work, "Dos")
    assert _labels(cat.page(ACTORS)) == ["Dos"]


def _path_of(by: Any) -> Path:
    return Path(settings.WORKSPACE.directory) / f"catalogue-{by.circle_id.hex[:12]}.db"


def test_damage_deep_in_the_file_is_noticed_at_reading_and_mended(at_work: Any) -> None:
    """The first page is whole, so the file opens: the damage shows only when its page is read."""
    _record(at_work, *[f"Grupo {n:04}" for n in range(2000)])
    cat = catalogue()
    assert cat.total(ACTORS) == 2000
    cat.close()
    path = _path_of(at_work)
    bent = bytearray(path.read_bytes())
    for at in range(8192, len(bent), 4096):
        bent[at + 100] ^= 1
    path.write_bytes(bent)
    assert len(cat.page(ACTORS, size=60).rows) == 60
    assert cat.total(ACTORS) == 2000


def test_a_catalogue_deleted_under_our_hands_is_made_again(at_work: Any) -> None:
    _record(at_work, "Una", "Dos")
    cat = catalogue()
    for _ in range(2):
        assert cat.total(ACTORS) == 2
        _path_of(at_work).unlink()
    assert _labels(cat.page(ACTORS)) == ["Dos", "Una"]


def test_whoever_waited_while_another_took_in_more_does_not_begin_anew(
    at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the reader knew of the journal is older than what the catalogue holds by now."""
    _record(at_work, "Una")
    before = last_line()
    _record(at_work, "Dos")
    cat = catalogue()
    assert cat.total(ACTORS) == 2
    answers = iter([before])
    monkeypatch.setattr(module, "last_line", lambda **at: next(answers, None) or last_line(**at))

    def anew(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(module, "forget_all", anew)
    assert cat.total(ACTORS) == 2


def test_no_key_of_a_catalogue_outlives_the_lock(at_work: Any) -> None:
    """Neither in the list of open catalogues nor in the connection of a thread that waits for its next request."""
    _record(at_work, "Una")
    cat, keyring = catalogue(), current()
    read, locked = threading.Event(), threading.Event()
    shelves: list[Any] = []

    def wait_between_two_requests() -> None:
        with using(keyring):
            shelves.append(cat._local.shelf)
        read.set()
        locked.wait(60)

    def first_request() -> None:
        with using(keyring), cat._at_hand():
            pass
        wait_between_two_requests()

    thread = threading.Thread(target=first_request)
    thread.start()
    assert read.wait(60)
    assert module._open
    FILE_KEY.drop()
    FILE_KEY.put(TEST_FILE_KEY)
    locked.set()
    thread.join()
    assert not module._open
    with pytest.raises(Database.ProgrammingError):
        shelves[0]._store.execute("SELECT 1")
    assert catalogue().total(ACTORS) == 1


@pytest.mark.parametrize(
    "words", ['a"b', 'a"*" OR "b', "a\0b", "\ud800x", "label:x", "^a", "x" * 1_000_000, "\u202ea"]
)
def test_nothing_typed_into_a_search_breaks_it(at_work: Any, words: str) -> None:
    _record(at_work, "a b c")
    cat = catalogue()
    cat.find(words, nouns=[ACTORS])
    cat.page(ACTORS, words=words)
    cat.exactly(ACTORS, words)
    cat.alike(ACTORS, words)
