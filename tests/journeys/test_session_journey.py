"""A remote community meets and looks at itself: from its first meeting to the threats of its plan."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys import arriving, meeting
from tests.journeys.serving import Site
from tests.journeys.visiting import Examiner, Visitor


@pytest.fixture
def on_a_phone(browser: Browser, examiner: Examiner) -> Iterator[Visitor]:
    """Somebody who speaks Spanish, on a small phone with JavaScript off."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 900}, locale="es", timezone_id="America/Bogota"
    )
    somebody = Visitor(context, context.new_page(), "es", 360, examiner)
    somebody.watch()
    yield somebody
    context.close()
    assert somebody.broken == []
    assert somebody.asked <= {"127.0.0.1"}, "a request left this machine"


def test_a_remote_community_meets_and_starts_its_plan(on_a_phone: Visitor, empty_site: Site) -> None:
    visitor = on_a_phone
    arriving.set_up(visitor, empty_site)
    meeting.weave_a_group(visitor, "Comunidad del Alto Caño")
    meeting.meet(visitor)
    meeting.say_who_gains(visitor)
    meeting.look_at_threats(visitor)
    meeting.read_the_parts_twice(visitor)
    meeting.draw_the_pictures(visitor)
    meeting.think_of_the_absent_and_choose(visitor)
    meeting.draw_ourselves(visitor)
    meeting.look_at_the_whole(visitor)
    meeting.print_the_papers(visitor)
    meeting.take_it_into_a_plan(visitor)
