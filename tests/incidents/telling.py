"""The people and places of these tests, and a short way to record what happened to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.models import Actor, Territory
from tejido.incidents.actions import record_incident
from tejido.incidents.given import ActGiven, PerpetratorGiven, VictimGiven
from tejido.incidents.models import Incident
from tejido.vault.journal import writing
from tejido.vault.records import create


def actor(by: Any, name: str, kind: str = "person") -> Actor:
    with writing(by=by, action="test.actor") as entry:
        return create(Actor(circle_id=by.circle_id, kind=kind, names=[{"text": name}]), entry)


def territory(by: Any, name: str, **more: Any) -> Territory:
    with writing(by=by, action="test.territory") as entry:
        return create(Territory(circle_id=by.circle_id, kind="locality", name=name, **more), entry)


def act(kind: str, *victims: Actor, by: tuple[Actor, ...] = (), **more: Any) -> ActGiven:
    return ActGiven(
        kind=kind,
        victims=tuple(VictimGiven(one.pk) for one in victims),
        perpetrators=tuple(PerpetratorGiven(one.pk) for one in by),
        **more,
    )


def incident(by: Any, title: str, when: str | None = None, *acts: ActGiven, **more: Any) -> Incident:
    date = ImpreciseDate.decode(when) if when else None
    return record_incident(by=by, title=title, when=date, acts=acts, **more)


def ids(found: list[Incident]) -> list[UUID]:
    return [one.pk for one in found]
