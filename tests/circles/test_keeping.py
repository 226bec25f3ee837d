"""The page on how safely the notebook is kept: the same remarks as the command, for coordinators."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tejido.circles import keeping
from tejido.vault.workspace import Workspace
from tests.browsing import sign_in
from tests.circles.people import joined


def test_the_page_says_what_is_wrong_and_what_is_well(signed_in: Client) -> None:
    page = signed_in.get(reverse("circles:keeping")).content.decode()
    assert "How safely is this notebook kept?" in page and "The journal is whole" in page
    assert "All 0 records" not in page and "records looked at open" not in page
    closely = signed_in.get(reverse("circles:keeping"), {"closely": "1"}).content.decode()
    assert "records looked at open" in closely


def test_the_page_speaks_spanish(signed_in: Client) -> None:
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    page = signed_in.get(reverse("circles:keeping"), {"closely": "1"}).content.decode()
    assert "¿Qué tan seguro está este cuaderno?" in page and "La bitácora está entera" in page


def test_only_coordinators_see_it(at_work: Any) -> None:
    with sign_in(joined(at_work, "Bruno")) as browser:
        assert browser.get(reverse("circles:keeping")).status_code == 403


def test_a_way_in_of_nobody_is_told(at_work: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def said() -> dict[str, str]:
        return {one.code: one.level for one in keeping.how_it_is_kept(Workspace(tmp_path), closely=False)}

    monkeypatch.setattr(Workspace, "accounts", lambda self, *, file_key: [at_work.account])
    assert said()["epochs"] == "good"
    monkeypatch.setattr(Workspace, "accounts", lambda self, *, file_key: [at_work.account, UUID(int=7)])
    assert said()["slots"] == "warning"


def test_keys_that_somebody_who_is_gone_once_held_are_told(
    at_work: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(keeping, "newest_is_held_by_others", lambda circle: True)
    monkeypatch.setattr(Workspace, "accounts", lambda self, *, file_key: [at_work.account])
    said = {one.code: one.level for one in keeping.how_it_is_kept(Workspace(tmp_path), closely=False)}
    assert said["epochs"] == "warning"
