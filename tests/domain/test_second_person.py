"""Two people for what leaves: the rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.roles import Verdict
from tejido.domain.second_person import (
    APPROVED,
    CLOCK,
    KINDS,
    LASTS,
    OVER,
    REFUSED,
    SELF,
    TAKEN_BACK,
    USED,
    WAITING,
    NotApproved,
    Statement,
    ends,
    refuse_giving,
    refuse_using,
)
from tejido.vocabularies import vocabulary

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STATEMENT = Statement(
    id="01" * 16, circle="02" * 16, kind="export", digest="ab" * 32, requester="alba", holds={"actors": 3},
    reason="the assembly asked for it", asked_at=NOON.isoformat(), until=ends(NOON).isoformat(),
)  # fmt: skip
HOLDS: dict[str, Any] = {
    "status": APPROVED, "by": "alba", "kind": "export", "digest": "ab" * 32, "approver": "bruno",
    "standing": Verdict(True), "signed": True, "now": NOON + timedelta(hours=1),
}  # fmt: skip


def test_the_lists_name_what_the_rules_know() -> None:
    assert tuple(vocabulary("approval_kinds").codes) == KINDS
    assert set(vocabulary("approval_statuses").codes) == {WAITING, APPROVED, REFUSED, TAKEN_BACK, USED}


def test_what_was_approved_leaves() -> None:
    refuse_giving(STATEMENT, status=WAITING, by="bruno", now=NOON)
    refuse_using(STATEMENT, **HOLDS)


@pytest.mark.parametrize(
    "bent",
    [
        {"status": WAITING}, {"status": REFUSED}, {"status": TAKEN_BACK}, {"status": USED}, {"status": "odd"},
        {"by": "bruno"}, {"kind": "erasure"}, {"digest": "ac" * 32}, {"approver": "alba"}, {"approver": ""},
        {"standing": Verdict(False, "x")}, {"signed": False},
        {"now": NOON - timedelta(seconds=1)}, {"now": NOON + LASTS + timedelta(seconds=1)},
    ],
)  # fmt: skip
def test_one_thing_amiss_and_nothing_leaves_with_a_sentence(bent: dict[str, Any]) -> None:
    if bent == {"approver": ""}:
        bent = {"approver": "", "signed": False}  # nobody signed
    with pytest.raises(NotApproved) as refusal:
        refuse_using(STATEMENT, **{**HOLDS, **bent})
    assert refusal.value.sentence().count(".") >= 1


@given(st.fixed_dictionaries({}, optional={
    "status": st.sampled_from([WAITING, APPROVED, REFUSED, TAKEN_BACK, USED]),
    "by": st.sampled_from(["alba", "bruno", "celia"]),
    "approver": st.sampled_from(["alba", "bruno", ""]),
    "digest": st.sampled_from(["ab" * 32, "ac" * 32]),
    "kind": st.sampled_from(KINDS),
    "signed": st.booleans(),
    "standing": st.sampled_from([Verdict(True), Verdict(False, "no")]),
    "now": st.integers(-80, 80).map(lambda hours: NOON + timedelta(hours=hours)),
}))  # fmt: skip
def test_only_everything_together_lets_it_leave(bent: dict[str, Any]) -> None:
    now = {**HOLDS, **bent}
    good = (
        (now["status"], now["by"], now["digest"], now["kind"]) == (APPROVED, "alba", "ab" * 32, "export")
        and now["approver"] != "alba" and now["signed"] and now["standing"].allowed
        and NOON <= now["now"] <= NOON + LASTS
    )  # fmt: skip
    try:
        refuse_using(STATEMENT, **now)
    except NotApproved:
        assert not good
    else:
        assert good


def test_nobody_agrees_with_themselves_nor_too_late_nor_before_it_was_asked() -> None:
    for by, now, why in (
        ("alba", NOON, SELF),
        ("bruno", NOON + LASTS + timedelta(seconds=1), OVER),
        ("bruno", NOON - timedelta(seconds=1), CLOCK),
    ):
        with pytest.raises(NotApproved, match=why.split(".")[0]):
            refuse_giving(STATEMENT, status=WAITING, by=by, now=now)


def test_every_part_of_what_is_asked_for_is_signed() -> None:
    signed = STATEMENT.signed_by("bruno", "2026")
    for name, value in {
        "id": "03", "circle": "04", "kind": "erasure", "digest": "cd" * 32, "requester": "x", "holds": {"actors": 4},
        "reason": "another", "asked_at": "x", "until": "y",
    }.items():  # fmt: skip
        assert replace(STATEMENT, **{name: value}).signed_by("bruno", "2026") != signed  # type: ignore[arg-type]
    assert STATEMENT.signed_by("celia", "2026") != signed != STATEMENT.signed_by("bruno", "2027")


def test_a_statement_names_a_kind_and_a_digest() -> None:
    for bent in ({"kind": "party"}, {"digest": "ab"}, {"digest": "AB" * 32}):
        with pytest.raises(ValueError, match="SHA-256"):
            replace(STATEMENT, **bent)  # type: ignore[arg-type]
