"""Erasing from a page: what goes and who names it is said first, and a word is asked for."""

from __future__ import annotations

from typing import Any

from tejido.fabric.models import Actor
from tejido.incidents.models import Act, Incident, Victim
from tejido.vault.journal import writing
from tejido.vault.records import create


def _harmed(by: Any) -> tuple[Actor, Incident]:
    with writing(by=by, action="test.make") as entry:
        ana = create(Actor(circle_id=by.circle_id, kind="person", names=[{"text": "Ana Ríos"}]), entry)
        incident = create(Incident(circle_id=by.circle_id, title="Amenaza en la vereda"), entry)
        act = create(Act(circle_id=by.circle_id, incident=incident, kind="death_threat"), entry)
        create(Victim(circle_id=by.circle_id, act=act, actor=ana), entry)
    return ana, incident


def test_the_page_says_what_goes_and_who_names_it_and_erases_after_the_word(signed_in: Any, at_work: Any) -> None:
    ana, incident = _harmed(at_work)
    address = f"/dossiers/{ana.pk}/erase/"
    page = signed_in.get(address).content.decode()
    assert "<b>1 record</b> goes with it" in page
    assert "Amenaza en la vereda" in page
    assert address in signed_in.get(f"/fabric/{ana.pk}/edit/").content.decode()

    wrong = signed_in.post(address, {"word": "yes"}).content.decode()
    assert "That was not the word" in wrong
    assert Actor.objects.filter(pk=ana.pk).exists()

    done = signed_in.post(address, {"word": " ERASE "})
    assert (done.status_code, done["Location"]) == (302, "/fabric/")
    assert not Actor.objects.filter(pk=ana.pk).exists()
    assert signed_in.get(address).status_code == 404
    after = signed_in.get(f"/incidents/{incident.pk}/")
    assert after.status_code == 200
    assert "Ana Ríos" not in after.content.decode()


def test_an_incident_is_erased_and_its_people_stay(signed_in: Any, at_work: Any) -> None:
    ana, incident = _harmed(at_work)
    address = f"/dossiers/{incident.pk}/erase/"
    assert address in signed_in.get(f"/incidents/{incident.pk}/remove/").content.decode()
    page = signed_in.get(address).content.decode()
    assert "<b>3 records</b> go with it" in page and "No other dossier names it" in page
    assert signed_in.post(address, {"word": "erase"})["Location"] == "/incidents/"
    assert not Incident.objects.exists()
    assert signed_in.get(f"/fabric/{ana.pk}/").status_code == 200
