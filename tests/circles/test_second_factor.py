"""The second factor: asked for after the passphrase, each code once."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tejido.circles import opening
from tejido.circles import second_factor as at_the_door
from tejido.circles.opening import begin_work
from tejido.circles.second_factor import SecondFactorNeeded
from tejido.domain.errors import DamagedSeal
from tejido.vault import second_factor as factor
from tejido.vault.models import JournalEntry, SecondFactor
from tejido.vault.sessions import SessionStore
from tests.circles.companions import House, words_of
from tests.circles.test_member_pages import ACCOUNT, code_for, joined, page, ribera, signed_in, visitor
from tests.circles.test_ways_back import came_back, made
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
PAGE = "/circle/account/second/"
KEY = b"k" * 32


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The clock of the server, to be set."""
    at = [float(int(time.time() // 30) * 30)]
    monkeypatch.setattr(at_the_door, "_now", lambda now: at[0] if now is None else now)
    yield at


def telephone(browser: Client) -> bytes:
    """Read the secret into a telephone."""
    shown = page(browser, PAGE)
    found = re.search(r'class="words">([A-Z2-7 ]+)<', shown)
    assert found and "<svg" in shown and "style=" not in shown.partition("<svg")[2].partition("</svg>")[0]
    import base64

    return base64.b32decode(found[1].replace(" ", ""))


def now_of(secret: bytes, clock: list[float], step: int = 0) -> str:
    return factor.code_at(secret, int(clock[0] // 30) + step)


def has_set_up(browser: Client, clock: list[float]) -> tuple[bytes, list[str]]:
    secret = telephone(browser)
    answer = browser.post(PAGE, {"second": now_of(secret, clock), "passphrase": PASSPHRASE})
    paper = re.findall(r'class="words">([0-9 ]+)<', answer.content.decode())
    assert len(paper) == 8, answer.content.decode()
    return secret, paper


def at_door(second: str, words: str = PASSPHRASE) -> Any:
    return visitor().post("/unlock/", {"passphrase": words, "second": second})


def test_the_passphrase_alone_is_enough_no_more(ribera: House, clock: list[float]) -> None:
    alba = signed_in()
    secret, paper = has_set_up(alba, clock)
    assert paper[0] not in page(alba, PAGE) and "You have one" in page(alba, PAGE)
    refused = at_door("")
    assert refused.status_code == 403 and "second factor is missing" in refused.content.decode()
    assert at_door("123456" if now_of(secret, clock) != "123456" else "654321").status_code == 403
    clock[0] += 30
    assert at_door(now_of(secret, clock)).status_code == 302
    assert set(JournalEntry.objects.values_list("action", flat=True)) >= {"account.second_factor"}


def test_a_code_is_used_once(ribera: House, clock: list[float]) -> None:
    secret, _paper = has_set_up(signed_in(), clock)
    assert at_door(now_of(secret, clock)).status_code == 403, "the code that set it up was used"
    clock[0] += 30
    code = now_of(secret, clock)
    assert [at_door(code).status_code for _ in range(2)] == [302, 403]
    assert at_door(now_of(secret, clock, -1)).status_code == 403, "an earlier one is older than the last used"


def test_a_wrong_passphrase_uses_no_code_up(ribera: House, clock: list[float]) -> None:
    secret, _paper = has_set_up(signed_in(), clock)
    clock[0] += 30
    code = now_of(secret, clock)
    assert "second factor is missing" not in at_door(code, WRONG_PASSPHRASE).content.decode()
    assert at_door(code).status_code == 302


def test_paper_works_once_each(ribera: House, clock: list[float]) -> None:
    _secret, paper = has_set_up(signed_in(), clock)
    assert [at_door(paper[3]).status_code for _ in range(2)] == [302, 403]
    assert at_door(paper[4].replace(" ", "")).status_code == 302


def test_wrong_codes_wait_though_the_passphrase_is_right(ribera: House, clock: list[float]) -> None:
    secret, _paper = has_set_up(signed_in(), clock)
    clock[0] += 30
    for _ in range(3):
        at_door("000000" if now_of(secret, clock) != "000000" else "000001")
    answer = at_door(now_of(secret, clock))
    assert answer.status_code == 403 and "waits a little longer" in answer.content.decode()


def test_another_code_than_that_of_now_sets_nothing_up(ribera: House, clock: list[float]) -> None:
    alba = signed_in()
    secret = telephone(alba)
    assert telephone(alba) == secret, "the same picture until it is set up"
    for second, words in (("000", PASSPHRASE), ("", PASSPHRASE), (now_of(secret, clock), WRONG_PASSPHRASE)):
        assert alba.post(PAGE, {"second": second, "passphrase": words}).status_code == 400
    assert not SecondFactor.objects.exists()


def test_it_is_taken_away_with_passphrase_and_code(ribera: House, clock: list[float]) -> None:
    alba = signed_in()
    secret, _paper = has_set_up(alba, clock)
    assert alba.post(PAGE, {"second": "000000", "passphrase": PASSPHRASE}).status_code == 400
    clock[0] += 30
    assert alba.post(PAGE, {"second": now_of(secret, clock), "passphrase": PASSPHRASE}).status_code == 303
    assert at_door("").status_code == 302


def test_the_recovery_code_takes_it_away(ribera: House, clock: list[float]) -> None:
    alba = signed_in()
    code = made(alba)
    has_set_up(alba, clock)
    assert came_back(code)[1].status_code == 303
    assert not SecondFactor.objects.exists()


def test_joining_one_circle_more_is_no_way_around_it(ribera: House, clock: list[float]) -> None:
    alba = signed_in()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    secret = telephone(bruno)
    given = {"second": now_of(secret, clock), "passphrase": words_of("Bruno"), "handle": "Bruno"}
    assert bruno.post(PAGE, given).status_code == 200
    alba.post("/circle/circles/found/", {"name": "Monte"})
    browser = visitor()
    both = {"code": code_for(alba, "Bruno"), "handle": "Bruno", "passphrase": words_of("Bruno")}
    assert browser.post("/join/account/", both)["Location"] == "/unlock/"
    assert browser.get(ACCOUNT).status_code == 302


def test_a_door_that_forgets_the_code_lets_nobody_in(ribera: House, clock: list[float]) -> None:
    """Planted: a view that asks for the passphrase and begins to work, without a word of the second factor."""
    has_set_up(signed_in(), clock)
    request = HttpRequest()
    request.session = SessionStore()
    with pytest.raises(SecondFactorNeeded):
        begin_work(request, ribera.founder)
    assert "work" not in request.session


def test_only_beginning_to_work_opens_a_session() -> None:
    """One way in for every door: a new one that opens a session by itself would pass by the second factor."""
    rooms = Path(opening.__file__).resolve().parents[1]
    using_it = {file.name for file in rooms.rglob("*.py") if "open_session(" in file.read_text(encoding="utf-8")}
    assert using_it == {"opening.py", "work_session.py"}


def test_the_codes_are_those_of_the_standard() -> None:
    secret = b"12345678901234567890"  # RFC 6238, appendix B; the last six of its eight digits
    told = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 20000000000: "353130"}
    assert {at: factor.code_at(secret, at // 30) for at in told} == told


@given(st.integers(100, 10**8), st.integers(-3, 3))
def test_a_code_holds_one_step_around_now(step: int, drift: int) -> None:
    kept = factor.SecondFactor(b"s" * 20)
    after = factor.used(kept, factor.code_at(kept.secret, step + drift), now=step * 30 + 7, notes_key=KEY)
    near = {factor.code_at(kept.secret, step + one) for one in (-1, 0, 1)}
    if abs(drift) <= 1:
        assert after is not None
        assert factor.used(after, factor.code_at(kept.secret, after.last), now=step * 30 + 7, notes_key=KEY) is None
    elif factor.code_at(kept.secret, step + drift) not in near:
        assert after is None


def test_what_is_kept_opens_for_its_account_alone() -> None:
    from uuid import uuid4

    mine, kept = uuid4(), factor.SecondFactor(b"s" * 20, 7, ("aa",))
    raw = factor.sealed(kept, account=mine, notes_key=KEY)
    assert factor.opened(raw, account=mine, notes_key=KEY) == kept
    with pytest.raises(DamagedSeal):
        factor.opened(raw, account=uuid4(), notes_key=KEY)
    with pytest.raises(DamagedSeal):
        factor.opened(raw, account=mine, notes_key=b"x" * 32)
