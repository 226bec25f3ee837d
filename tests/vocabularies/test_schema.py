"""The lists are sound, and each kind of fault is caught when planted."""

from __future__ import annotations

import copy
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tejido.vocabularies import vocabulary, vocabulary_names
from tejido.vocabularies.reading import LISTS, read_raw
from tejido.vocabularies.schema import EXTRAS, borrowed_wordings, faults, unknown_huridocs_codes

DATA = Path(__file__).parents[3] / "shared" / "data"
CODES = {name: vocabulary(name).codes for name in vocabulary_names()}

#: A sound list, for planting faults in.
SOUND: dict[str, Any] = {
    "vocabulary": "incident_links",
    "title": {"en": "links", "es": "lazos", "fr": "liens", "pt": "laços"},
    "source": "Tejido",
    "terms": [
        {
            "code": code,
            "label": dict.fromkeys(("en", "es", "fr", "pt"), f"goes {code}"),
            "definition": {"en": "One goes.", "es": "Uno va."},
            "mappings": {"huridocs": "22/010000000000", "iccs": "0101", "sdg": "16.10.1/killing"},
            "inverse": inverse,
        }
        for code, inverse in (("before", "after"), ("after", "before"))
    ],
}

Plant = Callable[[dict[str, Any], dict[str, Any]], object]
PLANTS: dict[str, Plant] = {
    "stands 2 times": lambda raw, term: term.update(code="after"),
    "is not a code": lambda raw, term: term.update(code="Before!"),
    "label is missing in pt": lambda raw, term: term["label"].update(pt=" "),
    "label is missing in fr": lambda raw, term: term["label"].pop("fr"),
    "title is missing in es": lambda raw, term: raw["title"].pop("es"),
    "not one of our languages": lambda raw, term: term["label"].update(de="geht"),
    "does not read inside a sentence": lambda raw, term: term["label"].update(es="Va antes"),
    "definition is missing in es": lambda raw, term: term["definition"].pop("es"),
    "is not one sentence": lambda raw, term: term["definition"].update(en="One. Two."),
    "parent nowhere is not in the list": lambda raw, term: term.update(parent="nowhere"),
    "is under itself": lambda raw, term: [t.update(parent=t["inverse"]) for t in raw["terms"]],
    "inverse sideways is not in the list": lambda raw, term: term.update(inverse="sideways"),
    "says no inverse": lambda raw, term: term.pop("inverse"),
    "nobody knows the key colour": lambda raw, term: term.update(colour="red"),
    "nobody knows the scheme isco": lambda raw, term: term["mappings"].update(isco="1"),
    "is not a code of iccs": lambda raw, term: term["mappings"].update(iccs=101),
    "is not a code of sdg": lambda raw, term: term["mappings"].update(sdg="16.10.1/theft"),
    "the list says no source": lambda raw, term: raw.pop("source"),
    "the list says no terms": lambda raw, term: raw.update(terms=[]),
}


@pytest.mark.parametrize("name", vocabulary_names())
def test_every_list_is_sound(name: str) -> None:
    assert faults(read_raw(LISTS / f"{name}.yml"), CODES) == []


def test_the_list_that_faults_are_planted_in_is_sound() -> None:
    assert faults(SOUND, CODES) == []


@pytest.mark.parametrize("fault", PLANTS)
def test_a_planted_fault_is_caught(fault: str) -> None:
    raw = copy.deepcopy(SOUND)
    PLANTS[fault](raw, raw["terms"][0])
    assert any(fault in found for found in faults(raw, CODES)), faults(raw, CODES)


def test_a_sentence_with_no_place_for_one_end_of_the_tie_is_caught() -> None:
    raw: Any = copy.deepcopy(read_raw(LISTS / "tie_kinds.yml"))
    raw["terms"][0]["sentence"]["es"] = "{frm} pertenece"
    raw["terms"][1]["symmetric"] = "no"
    assert faults(raw, CODES) == [
        "member_of: its es sentence leaves no place for {frm} and {to}",
        "leads: its symmetric is not a flag",
    ]


def test_extras_are_told_only_of_lists_there_are() -> None:
    assert set(EXTRAS) <= set(vocabulary_names())


def test_a_wording_taken_from_another_list_is_caught() -> None:
    foreign = ["Death threats against the victim's family", "Family"]
    assert borrowed_wordings(SOUND, foreign) == []
    raw = copy.deepcopy(SOUND)
    raw["terms"][0]["definition"]["en"] = "It means death threats against the victim's family, said aloud."
    raw["terms"][1]["definition"]["es"] = "Family."
    assert borrowed_wordings(raw, foreign) == ["before", "after"]


def test_a_huridocs_code_that_does_not_exist_is_caught() -> None:
    assert unknown_huridocs_codes(SOUND, {"22/020000000000"}) == ["22/010000000000"] * 2


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
@pytest.mark.parametrize("name", vocabulary_names())
def test_every_huridocs_code_exists_and_none_of_their_wording_is_ours(name: str) -> None:
    rows = _rows(DATA / "huridocs_microthesauri" / "mt_vocab.csv")
    assert len(rows) > 4_000
    raw = read_raw(LISTS / f"{name}.yml")
    assert unknown_huridocs_codes(raw, {f"{row['list_code']}/{row['huri_code']}" for row in rows}) == []
    theirs = [row[key] for row in rows for key in ("english", "french", "otherlanguages_es")]
    assert borrowed_wordings(raw, theirs) == []


#: The words of the Chilean truth-commission data set for how somebody was killed, and ours.
CHILEAN_MEANS = {
    "Gun": "firearm",
    "Knife": "blade",
    "Bomb": "explosive",
    "Torture": "torture",
    "Beaten": "beating",
    "Asphyxiated": "asphyxiation",
    "Immersion": "drowning",
    "Burned": "burning",
    "Hung": "hanging",
    "Tear Gas": "tear_gas",
    "Cardio-respiratory Arrest": "heart_or_breath_failure",
    "Electrocuted": "electricity",
    "Denied Medical Treatment": "denial_of_treatment",
    "Intentional Car Crash": "vehicle",
    "Jumped": "fall",
    "Acute Loss of Blood": "blood_loss",
    "Poisoned": "poison",
    "NA": "not_stated",
}


@pytest.mark.shared
def test_every_way_of_killing_told_by_the_chilean_commission_has_its_means() -> None:
    rows = _rows(DATA / "chile_truth_commission" / "pinochet.csv")
    told = {part for row in rows for part in row["method"].split(" and ")}
    assert told == set(CHILEAN_MEANS)
    assert set(CHILEAN_MEANS.values()) <= set(vocabulary("means").codes)
