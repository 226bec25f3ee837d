"""What everybody who uses a list relies on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.errors import BadInput
from tejido.vocabularies import LANGUAGES, Vocabulary, vocabulary, vocabulary_names

LISTS = st.sampled_from(vocabulary_names()).map(vocabulary)


def test_a_list_is_read_once() -> None:
    assert vocabulary("acts") is vocabulary("acts")


def test_every_file_is_named_after_its_list() -> None:
    assert all(vocabulary(name).name == name for name in vocabulary_names())


def test_the_lists_that_others_build_on_are_there() -> None:
    expected = """actor_kinds group_forms name_kinds naming tie_kinds tie_strengths certainties
    territory_kinds asset_kinds presence_kinds coarseness place_kinds place_precisions acts means
    involvements source_kinds how_known reliabilities verifications incident_links justice_stages
    justice_outcomes consent_purposes evidence_kinds custody_acts
    audiences consent_scopes consent_statuses decision_modes decision_statuses measure_families measures
    measure_statuses plan_statuses member_roles import_statuses counting_units
    decision_subjects amendment_kinds threat_natures review_rhythms commitment_kinds commitment_statuses
    reach_channels reach_answers safe_place_kinds readiness care_kinds request_kinds request_statuses
    review_kinds sign_directions practice_outcomes
    assessment_absent assessment_choices assessment_components assessment_powers assessment_spokes assessment_stakes
    assessment_stances assessment_statuses assessment_steps assessment_threads assessment_threat_kinds
    assessment_weights approval_kinds approval_statuses alert_answers alert_statuses alert_urgencies"""
    assert set(vocabulary_names()) == set(expected.split())


def test_an_unknown_term_is_refused_with_what_there_is_and_without_what_was_given() -> None:
    with pytest.raises(BadInput) as refused:
        vocabulary("naming").term("María Quispe")
    assert "nobody, some, everybody" in str(refused.value)
    assert "María" not in str(refused.value)


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(BadInput, match=r"no list called “\.\./secrets”"):
        vocabulary("../secrets")


@given(LISTS, st.text(), st.text())
def test_a_page_never_breaks_on_a_code_or_language(found: Vocabulary, code: str, lang: str) -> None:
    assert isinstance(found.label(code, lang), str)
    assert isinstance(found.definition(code, lang), str)
    assert found.below(code) == () or code in found


def test_a_code_that_no_list_knows_is_shown_readable() -> None:
    assert vocabulary("acts").label("slow_poisoning", "es") == "slow poisoning"


@pytest.mark.parametrize("lang", ["es", "es-co", "es_MX", "ES"])
def test_a_regional_language_reads_as_its_language(lang: str) -> None:
    assert vocabulary("acts").label("death_threat", lang) == "amenaza de muerte"


def test_a_language_we_do_not_write_falls_back_to_english() -> None:
    assert vocabulary("acts").label("death_threat", "de") == "death threat"
    assert vocabulary("acts").definition("death_threat", "fr").startswith("A threat that speaks")


@given(LISTS, st.sampled_from(LANGUAGES))
def test_choices_and_groups_offer_every_term_once(found: Vocabulary, lang: str) -> None:
    offered = [code for _, group in found.grouped_choices(lang) for code, _ in group]
    assert sorted(offered) == sorted(found.codes)
    assert [code for code, _ in found.choices(lang)] == list(found.codes)


def test_two_terms_of_a_list_are_never_offered_under_the_same_label() -> None:
    for found in map(vocabulary, vocabulary_names()):
        for lang in LANGUAGES:
            labels = [label for _, label in found.choices(lang)]
            assert len(set(labels)) == len(labels), (found.name, lang)


def test_a_term_is_within_itself_and_what_stands_above_it() -> None:
    acts = vocabulary("acts")
    assert acts.within("massacre", "attacks_on_life")
    assert acts.within("massacre", "massacre")
    assert not acts.within("massacre", "killing")
    assert not acts.within("no_such_act", "attacks_on_life")


def test_extras_are_read_with_their_type() -> None:
    assert vocabulary("actor_kinds").term("community").flag("collective")
    assert not vocabulary("actor_kinds").term("unknown").flag("collective")
    assert vocabulary("coarseness").term("km_5").number("km") == 5
    assert vocabulary("coarseness").term("hidden").number("km") is None
    assert vocabulary("acts").term("killing").number("is_threat") is None
    sentence = vocabulary("tie_kinds").term("member_of").text("sentence", "es")
    assert sentence.format(frm="Alba", to="la cooperativa") == "Alba pertenece a la cooperativa"
    assert vocabulary("tie_kinds").term("leads").text("no_such_extra") == ""
