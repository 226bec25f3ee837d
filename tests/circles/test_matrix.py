"""Every address, asked for by every role, in every state of whoever asks: made from the addresses themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tejido.circles.approvals import ask
from tejido.circles.models import CircleRecord
from tejido.domain.roles import ROLES
from tejido.vault.journal import last_stamp, writing
from tejido.vault.models import JournalEntry
from tejido.vault.records import create
from tests.attacks.test_doors import every_route, filled, theirs
from tests.browsing import sign_in
from tests.circles.people import changed, joined
from tests.storage.one_of_each import barest, every_model

__all__ = ["theirs"]  # the fixture: one record of every kind in a circle whose keys are not ours

KEPT_OF_FILES = ("incidents.Evidence", "incidents.Custody")
REFUSED = "This is not open to you"


def guarded() -> list[tuple[str, str]]:
    """Return every address for members with what it is for."""
    return [(route, view.policy.capability) for route, view in every_route() if view.policy.name == "members_only"]


@pytest.fixture
def ours(at_work: Any) -> UUID:
    """The id that one record of every kind has in our own circle."""
    asked = ask(by=at_work, kind="erasure", digest="ab" * 32, holds={"actors": 2}, reason="to see")
    with writing(by=at_work, action="test.make") as entry:
        for model in every_model():
            # What is kept of a file means nothing without the file.
            if not issubclass(model, CircleRecord) or model._meta.label in {"circles.Approval", *KEPT_OF_FILES}:
                continue
            if record := barest(model, asked.pk, at_work.circle_id):
                create(record, entry)
    return asked.pk


def is_refused(answer: Any) -> bool:
    """Say whether an answer is the page that tells why not."""
    return answer.status_code == 403 and REFUSED in answer.content.decode()


def test_every_address_says_what_it_is_for() -> None:
    assert len(guarded()) >= 60
    assert {capability for _, capability in guarded()} >= {
        "read",
        "write",
        "take out",
        "approve",
        "read journal",
        "own",
    }
    assert all(capability for _, capability in guarded())


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_is_let_in_where_the_table_says_and_told_why_not_elsewhere(at_work: Any, ours: UUID, role: str) -> None:
    with sign_in(joined(at_work, "Bruno", role)) as browser:
        # Records with next to nothing in them may not make a page; who is let in is asked before that.
        browser.raise_request_exception = False
        for route, capability in guarded():
            allowed = capability in ROLES[role]
            answer = browser.get(filled(route, ours))
            assert is_refused(answer) is not allowed, (role, route, capability, answer.status_code)
            if not allowed:
                assert is_refused(browser.post(filled(route, ours))), (role, route)
                assert "Alba" in answer.content.decode(), "whom to ask"


@pytest.mark.parametrize("role", ["auditor", "field_reporter", "guest"])
def test_who_may_not_write_writes_nothing_whatever_they_send(at_work: Any, ours: UUID, role: str) -> None:
    member = joined(at_work, "Bruno", role)
    before = last_stamp()
    with sign_in(member) as browser:
        for route, capability in guarded():
            if capability != "own":
                browser.post(filled(route, ours), {"title": "x", "name": "x", "reason": "x", "words": "x"})
    assert not JournalEntry.objects.filter(seq__gt=before).exclude(action="dossier.open").exists()


def _plain(answer: Any, *idents: UUID) -> str:
    """Return a page without what differs each time: its token, and the id that was asked for."""
    text = re.sub(r'value="\w{64}"', "", answer.content.decode())
    for ident in idents:
        text = text.replace(str(ident), "ID")
    return text


def test_what_is_of_another_circle_answers_as_what_is_not_there(theirs: UUID, signed_in: Client) -> None:
    for route, _ in guarded():
        if "<uuid:" not in route:
            continue
        missing = uuid4()
        for ask_for in (signed_in.get, signed_in.post):
            foreign, nothing = ask_for(filled(route, theirs)), ask_for(filled(route, missing))
            assert foreign.status_code == nothing.status_code in {404, 405}, route
            assert _plain(foreign, theirs) == _plain(nothing, missing), route


def test_whoever_was_let_go_is_led_to_the_passphrase_at_the_next_page(at_work: Any, ours: UUID) -> None:
    member = joined(at_work, "Bruno")
    with sign_in(member) as browser:
        assert browser.get("/fabric/").status_code == 200
        changed(at_work, member, status="removed")
        for route, _ in guarded():
            answer = browser.get(filled(route, ours))
            assert answer.status_code == 302 and answer["Location"].startswith(("/unlock/", "/setup/")), route


def test_a_guest_whose_time_is_over_opens_nothing(at_work: Any, ours: UUID) -> None:
    yesterday = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    with sign_in(joined(at_work, "Bruno", "guest", terms={"until": yesterday})) as browser:
        for route, _ in guarded():
            answer = browser.get(filled(route, ours))
            assert answer.status_code == 302 or is_refused(answer), (route, answer.status_code)
    with sign_in(joined(at_work, "Carla", "guest", terms={"until": "2999-01-01"})) as browser:
        assert browser.get("/fabric/").status_code == 200


def test_a_role_given_or_taken_counts_from_the_next_page(at_work: Any) -> None:
    member = joined(at_work, "Bruno")
    with sign_in(member) as browser:
        assert is_refused(browser.get("/circle/journal/"))
        changed(at_work, member, role="auditor")
        assert browser.get("/circle/journal/").status_code == 200
        assert is_refused(browser.get("/fabric/"))


def test_whoever_locked_is_led_to_the_passphrase(signed_in: Client, ours: UUID) -> None:
    cookies = dict(signed_in.cookies)
    signed_in.post("/lock/")
    assert cookies
    for route, _ in guarded():
        answer = signed_in.get(filled(route, ours))
        assert answer.status_code == 302 and answer["Location"].startswith(("/unlock/", "/setup/")), route
