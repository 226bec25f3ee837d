"""Incidents are listed newest first, filtered by what is known, and found by their words."""

from __future__ import annotations

from typing import Any

from tejido.incidents.actions import add_act, remove_incident
from tejido.incidents.catalogue import INCIDENTS, read_note
from tejido.incidents.given import SourceGiven
from tejido.vault.catalogue import catalogue
from tests.incidents.telling import act, actor, incident, territory


def listed(**wanted: Any) -> list[str]:
    return [line.label for line in catalogue().page(INCIDENTS, newest_first=True, **wanted).rows]


def test_incidents_are_listed_filtered_and_found(at_work: Any) -> None:
    valley, one = territory(at_work, "Valle"), actor(at_work, "Una")
    incident(at_work, "Seguimiento", "2026-11-17~", act("surveillance", one), territory=valley.pk, summary="la moto")
    incident(at_work, "Quema", "2025-12-30/2026-01-02", act("burning", one), verification="confirmed")
    incident(at_work, "Sin fecha")
    assert listed() == ["Seguimiento", "Quema", "Sin fecha"]
    assert listed(facets=["act:burning"]) == listed(facets=["act:attacks_on_property"]) == ["Quema"]
    assert listed(facets=["year:2026"]) == ["Seguimiento", "Quema"]
    assert listed(facets=["year:2025", "verification:confirmed"]) == ["Quema"]
    assert listed(facets=[f"territory:{valley.pk}"]) == ["Seguimiento"]
    assert listed(words="mot") == ["Seguimiento"]
    assert catalogue().counts(INCIDENTS, "year:") == {"2025": 1, "2026": 2}


def test_a_note_carries_the_date_and_the_best_source(at_work: Any) -> None:
    sources = [SourceGiven("press", reliability="unsure"), SourceGiven("witness", reliability="highly_reliable")]
    made = incident(at_work, "x", "2026-11~", sources=sources)
    assert read_note(catalogue().lines(INCIDENTS, [made.pk])[made.pk].note) == (made.when, "highly_reliable")
    assert read_note(" ") == (None, "")
    assert read_note("not a date unsure") == (None, "a date unsure")


def test_what_changes_or_goes_is_seen(at_work: Any) -> None:
    made = incident(at_work, "x", "2026")
    assert listed(facets=["act:raid"]) == []
    add_act(by=at_work, incident=made.pk, act=act("raid"))
    assert listed(facets=["act:raid"]) == ["x"]
    remove_incident(by=at_work, incident=made.pk)
    assert listed() == []
