"""What the fabric tells, in a number of queries that does not grow with the rows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from tejido.domain.affectation import PresenceFact
from tejido.domain.dates import ImpreciseDate
from tejido.fabric import queries
from tejido.fabric.catalogue import ACTORS, TERRITORIES
from tejido.fabric.making import make_actor, make_asset, make_presence, make_territory, make_tie
from tejido.fabric.models import Actor, Asset, Presence, Territory, Tie
from tejido.vault.catalogue import catalogue
from tejido.vault.journal import writing
from tejido.vault.records import create_all


def _people(by: Any, many: int, kind: str = "person") -> list[Actor]:
    made = [make_actor(by=by, kind=kind, names=[f"{kind} {n:04}"]) for n in range(many)]
    with writing(by=by, action="test.make") as entry:
        create_all(Actor, made, entry)
    return made


def _tie(by: Any, *ends: tuple[Actor, Actor], kind: str = "works_with", **more: Any) -> list[Tie]:
    made = [make_tie(by=by, from_actor=one, to_actor=two, kind=kind, **more) for one, two in ends]
    with writing(by=by, action="test.make") as entry:
        create_all(Tie, made, entry)
    return made


@pytest.mark.parametrize("many", [2, 40])
def test_ties_come_with_both_ends_in_one_query(at_work: Any, django_assert_num_queries: Any, many: int) -> None:
    (group,) = _people(at_work, 1, "community")
    _tie(at_work, *[(person, group) for person in _people(at_work, many)], kind="member_of")
    with django_assert_num_queries(1):
        ties = queries.ties_of([group.pk])
        assert {tie.to_actor.usual_name for tie in ties} == {"community 0000"}
        assert len({tie.from_actor.usual_name for tie in ties}) == many
    with django_assert_num_queries(1):
        assert len([tie.from_actor.usual_name for tie in queries.members_of(group.pk)]) == many
    with django_assert_num_queries(1):
        (up,) = queries.collectives_of(ties[0].from_actor_id)
        assert up.to_actor.usual_name == "community 0000"
    assert queries.number_of_ties([group.pk]) == many


def test_the_strongest_ties_come_first(at_work: Any) -> None:
    hub, a, b, c = _people(at_work, 4)
    for end, strength in ((a, "weak"), (b, "strong"), (c, "medium")):
        _tie(at_work, (hub, end), strength=strength)
    assert [tie.strength for tie in queries.ties_of([hub.pk])] == ["strong", "medium", "weak"]
    assert [tie.strength for tie in queries.ties_of([hub.pk], at_most=1)] == ["strong"]


def test_ties_around_walk_hop_by_hop(at_work: Any, django_assert_num_queries: Any) -> None:
    chain = _people(at_work, 6)
    _tie(at_work, *pairwise(chain))
    for hops in (1, 2, 3):
        with django_assert_num_queries(hops):
            around = queries.ties_around([chain[0].pk], hops=hops)
        assert len(around.ties) == hops and around.left_out == 0
        assert around.actors == {str(actor.pk) for actor in chain[: hops + 1]}


def test_ties_around_are_bounded_and_say_how_many_were_left_out(at_work: Any, django_assert_num_queries: Any) -> None:
    hub, *rest = _people(at_work, 31)
    _tie(at_work, *[(hub, one) for one in rest])
    with django_assert_num_queries(2):
        around = queries.ties_around([hub.pk], hops=3, at_most=10)
    assert (len(around.ties), around.left_out) == (10, 20)
    around = queries.ties_around([rest[0].pk], hops=3, at_most=10)
    assert (len(around.ties), around.left_out) == (10, 20)
    assert queries.ties_around([rest[0].pk], hops=3, at_most=30).left_out == 0


def test_a_tie_fact_says_the_widest_days_it_may_have_held(at_work: Any) -> None:
    one, two = _people(at_work, 2)
    since, until = ImpreciseDate.year(1970), ImpreciseDate.month(1973, 9)
    _tie(at_work, (one, two), since=since, until=until, strength="strong", certainty="likely")
    (fact,) = queries.ties_around([one.pk]).ties
    assert (fact.frm, fact.to, fact.strength, fact.certainty) == (str(one.pk), str(two.pk), 3, "likely")
    assert fact.held == (since.start, until.end)


def test_territories_know_what_they_lie_in(at_work: Any, django_assert_num_queries: Any) -> None:
    by = at_work
    point = {"type": "Point", "coordinates": [-73.2, -39.8]}
    country = make_territory(by=by, name="País", kind="country")
    region = make_territory(by=by, name="Región", kind="region", parent=country)
    towns = [make_territory(by=by, name=f"P{n}", kind="locality", parent=region, geometry=point) for n in range(9)]
    with writing(by=by, action="test.make") as entry:
        create_all(Territory, [country, region, *towns], entry)
        create_all(Asset, [make_asset(by=by, territory=town, kind="water", name="Pozo") for town in towns], entry)
    with django_assert_num_queries(3):
        facts = {fact.territory: fact for fact in queries.territory_facts([town.pk for town in towns])}
    assert len(facts) == 11
    assert (facts[str(towns[0].pk)].lat, facts[str(towns[0].pk)].parent) == (-39.8, str(region.pk))
    assert facts[str(country.pk)].lat is None
    found = queries.territory_by_id(towns[0].pk, by=by)
    assert [place.name for place in queries.wider_territories(found)] == ["País", "Región"]
    assert len(queries.parts_of(region.pk)) == 9 and len(queries.assets_of([town.pk for town in towns])) == 9
    cat = catalogue()
    assert [line.label for line in cat.page(TERRITORIES, facets=["top"]).rows] == ["País"]
    assert len(cat.page(TERRITORIES, facets=[f"in:{region.pk}"]).rows) == 9
    assert cat.page(TERRITORIES, facets=[f"in:{region.pk}"]).rows[0].note == "Región"
    assert len(cat.find("pozo", nouns=[TERRITORIES])) == 9


def test_who_is_where_is_told_both_ways(at_work: Any, django_assert_num_queries: Any) -> None:
    by = at_work
    people, (group,) = _people(by, 5), _people(by, 1, "community")
    place = make_territory(by=by, name="Vereda", kind="rural_settlement")
    company = _people(by, 1, "company")[0]
    with writing(by=by, action="test.make") as entry:
        create_all(Territory, [place], entry)
        rows = [make_presence(by=by, actor=one, territory=place) for one in [*people, group]]
        rows.append(make_presence(by=by, actor=company, territory=place, kind="operates"))
        create_all(Presence, rows, entry)
    with django_assert_num_queries(1):
        found = queries.inhabitants_of(place.pk)
        assert {one.actor.kind for one in found[:2]} == {"community", "company"}
    with django_assert_num_queries(1):
        assert [one.territory.name for one in queries.territories_of([group.pk])] == ["Vereda"]
    assert queries.presence_facts([group.pk, company.pk]) == [PresenceFact(str(group.pk), str(place.pk))]
    assert len(queries.inhabitant_facts([place.pk])) == 6


def test_actors_are_listed_by_tab_and_found_by_any_name(at_work: Any) -> None:
    _people(at_work, 2, "person")
    _people(at_work, 1, "institution")
    _people(at_work, 1, "armed_group")
    made = make_actor(
        by=at_work, kind="organisation", names=["Asociación del Río"], identities=["campesinas"], size="40 familias",
        details={"sede": "Puerto Nuevo"},
    )  # fmt: skip
    with writing(by=at_work, action="test.make") as entry:
        create_all(Actor, [made], entry)
    cat = catalogue()
    assert [line.label for line in cat.page(ACTORS, facets=["tab:collectives"]).rows] == ["Asociación del Río"]
    assert cat.page(ACTORS, facets=["tab:collectives"]).rows[0].note == "40 familias · campesinas"
    assert cat.counts(ACTORS, "tab:") == {"aggressors": 1, "collectives": 1, "others": 1, "people": 2}
    for words in ("rio", "campesin", "puerto"):
        assert [hit.line.id for hit in cat.find(words, nouns=[ACTORS])] == [made.pk], words


def test_nobody_around_nobody(at_work: Any) -> None:
    assert queries.ties_around([]).ties == ()
    assert queries.ties_around([UUID(int=1)]).left_out == 0
