"""What each role may do, and why not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.roles import ACTIONS, CAPABILITIES, NOUNS, ROLES, allows_writing, may, needed_for
from tejido.vocabularies import vocabulary

TODAY = date(2026, 5, 4)


def test_the_table_speaks_of_the_roles_and_capabilities_that_there_are() -> None:
    assert set(ROLES) == set(vocabulary("member_roles").codes)
    assert set().union(*ROLES.values()) == CAPABILITIES
    assert (set(ACTIONS.values()) | set(NOUNS.values())) - {""} <= CAPABILITIES


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (
            "coordinator",
            "read report write bring_in take_out erase approve manage_members set_readings read_journal own",
        ),
        ("member", "read report write bring_in take_out erase approve own"),
        ("field_reporter", "report own"),
        ("auditor", "read_journal own"),
        ("guest", "read own"),
    ],
)
def test_each_role_may_what_is_written_here_and_nothing_else(role: str, allowed: str) -> None:
    wanted = {one.replace("_", " ") for one in allowed.split()}
    assert {one for one in CAPABILITIES if may(role, one).allowed} == wanted


@given(st.text(max_size=20).filter(lambda text: text not in ROLES), st.sampled_from(sorted(CAPABILITIES)))
def test_a_role_nobody_knows_may_nothing(role: str, capability: str) -> None:
    assert not may(role, capability).allowed


@given(
    st.sampled_from(sorted(ROLES)),
    st.sampled_from(sorted(CAPABILITIES)),
    st.sampled_from(["active", "removed", "left", "invited", ""]),
    st.integers(-400, 400) | st.none(),
)
def test_whoever_is_gone_or_whose_time_is_over_may_nothing_and_every_refusal_says_why(
    role: str, capability: str, status: str, days: int | None
) -> None:
    until = None if days is None else TODAY + timedelta(days=days)
    verdict = may(role, capability, status=status, until=until, today=TODAY)
    standing = status == "active" and (days is None or days >= 0)
    assert verdict.allowed == (standing and capability in ROLES[role])
    assert verdict.allowed or (verdict.sentence() and verdict.ask == "coordinator")
    if not standing:
        assert not may(role, "own", status=status, until=until, today=TODAY).allowed


def test_a_limit_in_time_without_a_clock_lets_nobody_in() -> None:
    assert not may("guest", "read", until=TODAY).allowed


def test_a_policy_with_a_slip_in_it_is_no_open_door() -> None:
    with pytest.raises(ValueError, match="raed"):
        may("coordinator", "raed")


def test_a_write_nobody_thought_of_needs_the_right_to_write() -> None:
    assert needed_for("kite.let_fly") == "write"
    assert needed_for("member.remove") == "manage members"
    assert needed_for("exchange.undo") == "bring in"


@given(st.sampled_from(sorted({*ACTIONS, "actor.record", "exchange.undo", "member.remove", "kite.let_fly"})))
def test_what_only_looks_writes_nothing_of_the_circles(action: str) -> None:
    for looking in ("read", "read journal"):
        assert allows_writing(looking, action) == (needed_for(action) in {"", "own", looking})
    assert allows_writing("write", action)
