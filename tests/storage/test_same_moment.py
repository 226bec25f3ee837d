"""The same sent twice in the same moment, by two people or two clicks: it is there once, and the other is told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tejido.circles.actions import found_circle
from tejido.circles.membership import change_role
from tejido.circles.models import Circle, Member
from tejido.domain.doubles import LikelyDouble
from tejido.domain.errors import BadInput, Conflict, NotAllowed, TejidoError
from tejido.fabric.actions import place_actor
from tejido.fabric.models import Actor, Presence
from tejido.protection.following.models import Commitment
from tejido.protection.sessions.actions import look_at_threat
from tejido.protection.sessions.given import AssessedGiven
from tejido.protection.sessions.models import AssessedThreat
from tejido.readings.actions import set_readings
from tejido.readings.model_settings import DEFAULTS
from tejido.readings.models import ChosenSettings
from tejido.vault import journal
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.ledger import ledger_key
from tejido.vault.models import LedgerKey
from tejido.vault.workspace import Master
from tests.browsing import sign_in
from tests.circles.people import joined, keys_of
from tests.incidents.telling import actor, territory
from tests.protection.planning import assembly
from tests.protection.sessions.meeting import session_of
from tests.storage.side_by_side import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
ONE = "Nos siguen en el camino del río"


def outcome(act: Any) -> str:
    """Return what came of it: ``done``, or the kind of refusal; anything but a sentence of ours is raised."""
    try:
        act()
    except TejidoError as error:
        return type(error).__name__
    return "done"


def test_of_four_first_choices_one_stands_and_the_others_are_told(at_work: Any) -> None:
    def choose(_: int) -> str:
        return outcome(lambda: set_readings(by=at_work, chosen=DEFAULTS, revision=0))

    assert Counter(all_at_once(choose, many=4)) == {"done": 1, Conflict.__name__: 3}
    assert ChosenSettings.objects.get().revision == 1 and journal.verify() == 2


def test_the_same_threat_of_a_session_is_there_once(at_work: Any) -> None:
    session = session_of(at_work, assembly(at_work))

    def say(_: int) -> str:
        given = AssessedGiven(ONE)
        return outcome(lambda: look_at_threat(by=at_work, assessment=session.pk, given=given, alike_too=False))

    assert Counter(all_at_once(say, many=4)) == {"done": 1, LikelyDouble.__name__: 3}
    assert AssessedThreat.objects.count() == 1


def test_two_clicks_on_a_page_keep_one_promise(at_work: Any) -> None:
    door = reverse("protection:keep_new", args=[assembly(at_work).pk, "commitments"])
    told = {"words": ONE, "kind": "promise", "status": "promised"}
    with sign_in(at_work) as browser:
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value

        def click(_: int) -> int:
            own = Client()
            own.cookies[settings.SESSION_COOKIE_NAME] = cookie
            return own.post(door, told).status_code

        assert Counter(all_at_once(click, many=4)) == {303: 1, 409: 3}
    assert Commitment.objects.count() == 1


def test_two_who_write_the_same_group_down_see_each_other(at_work: Any) -> None:
    with sign_in(at_work) as browser:
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value

        def write(_: int) -> int:
            own = Client()
            own.cookies[settings.SESSION_COOKIE_NAME] = cookie
            return own.post(reverse("fabric:actor_new"), {"kind": "community", "name": "Asamblea del Río"}).status_code

        assert Counter(all_at_once(write, many=3)) == {302: 1, 422: 2}
    assert Actor.objects.count() == 1


def test_the_same_presence_is_written_once(at_work: Any) -> None:
    group, place = actor(at_work, "Asamblea", "community"), territory(at_work, "Valle")

    def write(_: int) -> str:
        return outcome(lambda: place_actor(by=at_work, actor=group, territory=place))

    assert Counter(all_at_once(write, many=3)) == {"done": 1, BadInput.__name__: 2}
    assert Presence.objects.count() == 1


def test_two_coordinators_who_step_back_at_once_leave_one(at_work: Any) -> None:
    bruno = joined(at_work, "Bruno", "coordinator")
    both, rings = (at_work, bruno), {}
    rings[0] = current()
    rings[1] = Keyring(current().exported(), account=bruno.account, signing_seed=keys_of("Bruno").signing_seed)

    def step_back(number: int) -> str:
        with using(rings[number]):
            me = both[number]
            return outcome(lambda: change_role(by=me, member_id=me.pk, role="member", today=timezone.localdate()))

    assert sorted(all_at_once(step_back, many=2)) == [NotAllowed.__name__, "done"]
    assert Member.objects.filter(role="coordinator", status="active").count() == 1


def test_two_who_found_the_circle_at_once_found_one(transactional_db: Any) -> None:
    def found(number: int) -> str:
        return outcome(
            lambda: found_circle(name="Ribera", member_name="Alba", master=Master(bytes([number + 1]) * 32))
        )

    with using(Keyring({})):
        assert Counter(all_at_once(found, many=3)) == {"done": 1, Conflict.__name__: 2}
    assert Circle.objects.count() == Member.objects.count() == 1


def test_the_key_of_the_ledger_is_made_once(at_work: Any) -> None:
    LedgerKey.objects.all().delete()
    assert len(set(all_at_once(lambda _: ledger_key(), many=4))) == 1 and LedgerKey.objects.count() == 1


def test_what_the_database_refuses_as_there_already_is_a_sentence(at_work: Any) -> None:
    """Planted: an action that does not look whether it is there. What is refused for another reason stays a fault."""
    group, place = actor(at_work, "Asamblea", "community"), territory(at_work, "Valle")
    there = place_actor(by=at_work, actor=group, territory=place)
    before = journal.last_stamp()
    with pytest.raises(Conflict), writing(by=at_work, action="test.make"):
        Presence(circle_id=at_work.circle_id, actor=group, territory=place, kind=there.kind).save(force_insert=True)
    with pytest.raises(IntegrityError), writing(by=at_work, action="test.make"):
        raise IntegrityError("CHECK constraint failed: something else")
    assert journal.last_stamp() == before == journal.verify()
