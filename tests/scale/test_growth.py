"""A page asks as many questions of the store when there is ten times as much in it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from benchmarks.pages import Kind, counting, kinds
from benchmarks.weaving import Size, Woven, weave

SMALL = Size(incidents=40, actors=60, ties=80, territories=60, rich=1, rich_incidents=12, rich_ties=10)
MORE = Size(incidents=400, actors=400, ties=800, territories=80, rich=1, rich_incidents=120, rich_ties=40)


def _most_questions(browser: Client, pages: list[Kind]) -> dict[str, int]:
    found: dict[str, int] = {}
    browser.get("/")  # the first page after much was written takes it in, once
    for kind in pages:
        browser.get(kind.addresses[0].removeprefix("POST ").partition("?")[0])  # takes in what was written, once
        for address in kind.addresses:
            with counting() as counts:
                path, _, query = address.removeprefix("POST ").partition("?")
                words = query.removeprefix("words=")
                posts = address.startswith("POST ")
                answer = browser.post(path, {"words": words}) if posts else browser.get(address)
            assert answer.status_code == 200, address
            found[kind.name] = max(found.get(kind.name, 0), counts["store"])
    return found


def test_the_number_of_questions_does_not_grow_with_the_rows(at_work: Any, signed_in: Client) -> None:
    few = weave(by=at_work, size=SMALL, seed=1)
    before = _most_questions(signed_in, kinds(few, many=6))
    many = weave(by=at_work, size=MORE, seed=2)
    after = _most_questions(signed_in, kinds(many, many=6))
    # A page leaves out a question whose answer is empty, so it asks a few more where there is more of every kind;
    # one that asked for each row would ask ten times as often.
    assert {name: count for name, count in after.items() if count > before[name] + 5} == {}
    assert len(after) >= 12 and max(after.values()) <= 40


def test_the_same_seed_weaves_the_same(at_work: Any) -> None:
    from tejido.incidents.models import Incident

    woven: Woven = weave(by=at_work, size=SMALL, seed=3)
    titles = [Incident.objects.get(pk=one).title for one in woven.incidents[:5]]
    assert len(woven.incidents) == 40 and len(woven.rich) == 1 and len(set(titles)) > 1
    Incident.objects.all().delete()
    from tejido.fabric.models import Actor, Territory

    Actor.objects.all().delete()
    while Territory.objects.exists():
        Territory.objects.filter(parts=None).delete()
    again = weave(by=at_work, size=SMALL, seed=3)
    assert again.incidents == woven.incidents
    assert [Incident.objects.get(pk=one).title for one in again.incidents[:5]] == titles
