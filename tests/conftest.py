"""Fixtures every test may ask for: a circle at work, and the people of the tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tejido.vault.keyring import FILE_KEY

_DATABASE = {"db", "transactional_db", "django_db_setup"}
TEST_FILE_KEY = b"\x07" * 32
FILE_KEY.put(TEST_FILE_KEY)


#: What says the same on each database and takes long: how many questions a page asks, papers, the form of backups,
#: what a role may, a plan's rules in any order, planted faults.
_SAID_ONCE = re.compile(
    r"asks_no_more_of_the_database|number_of_(questions|queries)|takes?_as_many_questions|in_as_many_queries|progress_tells"
    r"|records_taught_takes_the_place|each_setting_of_the_warning|is_a_paper|test_streams\.py|the_machine_notices|no_sequence_of_actions"
    r"|where_the_table_says.*\[(member|field_reporter|auditor|guest)\]"
)


def _with_fewer_examples(item: pytest.Item) -> None:
    """Let Hypothesis try a quarter of the examples: the rule was tried on the other database."""
    test = getattr(item, "obj", None)
    given: settings | None = getattr(test, "_hypothesis_internal_use_settings", None)
    if test is not None and given is not None:
        few = settings(given, max_examples=max(3, given.max_examples // 4))
        getattr(test, "__func__", test)._hypothesis_internal_use_settings = few


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest test, so that no worker is left with it alone at the end.

    Once more on PostgreSQL, what asks for no database would only say the same again.
    """
    if os.environ.get("TEJIDO_TEST_POSTGRES"):
        items[:] = [
            item
            for item in items
            if _DATABASE & set(getattr(item, "fixturenames", ())) and not _SAID_ONCE.search(item.nodeid)
        ]
        for item in items:
            _with_fewer_examples(item)
    items.sort(key=lambda item: "test_on_postgres" not in item.nodeid)


@pytest.fixture
def at_work(db: Any) -> Iterator[Any]:
    """A founded circle with its keys in memory; yields the coordinator, to pass as ``by=``."""
    from tejido.circles.actions import found_circle, open_keyring
    from tejido.vault.keyring import using
    from tejido.vault.workspace import Master

    FILE_KEY.put(TEST_FILE_KEY)
    master = Master(b"\x09" * 32)
    member = found_circle(name="Ribera", member_name="Alba", master=master)
    with using(open_keyring(master)):
        yield member


@pytest.fixture
def signed_in(at_work: Any) -> Iterator[Any]:
    """A browser in which ``at_work`` has a live session; answers in English unless asked otherwise."""
    from tests.browsing import sign_in

    with sign_in(at_work) as browser:
        yield browser
