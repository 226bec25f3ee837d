"""The entry form and the lists, as somebody at work meets them in a browser without JavaScript."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tejido.fabric.actions import tie_actors
from tejido.fabric.models import Actor, Territory
from tejido.incidents.given import ActGiven, PerpetratorGiven, PlaceGiven, SourceGiven, VictimGiven
from tejido.incidents.models import Act, Draft, Incident, Justice, Link, Source, Victim
from tejido.incidents.queries import incident_by_id
from tests.incidents.telling import act, actor, incident, territory

NEW = "/incidents/new/"


def typed(**more: Any) -> dict[str, Any]:
    """Return what somebody types, with every list as the page first offers it."""
    return {
        "title": "Siguieron a dos de la Guardia",
        "when": "hacia el 17 de noviembre de 2025",
        "place": "camino de la escuela",
        "precision": "unknown",
        "verification": "unverified",
        "acts": "1",
        "act-0-kind": "surveillance",
        "act-0-involvement": "suspected",
        "act-0-certainty": "unknown",
        "act-1-involvement": "suspected",
        "act-1-certainty": "unknown",
        "source-how": "saw_it",
        "source-reliability": "likely_reliable",
        **more,
    }


def body(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def test_the_form_asks_in_both_languages_and_its_title_says_nothing(signed_in: Any) -> None:
    english = body(signed_in.get(NEW))
    assert "What happened?" in english
    assert "Save, under lock" in english
    assert "<optgroup" in english
    assert re.search(r"<title>(.*?)</title>", english)[1].strip() == "Cuaderno"  # type: ignore[index]


def test_the_form_speaks_spanish(signed_in: Any) -> None:
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = body(signed_in.post(NEW, typed(when="")))
    assert "¿Qué pasó?" in page
    assert "Guardar, cerrado con llave" in page
    assert "Dejar a medias" in page
    assert "también quedó guardado, sellado" in page


def test_the_enter_key_saves(signed_in: Any) -> None:
    buttons = re.findall(r"<button[^>]*>", body(signed_in.get(NEW)).split('<form class="sheet"')[1])
    assert "name=" not in buttons[0]


def test_an_incident_is_recorded_and_its_page_follows(signed_in: Any, at_work: Any) -> None:
    guard = actor(at_work, "Guardia del río", "community")
    answer = signed_in.post(
        NEW,
        typed(
            **{
                "act-0-victims": "guardia del rio\nNidia",
                "act-0-new_victims": "person",
                "act-0-persons": "2",
                "act-0-perpetrators": "Dos hombres en moto",
                "act-0-new_perpetrators": "armed_group",
                "latitude": "4,5",
                "longitude": "-74.1",
            }
        ),
    )
    made = incident_by_id(Incident.objects.get().pk)
    assert (answer.status_code, answer["Location"]) == (302, f"/incidents/{made.pk}/")
    assert (made.title, made.when.encode(), made.week_from) == ("Siguieron a dos de la Guardia", "2025-11-17~", 202547)
    told = made.acts.all()[0]
    persons = {victim.actor.usual_name: victim.persons for victim in told.victims.all()}
    assert persons == {"Guardia del río": "2", "Nidia": ""}
    assert guard.pk in {victim.actor_id for victim in told.victims.all()}
    alleged = told.perpetrators.all()[0].actor
    assert (alleged.usual_name, alleged.kind) == ("Dos hombres en moto", "armed_group")
    assert made.places.all()[0].point == [4.5, -74.1]
    assert (made.sources.all()[0].kind, made.sources.all()[0].how) == ("witness", "saw_it")
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"when": ""}, "Say more or less when it was"),
        ({"title": " "}, "Say in a few words what happened."),
        ({"latitude": "north"}, "Write degrees as a number"),
        ({"latitude": "95", "longitude": "1"}, "Degrees lie between"),
        ({"latitude": "5"}, "A point needs both"),
        ({"act-0-kind": ""}, "Say what was done"),
        ({"act-0-kind": "magic"}, "Select a valid choice"),
        ({"act-0-persons": "3"}, "Say which group"),
    ],
)
def test_an_error_keeps_everything_and_leads_to_its_field(
    signed_in: Any, wrong: dict[str, str], sentence: str
) -> None:
    answer = signed_in.post(NEW, typed(summary="todo esto", **wrong))
    page = body(answer)
    assert sentence in page
    assert 'class="oops"' in page
    assert re.search(r'<a href="#id_[\w-]+">', page)
    assert "todo esto" in page
    assert "kept, sealed" in page
    assert not Incident.objects.exists()
    assert Draft.objects.get().typed["summary"] == ["todo esto"]


def test_a_date_still_to_come_is_refused(signed_in: Any) -> None:
    next_year = timezone.localdate().year + 1
    page = body(signed_in.post(NEW, typed(when=f"mayo de {next_year}")))
    assert f"mayo de {next_year}" in page
    assert not Incident.objects.exists()


def test_a_likely_double_is_asked_and_the_answer_is_taken(signed_in: Any, at_work: Any) -> None:
    known = actor(at_work, "Guardia del Río Claro", "community")
    told = typed(**{"act-0-victims": "Guardia del Rio Clara", "act-0-new_victims": "community"})
    page = body(signed_in.post(NEW, told))
    asked = re.search(r'name="(act-0-victims-is-\w+)"', page)
    assert asked and str(known.pk) in page
    answer = signed_in.post(NEW, told | {asked[1]: str(known.pk)})
    assert answer.status_code == 302
    assert Victim.objects.get().actor_id == known.pk
    assert Actor.objects.count() == 1


def test_somebody_new_named_in_two_acts_is_one_actor(signed_in: Any) -> None:
    told = typed(
        acts="2",
        **{
            "act-0-victims": "Nidia",
            "act-0-new_victims": "person",
            "act-1-kind": "death_threat",
            "act-1-victims": "nidia",
            "act-1-new_victims": "person",
        },
    )
    assert signed_in.post(NEW, told).status_code == 302
    assert Actor.objects.count() == 1
    assert Victim.objects.count() == 2


def test_another_act_is_added_and_nothing_typed_is_lost_or_judged(signed_in: Any) -> None:
    page = body(signed_in.post(NEW, typed(add_act="", when="", summary="todo esto", **{"act-0-victims": "Nidia"})))
    assert 'name="act-1-kind"' in page
    assert "todo esto" in page and "Nidia" in page
    assert 'class="oops"' not in page
    assert not Draft.objects.exists()


def test_an_act_left_empty_is_passed_over(signed_in: Any) -> None:
    assert signed_in.post(NEW, typed(acts="2")).status_code == 302
    assert Act.objects.count() == 1


def test_a_date_is_shown_as_it_was_understood(signed_in: Any) -> None:
    assert "around 17 November 2025" in body(signed_in.post(NEW, typed(add_act="")))


def test_a_form_is_left_half_done_and_taken_up_again(signed_in: Any) -> None:
    answer = signed_in.post(NEW, typed(leave="", when="quién sabe"), follow=True)
    assert "Siguieron a dos de la Guardia" in body(answer)
    draft = Draft.objects.get()
    page = body(signed_in.get(NEW, {"draft": str(draft.pk)}))
    assert "quién sabe" in page and str(draft.pk) in page
    assert signed_in.post(NEW, typed(draft=str(draft.pk))).status_code == 302
    assert not Draft.objects.exists()


def test_a_second_error_writes_over_the_same_draft(signed_in: Any) -> None:
    page = body(signed_in.post(NEW, typed(when="")))
    draft = re.search(r'name="draft" value="([\w-]+)"', page)
    assert draft
    signed_in.post(NEW, typed(when="", title="otra vez", draft=draft[1]))
    assert [one.typed["title"] for one in Draft.objects.all()] == [["otra vez"]]


def test_a_draft_is_thrown_away_and_a_strange_one_is_not_found(signed_in: Any) -> None:
    signed_in.post(NEW, typed(leave=""))
    signed_in.post(f"/incidents/drafts/{Draft.objects.get().pk}/discard/")
    assert not Draft.objects.exists()
    assert signed_in.get(NEW, {"draft": str(uuid.uuid4())}).status_code == 404


def test_a_form_sent_twice_records_one_incident(signed_in: Any) -> None:
    token = str(uuid.uuid4())
    first, second = (signed_in.post(NEW, typed(token=token)) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_a_territory_is_chosen_by_name(signed_in: Any, at_work: Any) -> None:
    valley = territory(at_work, "Valle Alto")
    assert signed_in.post(NEW, typed(territory="valle alto")).status_code == 302
    assert Incident.objects.get().territory_id == valley.pk
    assert Territory.objects.count() == 1


HOSTILE = ["<script>alert(1)</script>", "{{ 7*7 }}{% debug %}", '"><img src=x onerror=alert(1)>', "\u202eoidar"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing(signed_in: Any, text: str) -> None:
    told = typed(title=text, place=text, summary=text, **{"act-0-victims": text, "act-0-new_victims": "person"})
    for answer in (signed_in.post(NEW, told | {"when": ""}), signed_in.post(NEW, told, follow=False)):
        assert "<script>alert" not in body(answer)
        assert "<img src=x" not in body(answer)
    page = body(signed_in.get("/incidents/"))
    assert "<script>alert" not in page and "<img src=x" not in page


def test_nothing_typed_stands_in_an_address_or_a_message(signed_in: Any) -> None:
    answer = signed_in.post(
        NEW, typed(title="Nidia Marcada", **{"act-0-victims": "Nidia", "act-0-new_victims": "person"})
    )
    assert "idia" not in answer["Location"]
    assert all("idia" not in morsel.value for morsel in answer.cookies.values())


def test_a_correction_shows_what_is_recorded_and_keeps_the_rest(signed_in: Any, at_work: Any) -> None:
    guard, armed, firm = (
        actor(at_work, "Guardia", "community"),
        actor(at_work, "Armados", "armed_group"),
        actor(at_work, "Empresa", "company"),
    )
    alleged = (PerpetratorGiven(armed.pk, "carried_out", "likely", "los vieron"), PerpetratorGiven(firm.pk, "ordered"))
    given = ActGiven("raid", victims=(VictimGiven(guard.pk, "3"),), perpetrators=alleged, details={"dato": "algo"})
    made = incident(at_work, "Allanamiento", "2024-03-02", given, places=[PlaceGiven("la casa"), PlaceGiven("el río")])
    address = f"/incidents/{made.pk}/edit/"
    page = body(signed_in.get(address))
    assert "Allanamiento" in page and "la casa" in page and "2 March 2024" in page
    told = posted(page) | {"title": "Allanamiento y golpes", "when": "marzo de 2024"}
    assert signed_in.post(address, told).status_code == 302
    read = incident_by_id(made.pk)
    assert (read.title, read.when.encode()) == ("Allanamiento y golpes", "2024-03")
    one = read.acts.all()[0]
    assert one.details == {"dato": "algo"}
    assert {p.actor.usual_name: (p.involvement, p.words) for p in one.perpetrators.all()} == {
        "Armados": ("carried_out", "los vieron"),
        "Empresa": ("ordered", ""),
    } or {p.involvement for p in one.perpetrators.all()} == {"carried_out", "ordered"}
    assert one.victims.all()[0].persons == "3"
    assert [place.words for place in read.places.all()] == ["la casa", "el río"]


def test_an_act_is_taken_out_and_another_added(signed_in: Any, at_work: Any) -> None:
    made = incident(at_work, "x", "2024", act("raid"), act("burning"))
    address = f"/incidents/{made.pk}/edit/"
    page = body(signed_in.post(address, posted(body(signed_in.get(address))) | {"add_act": ""}))
    told = posted(page) | {"act-0-take_out": "on", "act-2-kind": "detention"}
    assert signed_in.post(address, told).status_code == 302
    assert [one.kind for one in incident_by_id(made.pk).acts.all()] == ["burning", "detention"]


def test_an_incident_without_a_date_can_be_corrected(signed_in: Any, at_work: Any) -> None:
    made = incident(at_work, "x", None, act("raid"))
    address = f"/incidents/{made.pk}/edit/"
    told = posted(body(signed_in.get(address))) | {"title": "y"}
    assert signed_in.post(address, told).status_code == 302
    assert Incident.objects.get().title == "y"


def test_a_second_editor_sees_what_changed_and_loses_nothing(signed_in: Any, at_work: Any) -> None:
    made = incident(at_work, "uno", "2024", act("raid"))
    address = f"/incidents/{made.pk}/edit/"
    mine = posted(body(signed_in.get(address))) | {"title": "lo mío"}
    theirs = mine | {"title": "lo de otra", "verification": "confirmed"}
    assert signed_in.post(address, theirs).status_code == 302
    answer = signed_in.post(address, mine)
    page = body(answer)
    assert answer.status_code == 409
    assert "lo mío" in page and "lo de otra" in page and "confirmed" in page
    assert signed_in.post(address, posted(page)).status_code == 302
    assert Incident.objects.get().title == "lo mío"


def test_an_incident_is_taken_out_after_asking(signed_in: Any, at_work: Any) -> None:
    made = incident(at_work, "x", "2024")
    address = f"/incidents/{made.pk}/remove/"
    assert "Take this incident out?" in body(signed_in.get(address))
    assert signed_in.post(address, {"revision": "7"}).status_code == 409
    assert signed_in.post(address, {"revision": "1"}).status_code == 302
    assert not Incident.objects.exists()


def test_incidents_are_linked_by_search_and_unlinked(signed_in: Any, at_work: Any) -> None:
    one, other = incident(at_work, "quema", "2024"), incident(at_work, "panfleto", "2023")
    address = f"/incidents/{one.pk}/link/new/"
    assert str(other.pk) in body(signed_in.post(address, {"words_sought": "panf"}))
    assert "Link them" in body(signed_in.post(address, {"other": str(other.pk)}))
    told = {"other": str(other.pk), "kind": "follows", "words": "misma letra", "link": ""}
    assert signed_in.post(address, told | {"kind": "x"}).status_code == 200
    assert signed_in.post(address, told).status_code == 302
    assert "already linked" in body(signed_in.post(address, told))
    assert "cannot be linked to itself" in body(signed_in.post(address, told | {"other": str(one.pk)}))
    signed_in.post(f"/incidents/{one.pk}/link/{Link.objects.get().pk}/remove/")
    assert not Link.objects.exists()


def test_justice_and_sources_are_noted_on_their_pages(signed_in: Any, at_work: Any) -> None:
    made = incident(at_work, "x", "2024")
    step = {"stage": "complaint", "outcome": "pending", "authority": "Fiscalía", "when": "mayo de 2024"}
    assert signed_in.post(f"/incidents/{made.pk}/justice/new/", step).status_code == 302
    assert Justice.objects.get().authority.usual_name == "Fiscalía"  # type: ignore[union-attr]
    source = {"how": "document", "reliability": "unsure", "name": "acta"}
    assert signed_in.post(f"/incidents/{made.pk}/sources/new/", source).status_code == 302
    assert (Source.objects.get().kind, Source.objects.get().name) == ("document", "acta")
    nothing = signed_in.post(f"/incidents/{made.pk}/sources/new/", {"how": "not_stated", "reliability": "unknown"})
    assert "Say how we know" in body(nothing)
    signed_in.post(f"/incidents/{made.pk}/justice/{Justice.objects.get().pk}/remove/")
    signed_in.post(f"/incidents/{made.pk}/sources/{Source.objects.get().pk}/remove/")
    assert not Justice.objects.exists() and not Source.objects.exists()


def test_unknown_incidents_are_not_found(signed_in: Any) -> None:
    for part in ("edit", "remove", "link/new", "justice/new", "sources/new"):
        assert signed_in.get(f"/incidents/{uuid.uuid4()}/{part}/").status_code == 404


def test_an_empty_list_says_how_to_begin(signed_in: Any) -> None:
    assert "Nothing is recorded yet" in body(signed_in.get("/incidents/"))


def test_the_list_counts_once_filters_and_searches(signed_in: Any, at_work: Any) -> None:
    one, group = actor(at_work, "Una"), actor(at_work, "Guardia", "community")
    incident(at_work, "Quema", "2024-02", act("burning", one, group), act("raid", one), sources=[SourceGiven("press")])
    incident(at_work, "Amenaza", "2023-02", act("death_threat", one))
    page = body(signed_in.get("/incidents/"))
    said = "Done to <b>one person</b>, and to <b>one collective</b> itself, each counted once."
    assert said in " ".join(page.split())
    assert page.index("Quema") < page.index("Amenaza")
    assert "Quema" not in body(signed_in.get("/incidents/", {"act": "death_threat"}))
    year = " ".join(body(signed_in.get("/incidents/", {"year": "2024"})).split())
    assert "Amenaza" not in year
    assert "What began in 2024. Done to <b>one person</b>, and to <b>one collective</b> itself" in year
    assert "Amenaza" not in body(signed_in.post("/incidents/", {"words": "quem"}))
    assert "Nothing recorded fits" in body(signed_in.get("/incidents/", {"verification": "confirmed", "year": "x"}))


def test_the_list_says_how_many_collectives_it_touches_each_once(signed_in: Any, at_work: Any) -> None:
    league, union = actor(at_work, "Liga", "organisation"), actor(at_work, "Sindicato", "organisation")
    people = [actor(at_work, f"P{n}") for n in range(3)]
    for one in people:
        tie_actors(by=at_work, from_actor=one, to_actor=league, kind="member_of")
    tie_actors(by=at_work, from_actor=people[0], to_actor=union, kind="leads")
    tie_actors(by=at_work, from_actor=people[0], to_actor=people[1], kind="works_with")
    incident(at_work, "Quema", "1973-09", act("burning", *people))
    incident(at_work, "Amenaza", "1974", act("death_threat", people[1]))
    page = " ".join(body(signed_in.get("/incidents/")).split())
    assert "Done to <b>3 people</b>, among them those of <b>2 collectives</b>, each counted once." in page
    assert "touches" in page and page.index("Liga") < page.index("Sindicato")
    year = " ".join(body(signed_in.get("/incidents/", {"year": "1974"})).split())
    assert "What began in 1974. Done to <b>one person</b>, among them those of <b>one collective</b>" in year


def test_the_list_is_walked_by_key_in_as_many_queries_for_few_as_for_many(signed_in: Any, at_work: Any) -> None:
    one = actor(at_work, "Una")
    incident(at_work, "hecho 0", "2000", act("raid", one))
    signed_in.get("/incidents/")
    few = queries_of(signed_in, "/incidents/")
    for n in range(1, 31):
        incident(at_work, f"hecho {n}", f"{2000 + n - 10}", act("raid", one), territory=territory(at_work, f"t{n}").pk)
    signed_in.get("/incidents/")
    page = body(signed_in.get("/incidents/"))
    assert queries_of(signed_in, "/incidents/") == few
    after = re.search(r"after=([\w-]+)", page)
    assert after
    second = body(signed_in.get("/incidents/", {"after": after[1]}))
    first_rows, second_rows = (set(re.findall(r"hecho \d+", text)) for text in (page, second))
    assert len(first_rows) == 25 and len(second_rows) == 6 and not first_rows & second_rows


def queries_of(client: Any, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def posted(page: str) -> dict[str, Any]:
    """Return what a browser would send of the last form on a page: its fields as they stand."""
    form = page[page.rindex('<form class="sheet"') :]
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, kind, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "type", "value"))
        if not name or (kind and kind[1] in ("checkbox", "radio") and "checked" not in tag):
            continue
        fields.setdefault(name[1], []).append(value[1] if value else "")
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        fields[name] = [text]
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"\s*selected', options)
        fields[name] = [chosen[1] if chosen else ""]
    return fields
