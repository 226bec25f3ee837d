"""A passkey in a real browser: added, used to come in again, and done without where JavaScript is off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, CDPSession

from tests.journeys import arriving
from tests.journeys.serving import Site
from tests.journeys.visiting import Examiner, Visitor

LIST = "/circle/account/passkeys/"


@pytest.fixture
def by_name(empty_site: Site) -> Site:
    """The site, reached by a name: a passkey belongs to none of the numbers."""
    return replace(
        empty_site,
        link=empty_site.link.replace("127.0.0.1", "localhost"),
        address=empty_site.address.replace("127.0.0.1", "localhost"),
    )


def somebody(browser: Browser, examiner: Examiner, *, script: bool) -> Visitor:
    context = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 900}, locale="es")
    found = Visitor(context, context.new_page(), "es", 360, examiner)
    found.watch()
    return found


@pytest.fixture
def with_script(browser: Browser, examiner: Examiner) -> Iterator[Visitor]:
    """Somebody on a small phone, with JavaScript on; in the end nothing broke."""
    visitor = somebody(browser, examiner, script=True)
    complaints: list[str] = []
    visitor.page.on("pageerror", lambda error: complaints.append(str(error)))
    visitor.page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    yield visitor
    visitor.context.close()
    assert visitor.broken == [] and complaints == []
    assert visitor.asked <= {"localhost"}, "a request left this machine"


def device_of(visitor: Visitor) -> tuple[CDPSession, str]:
    """Give the browser a passkey device that sees who holds it; return how it is spoken to, and its name."""
    speaking = visitor.context.new_cdp_session(visitor.page)
    speaking.send("WebAuthn.enable")
    made = speaking.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return speaking, made["authenticatorId"]


def test_a_passkey_opens_the_notebook_again(
    with_script: Visitor, by_name: Site, browser: Browser, examiner: Examiner
) -> None:
    visitor = with_script
    visitor.examiner = None  # others look at how a notebook is set up
    passphrase = arriving.set_up(visitor, by_name)
    visitor.examiner = examiner
    speaking, device = device_of(visitor)
    paper = adds(visitor, passphrase, "llave azul")
    held = speaking.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [(one["isResidentCredential"], one["rpId"]) for one in held] == [(False, "localhost")]
    comes_in_again(visitor, passphrase)
    refused_without_who_holds_it(visitor, passphrase, speaking, device)
    visitor.go(LIST + "remove/")
    visitor.look("passkey-remove")
    visitor.go("/circle/account/second/")
    visitor.look("second-factor-beside-passkeys")
    without_script(somebody(browser, examiner, script=False), by_name, passphrase, paper)


def adds(visitor: Visitor, passphrase: str, name: str) -> list[str]:
    """Add a passkey; return the codes on paper."""
    visitor.go(LIST)
    visitor.look("passkeys-none")
    visitor.press("Agregar una llave de acceso", "Add a passkey")
    visitor.look("passkey-add")
    visitor.fill(name=name, passphrase=passphrase)
    visitor.press("Seguir con el aparato", "Go on to the device")
    visitor.look("passkey-make")
    visitor.press("Hacer la llave de acceso", "Make the passkey")
    visitor.look("passkey-paper")
    paper = visitor.page.locator("li.words").all_inner_texts()
    assert len(paper) == 8
    visitor.go(LIST)
    visitor.look("passkeys")
    assert name in visitor.text()
    return paper


def comes_in_again(visitor: Visitor, passphrase: str) -> None:
    """Lock, and open with the passphrase and the passkey."""
    visitor.press("cerrar con llave ahora", "lock now")
    visitor.fill(passphrase=passphrase)
    visitor.press("Abrir", "Open")
    visitor.look("second-step")
    assert visitor.page.locator(".top nav").count() == 0
    assert not visitor.page.locator("[data-part=without]").is_visible()
    visitor.press("Abrir con una llave de acceso", "Open with a passkey")
    assert visitor.page.locator(".top nav").count() == 1


def refused_without_who_holds_it(visitor: Visitor, passphrase: str, speaking: CDPSession, device: str) -> None:
    """Where the device does not recognise who holds it, a sentence stands beside the button, and nothing opens."""
    visitor.press("cerrar con llave ahora", "lock now")
    visitor.fill(passphrase=passphrase)
    visitor.press("Abrir", "Open")
    named = {"authenticatorId": device}
    speaking.send("WebAuthn.setUserVerified", {**named, "isUserVerified": False})
    visitor.page.get_by_role("button", name="Abrir con una llave de acceso").click()
    visitor.page.locator("[data-part=failed]").wait_for(state="visible")
    visitor.look("second-step-refused")
    speaking.send("WebAuthn.setUserVerified", {**named, "isUserVerified": True})
    visitor.press("Abrir con una llave de acceso", "Open with a passkey")
    assert visitor.page.locator(".top nav").count() == 1


def without_script(visitor: Visitor, site: Site, passphrase: str, paper: list[str]) -> None:
    """Without JavaScript the page says so in words, shows no button that does nothing, and a code opens."""
    for address, code, words in (
        (site.address, paper[0], "necesita JavaScript"),
        (site.address.replace("localhost", "127.0.0.1"), paper[1], "hecha de números"),
    ):
        visitor.address = address
        visitor.go("/unlock/")
        visitor.fill(passphrase=passphrase)
        visitor.press("Abrir", "Open")
        visitor.look("second-step-" + ("words" if "localhost" in address else "numbers"))
        assert words in visitor.text()
        assert not visitor.page.get_by_role("button", name="Abrir con una llave de acceso").is_visible()
        visitor.fill(second=code)
        visitor.press("Abrir con el código", "Open with the code")
        assert visitor.page.locator(".top nav").count() == 1
    visitor.go(LIST)
    visitor.look("passkeys-elsewhere")
    visitor.context.close()
    assert visitor.broken == []
