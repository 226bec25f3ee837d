"""What is asked of incidents is answered exactly, in a number of queries that does not grow."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import NotFound
from tejido.incidents import counts, queries
from tejido.incidents.actions import link_incidents, record_justice
from tejido.incidents.given import ActGiven, PlaceGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Incident
from tejido.vault.journal import writing
from tejido.vault.records import remove
from tests.incidents.telling import act, actor, ids, incident, territory


def asked(answer: Callable[[], object]) -> int:
    """Return how many queries an answer takes."""
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer()
    return len(seen)


def walk(one: Incident) -> None:
    """Read everything a page of one incident shows."""
    for told in one.acts.all():
        [v.actor.usual_name for v in told.victims.all()] + [p.actor.usual_name for p in told.perpetrators.all()]
    [p.words for p in one.places.all()] + [s.name for s in one.sources.all()]
    [j.authority and j.authority.usual_name for j in one.justice.all()]
    [link.to_incident.title for link in one.links_out.all()] + [
        link.from_incident.title for link in one.links_in.all()
    ]
    _ = one.territory and one.territory.name
    counts.counted(one)


def test_a_whole_incident_takes_the_same_queries_however_much_it_holds(at_work: Any) -> None:
    people = [actor(at_work, f"persona {n}") for n in range(6)]
    other = incident(at_work, "otro", "2020")
    small = incident(at_work, "poco", "2021", act("raid", people[0], by=(people[1],)), places=[PlaceGiven("a")])
    big = incident(
        at_work,
        "mucho",
        "2022",
        *[act("raid", *people[:4], by=tuple(people[4:])) for _ in range(5)],
        places=[PlaceGiven("a"), PlaceGiven("b")],
        sources=[SourceGiven("press"), SourceGiven("list")],
    )
    for one in (small, big):
        link_incidents(by=at_work, from_incident=one.pk, to_incident=other.pk, kind="follows")
        record_justice(by=at_work, incident=one.pk, stage="trial", authority=people[0].pk)
    record_justice(by=at_work, incident=big.pk, stage="appeal", authority=people[1].pk)
    few = asked(lambda: walk(queries.incident_by_id(small.pk)))
    many = asked(lambda: walk(queries.incident_by_id(big.pk)))
    assert few == many <= 9


def test_an_unknown_incident_is_not_found(at_work: Any) -> None:
    with pytest.raises(NotFound):
        queries.incident_by_id(uuid.uuid4())
    with pytest.raises(NotFound):
        queries.fact_of(uuid.uuid4())


def test_the_latest_come_first_by_day_within_a_week_and_the_undated_last(at_work: Any) -> None:
    days = ["2024-05-07", "2024-05-06", "2024-05-09", "2023-01", "2024-05-08"]
    made = {day: incident(at_work, day, day) for day in days}
    undated = incident(at_work, "?")
    order = ["2024-05-09", "2024-05-08", "2024-05-07", "2024-05-06", "2023-01"]
    expected = [made[day].pk for day in order] + [undated.pk]
    assert ids(queries.recent(limit=10)) == expected
    for limit in range(7):
        assert ids(queries.recent(limit=limit)) == expected[:limit]
    assert ids(queries.since_week(202419)) == expected[:4]


def test_incidents_are_found_by_victim_by_aggressor_and_by_place_each_once(at_work: Any) -> None:
    one, other, bad = actor(at_work, "Una"), actor(at_work, "Otra"), actor(at_work, "Empresa", "company")
    valley = territory(at_work, "Valle")
    old = incident(at_work, "viejo", "2020", act("raid", one, by=(bad,)), act("burning", one, other, by=(bad,)))
    new = incident(at_work, "nuevo", "2021", act("raid", other), territory=valley.pk)
    assert ids(queries.against([one.pk, other.pk])) == [new.pk, old.pk]
    assert ids(queries.against([one.pk, other.pk], limit=1)) == [new.pk]
    assert ids(queries.against([one.pk])) == [old.pk]
    assert ids(queries.against([])) == []
    assert ids(queries.by_aggressor([bad.pk])) == [old.pk]
    assert ids(queries.in_territories([valley.pk])) == [new.pk]
    assert queries.victims_of([old.pk, new.pk]) == {old.pk: (one.pk, other.pk), new.pk: (other.pk,)}
    assert queries.perpetrators_of([old.pk, new.pk]) == {old.pk: (bad.pk,)}


def test_facts_say_who_by_whom_where_and_when(at_work: Any) -> None:
    one, bad, valley = actor(at_work, "Una"), actor(at_work, "Empresa", "company"), territory(at_work, "Valle")
    made = incident(at_work, "x", "2020-03~", act("raid", one, by=(bad,)), territory=valley.pk)
    undated = incident(at_work, "y", None, act("raid", one, by=(bad,)))
    fact = queries.fact_of(made.pk)
    assert (fact.incident, fact.victims, fact.perpetrators) == (
        str(made.pk),
        frozenset([str(one.pk)]),
        frozenset([str(bad.pk)]),
    )
    assert (fact.territory, fact.start, fact.end) == (str(valley.pk), date(2020, 3, 1), date(2020, 3, 31))
    assert [f.incident for f in queries.facts([made.pk, undated.pk])] == [str(made.pk)]
    assert queries.fact_of(undated.pk).start == date.min
    assert [f.incident for f in queries.facts_by_aggressor([bad.pk])] == [str(made.pk)]
    assert queries.facts_by_aggressor([bad.pk], between=(202101, 202152)) == []
    assert [f.incident for f in queries.facts_against([one.pk])] == [str(made.pk)]


def test_lists_and_facts_take_the_same_queries_for_few_and_for_many(at_work: Any) -> None:
    people = [actor(at_work, f"persona {n}") for n in range(4)]
    bad = actor(at_work, "Empresa", "company")
    answers: list[Callable[[], object]] = [
        lambda: [one.title for one in queries.recent(limit=100)],
        lambda: [one.title for one in queries.against([p.pk for p in people], limit=100)],
        lambda: queries.facts_by_aggressor([bad.pk]),
        lambda: queries.facts([one.pk for one in queries.recent(limit=100)]),
        lambda: counts.victims_in_store([one.pk for one in queries.recent(limit=100)]),
        lambda: counts.totals_in_store(at_work.circle_id),
        lambda: counts._counted_in_year(at_work.circle_id, 2020),
    ]
    incident(at_work, "x", "2020", act("raid", people[0], by=(bad,)))
    few = [asked(answer) for answer in answers]
    for n in range(12):
        incident(at_work, f"x{n}", f"20{n + 10}", act("raid", *people, by=(bad,)), act("burning", people[n % 4]))
    assert [asked(answer) for answer in answers] == few


def test_totals_count_each_person_and_each_collective_once(at_work: Any) -> None:
    one, group = actor(at_work, "Una"), actor(at_work, "Guardia", "community")
    incident(at_work, "x", "2020", act("killing", one), act("raid", one, group))
    incident(at_work, "y", "2021", act("raid", one, group))
    seen = counts.totals()
    assert {k.kind: (k.individuals, k.collectives) for k in seen.by_kind} == {"killing": (1, 0), "raid": (1, 1)}
    assert (seen.individuals, seen.collectives) == (1, 1)
    incident(at_work, "z", "2021", act("killing", actor(at_work, "Otra")))
    assert counts.totals().individuals == 2


def test_a_year_counts_those_whose_act_began_in_it(at_work: Any) -> None:
    one, other, group = actor(at_work, "Una"), actor(at_work, "Otra"), actor(at_work, "Guardia", "community")
    last = act("killing", other, when=ImpreciseDate.day(date(1974, 1, 2)))
    incident(at_work, "x", "1973-12-31/1974-01-02", act("killing", one, group), last)
    incident(at_work, "y", "1973", act("raid", one))
    assert counts.victims_in_year(1973) == counts.YearCount(1, 0, 0, unsure=1)
    assert counts.victims_in_year(1974) == counts.YearCount(1, 0, 0)
    assert counts.victims_in_year(1972) == counts.YearCount(0, 0, 0)


def test_unnamed_persons_of_a_collective_are_told_apart(at_work: Any) -> None:
    group = actor(at_work, "Guardia", "community")
    told = [ActGiven("raid", victims=(VictimGiven(group.pk, persons=n),)) for n in ("3", "2", "unas cuantas")]
    made = incident(at_work, "x", "2020", *told)
    assert counts.counted(queries.incident_by_id(made.pk)) == (0, 1, 3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.lists(
            st.tuples(st.sampled_from(["killing", "raid", "burning"]), st.lists(st.integers(0, 5), max_size=5)),
            max_size=3,
        ),
        max_size=5,
    )
)
def test_counting_through_the_database_is_counting_by_hand(
    at_work: Any, told: list[list[tuple[str, list[int]]]]
) -> None:
    with writing(by=at_work, action="test.clear") as entry:
        for one in Incident.objects.all():
            remove(one, entry)
    people = [actor(at_work, f"p{n}", "community" if n > 3 else "person") for n in range(6)]
    for acts in told:
        incident(at_work, "x", "2020", *[act(kind, *[people[n] for n in who]) for kind, who in acts])
    pairs = {(kind, n) for acts in told for kind, who in acts for n in who}
    by_hand = {
        kind: (sum(1 for k, n in pairs if k == kind and n <= 3), sum(1 for k, n in pairs if k == kind and n > 3))
        for kind, _ in pairs
    }
    seen = counts.totals()
    assert {k.kind: (k.individuals, k.collectives) for k in seen.by_kind} == by_hand
    everybody = {n for _, n in pairs}
    assert seen.individuals + seen.collectives == len(everybody)
    assert counts.victims_in_year(2020) == counts.YearCount(seen.individuals, seen.collectives, 0)
