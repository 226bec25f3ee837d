"""A group meets: from its page through every step of a session to the threats of its plan."""

from __future__ import annotations

import io

from pypdf import PdfReader

from tests.journeys.visiting import Visitor

TRACKING = ("Nos siguen por el río", "They follow us on the river")
LEAFLETS = ("Panfletos en la escuela", "Leaflets at the school")
DREDGER = ("La empresa de la draga", "The dredging company")


def weave_a_group(visitor: Visitor, name: str) -> None:
    """Write down a community, and stay on its page."""
    visitor.go("/fabric/new/")
    visitor.page.locator("[name=kind]").select_option("community")
    visitor.fill(name=name)
    visitor.press("Guardar, cerrado con llave", "Save, locked")


def meet(visitor: Visitor) -> None:
    """From the page of a group, begin a session in which counts are enough."""
    visitor.press("Reunirse y evaluar", "Meet and assess")
    visitor.look("session-new")
    visitor.fill(
        title=visitor.say("Miremos juntos el río", "Let us look at the river together"),
        all_present="41",
        present=visitor.say("muchas mujeres", "many women"),
        agenda=visitor.say("Saludo\nAmenazas\nQué podemos cambiar", "Greeting\nThreats\nWhat we can change"),
    )
    visitor.page.check("[name=modules][value=remote_communities]")
    visitor.press("Empezar la sesión", "Begin the session")
    assert visitor.say("La línea 1", "Line 1") in visitor.text()
    visitor.look("session-new-error")
    visitor.fill(present=visitor.say("23 mujeres\n9 jóvenes", "23 women\n9 young people"))
    visitor.press("Empezar la sesión", "Begin the session")
    visitor.look("session-work")
    visitor.fill(work__main__defends=visitor.say("El río y la escuela", "The river and the school"))
    visitor.press("Guardar y seguir", "Keep it and go on")


def say_who_gains(visitor: Visitor) -> None:
    """Put somebody on the map of who gains and who loses."""
    visitor.look("session-interests-empty")
    visitor.press("Agregar a alguien", "Add somebody")
    visitor.look("session-interest")
    visitor.fill(name=visitor.say(*DREDGER))
    visitor.page.locator("[name=stance]").select_option("opponent")
    visitor.page.locator("[name=weight]").select_option("decisive")
    visitor.press("Conservarlo", "Keep it")
    visitor.look("session-interests")
    assert visitor.say(*DREDGER) in visitor.text()


def look_at_threats(visitor: Visitor) -> None:
    """Name two threats, one of them with its source before its facts."""
    visitor.follow(visitor.page.locator("ol.steps a").nth(2))
    for words in (TRACKING, LEAFLETS):
        visitor.press("Nombrar una amenaza", "Name a threat")
        visitor.look("session-threat")
        visitor.fill(words=visitor.say(*words))
        if words is TRACKING:
            visitor.fill(source=visitor.say("Los de la draga, se presume", "Those of the dredger, it is presumed"))
        visitor.press("Conservarlo", "Keep it")
    assert visitor.say("antes de haber anotado los hechos", "before you wrote down the facts") in visitor.text()
    visitor.look("session-threats")


def read_the_parts_twice(visitor: Visitor) -> None:
    """Say what exposes and what protects, and what can be changed."""
    visitor.follow(visitor.page.locator("ol.steps a").nth(3))
    assert visitor.say("¿A cuántos días está la ayuda", "How many days away is help") in visitor.text()
    visitor.look("session-components")
    visitor.fill(
        components__territory__exposes=visitor.say("Un solo embarcadero", "One landing place"),
        components__territory__change=visitor.say("Abrir la trocha vieja", "Open the old track"),
    )
    visitor.press("Guardar y seguir", "Keep it and go on")


def draw_the_pictures(visitor: Visitor) -> None:
    """Give dots without words, be asked for the words, and give them."""
    page = visitor.page
    visitor.look("session-pictures")
    page.locator("[name$='threat_step'][value='4']").first.check()
    visitor.press("Guardar y seguir", "Keep it and go on")
    assert visitor.say("Los puntos solos", "Dots alone") in visitor.text()
    assert page.locator("[name$='threat_step'][value='4']").first.is_checked()
    visitor.look("session-pictures-error")
    page.locator("[name$='threat_words']").first.fill(visitor.say("Ya no se esconden", "They no longer hide"))
    page.locator("[name$='threat_disagreed']").first.fill(visitor.say("Tres dijeron menos", "Three said less"))
    visitor.press("Guardar y seguir", "Keep it and go on")


def think_of_the_absent_and_choose(visitor: Visitor) -> None:
    """Think of those nobody spoke of, then choose by vote."""
    page = visitor.page
    visitor.look("session-unspoken")
    visitor.fill(unspoken__far_away__answer=visitor.say("Quienes viven río arriba", "Those who live upriver"))
    visitor.press("Guardar y seguir", "Keep it and go on")
    visitor.look("session-priorities")
    page.check("[name=priorities-main-choosing][value=vote]")
    for field, votes in zip(page.locator("[name^='priorities-main-given']").all(), ("31", "8"), strict=True):
        field.fill(votes)
    visitor.press("Guardar y seguir", "Keep it and go on")


def draw_ourselves(visitor: Visitor) -> None:
    """Draw the wheel and the fabric."""
    page = visitor.page
    visitor.look("session-wheel-empty")
    for at, spoke in enumerate(page.locator("select[name^='wheel-main-step']").all()):
        spoke.select_option(str(1 + at % 4))
    visitor.fill(wheel__main__words=visitor.say("Planeamos poco", "We plan little"))
    visitor.press("Guardar y quedarse aquí", "Keep it and stay here")
    visitor.look("session-wheel")
    visitor.follow(page.locator("ol.steps a").nth(8))
    for thread in page.locator("select[name^='fabric-main-step']").all():
        thread.select_option("3")
    visitor.fill(fabric__main__words=visitor.say("Nos ayudamos", "We help each other"))
    visitor.press("Guardar y mirar el conjunto", "Keep it and look at the whole")


def look_at_the_whole(visitor: Visitor) -> None:
    """See the session as a whole: pictures that are not added up, and papers for the wall."""
    visitor.look("session-whole")
    text = visitor.text()
    for said in (
        visitor.say("41 presentes", "41 present"),
        "●●●●○",
        visitor.say("Tres dijeron menos", "Three said less"),
        visitor.say("No se suman en un número", "They are not added up into one number"),
        visitor.say("Abrir la trocha vieja", "Open the old track"),
        visitor.say("Quienes viven río arriba", "Those who live upriver"),
    ):
        assert said in text, said
    visitor.press("Pasar las hojas de una reunión", "Type in the papers of a meeting")
    visitor.look("session-results")
    visitor.press("Las hojas que siguen", "The papers after these")
    visitor.look("session-results-after")
    visitor.press("Volver", "Back")


def print_the_papers(visitor: Visitor) -> None:
    """Print the posters: each a sheet, with the group's own words."""
    link = visitor.page.locator("a[href*='papers/posters']").first
    with visitor.page.expect_download() as waited:
        link.click()
    printed = waited.value.path().read_bytes()
    words = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages)
    assert visitor.say(*TRACKING) in " ".join(words.split())


def take_it_into_a_plan(visitor: Visitor) -> None:
    """Start the plan from the session: what was put first stands first."""
    visitor.press("Empezar el plan desde aquí", "Start the plan from this")
    visitor.look("session-plan")
    visitor.press("Empezar el plan desde aquí", "Start the plan from this")
    named = visitor.page.locator("a[href*='/threats/']").all_inner_texts()
    both = [visitor.say(*TRACKING), visitor.say(*LEAFLETS)]
    assert [words for words in named if words in both] == both
