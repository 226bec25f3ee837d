"""A second person: nothing is approved by oneself, twice, too late, or by somebody who is gone."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tejido.circles import approvals
from tejido.circles.approvals import ask, give, others_who_may_approve, refuse, spend, take_back
from tejido.circles.models import Approval, Member
from tejido.circles.standings import AlteredStanding
from tejido.domain.errors import BadInput, NotFound
from tejido.domain.roles import Refused
from tejido.domain.second_person import (
    ALTERED,
    CLOCK,
    DECIDED,
    GONE,
    LASTS,
    NOT_SIGNED,
    NOT_YOURS,
    OTHER_KIND,
    OVER,
    SAID_NO,
    SELF,
    SPENT,
    WAITS,
    WITHDRAWN,
    NotApproved,
)  # fmt: skip
from tejido.vault.journal import body_of, last_entry, writing
from tejido.vault.records import change
from tests.circles.people import changed, joined, working

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DIGEST = hashlib.sha256(b"what is to leave").hexdigest()


@pytest.fixture
def bruno(at_work: Any) -> Member:
    """A second member of the circle."""
    return joined(at_work, "Bruno")


def asked(by: Any, **values: Any) -> Approval:
    """Ask for a second person."""
    usual = {"kind": "export", "digest": DIGEST, "holds": {"actors": 3}, "reason": "asked", "now": NOON}
    with working("Alba"):
        return ask(by=by, **{**usual, **values})


def agreed(by: Any, second: Any, **values: Any) -> Approval:
    """Ask, and have the second person agree."""
    approval = asked(by, **values)
    with working(second.name):
        return give(by=second, approval=approval, now=NOON)


def use(by: Any, approval: Approval, **values: Any) -> Approval:
    """Use an approval."""
    given = {"kind": "export", "digest": DIGEST, "now": NOON + timedelta(hours=1), **values}
    with writing(by=by, action="exchange.export") as entry:
        return spend(entry, by=by, approval=Approval.objects.get(pk=approval.pk), **given)


def why_not(by: Any, approval: Approval, **values: Any) -> str:
    """Return the reason for which an approval cannot be used; nothing is written then."""
    before = last_entry()
    with pytest.raises(NotApproved) as refusal:
        use(by, approval, **values)
    assert last_entry() == before
    return str(refusal.value.message)


def test_what_a_second_person_agreed_to_is_used_once(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    assert use(at_work, approval).status == "used"
    assert why_not(at_work, approval) == SPENT
    line = last_entry()
    assert line and line.action == "exchange.export"
    assert body_of(line)["notes"] == {"approval": approval.pk.hex}


def test_nobody_is_their_own_second_person(at_work: Any, bruno: Member) -> None:
    approval = asked(at_work)
    with working("Alba"), pytest.raises(NotApproved, match=SELF[:20]):
        give(by=at_work, approval=approval, now=NOON)
    assert why_not(at_work, approval) == WAITS


def test_an_approval_put_under_ones_own_name_does_not_hold(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    with writing(by=at_work, action="test.bend") as entry:
        change(approval, entry, given={**approval.given, "approver": at_work.pk.hex})
    assert why_not(at_work, approval) == SELF


def test_approved_and_then_altered(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    assert why_not(at_work, approval, digest=hashlib.sha256(b"something else").hexdigest()) == ALTERED
    assert why_not(at_work, approval, kind="erasure") == OTHER_KIND
    later = "2027-01-01T00:00:00+00:00"
    bends = {"digest": "00" * 32, "reason": "another", "holds": {"actors": 4}, "until": later}
    for name, value in bends.items():
        bent = agreed(at_work, bruno)
        with writing(by=at_work, action="test.bend") as entry:
            change(bent, entry, statement={**bent.statement, name: value})
        assert why_not(at_work, bent, digest=bent.statement["digest"]) == NOT_SIGNED


def test_a_signature_by_another_key_is_not_theirs(at_work: Any, bruno: Member) -> None:
    approval = asked(at_work)
    with working("Celia"):
        give(by=bruno, approval=approval, now=NOON)
    assert why_not(at_work, approval) == NOT_SIGNED
    nobody = joined(at_work, "Nadie", keys={})
    with pytest.raises(AlteredStanding):
        use(at_work, agreed(at_work, nobody))


def test_it_holds_for_its_time_and_no_longer(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    assert why_not(at_work, approval, now=NOON + LASTS + timedelta(seconds=1)) == OVER
    assert why_not(at_work, approval, now=NOON - timedelta(seconds=1)) == CLOCK
    assert use(at_work, approval, now=NOON + LASTS).status == "used"
    late = asked(at_work)
    with working("Bruno"), pytest.raises(NotApproved, match="72 hours"):
        give(by=bruno, approval=late, now=NOON + timedelta(days=4))


@pytest.mark.parametrize("how", [{"status": "removed"}, {"role": "guest"}, {"role": "auditor"}, {"role": "odd"}])
def test_whoever_agreed_still_belongs_and_still_may(at_work: Any, bruno: Member, how: dict[str, str]) -> None:
    approval = agreed(at_work, bruno)
    changed(at_work, bruno, **how)
    assert why_not(at_work, approval) == GONE


@pytest.mark.parametrize("role", ["guest", "auditor", "field_reporter"])
def test_a_role_that_may_not_approve_does_not(at_work: Any, role: str) -> None:
    other = joined(at_work, "Otra", role)
    with working("Otra"), pytest.raises(Refused):
        give(by=other, approval=asked(at_work), now=NOON)
    assert others_who_may_approve(at_work) == []


def test_only_whoever_asked_uses_it(at_work: Any, bruno: Member) -> None:
    celia = joined(at_work, "Celia")
    approval = agreed(at_work, bruno)
    assert why_not(celia, approval) == NOT_YOURS
    assert why_not(bruno, approval) == NOT_YOURS


def test_a_no_stands_and_is_said_once(at_work: Any, bruno: Member) -> None:
    approval = asked(at_work)
    with working("Bruno"):
        refuse(by=bruno, approval=approval, now=NOON)
        with pytest.raises(NotApproved, match=DECIDED[:20]):
            give(by=bruno, approval=approval, now=NOON)
    assert why_not(at_work, approval) == SAID_NO


def test_what_was_asked_for_can_be_taken_back_by_whoever_asked(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    with pytest.raises(NotApproved, match=NOT_YOURS[:20]):
        take_back(by=bruno, approval=approval)
    take_back(by=at_work, approval=approval)
    assert why_not(at_work, approval) == WITHDRAWN


def test_of_two_who_use_it_at_once_one_is_refused(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    first, second = (Approval.objects.get(pk=approval.pk) for _ in range(2))
    second.open_all()
    with writing(by=at_work, action="exchange.export") as entry:
        spend(entry, by=at_work, approval=first, kind="export", digest=DIGEST, now=NOON)
    with pytest.raises(NotApproved, match=SPENT[:20]), writing(by=at_work, action="exchange.export") as entry:
        spend(entry, by=at_work, approval=second, kind="export", digest=DIGEST, now=NOON)


def test_of_two_who_decide_at_once_one_is_told(at_work: Any, bruno: Member) -> None:
    celia, approval = joined(at_work, "Celia"), asked(at_work)
    stale = Approval.objects.get(pk=approval.pk)
    stale.open_all()
    with working("Bruno"):
        refuse(by=bruno, approval=approval, now=NOON)
    with working("Celia"), pytest.raises(NotApproved, match=DECIDED[:20]):
        give(by=celia, approval=stale, now=NOON)
    assert Approval.objects.get(pk=approval.pk).status == "refused"


def test_what_stands_in_clear_is_held_to_what_is_sealed(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    Approval.objects.filter(pk=approval.pk).update(requester=bruno)
    assert why_not(bruno, approval) == NotApproved.message


def test_a_reason_is_needed(at_work: Any) -> None:
    with pytest.raises(BadInput, match="Say why"):
        asked(at_work, reason="  ")
    assert not Approval.objects.exists()


def test_what_was_asked_in_another_circle_is_not_there(at_work: Any) -> None:
    approval = asked(at_work)

    class Stranger:
        id, circle_id, role = at_work.id, joined(at_work, "Otra").pk, "coordinator"

    with pytest.raises(NotFound):
        approvals.approval_by_id(approval.pk, by=Stranger())


def test_a_bulk_erasure_uses_the_approval_of_exactly_its_dossiers(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno, kind="erasure", holds={"dossiers": 2})
    with pytest.raises(NotApproved, match=ALTERED[:20]):
        approvals.approved_erasure(by=at_work, approval=approval, now=NOON)(hashlib.sha256(b"others").digest())
    approvals.approved_erasure(by=at_work, approval=approval, now=NOON)(bytes.fromhex(DIGEST))
    assert Approval.objects.get(pk=approval.pk).status == "used"


def test_several_dossiers_are_erased_with_the_second_person_who_approved_exactly_these(
    at_work: Any, bruno: Member
) -> None:
    from tejido.fabric.models import Actor
    from tejido.vault.records import create

    with writing(by=at_work, action="test.make") as entry:
        actors = [create(Actor(circle_id=at_work.circle_id, kind="community"), entry) for _ in range(3)]
    two, three = [one.pk for one in actors[:2]], [one.pk for one in actors]
    with pytest.raises(NotApproved, match=WAITS[:20]):
        approvals.erase_together(by=at_work, dossiers=two, approval=None)
    approval = approvals.ask_to_erase(by=at_work, dossiers=two, reason="they asked us to", now=NOON)
    with working("Bruno"):
        give(by=bruno, approval=approval, now=NOON)
    with pytest.raises(NotApproved, match=ALTERED[:20]):
        approvals.erase_together(by=at_work, dossiers=three, approval=approval, now=NOON)
    assert Actor.objects.count() == 3
    approvals.erase_together(by=at_work, dossiers=[*reversed(two)], approval=approval, now=NOON)
    assert [actor.pk for actor in Actor.objects.all()] == three[2:]
    with pytest.raises(NotApproved, match=SPENT[:20]):
        approvals.erase_together(by=at_work, dossiers=two, approval=Approval.objects.get(), now=NOON)
