"""Fixtures of two circles, and of browsers in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tejido.circles.actions import open_keyring
from tejido.circles.models import Member
from tejido.vault import passphrase
from tejido.vault.keyring import FILE_KEY, using
from tests.browsing import sign_in
from tests.circles.both import Two, two_circles
from tests.conftest import TEST_FILE_KEY


@pytest.fixture
def two(db: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    monkeypatch.setattr(passphrase, "MEMORY_KIB", 64)
    monkeypatch.setattr(passphrase, "TIME", 1)
    try:
        yield two_circles(tmp_path)
    finally:
        FILE_KEY.put(TEST_FILE_KEY)


@pytest.fixture
def browsers(two: Two) -> Iterator[Callable[[str, str], Client]]:
    """Yield what signs somebody in, as a member of one circle."""
    with ExitStack() as kept:

        def browser(who: str, word: str) -> Client:
            with using(open_keyring(two.people[who])):
                member = Member.objects.get(account=two.people[who].account, circle_id=two.circles[word])
                return kept.enter_context(sign_in(member))

        yield browser
        FILE_KEY.put(two.house.founder.file_key)
