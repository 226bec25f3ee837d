"""A plan with a hundred measures: light pages, everything reachable by links alone, whole on paper."""

from __future__ import annotations

import gzip
import io
import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from tejido.protection import actions
from tejido.protection.actions import MeasureGiven, ThreatGiven
from tejido.protection.models import Plan
from tejido.protection.walking import a_few
from tests.protection.planning import assembly, plan_of, walked


def large_plan(by: Any, many: int, name: str = "Asamblea") -> Plan:
    threats = [ThreatGiven(f"Amenaza número {at:03}") for at in range(many // 4)]
    plan = plan_of(by, assembly(by, name), threats=threats)
    for at in range(many):
        given = MeasureGiven(title=f"Medida número {at:03}", family="ABI"[at % 3], code="I2" if at % 3 == 2 else "")
        actions.add_measure(by=by, plan=plan.pk, measure=given)
    return Plan.objects.get(pk=plan.pk)


@given(many=st.integers(0, 40), size=st.integers(1, 9))
def test_a_walk_by_key_shows_each_row_once_and_leads_back(many: int, size: int) -> None:
    rows, ids = list(range(many)), [UUID(int=at) for at in range(many)]
    seen: list[int] = []
    page = a_few(rows, ids, size=size)
    while True:
        seen += page.rows
        if page.after is None:
            break
        behind = a_few(rows, ids, size=size, after=page.after)
        assert a_few(rows, ids, size=size, before=behind.before).rows == page.rows
        page = behind
    assert seen == rows
    assert a_few(rows, ids, size=size, after=UUID(int=10**6)).rows == tuple(rows[:size])


def test_every_page_of_a_hundred_measures_is_light_and_leads_to_each_of_them(at_work: Any, signed_in: Client) -> None:
    plan = large_plan(at_work, 100)
    whole = signed_in.get(reverse("protection:plan", args=[plan.pk])).content
    assert len(gzip.compress(whole)) < 10_000
    doors = re.findall(r'href="(/plans/[^"]+/families/[a-z]+/)"', whole.decode())
    assert len(doors) == 3
    read = "".join(walked(signed_in, door) for door in doors)
    assert {f"Medida número {at:03}" for at in range(100)} <= set(re.findall(r"Medida número \d+", read))
    assert all(
        len(gzip.compress(signed_in.get(door).content)) < 10_000
        for door in [*doors, reverse("protection:threats", args=[plan.pk])]
    )
    threats = walked(signed_in, reverse("protection:threats", args=[plan.pk]))
    assert {f"Amenaza número {at:03}" for at in range(25)} <= set(re.findall(r"Amenaza número \d+", threats))


def test_all_that_a_gap_concerns_is_reached_and_a_reason_is_kept_there(at_work: Any, signed_in: Client) -> None:
    plan = large_plan(at_work, 60)
    whole = signed_in.get(reverse("protection:plan", args=[plan.pk])).content.decode()
    door = reverse("protection:gap", args=[plan.pk])
    assert f"{door}?check=sign_missing" in whole
    assert len(set(re.findall(r"Medida número \d+", walked(signed_in, door, "?check=sign_missing")))) == 60
    measure = plan.measures.order_by("-born").first()
    assert measure is not None
    told = {"check": "sign_missing", "subject": str(measure.pk), "words": "Se ve de lejos"}
    assert signed_in.post(reverse("protection:go_on", args=[plan.pk]), told).status_code == 303
    assert "Se ve de lejos" in walked(signed_in, door, "?check=sign_missing")
    mended = signed_in.get(door + "?check=decision_withdrawn")
    assert (mended.status_code, mended["Location"]) == (303, reverse("protection:plan", args=[plan.pk]))
    assert signed_in.get(reverse("protection:family", args=[plan.pk, "nothing"])).status_code == 404


@pytest.mark.parametrize("name", ["plan", "family", "gap", "threats", "reviews", "adopt"])
def test_its_pages_ask_as_many_questions_as_those_of_a_small_one(at_work: Any, signed_in: Client, name: str) -> None:
    counts = []
    for many in (9, 45):
        plan = large_plan(at_work, many, f"Grupo de {many}")
        door = reverse(f"protection:{name}", args=[plan.pk, "resilience"] if name == "family" else [plan.pk])
        door += "?check=sign_missing" if name == "gap" else ""
        signed_in.get(door)
        with CaptureQueriesContext(connection) as asked:
            assert signed_in.get(door).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_paper_has_it_whole(at_work: Any, signed_in: Client) -> None:
    plan = large_plan(at_work, 60)
    drawn = signed_in.get(reverse("protection:plan_pdf", args=[plan.pk])).content
    words = " ".join(" ".join(sheet.extract_text().split()) for sheet in PdfReader(io.BytesIO(drawn)).pages)
    assert {f"Medida número {at:03}" for at in range(60)} <= set(re.findall(r"Medida número \d+", words))
    assert {f"Amenaza número {at:03}" for at in range(15)} <= set(re.findall(r"Amenaza número \d+", words))
