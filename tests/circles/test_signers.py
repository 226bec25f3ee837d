"""Nobody of the circle signs the journal in the name of another."""

from __future__ import annotations

from typing import Any

import pytest

from tejido.circles.signers import remark_on_signers, verify_signers
from tejido.vault.checkpoints import sign_line
from tejido.vault.journal import last_line, sign_head, verify
from tejido.vault.member_keys import SubstitutedKey
from tests.circles.people import joined, working


def test_lines_signed_by_those_they_name_are_well(at_work: Any) -> None:
    bruno = joined(at_work, "Bruno")
    assert sign_head(by=at_work)
    with working("Bruno"):
        seq, digest = last_line()
        sign_line(circle=bruno.circle_id, member=bruno.pk, seq=seq, digest=digest)
    assert verify_signers(at_work.circle_id) == 2
    assert remark_on_signers(at_work.circle_id).level == "good"


def test_a_line_signed_in_the_name_of_another_is_seen(at_work: Any) -> None:
    bruno = joined(at_work, "Bruno")
    seq, digest = last_line()
    sign_line(circle=bruno.circle_id, member=bruno.pk, seq=seq, digest=digest)  # with the key of Alba
    assert verify() == seq
    with pytest.raises(SubstitutedKey):
        verify_signers(at_work.circle_id)
    assert remark_on_signers(at_work.circle_id).level == "warning"
