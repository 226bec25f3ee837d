"""The group of these tests and a short way to plan with it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client

from tejido.domain.dates import ImpreciseDate
from tejido.fabric.actions import record_actor, tie_actors
from tejido.fabric.models import Actor
from tejido.protection.actions import record_decision, start_plan
from tejido.protection.models import Decision, Plan

TODAY = date(2026, 11, 20)
LATER = TODAY + timedelta(days=60)
YESTERDAY = TODAY - timedelta(days=1)
_NEXT = re.compile(r'class="next" href="\?([^"]+)"')


def day(when: date) -> ImpreciseDate:
    return ImpreciseDate.day(when)


def assembly(by: Any, name: str = "Asamblea de la Ribera") -> Actor:
    return record_actor(by=by, kind="community", names=[name])


def person(by: Any, name: str, of: Actor | None = None) -> Actor:
    made = record_actor(by=by, kind="person", names=[name])
    if of is not None:
        tie_actors(by=by, from_actor=made, to_actor=of, kind="member_of")
    return made


def plan_of(by: Any, group: Actor, **more: Any) -> Plan:
    return start_plan(by=by, collective=group.pk, **more)


def decision_of(by: Any, group: Actor, **more: Any) -> Decision:
    told: dict[str, Any] = {"mode": "assembly", "what": "Cuidarnos entre todos", "taken_on": day(YESTERDAY)} | more
    return record_decision(by=by, collective=group.pk, today=TODAY, **told)


def walked(browser: Client, door: str, query: str = "") -> str:
    """Follow the link to more until there is none; return all that was read."""
    read, place = [], query
    while True:
        page = browser.get(door + place).content.decode()
        read.append(page)
        following = _NEXT.search(page)
        if following is None:
            return "\n".join(read)
        place = "?" + following[1].replace("&amp;", "&")
