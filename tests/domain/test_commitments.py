"""What others promised: each stands in one way, nothing that is late or broken is out of sight."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.commitments import MESSAGES, CommitmentFacts, findings, standing, tally

TODAY = date(2026, 11, 20)
DAYS = st.none() | st.dates(TODAY - timedelta(days=60), TODAY + timedelta(days=60))
PROMISES = st.builds(
    CommitmentFacts,
    commitment=st.uuids().map(str),
    status=st.sampled_from(["promised", "kept", "broken", "released"]),
    due=DAYS,
    kept=DAYS,
    is_visit=st.booleans(),
)


@given(st.lists(PROMISES, unique_by=lambda one: one.commitment))
def test_late_and_broken_promises_are_always_in_sight_and_those_kept_or_let_go_never(
    promises: list[CommitmentFacts],
) -> None:
    late = {one.subject for one in findings(promises, TODAY) if one.level == "late"}
    assert late == {one.commitment for one in promises if standing(one, TODAY) in ("late", "broken")}
    told = {one.subject for one in findings(promises, TODAY)}
    assert not told & {one.commitment for one in promises if one.status in ("kept", "released")}


@given(st.lists(PROMISES))
def test_a_tally_counts_each_promise_once(promises: list[CommitmentFacts]) -> None:
    counted = tally(promises, TODAY)
    assert counted.due + counted.open == sum(one.status != "released" for one in promises)
    assert counted.sentence().endswith(".")


@given(PROMISES, st.integers(0, 90))
def test_a_promise_once_late_stays_late_until_something_is_written(promise: CommitmentFacts, days: int) -> None:
    if standing(promise, TODAY) == "late":
        assert standing(promise, TODAY + timedelta(days=days)) == "late"


def test_a_promise_kept_after_its_day_was_kept_late() -> None:
    due, after = TODAY, TODAY + timedelta(days=1)
    assert standing(CommitmentFacts("c", "kept", due, after), TODAY) == "kept_late"
    assert standing(CommitmentFacts("c", "kept", due, due), TODAY) == "kept"
    assert standing(CommitmentFacts("c", "kept", None, after), TODAY) == "kept"


def test_without_a_day_a_promise_is_never_late_and_that_is_said() -> None:
    assert [one.code for one in findings([CommitmentFacts("c")], TODAY)] == ["commitment_without_date"]


def test_nobody_promised_anything_is_a_sentence_too() -> None:
    assert "Nobody has promised" in tally([], TODAY).sentence()
    open_one = tally([CommitmentFacts("c", due=TODAY + timedelta(days=40))], TODAY).sentence()
    assert open_one == "1 promise is open; its day has not come."


def test_every_finding_has_a_sentence_a_reason_and_a_way_out() -> None:
    assert all(part.endswith(".") for told in MESSAGES.values() for part in told)
