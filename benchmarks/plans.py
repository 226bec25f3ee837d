"""The pages and papers of a plan with many measures: wall time, time of the processor alone, questions asked.

Two groups, one with a small plan and one with a large one; whatever a page shows, it asks as many questions of both.
Beside the wall clock stands the processor's, which other work on the machine does not touch.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING

from benchmarks import sayings

if TYPE_CHECKING:
    from benchmarks.pages import Visitor
    from tejido.fabric.models import Actor
    from tejido.vault.journal import By

#: A page, or a paper, within this time at p95 (milliseconds).
AIM = 300.0
SMALL, LARGE = 10, 100
WARMING = 3
#: What plans are woven of: words as groups say them, and here and there a name.
_SAID = (
    "acompañar camino radio noche asamblea guardia río escuela casa comunal mujeres jóvenes cosecha turno fiscalía "
    "mercado reunión autoridad promesa visita miedo descanso cuidado lancha cerro permiso agua semilla minga palabra "
    f"contactos lámpara puente regreso {sayings.FAMILY[0]}"
)


@dataclass(frozen=True)
class Planned:
    """A group with its plan, one of its measures, one of its calls to others, and how many measures there are."""

    group: str
    plan: str
    measure: str
    alert: str
    measures: int


@dataclass(frozen=True)
class TimedPlan:
    """Milliseconds of one page or paper of the large plan, and questions asked for the small and the large one."""

    name: str
    p50: float
    p95: float
    cpu_p95: float
    queries: tuple[int, int]
    sent: int


def addresses(one: Planned) -> dict[str, str]:
    """Return the pages and papers measured, by name."""
    plan, group = f"/plans/{one.plan}", f"/fabric/{one.group}"
    return {
        "plan": f"{plan}/",
        "before it is adopted": f"{plan}/adopt/",
        "catalogue of measures": f"{plan}/measures/new/",
        "one measure": f"{plan}/measures/{one.measure}/",
        "reviews": f"{plan}/reviews/",
        "what holds us": f"{group}/together/",
        "decisions": f"{group}/decisions/",
        "calls to others": f"{group}/alerts/",
        "one call to others": f"{group}/alerts/{one.alert}/",
        "plan on paper": f"{plan}/plan.pdf",
        "plan on paper, without names": f"{plan}/plan.pdf?names=no",
        "poster": f"{plan}/poster.pdf",
        "poster, without names": f"{plan}/poster.pdf?names=no",
        "card": f"{group}/together/card.pdf",
        "call to others on paper": f"{group}/alerts/{one.alert}/alert.pdf",
        "calendar": f"{group}/together/calendar.ics",
    }


def measure(by: By, visitor: Visitor, *, timed: int) -> list[TimedPlan]:
    """Make both groups and time each page of the large plan ``timed`` times."""
    from benchmarks.pages import queries_of

    small, large = (planned(by, many) for many in (SMALL, LARGE))
    found, few = [], addresses(small)
    for name, address in addresses(large).items():
        wall, cpu, sent = _timed(visitor, address, timed)
        visitor.ask(few[name])
        counts = (queries_of(visitor, few[name])[0], queries_of(visitor, address)[0])
        found.append(TimedPlan(name, _share(wall, 50), _share(wall, 95), _share(cpu, 95), counts, sent))
    return found


def _timed(visitor: Visitor, address: str, timed: int) -> tuple[list[float], list[float], int]:
    wall, cpu, sent = [], [], 0
    for turn in range(WARMING + timed):
        began, worked = time.perf_counter(), time.process_time()
        status, body = visitor.ask(address)
        if status != 200:
            raise RuntimeError(f"{address} answered {status}")
        if turn >= WARMING:
            wall.append((time.perf_counter() - began) * 1000)
            cpu.append((time.process_time() - worked) * 1000)
            sent = len(body)
    return wall, cpu, sent


def _share(taken: list[float], percent: int) -> float:
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, -(-len(ordered) * percent // 100) - 1)]


def planned(by: By, many: int) -> Planned:
    """Make a group with a plan of so many measures, half of them with something missing, and all around it."""
    from tejido.domain.dates import ImpreciseDate
    from tejido.fabric.actions import record_actor, tie_actors
    from tejido.protection.actions import MeasureGiven, ThreatGiven, add_measure, record_decision, start_plan

    rng, today = Random(many), date.today()  # noqa: DTZ011
    group = record_actor(by=by, kind="community", names=[f"Comunidad {many}"])
    for _turn in range(20):
        names = [f"{rng.choice(sayings.GIVEN)} {rng.choice(sayings.FAMILY)}"]
        tie_actors(by=by, from_actor=record_actor(by=by, kind="person", names=names), to_actor=group, kind="member_of")
    threats = [ThreatGiven(_words(rng, 8), _words(rng, 12)) for _turn in range(max(3, many // 8))]
    plan = start_plan(by=by, collective=group.pk, title=_words(rng, 5), words=_words(rng, 30), threats=threats)
    answered = list(plan.threats.all())
    taken = ImpreciseDate.day(today - timedelta(days=40))
    for about in ("plan", "alert", "sharing"):
        record_decision(
            by=by, collective=group.pk, mode="assembly", what=_words(rng, 12), taken_on=taken, today=today, about=about
        )
    for number in range(many):
        whole = bool(number % 2)
        given = MeasureGiven(
            title=_words(rng, 7), family="AB"[number % 2] if number % 9 else "I", threat=rng.choice(answered).pk,
            owner_words=_words(rng, 3) if whole else "", works_sign=_words(rng, 9) if whole else "",
            due_on=ImpreciseDate.day(today + timedelta(days=rng.randrange(-30, 90))) if whole else None,
            effect_on_group=_words(rng, 10), effect_on_individuals=_words(rng, 10), needs=_words(rng, 8),
            status=rng.choice(["wanted", "agreed", "under_way", "in_place"]),
        )  # fmt: skip
        made = add_measure(by=by, plan=plan.pk, measure=given)
    return Planned(str(group.pk), str(plan.pk), str(made.pk), _called(by, group, rng, today, many), many)


def _called(by: By, group: Actor, rng: Random, today: date, many: int) -> str:
    """Write down a network, promises and a call to others that is on its way; return the call."""
    from tejido.protection.alerts.actions import begin_alert, write_alert
    from tejido.protection.alerts.given import AlertGiven
    from tejido.protection.following.actions import record_call, record_commitment
    from tejido.protection.following.given import CallGiven, CommitmentGiven

    chain = []
    for number in range(max(3, many // 10)):
        call = CallGiven(name=_words(rng, 2), how="555 0199", position=number + 1, for_what=_words(rng, 8))
        chain.append(record_call(by=by, collective=group.pk, given=call, today=today).pk)
        promise = CommitmentGiven(words=_words(rng, 9), promised_by_words=_words(rng, 2))
        record_commitment(by=by, collective=group.pk, given=promise, today=today)
    given = AlertGiven(words=_words(rng, 40), asked=_words(rng, 20), chain=tuple(chain))
    alert = write_alert(by=by, collective=group.pk, given=given, today=today)
    return str(begin_alert(by=by, alert=alert.pk, today=today).pk)


def _words(rng: Random, many: int) -> str:
    said = _SAID.split()
    return " ".join(rng.choice(said) for _turn in range(many))
