"""Coming in by the one-time link, setting up in two steps, locking, unlocking, leaving."""

from __future__ import annotations

from tests.journeys.serving import ELSEWHERE, Site
from tests.journeys.visiting import Visitor
from tests.personas import ALBA, CIRCLE


def set_up(visitor: Visitor, site: Site) -> str:
    """Follow the link and set up an empty notebook; return the passphrase chosen: the words that were offered."""
    page = visitor.page
    visitor.address = site.address
    page.goto(site.link)
    visitor.look("setup", first=True)
    passphrase = page.locator(".words").inner_text()
    visitor.fill(again="not these words at all")
    visitor.press("Seguir", "Continue")
    assert visitor.say("No son las mismas palabras", "These are not the same words") in visitor.text()
    visitor.look("setup-error")
    passphrase = page.locator(".words").inner_text()
    visitor.fill(again=passphrase)
    visitor.press("Seguir", "Continue")
    visitor.look("setup-circle")
    page.check("[name=begin][value=empty]")
    visitor.fill(circle=CIRCLE, member=ALBA.name)
    visitor.press("Abrir el cuaderno", "Open the notebook")
    visitor.look("home-empty")
    visitor.reach_the_content_by_keyboard()
    return passphrase


def the_link_works_once(visitor: Visitor, site: Site) -> None:
    """See that the link that let somebody in lets nobody else in."""
    visitor.page.goto(site.link)
    assert visitor.say("Este enlace ya se usó", "This link was used already") in visitor.text()
    visitor.go("/")


def lock_and_unlock(visitor: Visitor, passphrase: str) -> None:
    """Lock, try wrong words, and open again where the visitor was."""
    visitor.press("cerrar con llave ahora", "lock now")
    visitor.look("locked")
    visitor.fill(passphrase="six other words for a test")
    visitor.press("Abrir", "Open")
    visitor.look("locked-wrong")
    visitor.fill(passphrase=passphrase)
    visitor.press("Abrir", "Open")
    assert visitor.page.locator(".top nav").count() == 1


def leave(visitor: Visitor, neutral_site: str) -> None:
    """Leave: the browser ends elsewhere, and going back shows nothing of the notebook."""
    shown = visitor.text()
    visitor.press("Salir de aquí", "Get out of here")
    visitor.page.wait_for_url(neutral_site)
    assert ELSEWHERE in visitor.page.inner_text("body")
    assert not [cookie for cookie in visitor.context.cookies() if cookie["name"] in ("cuaderno", "cuaderno_c")]
    visitor.page.go_back()
    visitor.page.goto(visitor.address + "/")
    assert visitor.page.url.startswith(f"{visitor.address}/unlock/")
    assert shown not in visitor.page.inner_text("body")
