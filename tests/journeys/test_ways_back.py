"""Ways back in on a small phone, in Spanish: sessions, a recovery code, a second factor, guardians, a journey."""

from __future__ import annotations

import base64
import time
from dataclasses import replace

import pytest

from tejido.vault.second_factor import STEP, code_at
from tests.journeys import arriving
from tests.journeys.serving import Site
from tests.journeys.visiting import Visitor

ACCOUNT, GUARDIANS = "/circle/account/", "/circle/guardians/"
NEW = "otras palabras para volver a entrar"


@pytest.mark.parametrize("visitor", [("es", 360)], indirect=True, ids=["es-360"])
def test_ways_back_in(visitor: Visitor, empty_site: Site) -> None:
    passphrase = arriving.set_up(visitor, empty_site)
    visitor.go("/circle/account/sessions/")
    visitor.look("sessions")
    assert "esta misma" in visitor.text()
    secret = with_a_second_factor(visitor, passphrase)
    opens_with_it(visitor, passphrase, secret)
    asks_everybody(visitor, passphrase)
    code = with_a_recovery_code(visitor, passphrase)
    people = [joins(visitor, name) for name in ("Bruno", "Carla")]
    with_guardians(visitor, passphrase)
    somebody_asks(visitor, people[0])
    visitor.go("/circle/account/travel/")
    visitor.look("travel")
    comes_back(visitor, code)


def with_a_second_factor(visitor: Visitor, passphrase: str) -> bytes:
    """Set up a second factor; return its secret, as a telephone would keep it."""
    visitor.go("/circle/account/second/")
    visitor.look("second-factor")
    assert visitor.page.locator("main svg").is_visible()
    secret = base64.b32decode(visitor.page.locator("p.words").inner_text().replace(" ", ""))
    visitor.fill(second="000", passphrase=passphrase)
    visitor.press("Pedirlo desde ahora", "Ask for it from now on")
    visitor.look("second-factor-wrong")
    visitor.fill(second=code_at(secret, int(time.time() // STEP)), passphrase=passphrase)
    visitor.press("Pedirlo desde ahora", "Ask for it from now on")
    visitor.look("second-factor-paper")
    assert visitor.page.locator("li.words").count() == 8
    return secret


def opens_with_it(visitor: Visitor, passphrase: str, secret: bytes) -> None:
    """Lock; find that the passphrase alone opens nothing; open with the code of the next step, which counts too."""
    visitor.press("cerrar con llave ahora", "lock now")
    visitor.fill(passphrase=passphrase)
    visitor.press("Abrir", "Open")
    visitor.look("second-factor-asked")
    visitor.fill(passphrase=passphrase, second=code_at(secret, int(time.time() // STEP) + 1))
    visitor.press("Abrir", "Open")
    assert visitor.page.locator(".top nav").count() == 1


def asks_everybody(visitor: Visitor, passphrase: str) -> None:
    """Decide that everybody needs a second factor, from the day that is offered."""
    visitor.go("/circle/rules/")
    visitor.look("circle-rules")
    visitor.page.locator("input[name=second][value=yes]").check()
    visitor.fill(passphrase=passphrase)
    visitor.press("Decidirlo y firmar", "Decide it, and sign")
    assert "necesita un segundo factor" in visitor.text()


def with_a_recovery_code(visitor: Visitor, passphrase: str) -> str:
    """Make a recovery code; return it."""
    visitor.go("/circle/account/recovery/")
    visitor.look("recovery-code")
    visitor.fill(passphrase=passphrase)
    visitor.press("Hacer un código de recuperación", "Make a recovery code")
    visitor.look("recovery-code-shown")
    return visitor.page.locator(".words").inner_text()


def joins(visitor: Visitor, name: str) -> Visitor:
    """Invite somebody, who joins in a browser of their own; return them."""
    visitor.go("/circle/members/invite/")
    visitor.fill(name=name)
    visitor.press("Hacer un código", "Make a code")
    code = visitor.page.locator(".words").inner_text()
    other = somebody(visitor)
    other.go("/join/")
    words = other.page.locator(".words").inner_text()
    other.fill(code=code, handle=name, again=words)
    other.page.locator("main form.sheet button[type=submit]").click()
    other.page.wait_for_url(visitor.address + "/")
    return other


def somebody(visitor: Visitor) -> Visitor:
    """Return somebody else with the same telephone, who is not at work."""
    browser = visitor.context.browser
    assert browser is not None
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": visitor.width, "height": 900}, locale=visitor.lang
    )
    other = replace(visitor, context=context, page=context.new_page(), loaded=[], broken=[], asked=set())
    other.watch()
    return other


def with_guardians(visitor: Visitor, passphrase: str) -> None:
    """Choose two guardians, both needed."""
    visitor.go(GUARDIANS)
    visitor.look("guardians-none")
    visitor.go(GUARDIANS + "choose/")
    visitor.look("guardians-choose")
    for box in visitor.page.locator("[name=people]").all():
        box.check()
    visitor.fill(passphrase=passphrase)
    visitor.page.locator("main form.sheet button[type=submit]").click()
    visitor.page.wait_for_url(visitor.address + GUARDIANS)
    visitor.look("guardians")


def somebody_asks(visitor: Visitor, guardian: Visitor) -> None:
    """Ask as somebody who cannot get in; a guardian begins, and whoever is meant stops it."""
    lost = somebody(visitor)
    lost.go("/recover/ask/")
    lost.look("guardians-ask", first=True)
    lost.press("Deme las palabras y el número", "Give me words and a number")
    lost.look("guardians-asked")
    number = lost.page.locator(".words").nth(1).inner_text()
    lost.go("/recover/guardians/")
    lost.look("guardians-return")
    lost.context.close()
    guardian.go(GUARDIANS)
    guardian.page.locator("[name=member]").first.check()
    guardian.fill(number=number)
    guardian.press("Comenzar el tiempo de espera", "Begin the waiting time")
    guardian.look("guardians-under-way")
    assert "72 horas" in guardian.text()
    visitor.go(GUARDIANS)
    visitor.look("guardians-says-it-is-you")
    visitor.press("Detenerlo", "Stop it")
    assert "Se detuvo" in visitor.page.inner_text("body")
    guardian.context.close()


def comes_back(visitor: Visitor, code: str) -> None:
    """Lock, and come back in with the recovery code."""
    visitor.press("cerrar con llave ahora", "lock now")
    visitor.press("No puedo entrar", "I cannot get in")
    visitor.look("recover")
    visitor.page.check("[name=choice][value=own]")
    visitor.fill(code=code, own=NEW, again=NEW)
    visitor.press("Entrar", "Come in")
    visitor.page.wait_for_url(visitor.address + "/")
    visitor.go(ACCOUNT)
    visitor.look("account")
