"""Names: their usual form, and finding likely doubles."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.names import jaro_winkler, likeness, match_key, sort_key, usual_form

texts = st.text(max_size=30)


@given(texts)
def test_the_usual_form_is_final_composed_and_visible(text: str) -> None:
    once = usual_form(text)
    assert usual_form(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip()
    assert "  " not in once
    assert not any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in once)


@given(texts)
def test_composed_and_decomposed_names_are_the_same(text: str) -> None:
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert usual_form(composed) == usual_form(decomposed)
    assert match_key(composed) == match_key(decomposed)


@given(texts, texts)
def test_likeness_is_between_nothing_and_one_and_the_same_both_ways(a: str, b: str) -> None:
    assert 0.0 <= likeness(a, b) <= 1.0
    assert likeness(a, b) == likeness(b, a)
    if match_key(a):
        assert likeness(a, a) == 1.0


@given(st.lists(st.sampled_from(["juan", "pérez", "soto", "ana", "maría"]), min_size=1, max_size=4), st.data())
def test_the_order_of_the_words_does_not_matter(words: list[str], data: st.DataObject) -> None:
    other = data.draw(st.permutations(words))
    assert match_key(" ".join(words)) == match_key(" ".join(other))
    assert likeness(" ".join(words), " ".join(other)) == 1.0


def test_hidden_and_turning_characters_are_taken_out() -> None:
    assert usual_form("  Ana\u202e\u200b \tMaría\x00\n") == "Ana María"
    assert usual_form("Jose\u0301") == "José"


def test_keys_leave_out_accents_case_and_punctuation() -> None:
    assert match_key("PÉREZ-Soto, José") == match_key("jose perez soto") == "jose perez soto"
    assert match_key("O’Higgins") == match_key("o'higgins") == "ohiggins"
    assert match_key("") == match_key("--- ,") == ""


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Juan Pérez", "Juan Perez"),
        ("Juan Pérez Soto", "Pérez Soto, Juan"),
        ("Juan Pérez Soto", "Juan Pérez"),
        ("María de la Cruz Rojas", "Maria Cruz Rojas"),
        ("Gabriel González Videla", "Gabriel Gonzales Videla"),
        ("Juan Antonio Pérez Soto", "Juan A. Pérez Soto"),
        ("Junta de Acción Comunal El Salado", "Junta Acción Comunal del Salado"),
    ],
)
def test_likely_doubles_are_found(a: str, b: str) -> None:
    assert likeness(a, b) >= 0.9


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Juan Pérez Soto", "Juan Rojas Muñoz"),
        ("Juan Pérez", "Ana Pérez"),
        ("Pérez", "Juan Pérez Soto"),
        ("", "Juan Pérez"),
        ("", ""),
        ("...", "Juan"),
        ("Sindicato de Obreros", "Federación de Estudiantes"),
    ],
)
def test_different_people_are_told_apart(a: str, b: str) -> None:
    assert likeness(a, b) < 0.85


def test_jaro_winkler_gives_the_published_values() -> None:
    assert jaro_winkler("martha", "marhta") == pytest.approx(0.9611, abs=1e-4)
    assert jaro_winkler("dwayne", "duane") == pytest.approx(0.84, abs=1e-4)
    assert jaro_winkler("dixon", "dicksonx") == pytest.approx(0.8133, abs=1e-4)


def test_names_sort_alphabetically_whatever_their_accents_and_case() -> None:
    names = ["Zoila", "Ñáñez", "álvaro", "Ana", "Nora"]
    assert sorted(names, key=sort_key) == ["álvaro", "Ana", "Ñáñez", "Nora", "Zoila"]
