"""The main job, from an empty directory to a plan in hand: in Spanish on a small phone, in English on a desk."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from tests.journeys import arriving, bringing, reading, writing
from tests.journeys.conftest import EXAMINED
from tests.journeys.serving import Site
from tests.journeys.visiting import Visitor


@pytest.mark.parametrize("visitor", EXAMINED, indirect=True, ids=lambda one: f"{one[0]}-{one[1]}")
def test_from_an_empty_directory_to_a_plan_in_hand(visitor: Visitor, empty_site: Site, neutral_site: str) -> None:
    passphrase = arriving.set_up(visitor, empty_site)
    arriving.the_link_works_once(visitor, empty_site)
    brought = bringing.bring_in_the_list(visitor)

    reading.look_at_home(visitor)
    reading.look_at_the_fabric(visitor)
    reading.look_at_what_is_behind(visitor)
    reading.look_at_an_incident(visitor)
    reading.switch_language(visitor)
    reading.look_at_a_territory(visitor)

    writing.record_an_incident(visitor)
    writing.plan_with_the_group(visitor)
    writing.adopt_the_plan(visitor)
    printed = writing.print_the_plan(visitor)
    assert printed.startswith(b"%PDF")
    words = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(printed)).pages)
    assert visitor.say("Caminar en compañía", "Walking together") in " ".join(words.split())
    writing.look_at_the_plans(visitor)
    reading.show_what_became_of_it(visitor)

    reading.search(visitor)
    reading.read_the_frame(visitor)
    arriving.lock_and_unlock(visitor, passphrase)
    bringing.undo_it(visitor, brought)
    arriving.leave(visitor, neutral_site)
