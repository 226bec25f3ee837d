"""Words of a recovery key say one secret, and a slip of the pen is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.vault.recovery_words import as_words, from_words

SECRETS = st.binary(min_size=32, max_size=32)


@given(SECRETS)
def test_words_say_the_secret_however_they_are_written_down(secret: bytes) -> None:
    words = as_words(secret).split()
    assert len(words) == 21
    sheet = "\n".join(f"{place}. {word.upper()}" for place, word in enumerate(words, start=1))
    assert from_words(sheet) == secret


# The same examples each time: one slip in 7,776 keeps the word that checks, and that is no fault.
@settings(derandomize=True, database=None)
@given(SECRETS, st.integers(0, 20), st.integers(0, 20))
def test_two_words_that_changed_places_are_noticed(secret: bytes, one: int, other: int) -> None:
    words = as_words(secret).split()
    if words[one] == words[other]:
        return
    words[one], words[other] = words[other], words[one]
    with pytest.raises(BadInput):
        from_words(" ".join(words))


@pytest.mark.parametrize("sheet", ["", "one two three", " ".join(["xyzzy"] * 21), " ".join(["zoom"] * 21)])
def test_what_is_no_recovery_key_is_told(sheet: str) -> None:
    with pytest.raises(BadInput):
        from_words(sheet)
