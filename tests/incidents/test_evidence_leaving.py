"""Evidence leaves the circle with a second person, who signs exactly this file, for whom and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tejido.circles.approvals import forget_terms, give, refuse, take_back
from tejido.circles.models import Approval, Member
from tejido.circles.rules import Rules, set_rules
from tejido.domain.errors import BadInput, NotFound, RuleBroken
from tejido.domain.roles import Refused
from tejido.domain.second_person import ALTERED, NOT_YOURS, SELF, SPENT, WAITS, NotApproved
from tejido.incidents import evidence_actions as actions
from tejido.incidents.evidence_custody import fault_of, lines_of
from tejido.incidents.evidence_leaving import ask_to_share, needs_second_person, share_approved, share_evidence
from tejido.incidents.models import Evidence, Incident
from tejido.vault.journal import writing
from tejido.vault.records import change
from tests.browsing import sign_in
from tests.circles.people import joined, working
from tests.incidents.test_evidence import TEXT, received, room, told, whats

__all__ = ["room", "told"]
SAID: dict[str, str] = {"audience": "partners", "with_whom": "Red del Sur", "why": "para su archivo"}


@pytest.fixture
def bruno(at_work: Any) -> Member:
    return joined(at_work, "Bruno")


@pytest.fixture
def item(at_work: Any, told: Incident) -> Evidence:
    return received(at_work, told, agreed=("partners",))


@pytest.fixture
def browsers(at_work: Any, bruno: Member) -> Iterator[tuple[Client, Client]]:
    with sign_in(at_work) as hers, working("Bruno"), sign_in(bruno) as his:
        yield hers, his


def agreed(by: Any, second: Any, item: Evidence, **more: str) -> Approval:
    asked = ask_to_share(by=by, evidence=item.pk, **{**SAID, **more})
    with working(second.name):
        return give(by=second, approval=asked)


def test_where_there_is_somebody_to_ask_nobody_hands_it_over_alone(at_work: Any, item: Evidence) -> None:
    assert not needs_second_person(at_work)
    share_evidence(by=at_work, evidence=item.pk, **SAID)
    joined(at_work, "Bruno")
    with pytest.raises(NotApproved, match="No second person"):
        share_evidence(by=at_work, evidence=item.pk, **SAID)
    assert whats(item) == ["received", "shared"]


def test_a_circle_may_decide_that_one_person_is_enough(at_work: Any, bruno: Member, item: Evidence) -> None:
    set_rules(by=at_work, rules=Rules(copies_alone=True), today=timezone.localdate())
    share_evidence(by=at_work, evidence=item.pk, **SAID)
    set_rules(by=at_work, rules=Rules(), today=timezone.localdate())
    with pytest.raises(NotApproved):
        share_evidence(by=at_work, evidence=item.pk, **SAID)


def test_what_was_approved_leaves_once_and_the_log_says_with_whom(at_work: Any, bruno: Member, item: Evidence) -> None:
    asked = ask_to_share(by=at_work, evidence=item.pk, **SAID)
    assert whats(item) == ["received"], "asking hands nothing over"
    with pytest.raises(NotApproved, match=SELF[:20]):
        give(by=at_work, approval=asked)
    with pytest.raises(NotApproved, match=WAITS[:20]):
        share_approved(by=at_work, approval=asked)
    with working("Bruno"):
        given = give(by=bruno, approval=asked)
        with pytest.raises(NotApproved, match=NOT_YOURS[:20]):
            share_approved(by=bruno, approval=given)
    share_approved(by=at_work, approval=Approval.objects.get())
    last = lines_of(item)[-1]
    assert (last.what, last.with_whom, last.why, last.second) == ("shared", "Red del Sur", "para su archivo", "Bruno")
    assert fault_of(item) == "" and Approval.objects.get().file == {}
    with pytest.raises(NotApproved, match=SPENT[:20]):
        share_approved(by=at_work, approval=Approval.objects.get())


@pytest.mark.parametrize(
    "bent", [{"with_whom": "Otra red"}, {"audience": "media"}, {"why": "otra cosa"}, {"evidence": None}, {"who": "x"}]
)
def test_what_was_altered_after_it_was_approved_does_not_leave(
    at_work: Any, bruno: Member, told: Incident, item: Evidence, bent: dict[str, Any]
) -> None:
    """Planted: somebody who has the circle's keys writes other terms under a signature."""
    other = received(at_work, told, TEXT + b"!", agreed=("partners", "media"))
    approval = agreed(at_work, bruno, other)
    bent = {**bent, "evidence": item.pk.hex} if "evidence" in bent else bent
    with writing(by=at_work, action="test.bend") as entry:
        change(approval, entry, file={**approval.file, **bent})
    with pytest.raises(NotApproved, match=ALTERED[:20]):
        share_approved(by=at_work, approval=Approval.objects.get())
    assert whats(item) == whats(other) == ["received"]
    assert Approval.objects.get().status == "approved", "and is not used up"


def test_a_consent_withdrawn_after_the_approval_holds(at_work: Any, bruno: Member, item: Evidence) -> None:
    approval = agreed(at_work, bruno, item)
    given = actions.EvidenceGiven(kind="testimony", title="Lo que vio", agreed=())
    actions.change_evidence(by=at_work, evidence=item.pk, revision=1, given=given)
    with pytest.raises(RuleBroken):
        share_approved(by=at_work, approval=approval)
    actions.destroy_evidence(by=at_work, evidence=item.pk, why="lo pidió")
    with pytest.raises(NotFound, match="destroyed"):
        ask_to_share(by=at_work, evidence=item.pk, **{**SAID, "audience": "internal"})


def test_what_cannot_be_handed_over_is_not_asked_for(at_work: Any, bruno: Member, item: Evidence) -> None:
    for wrong, error in (({"audience": "media"}, RuleBroken), ({"why": " "}, BadInput), ({"with_whom": ""}, BadInput)):
        with pytest.raises(error):
            ask_to_share(by=at_work, evidence=item.pk, **{**SAID, **wrong})
    guest = joined(at_work, "Gema", "guest", terms={"until": "2999-01-01"})
    with working("Gema"), pytest.raises(Refused):
        ask_to_share(by=guest, evidence=item.pk, **SAID)
    assert not Approval.objects.exists()


def test_to_whom_and_why_are_forgotten_when_it_is_over(at_work: Any, bruno: Member, item: Evidence) -> None:
    for end in (refuse, take_back):
        asked = ask_to_share(by=at_work, evidence=item.pk, **SAID)
        with working("Bruno" if end is refuse else "Alba"):
            end(by=bruno if end is refuse else at_work, approval=asked)
    ask_to_share(by=at_work, evidence=item.pk, **SAID)
    assert [bool(one.file) for one in Approval.objects.order_by("born")] == [False, False, True]
    later = datetime.now(UTC) + timedelta(hours=73)
    assert forget_terms(by=at_work, now=later) == 1 and forget_terms(by=at_work, now=later) == 0
    assert not any(one.file or "Red" in str(one.statement) for one in Approval.objects.all())


def test_the_pages_ask_show_sign_and_hand_over(browsers: tuple[Client, Client], item: Evidence) -> None:
    hers, his = browsers
    address = f"/evidence/{item.pk}/share/"
    assert "a second person looks at it first" in hers.get(address).content.decode()
    answer = hers.post(address, SAID, follow=True)
    page, asked = answer.content.decode(), Approval.objects.get()
    use = f"/evidence/approved/{asked.pk}/"
    assert "Red del Sur" in page and "partner organisations" in page and f"/evidence/{item.pk}/" in page
    assert "originals, with all that is hidden in them" in page
    early = hers.post(use, follow=True).content.decode()
    assert "No second person has agreed" in early and TEXT.decode() not in early
    assert f"/evidence/{item.pk}/" in his.get(f"/circle/approvals/{asked.pk}/").content.decode()
    his.post(f"/circle/approvals/{asked.pk}/", {"give": "1"})
    assert f'action="{use}"' in hers.get(f"/circle/approvals/{asked.pk}/").content.decode()
    assert his.post(use, follow=True).redirect_chain, "only whoever asked"
    assert hers.post(use).getvalue() == TEXT
    assert "serves once" in hers.post(use, follow=True).content.decode()
    assert "Bruno agreed, as the second person" in hers.get(f"/evidence/{item.pk}/").content.decode()
