"""A real server and a real browser with JavaScript off: what a newcomer meets."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

from scripts.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = ROOT / ".build" / "pictures"
#: Bytes on the wire, gzipped: the first page with all it loads, and each page after it.
FIRST_LOAD, NEXT_PAGE = 33_000, 10_000


@dataclass
class Site:
    """A ``tejido serve`` of its own, on a free port, for one test."""

    process: subprocess.Popen[str]
    link: str
    address: str

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def serve(directory: Path, *more: str) -> Site:
    """Start serving ``directory`` and wait until its one-time link is printed."""
    command = [sys.executable, "-m", "tejido.cli", "serve", "--dir", str(directory), "--port", "0", "--json", *more]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    for name in ("DJANGO_SETTINGS_MODULE", "TEJIDO_DIR"):
        environment.pop(name, None)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=directory.parent)
    assert process.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        line = process.stdout.readline()
        assert line, "the server ended before it served"
        text += line
    told = json.loads(text)
    return Site(process, told["link"], told["address"])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=str(chromium()),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield opened
        opened.close()


@dataclass
class Visitor:
    """Somebody at a browser with JavaScript off; remembers what was asked of whom."""

    context: BrowserContext
    page: Page
    lang: str
    width: int
    browser: Browser
    asked: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def say(self, spanish: str, english: str) -> str:
        """Return the words on the page in the visitor's language."""
        return spanish if self.lang == "es" else english

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, and see that it does not scroll sideways."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(PICTURES / f"{name}-{self.lang}-{self.width}.png"), full_page=True)
        across = self.page.evaluate("document.documentElement.scrollWidth")
        assert across <= self.width, f"{name} is {across} px wide"

    def weigh(self) -> int:
        """Return the gzipped bytes of the present page, asked for again with the visitor's cookies."""
        cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in self.context.cookies())
        request = urllib.request.Request(self.page.url, headers={"Cookie": cookies, "Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            body: bytes = answer.read()
        return len(body)

    def look_for_barriers(self) -> list[str]:
        """Return what axe finds wrong with the present page (it needs JavaScript: a second browser, same cookies)."""
        context = self.browser.new_context(
            bypass_csp=True, viewport={"width": self.width, "height": 900}, storage_state=self.context.storage_state()
        )
        page = context.new_page()
        page.goto(self.page.url)
        page.add_script_tag(path=str(AXE))
        found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        context.close()
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


@pytest.fixture(params=[("es", 1280), ("es", 360), ("en", 1280), ("en", 360)], ids=lambda p: f"{p[0]}-{p[1]}")
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Visitor]:
    lang, width = request.param
    yield from _visitor(browser, lang, width)


def _visitor(browser: Browser, lang: str, width: int) -> Iterator[Visitor]:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}, locale=lang, timezone_id="America/Bogota"
    )
    page = context.new_page()
    somebody = Visitor(context, page, lang, width, browser)

    def heard(response: Response) -> None:
        if response.status >= 500:
            somebody.broken.append(f"{response.status} {urlsplit(response.url).path}")

    context.on("request", lambda asked: somebody.asked.add(urlsplit(asked.url).hostname or ""))
    context.on("response", heard)
    yield somebody
    context.close()
    assert somebody.broken == []
    assert somebody.asked <= {"127.0.0.1"}, "a request left this machine"


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A directory in which nothing was created yet, served."""
    site = serve(tmp_path / "workspace")
    yield site
    site.stop()


def gzipped(data: bytes) -> int:
    """Return how many bytes ``data`` is on the wire."""
    return len(gzip.compress(data))
