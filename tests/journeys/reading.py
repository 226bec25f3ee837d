"""Reading the fabric: the lists, a collective, an incident and whom it touches, a territory, search, the journal."""

from __future__ import annotations

import re

from tests.journeys.visiting import Visitor

GROUP = ("Movimiento de Izquierda Revolucionaria", "Revolutionary Left Movement")
SERVICE = ("Dirección de Inteligencia Nacional", "National Intelligence Directorate")


def look_at_home(visitor: Visitor) -> None:
    """See home after a list came in."""
    visitor.go("/")
    assert "1391" in visitor.figures()
    visitor.look("home")
    visitor.reach_the_content_by_keyboard()


def show_what_became_of_it(visitor: Visitor) -> None:
    """Look at home, the collective and the incident recorded once there is a plan, and keep them for the README."""
    page = visitor.page
    visitor.go("/")
    visitor.look("home-with-plan")
    visitor.show("home")
    visitor.go("/plans/")
    visitor.follow(page.locator("main ul.flow a[href^='/plans/']").first)
    visitor.follow(page.locator("p.kind a").first)
    assert page.locator("h1").inner_text() == visitor.say(*GROUP)
    visitor.look("collective-with-plan")
    visitor.show("collective")
    visitor.follow(page.locator("article ul.flow li:has(.path) a[href^='/incidents/']").first)
    visitor.look("incident-with-plan")
    visitor.show("incident")


def look_at_the_fabric(visitor: Visitor) -> None:
    """Go through the list of collectives to the page of one; it has drawings, each with its table."""
    page = visitor.page
    visitor.press("Tejido", "Fabric")
    visitor.look("fabric")
    page.get_by_label(visitor.say("Buscar por nombre", "Search by name")).fill("movimiento izq revolucionaria")
    visitor.follow(page.locator("main").get_by_role("button", name=visitor.say("Buscar", "Search")).first)
    visitor.look("fabric-found")
    visitor.follow(page.get_by_role("link", name=visitor.say(*GROUP)).first)
    assert page.locator("h1").inner_text() == visitor.say(*GROUP)
    visitor.look("collective")
    visitor.reach_the_content_by_keyboard()
    for drawn in page.locator("figure.drawn").all():
        assert drawn.locator("svg").count() == 1
        assert drawn.locator("table tbody tr").count() >= 1
    assert page.locator("figure.drawn").count() >= 3
    page.locator("summary").first.click()
    assert page.locator("figure.drawn table").first.is_visible()


def look_at_what_is_behind(visitor: Visitor) -> None:
    """Go from the collective to all its ties and all that happened around it, and come back."""
    page = visitor.page
    for part, name in (("ties", "ties"), ("incidents", "around")):
        link = page.locator(f"main a[href^='/fabric/'][href$='/{part}/']").filter(has_text=re.compile(r"\d"))
        visitor.follow(link.first)
        visitor.look(name)
        page.go_back()


def look_at_an_incident(visitor: Visitor) -> None:
    """Open an incident from the collective's page: each whom it touches has a reason."""
    page = visitor.page
    visitor.follow(page.locator("article ul.flow li:has(.path) a[href^='/incidents/']").first)
    visitor.look("incident")
    touched = page.locator("ol.touched > li")
    assert touched.count() >= 2
    for one in touched.all():
        assert one.locator(".path").first.inner_text().strip(), "somebody is touched and no reason is said"


def look_at_a_territory(visitor: Visitor) -> None:
    """Look at the territories and at one of them."""
    page = visitor.page
    visitor.follow(page.locator("nav").first.get_by_role("link", name=visitor.say("Territorio", "Territory")))
    visitor.look("territories")
    visitor.follow(page.get_by_role("link", name="Chile", exact=True).first)
    visitor.look("territory")


def search(visitor: Visitor) -> None:
    """Search without accents and by beginnings of words."""
    page = visitor.page
    visitor.press("Buscar", "Search")
    visitor.look("search")
    page.fill("#words", "direccion intel nac")
    visitor.follow(page.locator("main").get_by_role("button", name=visitor.say("Buscar", "Search")))
    visitor.look("search-found")
    assert page.get_by_role("link", name=visitor.say(*SERVICE)).count() == 1
    page.fill("#words", "zzzzzzz")
    visitor.follow(page.locator("main").get_by_role("button", name=visitor.say("Buscar", "Search")))
    visitor.look("search-nothing")


def read_the_frame(visitor: Visitor) -> None:
    """Look at help, at the journal and at the page on which the passphrase is changed."""
    for spanish, english, name in (
        ("ayuda", "help", "help"),
        ("qué se hizo aquí", "what was done here", "journal"),
        ("cambiar la frase de paso", "change the passphrase", "passphrase"),
    ):
        visitor.press(spanish, english)
        visitor.look(name)


def switch_language(visitor: Visitor) -> None:
    """Read a page in the other language, and come back to one's own."""
    there, back = ("English", "Español") if visitor.lang == "es" else ("Español", "English")
    own, where = visitor.lang, visitor.page.url
    for language in (there, back):
        visitor.follow(visitor.page.get_by_role("button", name=language))
        visitor.lang = "en" if language == "English" else "es"
        assert visitor.page.url == where
        visitor.look(f"switched-from-{own}")
    assert visitor.lang == own
