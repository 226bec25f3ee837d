"""What must never be is refused by the database itself, whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, models, transaction

from tejido.circles.models import EpochKey
from tejido.exchange.models import ExternalKey
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.models import Act, Incident, Link, Perpetrator, Victim
from tejido.protection.models import Plan, Threat, ThreatIncident
from tejido.vault.journal import writing
from tejido.vault.records import create

Made = dict[str, Any]


@pytest.fixture
def made(at_work: Any) -> Made:
    """An actor, a territory, an incident with an act, a plan with a threat."""
    circle = {"circle_id": at_work.circle_id}
    with writing(by=at_work, action="test.make") as entry:
        actor = create(Actor(kind="community", **circle), entry)
        territory = create(Territory(kind="locality", **circle), entry)
        incident = create(Incident(**circle), entry)
        act = create(Act(incident=incident, kind="killing", **circle), entry)
        plan = create(Plan(collective=actor, **circle), entry)
        threat = create(Threat(plan=plan, **circle), entry)
    return {
        "circle": circle, "actor": actor, "territory": territory, "incident": incident, "act": act, "plan": plan,
        "threat": threat,
    }  # fmt: skip


def _twice(record: Callable[[], models.Model]) -> None:
    record().save(force_insert=True)
    record().save(force_insert=True)


def _its_own_part(made: Made) -> None:
    here = made["territory"]
    Territory.objects.filter(pk=here.pk).update(parent=here)


FORBIDDEN: dict[str, Callable[[Made], object]] = {
    "an adopted plan without a decision": lambda m: Plan(collective=m["actor"], status="adopted", **m["circle"]).save(
        force_insert=True
    ),
    "a plan that becomes adopted without a decision": lambda m: Plan.objects.update(status="adopted"),
    "a victim twice in an act": lambda m: _twice(lambda: Victim(act=m["act"], actor=m["actor"], **m["circle"])),
    "a perpetrator twice in an act": lambda m: _twice(
        lambda: Perpetrator(act=m["act"], actor=m["actor"], **m["circle"])
    ),
    "a tie of an actor to itself": lambda m: Tie(
        from_actor=m["actor"], to_actor=m["actor"], kind="leads", **m["circle"]
    ).save(force_insert=True),
    "a territory that is its own part": _its_own_part,
    "a presence twice": lambda m: _twice(
        lambda: Presence(actor=m["actor"], territory=m["territory"], kind="lives", **m["circle"])
    ),
    "an incident linked to itself": lambda m: Link(
        from_incident=m["incident"], to_incident=m["incident"], kind="follows", **m["circle"]
    ).save(force_insert=True),
    "an incident twice for a threat": lambda m: _twice(
        lambda: ThreatIncident(threat=m["threat"], incident=m["incident"], **m["circle"])
    ),
    "two keys of one epoch": lambda m: _twice(lambda: EpochKey(epoch=9, wrapped=b"x", **m["circle"])),
    "one key of a list for two records": lambda m: _twice(
        lambda: ExternalKey(digest=b"\1" * 32, noun="fabric.actor", subject=uuid4(), **m["circle"])
    ),
    "an id twice": lambda m: Actor(pk=m["actor"].pk, kind="person", **m["circle"]).save(force_insert=True),
    "an act of no incident": lambda m: Act(incident_id=uuid4(), kind="killing", **m["circle"]).save(force_insert=True),
    "a victim who is nobody": lambda m: Victim(act=m["act"], actor_id=uuid4(), **m["circle"]).save(force_insert=True),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_the_database_refuses(made: Made, what: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FORBIDDEN[what](made)
        connection.check_constraints()


def test_the_database_does_not_let_go_of_whoever_is_named_elsewhere(made: Made) -> None:
    Victim(act=made["act"], actor=made["actor"], **made["circle"]).save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        ident = made["actor"].pk
        cursor.execute(
            "DELETE FROM fabric_actor WHERE id = %s", [ident if connection.vendor != "sqlite" else ident.hex]
        )
        connection.check_constraints()


def test_what_is_allowed_is_not_refused(made: Made) -> None:
    circle = made["circle"]
    other = Actor(kind="person", **circle)
    other.save(force_insert=True)
    Victim(act=made["act"], actor=made["actor"], **circle).save(force_insert=True)
    Victim(act=made["act"], actor=other, **circle).save(force_insert=True)
    Tie(from_actor=made["actor"], to_actor=other, kind="leads", **circle).save(force_insert=True)
    Tie(from_actor=made["actor"], to_actor=other, kind="leads", **circle).save(force_insert=True)
    connection.check_constraints()
    assert Victim.objects.count() == 2 and Tie.objects.count() == 2
