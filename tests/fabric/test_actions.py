"""What members do to the fabric is checked, journalled, and never half done."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, NotFound, RuleBroken
from tejido.fabric import actions, queries
from tejido.fabric.actions import Name
from tejido.fabric.making import make_actor
from tejido.fabric.models import Actor, Consent, Presence, Territory, Tie
from tejido.incidents.models import Act, Incident, Victim
from tejido.vault.journal import last_stamp, writing
from tejido.vault.models import JournalEntry, Removal
from tejido.vault.records import create

TODAY = date(2026, 11, 20)
SQUARE = {"type": "Polygon", "coordinates": [[[-72, -40], [-71, -40], [-71, -39], [-72, -39], [-72, -40]]]}


def _actor(by: Any, name: str = "Asamblea de la Ribera", kind: str = "community", **more: Any) -> Actor:
    return actions.record_actor(by=by, kind=kind, names=[name], **more)


def test_a_collective_that_names_nobody_is_whole(at_work: Any) -> None:
    made = _actor(at_work, size="unas doscientas familias", identities=["ribereñas", "gente del río", "ribereñas"])
    read = queries.actor_by_id(made.pk, by=at_work)
    assert (read.usual_name, read.naming, read.size) == ("Asamblea de la Ribera", "nobody", "unas doscientas familias")
    assert read.identities == ["ribereñas", "gente del río"]
    line = JournalEntry.objects.get(seq=last_stamp())
    assert (line.action, line.noun, line.record) == ("actor.record", "fabric.actor", made.pk)


def test_several_names_are_kept_each_once_with_the_usual_one_first(at_work: Any) -> None:
    names = [
        Name("ANR", "acronym"),
        Name("Asamblea"),
        Name("Assembly", "translation", "en"),
        Name("Asamblea", "alias"),
    ]
    made = actions.record_actor(by=at_work, kind="organisation", names=names)
    assert made.names == [
        {"text": "Asamblea", "kind": "usual", "lang": ""},
        {"text": "ANR", "kind": "acronym", "lang": ""},
        {"text": "Assembly", "kind": "translation", "lang": "en"},
    ]


@pytest.mark.parametrize("nothing", [[], [""], ["\u202e\u0000 \u200b"]])
def test_an_actor_is_called_something(at_work: Any, nothing: list[str]) -> None:
    with pytest.raises(BadInput):
        actions.record_actor(by=at_work, kind="unknown", names=nothing)
    assert not Actor.objects.exists()


def test_unseen_letters_never_get_in(at_work: Any) -> None:
    decomposed = unicodedata.normalize("NFD", "Peñón")
    made = actions.record_actor(
        by=at_work, kind="group", names=[f"\u202e{decomposed}\u0000", "Peñón"], about="uno\r\n\u202edos\u0000"
    )
    assert [name["text"] for name in made.names] == ["Peñón"]
    assert made.about == "uno\ndos"


def test_ten_thousand_names_are_refused_with_a_sentence(at_work: Any) -> None:
    with pytest.raises(BadInput, match="50"):
        actions.record_actor(by=at_work, kind="group", names=[f"n{n}" for n in range(10_000)])
    with pytest.raises(BadInput):
        _actor(at_work, "x" * 301)
    with pytest.raises(BadInput):
        _actor(at_work, identities=[f"n{n}" for n in range(10_000)])
    with pytest.raises(BadInput):
        _actor(at_work, about="x" * 20_001)


def test_codes_that_no_list_knows_are_refused(at_work: Any) -> None:
    for wrong in ({"kind": "martian"}, {"naming": "all"}, {"form": "cube"}):
        with pytest.raises(BadInput):
            _actor(at_work, **wrong)


def test_a_change_keeps_what_is_not_spoken_of_and_tells_the_second_editor(at_work: Any) -> None:
    made = _actor(at_work, about="uno", details={"río": "Napo", "vacío": ""})
    actions.change_actor(by=at_work, actor=made, seen=1, about="dos")
    read = queries.actor_by_id(made.pk, by=at_work)
    assert (read.about, read.details, read.revision) == ("dos", {"río": "Napo"}, 2)
    with pytest.raises(Conflict):
        actions.change_actor(by=at_work, actor=read, seen=1, about="tres")
    assert queries.actor_by_id(made.pk, by=at_work).about == "dos"


def test_a_collective_with_members_does_not_become_a_person(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Alba", "person")
    actions.tie_actors(by=at_work, from_actor=two, to_actor=one, kind="member_of")
    with pytest.raises(BadInput):
        actions.change_actor(by=at_work, actor=one, kind="person")


def test_records_of_another_circle_are_not_there(at_work: Any) -> None:
    made = _actor(at_work)

    class Stranger:
        id, circle_id = uuid4(), uuid4()

    with pytest.raises(NotFound):
        queries.actor_by_id(made.pk, by=Stranger())
    with pytest.raises(NotFound):
        actions.change_actor(by=Stranger(), actor=made, about="x")


def test_removing_an_actor_takes_its_ties_along(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Red del Valle", "network")
    tie = actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="part_of")
    pk = one.pk
    actions.remove_actor(by=at_work, actor=one)
    assert not Tie.objects.exists()
    assert set(Removal.objects.values_list("record", flat=True)) == {pk, tie.pk}
    two.refresh_from_db()
    assert two.stamp == last_stamp()


def test_an_actor_that_incidents_speak_of_is_kept(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Red", "network")
    actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="part_of")
    with writing(by=at_work, action="test.make") as entry:
        incident = create(Incident(circle_id=at_work.circle_id, title="t"), entry)
        act = create(Act(circle_id=at_work.circle_id, incident=incident, kind="killing"), entry)
        create(Victim(circle_id=at_work.circle_id, act=act, actor=one), entry)
    before = last_stamp()
    with pytest.raises(RuleBroken, match="Incidents"):
        actions.remove_actor(by=at_work, actor=one)
    assert last_stamp() == before
    assert Tie.objects.count() == 1 and Actor.objects.filter(pk=one.pk).exists()


def test_a_tie_joins_two_once(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Red", "network")
    actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="allied_with")
    for frm, to in ((one, two), (two, one)):  # an alliance reads the same from both ends
        with pytest.raises(BadInput, match="already"):
            actions.tie_actors(by=at_work, from_actor=frm, to_actor=to, kind="allied_with")
    actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="accompanies")
    actions.tie_actors(by=at_work, from_actor=two, to_actor=one, kind="accompanies")
    with pytest.raises(BadInput):
        actions.tie_actors(by=at_work, from_actor=one, to_actor=one, kind="works_with")
    assert Tie.objects.count() == 3


def test_nobody_belongs_to_a_person(at_work: Any) -> None:
    group, person = _actor(at_work), _actor(at_work, "Alba", "person")
    with pytest.raises(BadInput):
        actions.tie_actors(by=at_work, from_actor=group, to_actor=person, kind="member_of")
    actions.tie_actors(by=at_work, from_actor=person, to_actor=group, kind="leads")


def test_a_tie_keeps_its_dates_as_they_are_known_and_the_widest_weeks(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Red", "network")
    since = ImpreciseDate.month(1973, 9)
    tie = actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="part_of", since=since)
    assert (tie.since, tie.since_week, tie.until_week) == (since, 197335, None)
    with pytest.raises(BadInput):
        actions.end_tie(by=at_work, tie=tie, until=ImpreciseDate.year(1970))
    actions.end_tie(by=at_work, tie=tie, until=ImpreciseDate.year(1990))
    read = queries.tie_by_id(tie.pk, by=at_work)
    assert (read.until, read.until_week, read.since) == (ImpreciseDate.year(1990), 199101, since)
    # what is over can begin anew
    actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="part_of", since=ImpreciseDate.year(2000))


def test_a_changed_tie_is_seen_from_both_ends(at_work: Any) -> None:
    one, two = _actor(at_work), _actor(at_work, "Red", "network")
    tie = actions.tie_actors(by=at_work, from_actor=one, to_actor=two, kind="part_of", words="desde siempre")
    read = queries.tie_by_id(tie.pk, by=at_work)
    actions.change_tie(by=at_work, tie=read, strength="strong", seen=1)
    assert set(Actor.objects.values_list("stamp", "revision")) == {(last_stamp(), 1)}
    assert (read.words, read.strength, read.revision) == ("desde siempre", "strong", 2)
    with pytest.raises(Conflict):
        actions.change_tie(by=at_work, tie=read, strength="weak", seen=1)
    actions.remove_tie(by=at_work, tie=read)
    assert not Tie.objects.exists()


def test_a_territory_keeps_its_outline_and_a_point_for_it(at_work: Any) -> None:
    made = actions.record_territory(by=at_work, name="Cuenca", kind="watershed", geometry=SQUARE)
    read = queries.territory_by_id(made.pk, by=at_work)
    assert read.geometry["type"] == "Polygon"
    lat, lon = read.centre
    assert -40 < lat < -39 and -72 < lon < -71
    actions.change_territory(by=at_work, territory=read, name="Cuenca alta")
    assert queries.territory_by_id(made.pk, by=at_work).centre == [lat, lon]
    actions.change_territory(by=at_work, territory=read, geometry=None)
    assert queries.territory_by_id(made.pk, by=at_work).geometry == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "Point", "coordinates": [200, 0]},
        {"type": "Circle", "coordinates": [0, 0]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]},
        {"type": "Point"},
    ],
)
def test_an_outline_that_cannot_be_drawn_is_refused(at_work: Any, wrong: Any) -> None:
    with pytest.raises(BadInput):
        actions.record_territory(by=at_work, name="Cuenca", kind="watershed", geometry=wrong)
    assert not Territory.objects.exists()


def test_a_territory_never_lies_in_its_own_part(at_work: Any) -> None:
    region = actions.record_territory(by=at_work, name="Región", kind="region")
    town = actions.record_territory(by=at_work, name="Pueblo", kind="locality", parent=region)
    barrio = actions.record_territory(by=at_work, name="Barrio", kind="neighbourhood", parent=town)
    for inside in (region, town, barrio):
        with pytest.raises(BadInput):
            actions.change_territory(by=at_work, territory=region, parent=inside)
    actions.change_territory(by=at_work, territory=barrio, parent=region)
    actions.change_territory(by=at_work, territory=town, parent=barrio)
    with pytest.raises(RuleBroken):
        actions.remove_territory(by=at_work, territory=region)
    actions.remove_territory(by=at_work, territory=town)
    assert Territory.objects.count() == 2


def test_assets_and_presences_touch_what_they_belong_to(at_work: Any) -> None:
    place = actions.record_territory(by=at_work, name="Vereda", kind="rural_settlement")
    group = _actor(at_work)
    actions.record_asset(by=at_work, territory=place, kind="school", name="Escuela")
    assert Territory.objects.get().stamp == last_stamp()
    presence = actions.place_actor(by=at_work, actor=group, territory=place)
    assert Actor.objects.get().stamp == last_stamp()
    with pytest.raises(BadInput):
        actions.place_actor(by=at_work, actor=group, territory=place)
    actions.place_actor(by=at_work, actor=group, territory=place, kind="defends")
    actions.remove_presence(by=at_work, presence=presence)
    assert [one.kind for one in Presence.objects.all()] == ["defends"]


def _consent(by: Any, actor: Actor, scope: str = "collective", **more: Any) -> Consent:
    return actions.give_consent(by=by, actor=actor, purpose="publish", audience="media", scope=scope, **more)


def test_consent_covers_what_was_said_and_nothing_else(at_work: Any) -> None:
    group = _actor(at_work)
    given = _consent(at_work, group, expires_on=ImpreciseDate.month(2026, 12))
    assert queries.consent_covering(group, "publish", "media", TODAY) == given
    assert queries.consent_covering(group, "publish", "partners", TODAY) is None
    assert queries.consent_covering(group, "alert", "media", TODAY) is None
    assert queries.consent_covering(group, "publish", "media", date(2026, 12, 1)) == given
    assert queries.consent_covering(group, "publish", "media", date(2026, 12, 2)) is None


def test_one_members_consent_is_not_the_collectives(at_work: Any) -> None:
    group, person = _actor(at_work), _actor(at_work, "Alba", "person")
    _consent(at_work, group, "individual", words="una integrante, por lo suyo")
    assert queries.consent_covering(group, "publish", "media", TODAY) is None
    with pytest.raises(BadInput):
        _consent(at_work, person, "collective")
    given = _consent(at_work, person, "individual")
    assert queries.consent_covering(person, "publish", "media", TODAY) == given


def test_the_newest_word_decides(at_work: Any) -> None:
    group = _actor(at_work)
    _consent(at_work, group)
    _consent(at_work, group, status="refused")
    assert queries.consent_covering(group, "publish", "media", TODAY) is None
    again = _consent(at_work, group)
    assert queries.consent_covering(group, "publish", "media", TODAY) == again


def test_a_withdrawal_takes_effect_at_once_on_all_that_agreed_to_the_same(at_work: Any) -> None:
    group = _actor(at_work)
    first, second = _consent(at_work, group), _consent(at_work, group)
    other = actions.give_consent(by=at_work, actor=group, purpose="alert", audience="media", scope="collective")
    assert actions.withdraw_consent(by=at_work, consent=first, today=TODAY) == 2
    assert queries.consent_covering(group, "publish", "media", TODAY) is None
    assert queries.consent_covering(group, "alert", "media", TODAY) == other
    second.refresh_from_db()
    assert (second.status, second.withdrawn_on) == ("withdrawn", ImpreciseDate.day(TODAY))
    with pytest.raises(BadInput):
        actions.withdraw_consent(by=at_work, consent=second, today=TODAY)


def test_records_for_an_import_are_checked_the_same_way(at_work: Any) -> None:
    made = make_actor(by=at_work, kind="person", names=[" Juan\u0000  Pérez "])
    assert made.usual_name == "Juan Pérez" and not Actor.objects.exists()
