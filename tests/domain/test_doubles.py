"""When two texts are taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.doubles import LikelyDouble, alike, refuse_double


@given(st.text(max_size=60))
def test_every_text_is_like_itself_however_it_is_written(words: str) -> None:
    assert alike(words, words)
    assert alike(f"a {words}".upper(), f"A {words}".upper() + " .")


@given(st.text(max_size=60), st.text(max_size=60))
def test_neither_of_two_comes_first(one: str, other: str) -> None:
    assert alike(one, other) == alike(other, one)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Nos siguen en el camino del río", "nos siguen en el camino del Rio.", True),
        ("Nos siguen en el camino del río", "Nos siguen en los caminos del río", True),
        ("Nos siguen en el camino", "Nos siguen en la carretera", False),
        ("Casa 1", "Casa 2", False),
        ("لجنة حماية القرية", "لجنة حماية القرية", True),
        ("", "Algo", False),
        ("ñ" * 20_000, "ñ" * 19_000, True),
    ],
)
def test_what_is_taken_for_one(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same


def test_what_is_known_is_handed_back_and_never_stands_in_the_sentence() -> None:
    with pytest.raises(LikelyDouble) as refused:
        refuse_double("Nidia fue amenazada", ["Otra cosa", "Nidia fue amenazada."])
    assert refused.value.known == "Nidia fue amenazada." and "Nidia" not in str(refused.value)
    refuse_double("Nidia fue amenazada", ["Otra cosa"])
