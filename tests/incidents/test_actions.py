"""What is recorded comes back as it was told, once each, and a second editor is told."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.incidents import actions
from tejido.incidents.given import ActGiven, PerpetratorGiven, PlaceGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Act, Draft, Incident, Justice, Link, Perpetrator, Place, Source, Victim
from tejido.incidents.queries import incident_by_id
from tejido.vault.models import JournalEntry, Removal
from tests.incidents.telling import act, actor, incident, territory


def test_an_incident_comes_back_as_it_was_told(at_work: Any) -> None:
    guard, leader = actor(at_work, "Guardia del río", "community"), actor(at_work, "Nidia")
    armed, valley = actor(at_work, "Hombres armados", "armed_group"), territory(at_work, "Valle")
    made = actions.record_incident(
        by=at_work,
        title="  Seguimiento\u202e a dos ",
        when=ImpreciseDate.month(2026, 10, about=True),
        summary="Dos hombres\r\nen moto",
        territory=valley.pk,
        verification="likely",
        acts=[
            ActGiven(
                kind="surveillance",
                means="vehicle",
                victims=(VictimGiven(guard.pk, persons="2"), VictimGiven(leader.pk)),
                perpetrators=(PerpetratorGiven(armed.pk, "carried_out", "possible", "los de octubre"),),
            )
        ],
        places=[PlaceGiven("camino de la escuela", "road", "near", (4.5, -74.1))],
        sources=[SourceGiven("member", "saw_it", "likely_reliable", "Nidia", "nota de voz")],
    )
    read = incident_by_id(made.pk)
    assert (read.title, read.summary, read.verification) == ("Seguimiento a dos", "Dos hombres\nen moto", "likely")
    assert read.when == ImpreciseDate.month(2026, 10, about=True)
    assert (read.week_from, read.week_to) == (202640, 202644)
    told = read.acts.all()[0]
    assert {(one.actor.usual_name, one.persons) for one in told.victims.all()} == {
        ("Guardia del río", "2"),
        ("Nidia", ""),
    }
    alleged = told.perpetrators.all()[0]
    assert (alleged.actor.usual_name, alleged.involvement, alleged.certainty, alleged.words) == (
        "Hombres armados",
        "carried_out",
        "possible",
        "los de octubre",
    )
    assert (read.places.all()[0].point, read.sources.all()[0].how) == ([4.5, -74.1], "saw_it")
    line = JournalEntry.objects.order_by("-seq")[0]
    assert (line.action, line.record) == ("incident.record", made.pk)


def test_the_same_victim_and_the_same_perpetrator_stand_in_an_act_once(at_work: Any) -> None:
    one, other = actor(at_work, "Una"), actor(at_work, "Otro")
    made = incident(at_work, "x", "2024", act("killing", one, one, by=(other, other)))
    assert (Victim.objects.count(), Perpetrator.objects.count()) == (1, 1)
    assert made.acts.count() == 1


@pytest.mark.parametrize("title", ["", "   ", "\u200b\u202e", "\n\t"])
def test_an_incident_without_words_is_refused_and_leaves_nothing(at_work: Any, title: str) -> None:
    before = JournalEntry.objects.count()
    with pytest.raises(BadInput):
        actions.record_incident(by=at_work, title=title)
    assert (Incident.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_codes_that_no_list_has_are_refused() -> None:
    anybody = uuid.uuid4()
    for wrong in (
        lambda: ActGiven(kind="murder_most_foul"),
        lambda: ActGiven(kind="killing", means="spell"),
        lambda: PerpetratorGiven(anybody, involvement="x"),
        lambda: PerpetratorGiven(anybody, certainty="x"),
        lambda: PlaceGiven(precision="x"),
        lambda: PlaceGiven(kind="x"),
        lambda: SourceGiven(kind="x"),
        lambda: SourceGiven(kind="press", how="x"),
        lambda: SourceGiven(kind="press", reliability="x"),
    ):
        with pytest.raises(BadInput):
            wrong()


@pytest.mark.parametrize("point", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_a_point_off_the_earth_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(BadInput):
        PlaceGiven(point=point)


def test_actors_and_territories_that_are_not_here_are_refused(at_work: Any) -> None:
    with pytest.raises(BadInput):
        actions.record_incident(
            by=at_work, title="x", acts=[ActGiven("killing", victims=(VictimGiven(uuid.uuid4()),))]
        )
    with pytest.raises(BadInput):
        actions.record_incident(by=at_work, title="x", territory=uuid.uuid4())
    assert not Incident.objects.exists()


def test_a_second_editor_is_told_and_nothing_is_lost(at_work: Any) -> None:
    made = incident(at_work, "uno", "2024")
    told: dict[str, Any] = {"when": None, "summary": "", "territory": None, "verification": "unverified"}
    actions.change_incident(by=at_work, incident=made.pk, revision=1, title="dos", **told)
    with pytest.raises(Conflict):
        actions.change_incident(by=at_work, incident=made.pk, revision=1, title="tres", **told)
    read = Incident.objects.get()
    assert (read.title, read.revision, read.week_from, read.when) == ("dos", 2, None, None)


def test_a_correction_leaves_what_it_does_not_mention(at_work: Any) -> None:
    one, other = actor(at_work, "Una"), actor(at_work, "Otra")
    first = act("killing", one, when=ImpreciseDate.year(2023), details={"arma": "de fuego"})
    made = incident(at_work, "x", "2024", first, act("raid", other), act("burning", other), places=[PlaceGiven("a")])
    kept, changed, gone = made.acts.order_by("position")
    correction = act("kidnapping", one, other, act=changed.pk)
    actions.change_incident(
        by=at_work,
        incident=made.pk,
        revision=1,
        title="x",
        when=made.when,
        summary="",
        territory=None,
        verification="confirmed",
        acts=[correction, act("detention", one)],
        without_acts=[gone.pk],
        places=[PlaceGiven("b", place=made.places.get().pk), PlaceGiven("c")],
    )
    read = incident_by_id(made.pk)
    assert [a.kind for a in read.acts.all()] == ["killing", "kidnapping", "detention"]
    assert read.acts.all()[0].pk == kept.pk
    assert (read.acts.all()[0].when, read.acts.all()[0].details) == (ImpreciseDate.year(2023), {"arma": "de fuego"})
    assert {v.actor_id for v in read.acts.all()[1].victims.all()} == {one.pk, other.pk}
    assert [place.words for place in read.places.all()] == ["b", "c"]


def test_correcting_an_act_keeps_its_words_and_date_and_stamps_the_whole(at_work: Any) -> None:
    one, bad = actor(at_work, "Una"), actor(at_work, "Batallón", "armed_group")
    given = ActGiven(
        "killing",
        victims=(VictimGiven(one.pk),),
        perpetrators=(PerpetratorGiven(bad.pk, words="visto por vecinos"),),
        when=ImpreciseDate.year(2020),
    )
    made = incident(at_work, "x", "2020", given)
    changed = ActGiven("killing_in_custody", perpetrators=(PerpetratorGiven(bad.pk, "ordered", "likely"),))
    actions.change_act(by=at_work, act=made.acts.get().pk, given=changed, revision=1)
    read = Act.objects.get()
    assert (read.kind, read.when, read.victims.count()) == ("killing_in_custody", ImpreciseDate.year(2020), 0)
    assert (read.perpetrators.get().words, read.perpetrators.get().involvement) == ("visto por vecinos", "ordered")
    assert Incident.objects.get().revision == 2
    with pytest.raises(Conflict):
        actions.change_act(by=at_work, act=read.pk, given=changed, revision=1)


def test_acts_are_added_and_taken_out(at_work: Any) -> None:
    made = incident(at_work, "x", "2020", act("raid"))
    added = actions.add_act(by=at_work, incident=made.pk, act=act("burning"), revision=1)
    assert added.position == 2
    actions.remove_act(by=at_work, act=added.pk, revision=2)
    assert [a.kind for a in Act.objects.all()] == ["raid"]
    assert Incident.objects.get().revision == 3
    with pytest.raises(NotFound):
        actions.remove_act(by=at_work, act=added.pk)


def test_removing_an_incident_takes_its_parts_and_leaves_its_removal(at_work: Any) -> None:
    made = incident(at_work, "x", "2020", act("raid", actor(at_work, "Una")), places=[PlaceGiven("a")])
    actions.remove_incident(by=at_work, incident=made.pk, revision=1)
    assert not any(model.objects.exists() for model in (Incident, Act, Victim, Place))
    assert Removal.objects.filter(noun="incidents.incident", record=made.pk).exists()


def test_a_link_is_said_once_from_either_side_and_never_to_itself(at_work: Any) -> None:
    one, other = incident(at_work, "uno", "2020"), incident(at_work, "otro", "2021")
    link = actions.link_incidents(by=at_work, from_incident=one.pk, to_incident=other.pk, kind="precedes")
    sayings: tuple[dict[str, Any], ...] = (
        {"from_incident": one.pk, "to_incident": other.pk, "kind": "precedes"},
        {"from_incident": other.pk, "to_incident": one.pk, "kind": "follows"},
        {"from_incident": one.pk, "to_incident": one.pk, "kind": "causes"},
    )
    for again in sayings:
        with pytest.raises(BadInput):
            actions.link_incidents(by=at_work, **again)
    assert {one.revision for one in Incident.objects.all()} == {2}
    actions.unlink_incidents(by=at_work, link=link.pk)
    assert not Link.objects.exists()


def test_justice_and_sources_are_added_and_taken_out(at_work: Any) -> None:
    made, court = incident(at_work, "x", "2020"), actor(at_work, "Juzgado", "institution")
    when = ImpreciseDate.year(2021)
    step = actions.record_justice(
        by=at_work, incident=made.pk, stage="trial", outcome="pending", authority=court.pk, when=when, words="va lento"
    )
    source = actions.add_source(by=at_work, incident=made.pk, source=SourceGiven("press", name="El Diario"))
    read = incident_by_id(made.pk)
    assert [(s.stage, s.authority and s.authority.usual_name, s.words) for s in read.justice.all()] == [
        ("trial", "Juzgado", "va lento")
    ]
    assert [s.name for s in read.sources.all()] == ["El Diario"]
    assert read.revision == 3
    actions.remove_justice(by=at_work, step=step.pk)
    actions.remove_source(by=at_work, source=source.pk)
    assert not Justice.objects.exists()
    assert not Source.objects.exists()
    with pytest.raises(BadInput):
        actions.record_justice(by=at_work, incident=made.pk, stage="duel")


def test_a_draft_is_its_members_alone(at_work: Any) -> None:
    draft = actions.save_draft(by=at_work, typed={"title": ["a medias"]})
    actions.save_draft(by=at_work, typed={"title": ["casi"]}, draft=draft.pk)
    assert [one.typed for one in Draft.objects.all()] == [{"title": ["casi"]}]

    class Somebody:
        id = uuid.uuid4()
        circle_id = at_work.circle_id
        role = "member"

    with pytest.raises(NotFound):
        actions.discard_draft(by=Somebody(), draft=draft.pk)
    actions.discard_draft(by=at_work, draft=draft.pk)
    assert not Draft.objects.exists()


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% debug %}",
    "'; DROP TABLE incidents_incident; --",
    "=1+1",
    "أ\u0301\U0001f9f5",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_text(at_work: Any, text: str) -> None:
    made = incident(at_work, text, "2020", summary=text, places=[PlaceGiven(text)])
    read = incident_by_id(made.pk)
    assert read.summary == read.places.all()[0].words == read.title


def test_broken_characters_are_refused_with_a_sentence(at_work: Any) -> None:
    made = incident(at_work, "a\ud800b\x00c", "2020")
    assert Incident.objects.get(pk=made.pk).title == "abc"
