"""A key on sheets of paper: so many of them bring in a coordinator once, fewer nobody."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from tejido.circles import paper_views
from tejido.circles.actions import open_keyring
from tejido.circles.membership import remove_member
from tejido.circles.models import Member
from tejido.circles.paper_sheets import sheets_pdf
from tejido.circles.recovering import new_recovery_sheets, recovery_keys, sealed_to
from tejido.domain.errors import BadInput
from tejido.domain.roles import Refused
from tejido.vault.backup import back_up
from tejido.vault.keyring import FILE_KEY, using
from tejido.vault.models import JournalEntry
from tejido.vault.paper import WORDS, root_from, root_of_sheets, sheets_of
from tejido.vault.recovery import unlock_with_words
from tejido.vault.recovery_words import as_words
from tests.circles.companions import House
from tests.circles.test_member_pages import code_for, joined, page, ribera, signed_in, visitor
from tests.personas import PASSPHRASE, WRONG_PASSPHRASE

__all__ = ["ribera"]
SHEETS, RETURN = "/circle/sheets/", "/recover/sheets/"
NEW = "other words that were chosen"
ASKED = {"many": "3", "needed": "2", "understood": "on", "passphrase": PASSPHRASE}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What stands on the sheets that a page answers with."""
    found: list[str] = []

    def keep(sheets: list[str], *, needed: int) -> bytes:
        found[:] = sheets
        return sheets_pdf(sheets, needed=needed)

    monkeypatch.setattr(paper_views, "sheets_pdf", keep)
    return found


def came(*sheets: str) -> Any:
    browser = visitor()
    words = {"sheets": "\n".join(sheets), "handle": "Dora", "choice": "own", "own": NEW, "again": NEW}
    return browser, browser.post(RETURN, words)


def test_enough_sheets_bring_in_a_coordinator_once(ribera: House, printed: list[str]) -> None:
    alba = signed_in()
    assert "nobody can stop it" in page(alba, SHEETS)
    answer = alba.post(SHEETS, ASKED)
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    assert answer["Content-Disposition"] == 'attachment; filename="hojas.pdf"'
    assert len(printed) == 3 and {len(sheet.split()) for sheet in printed} == {WORDS}
    pages = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages]
    assert len(pages) == 3 and all(
        word in told for told, sheet in zip(pages, printed, strict=True) for word in sheet.split()
    )
    assert "a key on paper" in page(alba, "/circle/members/")
    assert b"ejido" not in answer.content and b"Ribera" not in answer.content
    assert came(printed[0])[1].status_code == 400
    browser, answer = came(printed[2], printed[0])
    assert answer.status_code == 303, answer.content.decode()
    assert "Key on sheets of paper" in page(browser, "/circle/members/")
    assert browser.get("/circle/members/invite/").status_code == 200
    refused = came(printed[0], printed[1])[1]
    assert refused.status_code == 400 and "open nothing here" in refused.content.decode()
    assert signed_in(NEW, "Dora")
    assert set(JournalEntry.objects.values_list("action", flat=True)) >= {"recovery.paper", "member.join"}


def test_no_sheets_without_the_passphrase_or_before_it_was_talked_about(ribera: House, printed: list[str]) -> None:
    alba = signed_in()
    for bent in (
        {"passphrase": WRONG_PASSPHRASE},
        {"understood": ""},
        {"needed": "4"},
        {"many": "10"},
        {"needed": "1"},
    ):
        answer = alba.post(SHEETS, {**ASKED, **bent})
        assert answer.status_code == 400 and "text/html" in answer["Content-Type"], bent
    assert not printed and not Member.objects.filter(status="invited").exists()
    bruno = joined(code_for(alba, "Bruno"), "Bruno")
    assert bruno.get(SHEETS).status_code == 403


def test_sheets_taken_back_open_nothing(ribera: House, printed: list[str]) -> None:
    alba = signed_in()
    alba.post(SHEETS, ASKED)
    with ribera.at_work(ribera.founder) as by:
        gone = Member.objects.get(status="invited")
        remove_member(by=by, workspace=ribera.place, member_id=gone.pk)
        assert ribera.place.accounts(file_key=FILE_KEY.get()) == [ribera.founder.account]
    assert came(printed[0], printed[1])[1].status_code == 400


def test_wrong_sheets_wait_and_say_what_is_wrong(ribera: House, printed: list[str]) -> None:
    signed_in().post(SHEETS, ASKED)
    words = printed[0].split()
    told = {
        "33 words": came("three words only"),
        "sheet 1": came(" ".join([*words[1:], words[0]]), printed[1]),
        "and 2 are needed": came(printed[0], printed[0]),
        "do not belong together": came(printed[0], sheets_of(os.urandom(32), needed=2, many=3)[1]),
    }
    for sentence, (_browser, answer) in told.items():
        assert answer.status_code == 400 and sentence in answer.content.decode(), sentence
    strange = sheets_of(os.urandom(32), needed=2, many=2)
    assert {came(*strange)[1].status_code for _ in range(6)} == {400, 429}


def test_sheets_open_a_backup_made_since(ribera: House, tmp_path: Path) -> None:
    with ribera.at_work(ribera.founder) as alba:
        sheets = new_recovery_sheets(by=alba, workspace=ribera.place, name="x", needed=2, many=3)
        back_up(ribera.place, ribera.founder, tmp_path / "b", sealed_to=sealed_to(recovery_keys()))
    _backup, master = unlock_with_words(tmp_path / "b", "\n".join(sheets[1:]))
    assert open_keyring(master).circles == open_keyring(ribera.founder).circles


def test_only_a_coordinator_makes_sheets(ribera: House) -> None:
    bruno = ribera.joined("Bruno")
    with ribera.at_work(bruno) as by, pytest.raises(Refused):
        new_recovery_sheets(by=by, workspace=ribera.place, name="x", needed=2, many=3)
    with using(open_keyring(ribera.founder)):
        assert Member.objects.count() == 2


@given(st.binary(min_size=32, max_size=32), st.integers(2, 4), st.integers(0, 3), st.randoms())
@settings(max_examples=10, deadline=None)
def test_any_that_are_enough_yield_the_key_and_fewer_say_so(root: bytes, needed: int, more: int, chance: Any) -> None:
    sheets = sheets_of(root, needed=needed, many=needed + more)
    chance.shuffle(sheets)
    numbered = [re.sub(r"(\w+)", r"1. \1", sheet, count=1).upper() for sheet in sheets]
    assert root_from(" ".join(numbered)) == root_of_sheets("\n".join(sheets[:needed])) == root
    with pytest.raises(BadInput, match="are needed"):
        root_from(" ".join(sheets[: needed - 1]))
    assert root_of_sheets(as_words(root)) == root
