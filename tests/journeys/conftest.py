"""A real server and a real browser with JavaScript off: what a newcomer meets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.browser import chromium
from tests.journeys.serving import Site, elsewhere, serve
from tests.journeys.visiting import Examiner, Visitor

#: Each language on a desk and on a small phone.
EVERYBODY = [("es", 1280), ("es", 360), ("en", 1280), ("en", 360)]
#: Those with whom axe looks at every page and a picture is kept: each language and each width once, for its time.
EXAMINED = [("es", 360), ("en", 1280)]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        opened = driver.chromium.launch(
            executable_path=str(chromium()),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def examiner(browser: Browser) -> Iterator[Examiner]:
    """A window for axe, shared by all visitors."""
    window = Examiner(browser)
    yield window
    window.close()


@pytest.fixture(params=EVERYBODY, ids=lambda one: f"{one[0]}-{one[1]}")
def visitor(request: pytest.FixtureRequest, browser: Browser, examiner: Examiner) -> Iterator[Visitor]:
    """Somebody with a language and a screen; in the end nothing broke and nothing was asked of another machine."""
    lang, width = request.param
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}, locale=lang, timezone_id="America/Bogota"
    )
    somebody = Visitor(context, context.new_page(), lang, width, examiner if request.param in EXAMINED else None)
    somebody.watch()
    yield somebody
    context.close()
    assert somebody.broken == []
    assert somebody.asked <= {"127.0.0.1"}, "a request left this machine"


@pytest.fixture(scope="session")
def neutral_site() -> Iterator[str]:
    """The address of a page that has nothing to do with us."""
    with elsewhere() as address:
        yield address


@pytest.fixture
def empty_site(tmp_path: Path, neutral_site: str) -> Iterator[Site]:
    """A directory in which nothing was created yet, served."""
    site = serve(tmp_path / "workspace", neutral_site=neutral_site)
    yield site
    site.stop()
