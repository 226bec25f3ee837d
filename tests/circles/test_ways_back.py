"""The recovery code: shown once, used once, replaced at will."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from tejido.circles.ways_back import WrongRecoveryCode, opened_by_recovery_code
from tejido.domain.errors import DamagedSeal
from tejido.vault.models import JournalEntry
from tests.circles.companions import House, words_of
from tests.circles.test_member_pages import ACCOUNT, code_for, joined, page, ribera, signed_in, visitor
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
CODE, RECOVER = "/circle/account/recovery/", "/recover/"
NEW = "other words that were chosen"


def made(browser: Client, words: str = PASSPHRASE, handle: str = "") -> str:
    """Make a recovery code in a browser; return it."""
    answer = browser.post(CODE, {"passphrase": words, "handle": handle})
    found = re.search(r'class="words">([^<]+)<', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def came_back(code: str, words: str = NEW, handle: str = "") -> tuple[Client, Any]:
    browser = visitor()
    return browser, browser.post(
        RECOVER, {"code": code, "handle": handle, "choice": "own", "own": words, "again": words}
    )


def test_a_code_lets_in_once_and_the_old_words_open_nothing(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    assert "You have none yet" in page(bruno, CODE)
    code = made(bruno, words_of("Bruno"), "Bruno")
    assert len(code.split()) == 10
    assert code not in page(bruno, CODE) and "You have a recovery code" in page(bruno, CODE)
    browser, answer = came_back(code, handle="Bruno")
    assert answer.status_code == 303, answer.content.decode()
    assert browser.get(ACCOUNT).status_code == 200
    assert bruno.get(ACCOUNT).status_code == 302, "sessions from before have ended"
    assert visitor().post("/unlock/", {"passphrase": words_of("Bruno"), "handle": "Bruno"}).status_code == 403
    assert signed_in(NEW, "Bruno")
    _browser, refused = came_back(code, handle="Bruno")
    assert refused.status_code == 400 and "opens nothing here" in refused.content.decode()
    assert alba.get(ACCOUNT).status_code == 200
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert actions >= {"account.recovery_code", "account.recover"}


def test_another_code_takes_the_place_of_the_first(ribera: House) -> None:
    alba = signed_in()
    first, second = made(alba), made(alba)
    assert came_back(first)[1].status_code == 400
    assert came_back(second)[1].status_code == 303


def test_an_open_page_alone_makes_no_code(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    for words in ("", WRONG_PASSPHRASE):
        answer = bruno.post(CODE, {"passphrase": words})
        assert answer.status_code == 400 and 'class="words"' not in answer.content.decode()
    answer = bruno.post(CODE, {"passphrase": PASSPHRASE})
    assert answer.status_code == 400, "the passphrase of somebody else is not one's own"
    assert not JournalEntry.objects.filter(action="account.recovery_code").exists()


def test_a_code_is_no_passphrase_and_a_passphrase_no_code(ribera: House) -> None:
    code = made(signed_in())
    assert visitor().post("/unlock/", {"passphrase": code}).status_code == 403
    assert came_back(PASSPHRASE)[1].status_code == 400


def test_wrong_codes_wait_and_weak_words_keep_the_code(ribera: House) -> None:
    code = made(signed_in())
    assert came_back(code, "short")[1].status_code == 400
    tries = [came_back("ten words that are no code of anybody at all here")[1].status_code for _ in range(4)]
    assert tries == [400, 400, 400, 429]
    assert opened_by_recovery_code(ribera.place, code).account == ribera.founder.account


def test_whoever_was_let_go_has_no_way_back(ribera: House) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    code = made(bruno, words_of("Bruno"), "Bruno")
    assert bruno.post(ACCOUNT, {"sure": "on"})["Location"] == "/unlock/"
    with pytest.raises(WrongRecoveryCode):
        opened_by_recovery_code(ribera.place, code)


def test_a_file_that_was_altered_is_not_sealed_anew(ribera: House) -> None:
    path = ribera.place.directory / "workspace.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "database": "postgresql://elsewhere/x"}))
    with pytest.raises(DamagedSeal):
        ribera.place.set_way(
            ribera.founder, ribera.place.stretch("a b c d e f g"), kind="recovery", instead_of=["recovery"]
        )
