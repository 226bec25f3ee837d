"""A mapping with a mistake is refused with the place of the mistake."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from tejido.domain.errors import BadInput
from tejido.exchange.mapping_text import parse_mapping
from tejido.exchange.planning import Planner
from tejido.exchange.reading import GoodRow
from tejido.exchange.told import RowPlan
from tests.exchange.lists import COLUMNS, MAPPING, ROWS

TODAY = date(2026, 11, 20)


def _plan(mapping: str, *rows: list[str]) -> list[RowPlan]:
    planner = Planner(parse_mapping(mapping), today=TODAY)
    found = []
    for number, row in enumerate(rows, start=2):
        cells = {column: cell if cell not in ("", "NA") else None for column, cell in zip(COLUMNS, row, strict=True)}
        good = GoodRow(number, cells)
        found.append(planner.plan(good, planner.incident_key(good)))
    return found


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("tejido: 1", "tejido: 2", "must begin with “tejido: 1”"),
        ("list: ribera\n", "", "needs the entry “list”"),
        ("incident:", "incidente:", "no entry “incidente”. Did you mean “incident”"),
        ("kind: municipality", "kind: municipio", "“territories.town.kind” gives “municipio”.*territory_kinds"),
        ("Killed: killing", "Killed: murdered", "gives “murdered”, which is not in the list of acts"),
        ("{act|act}", "{act|acto}", "names the table “acto”"),
        ("victims: [victim]", "victims: [victima]", "names “victima”, which is not defined.*victim"),
        ("territory: town\n  places", "territory: twon\n  places", "names “twon”"),
        ('find: "river union"', 'find: "river (union"', "not a well-formed pattern"),
        ("strength: weak", "strenght: weak", "Did you mean “strength”"),
        ("language: en", "language: xx", "“language” must be one of en, es, fr, pt"),
        ('note: "said in confidence"', 'age: "private"', "both used and listed under “not_imported”"),
        ('{acts}: {victim}"', '{acts: {victim}"', "braces"),
        ("tejido: 1", "tejido: 1\ntejido: 1", "“tejido” stands twice"),
        ("tejido: 1", "tejido: [1", "not well-formed YAML"),
        ("tejido: 1", "tejido: &a 1\nlanguage: *a", "not well-formed YAML"),
        ("list: ribera", "list: !!python/object/apply:os.system [id]", "not well-formed YAML|must be a text"),
        ('key: "{case}"', "key: {a: b}", "“incident.key” must be a text"),
    ],
)
def test_a_mistake_is_told_with_its_place(before: str, after: str, sentence: str) -> None:
    assert before in MAPPING
    with pytest.raises(BadInput, match=sentence):
        parse_mapping(MAPPING.replace(before, after, 1))


def test_an_empty_document_is_refused() -> None:
    with pytest.raises(BadInput):
        parse_mapping("")


def test_the_columns_used_and_left_out_are_known() -> None:
    mapping = parse_mapping(MAPPING)
    assert mapping.used == set(COLUMNS) - {"note"}
    assert mapping.not_imported == {"note": "said in confidence"}


def test_a_row_tells_its_actors_ties_and_acts() -> None:
    plan = _plan(MAPPING, ROWS[0])[0]
    assert set(plan.actors) == {"1", "union", "by guards"}
    assert [(tie.origin, tie.target, tie.values["kind"], tie.values["certainty"]) for tie in plan.ties] == [
        ("1", "union", "member_of", "likely")
    ]
    assert plan.incident is not None
    act = plan.incident.acts[0]
    assert act.values["kind"] == "killing"
    assert act.victims == {"1": ""}
    assert act.perpetrators["by guards"]["involvement"] == "suspected"


def test_the_first_rule_that_names_an_actor_says_how_it_is_tied() -> None:
    tie = _plan(MAPPING, ROWS[1])[0].ties[0]
    assert (tie.values["kind"], tie.values["strength"]) == ("contact_of", "weak")


def test_months_stand_in_where_the_day_is_missing() -> None:
    plans = _plan(MAPPING, ROWS[0], ROWS[1])
    assert [plan.incident.when.encode() for plan in plans if plan.incident and plan.incident.when] == [
        "2020-05-01",
        "2020-06",
    ]


def test_a_value_without_translation_refuses_the_row() -> None:
    row = [*ROWS[0][:7], "Kidnapped", *ROWS[0][8:]]
    with pytest.raises(BadInput, match="“Kidnapped” in column “act” is not in the table “act”"):
        _plan(MAPPING, row)


def test_a_date_that_cannot_be_read_refuses_the_row() -> None:
    row = [*ROWS[0][:8], "31/31/2020", *ROWS[0][9:]]
    with pytest.raises(BadInput, match="“31/31/2020” could not be read as a date"):
        _plan(MAPPING, row)


def test_a_text_that_names_nobody_known_is_noted() -> None:
    planner = Planner(parse_mapping(MAPPING), today=TODAY)
    cells: dict[str, str | None] = dict.fromkeys(COLUMNS)
    cells |= {"id": "1", "case": "a", "name": "Ana", "group": "the choir"}
    planner.plan(GoodRow(2, cells), "a")
    assert dict(planner.unread) == {("group", "the choir"): 1}


def test_texts_are_given_in_the_language_asked_for() -> None:
    text = MAPPING.replace("name: River Union", "name: {en: River Union, es: Unión del Río}")
    names = _plan(text, ROWS[0])[0].actors["union"].values["names"]
    assert names == [
        {"text": "River Union", "kind": "usual", "lang": "en"},
        {"text": "Unión del Río", "kind": "translation", "lang": "es"},
        {"text": "RU", "kind": "acronym"},
    ]
    assert parse_mapping(text, language="es").language == "es"


def test_a_part_may_be_repeated_for_several_columns() -> None:
    text = MAPPING.replace(
        'places: [{words: "{town}", kind: public}]',
        'places: [{repeat: {n: [town, by]}, words: "{[n]}", kind: public}]',
    )
    plan = _plan(text, ROWS[0])[0]
    assert plan.incident is not None
    assert [place["words"] for place in plan.incident.places] == ["Ribera", "Guards"]


def test_the_examples_of_the_guide_are_well_formed() -> None:
    guides = Path(__file__).resolve().parents[2] / "docs" / "guides"
    for guide in ("import.en.md", "import.es.md"):
        blocks = re.findall(r"```yaml\n(.*?)```", (guides / guide).read_text(encoding="utf-8"), re.S)
        whole = "".join(blocks)
        # What the excerpts refer to and do not show.
        whole = whole.replace("values:\n", 'values:\n  precision: {"1": exact}\n  places: {a: home}\n'
                              '  lugares: {a: home}\n  means: {a: blade}\n  medios: {a: blade}\n')  # fmt: skip
        whole = whole.replace("\nactors:\n", '\nactors:\n  aggressor: {key: "{by}", kind: unknown}\n'
                              '  agresor: {key: "{by}", kind: unknown}\n')  # fmt: skip
        assert parse_mapping(whole).incident is not None, guide
