"""Somebody at a browser with JavaScript off, and what must hold on every page they see."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / ".build" / "pictures"
#: Bytes on the wire: the first page with all that it loads, and each page after it.
FIRST_LOAD, NEXT_PAGE = 33_000, 10_000
NEUTRAL_NAME = "Cuaderno"
#: WCAG 2.2 AA, and what axe advises beyond it.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_PIECE = r"(?:[a-z]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|plan\.pdf)"
#: An address says which page and which record, never who or what: no name, no word that was typed.
_ADDRESS = re.compile(rf"/(?:{_PIECE}/)*(?:plan\.pdf)?(?:\?(?:[a-z]+=(?:[0-9a-z_-]*|[ABI][0-9]*)&?)*)?")


class Examiner:
    """A second browser window, with JavaScript on, in which axe looks at a copy of a page."""

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(bypass_csp=True)
        self._page = self._context.new_page()

    def barriers(self, page: Page) -> list[str]:
        """Return what axe finds wrong with ``page`` as it stands, whatever request it answered."""
        address, body = page.url.partition("#")[0], page.content()

        def answer(route: Any) -> None:
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

        def is_asked(url: str) -> bool:
            return url.partition("#")[0] == address

        assert page.viewport_size is not None
        self._page.set_viewport_size(page.viewport_size)
        self._page.route(is_asked, answer)
        self._page.goto(address)
        self._page.unroute(is_asked)
        self._page.add_script_tag(path=str(AXE))
        options = {
            "resultTypes": ["violations"],
            "runOnly": {"type": "tag", "values": list(RULES)},
            "rules": {"label-content-name-mismatch": {"enabled": True}},
        }
        found: dict[str, Any] = self._page.evaluate("options => axe.run(document, options)", options)
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]

    def close(self) -> None:
        """Close the window."""
        self._context.close()


@dataclass
class Visitor:
    """Somebody at a browser with JavaScript off; remembers what was asked of whom."""

    context: BrowserContext
    page: Page
    lang: str
    width: int
    examiner: Examiner | None
    address: str = ""
    asked: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)
    loaded: list[Request] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def watch(self) -> None:
        """Note every request and every answer from here on."""
        self.context.on("request", lambda asked: self.asked.add(urlsplit(asked.url).hostname or ""))
        self.context.on("response", self._note)
        self.context.on("requestfinished", lambda asked: self.loaded.append(asked))

    def _note(self, response: Response) -> None:
        if response.status >= 500:
            self.broken.append(f"{response.status} {urlsplit(response.url).path}")

    def say(self, spanish: str, english: str) -> str:
        """Return the words on the page in the visitor's language."""
        return spanish if self.lang == "es" else english

    def go(self, path: str) -> None:
        """Go to a page of the site by its path."""
        self.page.goto(self.address + path)

    def press(self, spanish: str, english: str) -> None:
        """Press the button, or follow the link, that says so; the first of several."""
        words = self.say(spanish, english)
        button = self.page.get_by_role("button", name=words, exact=True)
        self.follow((button if button.count() else self.page.get_by_role("link", name=words, exact=True)).first)

    def follow(self, control: Locator) -> None:
        """Press a control and wait for the page it leads to."""
        with self.page.expect_navigation():
            control.click()

    def fill(self, **answers: str) -> None:
        """Type into fields by their names; ``__`` stands for a hyphen."""
        for name, text in answers.items():
            self.page.locator(f"[name='{name.replace('__', '-')}']:visible").fill(text)

    def text(self) -> str:
        """Return the words of the page."""
        return self.page.locator("main").inner_text()

    def figures(self) -> str:
        """Return the words of the page with its numbers written without separators."""
        return re.sub(r"(?<=\d)[.,\u202f\u00a0](?=\d{3}\b)", "", self.text())

    def look(self, name: str, *, first: bool = False) -> None:
        """See that all holds that must hold on each page; where axe looks, a picture of it is kept."""
        assert not self.broken, f"{name}: {self.broken}"
        assert self.page.title() == NEUTRAL_NAME, name
        self._look_at_the_address(name)
        self._look_at_the_frame(name)
        self._weigh(name, first=first)
        if self.examiner is None:
            return
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(PICTURES / f"{name}-{self.lang}-{self.width}.png"), full_page=True)
        barriers = self.examiner.barriers(self.page)
        assert not barriers, f"{name}: {barriers}"

    def show(self, name: str) -> None:
        """Keep what the screen shows, as a picture for the README."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=str(PICTURES / f"shown-{name}-{self.lang}-{self.width}.png"))

    def _look_at_the_address(self, name: str) -> None:
        parts = urlsplit(self.page.url)
        address = parts.path + (f"?{parts.query}" if parts.query else "")
        assert _ADDRESS.fullmatch(address), f"{name}: the address says {address}"

    def _look_at_the_frame(self, name: str) -> None:
        frame: dict[str, Any] = self.page.evaluate(
            """() => ({
                lang: document.documentElement.lang,
                across: document.documentElement.scrollWidth,
                levels: [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(h => Number(h.tagName[1])),
            })"""
        )
        assert frame["lang"] == self.lang, name
        assert frame["across"] <= self.width, f"{name} is {frame['across']} px wide"
        levels = frame["levels"]
        assert levels.count(1) == 1, f"{name}: headings {levels}"
        assert all(after - before <= 1 for before, after in pairwise(levels)), f"{name}: {levels}"

    def _weigh(self, name: str, *, first: bool) -> None:
        weights = [(one.resource_type, int(one.sizes()["responseBodySize"])) for one in self.loaded]
        self.loaded.clear()
        page = [weight for kind, weight in weights if kind == "document"][-1]
        self.seen[name] = page
        assert page <= NEXT_PAGE, f"{name} weighs {page} bytes"
        if first:
            whole = sum(weight for _, weight in weights)
            assert whole <= FIRST_LOAD, f"the first load weighs {whole} bytes"

    def tab(self) -> str:
        """Press Tab; return the text of what then has the focus, or its name where it has no text."""
        self.page.keyboard.press("Tab")
        return str(self.page.evaluate("(e => e.textContent.trim() || e.name || e.tagName)(document.activeElement)"))

    def reach_the_content_by_keyboard(self) -> None:
        """See that Tab comes to the skip link first, and after it to something inside the content."""
        assert self.tab() == self.say("Ir al contenido", "Skip to the content")
        self.page.keyboard.press("Enter")
        self.tab()
        assert self.page.evaluate("document.querySelector('main').contains(document.activeElement)")
