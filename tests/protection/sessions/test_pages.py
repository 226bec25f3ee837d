"""A group meets through the pages: each step kept by itself, two people typing, and the plan that comes of it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tejido.fabric.actions import record_actor, remove_actor
from tejido.protection.models import Plan
from tejido.protection.sessions import actions, keeping
from tejido.protection.sessions.models import AssessedThreat, Assessment, AssessmentPart, OwnModule
from tejido.protection.sessions.stepping import STEPS
from tests.incidents.telling import act, incident
from tests.protection.planning import assembly, person
from tests.protection.sessions.meeting import (
    session_of,
    shown_in,
    step_address,
    text_of,
    threat_of,
    type_into,
)


def test_a_session_begins_with_counts_and_no_names(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    door = reverse("protection:session_new", args=[group.pk])
    assert "nothing is added up" in text_of(signed_in.get(door))
    told = {
        "title": "Miremos juntos",
        "all_present": "41",
        "present": "23 mujeres\njóvenes: 9",
        "held_on": "yesterday",
    }
    answer = signed_in.post(door, told)
    made = Assessment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, step_address(made, "work"))
    page = text_of(signed_in.get(reverse("protection:session", args=[made.pk])))
    assert "41 present, 23 mujeres, 9 jóvenes" in page


def test_counts_that_cannot_be_read_are_said_line_by_line_and_kept(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    told = {"title": "Sesión", "all_present": "10", "present": "23 mujeres"}
    answer = signed_in.post(reverse("protection:session_new", args=[group.pk]), told)
    assert answer.status_code == 400
    assert "Line 1 counts more people" in text_of(answer)
    assert "23 mujeres" in text_of(answer)
    answer = signed_in.post(reverse("protection:session_new", args=[group.pk]), {"present": "muchas"})
    assert "Line 1 says no number" in text_of(answer)
    assert not Assessment.objects.exists()


def test_a_person_is_led_to_the_groups_they_belong_to(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    nidia = person(at_work, "Nidia", of=group)
    door = reverse("protection:session_new", args=[nidia.pk])
    assert "for the group" in text_of(signed_in.get(door))
    assert signed_in.post(door, {"title": "x"}).status_code == 400
    assert not Assessment.objects.exists()


@pytest.mark.parametrize("step", STEPS)
def test_every_step_has_a_page_even_when_nothing_was_said(step: str, at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), modules=("women_defenders", "land_and_environment"))
    answer = signed_in.get(step_address(session, step))
    assert answer.status_code == 200
    assert 'aria-current="step"' in answer.content.decode()


def test_a_step_is_kept_at_once_and_taken_up_again(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    answer = type_into(signed_in, session, "work", work__main__defends="El río", on="1")
    assert (answer.status_code, answer["Location"]) == (303, step_address(session, "interests"))
    assert "El río" in text_of(signed_in.get(step_address(session, "work")))
    assert "El río" in text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    assert signed_in.get(step_address(session, "nothing-such")).status_code == 404


def test_two_people_typing_at_once_lose_nothing(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    door = step_address(session, "components")
    ana = shown_in(signed_in.get(door))
    berta = dict(ana)
    ana |= {"components-territory-exposes": "El camino solo", "components-legal-protects": "La abogada"}
    berta |= {"components-territory-exposes": "La trocha", "components-digital-exposes": "Los audios"}
    assert signed_in.post(door, ana).status_code == 303
    answer = signed_in.post(door, berta)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "El camino solo" in page
    assert "La trocha" in page
    said = {part.about: dict(part.body) for part in AssessmentPart.objects.all()}
    assert said == {
        "territory": {"exposes": "El camino solo"},
        "legal": {"protects": "La abogada"},
        "digital": {"exposes": "Los audios"},
    }
    again = shown_in(answer) | {"components-territory-exposes": "El camino solo y la trocha"}
    assert signed_in.post(door, again).status_code == 303
    assert AssessmentPart.objects.get(about="territory").body["exposes"] == "El camino solo y la trocha"
    assert AssessmentPart.objects.get(about="digital").body == {"exposes": "Los audios"}


def test_words_for_a_threat_that_was_taken_out_meanwhile_are_shown(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    threat, other = threat_of(at_work, session, "Seguimientos"), threat_of(at_work, session, "Panfletos")
    door = step_address(session, "pictures")
    told = shown_in(signed_in.get(door)) | {
        f"pictures-picture-{threat.pk.hex}-threat_words": "Ya no se esconden",
        f"pictures-picture-{other.pk.hex}-threat_words": "Casi no llegan",
    }
    actions.remove_assessed_threat(by=at_work, threat=threat.pk)
    answer = signed_in.post(door, told)
    assert answer.status_code == 409
    assert "Ya no se esconden" in text_of(answer)
    assert AssessmentPart.objects.get().body == {"threat_words": "Casi no llegan"}


def test_whoever_was_slower_by_a_moment_is_shown_what_the_other_wrote(
    at_work: Any, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of(at_work, assembly(at_work))
    step, once = keeping._keep, iter([True])

    def overtaken(*told: Any) -> Any:
        if next(once, False):
            raise IntegrityError
        return step(*told)

    monkeypatch.setattr(keeping, "_keep", overtaken)
    assert type_into(signed_in, session, "work", work__main__defends="El río").status_code == 303
    assert AssessmentPart.objects.get().body == {"defends": "El río"}


def test_what_somebody_else_wrote_meanwhile_stays_where_one_did_not_type(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    door = step_address(session, "components")
    stale = shown_in(signed_in.get(door))
    type_into(signed_in, session, "components", components__legal__exposes="Sin papeles")
    assert signed_in.post(door, stale | {"components-digital-protects": "Signal"}).status_code == 303
    assert {part.about for part in AssessmentPart.objects.all()} == {"legal", "digital"}
    assert AssessmentPart.objects.get(about="legal").body == {"exposes": "Sin papeles"}


def test_dots_without_words_are_asked_for_words_and_what_is_sound_is_kept(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    one, other = threat_of(at_work, session, "Seguimientos"), threat_of(at_work, session, "Panfletos")
    first, second = (f"pictures__picture__{threat.pk.hex}__" for threat in (one, other))
    typed = {f"{first}threat_step": "4", f"{second}threat_step": "2", f"{second}threat_words": "Ya casi no llegan"}
    answer = type_into(signed_in, session, "pictures", **typed)
    page = text_of(answer)
    assert answer.status_code == 400
    assert "Dots alone say nothing" in page
    assert AssessmentPart.objects.get().threat_id == other.pk
    again = shown_in(answer)
    assert again[f"{first}threat_step".replace("__", "-")] == "4"
    again[f"{first}threat_words".replace("__", "-")] = "Ya no se esconden"
    assert signed_in.post(step_address(session, "pictures"), again).status_code == 303
    page = text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    assert "●●●●○" in page
    assert "Ya no se esconden" in page
    assert "not added up into one number" in page


def test_the_five_steps_speak_when_they_are_out_of_order(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    seen = incident(at_work, "Dos hombres en moto", "2026-10", act("surveillance", group))
    session = session_of(at_work, group)
    door = reverse("protection:session_threat_new", args=[session.pk])
    page = text_of(signed_in.get(door))
    places = [page.index(f"{number}. The") for number in range(1, 6)]
    assert places == sorted(places)
    told = {"words": "Nos siguen", "source": "El grupo armado", "incidents": [str(seen.pk)]}
    assert signed_in.post(door, told).status_code == 303
    threat = AssessedThreat.objects.get()
    page = text_of(signed_in.get(step_address(session, "threats")))
    assert "before you wrote down the pattern and what they want" in page
    assert "Dos hombres en moto" in page
    edit = reverse("protection:session_threat", args=[session.pk, threat.pk])
    fuller = told | {"pattern": "Al caer la tarde", "objective": "Que no salgamos", "revision": str(threat.revision)}
    assert signed_in.post(edit, fuller).status_code == 303
    assert "before you wrote down" not in text_of(signed_in.get(step_address(session, "threats")))
    stale = signed_in.post(edit, fuller | {"pattern": "De noche"})
    assert stale.status_code == 409
    assert "De noche" in text_of(stale)
    assert "Al caer la tarde" in text_of(stale)
    empty = signed_in.post(door, {"words": "", "facts": "Pasó algo"})
    assert empty.status_code == 400
    assert "Pasó algo" in text_of(empty)
    signed_in.post(reverse("protection:session_threat_remove", args=[session.pk, threat.pk]))
    assert not AssessedThreat.objects.exists()


def test_who_gains_and_who_loses_stands_in_a_field_of_forces(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    session = session_of(at_work, group)
    door = reverse("protection:session_interest_new", args=[session.pk])
    told = {"name": "La empresa", "stance": "opponent", "weight": "decisive", "powers": ["economic", "armed"]}
    assert signed_in.post(door, told).status_code == 303
    nobody = signed_in.post(door, {"interest": "Quiere la tierra"})
    assert nobody.status_code == 400
    assert "Quiere la tierra" in text_of(nobody)
    page = text_of(signed_in.get(step_address(session, "interests")))
    assert "<svg" in page
    assert "La empresa" in page
    row = AssessmentPart.objects.get()
    edit = reverse("protection:session_interest", args=[session.pk, row.pk])
    assert signed_in.post(edit, told | {"revision": "1", "stance": "undecided"}).status_code == 303
    assert signed_in.post(edit, told | {"revision": "1", "can_do": "Retirarse"}).status_code == 409
    signed_in.post(reverse("protection:session_interest_remove", args=[session.pk, row.pk]))
    assert not AssessmentPart.objects.exists()


def test_the_order_is_the_groups_own_vote_and_becomes_the_plan(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    session = session_of(at_work, group, title="Miremos juntos")
    seen = incident(at_work, "Dos hombres en moto", "2026-10", act("surveillance", group))
    one = threat_of(at_work, session, "Panfletos")
    other = threat_of(at_work, session, "Seguimientos", source="No sabemos", incidents=(seen.pk,))
    names = {one: f"priorities-main-given_{one.pk.hex}", other: f"priorities-main-given_{other.pk.hex}"}
    door = step_address(session, "priorities")
    told = shown_in(signed_in.get(door)) | {names[one]: "3", names[other]: "17"}
    asked = signed_in.post(door, told)
    assert asked.status_code == 400
    assert "votes or places" in text_of(asked)
    assert signed_in.post(door, told | {"priorities-main-choosing": "vote"}).status_code == 303
    page = text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    assert page.index("1. Seguimientos") < page.index("2. Panfletos")
    plan_door = reverse("protection:session_plan", args=[session.pk])
    assert signed_in.post(plan_door, {}).status_code == 400
    answer = signed_in.post(plan_door, {"threats": [str(one.pk), str(other.pk)]})
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("protection:plan", args=[plan.pk])
    threats = list(plan.threats.order_by("born", "id"))
    assert [threat.words for threat in threats] == ["Seguimientos", "Panfletos"]
    assert [row.incident_id for row in threats[0].shown_in.all()] == [seen.pk]
    assert "Miremos juntos" in text_of(signed_in.get(answer["Location"]))
    signed_in.post(plan_door, {"threats": [str(one.pk)], "plan": str(plan.pk)})
    assert plan.threats.count() == 2


def test_a_separate_session_is_heard_where_it_chose_to_be(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    joint = session_of(at_work, group, title="Asamblea")
    women = session_of(at_work, group, title="Círculo de mujeres", joint=joint.pk)
    apart = session_of(at_work, group, title="Jóvenes")
    threat_of(at_work, women, "Nos esperan a la salida")
    threat_of(at_work, apart, "Lo que no se cuenta")
    page = text_of(signed_in.get(step_address(joint, "threats")))
    assert "Nos esperan a la salida" in page
    assert "Lo que no se cuenta" not in page
    hear = reverse("protection:session_hear", args=[joint.pk])
    for threat in AssessedThreat.objects.all():
        signed_in.post(hear, {"threat": str(threat.pk)})
    taken = joint.threats.get()
    assert (taken.words, taken.heard_in_id) == ("Nos esperan a la salida", women.pk)
    edit = reverse("protection:session_edit", args=[joint.pk])
    assert 'name="joint"' not in signed_in.get(edit).content.decode()


def test_a_finished_session_stays_as_it_was_until_it_is_opened_again(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    signed_in.post(reverse("protection:session_finish", args=[session.pk]))
    answer = type_into(signed_in, session, "work", work__main__defends="El río")
    assert answer.status_code == 400
    assert "finished and stays" in text_of(answer)
    assert "El río" in text_of(answer)
    assert not AssessmentPart.objects.exists()
    signed_in.post(reverse("protection:session_reopen", args=[session.pk]))
    assert type_into(signed_in, session, "work", work__main__defends="El río").status_code == 303


def test_an_earlier_session_stands_beside_this_one(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    may = session_of(at_work, group, title="Mayo")
    before = threat_of(at_work, may, "Seguimientos")
    place = f"pictures__picture__{before.pk.hex}__"
    type_into(signed_in, may, "pictures", **{f"{place}threat_step": "2", f"{place}threat_words": "De vez en cuando"})
    type_into(signed_in, may, "wheel", wheel__main__step_training="2", wheel__main__words="Poco")
    type_into(signed_in, may, "fabric", fabric__main__step_trust="2", fabric__main__words="Poca")
    now = session_of(at_work, group, title="Noviembre")
    door = reverse("protection:session_threat_new", args=[now.pk])
    signed_in.post(door, {"words": "Seguimientos en moto", "earlier": str(before.pk)})
    threat = now.threats.get()
    page = text_of(signed_in.get(step_address(now, "pictures")))
    assert "De vez en cuando" in page
    assert "What made the difference since last time?" in page
    place = f"pictures__picture__{threat.pk.hex}__"
    typed = {f"{place}threat_step": "4", f"{place}threat_words": "Ya no se esconden", f"{place}why_changed": "La obra"}
    type_into(signed_in, now, "pictures", **typed)
    type_into(
        signed_in, now, "wheel",
        wheel__main__step_training="4", wheel__main__step_planning="1", wheel__main__words="Falta",
    )  # fmt: skip
    type_into(signed_in, now, "fabric", fabric__main__step_trust="4", fabric__main__words="Más")
    page = text_of(signed_in.get(reverse("protection:session_then", args=[now.pk])))
    for said in ("looks greater to us", "●●○○○ → ●●●●○", "La obra", "Longer than then", "Firmer than last time"):
        assert said in page
    assert page.count("<svg") == 2


def test_whose_risk_was_not_spoken_of_is_asked_and_stays_the_groups(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), modules=("remote_communities",))
    page = text_of(signed_in.get(step_address(session, "unspoken")))
    for asked in ("What is done to the women", "Who lives too far to be here today", "Who cannot go to an office"):
        assert asked in page
    assert "How many days away is help" in text_of(signed_in.get(step_address(session, "components")))
    typed = {"unspoken__far_away__answer": "Quienes viven al otro lado del río", "unspoken__women__not_today": "on"}
    assert type_into(signed_in, session, "unspoken", **typed).status_code == 303
    typed = {"components__module-remote_communities__days": "Dos días por río"}
    assert type_into(signed_in, session, "components", **typed).status_code == 303
    assert "al otro lado del río" in text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    assert "Dos días por río" in text_of(signed_in.get(step_address(session, "components")))


def test_what_was_typed_into_a_session_that_somebody_finished_can_be_copied(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    door = step_address(session, "work")
    told = shown_in(signed_in.get(door)) | {"work-main-defends": "El páramo"}
    actions.finish_assessment(by=at_work, assessment=session.pk)
    answer = signed_in.post(door, told)
    assert answer.status_code == 400
    page = text_of(answer)
    assert "This session is finished" in page and "El páramo" in page and "work-main-seen" not in page


def test_a_module_of_ones_own_is_kept_and_asks_along(at_work: Any, signed_in: Client) -> None:
    door = reverse("protection:session_modules")
    assert "Women defenders" in text_of(signed_in.get(door))
    bad = signed_in.post(door, {"text": "module: Pescadoras\ntitle: x\nprompts: []"})
    assert bad.status_code == 400
    assert "Pescadoras" in text_of(bad)
    own = "module: pescadoras\ntitle: Pescadoras\nprompts:\n  - step: work\n    question: ¿De quién es el mar?\n"
    assert signed_in.post(door, {"text": own}).status_code == 303
    assert signed_in.post(door, {"text": own.replace("el mar", "la orilla")}).status_code == 303
    kept = OwnModule.objects.get()
    session = session_of(at_work, assembly(at_work), modules=(kept.pk.hex,))
    assert "¿De quién es la orilla?" in text_of(signed_in.get(step_address(session, "work")))
    type_into(signed_in, session, "work", **{f"work__module-{kept.pk.hex}__question_1": "De todas"})
    signed_in.post(reverse("protection:session_module_remove", args=[kept.pk]))
    assert signed_in.get(step_address(session, "work")).status_code == 200
    assert AssessmentPart.objects.get().body == {"question_1": "De todas"}


def test_the_list_of_sessions_is_walked_by_key(at_work: Any, signed_in: Client) -> None:
    door = reverse("protection:sessions")
    assert "No group has met here yet" in text_of(signed_in.get(door))
    group = assembly(at_work)
    for at in range(23):
        session_of(at_work, group, title=f"Sesión {at:02}")
    first = text_of(signed_in.get(door))
    assert "Sesión 22" in first
    assert "Sesión 02" not in first
    last = Assessment.objects.order_by("-born")[19]
    older = text_of(signed_in.get(door, {"after": str(last.pk)}))
    assert "Sesión 02" in older
    assert "Sesión 03" not in older


def test_nothing_of_another_circle_is_found(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    other = session_of(at_work, assembly(at_work, "Otra"))
    threat = threat_of(at_work, other)
    assert signed_in.get(reverse("protection:session", args=[uuid.uuid4()])).status_code == 404
    assert signed_in.get(reverse("protection:session_threat", args=[session.pk, threat.pk])).status_code == 404
    assert signed_in.post(reverse("protection:session_threat_remove", args=[session.pk, threat.pk])).status_code == 404


def queries_of(browser: Client, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert browser.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize("step", ["", *STEPS])
def test_a_page_asks_no_more_of_the_database_for_more_threats(step: str, at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    earlier = session_of(at_work, group)
    session = session_of(at_work, group)
    address = step_address(session, step) if step else reverse("protection:session", args=[session.pk])
    counts = []
    for many in (2, 12):
        for at in range(many):
            before = threat_of(at_work, earlier, f"Antes {many} {at}")
            seen = incident(at_work, f"Hecho {many} {at}", "2026-10", act("surveillance", group))
            threat = threat_of(at_work, session, f"Amenaza {many} {at}", earlier=before.pk, incidents=(seen.pk,))
            for of, one in ((earlier, before), (session, threat)):
                place = f"pictures__picture__{one.pk.hex}__"
                if not at:
                    type_into(signed_in, of, "pictures", **{f"{place}threat_words": f"Así la vemos {at}"})
        counts.append(queries_of(signed_in, address))
    assert counts[0] == counts[1]


def test_names_of_three_hundred_letters_and_of_other_scripts_are_kept(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work), title="ن" * 300)
    arabic = "يراقبون طريقنا إلى الحقل"
    threat_of(at_work, session, "a" * 300)
    threat_of(at_work, session, arabic)
    page = text_of(signed_in.get(reverse("protection:session", args=[session.pk])))
    assert "a" * 300 in page
    assert arabic in page
    told = {"words": "a" * 301, "facts": "Lo que pasó"}
    answer = signed_in.post(reverse("protection:session_threat_new", args=[session.pk]), told)
    assert answer.status_code == 400
    assert "Lo que pasó" in text_of(answer)


def test_a_member_who_was_removed_from_the_fabric_leaves_the_map_whole(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    session = session_of(at_work, group)
    rosa = person(at_work, "Rosa")
    door = reverse("protection:session_interest_new", args=[session.pk])
    signed_in.post(door, {"name": "La vecina", "stance": "ally_quiet"})
    row = AssessmentPart.objects.get()
    row_body = dict(row.body)
    AssessmentPart.objects.filter(pk=row.pk).update(actor=rosa)
    from tejido.fabric.actions import remove_actor

    remove_actor(by=at_work, actor=rosa)
    assert AssessmentPart.objects.get().body == row_body
    assert "La vecina" in text_of(signed_in.get(step_address(session, "interests")))


def test_what_is_told_together_is_listed_in_its_order(at_work: Any) -> None:
    session = session_of(at_work, assembly(at_work))
    from tejido.protection.sessions.given import AssessedGiven

    told = [AssessedGiven(f"Amenaza {at}") for at in range(9)]
    actions.look_at_threats(by=at_work, assessment=session.pk, given=told)
    assert [one.words for one in session.threats.order_by("born", "id")] == [one.words for one in told]


def test_pictures_of_many_threats_come_a_few_at_a_time(at_work: Any, signed_in: Client) -> None:
    session = session_of(at_work, assembly(at_work))
    made = [threat_of(at_work, session, f"Amenaza {at:02}") for at in range(12)]
    door = step_address(session, "pictures")
    first = signed_in.get(door)
    assert "Amenaza 09" in text_of(first)
    assert "Amenaza 10" not in text_of(first)
    behind = f"{door}?after={made[9].pk}"
    assert signed_in.post(door, shown_in(first) | {"on": "1"})["Location"] == behind
    told = shown_in(signed_in.get(behind)) | {f"pictures-picture-{made[11].pk.hex}-threat_words": "La última"}
    assert signed_in.post(behind, told | {"on": "1"})["Location"] == step_address(session, "unspoken")
    assert AssessmentPart.objects.get().threat_id == made[11].pk


def test_a_separate_session_stays_with_the_joint_one_that_was_finished(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    joint = session_of(at_work, group, title="Todas")
    own = session_of(at_work, group, title="Mujeres", joint=joint.pk)
    actions.finish_assessment(by=at_work, assessment=joint.pk)
    door = reverse("protection:session_edit", args=[own.pk])
    shown = shown_in(signed_in.get(door))
    assert signed_in.post(door, shown | {"place": "la cocina"}).status_code == 303
    kept = Assessment.objects.get(pk=own.pk)
    assert (kept.joint_id, kept.place) == (joint.pk, "la cocina")


def test_a_threat_stays_the_one_of_a_session_long_ago(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    long_ago = threat_of(at_work, session_of(at_work, group))
    for _number in range(7):
        session_of(at_work, group)
    now = session_of(at_work, group)
    threat = threat_of(at_work, now, earlier=long_ago.pk)
    door = reverse("protection:session_threat", args=[now.pk, threat.pk])
    shown = shown_in(signed_in.get(door))
    assert shown["earlier"] == str(long_ago.pk)
    assert signed_in.post(door, shown | {"facts": "Otra vez"}).status_code == 303
    assert AssessedThreat.objects.get(pk=threat.pk).earlier_id == long_ago.pk


def test_whoever_was_taken_out_of_the_fabric_leaves_a_place_that_says_so(at_work: Any, signed_in: Client) -> None:
    group = assembly(at_work)
    session = session_of(at_work, group)
    company = record_actor(by=at_work, kind="company", names=["La draga"])
    keeping.add_row(by=at_work, assessment=session.pk, step="interests", body={"stance": "opponent"}, actor=company.pk)
    door = step_address(session, "interests")
    assert "La draga" in text_of(signed_in.get(door))
    remove_actor(by=at_work, actor=company)
    assert "somebody who was taken out of the fabric" in text_of(signed_in.get(door))
