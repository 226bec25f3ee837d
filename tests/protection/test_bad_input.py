"""Whatever is typed, and however often it is sent: no page breaks, papers stay papers, nothing is made twice."""

from __future__ import annotations

import io
import re
from itertools import cycle
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tejido.circles.models import CircleRecord
from tejido.protection.alerts.models import Alert
from tejido.protection.following.models import Review, SignSeen
from tejido.protection.models import Decision, Plan
from tejido.protection.once import made_once
from tejido.protection.sessions.models import Assessment, AssessmentPart
from tests.protection.planning import assembly, plan_of
from tests.protection.sessions.meeting import fields_of, session_of, shown_in, step_address, threat_of

NASTY = (
    "x" * 300, "palabra " * 37, "خطر على الطريق " * 18, "\u202eal revés\u202c \x00", "#import “x” ] $x$ \\ {{ 7*7 }}",
    "%s {0} %(x)s <script>alert(1)</script>", "👩🏽‍🌾" * 60, "\n\n\n", "=cmd()",
)  # fmt: skip
#: Fields that are no words: a day, a number, what a form carries.
_NO_WORDS = re.compile(r"(_on|until|when|position|present|quorum|votes_\w+|answer_by|revision|seen|once|another)$")


def typed_over(page: str, nasty: Any) -> dict[str, str]:
    """Return what a page sends when something nasty is typed wherever words can be typed."""
    fields = fields_of(page)
    words = set(re.findall(r'<textarea[^>]*name="([^"]+)"', page))
    words |= {name for tag, name in re.findall(r'(<input[^>]*name="([^"]+)"[^>]*>)', page) if 'type="text"' in tag}
    return {name: next(nasty) if name in words and not _NO_WORDS.search(name) else fields[name] for name in fields}


def test_every_form_takes_whatever_is_typed_and_every_page_and_paper_shows_it(at_work: Any, signed_in: Client) -> None:
    group, nasty = assembly(at_work, "ن" * 150 + "x" * 150), cycle(NASTY)

    def fill(door: str, **fixed: str) -> None:
        page = signed_in.get(door)
        assert page.status_code == 200, door
        assert signed_in.post(door, typed_over(page.content.decode(), nasty) | fixed).status_code < 500, door

    session = session_of(at_work, group, title=NASTY[0], modules=("women_defenders",))
    own, plan = [session.pk], plan_of(at_work, group)
    for words in NASTY[:2]:
        fill(reverse("protection:session_threat_new", args=own), words=words)
        fill(reverse("protection:session_interest_new", args=own), name=words, stance="opponent")
    for step in ("work", "components", "pictures", "unspoken", "priorities", "wheel", "fabric"):
        fill(step_address(session, step))
    for half in ("1", "2"):
        fill(reverse("protection:session_results", args=own) + f"?half={half}")
    for name in ("threat_new", "measure_new", "decision_new", "plan_edit", "review", "review_hold"):
        fill(reverse(f"protection:{name}", args=[plan.pk]))
    for query in ("?family=B", "?code=I2"):
        fill(reverse("protection:measure_new", args=[plan.pk]) + query)
    for shelf in ("commitments", "reach", "drills", "places", "care", "requests", "practices"):
        fill(reverse("protection:keep_new", args=[group.pk, shelf]) + "?kind=relocation")
    fill(reverse("protection:alert_new", args=[group.pk]))
    pages = [
        *(reverse(f"protection:{name}", args=own) for name in ("session", "session_then", "session_plan")),
        *(reverse(f"protection:{name}", args=[plan.pk]) for name in ("plan", "reviews", "threats", "adopt")),
        reverse("protection:plan_pdf", args=[plan.pk]),
        *(reverse(f"protection:{name}", args=[group.pk]) for name in ("together", "alerts", "calendar")),
        reverse("protection:late"), reverse("protection:plans"), reverse("protection:sessions"),
    ]  # fmt: skip
    for door in pages:
        page = signed_in.get(door)
        assert page.status_code == 200 and b"<script>alert" not in page.content, door
    papers = {
        reverse("protection:poster", args=[plan.pk]): 1,
        reverse("protection:card", args=[group.pk]): 1,
        reverse("protection:session_kit", args=[*own, "posters"]): 8,
    }
    for door, sheets in papers.items():
        assert len(PdfReader(io.BytesIO(signed_in.get(door).content)).pages) == sheets, door


@pytest.mark.parametrize(
    ("name", "model", "told"),
    [
        ("plan_new", Plan, {"practices": "Guardia", "threats": "Miedo"}),
        ("session_new", Assessment, {"title": "Miremos"}),
        ("decision_new", Decision, {"what": "Sí", "mode": "assembly", "taken_on": "yesterday"}),
        ("group_decision_new", Decision, {"what": "Sí", "mode": "assembly", "taken_on": "yesterday"}),
        ("review_hold", Review, {"kind": "periodic", "held_on": "yesterday", "held": "La guardia"}),
        ("sign_new", SignSeen, {"direction": "better", "words": "Contestan"}),
        ("session_interest_new", AssessmentPart, {"name": "La draga"}),
        (
            "alert_new",
            Alert,
            {"words": "Rondan la casa", "asked": "Llamen", "audience": "internal"},
        ),
    ],
)
def test_a_form_that_is_sent_twice_makes_one_thing_and_leads_to_it(
    at_work: Any, signed_in: Client, name: str, model: type[CircleRecord], told: dict[str, str]
) -> None:
    group = assembly(at_work)
    plan = plan_of(at_work, group, practices=["Guardia"])
    by_name = {
        "plan": [plan.pk], "sign_new": [plan.pk, plan.measures.get().pk], "session": [session_of(at_work, group).pk],
        "decision_new": [plan.pk], "review_hold": [plan.pk],
    }  # fmt: skip
    args = by_name.get(name) or (by_name["session"] if name == "session_interest_new" else [group.pk])
    before = model._default_manager.count()
    door = reverse(f"protection:{name}", args=args)
    sent = shown_in(signed_in.get(door)) | told
    answers = [signed_in.post(door, sent) for _twice in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert model._default_manager.count() == before + 1


def test_a_plan_started_twice_from_a_session_is_one_plan(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    threat = threat_of(at_work, session)
    door = reverse("protection:session_plan", args=[session.pk])
    sent = shown_in(signed_in.get(door)) | {"threats": str(threat.pk), "practices": "Guardia"}
    assert {signed_in.post(door, sent)["Location"] for _twice in range(2)} == {
        reverse("protection:plan", args=[Plan.objects.get().pk])
    }
    assert Plan.objects.get().measures.count() == 1


def test_whoever_is_overtaken_by_their_own_second_finger_gets_what_the_first_made(at_work: Any) -> None:
    made = plan_of(at_work, assembly(at_work))
    calls = iter([None, made])

    class Overtaken:
        """Not there at first; there once it was tried."""

        def filter(self, **asked: Any) -> Any:
            return self

        def first(self) -> Any:
            return next(calls)

    def make() -> Any:
        raise IntegrityError

    shape: Any = SimpleNamespace(_default_manager=Overtaken())
    assert made_once(shape, made.pk, at_work, make) is made
