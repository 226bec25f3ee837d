"""Recording an incident in a few fields; planning with a group until it decides."""

from __future__ import annotations

import re

from playwright.sync_api import Download, expect

from tests.journeys.reading import GROUP
from tests.journeys.visiting import Visitor

#: Nobody is asked for more than this to record an incident.
FEW_FIELDS = 8


def record_an_incident(visitor: Visitor) -> None:
    """Record an incident: first with the date forgotten, then asked about somebody who may be known already."""
    page = visitor.page
    visitor.go("/incidents/")
    visitor.press("Anotar un hecho", "Record an incident")
    visitor.look("record")
    typed = {
        "title": visitor.say("Dos hombres siguieron a una dirigente", "Two men followed a leader"),
        "place": visitor.say("camino de la escuela", "road to the school"),
        "act-0-victims": visitor.say("Movimiento Izquierda Revolucionaria", "Revolutionary Left Movment"),
        "act-0-perpetrators": visitor.say("dos hombres en moto", "two men on a motorcycle"),
        "source-name": visitor.say("una vecina", "a neighbour"),
    }
    visitor.fill(**{name.replace("-", "__"): text for name, text in typed.items()})
    page.select_option("[name=act-0-kind]", "surveillance")
    page.check("[name=source-how][value=told_by_those_who_lived_it]")
    assert len(typed) + 3 <= FEW_FIELDS + 1
    visitor.press("Guardar, cerrado con llave", "Save, under lock")
    visitor.look("record-error")
    assert page.locator("article.oops a").count() >= 1
    assert page.locator("fieldset.known").count() >= 1, "nobody asked whether somebody is known already"
    for name, text in typed.items():
        assert page.locator(f"[name='{name}']").first.input_value().strip() == text, f"{name} was lost"
    assert page.locator("[name=act-0-kind]").input_value() == "surveillance"
    assert page.locator("[name=source-how][value=told_by_those_who_lived_it]").is_checked()
    visitor.fill(when=visitor.say("hacia el 17 de noviembre de 2026", "about 17 November 2026"))
    for _ in range(2):
        _answer_about_doubles(visitor)
        words = visitor.say("Guardar, cerrado con llave", "Save, under lock")
        visitor.follow(page.locator("main form.sheet").get_by_role("button", name=words).last)
        if page.url != visitor.address + "/incidents/new/":
            break
        visitor.look("record-doubles")
    assert page.locator("h1").inner_text() == typed["title"]
    visitor.look("recorded")
    assert visitor.say(*GROUP) in visitor.text()
    assert re.search(r"17\D+nov", visitor.text(), re.IGNORECASE)


def _answer_about_doubles(visitor: Visitor) -> None:
    """Where it is asked whether somebody is known already: it is the group; whoever else is new."""
    page = visitor.page
    for ask in page.locator("fieldset.known").all():
        same = ask.get_by_label(re.compile(visitor.say(*GROUP)))
        (same if same.count() else ask.locator("input[value=new]")).first.check()


def plan_with_the_group(visitor: Visitor) -> None:
    """Start a plan, name a threat, take up a measure; it is not adopted before the group decided."""
    page = visitor.page
    visitor.follow(page.get_by_role("link", name=visitor.say(*GROUP)).first)
    visitor.press("Empezar un plan", "Start a plan")
    visitor.look("plan-start")
    visitor.fill(
        practices=visitor.say("Caminar en compañía\nGuardia por turnos", "Walking together\nWatch by turns"),
        threats=visitor.say("Que nos sigan en el camino", "Being followed on the road"),
    )
    visitor.press("Empezar el plan", "Start the plan")
    visitor.look("plan-draft")
    visitor.press("Nombrar una amenaza", "Name a threat")
    visitor.look("threat")
    visitor.fill(words=visitor.say("Panfletos en la escuela", "Leaflets at the school"))
    visitor.press("Guardar", "Save it")
    visitor.press("Agregar una medida", "Add a measure")
    visitor.look("measures")
    visitor.follow(page.locator("article ul.flow a[href*='code=']").first)
    visitor.look("measure")
    visitor.fill(owner_words=visitor.say("la comisión de cuidado", "the care committee"))
    visitor.press("Guardar", "Save it")
    visitor.look("plan-filled")


def adopt_the_plan(visitor: Visitor) -> None:
    """Try to adopt the plan without a decision, then record the decision of the group, and adopt it."""
    page = visitor.page
    visitor.go(f"{page.url.removeprefix(visitor.address)}adopt/")
    visitor.look("adopt-refused")
    adopt = page.locator("main").get_by_role("button", name=visitor.say("Adoptar el plan", "Adopt the plan"))
    expect(adopt).to_have_count(0)
    visitor.press("Anotar la decisión del grupo", "Record the group's decision")
    visitor.look("decision")
    visitor.fill(
        what=visitor.say("No salir sin compañía", "Nobody goes out alone"),
        taken_on=visitor.say("19 de noviembre de 2026", "19 November 2026"),
        present="62",
    )
    page.select_option("[name=mode]", "assembly")
    visitor.press("Anotar la decisión", "Record the decision")
    visitor.press("Adoptar el plan", "Adopt the plan")
    if page.locator("[name=decision]").count():
        page.locator("[name=decision]").first.check()
        visitor.follow(adopt)
    visitor.look("plan")
    assert visitor.say("adoptado", "adopted") in page.locator("p.kind").inner_text()
    visitor.reach_the_content_by_keyboard()


def print_the_plan(visitor: Visitor) -> bytes:
    """Print the plan; return the document."""
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=visitor.say("Imprimir", "Print"), exact=True).click()
    download: Download = waiting.value
    return download.path().read_bytes()


def look_at_the_plans(visitor: Visitor) -> None:
    """See the list of plans."""
    visitor.follow(visitor.page.locator("nav").first.get_by_role("link", name=visitor.say("Planes", "Plans")))
    visitor.look("plans")
