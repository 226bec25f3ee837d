"""Closing one's own ways in before a journey."""

from __future__ import annotations

import pytest

from tejido.circles import waiting
from tejido.circles.models import Recovery
from tejido.vault.keyring import FILE_KEY
from tejido.vault.models import JournalEntry
from tests.circles.companions import House, words_of
from tests.circles.test_guardians_pages import NEW, RETURN, asked, begun, chosen, people
from tests.circles.test_member_pages import ACCOUNT, page, ribera, signed_in, visitor
from tests.circles.test_ways_back import came_back, made
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
PAGE = "/circle/account/travel/"
MEANT = {"meant": " Close my  account", "passphrase": PASSPHRASE}


def test_nothing_of_ones_own_opens_any_more_and_guardians_bring_one_back(
    ribera: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    alba, bruno, carla = people(ribera)
    other, code = signed_in(), made(alba)
    chosen(alba)
    assert alba.post(PAGE, MEANT)["Location"] == "/unlock/"
    assert [one.get(ACCOUNT).status_code for one in (alba, other, bruno)] == [302, 302, 200]
    assert visitor().post("/unlock/", {"passphrase": PASSPHRASE}).status_code == 403
    assert came_back(code)[1].status_code == 400
    assert ribera.place.ways_into(ribera.founder.account, file_key=FILE_KEY.get()) == ["guardians"]
    assert JournalEntry.objects.filter(action="account.travel").count() == 1
    passed = [0.0]
    monkeypatch.setattr(waiting, "running", lambda: ("one", passed[0]))
    words, number = asked()
    assert begun(bruno, number).status_code == 303
    passed[0] = 73 * 3600
    for browser, name in ((bruno, "Bruno"), (carla, "Carla")):
        agree = f"/circle/guardians/{Recovery.objects.get().pk}/agree/"
        assert browser.post(agree, {"passphrase": words_of(name), "handle": name}).status_code == 303
    back = {"code": words, "handle": "", "choice": "own", "own": NEW, "again": NEW}
    assert visitor().post(RETURN, back).status_code == 303


def test_without_guardians_nobody_locks_themselves_out(ribera: House) -> None:
    alba, _bruno, _carla = people(ribera)
    assert "Not possible yet" in page(alba, PAGE)
    refused = alba.post(PAGE, MEANT)
    assert refused.status_code == 400 and "Too few guardians" in refused.content.decode()
    assert signed_in()


def test_a_guardian_who_travels_cannot_bring_anybody_back(ribera: House) -> None:
    alba, bruno, _carla = people(ribera)
    chosen(alba)
    assert "Not possible yet" not in page(alba, PAGE)
    account = ribera.place.unlock(words_of("Bruno"), handle="Bruno").account
    ribera.place.drop_ways(account, kinds=["passphrase"], file_key=FILE_KEY.get())
    assert "Not possible yet" in page(alba, PAGE)
    assert bruno.get(ACCOUNT).status_code == 200


def test_a_slip_closes_nothing(ribera: House) -> None:
    alba, _bruno, _carla = people(ribera)
    chosen(alba)
    for given in ({}, {"meant": "yes", "passphrase": PASSPHRASE}, {**MEANT, "passphrase": WRONG_PASSPHRASE}):
        assert alba.post(PAGE, given).status_code == 400
    assert "What still can" in page(alba, PAGE)
    assert signed_in()
