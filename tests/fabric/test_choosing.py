"""Typing a name finds the one already known, asks about likely doubles, or makes a new one."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from django.http import QueryDict

from tejido.domain.errors import BadInput
from tejido.fabric.actions import record_actor
from tejido.fabric.choosing import ActorChoice, Ask, Known, New, doubles_of, key_of, resolve
from tejido.fabric.making import Name
from tejido.fabric.models import Actor
from tejido.vault.journal import writing


def _known(by: Any, *names: str, kind: str = "community") -> Actor:
    return record_actor(by=by, kind=kind, names=[Name(name) for name in names])


def _post(**fields: str | list[str]) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    return data


def test_a_name_that_one_actor_bears_is_that_actor(at_work: Any) -> None:
    one = _known(at_work, "Asamblea de la Ribera")
    assert resolve("asamblea de la  RIBERA") == Known(one.pk)


def test_a_name_that_several_bear_is_asked_about(at_work: Any) -> None:
    one, two = _known(at_work, "Juan Pérez", kind="person"), _known(at_work, "Juan Perez", kind="person")
    asked = resolve("Juan Pérez")
    assert isinstance(asked, Ask) and {found.id for found in asked.candidates} == {one.pk, two.pk}
    assert resolve("Juan Pérez", str(two.pk)) == Known(two.pk)
    assert resolve("Juan Pérez", "new", "person") == New("person", "Juan Pérez")


def test_a_likely_double_is_asked_about_and_an_unlike_name_is_new(at_work: Any) -> None:
    one = _known(at_work, "Juan González Pérez", kind="person")
    asked = resolve("Juan Gonzales Perez", new_kind="person")
    assert isinstance(asked, Ask) and asked.candidates[0].id == one.pk
    assert resolve("Rosa Quispe", new_kind="person") == New("person", "Rosa Quispe")
    asked = resolve("Rosa Quispe")
    assert isinstance(asked, Ask) and asked.candidates == ()


def test_another_name_of_an_actor_is_offered(at_work: Any) -> None:
    one = record_actor(by=at_work, kind="organisation", names=[Name("Asociación del Río"), Name("ADR", "acronym")])
    asked = resolve("ADR", new_kind="group")
    assert isinstance(asked, Ask) and [found.id for found in asked.candidates] == [one.pk]
    assert [found.id for found in doubles_of(["ADR"])] == [one.pk]
    assert doubles_of(["ADR"], but=one.pk) == ()


@pytest.mark.parametrize("answer", ["", "x", "new", "00000000-0000-0000-0000-000000000001", "' OR 1=1"])
def test_an_answer_that_answers_nothing_is_asked_again(at_work: Any, answer: str) -> None:
    assert isinstance(resolve("Rosa Quispe", answer, "martian"), Ask)


def test_a_form_part_settles_several_names_each_once(at_work: Any) -> None:
    one = _known(at_work, "Asamblea de la Ribera")
    decomposed = unicodedata.normalize("NFD", "Rosa Peñón")
    typed = f"Asamblea de la Ribera\nRosa Peñón\n{decomposed}\n\n  rosa peñon \nASAMBLEA de la Ribera"
    part = ActorChoice("victims", _post(victims=typed), new_kind="person")
    assert part.is_settled() and part.errors == ()
    with writing(by=at_work, action="test.make") as entry:
        ids = part.settle(by=at_work, entry=entry)
    assert ids[0] == one.pk and len(ids) == 2
    made = Actor.objects.get(pk=ids[1])
    assert (made.usual_name, made.kind) == ("Rosa Peñón", "person")


def test_a_form_part_asks_keeps_and_takes_the_answer(at_work: Any) -> None:
    one = _known(at_work, "Juan González Pérez", kind="person")
    posted = _post(v="Juan Gonzales Perez")
    part = ActorChoice("v", posted, new_kind="person")
    assert not part.is_settled() and part.typed == "Juan Gonzales Perez"
    (ask,) = part.asks
    assert ask.key == key_of("Juan Gonzales Perez") and "Gonzales" not in ask.key
    posted[f"v-is-{ask.key}"] = str(one.pk)
    part = ActorChoice("v", posted, new_kind="person")
    assert part.resolved == (Known(one.pk),)
    assert part.asks[0].chosen == str(one.pk), "the question stays in sight, with its answer"
    posted[f"v-is-{ask.key}"] = "new"
    posted[f"v-kind-{ask.key}"] = "person"
    assert ActorChoice("v", posted).resolved == (New("person", "Juan Gonzales Perez"),)


def test_actors_chosen_before_stay_until_unticked(at_work: Any) -> None:
    one, two = _known(at_work, "Una"), _known(at_work, "Dos")
    part = ActorChoice("v", known=[one.pk, two.pk])
    assert [found.name for found in part.picked] == ["Una", "Dos"] and not part.is_settled()
    part = ActorChoice("v", _post(v__known=[str(two.pk), "x", str(two.pk)], v="Dos"))
    assert part.is_settled() and part.resolved == (Known(two.pk),)


def test_a_part_that_is_needed_says_so(at_work: Any) -> None:
    part = ActorChoice("v", _post(v=" \n\u200b\u202e\u0000 "), needed=True)
    assert not part.is_settled() and len(part.errors) == 1
    assert ActorChoice("v", _post(v="")).is_settled()


def test_too_much_is_refused_with_what_was_typed_kept(at_work: Any, django_assert_max_num_queries: Any) -> None:
    many = "\n".join(f"nombre {n}" for n in range(10_000))
    with django_assert_max_num_queries(5):
        part = ActorChoice("v", _post(v=many), new_kind="person")
        assert not part.is_settled() and "100" in part.errors[0] and part.typed == many and part.resolved == ()
    part = ActorChoice("v", _post(v="x" * 5000), new_kind="person")
    assert not part.is_settled() and len(part.errors) == 1
    with pytest.raises(BadInput):
        resolve("x" * 5000)


def test_one_name_in_a_single_field(at_work: Any) -> None:
    part = ActorChoice("v", _post(v="Rosa\nQuispe"), new_kind="person", many=False)
    assert part.resolved == (New("person", "Rosa Quispe"),)
