"""The pages of the fabric: lists that name nobody in an address, sheets that lose nothing."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from tejido.fabric import actions, queries
from tejido.fabric.actions import record_actor, tie_actors
from tejido.fabric.choosing import key_of
from tejido.fabric.making import Name, make_actor, make_territory
from tejido.fabric.models import Actor, Asset, Consent, Presence, Territory, Tie
from tejido.vault.journal import writing
from tejido.vault.records import create_all
from tests.incidents.telling import act, incident

pytestmark = pytest.mark.urls("tests.fabric.addresses")


def _text(answer: Any) -> str:
    return unescape(answer.content.decode())


def _seen(answer: Any) -> str:
    """Return the text of a page as it is read, without marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", _text(answer)).split())


def _actor(by: Any, name: str = "Asamblea de la Ribera", kind: str = "community", **more: Any) -> Actor:
    return actions.record_actor(by=by, kind=kind, names=[Name(name)], **more)


def _sheet(**said: Any) -> dict[str, Any]:
    return {"kind": "community", "name": "Asamblea de la Ribera", **said}


def test_an_empty_fabric_invites_to_begin_with_the_group(signed_in: Any) -> None:
    seen = _seen(signed_in.get("/fabric/"))
    assert "Begin with our group" in seen and "nobody has to be named" in seen
    assert "No territory is written down yet" in _seen(signed_in.get("/territories/"))


def test_collectives_come_first_and_the_others_have_their_tabs(signed_in: Any, at_work: Any) -> None:
    _actor(at_work, size="200 familias")
    _actor(at_work, "Alba", "person")
    _actor(at_work, "Alcaldía", "institution")
    _actor(at_work, "Los Encapuchados", "armed_group")
    page = _seen(signed_in.get("/fabric/"))
    assert "Asamblea de la Ribera community · 200 familias" in page and "Alba" not in page
    assert "Collectives (1)" in page and "Those who attack (1)" in page and "All (4)" in page
    assert "Alba" in _seen(signed_in.get("/fabric/?tab=people"))
    assert "Los Encapuchados" in _seen(signed_in.get("/fabric/?tab=aggressors"))
    narrowed = _seen(signed_in.get("/fabric/?tab=all&kind=institution"))
    assert "Alcaldía" in narrowed and "Alba" not in narrowed
    assert signed_in.get("/fabric/?tab=x&kind=y&after=z").status_code == 200


def test_a_search_leaves_no_name_in_the_address(signed_in: Any, at_work: Any) -> None:
    _actor(at_work, identities=["gente del río"])
    _actor(at_work, "Red del Valle", "network")
    answer = signed_in.post("/fabric/", {"words": "gente rio"})
    assert answer.status_code == 302 and answer["Location"] == "/fabric/?sought=1"
    found = _seen(signed_in.get("/fabric/?sought=1"))
    assert "Asamblea de la Ribera" in found and "Red del Valle" not in found and "Found for “gente rio”" in found
    assert "Red del Valle" in _seen(signed_in.get("/fabric/"))


@pytest.mark.parametrize("many", [3, 120])
def test_the_list_asks_as_many_questions_for_many_as_for_few(
    signed_in: Any, at_work: Any, django_assert_max_num_queries: Any, many: int
) -> None:
    with writing(by=at_work, action="test.make") as entry:
        create_all(Actor, [make_actor(by=at_work, kind="group", names=[f"G {n:03}"]) for n in range(many)], entry)
    signed_in.get("/fabric/")
    with django_assert_max_num_queries(12):
        page = signed_in.get("/fabric/")
    assert ("More" in _seen(page)) is (many > 50)
    if many > 50:
        (after,) = re.findall(r'href="\?after=([0-9a-f-]+)"', _text(page))
        assert "G 050" in _seen(signed_in.get(f"/fabric/?after={after}"))


def test_an_actor_is_recorded_with_all_it_says_of_itself(signed_in: Any) -> None:
    said = _sheet(
        identities="ribereñas\r\ngente del río",
        acronym="ADR",
        former="Junta del Puente",
        translations="en: River Assembly",
        size="unas 200 familias",
        naming="nobody",
        details="fundada: 1994\r\nsede: Puente\r\n  segundo piso",
    )
    answer = signed_in.post("/fabric/new/", said)
    made = Actor.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/fabric/{made.pk}/")
    assert [(name["text"], name["kind"], name["lang"]) for name in made.names] == [
        ("Asamblea de la Ribera", "usual", ""),
        ("ADR", "acronym", ""),
        ("Junta del Puente", "former", ""),
        ("River Assembly", "translation", "en"),
    ]
    assert made.identities == ["ribereñas", "gente del río"]
    assert made.details == {"fundada": "1994", "sede": "Puente\nsegundo piso"}


@pytest.mark.parametrize(
    "kind",
    ["person", "family", "community", "group", "organisation", "movement", "network", "institution", "company",
     "armed_group", "medium", "unknown"],
)  # fmt: skip
def test_every_kind_needs_a_name_and_no_more(signed_in: Any, kind: str) -> None:
    assert signed_in.post("/fabric/new/", {"kind": kind, "name": "Así"}).status_code == 302
    assert Actor.objects.get().kind == kind
    assert f'value="{kind}" selected' in _text(signed_in.get(f"/fabric/new/?kind={kind}"))


def test_an_error_is_said_twice_and_nothing_typed_is_lost(signed_in: Any) -> None:
    answer = signed_in.post("/fabric/new/", {"kind": "community", "name": "", "about": "lo que sabemos"})
    assert answer.status_code == 422 and not Actor.objects.exists()
    page = _text(answer)
    assert 'href="#id_name"' in page and "lo que sabemos" in page and 'id="id_name_error"' in page


def test_a_likely_double_is_shown_first(signed_in: Any, at_work: Any) -> None:
    known = _actor(at_work, "Juan González Pérez", "person", about="pescador")
    said = {"kind": "person", "name": "Juan Gonzales Perez", "about": "vive río arriba", "identities": "campesino"}
    page = _text(signed_in.post("/fabric/new/", said))
    assert f'value="{known.pk}"' in page and "vive río arriba" in page and Actor.objects.count() == 1

    merging = _text(signed_in.post("/fabric/new/", {**said, "double": str(known.pk)}))
    assert f'action="/fabric/{known.pk}/edit/"' in merging and Actor.objects.count() == 1
    for kept in ("pescador", "vive río arriba", "campesino", "Juan Gonzales Perez", "Juan González Pérez"):
        assert kept in merging

    assert signed_in.post("/fabric/new/", {**said, "double": "another"}).status_code == 302
    assert Actor.objects.count() == 2


def test_a_change_leaves_what_was_not_touched(signed_in: Any, at_work: Any) -> None:
    names = [Name("Asamblea"), Name("Assembly", "usual", "en"), Name("ADR", "acronym")]
    made = actions.record_actor(by=at_work, kind="group", names=names, details={"a: b": "c\nd"})
    page = _text(signed_in.get(f"/fabric/{made.pk}/edit/"))
    assert "Asamblea" in page and 'name="revision" value="1"' in page
    said = {"kind": "group", "name": "Asamblea", "aliases": "Assembly", "acronym": "ADR", "revision": "1"}
    said |= {"about": "nuevo", "details": "a: b: c\r\n  d"}
    assert signed_in.post(f"/fabric/{made.pk}/edit/", said).status_code == 302
    read = queries.actor_by_id(made.pk, by=at_work)
    assert (read.about, read.details, read.names[1]["lang"]) == ("nuevo", {"a: b": "c\nd"}, "en")


def test_a_second_editor_sees_what_was_written_and_keeps_what_they_typed(signed_in: Any, at_work: Any) -> None:
    made = _actor(at_work)
    actions.change_actor(by=at_work, actor=queries.actor_by_id(made.pk, by=at_work), about="lo de ella")
    said = _sheet(about="lo mío", revision="1")
    answer = signed_in.post(f"/fabric/{made.pk}/edit/", said)
    page = _text(answer)
    assert answer.status_code == 409 and "lo de ella" in page and "lo mío" in page
    assert 'name="revision" value="2"' in page
    assert signed_in.post(f"/fabric/{made.pk}/edit/", {**said, "revision": "2"}).status_code == 302
    assert queries.actor_by_id(made.pk, by=at_work).about == "lo mío"


def test_a_sheet_without_its_revision_changes_nothing(signed_in: Any, at_work: Any) -> None:
    made = _actor(at_work)
    assert signed_in.post(f"/fabric/{made.pk}/edit/", _sheet(about="x")).status_code == 409
    assert queries.actor_by_id(made.pk, by=at_work).about == ""


def test_hostile_letters_are_taken_off_and_shown_as_text(signed_in: Any) -> None:
    name = "\u202e<script>alert(1)</script>\u0000 Ñ"
    answer = signed_in.post("/fabric/new/", _sheet(name=name, about="\u202eaúb\u0000"))
    if answer.status_code == 422:  # a form may refuse what cannot be seen
        assert "<script>alert" not in answer.content.decode() and not Actor.objects.exists()
        name = name.replace("\u0000", "")
        assert signed_in.post("/fabric/new/", _sheet(name=name, about="\u202eaúb")).status_code == 302
    made = Actor.objects.get()
    assert made.usual_name == "<script>alert(1)</script> Ñ" and made.about == "aúb"
    assert "<script>alert" not in signed_in.get("/fabric/").content.decode()


def test_thousands_of_names_get_a_sentence(signed_in: Any) -> None:
    answer = signed_in.post("/fabric/new/", _sheet(aliases="\n".join(f"n{n}" for n in range(3_000)), name="Única"))
    assert answer.status_code == 422 and "At most 50" in _seen(answer) and not Actor.objects.exists()


def test_an_actor_is_removed_after_asking(signed_in: Any, at_work: Any) -> None:
    made = _actor(at_work)
    assert "Remove this for good?" in _seen(signed_in.get(f"/fabric/{made.pk}/remove/"))
    assert signed_in.post(f"/fabric/{made.pk}/remove/").status_code == 302
    assert not Actor.objects.exists()
    assert signed_in.get(f"/fabric/{made.pk}/edit/").status_code == 404


def test_a_tie_is_typed_as_a_sentence_and_reads_right_from_both_ends(signed_in: Any, at_work: Any) -> None:
    group, person = _actor(at_work), _actor(at_work, "Alba", "person")
    assert "… has among its members …" in _seen(signed_in.get(f"/fabric/{group.pk}/ties/new/"))
    said = {
        "kind": "<member_of",
        "other": "alba",
        "strength": "strong",
        "certainty": "confirmed",
        "since": "hacia 1998",
    }
    answer = signed_in.post(f"/fabric/{group.pk}/ties/new/", said)
    assert answer["Location"] == f"/fabric/{group.pk}/"
    tie = Tie.objects.get()
    assert (tie.from_actor_id, tie.to_actor_id, tie.kind) == (person.pk, group.pk, "member_of")
    assert tie.since is not None and tie.since.about
    again = signed_in.post(f"/fabric/{group.pk}/ties/new/", said)
    assert again.status_code == 422 and "already tied" in _seen(again)


def test_a_tie_asks_whom_a_name_means_and_can_record_them(signed_in: Any, at_work: Any) -> None:
    _actor(at_work)
    said = {"one": "Asamblea de la Ribera", "kind": "allied_with", "other": "Red del Valle", "strength": "medium"}
    said |= {"certainty": "unknown", "words": "desde la marcha"}
    answer = signed_in.post("/fabric/ties/new/", said)
    page = _text(answer)
    key = key_of("Red del Valle")
    assert answer.status_code == 422 and f'name="other-is-{key}"' in page and "desde la marcha" in page
    assert 'href="#id_other"' in page
    said |= {f"other-is-{key}": "new", f"other-kind-{key}": "network"}
    assert signed_in.post("/fabric/ties/new/", said).status_code == 302
    assert Tie.objects.get().to_actor.usual_name == "Red del Valle"


def test_a_tie_that_fails_leaves_no_half_made_actor(signed_in: Any, at_work: Any) -> None:
    person = _actor(at_work, "Alba", "person")
    key = key_of("Red del Valle")
    said = {"kind": "<member_of", "other": "Red del Valle", "strength": "medium", "certainty": "unknown"}
    said |= {f"other-is-{key}": "new", f"other-kind-{key}": "network"}
    assert signed_in.post(f"/fabric/{person.pk}/ties/new/", said).status_code == 422
    assert Actor.objects.count() == 1 and not Tie.objects.exists()


def test_a_tie_does_not_lead_back_to_itself(signed_in: Any, at_work: Any) -> None:
    group = _actor(at_work)
    said = {"one": "Asamblea de la Ribera", "other": "asamblea de la ribera", "kind": "works_with"}
    said |= {"strength": "medium", "certainty": "unknown"}
    assert signed_in.post("/fabric/ties/new/", said).status_code == 422
    said.pop("one")
    assert signed_in.post(f"/fabric/{group.pk}/ties/new/", said).status_code == 422
    assert not Tie.objects.exists()


def test_a_tie_is_changed_ended_and_removed(signed_in: Any, at_work: Any) -> None:
    group, other = _actor(at_work), _actor(at_work, "Red", "network")
    tie = actions.tie_actors(by=at_work, from_actor=group, to_actor=other, kind="part_of")
    assert 'name="revision" value="1"' in _text(signed_in.get(f"/fabric/ties/{tie.pk}/edit/"))
    said = {"kind": "part_of", "strength": "strong", "certainty": "likely", "words": "lo mío", "revision": "1"}
    assert signed_in.post(f"/fabric/ties/{tie.pk}/edit/", said).status_code == 302
    conflict = signed_in.post(f"/fabric/ties/{tie.pk}/edit/", {**said, "strength": "weak"})
    assert conflict.status_code == 409 and "strong" in _seen(conflict)
    assert signed_in.post(f"/fabric/ties/{tie.pk}/end/", {"revision": "2", "until": "xyz"}).status_code == 422
    assert signed_in.get(f"/fabric/ties/{tie.pk}/end/").status_code == 200
    assert signed_in.post(f"/fabric/ties/{tie.pk}/end/", {"revision": "2", "until": "1999"}).status_code == 302
    assert Tie.objects.get().until_week is not None
    assert signed_in.get(f"/fabric/ties/{tie.pk}/remove/").status_code == 200
    assert signed_in.post(f"/fabric/ties/{tie.pk}/remove/").status_code == 302
    assert not Tie.objects.exists()


def _place(by: Any, name: str = "Municipio", **more: Any) -> Territory:
    return actions.record_territory(by=by, name=name, kind="municipality", **more)


def test_a_territory_is_recorded_by_degrees_outline_or_file(signed_in: Any, at_work: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    wide = _place(at_work, "Región")
    said = {"kind": "locality", "shown": "km_5", "parent": "región"}
    where = {"latitude": "-39,82", "longitude": "-73,24"}
    assert signed_in.post("/territories/new/", {**said, "name": "Uno", **where}).status_code == 302
    outline = '{"type": "Point", "coordinates": [-73.24, -39.82]}'
    assert signed_in.post("/territories/new/", {**said, "name": "Dos", "outline": outline}).status_code == 302
    file = SimpleUploadedFile("x.geojson", outline.encode())
    assert signed_in.post("/territories/new/", {**said, "name": "Tres", "file": file}).status_code == 302
    made = list(Territory.objects.filter(parent=wide))
    assert len(made) == 3 and all(one.centre == [-39.82, -73.24] for one in made)
    listed = _seen(signed_in.get(f"/territories/?in={wide.pk}"))
    assert "Uno" in listed and "Dos" in listed and "Tres" in listed
    assert "Uno" not in _seen(signed_in.get("/territories/"))
    signed_in.post("/territories/", {"words": "un"})
    assert "Uno" in _seen(signed_in.get("/territories/?sought=1"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"outline": "no"},
        {"outline": '{"type": "FeatureCollection", "features": []}'},
        {"latitude": "12"},
        {"latitude": "x", "longitude": "1"},
        {"latitude": "91", "longitude": "1"},
        {"latitude": "1", "longitude": "1", "outline": '{"type": "Point", "coordinates": [1, 1]}'},
    ],
)
def test_a_place_that_cannot_be_read_is_said_and_kept(signed_in: Any, wrong: dict[str, str]) -> None:
    said = {"kind": "locality", "shown": "km_5", "name": "Pueblo", **wrong}
    answer = signed_in.post("/territories/new/", said)
    assert answer.status_code == 422 and not Territory.objects.exists()
    assert all(value in _text(answer) for value in wrong.values())


def test_a_file_is_not_lost_when_something_else_is_missing(signed_in: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("x.geojson", b'{"type": "Point", "coordinates": [-73.24, -39.82]}')
    answer = signed_in.post("/territories/new/", {"kind": "locality", "shown": "km_5", "name": "", "file": file})
    assert answer.status_code == 422 and '{"type":"Point","coordinates":[-73.24,-39.82]}' in _text(answer)


def test_a_territory_is_changed_and_keeps_where_it_is(signed_in: Any, at_work: Any) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    made, inside = _place(at_work, geometry=square), _place(at_work, "Barrio")
    actions.change_territory(by=at_work, territory=inside, parent=made)
    assert "Its outline is on record" in _seen(signed_in.get(f"/territories/{made.pk}/edit/"))
    said = {"kind": "municipality", "shown": "hidden", "name": "Otro nombre", "revision": "1"}
    assert signed_in.post(f"/territories/{made.pk}/edit/", said).status_code == 302
    read = queries.territory_by_id(made.pk, by=at_work)
    assert (read.name, read.shown, read.geometry["type"]) == ("Otro nombre", "hidden", "Polygon")
    assert "Otro nombre" in _seen(signed_in.get(f"/territories/?in={made.pk}"))
    assert signed_in.post(f"/territories/{made.pk}/edit/", said).status_code == 409
    cycle = signed_in.post(f"/territories/{made.pk}/edit/", {**said, "revision": "2", "parent": "Barrio"})
    assert cycle.status_code == 422 and "own parts" in _seen(cycle)
    said |= {"revision": "2", "forget": "on"}
    assert signed_in.post(f"/territories/{made.pk}/edit/", said).status_code == 302
    assert queries.territory_by_id(made.pk, by=at_work).geometry == {}
    assert signed_in.post(f"/territories/{made.pk}/remove/").status_code == 302
    assert Territory.objects.count() == 2, "something lies in it"
    assert signed_in.post(f"/territories/{inside.pk}/remove/").status_code == 302
    assert Territory.objects.count() == 1


def test_assets_and_presences_have_their_sheets(signed_in: Any, at_work: Any) -> None:
    place, group = _place(at_work), _actor(at_work)
    assert signed_in.get(f"/territories/{place.pk}/assets/new/").status_code == 200
    said = {"kind": "school", "name": "Escuela", "condition": "techo roto"}
    assert signed_in.post(f"/territories/{place.pk}/assets/new/", said).status_code == 302
    assert Asset.objects.get().condition == "techo roto"
    assert signed_in.get(f"/fabric/{group.pk}/presence/new/").status_code == 200
    assert signed_in.post(f"/fabric/{group.pk}/presence/new/", {"kind": "lives"}).status_code == 422
    key = key_of("Vereda Nueva")
    said = {"kind": "lives", "territory": "Vereda Nueva"}
    assert signed_in.post(f"/fabric/{group.pk}/presence/new/", said).status_code == 422
    said |= {f"territory-is-{key}": "new", f"territory-kind-{key}": "rural_settlement"}
    assert signed_in.post(f"/fabric/{group.pk}/presence/new/", said).status_code == 302
    assert Presence.objects.get().territory.name == "Vereda Nueva"
    said = {"kind": "lives", "territory": "municipio"}
    assert signed_in.post(f"/fabric/{group.pk}/presence/new/", said).status_code == 302
    again = signed_in.post(f"/fabric/{group.pk}/presence/new/", said)
    assert again.status_code == 422 and "already recorded" in _seen(again)


def test_a_consent_is_given_and_withdrawn_showing_what_stops(signed_in: Any, at_work: Any) -> None:
    group = _actor(at_work)
    assert "of the collective" in _seen(signed_in.get(f"/fabric/{group.pk}/consent/new/"))
    said = {"status": "given", "purpose": "publish", "audience": "media", "scope": "collective"}
    said |= {"given_on": "2020", "expires_on": "December 2080", "words": "en asamblea"}
    assert signed_in.post(f"/fabric/{group.pk}/consent/new/", said).status_code == 302
    signed_in.post(f"/fabric/{group.pk}/consent/new/", {**said, "purpose": "alert"})
    given = Consent.objects.get(purpose="publish")
    assert given.expires_on is not None and given.expires_on.start.year == 2080
    page = _seen(signed_in.get(f"/fabric/consents/{given.pk}/withdraw/"))
    assert "media and the public" in page and "to send an alert" in page and "en asamblea" in page
    assert signed_in.post(f"/fabric/consents/{given.pk}/withdraw/").status_code == 302
    given.refresh_from_db()
    assert given.status == "withdrawn"
    assert signed_in.post(f"/fabric/consents/{given.pk}/withdraw/").status_code == 400


@pytest.mark.parametrize("until", ["2001", "noviembre", "nunca", "9999"])
def test_an_end_that_is_past_or_vague_is_asked_again(signed_in: Any, at_work: Any, until: str) -> None:
    person = _actor(at_work, "Alba", "person")
    said = {"status": "given", "purpose": "publish", "audience": "media", "expires_on": until}
    answer = signed_in.post(f"/fabric/{person.pk}/consent/new/", said)
    assert answer.status_code == 422 and f'value="{until}"' in _text(answer)
    assert signed_in.post(f"/fabric/{person.pk}/consent/new/", {**said, "expires_on": ""}).status_code == 302
    assert Consent.objects.get().scope == "individual"


def test_every_sheet_speaks_spanish(signed_in: Any, at_work: Any) -> None:
    from django.conf import settings

    group, place = _actor(at_work), _place(at_work)
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    said = {
        "/fabric/": "Colectivos",
        "/fabric/new/": "¿Cómo se llama?",
        f"/fabric/{group.pk}/ties/new/": "tiene entre sus integrantes a",
        f"/fabric/{group.pk}/consent/new/": "¿Para qué?",
        "/territories/": "Territorio",
        f"/territories/{place.pk}/edit/": "¿Dónde queda?",
    }
    for address, words in said.items():
        assert words in _seen(signed_in.get(address)), address


def test_nobody_without_keys_sees_anything(client: Any, at_work: Any) -> None:
    group = _actor(at_work)
    for address in ("/fabric/", "/fabric/new/", f"/fabric/{group.pk}/edit/", "/territories/"):
        answer = client.get(address)
        assert answer.status_code in (302, 303) and "Asamblea" not in answer.content.decode()


def test_a_list_of_many_territories_is_walked(signed_in: Any, at_work: Any) -> None:
    with writing(by=at_work, action="test.make") as entry:
        rows = [make_territory(by=at_work, name=f"T {n:03}", kind="locality") for n in range(60)]
        create_all(Territory, rows, entry)
    page = _text(signed_in.get("/territories/"))
    (after,) = re.findall(r'href="\?after=([0-9a-f-]+)"', page)
    assert "T 055" in _seen(signed_in.get(f"/territories/?after={after}"))


def test_each_row_tells_what_touched_it_and_how_many_ties_it_has(signed_in: Any, at_work: Any) -> None:
    league = record_actor(by=at_work, kind="organisation", names=["Liga"])
    members = [record_actor(by=at_work, kind="person", names=[f"P{n}"]) for n in range(2)]
    for one in members:
        tie_actors(by=at_work, from_actor=one, to_actor=league, kind="member_of")
    incident(at_work, "Both in one", "2024", act("raid", *members), act("burning", league, members[0]))
    incident(at_work, "One of them", "2023", act("raid", members[0], by=(league,)))
    row = " ".join(signed_in.get("/fabric/?tab=collectives").content.decode().split())
    assert "one incident against it · one against those who belong to it" in row
    assert "said to have taken part in one incident · 2 ties" in row
    assert "<b>1 collective</b> is woven here so far, with 2 people and others around them." in row
