"""No way to write forgets to ask whether whoever acts may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tejido.domain.roles import Refused
from tejido.vault.journal import last_stamp, writing
from tejido.vault.permits import UndeclaredWrite, under_policy, verdict_on


@dataclass(frozen=True)
class Somebody:
    """Whoever acts, as they stand."""

    id: UUID
    circle_id: UUID
    role: str = "member"
    status: str = "active"
    until: date | None = None


def somebody(like: Any, **standing: Any) -> Somebody:
    """Return somebody of the circle of ``like``."""
    return Somebody(like.id, like.circle_id, **standing)


def today() -> date:
    return datetime.now(UTC).date()


@pytest.mark.parametrize(
    ("standing", "action"),
    [
        ({"role": "guest"}, "actor.record"),
        ({"role": "auditor"}, "incident.record"),
        ({"role": "field_reporter"}, "actor.record"),
        ({"role": "member"}, "member.invite"),
        ({"role": "auditor"}, "approval.give"),
        ({"role": "guest"}, "exchange.export"),
        ({"role": "nobody knows it"}, "actor.record"),
        ({"role": ""}, "actor.record"),
        ({"status": "removed"}, "actor.record"),
        ({"role": "coordinator", "until": date(2020, 1, 1)}, "actor.record"),
    ],
)
def test_a_write_that_a_role_does_not_allow_is_refused_and_leaves_no_line(
    at_work: Any, standing: dict[str, Any], action: str
) -> None:
    before = last_stamp()
    with pytest.raises(Refused) as refusal, writing(by=somebody(at_work, **standing), action=action):
        raise AssertionError("the block must not be entered")
    assert refusal.value.verdict.ask == "coordinator"
    assert last_stamp() == before


@pytest.mark.parametrize(
    ("standing", "action"),
    [
        ({"role": "member"}, "actor.record"),
        ({"role": "field_reporter"}, "incident.record"),
        ({"role": "guest", "until": date(9000, 1, 1)}, "circle.change_passphrase"),
        ({"role": "coordinator"}, "member.invite"),
    ],
)
def test_what_a_role_allows_is_written(at_work: Any, standing: dict[str, Any], action: str) -> None:
    before = last_stamp()
    with writing(by=somebody(at_work, **standing), action=action):
        pass
    assert last_stamp() == before + 1


def test_somebody_without_a_role_may_nothing(at_work: Any) -> None:
    class Nobody:
        id, circle_id = at_work.id, at_work.circle_id

    with pytest.raises(Refused), writing(by=Nobody(), action="actor.record"):
        raise AssertionError("the block must not be entered")


def test_the_last_day_of_a_guest_still_counts(at_work: Any) -> None:
    assert verdict_on(somebody(at_work, role="guest", until=today()), "read").allowed
    assert not verdict_on(somebody(at_work, role="guest", until=today() - timedelta(days=1)), "read").allowed


def test_a_page_that_says_it_only_looks_and_writes_is_a_fault_of_ours(at_work: Any) -> None:
    for action in ("actor.record", "exchange.export", "member.invite"):
        with under_policy("read"), pytest.raises(UndeclaredWrite, match=action), writing(by=at_work, action=action):
            raise AssertionError("the block must not be entered")
    with under_policy("write"), writing(by=at_work, action="actor.record"):
        pass
