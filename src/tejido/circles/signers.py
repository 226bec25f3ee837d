"""Whether what was signed in the journal was signed by the members it names, with the keys they have."""

from __future__ import annotations

from uuid import UUID

from tejido.circles.models import Member
from tejido.domain.errors import DamagedSeal
from tejido.domain.words import N_
from tejido.vault.checkpoints import signed_lines
from tejido.vault.checkup import Remark
from tejido.vault.member_keys import PublicKeys, SubstitutedKey

_THEIRS = N_("The signatures in the journal are those of the members they name: {many}.")
_NOT_THEIRS = N_(
    "A signature in the journal is not by the key that its member has now. Ask them whether they changed it; if not, "
    "somebody signed in their name."
)


def verify_signers(circle: UUID) -> int:
    """Hold each signed line to the key in its member's own sealed record; return how many were looked at.

    Somebody of the circle could otherwise sign in the name of another. Raises ``SubstitutedKey``.
    """
    keys = {member.pk: _key(member) for member in Member.objects.filter(circle=circle)}
    many = 0
    for line in signed_lines(circle):
        if not line.holds or keys.get(line.member, "") != line.public:
            raise SubstitutedKey
        many += 1
    return many


def remark_on_signers(circle: UUID) -> Remark:
    """Return how the signatures in the journal stand, for whoever checks the installation."""
    try:
        many = verify_signers(circle)
    except DamagedSeal:
        return Remark("signatures", "warning", _NOT_THEIRS, {})
    return Remark("signatures", "good", _THEIRS, {"many": many})


def _key(member: Member) -> str:
    try:
        return PublicKeys.from_kept(member.keys).sign.hex()
    except DamagedSeal:
        return ""
