"""What leaves a group with others looking on: shared under its decision, told with a second person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tejido.circles.approvals import give
from tejido.circles.models import Approval, Grant
from tejido.circles.sharing import shared_under, sign_of, stop_sharing
from tejido.domain.dates import ImpreciseDate
from tejido.domain.decisions import DecisionFacts, NotDecided, SharedTooLong, refuse_sharing
from tejido.domain.errors import WorkspaceLocked
from tejido.domain.second_person import NotApproved
from tejido.fabric.consenting import give_consent
from tejido.fabric.models import Actor
from tejido.protection.actions import record_decision, withdraw_decision
from tejido.protection.alerts.actions import begin_alert, change_alert, write_alert
from tejido.protection.alerts.given import AlertGiven
from tejido.protection.alerts.models import Alert
from tejido.protection.following.actions import record_call
from tejido.protection.following.given import CallGiven
from tejido.protection.models import Decision
from tejido.protection.sharing import share_under_decision
from tests.circles.both import HERE, NOW, THERE, Two
from tests.protection.test_pages import text_of

TODAY = NOW.date()
LAST = TODAY + timedelta(days=5)
DAYS = st.dates(TODAY - timedelta(days=30), TODAY + timedelta(days=30))
DECISIONS = st.builds(
    DecisionFacts, decided=DAYS, holds_until=st.none() | DAYS, withdrawn=st.none() | DAYS,
    about=st.sampled_from(["sharing", "plan"]),
)  # fmt: skip


def decided(by: Any, group: UUID, about: str, **more: Any) -> Decision:
    on = ImpreciseDate.day(TODAY - timedelta(days=1))
    told: dict[str, Any] = {"mode": "assembly", "what": "Así lo decidimos", "taken_on": on} | more
    return record_decision(by=by, collective=group, about=about, today=TODAY, **told)


def sign(two: Two) -> str:
    with two.at_work("Alba", THERE):
        return sign_of(two.circles[THERE])


@given(st.lists(DECISIONS, min_size=1, max_size=3), DAYS)
def test_a_group_that_decides_is_never_shared_beyond_its_decision(ever: list[DecisionFacts], until: Any) -> None:
    for chosen in (None, *ever):
        try:
            refuse_sharing(ever, chosen, until, TODAY)
        except (NotDecided, SharedTooLong):
            continue
        assert chosen is not None and chosen.covers("sharing", TODAY)
        assert chosen.holds_until is None or until <= chosen.holds_until
    refuse_sharing([], None, until, TODAY)  # one that never said how it decides is not asked for it


def test_its_dossier_is_shared_under_its_decision_and_taken_back_with_it(two: Two) -> None:
    group, there = two.people_of[HERE], sign(two)
    with two.at_work("Bruno", HERE) as by:
        told: dict[str, Any] = {"by": by, "sign": there, "until": LAST, "why": "la asamblea"}
        grant = share_under_decision(group, **told)  # it has never said how it decides
        stop_sharing(grant.pk, by=by)
        decided(by, group, "plan")
        with pytest.raises(NotDecided):
            share_under_decision(group, **told)
        share_under_decision(two.incidents[HERE], **told)
        short = decided(by, group, "sharing", holds_until=ImpreciseDate.day(TODAY + timedelta(days=2)))
        with pytest.raises(SharedTooLong, match=(TODAY + timedelta(days=2)).isoformat()):
            share_under_decision(group, **told)
        wide = decided(by, group, "sharing")
        with pytest.raises(NotDecided):
            share_under_decision(group, decision=two.incidents[HERE], **told)
        share_under_decision(group, **told)  # of two that hold, the one that holds long enough
        assert [one.dossier for one in shared_under(wide.pk, of=by.circle_id)] == [group]
        withdraw_decision(by=by, decision=short.pk, today=TODAY)
        assert len(shared_under(wide.pk, of=by.circle_id)) == 1
    with two.at_work("Carla", THERE):
        assert Actor.objects.get(pk=group).usual_name == f"{HERE} group"
    with two.at_work("Bruno", HERE) as by:
        withdraw_decision(by=by, decision=wide.pk, today=TODAY)
        assert shared_under(wide.pk, of=by.circle_id) == []
    with two.at_work("Carla", THERE), pytest.raises(WorkspaceLocked):
        Actor.objects.get(pk=group).usual_name  # noqa: B018


def test_the_page_asks_under_which_decision_and_keeps_what_was_typed(
    two: Two, browsers: Callable[[str, str], Client]
) -> None:
    group, there = two.people_of[HERE], sign(two)
    browser = browsers("Bruno", HERE)
    door = reverse("dossiers:share", args=[group])
    assert "Under which decision of the group?" not in text_of(browser.get(door))
    with two.at_work("Bruno", HERE) as by:
        decided(by, group, "plan")
    told = {"sign": there, "until": LAST.isoformat(), "why": "la asamblea lo sabe"}
    refused = browser.post(door, told)
    assert refused.status_code == 400 and not Grant.objects.exists()
    for words in ("no decision on sharing that holds now", "la asamblea lo sabe", "?about=sharing"):
        assert words in text_of(refused)
    with two.at_work("Bruno", HERE) as by:
        wide = decided(by, group, "sharing")
    assert "Así lo decidimos" in text_of(browser.get(door))
    assert browser.post(door, told | {"decision": str(wide.pk)}).status_code == 303
    assert "Decided: Así lo decidimos" in text_of(browser.get(door))
    stops = browser.get(reverse("protection:group_decision_withdraw", args=[group, wide.pk]))
    assert "1 dossier shared with another circle is taken back" in text_of(stops)


def test_beyond_the_circle_a_second_person_agrees_to_exactly_these_words(
    two: Two, browsers: Callable[[str, str], Client]
) -> None:
    group = two.people_of[HERE]
    browser, second = browsers("Bruno", HERE), browsers("Alba", HERE)
    with two.at_work("Bruno", HERE) as by:
        step = record_call(by=by, collective=group, given=CallGiven(name="Defensoría"), today=TODAY)
        decided(by, group, "alert")
        actor = Actor.objects.get(pk=group)
        give_consent(by=by, actor=actor, purpose="alert", audience="partners", scope="collective")
        given = AlertGiven(words="Rondan la casa", asked="Llamen", audience="partners", chain=(step.pk,))
        alert = write_alert(by=by, collective=group, given=given, today=TODAY)
        with pytest.raises(NotApproved):
            begin_alert(by=by, alert=alert.pk, today=TODAY)
    door = reverse("protection:alert", args=[group, alert.pk])
    assert "a second person looks at exactly these words first" in text_of(browser.get(door))
    assert browser.post(f"{door}second/").status_code == 303
    assert "has not decided yet" in text_of(browser.get(door))
    asked = Approval.objects.get()
    page = text_of(second.get(reverse("circles:approval", args=[asked.pk])))
    assert "Rondan la casa" in page and "Calling on others" in page
    with two.at_work("Alba", HERE) as by:
        give(by=by, approval=Approval.objects.get())
    with two.at_work("Bruno", HERE) as by:
        other = AlertGiven(words="Rondan todas las casas", asked="Llamen", audience="partners", chain=(step.pk,))
        change_alert(by=by, alert=alert.pk, given=other, today=TODAY)
        with pytest.raises(NotApproved):
            begin_alert(by=by, alert=alert.pk, today=TODAY)
        change_alert(by=by, alert=alert.pk, given=given, today=TODAY)
    begin = {"decision": str(Decision.objects.get().pk), "revision": str(Alert.objects.get().revision)}
    assert browser.post(f"{door}begin/", begin).status_code == 303
    assert (Alert.objects.get().status, Approval.objects.get().status) == ("open", "used")
