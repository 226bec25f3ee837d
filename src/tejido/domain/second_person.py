"""Two people for what leaves the circle, or is destroyed: the rules, and the exact words that are signed.

Whoever asks says what it is, by its digest and in counts, and why. A second person, whose role may approve, signs
exactly that. It serves once, for whoever asked, within its time, and for nothing that differs by one byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tejido.domain.errors import NotAllowed
from tejido.domain.roles import Verdict
from tejido.domain.words import N_

#: How long an approval waits and holds.
LASTS: Final = timedelta(hours=72)
#: What can be asked for.
KINDS: Final = ("export", "erasure", "copy", "alert")
WAITING, APPROVED, REFUSED, TAKEN_BACK, USED = "waiting", "approved", "refused", "taken_back", "used"
PURPOSE: Final = "approval"
_DIGEST = re.compile(r"[0-9a-f]{64}")

SELF = N_("You asked for this yourself. A second person has to look at it; nothing was approved.")
WAITS = N_("No second person has agreed to this yet. Nothing left; ask one of them to look at it.")
SPENT = N_("This was used already: an approval serves once. Nothing left this time; ask anew.")
OVER = N_("The time for this is over: an approval holds for 72 hours. Nothing left; ask anew.")
CLOCK = N_("The clock of this machine stands before the moment at which this was asked. Nothing left; set it right.")
SAID_NO = N_("The second person did not agree to this. Nothing left; speak with them.")
WITHDRAWN = N_("This was taken back by whoever asked. Nothing left; ask anew if it is needed.")
ALTERED = N_("What is to leave is not what the second person looked at: it was altered. Nothing left; ask anew.")
NOT_SIGNED = N_("The signature of the second person does not hold. Nothing left; ask anew, and tell a coordinator.")
GONE = N_("Whoever agreed does not belong to the circle any more, or may not approve now. Nothing left; ask anew.")
NOT_YOURS = N_("Only whoever asked for this can use it. Nothing left.")
OTHER_KIND = N_("This was approved for something else. Nothing left; ask for what you need.")
DECIDED = N_("Somebody decided about this already. Nothing was changed; look at it again.")


class NotApproved(NotAllowed):
    """No second person stands behind this, or not behind exactly this."""

    message = WAITS


@dataclass(frozen=True)
class Statement:
    """What is asked for: its kind, the SHA-256 (hex) of the exact artefact, what it holds in counts, and why.

    Ids are hex; ``asked_at`` and ``until`` are ISO times in UTC.
    """

    id: str
    circle: str
    kind: str
    digest: str
    requester: str
    holds: Mapping[str, int]
    reason: str
    asked_at: str
    until: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS or not _DIGEST.fullmatch(self.digest):
            raise ValueError("a statement names a kind that can be approved, and a SHA-256")

    def kept(self) -> dict[str, Any]:
        """Return it as a sealed column keeps it."""
        return {**asdict(self), "holds": dict(self.holds)}

    def signed_by(self, approver: str, at: str) -> dict[str, object]:
        """Return exactly what ``approver`` signs at the time ``at``."""
        return {**self.kept(), "approver": approver, "approved_at": at}


def ends(asked_at: datetime) -> datetime:
    """Return until when something asked for now can be approved and used."""
    return asked_at + LASTS


def refuse_time(statement: Statement, now: datetime) -> None:
    """Raise ``NotApproved`` before the statement was made and after its time."""
    if now < datetime.fromisoformat(statement.asked_at):
        raise NotApproved(CLOCK)
    if now > datetime.fromisoformat(statement.until):
        raise NotApproved(OVER)


def refuse_giving(statement: Statement, *, status: str, by: str, now: datetime) -> None:
    """Raise ``NotApproved`` unless ``by`` may decide now, as the second person."""
    if status != WAITING:
        raise NotApproved(DECIDED)
    if by == statement.requester:
        raise NotApproved(SELF)
    refuse_time(statement, now)


def refuse_using(
    statement: Statement,
    *,
    status: str,
    by: str,
    kind: str,
    digest: str,
    approver: str,
    standing: Verdict,
    signed: bool,
    now: datetime,
) -> None:
    """Raise ``NotApproved``, with the reason, unless everything holds at this moment.

    ``digest`` is that of what is about to leave, ``standing`` whether ``approver`` may approve as of now, and
    ``signed`` whether their signature is that of exactly this statement.
    """
    reasons = {WAITING: WAITS, REFUSED: SAID_NO, TAKEN_BACK: WITHDRAWN, USED: SPENT}
    if status != APPROVED:
        raise NotApproved(reasons.get(status, WAITS))
    if by != statement.requester:
        raise NotApproved(NOT_YOURS)
    if approver == statement.requester:
        raise NotApproved(SELF)
    if kind != statement.kind:
        raise NotApproved(OTHER_KIND)
    if not signed:
        raise NotApproved(NOT_SIGNED)
    if not standing.allowed:
        raise NotApproved(GONE)
    refuse_time(statement, now)
    if digest != statement.digest:
        raise NotApproved(ALTERED)
