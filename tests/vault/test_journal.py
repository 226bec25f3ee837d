"""The journal can be proved: what was changed, taken out, put in another order, cut off or forked is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput, DamagedSeal
from tejido.domain.words import ENGLISH
from tejido.vault.checkpoints import EVERY, opened
from tejido.vault.journal import last_line, sign_head, verify, writing
from tejido.vault.journal_out import JournalOut, take_journal_out
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.models import Checkpoint, JournalEntry
from tejido.vault.proof import Proof, verify_file
from tejido.vault.signing import public_of

SEED, OTHER_SEED = b"\x21" * 32, b"\x22" * 32


@pytest.fixture
def signer(at_work: Any) -> Iterator[Any]:
    """Alba at work with a signing key of her own."""
    with using(Keyring(current().exported(), account=at_work.id, signing_seed=SEED)):
        yield at_work


def write_lines(by: Any, many: int) -> None:
    """Write ``many`` lines."""
    for number in range(many):
        with writing(by=by, action="draft.save") as entry:
            entry.notes["number"] = number


def test_nothing_is_signed_where_nobody_in_particular_works(at_work: Any, tmp_path: Path) -> None:
    with using(Keyring(current().exported())):
        assert not sign_head(by=at_work)
        with pytest.raises(BadInput, match="nobody can sign"):
            take_journal_out(by=at_work, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_last_line_is_signed_once(signer: Any) -> None:
    write_lines(signer, 3)
    assert sign_head(by=signer)
    assert not sign_head(by=signer)
    signed = opened(Checkpoint.objects.get())
    assert signed.holds and signed.member == signer.id and signed.public == public_of(SEED).hex()
    assert (signed.seq, signed.digest) == (last_line()[0], last_line()[1].hex())


def test_whoever_writes_the_hundredth_line_signs_it(signer: Any) -> None:
    write_lines(signer, EVERY + 2)
    assert list(Checkpoint.objects.values_list("seq", flat=True)) == [EVERY]
    assert verify() == EVERY + 3


def test_a_journal_that_was_cut_off_under_what_was_signed_is_seen(signer: Any) -> None:
    write_lines(signer, 4)
    sign_head(by=signer)
    assert verify() == 5
    JournalEntry.objects.filter(seq=5).delete()
    with pytest.raises(DamagedSeal):
        verify()


def test_a_journal_that_was_cut_off_under_a_record_is_seen(signer: Any) -> None:
    from tejido.fabric.actions import record_asset, record_territory

    territory = record_territory(by=signer, name="El Río", kind="locality")
    record_asset(by=signer, territory=territory, kind="school", name="la escuela")
    assert verify() == 3
    JournalEntry.objects.filter(seq=3).delete()
    with pytest.raises(DamagedSeal):
        verify()


def test_a_signature_that_somebody_else_made_or_moved_does_not_hold(signer: Any) -> None:
    write_lines(signer, 3)
    sign_head(by=signer)
    Checkpoint.objects.update(seq=2, digest=JournalEntry.objects.get(seq=2).digest)
    with pytest.raises(DamagedSeal):
        verify()


def test_a_chain_computed_anew_is_not_what_was_signed(signer: Any) -> None:
    write_lines(signer, 3)
    sign_head(by=signer)
    from tejido.vault import journal

    entry = JournalEntry.objects.get(seq=4)
    entry.action = "draft.discard"
    entry.digest = journal._digest(entry)
    entry.save()
    with pytest.raises(DamagedSeal):
        verify()


# The file that is taken out.


@pytest.fixture
def taken_out(signer: Any, tmp_path: Path) -> tuple[list[bytes], JournalOut]:
    """The rows of a journal that was taken out, with signed lines in the midst."""
    for _ in range(3):
        write_lines(signer, 4)
        sign_head(by=signer)
    out = tmp_path / "journal.jsonl"
    found = take_journal_out(by=signer, out=out)
    return out.read_bytes().splitlines(keepends=True), found


def looked_at(rows: list[bytes], where: Path, **known: Any) -> Proof:
    """Write the rows to a file and prove it."""
    where.write_bytes(b"".join(rows))
    return verify_file(where, **known)


def codes(proof: Proof) -> set[str]:
    """Return the kinds of faults; each says its sentence."""
    assert all("{" not in fault.sentence(ENGLISH) and fault.sentence(ENGLISH) for fault in proof.faults)
    return {fault.code for fault in proof.faults}


def test_a_journal_as_it_was_taken_out_holds(taken_out: tuple[list[bytes], JournalOut], tmp_path: Path) -> None:
    rows, found = taken_out
    proof = looked_at(rows, tmp_path / "same", known_head=found.digest)
    assert proof.faults == [] and proof.lines == proof.head == found.lines == 14
    assert proof.checkpoints == 4 and proof.digest == found.digest
    assert [(one["up_to"], len(str(one["fingerprint"]))) for one in proof.signers()] == [(14, 24)]


def test_it_holds_no_content_and_is_its_owners_alone(
    taken_out: tuple[list[bytes], JournalOut], tmp_path: Path
) -> None:
    rows, _ = taken_out
    assert b"Alba" not in b"".join(rows) and b"Ribera" not in b"".join(rows)
    assert (tmp_path / "journal.jsonl").stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_written_over(signer: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(BadInput, match="already"):
        take_journal_out(by=signer, out=tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


_SLOW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SLOW
@given(data=st.data())
def test_any_row_taken_out_is_seen(
    taken_out: tuple[list[bytes], JournalOut], tmp_path: Path, data: st.DataObject
) -> None:
    rows, _ = taken_out
    at = data.draw(st.integers(1, len(rows) - 1))
    assert codes(looked_at(rows[:at] + rows[at + 1 :], tmp_path / "bent"))
    line = json.loads(rows[at])
    if line["kind"] == "line" and at < len(rows) - 4:
        assert "missing" in codes(looked_at(rows[:at] + rows[at + 1 :], tmp_path / "bent"))


@_SLOW
@given(data=st.data())
def test_any_two_rows_exchanged_are_seen(
    taken_out: tuple[list[bytes], JournalOut], tmp_path: Path, data: st.DataObject
) -> None:
    rows, _ = taken_out
    one, other = sorted(data.draw(st.sets(st.integers(1, len(rows) - 1), min_size=2, max_size=2)))
    bent = list(rows)
    bent[one], bent[other] = bent[other], bent[one]
    found = codes(looked_at(bent, tmp_path / "bent"))
    assert found
    if all(json.loads(rows[at])["kind"] == "line" for at in (one, other)):
        assert "reordered" in found


@_SLOW
@given(data=st.data())
def test_a_file_cut_anywhere_is_seen(
    taken_out: tuple[list[bytes], JournalOut], tmp_path: Path, data: st.DataObject
) -> None:
    whole = b"".join(taken_out[0])
    size = data.draw(st.integers(len(taken_out[0][0]), len(whole) - 2))
    assert codes(looked_at([whole[:size]], tmp_path / "bent")) & {"cut", "unreadable", "unsigned"}


@_SLOW
@given(data=st.data())
def test_any_value_altered_is_seen(
    taken_out: tuple[list[bytes], JournalOut], tmp_path: Path, data: st.DataObject
) -> None:
    rows, _ = taken_out
    at = data.draw(st.integers(1, len(rows) - 1))
    line = json.loads(rows[at])
    name = data.draw(st.sampled_from(sorted(line)))
    line[name] = data.draw(st.sampled_from([1, 7, "", "00", "ff" * 32, None, [], "draft.discard"]))
    if line == json.loads(rows[at]):
        return
    bent = json.dumps(line, separators=(",", ":")).encode() + b"\n"
    assert codes(looked_at([*rows[:at], bent, *rows[at + 1 :]], tmp_path / "bent"))


def test_lines_cut_off_with_a_new_end_are_seen_by_who_knows_the_head_or_has_an_earlier_one(
    taken_out: tuple[list[bytes], JournalOut], signer: Any, tmp_path: Path
) -> None:
    rows, found = taken_out
    (tmp_path / "earlier").write_bytes(b"".join(rows))
    Checkpoint.objects.filter(seq__gt=9).delete()
    JournalEntry.objects.filter(seq__gt=9).delete()
    take_journal_out(by=signer, out=tmp_path / "later")
    assert codes(verify_file(tmp_path / "later")) == set()
    assert codes(verify_file(tmp_path / "later", known_head=found.digest)) == {"unknown_head"}
    assert codes(verify_file(tmp_path / "later", earlier=tmp_path / "earlier")) == {"forked", "shorter"}


def test_a_journal_that_goes_on_continues_the_earlier_one(
    taken_out: tuple[list[bytes], JournalOut], signer: Any, tmp_path: Path
) -> None:
    (tmp_path / "earlier").write_bytes(b"".join(taken_out[0]))
    write_lines(signer, 5)
    take_journal_out(by=signer, out=tmp_path / "later")
    proof = verify_file(tmp_path / "later", earlier=tmp_path / "earlier", known_head=taken_out[1].digest.upper())
    assert proof.faults == [] and proof.head == 20


def test_a_journal_rewritten_and_signed_by_somebody_else_is_a_fork_with_another_key(
    taken_out: tuple[list[bytes], JournalOut], signer: Any, tmp_path: Path
) -> None:
    (tmp_path / "earlier").write_bytes(b"".join(taken_out[0]))
    Checkpoint.objects.all().delete()
    JournalEntry.objects.filter(seq__gt=2).delete()
    with using(Keyring(current().exported(), account=signer.id, signing_seed=OTHER_SEED)):
        write_lines(signer, 20)
        take_journal_out(by=signer, out=tmp_path / "later")
    assert codes(verify_file(tmp_path / "later")) == set()
    assert codes(verify_file(tmp_path / "later", earlier=tmp_path / "earlier")) == {"forked", "other_key"}


@pytest.mark.parametrize("content", [b"", b"hello\n", b"{}\n", b"[1]\n", b"[]"])
def test_what_is_no_journal_says_so(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a journal"):
        looked_at([content], tmp_path / "odd")
