"""Two people who write down the same at once: it is there once, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tejido.protection.following.models import Commitment, Drill
from tejido.protection.models import Measure, Threat
from tejido.protection.sessions.models import AssessedThreat
from tests.protection.planning import assembly, plan_of
from tests.protection.sessions.meeting import session_of, shown_in
from tests.protection.test_pages import text_of

ALREADY = "Something very like this is written down here already"
ONE, AGAIN = "Nos siguen en el camino del río", "nos siguen en el camino del Rio."


def walks(browser: Client, door: str, told: dict[str, str], again: dict[str, str]) -> None:
    """Send it, send it again as somebody else would, and say that it is another one."""
    assert browser.post(door, told).status_code == 303
    asked = browser.post(door, told | again)
    assert asked.status_code == 409
    page = text_of(asked)
    assert ALREADY in page and ONE in page and next(iter(again.values())) in page
    assert browser.post(door, shown_in(asked)).status_code == 303


def test_a_threat_of_a_plan(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    door = reverse("protection:threat_new", args=[plan.pk])
    walks(signed_in, door, {"words": ONE, "nature": "threat"}, {"words": AGAIN})
    assert Threat.objects.count() == 2


def test_a_measure_of_a_plan(at_work: Any, signed_in: Client) -> None:
    plan = plan_of(at_work, assembly(at_work))
    door = reverse("protection:measure_new", args=[plan.pk]) + "?family=A"
    walks(signed_in, door, {"title": ONE, "status": "wanted"}, {"title": AGAIN})
    told = {"title": ONE, "status": "wanted"}  # the same words of another family are another measure
    assert signed_in.post(door.replace("=A", "=B"), told).status_code == 303
    assert Measure.objects.count() == 3


def test_something_on_a_shelf(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    door = reverse("protection:keep_new", args=[group.pk, "commitments"])
    walks(signed_in, door, {"words": ONE, "kind": "promise", "status": "promised"}, {"words": AGAIN})
    assert Commitment.objects.count() == 2
    drills = reverse("protection:keep_new", args=[group.pk, "drills"])
    for _again in range(2):  # what is tried out twice was tried out twice
        assert signed_in.post(drills, {"tried": ONE}).status_code == 303
    assert Drill.objects.count() == 2


def test_a_threat_of_a_session_and_papers_that_two_type_at_once(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    walks(signed_in, reverse("protection:session_threat_new", args=[session.pk]), {"words": ONE}, {"words": AGAIN})
    door = reverse("protection:session_results", args=[session.pk])
    told = shown_in(signed_in.get(door))
    lines = next(name for name in told if name.endswith("threats"))
    for typed in (f"{AGAIN}\nPanfletos en la noche", f"PANFLETOS en la noche\n{ONE}"):
        assert signed_in.post(door, told | {lines: typed}).status_code == 303
    assert AssessedThreat.objects.count() == 3


@pytest.mark.parametrize("name", ["threat_new", "measure_new"])
def test_a_page_that_is_only_looked_at_asks_nothing(at_work: Any, signed_in: Client, name: str) -> None:
    plan = plan_of(at_work, assembly(at_work))
    page = signed_in.get(reverse(f"protection:{name}", args=[plan.pk]))
    assert page.status_code == 200 and ALREADY not in text_of(page)
