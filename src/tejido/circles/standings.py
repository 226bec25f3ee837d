"""How members stand, signed: role, status and last day are followed only where a coordinator said so; rules as well.

Those columns rest in clear, since the database filters by them; whoever can write to it could make themselves a
coordinator. So each change leaves a line in a chain (``standing_rules``), signed by whoever made it and sealed with
the circle's key, beside the write. The chain is followed from its first line; what the rows say is held to it. That
nobody put an older chain in its place, each account knows by the last line it has seen (``known``), and the journal
by the last change it tells of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid4

from django.db.models import Max, Q

from tejido.circles import known
from tejido.circles.known import Known
from tejido.circles.models import Member, StandingLine
from tejido.circles.standing_rules import PURPOSE, AlteredStanding, Line, Roster, Stand, signed
from tejido.domain.errors import DamagedSeal, WorkspaceLocked
from tejido.vault import journal
from tejido.vault.journal import By, Entry, writing
from tejido.vault.keyring import FILE_KEY, Keyring, current, using
from tejido.vault.member_keys import PublicKeys
from tejido.vault.models import JournalEntry
from tejido.vault.seal import Place
from tejido.vault.signing import sign

#: The line of the journal that tells when an earlier version's members were signed for, and the note of a founding.
ACTION: Final = "circle.sign_standings"
MARK: Final = "standings"
#: The line of the journal that tells that the rules of the circle changed.
RULED: Final = "circle.set_rules"
_TABLE: Final = "circles_standingline"
#: What was followed already, by circle; forgotten with the key of the file.
_FOLLOWED: dict[UUID, Roster] = {}
FILE_KEY.when_dropped(_FOLLOWED.clear)


def note_standing(entry: Entry, *members: Member, signer: UUID | None = None, seed: bytes | None = None) -> None:
    """Sign how ``members`` of one circle stand now, in the transaction that wrote it.

    ``signer`` is a member (``by`` of the entry, unless said otherwise) and ``seed`` what they sign with. Where an
    earlier version wrote the circle, a coordinator signs for everybody, and nobody else for anybody.
    """
    circle = members[0].circle_id
    who, seed, before = signer or entry.by.id, seed or current().signing_seed, roster(circle)
    if seed is None:
        raise WorkspaceLocked
    if before is None:
        first = next((one for one in _everybody(circle) if one.pk == who), None)
        if first is None or (first.role, first.status) != ("coordinator", "active"):
            return
        _demand_never_signed(circle, but=entry)
        members, before = tuple(_everybody(circle)), Roster()
    says = {one.pk.hex: _as_it_stands(one) for one in members}
    _add(Line(circle.hex, before.number + 1, before.head, entry.seq, who.hex, says), before, seed)


def note_rules(entry: Entry, rules: Mapping[str, str]) -> None:
    """Sign the rules of the circle of ``entry.by`` from now on, in the transaction of ``entry``; for coordinators.

    Raises ``AlteredStanding`` for anybody else, and where nobody signed yet who belongs to the circle.
    """
    circle, seed = entry.by.circle_id, current().signing_seed
    if seed is None:
        raise WorkspaceLocked
    before = roster(circle)
    if before is None:
        raise AlteredStanding
    line = Line(circle.hex, before.number + 1, before.head, entry.seq, entry.by.id.hex, {}, rules=dict(rules))
    _add(line, before, seed)


def rules_signed(circle: UUID) -> Mapping[str, str]:
    """Return the rules of a circle by their codes, as was signed; ``AlteredStanding`` where that was altered."""
    found = _whole_roster(circle)
    return found.rules if found is not None else {}


def _add(line: Line, before: Roster, seed: bytes) -> None:
    circle = UUID(line.circle)
    line = signed(line, sign(seed, PURPOSE, line.statement()))
    after = before.after(line)
    _save(circle, line)
    _remember(circle, after)


def roster(circle: UUID) -> Roster | None:
    """Follow the chain of a circle; None where there is none. ``AlteredStanding`` where a line does not hold."""
    rows = list(StandingLine.objects.filter(circle_id=circle).order_by("number").values_list("id", "number", "body"))
    if not rows:
        return None
    known_part = _FOLLOWED.get(circle, Roster())
    at = known_part.number
    if at > len(rows) or (at and _opened(circle, *rows[at - 1]).digest != known_part.head):
        known_part, at = Roster(), 0  # what was followed was not kept: a write that failed, or another chain
    for row in rows[at:]:
        known_part = known_part.after(_opened(circle, *row))
    _FOLLOWED[circle] = known_part
    return known_part


def demand_standing(*members: Member) -> None:
    """Raise ``AlteredStanding`` unless each member's row says what was signed; the sentence is for the user."""
    for circle in {one.circle_id for one in members}:
        if circle not in current().circles:
            raise AlteredStanding  # whoever belongs has its keys
        found = _whole_roster(circle)
        if found is None:
            continue
        for one in members:
            if one.circle_id == circle and found.stands.get(one.pk.hex) != _as_it_stands(one):
                raise AlteredStanding


def members_of(circle: UUID) -> list[Member]:
    """Return everybody who is or was in the circle, the longest there first, as was signed.

    Raises ``AlteredStanding`` also where somebody who was signed for has no row any more.
    """
    everybody, found = _everybody(circle), _whole_roster(circle)
    if found is not None and {one.pk.hex: _as_it_stands(one) for one in everybody} != dict(found.stands):
        raise AlteredStanding
    return everybody


def lines_of(circle: UUID) -> int:
    """Return how many lines the chain of a circle has."""
    return StandingLine.objects.filter(circle_id=circle).aggregate(Max("number"))["number__max"] or 0


def hold_to_what_was_seen(keyring: Keyring) -> None:
    """Refuse a chain older than, or another than, the one this account has seen; take note of what is new.

    Called when an account is opened. Raises ``AlteredStanding``.
    """
    if keyring.account is None or keyring.notes_key is None:
        return
    seen, news = known.read(keyring.account, keyring.notes_key) or Known(), False
    with using(keyring):
        for circle in keyring.circles:
            head, found = seen.head(circle), roster(circle)
            if head and (found is None or found.number < head[0] or found.digests[head[0] - 1] != head[1]):
                raise AlteredStanding
            if found is not None and (not head or head[0] < found.number):
                seen.note_head(circle, found.number, found.head)
                news = True
    if news:
        known.write(keyring.account, keyring.notes_key, seen)


def sign_what_stands(*, by: By) -> bool:
    """Sign for everybody of a circle that an earlier version wrote; False where that is done. For coordinators.

    The journal is walked first: nothing that somebody altered is signed as if it were so. Raises ``DamagedSeal``.
    """
    if lines_of(by.circle_id):
        return False
    journal.verify()
    with writing(by=by, action=ACTION) as entry:
        entry.about("circles.circle", by.circle_id)
        note_standing(entry, *_everybody(by.circle_id))
    return True


def _whole_roster(circle: UUID) -> Roster | None:
    """Return the roster, once the journal tells of no later change; None for a circle that was never signed."""
    found = roster(circle)
    if found is None:
        _demand_never_signed(circle)
        return None
    about_it = Q(noun="circles.member") | Q(action=RULED)
    told = JournalEntry.objects.filter(about_it, circle=circle).aggregate(Max("seq"))["seq__max"] or 0
    if told > found.seq:
        raise AlteredStanding
    return found


def _demand_never_signed(circle: UUID, *, but: Entry | None = None) -> None:
    """Raise ``AlteredStanding`` where a chain was taken away: its beginning is told, sealed, in the journal.

    ``but`` is the entry being written: a circle is founded by it.
    """
    if but is not None and but.action == "circle.found":
        return
    if JournalEntry.objects.filter(circle=circle, action=ACTION).exists():
        raise AlteredStanding
    founded = JournalEntry.objects.filter(circle=circle, action="circle.found").order_by("seq").first()
    notes = journal.body_of(founded)["notes"] if founded is not None else None
    if not isinstance(notes, dict) or MARK in notes:
        raise AlteredStanding


def _everybody(circle: UUID) -> list[Member]:
    return list(Member.objects.filter(circle_id=circle).order_by("stamp", "id"))


def _as_it_stands(member: Member) -> Stand:
    sign_key = fingerprint = ""
    if member.keys:
        keys = PublicKeys.from_kept(member.keys)
        sign_key, fingerprint = keys.sign.hex(), keys.fingerprint.hex()
    until = str(member.terms.get("until") or "")
    account = member.account.hex if member.account else ""
    return Stand(member.role, member.status, until, account, sign_key, fingerprint)


def _save(circle: UUID, line: Line) -> None:
    row = StandingLine(id=uuid4(), circle_id=circle, number=line.number)
    body = json.dumps({**line.statement(), "signature": line.signature.hex()}).encode()
    row.body = current().seal(circle, body, _place(row.id))
    row.save(force_insert=True)


def _opened(circle: UUID, ident: UUID, number: int, body: bytes | memoryview) -> Line:
    try:
        said = json.loads(current().open(circle, bytes(body), _place(ident)))
    except DamagedSeal:
        raise AlteredStanding from None
    signature, says = bytes.fromhex(said.pop("signature")), said.pop("says")
    line = Line(**said, says={member: Stand(*stand) for member, stand in says.items()}, signature=signature)
    if (line.circle, line.number) != (circle.hex, number):
        raise AlteredStanding
    return line


def _remember(circle: UUID, after: Roster) -> None:
    """Let the account that wrote a line know it."""
    keyring = current()
    if keyring.account is None or keyring.notes_key is None:
        return
    seen = known.read(keyring.account, keyring.notes_key)
    if seen is not None:
        seen.note_head(circle, after.number, after.head)
        known.write(keyring.account, keyring.notes_key, seen)


def _place(ident: UUID) -> Place:
    return Place(_TABLE, ident, "body", 1)


__all__ = [
    "AlteredStanding",
    "demand_standing",
    "hold_to_what_was_seen",
    "lines_of",
    "members_of",
    "note_rules",
    "note_standing",
    "roster",
    "rules_signed",
    "sign_what_stands",
]
