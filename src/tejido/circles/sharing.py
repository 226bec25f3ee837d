"""A dossier that another circle of the workspace may read, for a time: shared, taken back, over.

The grant is the wrapped key (``vault.sharing``); what stands here says who shared what with whom, until when and why.
The record is written before the key is handed over, and the key is taken away before the record says so, or before it
says an earlier last day: whatever is cut off in between, nobody reads without a record of it, nor for longer than it
says. What somebody has read cannot be unread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from tejido.circles.epochs import inbox_for
from tejido.circles.models import Circle, Grant, InboxKey, Member
from tejido.domain.dates import iso_week
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, DossierGone, NotFound, WorkspaceLocked
from tejido.domain.words import N_
from tejido.vault import keystore
from tejido.vault.hanging import root_models
from tejido.vault.inbox import Inbox
from tejido.vault.journal import By, writing
from tejido.vault.keyring import current
from tejido.vault.models import SealedRecord
from tejido.vault.permits import demand
from tejido.vault.records import create
from tejido.vault.sharing import grant_key, today, withdraw_key

STANDS: Final = "stands"
_LONGEST_REASON: Final = 2000
_MARK: Final = 16
_NO_CIRCLE = N_("There is no such circle in this notebook. Nothing was shared; ask them for their sign again.")
_OURS = N_("This is the circle that keeps the dossier. Nothing was shared.")
_NO_KEY = N_(
    "The sign does not go with the keys that the other circle has now. Nothing was shared. Its keys may be new: ask "
    "the other circle for its sign again, by voice and not through this machine."
)
_NO_DAY = N_("Give the last day on which the other circle may read it, today or later. Nothing was shared.")
_NO_REASON = N_("Say why it is shared: the other circle reads it, and so does whoever asks later. Nothing was shared.")
_ENDED = N_("Somebody ended this before it was handed over. Nothing is shared; share it again if it is still wanted.")
#: What can mean that a dossier is not ours to open (any more).
_SHUT: Final = (WorkspaceLocked, DossierGone, DamagedSeal)


@dataclass(frozen=True)
class Shared:
    """A grant that stands, as either side reads it: of which circle, with which, until when, why, by whom."""

    id: UUID
    dossier: UUID
    noun: str
    circle: UUID
    to_circle: UUID
    until: date
    why: str
    by: str
    of: str
    decision: str = ""


def sign_of(circle: UUID) -> str:
    """Return what a circle reads out to another: its id, and a mark of the keys with which things are left for it."""
    return f"{circle}/{_mark(inbox_for(circle, keyring=current()))}"


def share_dossier(
    dossier: UUID, *, by: By, sign: str, until: date | None, why: str, decision: UUID | None = None
) -> Grant:
    """Let the circle of ``sign`` read a dossier of the circle of ``by``, ``until`` that day, it included.

    ``sign`` is a circle's id, or better what ``sign_of`` says: then its keys are compared. Raises ``NotFound`` for a
    dossier of nobody here, ``BadInput`` for anything missing, ``SubstitutedKey`` where the keys were altered,
    ``Conflict`` if somebody ended it before the key was handed over.
    """
    demand(by, "take out")
    root = _root(dossier, by)
    inbox = _inbox(sign, by)
    why = why.strip()[:_LONGEST_REASON]
    if until is None or until < today():
        raise BadInput(_NO_DAY)
    if not why:
        raise BadInput(_NO_REASON)
    names = {"by": Member.objects.get(pk=by.id).name, "of": Circle.objects.get(pk=by.circle_id).name}
    with writing(by=by, action="sharing.grant") as entry:
        if any(one.until > until for one in _lent(dossier, by.circle_id, inbox.circle)):
            withdraw_key(dossier, of=by.circle_id, to=inbox.circle)
        standing(by.circle_id).filter(shared=dossier, to_circle=inbox.circle).update(status="withdrawn")
        grant = Grant(circle_id=by.circle_id, to_circle=inbox.circle, noun=root._meta.label_lower, shared=dossier)
        grant.until_week = iso_week(until)
        grant.said = {"until": until.isoformat(), "why": why, **names, "decision": decision.hex if decision else ""}
        grant.tell_dossier(dossier)
        create(grant, entry)
        entry.about(grant.noun, dossier)
    grant_key(dossier, of=by.circle_id, to=inbox, until=until)
    _demand_still_meant(grant, inbox)
    return grant


def stop_sharing(grant: UUID, *, by: By) -> None:
    """Take a dossier back from the circle it was shared with; ``NotFound`` for a grant that is not ours."""
    demand(by, "take out")
    found = Grant.objects.filter(pk=grant, circle_id=by.circle_id).first()
    if found is None:
        raise NotFound
    if found.status == STANDS:  # else the key there is now, if any, was given by a later grant
        withdraw_key(found.shared, of=found.circle_id, to=found.to_circle)
        with writing(by=by, action="sharing.withdraw") as entry:
            Grant.objects.filter(pk=grant).update(status="withdrawn")
            entry.about(found.noun, found.shared)
        if not standing(found.circle_id).filter(shared=found.shared, to_circle=found.to_circle).exists():
            withdraw_key(found.shared, of=found.circle_id, to=found.to_circle)  # if it was handed over just now


def _demand_still_meant(grant: Grant, inbox: Inbox) -> None:
    """Raise ``Conflict`` where others ended a grant, or wrote another, before its key was handed over.

    The key that lies there is then that of the grant that stands, or none.
    """
    stands = _lent(grant.shared, grant.circle_id, inbox.circle)
    if any(one.id == grant.pk for one in stands):
        return
    withdraw_key(grant.shared, of=grant.circle_id, to=inbox.circle)
    for one in stands:
        grant_key(grant.shared, of=grant.circle_id, to=inbox, until=one.until)
    if stands and _lent(grant.shared, grant.circle_id, inbox.circle) != stands:
        withdraw_key(grant.shared, of=grant.circle_id, to=inbox.circle)
    raise Conflict(_ENDED)


def _lent(dossier: UUID, of: UUID, to: UUID) -> list[Shared]:
    """Return the grants of a dossier to one circle that stand."""
    return [one for one in shared_by(of, dossier=dossier) if one.to_circle == to]


def shared_under(decision: UUID, *, of: UUID) -> list[Shared]:
    """Return what the circle ``of`` lets others read today under a decision of a group."""
    return [one for one in shared_by(of) if one.decision == decision.hex]


def stop_shared_under(decision: UUID, *, by: By) -> int:
    """Take back what was shared under a decision of a group; return how many dossiers."""
    found = shared_under(decision, of=by.circle_id)
    for one in found:
        stop_sharing(one.id, by=by)
    return len(found)


def standing(circle: UUID) -> QuerySet[Grant]:
    """Return the grants of a circle that nobody ended."""
    return Grant.objects.filter(status=STANDS, circle_id=circle)


def shared_with(circle: UUID) -> list[Shared]:
    """Return what other circles let ``circle`` read today, the newest first."""
    return _told(Grant.objects.filter(status=STANDS, to_circle=circle).order_by("-born"))


def shared_by(circle: UUID, *, dossier: UUID | None = None) -> list[Shared]:
    """Return what ``circle`` lets others read today, the newest first; of one dossier if asked."""
    found = standing(circle).order_by("-born")
    return _told(found if dossier is None else found.filter(shared=dossier))


def shared_here(dossier: UUID, circle: UUID) -> Shared:
    """Return the grant by which ``circle`` reads ``dossier`` of another; ``NotFound`` if there is none (any more)."""
    for one in _told(Grant.objects.filter(status=STANDS, to_circle=circle, shared=dossier)):
        return one
    raise NotFound


def settle_sharing(*, by: By) -> None:
    """Take up in the journal what others share with the circle of ``by``, and end what is over, on either side.

    A grant of the circle whose key was never handed over, because the process was cut off, ends too. Three questions
    where there is nothing to do.
    """
    for grant in Grant.objects.filter(status=STANDS, to_circle=by.circle_id, received=False):
        _note(grant, by, "sharing.receive", received=True)
    this_week = iso_week(today())
    late = Grant.objects.filter(status=STANDS, until_week__lte=this_week)
    for grant in [*late.filter(to_circle=by.circle_id), *late.filter(circle_id=by.circle_id)]:
        if grant.until_week < this_week or not _told([grant]):
            keystore.of_process().take_from(grant.to_circle, [grant.shared])
            _note(grant, by, "sharing.end", status="over")
    for grant in _without_a_key(by.circle_id):
        _note(grant, by, "sharing.end", status="over")
        keystore.of_process().take_from(grant.to_circle, [grant.shared])  # if it was handed over just now


def _without_a_key(circle: UUID) -> list[Grant]:
    grants = list(standing(circle))
    handed = {(row.dossier, row.circle) for row in keystore.of_process().rows_of(grant.shared for grant in grants)}
    return [grant for grant in grants if (grant.shared, grant.to_circle) not in handed]


def _note(grant: Grant, by: By, action: str, **values: object) -> None:
    with writing(by=by, action=action) as entry:
        Grant.objects.filter(pk=grant.pk).update(**values)
        entry.about(grant.noun, grant.shared)


def _told(grants: Iterable[Grant]) -> list[Shared]:
    """Return what the grants say, those whose key opens and whose last day is not over."""
    found = []
    for grant in grants:
        try:
            said = grant.said
        except _SHUT:
            continue
        until = date.fromisoformat(str(said["until"]))
        if until >= today():
            texts = {name: str(said.get(name, "")) for name in ("why", "by", "of", "decision")}
            told = Shared(grant.pk, grant.shared, grant.noun, grant.circle_id, grant.to_circle, until, **texts)
            found.append(told)
    return found


def _root(dossier: UUID, by: By) -> SealedRecord:
    for model in root_models():
        found = model._default_manager.filter(pk=dossier).first()
        if found is not None and found.seal_scope() == by.circle_id:
            return found
    raise NotFound


def _inbox(sign: str, by: By) -> Inbox:
    named, _, mark = sign.strip().partition("/")
    try:
        circle = UUID(named)
    except ValueError:
        raise BadInput(_NO_CIRCLE) from None
    if circle == by.circle_id:
        raise BadInput(_OURS)
    if not InboxKey.objects.filter(circle_id=circle).exists():
        raise BadInput(_NO_CIRCLE)
    inbox = inbox_for(circle, keyring=current())
    if mark and mark.strip().lower() != _mark(inbox):
        raise BadInput(_NO_KEY)
    return inbox


def _mark(inbox: Inbox) -> str:
    return hashlib.sha256(b"inbox" + inbox.circle.bytes + inbox.key).hexdigest()[:_MARK]
