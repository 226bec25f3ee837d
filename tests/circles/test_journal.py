"""The page that tells what was done: in words, page by page, without content."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client

import tejido
from tejido.circles.journal_words import WORDS, words_for
from tejido.circles.models import Member
from tejido.circles.queries import done_here, lines_of_journal
from tejido.vault.journal import writing


def written_actions() -> set[str]:
    """Return the code of every action that the source writes into the journal."""
    source = Path(tejido.__file__).parent
    found = (re.findall(r'action="([a-z]+\.[a-z_]+)"', path.read_text("utf-8")) for path in source.rglob("*.py"))
    return {code for codes in found for code in codes}


def test_every_action_has_its_words() -> None:
    assert "incident.record" in written_actions()
    assert written_actions() - set(WORDS) == set()


def test_an_unknown_action_is_at_least_readable() -> None:
    assert words_for("kite.let_fly") == "kite let fly"


def write_lines(by: Member, count: int) -> None:
    """Write ``count`` lines into the journal."""
    for _ in range(count):
        with writing(by=by, action="draft.save") as entry:
            entry.notes["secret"] = "never shown"


def test_the_journal_is_walked_by_key_in_both_directions(at_work: Member) -> None:
    write_lines(at_work, 7)
    circle = at_work.circle_id
    assert done_here(circle) == 8
    first = lines_of_journal(circle, size=3)
    second = lines_of_journal(circle, after=first.after, size=3)
    third = lines_of_journal(circle, after=second.after, size=3)
    assert [len(page.rows) for page in (first, second, third)] == [3, 3, 2]
    assert first.before is None and third.after is None
    assert len({line.id for page in (first, second, third) for line in page.rows}) == 8
    assert lines_of_journal(circle, before=third.before, size=3) == second
    assert lines_of_journal(circle, before=second.before, size=3).rows == first.rows


def test_the_page_shows_who_and_what_and_no_content(at_work: Member, signed_in: Client) -> None:
    write_lines(at_work, 60)
    page = signed_in.get("/circle/journal/").content.decode()
    assert page.count("left something half written") == 50
    assert page.count("<b>Alba</b>") == 50
    assert "never shown" not in page
    onward = re.search(r'href="(\?after=[^"]+)"', page)
    assert onward
    assert signed_in.get("/circle/journal/" + onward[1]).content.decode().count("<b>Alba</b>") == 11


def test_the_number_of_queries_does_not_grow_with_the_lines(
    at_work: Member, signed_in: Client, django_assert_max_num_queries: object
) -> None:
    write_lines(at_work, 5)
    signed_in.get("/circle/journal/")
    for more in (0, 40):
        write_lines(at_work, more)
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            signed_in.get("/circle/journal/")
