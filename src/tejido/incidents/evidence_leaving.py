"""Evidence that is handed over to somebody outside: alone where nobody else can be asked, else with a second person.

What the second person signs is the digest of exactly this file, for whom and why. When it is used all of it is looked
at anew: the consent of whoever gave the item, the file, and the approval, which serves once.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from tejido.circles.approvals import ask, forget_terms, others_who_may_approve, refuse_unless_approved, spend
from tejido.circles.models import Approval, Member
from tejido.circles.rules import rules_of
from tejido.domain.errors import DamagedSeal
from tejido.domain.evidence import require_agreement
from tejido.domain.second_person import ALTERED, NotApproved
from tejido.domain.words import N_
from tejido.incidents.evidence_actions import NO_REASON, evidence_to_use, is_unchanged, sealed_of, words_or_refused
from tejido.incidents.evidence_custody import add_line
from tejido.incidents.evidence_models import Evidence
from tejido.incidents.given import checked
from tejido.vault.journal import By, Entry, writing
from tejido.vault.permits import demand

KIND: Final = "copy"
#: To whom and why stands in the terms, which are forgotten when it is over; what is signed holds them by their digest.
_IN_TERMS: Final = "as in its terms"
_NOBODY: Final = N_("Say to whom it is given: the log of this item keeps it. Nothing was done.")


@dataclass(frozen=True, slots=True)
class Handing:
    """An item (hex id) that goes to an audience (vocabulary ``audiences``), to whom by name, and why."""

    evidence: str
    audience: str
    with_whom: str
    why: str

    @classmethod
    def said(cls, *, evidence: UUID, audience: str, with_whom: str, why: str) -> Handing:
        """Return it as it was typed, cleaned; ``BadInput`` where something is missing."""
        reason, whom = words_or_refused(why, NO_REASON), words_or_refused(with_whom, _NOBODY)
        return cls(evidence.hex, checked(audience, "audiences"), whom, reason)

    def mark(self, item: Evidence) -> str:
        """Return the SHA-256 (hex) of exactly this: the content of the item, to whom, and why."""
        told = {**asdict(self), "sha256": sealed_of(item).sha256}
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def needs_second_person(by: By) -> bool:
    """Say whether a second person has to agree: there is one, and the circle did not decide that one is enough."""
    return not rules_of(by.circle_id).copies_alone and bool(others_who_may_approve(by))


def share_evidence(*, by: By, evidence: UUID, audience: str, with_whom: str, why: str) -> Evidence:
    """Write down that an item is given to somebody outside, and why; only then may it be handed over.

    Raises ``RuleBroken`` when whoever gave it has not agreed to that audience, ``DamagedSeal`` when it is no longer
    what was received, ``NotApproved`` where a second person has to agree first.
    """
    going = Handing.said(evidence=evidence, audience=audience, with_whom=with_whom, why=why)
    _may_go(going, by)
    with writing(by=by, action="evidence.share") as entry:
        if needs_second_person(by):
            raise NotApproved
        return _handed_over(going, by, entry)


def ask_to_share(*, by: By, evidence: UUID, audience: str, with_whom: str, why: str) -> Approval:
    """Ask a second person whether an item may be given to somebody outside; raises what ``share_evidence`` does."""
    demand(by, "take out")
    going = Handing.said(evidence=evidence, audience=audience, with_whom=with_whom, why=why)
    item = _may_go(going, by)
    what = "originals" if item.made_from_id is None else "copies"
    forget_terms(by=by)
    return ask(by=by, kind=KIND, digest=going.mark(item), holds={what: 1}, reason=_IN_TERMS, terms=asdict(going))


def share_approved(*, by: By, approval: Approval) -> Evidence:
    """Write down that what a second person approved is given to somebody outside; the approval is used up.

    Raises ``NotApproved``, with the reason, unless it is exactly what was approved; else what ``share_evidence`` does.
    """
    refuse_unless_approved(by=by, approval=approval, kind=KIND, digest=approval.statement["digest"])
    try:
        going = Handing(**approval.file)
        evidence = UUID(going.evidence)
    except (TypeError, ValueError):
        raise NotApproved(ALTERED) from None
    _may_go(going, by)
    with writing(by=by, action="evidence.share") as entry:
        item = evidence_to_use(evidence, by)
        second = Member.objects.get(pk=approval.given["approver"])
        spend(entry, by=by, approval=approval, kind=KIND, digest=going.mark(item))
        return _handed_over(going, by, entry, second=second)


def _may_go(going: Handing, by: By) -> Evidence:
    """Return the item if whoever gave it agreed to the audience, and its file is as it was received."""
    item = evidence_to_use(UUID(going.evidence), by)
    require_agreement(item.agreed, going.audience)
    if not is_unchanged(item):
        raise DamagedSeal
    return item


def _handed_over(going: Handing, by: By, entry: Entry, *, second: Member | None = None) -> Evidence:
    item = evidence_to_use(UUID(going.evidence), by)
    require_agreement(item.agreed, going.audience)
    add_line(
        item, "shared", entry, why=going.why, with_whom=going.with_whom, audience=going.audience, second=second
    )  # fmt: skip
    return item
