"""Signed lines of the journal: a member says, with their own key, how the journal stood.

Whoever holds the database can compute a chain of hashes anew. They cannot sign it anew in the name of others: up to
the last signed line nothing can be changed, taken out or cut off unseen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from tejido.domain.errors import DamagedSeal
from tejido.vault.keyring import current
from tejido.vault.models import Checkpoint
from tejido.vault.proof import CHECKPOINT, checkpoint_statement
from tejido.vault.seal import Place
from tejido.vault.signing import holds, public_of, sign

#: After so many lines whoever writes signs, without being asked.
EVERY: Final = 100
_TABLE: Final = "vault_checkpoint"


@dataclass(frozen=True)
class SignedLine:
    """One signed line: whose signature, of which line, when, and the signature itself (hex)."""

    circle: UUID
    seq: int
    digest: str
    member: UUID
    at: str
    public: str
    signature: str

    @property
    def statement(self) -> dict[str, object]:
        """What was signed."""
        return checkpoint_statement(self.circle.hex, self.seq, self.digest, self.member.hex, self.at)

    @property
    def holds(self) -> bool:
        """Whether the signature is that of this line, under the key it names."""
        return holds(bytes.fromhex(self.public), CHECKPOINT, self.statement, bytes.fromhex(self.signature))


def sign_line(*, circle: UUID, member: UUID, seq: int, digest: bytes, now: datetime | None = None) -> bool:
    """Sign a line in the name of ``member`` with the key at work; False where nobody in particular works."""
    seed = current().signing_seed
    if seed is None:
        return False
    at = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    statement = checkpoint_statement(circle.hex, seq, digest.hex(), member.hex, at)
    signature = sign(seed, CHECKPOINT, statement)
    row = Checkpoint(id=uuid4(), circle=circle, seq=seq, member=member, digest=digest)
    body = json.dumps({"at": at, "public": public_of(seed).hex(), "signature": signature.hex()})
    row.body = current().seal(circle, body.encode(), _place(row.id))
    row.save(force_insert=True)
    return True


def signed_lines(circle: UUID) -> Iterator[SignedLine]:
    """Yield the signed lines of a circle in their order, as they stand; whoever asks looks whether they hold."""
    for row in Checkpoint.objects.filter(circle=circle).order_by("seq", "id").iterator():
        yield opened(row)


def opened(row: Checkpoint) -> SignedLine:
    """Open one signed line; ``DamagedSeal`` if it was altered."""
    body = json.loads(current().open(row.circle, bytes(row.body), _place(row.id)))
    return SignedLine(
        row.circle, row.seq, bytes(row.digest).hex(), row.member, body["at"], body["public"], body["signature"]
    )


def last_signed(circle: UUID) -> int:
    """Return the number of the last line that a member of ``circle`` signed; 0 if none was."""
    return Checkpoint.objects.filter(circle=circle).order_by("-seq").values_list("seq", flat=True).first() or 0


def verify_signed(digests: dict[int, bytes]) -> int:
    """Compare the signed lines that the keys at work open with the journal's ``digests``; return how many hold.

    Raises ``DamagedSeal`` for one that does not hold, or that was signed of a line that is not there any more.
    """
    many = 0
    for circle in current().circles:
        for line in signed_lines(circle):
            if not line.holds or line.seq not in digests or digests[line.seq].hex() != line.digest:
                raise DamagedSeal
            many += 1
    return many


def _place(row: UUID) -> Place:
    return Place(_TABLE, row, "body", 1)
