"""What an account has seen of other people's keys: who had which, and what each epoch was.

Somebody who can write to the database could put a key of their own in the place of another's. Each account therefore
keeps, sealed under a key that follows from its own root, the fingerprints it once accepted. What was seen is not
believed anew.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from tejido.circles.models import KnownKeys
from tejido.vault.member_keys import SubstitutedKey
from tejido.vault.seal import unwrap, wrap


@dataclass
class Known:
    """Fingerprints by account; for each circle and epoch the commitment of its key and who began it.

    ``heads`` are number and digest of the last line each circle had signed of its members (``standings``).
    """

    accounts: dict[str, str] = field(default_factory=dict)
    epochs: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def of_account(self, account: UUID) -> bytes | None:
        """Return the fingerprint seen of ``account``."""
        seen = self.accounts.get(account.hex)
        return bytes.fromhex(seen) if seen else None

    def commitment(self, circle: UUID, epoch: int) -> bytes | None:
        """Return the commitment seen for an epoch."""
        seen = self.epochs.get(circle.hex, {}).get(str(epoch))
        return bytes.fromhex(seen[0]) if seen else None

    def beginner(self, circle: UUID, epoch: int) -> UUID | None:
        """Return the account that was seen to begin an epoch."""
        seen = self.epochs.get(circle.hex, {}).get(str(epoch))
        return UUID(seen[1]) if seen else None

    def note_account(self, account: UUID, fingerprint: bytes) -> None:
        """Remember whose keys these are."""
        self.accounts[account.hex] = fingerprint.hex()

    def note_epoch(self, circle: UUID, epoch: int, commitment: bytes, beginner: UUID) -> None:
        """Remember an epoch."""
        self.epochs.setdefault(circle.hex, {})[str(epoch)] = (commitment.hex(), beginner.hex)

    def head(self, circle: UUID) -> tuple[int, str] | None:
        """Return number and digest of the last line seen of how a circle's members stand."""
        return self.heads.get(circle.hex)

    def note_head(self, circle: UUID, number: int, digest: str) -> None:
        """Remember the last line of how a circle's members stand."""
        self.heads[circle.hex] = (number, digest)

    def with_more(self, other: Known) -> Known:
        """Return what either knows; ``SubstitutedKey`` where they contradict each other."""
        for name, seen in self.accounts.items():
            if other.accounts.get(name, seen) != seen:
                raise SubstitutedKey
        epochs = {circle: dict(one) for circle, one in self.epochs.items()}
        for circle, one in other.epochs.items():
            epochs.setdefault(circle, {}).update(one)
        heads = {**self.heads, **{name: max(head, self.heads.get(name, head)) for name, head in other.heads.items()}}
        return Known({**self.accounts, **other.accounts}, epochs, heads)


def read(account: UUID, notes_key: bytes) -> Known | None:
    """Return what ``account`` has seen; None when it never kept anything. ``DamagedSeal`` if that was altered."""
    row = KnownKeys.objects.filter(account=account).first()
    if row is None:
        return None
    kept = json.loads(unwrap(notes_key, bytes(row.sealed), purpose=_purpose(account)))
    epochs = {
        circle: {epoch: (seen[0], seen[1]) for epoch, seen in one.items()} for circle, one in kept["epochs"].items()
    }
    heads = {circle: (int(head[0]), str(head[1])) for circle, head in kept.get("heads", {}).items()}
    return Known(dict(kept["accounts"]), epochs, heads)


def write(account: UUID, notes_key: bytes, known: Known) -> None:
    """Keep what ``account`` has seen by now."""
    plain = json.dumps({"accounts": known.accounts, "epochs": known.epochs, "heads": known.heads}).encode()
    sealed = wrap(notes_key, plain, purpose=_purpose(account))
    with transaction.atomic():
        KnownKeys.objects.update_or_create(account=account, defaults={"sealed": sealed})


def _purpose(account: UUID) -> str:
    return f"known keys/{account.hex}"
