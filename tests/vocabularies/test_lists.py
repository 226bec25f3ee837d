"""What the lists say, apart from their form."""

from __future__ import annotations

from tejido.vocabularies import vocabulary


def test_the_inverse_of_an_inverse_link_is_the_link() -> None:
    links = vocabulary("incident_links")
    for link in links:
        assert links.term(links.term(link.text("inverse")).text("inverse")) == link


def test_a_symmetric_tie_reads_the_same_from_both_ends_and_no_other_does() -> None:
    for tie in vocabulary("tie_kinds"):
        for lang in ("en", "es", "fr", "pt"):
            assert (tie.text("inverse", lang) == tie.label(lang)) == tie.flag("symmetric"), (tie.code, lang)


def test_a_persons_and_an_unknown_actor_are_the_only_ones_nobody_belongs_to() -> None:
    assert [k.code for k in vocabulary("actor_kinds") if not k.flag("collective")] == ["person", "unknown"]


def test_acts_stand_in_two_levels_and_are_graded_one_to_five() -> None:
    acts = vocabulary("acts")
    for act in acts:
        assert act.parent is None or acts.term(act.parent).parent is None
        assert act.number("severity") in {1, 2, 3, 4, 5}


def test_taking_a_life_or_making_somebody_disappear_is_graded_gravest() -> None:
    acts = vocabulary("acts")
    gravest = [*acts.below("attacks_on_life"), acts.term("disappearance"), *acts.below("disappearance")]
    assert {act.number("severity") for act in gravest} == {5}


def test_a_threat_is_not_a_deed_already_done() -> None:
    threats = {act.code for act in vocabulary("acts") if act.flag("is_threat")}
    assert {"death_threat", "collective_threat", "extortion"} <= threats
    assert not threats & {"killing", "surveillance", "smear_campaign", "raid"}


def test_the_catalogue_has_seven_measures_for_the_group_nine_for_its_space_and_ten_for_a_person() -> None:
    letters = {family.code: family.text("letter") for family in vocabulary("measure_families")}
    expected = [f"A{n}" for n in range(1, 8)] + [f"B{n}" for n in range(1, 10)] + [f"I{n}" for n in range(1, 11)]
    assert list(vocabulary("measures").codes) == expected
    assert all(measure.code[0] == letters[measure.text("family")] for measure in vocabulary("measures"))


def test_measures_known_to_harm_the_group_say_so() -> None:
    warned = [measure.code for measure in vocabulary("measures") if measure.text("known_harms")]
    assert warned == ["I2", "I4", "I5", "I10"]


def test_every_prompt_is_a_question_to_the_group() -> None:
    for measure in vocabulary("measures"):
        assert measure.text("prompt", "en").endswith("?")
        assert measure.text("prompt", "es").startswith("¿") or "¿" in measure.text("prompt", "es")


def test_coarseness_and_precision_grow_in_kilometres_down_the_list() -> None:
    for name in ("coarseness", "place_precisions"):
        known = [km for term in vocabulary(name) if (km := term.number("km")) is not None]
        assert known == sorted(known)
        assert known[0] == 0


def test_ranks_order_terms_without_ties_where_order_is_told() -> None:
    for name in ("tie_strengths", "certainties", "reliabilities", "verifications", "justice_stages"):
        ranks = [term.number("rank") for term in vocabulary(name)]
        assert len(set(ranks)) == len(ranks)
