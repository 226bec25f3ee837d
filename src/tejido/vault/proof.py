"""Proving a journal that was taken out: nothing here needs a workspace, its keys or Django.

The file is one JSON document a line: a head; then every line of the journal in its order, each followed by what
members signed about it; the public keys of those who signed; and an end, signed by whoever took it out, over every
byte before it. Lines of other circles stand in it as their digests alone, which keep the chain.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tejido.domain.errors import BadInput
from tejido.domain.words import N_, Words
from tejido.vault.signing import fingerprint, holds

FORMAT: Final = "tejido-journal"
VERSION: Final = 1
FIRST: Final = "00" * 32  # what the first line names as the digest before it
CHECKPOINT: Final = "journal checkpoint"
END: Final = "journal export"
_LONGEST_LINE = 1_000_000
_MOST_FAULTS = 20

_NOT_OURS = N_("This is not a journal that was taken out of Tejido. Nothing was looked at; check the file.")
_SENTENCES: Final[dict[str, str]] = {
    "unreadable": N_("Row {row} of the file cannot be read: it was altered or damaged."),
    "missing": N_("After line {seq} of the journal something is missing: lines were taken out."),
    "reordered": N_("Line {seq} of the journal stands where it does not belong: lines were put in another order."),
    "altered": N_("Line {seq} of the journal is not the one that was written: it was altered or replaced."),
    "unsigned": N_("What was signed about line {seq} does not hold: the signature was altered, or is not theirs."),
    "rewritten": N_("A member signed another line {seq} than the one that stands here: the journal was rewritten."),
    "cut": N_("The journal ends at line {seq}, but more was written or signed after it: the end was cut off."),
    "bent": N_("The file is not as it was when it was signed: something in it was altered after line {seq}."),
    "forked": N_("Line {seq} is another one than in the earlier journal: there are two histories."),
    "shorter": N_("The earlier journal goes on after line {seq}: the end of this one was cut off."),
    "unknown_head": N_("The digest that you know does not occur in this journal: it was cut off or rewritten."),
    "other_key": N_("A member signs with another key than in the earlier journal. Ask them whether they changed it."),
    "other_circle": N_("The earlier journal is of another circle. The two cannot be compared."),
}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its kind, and the line of the journal (or row of the file) where it shows."""

    code: str
    seq: int = 0

    def sentence(self, words: Words) -> str:
        """Return what is wrong in the language of ``words``."""
        return words.gettext(_SENTENCES[self.code]).format(seq=self.seq, row=self.seq)


@dataclass
class Proof:
    """What was found in a journal that was taken out.

    ``digests`` holds the digest of each line by its number, ``keys`` the public key of each member who signed (hex)
    and ``signed_to`` the last line each of them signed.
    """

    circle: str = ""
    lines: int = 0
    head: int = 0
    digest: str = FIRST
    checkpoints: int = 0
    digests: dict[int, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    signed_to: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, code: str, seq: int = 0) -> None:
        """Note a fault; the first of them tell enough."""
        if len(self.faults) < _MOST_FAULTS and Fault(code, seq) not in self.faults:
            self.faults.append(Fault(code, seq))

    def signers(self) -> list[dict[str, object]]:
        """Return who signed: member, fingerprint of their key, last line they signed."""
        return [
            {"member": member, "fingerprint": fingerprint(bytes.fromhex(key)), "up_to": self.signed_to.get(member, 0)}
            for member, key in sorted(self.keys.items())
        ]


def digest_of_line(line: Mapping[str, Any]) -> str:
    """Return SHA-256 (hex) over every column of a line, unambiguous, and the digest of the line before."""
    names = ("seq", "id", "circle", "member", "action", "noun", "record", "week", "body", "previous")
    return hashlib.sha256(json.dumps([line[name] for name in names]).encode()).hexdigest()


def checkpoint_statement(circle: str, seq: int, digest: str, member: str, at: str) -> dict[str, object]:
    """Return what a member signs about a line of the journal: ids and digest in hex, time in ISO, UTC."""
    return {"circle": circle, "seq": seq, "digest": digest, "member": member, "at": at}


def verify_file(path: Path, *, known_head: str = "", earlier: Path | None = None) -> Proof:
    """Walk a journal that was taken out; return what was found, faults and all.

    ``known_head`` is a digest somebody wrote down before: it must occur. ``earlier`` is an earlier file of the same
    journal: this one must continue it. Raises ``BadInput`` for what is no such file at all.
    """
    proof = _walked(path)
    if known_head and known_head.replace(" ", "").lower() not in proof.digests.values():
        proof.wrong("unknown_head")
    if earlier is not None:
        _compare(proof, _walked(earlier))
    return proof


def _walked(path: Path) -> Proof:
    """Return what one file holds, with the faults that show without any other."""
    proof, whole, ended = Proof(), hashlib.sha256(), False
    for number, (raw, row) in enumerate(_rows(path), start=1):
        if number == 1:
            if row is None or row.get("tejido") != FORMAT or row.get("version") != VERSION:
                raise BadInput(_NOT_OURS)
            proof.circle = str(row.get("circle", ""))
        elif ended or row is None:
            proof.wrong("unreadable", number)
        else:
            try:
                ended = _take_in(proof, row, whole.hexdigest())
            except (KeyError, TypeError, ValueError, AttributeError):
                proof.wrong("unreadable", number)
        whole.update(raw)
    if not proof.circle:
        raise BadInput(_NOT_OURS)
    if not ended:
        proof.wrong("cut", proof.head)
    return proof


def _rows(path: Path) -> Iterator[tuple[bytes, dict[str, Any] | None]]:
    with path.open("rb") as source:
        while raw := source.readline(_LONGEST_LINE):
            try:
                row = json.loads(raw)
            except (ValueError, RecursionError):
                row = None
            yield raw, row if isinstance(row, dict) else None


def _take_in(proof: Proof, row: dict[str, Any], so_far: str) -> bool:
    """Look at one row; say whether it is the end."""
    kind = row["kind"]
    if kind in {"line", "other"}:
        _line(proof, row, told=kind == "line")
    elif kind == "checkpoint":
        _checkpoint(proof, row)
    elif kind == "end":
        _end(proof, row, so_far)
        return True
    else:
        raise ValueError(kind)
    return False


def _line(proof: Proof, row: dict[str, Any], *, told: bool) -> None:
    seq, digest = int(row["seq"]), str(row["digest"])
    if seq <= proof.head:
        proof.wrong("reordered", seq)
    elif seq != proof.head + 1:
        proof.wrong("missing", proof.head)
    elif row["previous"] != proof.digest:
        proof.wrong("altered", seq)
    if told and digest_of_line(row) != digest:
        proof.wrong("altered", seq)
    proof.digests[seq] = digest
    proof.lines += 1
    proof.head, proof.digest = max(seq, proof.head), digest


def _checkpoint(proof: Proof, row: dict[str, Any]) -> None:
    seq, digest, member = int(row["seq"]), str(row["digest"]), str(row["member"])
    statement = checkpoint_statement(proof.circle, seq, digest, member, str(row["at"]))
    if not _signed(proof, row, CHECKPOINT, statement):
        proof.wrong("unsigned", seq)
    elif seq > proof.head:
        proof.wrong("cut", proof.head)
    elif proof.digests.get(seq) != digest:
        proof.wrong("rewritten" if seq in proof.digests else "missing", seq)
    else:
        proof.checkpoints += 1
        proof.signed_to[member] = max(seq, proof.signed_to.get(member, 0))


def _end(proof: Proof, row: dict[str, Any], so_far: str) -> None:
    member, head = str(row["member"]), int(row["head"])
    statement = end_statement(row)
    if not _signed(proof, row, END, statement):
        proof.wrong("unsigned", head)
    elif head > proof.head or int(row["lines"]) > proof.lines:
        proof.wrong("cut" if head > proof.head else "missing", proof.head)
    elif row["sha256"] != so_far or row["digest"] != proof.digest or row["circle"] != proof.circle:
        proof.wrong("bent", 0)
    else:
        proof.signed_to[member] = max(head, proof.signed_to.get(member, 0))


def end_statement(row: Mapping[str, Any]) -> dict[str, object]:
    """Return what whoever took the journal out signs about the whole of it."""
    return {name: row[name] for name in ("circle", "head", "digest", "lines", "sha256", "member", "at")}


def _signed(proof: Proof, row: dict[str, Any], purpose: str, statement: dict[str, object]) -> bool:
    """Say whether a row is signed with the one key that its member has in this file."""
    member, public = str(row["member"]), str(row["public"])
    if proof.keys.setdefault(member, public) != public:
        return False
    return holds(bytes.fromhex(public), purpose, statement, bytes.fromhex(str(row["signature"])))


def _compare(later: Proof, earlier: Proof) -> None:
    """Note where ``later`` does not continue ``earlier``."""
    if later.circle != earlier.circle:
        later.wrong("other_circle")
        return
    for seq in sorted(earlier.digests):
        if seq in later.digests and later.digests[seq] != earlier.digests[seq]:
            later.wrong("forked", seq)
            break
    if earlier.head > later.head:
        later.wrong("shorter", later.head)
    for member, key in earlier.keys.items():
        if later.keys.get(member, key) != key:
            later.wrong("other_key")
