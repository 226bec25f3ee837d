"""Who opened a dossier is in the journal, once a day, and no page waits for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError
from django.test import Client

from tejido.circles import openings
from tejido.circles.openings import fold_openings, note_opening, settle
from tejido.circles.queries import done_here, lines_of_journal
from tejido.domain.errors import DamagedSeal
from tejido.fabric.actions import record_territory
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.vault.journal import body_of, last_stamp, verify, writing
from tejido.vault.keyring import FILE_KEY
from tejido.vault.models import JournalEntry, Opening
from tejido.vault.records import create

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    """Each test begins as a new process does."""
    openings._NOTED.forget()


def _made(by: Any, model: Any, **values: Any) -> Any:
    with writing(by=by, action="test.make") as entry:
        return create(model(circle_id=by.circle_id, **values), entry)


def opened() -> list[JournalEntry]:
    """Return the lines that tell of a dossier opened."""
    return list(JournalEntry.objects.filter(action="dossier.open").order_by("seq"))


def test_the_pages_of_an_actor_and_of_an_incident_are_noted_once(at_work: Any, signed_in: Client) -> None:
    actor = _made(at_work, Actor, kind="community")
    incident = _made(at_work, Incident)
    before = last_stamp()
    for _ in range(3):
        assert signed_in.get(f"/fabric/{actor.pk}/").status_code == 200
        assert signed_in.get(f"/incidents/{incident.pk}/").status_code == 200
    assert last_stamp() == before and Opening.objects.count() == 2
    page = signed_in.get("/circle/journal/").content.decode()
    assert page.count("opened a dossier") == 2
    assert f'href="/fabric/{actor.pk}/"' in page and f'href="/incidents/{incident.pk}/"' in page
    assert {(line.noun, line.record, line.member) for line in opened()} == {
        ("fabric.actor", actor.pk, at_work.pk),
        ("incidents.incident", incident.pk, at_work.pk),
    }
    assert not Opening.objects.exists()


def test_a_dossier_that_is_not_there_was_not_opened(signed_in: Client) -> None:
    assert signed_in.get(f"/fabric/{uuid4()}/").status_code == 404
    assert not Opening.objects.exists()


def test_locking_takes_up_what_waits(at_work: Any, signed_in: Client) -> None:
    actor = _made(at_work, Actor, kind="community")
    signed_in.get(f"/fabric/{actor.pk}/")
    signed_in.post("/lock/")
    FILE_KEY.put(b"\x07" * 32)
    assert len(opened()) == 1 and verify() == last_stamp()


def test_each_day_and_each_member_counts_and_nothing_twice(at_work: Any) -> None:
    dossier = uuid4()
    for hours in (0, 1, 30, 31):
        note_opening(by=at_work, noun="fabric.actor", record=dossier, now=NOON + timedelta(hours=hours))
    assert fold_openings(by=at_work, now=NOON) == 2
    openings._NOTED.forget()  # another process knows nothing of what this one noted
    note_opening(by=at_work, noun="fabric.actor", record=dossier, now=NOON + timedelta(hours=2))
    assert Opening.objects.count() == 1
    assert fold_openings(by=at_work, now=NOON + timedelta(days=2)) == 0
    assert [dict(body_of(line)["notes"])["opened"][:10] for line in opened()] == ["2026-05-04", "2026-05-05"]  # type: ignore[call-overload]


def test_the_journal_tells_when_it_was_opened_not_when_it_was_taken_up(at_work: Any) -> None:
    note_opening(by=at_work, noun="fabric.actor", record=uuid4(), now=NOON)
    fold_openings(by=at_work, now=NOON + timedelta(days=9))
    assert lines_of_journal(at_work.circle_id, kind="opened").rows[0].at == NOON
    assert done_here(at_work.circle_id, kind="opened") == 1


def test_while_somebody_else_writes_a_note_waits_for_the_next_page(
    at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*args: object, **options: object) -> None:
        raise DatabaseError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(Opening, "save", locked)
        assert note_opening(by=at_work, noun="fabric.actor", record=uuid4())
        settle(at_work)
    assert Opening.objects.count() == 0
    note_opening(by=at_work, noun="fabric.actor", record=uuid4())
    assert Opening.objects.count() == 2
    assert fold_openings(by=at_work) == 2


def test_a_note_cannot_be_put_on_somebody_else(at_work: Any) -> None:
    note_opening(by=at_work, noun="fabric.actor", record=uuid4())
    Opening.objects.update(member=uuid4())
    fold_openings(by=at_work)
    assert [line.member for line in opened()] == [at_work.pk]
    note_opening(by=at_work, noun="fabric.actor", record=uuid4())
    row = Opening.objects.get()
    Opening.objects.update(body=bytes(row.body)[:-1] + b"\0")
    with pytest.raises(DamagedSeal):
        fold_openings(by=at_work)


def test_opening_a_page_costs_one_query_more_the_first_time_and_none_after(at_work: Any, signed_in: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    record_territory(by=at_work, name="El Río", kind="locality")
    first, second = (_made(at_work, Actor, kind="community") for _ in range(2))
    signed_in.get(f"/fabric/{first.pk}/")
    with CaptureQueriesContext(connection) as again:
        signed_in.get(f"/fabric/{first.pk}/")
    with CaptureQueriesContext(connection) as anew:
        signed_in.get(f"/fabric/{second.pk}/")
    written = [query["sql"] for query in anew if "vault_opening" in query["sql"]]
    assert len(written) == 1 and not [query for query in again if "vault_opening" in query["sql"]]
