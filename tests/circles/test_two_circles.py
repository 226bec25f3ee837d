"""One person in two circles, two others in one each: all that is shown is of the circle worked in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tejido.circles.actions import open_keyring
from tejido.circles.membership import remove_member
from tejido.circles.models import Member
from tejido.cli import rows
from tejido.domain.errors import NotFound, WorkspaceLocked
from tejido.dossiers.bringing import brought_lately
from tejido.fabric.catalogue import ACTORS
from tejido.incidents.counts import totals
from tejido.incidents.models import Incident
from tejido.incidents.queries import incident_by_id, recent
from tejido.readings.affectation import touched_by
from tejido.readings.alleged import alleged_of
from tejido.readings.frames import frames
from tejido.readings.gathering import gathering
from tejido.readings.latest import recorded_lately
from tejido.readings.territories import known_territories
from tejido.vault import keystore
from tejido.vault.catalogue import catalogue
from tejido.vault.inbox import inbox_of
from tejido.vault.keyring import circle_at_work, current, using
from tejido.vault.sharing import grant_key
from tests.circles.both import HERE, NOW, THERE, Two

LISTS = ("/", "/fabric/", "/incidents/", "/territories/", "/circle/journal/mine/", "/circle/members/")


def _told() -> str:
    """Return all that lists, counts and readings say in the circle worked in."""
    lines = catalogue().page(ACTORS).rows
    parts: list[object] = [line.label for line in lines]
    parts += [one.title for one in recent()]
    parts += [row["names"] for row in rows.actors(kind=None, lang="en")]
    parts += [row["title"] for row in rows.incidents(kind=None, lang="en")]
    parts += [row["name"] for row in rows.territories(kind=None, lang="en")]
    parts += [f"{len(frames().cases)} cases", f"{len(frames().kinds)} kinds"]
    parts += [f"{len(known_territories().facts)} places"]
    parts += [f"{recorded_lately(NOW).many} lately", f"{len(gathering(NOW.date()).rows)} gathering"]
    parts += [f"{totals().collectives} counted", f"{brought_lately(NOW).many} brought"]
    return " ".join(map(str, parts))


NUMBERS = ("1 cases", "2 kinds", "1 places", "1 lately", "1 gathering", "1 counted", "0 brought")


@pytest.mark.parametrize(
    ("who", "word", "other"),
    [("Alba", HERE, THERE), ("Alba", THERE, HERE), ("Bruno", HERE, THERE), ("Carla", THERE, HERE)],
)
def test_readings_are_of_the_circle_worked_in(two: Two, who: str, word: str, other: str) -> None:
    with two.at_work("Alba", other):
        assert other in _told(), "what the other circle reads is held as well"
    with two.at_work(who, word):
        told = _told()
        assert word in told and other not in told
        assert all(number in told for number in NUMBERS), told
        with pytest.raises(NotFound):
            incident_by_id(two.incidents[other])
        with pytest.raises(NotFound):
            touched_by(two.incidents[other], today=NOW.date())
        assert touched_by(two.incidents[word], today=NOW.date()).total
        assert alleged_of(two.people_of[other]).acts == 0


def test_with_two_circles_and_none_chosen_nothing_is_guessed(two: Two) -> None:
    with using(open_keyring(two.people["Alba"])):
        for ask in (circle_at_work, frames, catalogue, recent, totals):
            with pytest.raises(WorkspaceLocked):
                ask()
    with using(open_keyring(two.people["Bruno"]), circle=two.circles[THERE]), pytest.raises(WorkspaceLocked):
        circle_at_work()
    with using(open_keyring(two.people["Bruno"])):
        assert circle_at_work() == two.circles[HERE], "who is in one circle need not say which"


def test_pages_and_searches_show_nothing_of_the_other_circle(two: Two, browsers: Callable[[str, str], Client]) -> None:
    for who, word, other in (("Alba", HERE, THERE), ("Alba", THERE, HERE), ("Bruno", HERE, THERE)):
        browser = browsers(who, word)
        own = (f"/fabric/{two.people_of[word]}/", f"/incidents/{two.incidents[word]}/")
        for address in (*LISTS, *own):
            answer = browser.get(address)
            assert answer.status_code == 200, address
            assert other not in answer.content.decode(), address
        assert word in browser.get("/fabric/?tab=all").content.decode()
        found = browser.post("/search/", {"words": "happened"}).content.decode()
        assert word in found and other not in found


def test_an_address_of_the_other_circle_leads_there_only_those_who_belong(
    two: Two, browsers: Callable[[str, str], Client]
) -> None:
    alba, bruno = browsers("Alba", HERE), browsers("Bruno", HERE)
    for address in (f"/fabric/{two.people_of[THERE]}/", f"/incidents/{two.incidents[THERE]}/"):
        shown = alba.get(address).content.decode()
        assert "Monte" in shown and THERE not in shown
        refused = bruno.get(address)
        assert refused.status_code == 404 and "Monte" not in refused.content.decode()
        went = alba.post(f"/circle/circles/{two.circles[THERE]}/", {"next": address})
        assert (went.status_code, went["Location"]) == (303, address)
        assert THERE in alba.get(address).content.decode()
        alba.post(f"/circle/circles/{two.circles[HERE]}/")
        assert bruno.post(f"/circle/circles/{two.circles[THERE]}/", {"next": address}).status_code == 404


def test_new_keys_of_one_circle_leave_alone_what_another_granted(two: Two) -> None:
    with two.at_work("Alba", HERE) as by:
        key = current().exported()[two.circles[THERE]][1]
        grant_key(two.people_of[HERE], of=by.circle_id, to=inbox_of(two.circles[THERE], 1, key), until=NOW.date())
    rows_before = {row.circle: row for row in keystore.of_process().rows(two.people_of[HERE])}
    with two.at_work("Alba", THERE) as by:
        carla = Member.objects.get(account=two.people["Carla"].account)
        remove_member(by=by, workspace=two.house.place, member_id=carla.pk)
    after = {row.circle: row for row in keystore.of_process().rows(two.people_of[HERE])}
    assert after == rows_before
    own = keystore.of_process().rows(two.people_of[THERE])
    assert [row.epoch for row in own] == [2]
    with two.at_work("Alba", THERE):
        assert Incident.objects.get(pk=two.incidents[THERE]).title == f"{THERE} happened"
