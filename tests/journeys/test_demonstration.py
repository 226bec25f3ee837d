"""What stands on the pages of the demonstration, and how its pages look on paper and from right to left."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.reading import GROUP
from tests.journeys.serving import Site, clean_environment, serve
from tests.journeys.visiting import PICTURES, Visitor

#: How many people, by what was done to them, as the truth commission's list has it.
PEOPLE = {
    "killing": 1331,
    "disappearance": 853,
    "disappearance_with_death_confirmed": 108,
    "death_unresolved": 93,
    "suicide_under_pressure": 8,
    "not_stated": 5,
}
VICTIMS, INCIDENTS, VICTIMS_OF_1973 = 2398, 1391, 1274


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration, made by its command."""
    directory = tmp_path_factory.mktemp("demonstration") / "workspace"
    _tejido("demo", "--dir", str(directory), "--no-serve", "--json")
    return directory


@pytest.fixture
def served(demonstration: Path) -> Iterator[Site]:
    """The demonstration served; its link opens it, since whoever starts it has its passphrase."""
    site = serve(demonstration, "--passphrase-file", str(demonstration / "demonstration"))
    yield site
    site.stop()


def _tejido(*words: str) -> Any:
    command = [sys.executable, "-m", "tejido.cli", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_page_of_incidents_says_the_figures_of_the_list(visitor: Visitor, served: Site) -> None:
    visitor.address = served.address
    visitor.page.goto(served.link)
    visitor.look("demo-home", first=True)
    visitor.go("/incidents/")
    visitor.look("demo-incidents")
    assert str(INCIDENTS) in visitor.figures()
    assert str(VICTIMS) in visitor.figures()
    for code, many in PEOPLE.items():
        row = visitor.page.locator("tr", has=visitor.page.locator(f"a[href$='act={code}']"))
        assert re.sub(r"\D", "", row.locator("td").first.inner_text()) == str(many), code
    visitor.page.select_option("[name=year]", "1973")
    visitor.press("Mostrar estos", "Show these")
    visitor.look("demo-1973")
    assert str(VICTIMS_OF_1973) in visitor.figures()

    visitor.go("/fabric/")
    visitor.page.locator("#words").fill(GROUP[0])
    visitor.follow(visitor.page.locator("main form[role=search] button"))
    visitor.follow(visitor.page.locator("main ul.flow a").first)
    _look_from_right_to_left(visitor)
    _look_on_paper(visitor)


def _look_from_right_to_left(visitor: Visitor) -> None:
    """See that nothing leaves the screen; the picture is for the eyes, since axe does not see mirrored pages."""
    visitor.page.evaluate("document.documentElement.dir = 'rtl'")
    visitor.page.screenshot(path=str(PICTURES / f"rtl-{visitor.lang}-{visitor.width}.png"), full_page=True)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= visitor.width
    mark = visitor.page.locator(".top .mark").bounding_box()
    assert mark is not None
    assert mark["x"] > visitor.width / 2, "the page is not mirrored"
    assert visitor.page.evaluate("getComputedStyle(document.querySelector('figure svg')).direction") == "ltr"
    visitor.page.evaluate("document.documentElement.dir = 'ltr'")


def _look_on_paper(visitor: Visitor) -> None:
    """See that on paper the ways, the buttons and the way out are gone, and what was recorded stands."""
    visitor.page.emulate_media(media="print")
    visitor.page.screenshot(path=str(PICTURES / f"paper-{visitor.lang}-{visitor.width}.png"), full_page=True)
    for gone in (".top nav a", ".leave", "footer", ".act a"):
        assert not visitor.page.locator(gone).first.is_visible(), gone
    for stays in ("h1", "article", "figure svg", ".path"):
        assert visitor.page.locator(stays).first.is_visible(), stays
    visitor.page.emulate_media(media="screen")


def test_the_command_line_counts_the_same(demonstration: Path) -> None:
    words = ("list", "incidents", "--dir", str(demonstration), "--json")
    incidents = _tejido(*words, "--passphrase-file", str(demonstration / "demonstration"))
    victims: defaultdict[str, set[str]] = defaultdict(set)
    in_1973: set[str] = set()
    for incident in incidents:
        for act in incident["acts"]:
            victims[act["kind"]].update(act["victims"])
            if {(incident[end] or "")[:4] for end in ("from", "to")} == {"1973"}:
                in_1973.update(act["victims"])
    assert len(incidents) == INCIDENTS
    assert len(set().union(*victims.values())) == VICTIMS
    assert {kind: len(victims[kind]) for kind in PEOPLE} == PEOPLE
    assert len(in_1973) == VICTIMS_OF_1973
