"""Asking a second person, agreeing or not, and using what was agreed to: once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from tejido.circles.models import Approval, Member
from tejido.circles.standings import demand_standing
from tejido.domain.errors import BadInput, Conflict, NotFound
from tejido.domain.roles import ROLES
from tejido.domain.second_person import (
    APPROVED,
    DECIDED,
    NOT_YOURS,
    PURPOSE,
    REFUSED,
    SPENT,
    TAKEN_BACK,
    USED,
    WAITING,
    NotApproved,
    Statement,
    ends,
    refuse_giving,
    refuse_using,
)
from tejido.domain.words import N_
from tejido.vault.erasure import Erased, digest_of_erasure, erase_dossier, erase_dossiers
from tejido.vault.files import SealedFile
from tejido.vault.journal import By, Entry, writing
from tejido.vault.keyring import current
from tejido.vault.member_keys import PublicKeys
from tejido.vault.permits import demand, verdict_on
from tejido.vault.records import change, create
from tejido.vault.signing import holds, public_of, sign

#: Roles whose members can be the second person.
APPROVERS: Final = tuple(role for role, may in ROLES.items() if "approve" in may)
#: Kinds of which the terms are kept beside what is signed, and are forgotten when it is decided, used or over.
WITH_TERMS: Final = frozenset({"copy"})
_NO_REASON = N_("Say why it is needed: the second person has to understand it. Nothing was asked yet.")
_NO_KEY = N_("Your own key is not here, so nothing can be signed in your name. Nothing was changed; log in anew.")
_LONGEST_REASON = 2000


def others_who_may_approve(by: By) -> list[Member]:
    """Return the members of the circle, besides ``by``, who could be the second person now."""
    found = Member.objects.filter(circle=by.circle_id, status="active", role__in=APPROVERS).exclude(pk=by.id)
    demand_standing(*found)
    return [member for member in found if verdict_on(member, "approve").allowed]


def ask(
    *,
    by: By,
    kind: str,
    digest: str,
    holds: Mapping[str, int],
    reason: str,
    file: SealedFile | None = None,
    terms: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> Approval:
    """Ask for a second person: for what has the SHA-256 ``digest`` and ``holds`` so many of each kind of record.

    ``file`` is the artefact where one was made for it, ``terms`` what else is needed to use it: whoever uses them
    holds them to the digest. Raises ``BadInput`` without a reason.
    """
    reason = reason.strip()[:_LONGEST_REASON]
    if not reason:
        raise BadInput(_NO_REASON)
    moment, ident = now or datetime.now(UTC), uuid4()
    statement = Statement(
        id=ident.hex,
        circle=by.circle_id.hex,
        kind=kind,
        digest=digest,
        requester=by.id.hex,
        holds=dict(holds),
        reason=reason,
        asked_at=_iso(moment),
        until=_iso(ends(moment)),
    )
    with writing(by=by, action="approval.ask", now=moment) as entry:
        entry.about("circles.approval", ident)
        entry.notes.update(kind=kind, counts=dict(holds))
        asked = Approval(id=ident, circle_id=by.circle_id, requester_id=by.id, kind=kind, statement=statement.kept())
        asked.file = file.as_json() if file else dict(terms or {})
        return create(asked, entry)


def approval_by_id(ident: UUID, *, by: By) -> Approval:
    """Return what was asked for in the circle of ``by``; ``NotFound`` otherwise."""
    found = Approval.objects.filter(pk=ident, circle=by.circle_id).select_related("requester").first()
    if found is None:
        raise NotFound
    return found


def give(*, by: By, approval: Approval, now: datetime | None = None) -> Approval:
    """Agree, as the second person: sign exactly what was asked for."""
    statement, moment, seed = statement_of(approval), now or datetime.now(UTC), current().signing_seed
    refuse_giving(statement, status=approval.status, by=by.id.hex, now=moment)
    if seed is None:
        raise BadInput(_NO_KEY)
    at = _iso(moment)
    signature = sign(seed, PURPOSE, statement.signed_by(by.id.hex, at))
    given = {"approver": by.id.hex, "at": at, "public": public_of(seed).hex(), "signature": signature.hex()}
    return _decided(by, approval, "approval.give", moment, status=APPROVED, given=given)


def refuse(*, by: By, approval: Approval, now: datetime | None = None) -> Approval:
    """Do not agree, as the second person."""
    moment = now or datetime.now(UTC)
    refuse_giving(statement_of(approval), status=approval.status, by=by.id.hex, now=moment)
    given = {"approver": by.id.hex, "at": _iso(moment)}
    return _decided(by, approval, "approval.refuse", moment, status=REFUSED, given=given, **_left_of(approval))


def take_back(*, by: By, approval: Approval, now: datetime | None = None) -> Approval:
    """Take back what one asked for oneself, whether somebody agreed to it or not."""
    if approval.requester_id != by.id:
        raise NotApproved(NOT_YOURS)
    if approval.status not in {WAITING, APPROVED}:
        raise NotApproved(DECIDED)
    moment = now or datetime.now(UTC)
    return _decided(by, approval, "approval.take_back", moment, status=TAKEN_BACK, **_left_of(approval))


def spend(
    entry: Entry, *, by: By, approval: Approval, kind: str, digest: str, now: datetime | None = None
) -> Approval:
    """Use an approval for what has this ``digest``, in the transaction of ``entry``: of two at once, one is refused.

    Everything is looked at anew, at this moment: signature, standing of whoever agreed, time, digest. Raises
    ``NotApproved`` with the reason.
    """
    refuse_unless_approved(by=by, approval=approval, kind=kind, digest=digest, now=now)
    entry.notes["approval"] = approval.pk.hex
    try:
        return change(approval, entry, status=USED, file={})
    except Conflict:
        raise NotApproved(SPENT) from None


def refuse_unless_approved(*, by: By, approval: Approval, kind: str, digest: str, now: datetime | None = None) -> None:
    """Raise ``NotApproved`` unless ``approval`` covers what has this ``digest``, at this moment, for ``by``."""
    statement, given = statement_of(approval), approval.given
    approver = Member.objects.filter(pk=given["approver"], circle=by.circle_id).first() if given else None
    if approver is not None:
        demand_standing(approver)
    refuse_using(
        statement,
        status=approval.status,
        by=by.id.hex,
        kind=kind,
        digest=digest,
        approver=approver.pk.hex if approver else "",
        standing=verdict_on(approver, "approve"),
        signed=approver is not None and _signed(statement, approver, given),
        now=now or datetime.now(UTC),
    )


def forget_terms(*, by: By, now: datetime | None = None) -> int:
    """Forget to whom, and why, of what was asked for and is over; return of how many.

    Who was named there is named in the log of the thing itself, once it was handed over, and goes with its dossier.
    """
    moment = now or datetime.now(UTC)
    asked = Approval.objects.filter(circle=by.circle_id, kind__in=WITH_TERMS).exclude(status=USED)
    over = [one for one in asked if one.file and moment > datetime.fromisoformat(one.statement["until"])]
    if over:
        with writing(by=by, action="approval.forget", now=now) as entry:
            for one in over:
                change(one, entry, file={})
    return len(over)


def _left_of(approval: Approval) -> dict[str, object]:
    return {"file": {}} if approval.kind in WITH_TERMS else {}


def ask_to_erase(*, by: By, dossiers: Sequence[UUID], reason: str, now: datetime | None = None) -> Approval:
    """Ask a second person for the erasure of exactly these dossiers."""
    demand(by, "erase")
    digest = digest_of_erasure(dossiers).hex()
    return ask(by=by, kind="erasure", digest=digest, holds={"dossiers": len(set(dossiers))}, reason=reason, now=now)


def erase_together(
    *, by: By, dossiers: Sequence[UUID], approval: Approval | None, now: datetime | None = None
) -> Erased:
    """Erase several dossiers, all or none, with the second person who approved exactly these.

    Without an approval only where there is nobody else to ask, or for a single dossier. Raises ``NotApproved``.
    """
    if len(set(dossiers)) == 1 and approval is None:
        return erase_dossier(dossiers[0], by=by)
    if approval is None:
        return erase_dossiers(dossiers, by=by, approval=_nobody_to_ask(by))
    return erase_dossiers(dossiers, by=by, approval=approved_erasure(by=by, approval=approval, now=now))


def _nobody_to_ask(by: By) -> Callable[[bytes], None]:
    """Return what lets somebody erase who is alone; ``NotApproved`` when it is asked and there is somebody."""

    def refuse_if_not_alone(_digest: bytes) -> None:
        if others_who_may_approve(by):
            raise NotApproved

    return refuse_if_not_alone


def approved_erasure(*, by: By, approval: Approval, now: datetime | None = None) -> Callable[[bytes], None]:
    """Return what a bulk erasure asks with the digest of what it is about to destroy; it uses the approval."""

    def spend_it(digest: bytes) -> None:
        with writing(by=by, action="approval.spend", now=now) as entry:
            entry.about("circles.approval", approval.pk)
            spend(entry, by=by, approval=approval, kind="erasure", digest=digest.hex(), now=now)

    return spend_it


def waiting_for(by: By, *, now: datetime | None = None) -> int:
    """Return how many things wait for ``by`` as the second person; 0 for whoever may not be one."""
    if not verdict_on(by, "approve").allowed:
        return 0
    waiting = Approval.objects.filter(circle=by.circle_id, status=WAITING).exclude(requester=by.id)
    moment = now or datetime.now(UTC)
    return sum(moment <= datetime.fromisoformat(one.statement["until"]) for one in waiting)


def statement_of(approval: Approval) -> Statement:
    """Return what was asked for. What stands beside it in clear is held to it: ``NotApproved`` where they differ."""
    statement = Statement(**approval.statement)
    beside = (approval.pk.hex, approval.circle_id.hex, approval.kind, approval.requester_id.hex)
    if beside != (statement.id, statement.circle, statement.kind, statement.requester):
        raise NotApproved
    return statement


def _signed(statement: Statement, approver: Member, given: Mapping[str, str]) -> bool:
    """Say whether the signature is the approver's, under the key that stands, sealed, in their own record."""
    if not approver.keys:
        return False
    public = PublicKeys.from_kept(approver.keys).sign
    signed = statement.signed_by(given["approver"], given["at"])
    return holds(public, PURPOSE, signed, bytes.fromhex(given.get("signature", "")))


def _decided(by: By, approval: Approval, action: str, now: datetime, **values: object) -> Approval:
    with writing(by=by, action=action, now=now) as entry:
        entry.about("circles.approval", approval.pk)
        try:
            return change(approval, entry, **values)
        except Conflict:
            raise NotApproved(DECIDED) from None


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
