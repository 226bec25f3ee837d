"""The catalogue lists, searches and forgets exactly what the records say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from tejido.domain.names import sort_key
from tejido.fabric.models import Actor
from tejido.vault.catalogue import Line, Noun, catalogue
from tejido.vault.journal import writing
from tejido.vault.records import change, create_all, remove


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
    cat._local.store.close()
    cat._local.store = None
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
