"""The Chilean list comes in whole: its published figures, its collectives, its perpetrators."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tejido.demo.loading import DEMO_CSV, DEMO_MAPPING, load_demo
from tejido.exchange.mapping_text import parse_mapping
from tejido.exchange.reports import Report
from tejido.fabric.models import Actor, Tie
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Victim


@pytest.fixture
def loaded(at_work: Any) -> Report:
    """The Chilean list, just brought in."""
    return load_demo(by=at_work)


def _named(name: str) -> Actor:
    return next(actor for actor in Actor.objects.exclude(kind="person") if actor.usual_name == name)


def test_the_published_figures_come_out(loaded: Report) -> None:
    by_kind = Counter(Victim.objects.values_list("act__kind", flat=True))
    assert {kind: by_kind[kind] for kind in by_kind if kind not in ("torture", "ill_treatment")} == {
        "killing": 1331,
        "disappearance": 853,
        "disappearance_with_death_confirmed": 108,
        "death_unresolved": 93,
        "suicide_under_pressure": 8,
        "not_stated": 5,
    }
    assert (by_kind["torture"], by_kind["ill_treatment"]) == (285, 229)
    assert Victim.objects.values("actor").distinct().count() == 2398
    assert Incident.objects.count() == 1391
    acts = Act.objects.prefetch_related("victims")
    in_1973 = {v.actor_id for act in acts if act.when and act.when.start.year == 1973 for v in act.victims.all()}
    assert len(in_1973) == 1274


def test_nothing_is_refused_and_no_column_is_dropped_in_silence(loaded: Report) -> None:
    assert loaded.rows_read == 2398
    assert loaded.refused == []
    assert loaded.unmapped == []
    mapping = parse_mapping(DEMO_MAPPING.read_text(encoding="utf-8"))
    with DEMO_CSV.open(encoding="utf-8") as file:
        columns = set(file.readline().strip().split(","))
    assert columns == mapping.used | set(mapping.not_imported)


def test_parties_and_services_are_collectives_with_ties_of_their_own_strength(loaded: Report) -> None:
    mir = next(a for a in Actor.objects.filter(kind="movement") if any(n["text"] == "MIR" for n in a.names))
    ties = Counter((tie.kind, tie.strength) for tie in Tie.objects.filter(to_actor=mir, from_actor__kind="person"))
    assert ties["member_of", "medium"] > 290
    assert ties["contact_of", "weak"] >= 35
    tacna = next(a for a in Actor.objects.filter(kind="institution") if "Tacna" in a.usual_name)
    assert [tie.kind for tie in tacna.ties_out.all()] == ["part_of"]
    assert "DINA" in {n["text"] for p in Perpetrator.objects.all() for n in p.actor.names}


def test_places_keep_their_precision(loaded: Report) -> None:
    assert Place.objects.filter(precision="exact").count() > 700
    assert max(Place.objects.values_list("incident").values_list("position", flat=True)) >= 6


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Military (Tacna Regiment), DINA", {"Tacna Regiment", "National Intelligence Directorate"}),
        ("Policemen (Laja)", {"Police (Laja)"}),
        ("Police, military (San Bernardo Infantry Regimen), civilians",
         {"Police (Carabineros)", "San Bernardo Infantry Regiment", "Civilians"}),
        ("Military\xa0", {"Military (Army)"}),
        ("Government agents (presumably DINA)",
         {"National Intelligence Directorate", "Government agents of no stated service"}),
        ("Argentinian police, DINA", {"Argentinian police", "National Intelligence Directorate"}),
        ("Investigative police, police", {"Investigative Police", "Police (Carabineros)"}),
        ("Policemen (Third station in Rahue, Bahia Mansa checkpoint)",
         {"Police of Rahue (Third Station)", "Police (Bahía Mansa checkpoint)"}),
    ],
)  # fmt: skip
def test_who_is_named_as_responsible_is_read_without_inventing(text: str, names: set[str]) -> None:
    assert _read("aggressor", "perpetrator_affiliation_detail", text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("active Communist, connected to the FPMR", {"Communist Party", "Manuel Rodríguez Patriotic Front"}),
        ("husband was a MIR activist", set()),
        ("president of the Campo Lindo agricultural cooperative", {"Campo Lindo cooperative"}),
        ("had a criminal record", set()),
        ("MIR-MCR activist", {"MIR-MCR", "Revolutionary Left Movement"}),
        ("union leader", set()),
    ],
)
def test_what_is_said_of_the_victims_collectives_is_read_without_inventing(text: str, names: set[str]) -> None:
    assert _read("affiliation", "victim_affiliation_detail", text) == names


def _read(alias: str, column: str, text: str) -> set[str]:
    from datetime import date

    from tejido.exchange.mapping import PhraseReading
    from tejido.exchange.planning import Planner
    from tejido.exchange.told import RowPlan, name_of

    mapping = parse_mapping(DEMO_MAPPING.read_text(encoding="utf-8"), language="en")
    reading = next(rule for rule in mapping.actors if isinstance(rule, PhraseReading) and rule.alias == alias)
    planner, plan = Planner(mapping, today=date(2026, 1, 1)), RowPlan(2)
    found = planner._read_phrase(plan, reading, {column: text.strip()})
    return {name_of(plan.actors[one.key].values) for one in found}


def test_the_list_comes_with_its_licence_and_source() -> None:
    assert "Danilo Freire" in (DEMO_CSV.parent / "LICENSE").read_text(encoding="utf-8")
    assert "MIT" in (DEMO_CSV.parent / "SOURCE").read_text(encoding="utf-8")
