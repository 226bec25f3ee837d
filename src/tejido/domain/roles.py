"""What each role may do in a circle, in one table, and why not when it may not.

A verdict carries its reason, so that a refusal can say what stands against it and whom to ask. Who belongs to a
circle may do what their role allows while they belong to it and, for a guest, while their time lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, get_args

from tejido.domain.errors import NotAllowed
from tejido.domain.words import ENGLISH, N_, Words

Capability = Literal[
    "read",  # open dossiers, plans and lists
    "report",  # send what happened, without seeing what others wrote
    "write",  # write down, correct, plan
    "bring in",  # import lists, take an import back
    "take out",  # export, publish, share
    "erase",  # destroy a dossier for good
    "approve",  # be the second person for what leaves
    "manage members",  # invite, remove, give roles, circles, keys
    "set readings",  # choose how readings are reckoned
    "read journal",  # see who did what
    "own",  # one's own passphrase, one's own deeds, leaving
]
CAPABILITIES: Final[frozenset[str]] = frozenset(get_args(Capability))

_MEMBER: Final = frozenset({"read", "report", "write", "bring in", "take out", "erase", "approve", "own"})
#: By the code of the role (vocabulary ``member_roles``). What is not here may nothing.
ROLES: Final[dict[str, frozenset[str]]] = {
    "coordinator": _MEMBER | {"manage members", "set readings", "read journal"},
    "member": _MEMBER,
    "field_reporter": frozenset({"report", "own"}),
    "auditor": frozenset({"read journal", "own"}),
    "guest": frozenset({"read", "own"}),
}

#: Capabilities of pages that only look: under their policy nothing of the circle's may be written.
LOOKING: Final[frozenset[str]] = frozenset({"read", "read journal"})

_ANY: Final = ""
#: What an action of the journal needs: by its code, else by its noun (before the dot), else it is a write.
#: ``_ANY`` is done in nobody's name in particular, or before there is a role.
ACTIONS: Final[dict[str, str]] = {
    "circle.found": _ANY,
    "circle.change_passphrase": "own",
    "circle.leave": "own",
    "member.join": _ANY,
    "member.leave": "own",
    "dossier.open": _ANY,
    "readings.set": "set readings",
    "incident.record": "report",
    "draft.save": "report",
    "draft.discard": "report",
    "exchange.export": "take out",
    "approval.ask": "take out",
    "approval.give": "approve",
    "approval.refuse": "approve",
    "approval.take_back": "own",
    "approval.spend": "take out",
    "approval.forget": "take out",
    "audit.export": "read journal",
    "dossier.erase": "erase",
    "actor.erase": "erase",
    "incident.erase": "erase",
    "sharing.grant": "take out",
    "sharing.withdraw": "take out",
    "alert.begin": "take out",
    "sharing.receive": _ANY,
    "sharing.end": _ANY,
    "evidence.view": "read",
    "evidence.verify": "read",
    "evidence.share": "take out",
    "evidence.destroy": "erase",
}
NOUNS: Final[dict[str, str]] = {
    "account": "own",
    "circle": "manage members",
    "exchange": "bring in",
    "member": "manage members",
    "recovery": "manage members",
    "guardian": "own",
}

_GONE = N_("You do not belong to this circle any more. Nothing was changed. Ask a coordinator if this is a mistake.")
_OVER = N_("The time for which you were let in is over. Nothing was changed. Ask a coordinator for more time.")
_BARE = N_(
    "Your circle decided that whoever comes in needs a second factor, and you have none yet. Nothing was changed. Set "
    "one up first."
)
_UNKNOWN = N_("Your role is not one that this version knows. Nothing was changed. Ask a coordinator to give it anew.")
_BY_CAPABILITY: Final[dict[str, str]] = {
    "manage members": N_(
        "Who belongs to the circle, and its keys, are in the hands of its coordinators. Nothing was changed. Ask one "
        "of them."
    ),
    "set readings": N_(
        "How readings are reckoned is chosen for the whole circle, by its coordinators. Nothing was changed. Ask one "
        "of them; that a reading is wrong you can always say yourself, beside it."
    ),
    "read journal": N_(
        "The journal of the whole circle is read by its coordinators and auditors. What was done in your own name "
        "you can always see. Ask one of them for more."
    ),
}
_BY_ROLE: Final[dict[str, str]] = {
    "field_reporter": N_(
        "You are here to send reports from the field, and what others wrote down is not shown to you: it protects "
        "them, and you. Nothing was changed. Ask a coordinator if you need more."
    ),
    "auditor": N_(
        "You are here to see who did what, and no records. Nothing was changed. Ask a coordinator if you need more."
    ),
    "guest": N_("You are a guest here: you can read, and nothing else. Nothing was changed. Ask a coordinator."),
}


@dataclass(frozen=True)
class Verdict:
    """Whether somebody may do something; if not, the reason as a sentence and the role of those to ask."""

    allowed: bool
    reason: str = ""
    ask: str = "coordinator"

    def sentence(self, words: Words = ENGLISH) -> str:
        """Return the reason in the language of ``words``; empty when it is allowed."""
        return words.gettext(self.reason) if self.reason else ""


class Refused(NotAllowed):
    """A role, or the time for which it was given, does not allow this; ``verdict`` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


def may(
    role: str,
    capability: str,
    *,
    status: str = "active",
    until: date | None = None,
    today: date | None = None,
    second_due: date | None = None,
) -> Verdict:
    """Say whether somebody in ``role`` may do what ``capability`` names.

    ``until`` is the last day for which they were let in (guests), ``second_due`` the day from which they may do only
    what is their own, since the circle asks for a second factor that they lack; both need ``today``. Raises
    ``ValueError`` for a capability that is not in the table: a policy with a slip in it must not become an open door.
    """
    if capability not in CAPABILITIES:
        raise ValueError(f"{capability!r} is not a capability")
    if status != "active":
        return Verdict(False, _GONE)
    if until is not None and (today is None or today > until):
        return Verdict(False, _OVER)
    if role not in ROLES:
        return Verdict(False, _UNKNOWN)
    if capability != "own" and is_due(second_due, today):
        return Verdict(False, _BARE)
    if capability in ROLES[role]:
        return Verdict(True)
    return Verdict(False, _BY_ROLE.get(role) or _BY_CAPABILITY.get(capability) or NotAllowed.message)


def is_due(second_due: date | None, today: date | None) -> bool:
    """Say whether a second factor that somebody lacks is asked for by ``today``."""
    return second_due is not None and (today is None or today >= second_due)


def needed_for(action: str) -> str:
    """Return the capability that an action of the journal needs; empty when it needs none."""
    if action in ACTIONS:
        return ACTIONS[action]
    return NOUNS.get(action.partition(".")[0], "write")


def allows_writing(declared: str, action: str) -> bool:
    """Say whether a page or command whose policy is ``declared`` may write ``action`` at all.

    One that only looks writes nothing but what concerns whoever looks: that they looked, or what is their own.
    """
    if declared not in LOOKING:
        return True
    return needed_for(action) in {_ANY, "own", declared}
