"""A dossier shared with another circle: read, not written, not counted; and over when it is over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tejido.circles import sharing as circle_sharing
from tejido.circles.epochs import inbox_for
from tejido.circles.membership import change_role
from tejido.circles.models import Grant, Member
from tejido.circles.sharing import (
    settle_sharing,
    share_dossier,
    shared_by,
    shared_here,
    shared_with,
    sign_of,
    stop_sharing,
)
from tejido.domain.errors import BadInput, Conflict, NotFound, WorkspaceLocked
from tejido.domain.roles import Refused
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tejido.readings.frames import frames
from tejido.vault import keystore, sharing
from tejido.vault.erasure import erase_dossier
from tejido.vault.journal import verify
from tejido.vault.keyring import current
from tejido.vault.models import JournalEntry
from tests.circles.both import HERE, NOW, THERE, Two
from tests.circles.companions import TODAY

LAST = NOW.date() + timedelta(days=5)
WHY = "the assembly agreed"
Browsers = Callable[[str, str], Client]


def signed(two: Two, word: str) -> str:
    with two.at_work("Alba", word):
        return sign_of(two.circles[word])


def shared(two: Two, dossier: UUID, *, who: str = "Bruno", until: date = LAST) -> Grant:
    sign = signed(two, THERE)
    with two.at_work(who, HERE) as by:
        return share_dossier(dossier, by=by, sign=sign, until=until, why=WHY)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let so many days pass."""

    def passed(days: int) -> None:
        day = NOW.date() + timedelta(days=days)
        monkeypatch.setattr(sharing, "today", lambda: day)
        monkeypatch.setattr("tejido.circles.sharing.today", lambda: day)

    return passed


def actions(two: Two, word: str) -> list[str]:
    lines = JournalEntry.objects.filter(circle=two.circles[word], action__startswith="sharing.").order_by("seq")
    return list(lines.values_list("action", flat=True))


def test_what_is_shared_is_read_by_the_other_circle_and_nothing_else_is(two: Two) -> None:
    shared(two, two.people_of[HERE])
    with two.at_work("Carla", THERE) as by:
        (one,) = shared_with(by.circle_id)
        assert (one.dossier, one.why, one.by, one.of, one.until) == (two.people_of[HERE], WHY, "Bruno", "Ribera", LAST)
        group = Actor.objects.get(pk=two.people_of[HERE])
        assert group.usual_name == f"{HERE} group"
        with pytest.raises(WorkspaceLocked):
            Incident.objects.get(pk=two.incidents[HERE]).title  # noqa: B018
        assert two.people_of[HERE].hex not in {UUID(kind).hex for kind in frames().kinds}
        assert shared_by(by.circle_id) == []
        settle_sharing(by=by)
        settle_sharing(by=by)
        assert verify()
    assert actions(two, HERE) == ["sharing.grant"] and actions(two, THERE) == ["sharing.receive"]


def test_taken_back_it_opens_nothing_at_once(two: Two) -> None:
    grant = shared(two, two.people_of[HERE])
    with two.at_work("Carla", THERE) as by:
        held = Actor.objects.get(pk=two.people_of[HERE])
        with pytest.raises(NotFound):
            stop_sharing(grant.pk, by=by)
    with two.at_work("Bruno", HERE) as by:
        assert [one.id for one in shared_by(by.circle_id)] == [grant.pk]
        stop_sharing(grant.pk, by=by)
        assert shared_by(by.circle_id) == []
        assert Actor.objects.get(pk=two.people_of[HERE]).usual_name == f"{HERE} group"
    with two.at_work("Carla", THERE) as by:
        assert shared_with(by.circle_id) == []
        with pytest.raises(WorkspaceLocked):
            held.names  # noqa: B018
        with pytest.raises(WorkspaceLocked):
            Actor.objects.get(pk=two.people_of[HERE]).usual_name  # noqa: B018
    assert actions(two, HERE) == ["sharing.grant", "sharing.withdraw"]


def test_after_its_last_day_nothing_opens_and_the_next_who_comes_sweeps(
    two: Two, later: Callable[[int], None]
) -> None:
    shared(two, two.people_of[HERE])
    later(5)
    with two.at_work("Carla", THERE) as by:
        assert shared_here(two.people_of[HERE], by.circle_id).until == LAST
    later(6)
    with two.at_work("Carla", THERE) as by:
        with pytest.raises(NotFound):
            shared_here(two.people_of[HERE], by.circle_id)
        with pytest.raises(WorkspaceLocked):
            Actor.objects.get(pk=two.people_of[HERE]).usual_name  # noqa: B018
    with two.at_work("Alba", HERE) as by:
        assert len(keystore.of_process().rows(two.people_of[HERE])) == 2
        settle_sharing(by=by)
        assert [row.circle for row in keystore.of_process().rows(two.people_of[HERE])] == [two.circles[HERE]]
    assert actions(two, HERE)[-1] == "sharing.end" and Grant.objects.get().status == "over"


def test_erasing_takes_it_from_everybody(two: Two) -> None:
    shared(two, two.people_of[HERE])
    with two.at_work("Alba", HERE) as by:
        erase_dossier(two.people_of[HERE], by=by)
    assert not Grant.objects.exists() and not keystore.of_process().rows(two.people_of[HERE])


def test_who_joins_later_reads_it_and_whoever_is_in_both_still_works_in_one(two: Two) -> None:
    shared(two, two.people_of[HERE])
    dora = two.house.invited("Dora", circle=two.circles[THERE])
    assert dora
    with two.at_work("Alba", THERE) as by:
        assert len(shared_with(by.circle_id)) == 1
    with two.at_work("Alba", HERE) as by:
        assert shared_with(by.circle_id) == [] and len(shared_by(by.circle_id)) == 1


def test_each_wrong_word_is_told(two: Two) -> None:
    sign, here = signed(two, THERE), signed(two, HERE)
    with two.at_work("Bruno", HERE) as by:
        dossier, day = two.people_of[HERE], NOW.date()
        for wrong, told in (
            ({"sign": "x"}, "no such circle"),
            ({"sign": str(UUID(int=3))}, "no such circle"),
            ({"sign": here}, "the circle that keeps"),
            ({"sign": sign[:-1] + ("0" if sign[-1] != "0" else "1")}, "by voice"),
            ({"until": None}, "last day"),
            ({"until": day - timedelta(days=1)}, "last day"),
            ({"why": "  "}, "why it is shared"),
        ):
            given = {"sign": sign, "until": day, "why": WHY, **wrong}
            with pytest.raises(BadInput, match=told):
                share_dossier(dossier, by=by, **given)  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            share_dossier(two.people_of[THERE], by=by, sign=sign, until=day, why=WHY)
        assert share_dossier(dossier, by=by, sign=str(two.circles[THERE]), until=day, why=WHY).status == "stands"
    with two.at_work("Alba", HERE) as alba:
        bruno = Member.objects.get(account=two.people["Bruno"].account)
        change_role(by=alba, member_id=bruno.pk, role="auditor", today=TODAY)
    with two.at_work("Bruno", HERE) as by, pytest.raises(Refused):
        share_dossier(dossier, by=by, sign=sign, until=day, why=WHY)
    assert Grant.objects.count() == 1 and len(keystore.of_process().rows(dossier)) == 2


def test_taking_an_earlier_grant_back_leaves_the_later_one(two: Two) -> None:
    earlier, later = (shared(two, two.people_of[HERE]) for _ in range(2))
    with two.at_work("Bruno", HERE) as by:
        stop_sharing(earlier.pk, by=by)
    with two.at_work("Carla", THERE) as by:
        assert [one.id for one in shared_with(by.circle_id)] == [later.pk]
        assert Actor.objects.get(pk=two.people_of[HERE]).usual_name == f"{HERE} group"


def test_a_grant_that_was_cut_off_before_the_key_was_handed_over_ends_when_the_circle_comes_in(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circle_sharing, "grant_key", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        shared(two, two.people_of[HERE])
    monkeypatch.undo()
    assert Grant.objects.get().status == "stands"
    with two.at_work("Bruno", HERE) as by:
        settle_sharing(by=by)
    assert Grant.objects.get().status == "over"
    assert actions(two, HERE) == ["sharing.grant", "sharing.end"]


@pytest.mark.parametrize("killed_at", ["withdraw_key", "create", "grant_key"])
def test_an_earlier_last_day_that_is_cut_off_leaves_no_key_for_longer(
    two: Two, monkeypatch: pytest.MonkeyPatch, killed_at: str
) -> None:
    shared(two, two.people_of[HERE], until=LAST)
    monkeypatch.setattr(circle_sharing, killed_at, lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        shared(two, two.people_of[HERE], until=NOW.date() + timedelta(days=1))
    monkeypatch.undo()
    with two.at_work("Carla", THERE) as by:
        if killed_at == "withdraw_key":
            assert shared_here(two.people_of[HERE], by.circle_id).until == LAST, "the state before"
            return
        with pytest.raises(WorkspaceLocked):
            Actor.objects.get(pk=two.people_of[HERE]).usual_name  # noqa: B018
    with two.at_work("Bruno", HERE) as by:
        settle_sharing(by=by)
    assert not Grant.objects.filter(status="stands").exists()


def test_a_later_last_day_that_is_cut_off_leaves_the_dossier_open_as_before(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared(two, two.people_of[HERE])
    monkeypatch.setattr(circle_sharing, "grant_key", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        shared(two, two.people_of[HERE], until=LAST + timedelta(days=9))
    with two.at_work("Carla", THERE):
        assert Actor.objects.get(pk=two.people_of[HERE]).usual_name == f"{HERE} group"


def test_of_two_last_days_at_once_the_one_that_stands_is_the_one_of_the_key(
    two: Two, later: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Alba hands over the later day after Bruno has written the earlier one."""
    hand_over, first = sharing.grant_key, [True]

    def meanwhile(*args: Any, **more: Any) -> None:
        if first.pop() if first else False:
            shared(two, two.people_of[HERE], until=NOW.date() + timedelta(days=1))
        hand_over(*args, **more)

    monkeypatch.setattr(circle_sharing, "grant_key", meanwhile)
    with pytest.raises(Conflict, match="ended"):
        shared(two, two.people_of[HERE], who="Alba", until=LAST)
    with two.at_work("Carla", THERE) as by:
        assert shared_here(two.people_of[HERE], by.circle_id).until == NOW.date() + timedelta(days=1)
        later(2)
        with pytest.raises(WorkspaceLocked):
            Actor.objects.get(pk=two.people_of[HERE]).usual_name  # noqa: B018


def test_what_is_stopped_while_it_is_handed_over_is_not_lent(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stops it takes the key before it is there; it is taken once more when the record says so."""
    grant = shared(two, two.people_of[HERE])
    take, first = sharing.withdraw_key, [True]

    def and_handed_over_again(dossier: UUID, **where: Any) -> None:
        take(dossier, **where)
        if first.pop() if first else False:
            inbox = inbox_for(where["to"], keyring=current())
            sharing.grant_key(dossier, of=where["of"], to=inbox, until=LAST)

    monkeypatch.setattr(circle_sharing, "withdraw_key", and_handed_over_again)
    with two.at_work("Bruno", HERE) as by:
        stop_sharing(grant.pk, by=by)
    assert len(keystore.of_process().rows(two.people_of[HERE])) == 1


def test_what_somebody_ended_before_the_key_was_handed_over_is_not_lent(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over = sharing.grant_key

    def ended_meanwhile(*args: Any, **more: Any) -> None:
        Grant.objects.update(status="over")
        hand_over(*args, **more)

    monkeypatch.setattr(circle_sharing, "grant_key", ended_meanwhile)
    with pytest.raises(Conflict, match="ended"):
        shared(two, two.people_of[HERE])
    assert len(keystore.of_process().rows(two.people_of[HERE])) == 1


def test_the_pages_share_show_and_take_back(two: Two, browsers: Browsers) -> None:
    sign = signed(two, THERE)
    bruno, carla = browsers("Bruno", HERE), browsers("Carla", THERE)
    assert "No other circle lets us" in carla.get("/shared/").content.decode()
    for dossier in (two.people_of[HERE], two.incidents[HERE]):
        page = f"/dossiers/{dossier}/share/"
        assert "cannot be unread" in bruno.get(page).content.decode()
        refused = bruno.post(page, {"sign": "x", "until": LAST.isoformat(), "why": WHY})
        assert refused.status_code == 400 and "no such circle" in refused.content.decode()
        assert bruno.post(page, {"sign": sign, "until": LAST.isoformat(), "why": WHY}).status_code == 303
        assert carla.get(page).status_code == 404
    listed = carla.get("/shared/").content.decode()
    assert f"{HERE} group" in listed and f"{HERE} happened" in listed and "Bruno" in listed
    incident = carla.get(f"/shared/{two.incidents[HERE]}/").content.decode()
    assert f"{HERE} group" in incident and "somebody not shared" in incident and f"{HERE} company" not in incident
    assert "Ribera" in incident and f"{HERE} valley" not in incident
    assert carla.get(f"/incidents/{two.incidents[HERE]}/")["Location"] == f"/shared/{two.incidents[HERE]}/"
    for address in ("/", "/fabric/?tab=all", "/incidents/", "/territories/"):
        assert HERE not in carla.get(address).content.decode(), address
    for grant in Grant.objects.all():
        assert carla.post(f"/shared/{grant.pk}/stop/").status_code == 404
        assert bruno.post(f"/shared/{grant.pk}/stop/").status_code == 303
    assert carla.get(f"/shared/{two.incidents[HERE]}/").status_code == 404
    assert HERE not in carla.get("/shared/").content.decode()
