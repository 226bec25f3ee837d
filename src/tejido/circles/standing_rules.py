"""Who may say how somebody stands in a circle: pure rules over statements, line by line from the first.

A *stand* is what a circle holds of one member: role, status, last day, account and keys. Lines follow each other; each
is signed by somebody who, by the lines before it, may say it. Nothing here opens or writes anything.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from tejido.domain.errors import DamagedSeal
from tejido.domain.words import N_
from tejido.vault.signing import canonical, holds

PURPOSE: Final = "standing"


class AlteredStanding(DamagedSeal):
    """A role, a last day or whether somebody belongs is not what a coordinator signed."""

    message = N_(
        "What the records say of a member's role, time or place in the circle is not what a coordinator signed: "
        "somebody altered it. It is not followed. Nothing was changed; speak with your coordinators, and not through "
        "this machine."
    )


class Stand(NamedTuple):
    """How one member stands; ids and keys in hex, ``until`` an ISO day or empty."""

    role: str
    status: str
    until: str
    account: str
    sign: str
    fingerprint: str


@dataclass(frozen=True)
class Line:
    """One statement: ``says`` is how members (by id, hex) stand from ``seq`` of the journal on; ``signer`` is one.

    ``rules`` are those of the circle from then on, by their codes; None in a line that is not about them.
    """

    circle: str
    number: int
    previous: str
    seq: int
    signer: str
    says: Mapping[str, Stand]
    signature: bytes = b""
    rules: Mapping[str, str] | None = None

    def statement(self) -> dict[str, object]:
        """Return what is signed. Rules stand in it only where the line is about them, as before there were any."""
        says = {member: list(stand) for member, stand in self.says.items()}
        said = {
            "circle": self.circle, "number": self.number, "previous": self.previous, "seq": self.seq,
            "signer": self.signer, "says": says,
        }  # fmt: skip
        return said if self.rules is None else {**said, "rules": dict(self.rules)}

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the statement and its signature."""
        return hashlib.sha256(canonical(self.statement()) + self.signature).hexdigest()


@dataclass(frozen=True)
class Roster:
    """Everybody's stand after so many lines, and the circle's rules; ``digests`` are those of the lines, in order."""

    seq: int = 0
    digests: tuple[str, ...] = ()
    stands: Mapping[str, Stand] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """How many lines there are."""
        return len(self.digests)

    @property
    def head(self) -> str:
        """The digest of the last line; empty before the first."""
        return self.digests[-1] if self.digests else ""

    def after(self, line: Line) -> Roster:
        """Return the roster once ``line`` holds; ``AlteredStanding`` if it does not follow, or nobody may say it."""
        if line.number != self.number + 1 or line.previous != self.head or line.seq < self.seq:
            raise AlteredStanding
        signer = self.stands.get(line.signer) if self.number else line.says.get(line.signer)
        if signer is None or not holds(_bytes(signer.sign), PURPOSE, line.statement(), line.signature):
            raise AlteredStanding
        if not self._may_say(line, signer):
            raise AlteredStanding
        rules = self.rules if line.rules is None else dict(line.rules)
        return Roster(line.seq, (*self.digests, line.digest), {**self.stands, **line.says}, rules)

    def _may_say(self, line: Line, signer: Stand) -> bool:
        """Say whether ``signer``, as they stood before, may say this: coordinators of others, each of their going.

        Rules are for coordinators to say.
        """
        coordinates = (signer.role, signer.status) == ("coordinator", "active")
        if not self.number or (line.rules is not None and not coordinates):
            return coordinates
        return all(
            _of_themselves(self.stands[member], stand)
            if member == line.signer and not coordinates
            else coordinates and _of_another(self.stands.get(member), stand, leaves=member == line.signer)
            for member, stand in line.says.items()
        )


def _of_themselves(before: Stand, after: Stand) -> bool:
    """Somebody invited joins in the role they were given, with keys of their own; somebody who belongs leaves."""
    if before.status == "invited":
        return (after.role, after.status, after.until) == (before.role, "active", before.until)
    return before.status == "active" and after == before._replace(status="left")


def _of_another(before: Stand | None, after: Stand, *, leaves: bool) -> bool:
    """A coordinator invites, gives roles and lets go; whose keys they are is not theirs to say."""
    if before is None:
        return after.status == "invited"
    if (after.account, after.sign, after.fingerprint) != (before.account, before.sign, before.fingerprint):
        return False
    if leaves and after.status == "left":
        return after == before._replace(status="left")
    if before.status not in {"active", "invited"}:
        return False
    return after.status in {before.status, "removed"}


def signed(line: Line, signature: bytes) -> Line:
    """Return ``line`` with its signature."""
    return replace(line, signature=signature)


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
