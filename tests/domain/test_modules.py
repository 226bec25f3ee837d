"""A module is data that anybody can write: a clear sentence for each way in which it can be wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.domain.modules import LONGEST_QUESTION, MOST_PROMPTS, STEPS, read_module
from tejido.vocabularies import vocabulary
from tejido.vocabularies.session_modules import module_from, shipped_modules

GOOD: dict[str, Any] = {
    "module": "pescadoras",
    "title": "Pescadoras",
    "prompts": [{"question": "¿De quién es el mar?"}],
}

KINDS = {
    "women_defenders", "lgbti_defenders", "journalists", "land_and_environment", "criminalised_defenders",
    "remote_communities", "victims_and_witnesses",
}  # fmt: skip


def test_the_steps_of_modules_are_those_of_a_session() -> None:
    assert vocabulary("assessment_steps").codes == STEPS


def test_a_module_for_each_kind_of_defender_comes_along_in_both_languages() -> None:
    assert {module.code for module in shipped_modules()} == KINDS
    for module in shipped_modules():
        assert len(module.prompts) >= 4
        assert all({"en", "es"} <= texts.keys() for texts in (module.titles, module.abouts))
        assert all({"en", "es"} <= prompt.texts.keys() for prompt in module.prompts)
        assert all(prompt.question(lang).endswith("?") for prompt in module.prompts for lang in ("en", "es"))


def test_numbers_too_long_to_spell_out_and_the_code_of_norwegian_stop_nobody() -> None:
    with pytest.raises(BadInput, match="longer than"):
        module_from(f"module: a\ntitle: 0x{'F' * 5000}\nprompts: [question: Why]")
    with pytest.raises(BadInput, match="longer than"):
        read_module(GOOD | {"title": {16**5000: "Pescadoras"}})
    norwegian = module_from("module: a\ntitle: {no: Fiskere, en: Fishers}\nprompts: [question: Why]")
    assert norwegian.title("no") == "Fiskere"


def test_a_module_in_one_language_is_read_in_every_other() -> None:
    module = read_module(GOOD)
    assert module.title("en") == module.title("fr") == "Pescadoras"
    assert module.prompts[0].step == "unspoken"
    assert module.at("unspoken") == module.prompts


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"module": "Pescadoras"}, "short name"),
        ({"title": ""}, "says nothing"),
        ({"title": {"es": "  "}}, "says nothing"),
        ({"prompts": []}, "asks nothing"),
        ({"prompts": "¿Y?"}, "asks nothing"),
        ({"prompts": [{"question": "¿Y?"}] * (MOST_PROMPTS + 1)}, "at most"),
        ({"prompts": ["¿Y?"]}, "Question 1"),
        ({"prompts": [{"question": "¿Y?", "score": 3}]}, "Question 1"),
        ({"prompts": [{"question": "¿Y?", "step": "verdict"}]}, "names no step"),
        ({"prompts": [{"question": "¿Y?", "key": "a"}, {"question": "¿O?", "key": "a"}]}, "Question 2"),
        ({"prompts": [{"question": "x" * (LONGEST_QUESTION + 1)}]}, "longer than"),
        ({"prompts": [{"question": ["¿Y?"]}]}, "says nothing"),
        ({"verdict": "high risk"}, "nobody knows"),
    ],
)
def test_each_slip_has_its_sentence(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_module(GOOD | change)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5),
       lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
           st.sampled_from(["module", "title", "prompts", "question", "step", "key", "about"]), inner, max_size=4),
       max_leaves=12))  # fmt: skip
def test_whatever_a_file_says_it_is_a_module_or_a_sentence(raw: object) -> None:
    try:
        assert read_module(raw).prompts
    except BadInput as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("module: a\ntitle: [", "near line"),
        ("module: &a x\ntitle: *a\nprompts: []", "no anchors"),
        ("just words", "This is no module"),
        ("", "This is no module"),
        ("x" * 60_001, "fits on a page"),
        ("!!python/object/apply:os.system ['true']", "near line"),
    ],
)
def test_a_text_that_is_no_module_says_where_to_look(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        module_from(text)
