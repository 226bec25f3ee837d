"""Writing evidence: receiving, correcting what is said of it, looking, checking, copying, taking out.

The content of an item never changes. Each thing done with it is a line of its custody, in the same transaction as
the entry of the journal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotFound
from tejido.domain.names import usual_form
from tejido.domain.words import N_
from tejido.incidents.evidence_custody import add_line
from tejido.incidents.evidence_models import Evidence
from tejido.incidents.given import checked, clean_words
from tejido.incidents.records import incident_to_change
from tejido.vault.file_kinds import HEAD, KINDS, kind_of, tidy_name
from tejido.vault.files import FRAME, SealedFile
from tejido.vault.journal import By, writing
from tejido.vault.records import change, create
from tejido.vault.stripping import strip
from tejido.vault.uploads import workspace_files

EMPTY: Final = N_("it is empty: there is nothing in it. Send it again from where it is whole.")
TWICE: Final = N_("the same file is kept with this incident already.")
_NO_TITLE: Final = N_("Say in your own words what it is. The rest was kept.")
NO_REASON: Final = N_("Say why: the log of this item keeps it. Nothing was done.")
_DESTROYED: Final = N_("The content of this item was destroyed. Its log says when and why; nothing was changed.")
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class EvidenceGiven:
    """What is said of an item: its kind (``evidence_kinds``), title, who gave it and how, and what they agreed to."""

    kind: str
    title: str
    given_by: str = ""
    received: ImpreciseDate | None = None
    agreed: tuple[str, ...] = field(default=())
    agreed_words: str = ""

    def __post_init__(self) -> None:
        checked(self.kind, "evidence_kinds")
        for audience in self.agreed:
            checked(audience, "audiences")

    def values(self) -> dict[str, object]:
        """Return the values of the record, cleaned; ``BadInput`` without a title."""
        title = usual_form(self.title)[:_LONGEST]
        if not title:
            raise BadInput(_NO_TITLE)
        return {
            "kind": self.kind,
            "title": title,
            "given_by": clean_words(self.given_by),
            "received": self.received,
            "agreed": list(dict.fromkeys(self.agreed)),
            "agreed_words": clean_words(self.agreed_words),
        }


def receive_evidence(*, by: By, incident: UUID, sealed: SealedFile, file_name: str, given: EvidenceGiven) -> Evidence:
    """Keep a file that is sealed already as evidence of an incident; return the item.

    The first line of its custody says when it came. Raises ``BadInput`` for an empty file or one that the incident
    has already; the sealed file is discarded whenever the item is not kept.
    """
    try:
        if not sealed.size:
            raise BadInput(EMPTY)
        with workspace_files().open(sealed) as content:
            media = kind_of(content.read(HEAD)).code
        with writing(by=by, action="evidence.receive") as entry:
            whole = incident_to_change(incident, by)
            if any(one.file["sha256"] == sealed.sha256 for one in whole.evidence.all()):
                raise BadInput(TWICE)
            item = Evidence(
                circle_id=by.circle_id,
                incident=whole,
                file=sealed.as_json(),
                media=media,
                file_name=tidy_name(file_name),
                **given.values(),
            )
            create(item, entry)
            add_line(item, "received", entry)
            change(whole, entry)
    except BaseException:
        workspace_files().discard(sealed)
        raise
    return item


def change_evidence(*, by: By, evidence: UUID, revision: int, given: EvidenceGiven) -> Evidence:
    """Correct what is said of an item that was read at ``revision``; its content stays. Raises ``Conflict``."""
    with writing(by=by, action="evidence.change") as entry:
        item = evidence_to_use(evidence, by)
        if item.revision != revision:
            raise Conflict
        entry.about("incidents.evidence", item.pk)
        return change(item, entry, **given.values())


def view_evidence(*, by: By, evidence: UUID, why: str) -> Evidence:
    """Write down that the original is opened, and why; only then may it be shown."""
    reason = words_or_refused(why, NO_REASON)
    with writing(by=by, action="evidence.view") as entry:
        item = evidence_to_use(evidence, by)
        sealed_of(item)
        add_line(item, "viewed", entry, why=reason)
    return item


def verify_evidence(*, by: By, evidence: UUID) -> bool:
    """Reckon the hash of the sealed original again; write down and return whether it is the same as received."""
    item = evidence_to_use(evidence, by)
    same = is_unchanged(item)
    with writing(by=by, action="evidence.verify") as entry:
        item = evidence_to_use(evidence, by)
        add_line(item, "verified" if same else "damaged", entry)
    return same


def copy_evidence(*, by: By, evidence: UUID) -> Evidence:
    """Make a working copy for sharing, with what betrays where and by whom a file was made removed; return it.

    The copy is an item of its own that names the one it was made from. Raises ``BadInput`` when the kind of file
    cannot be cleaned, or the file is not what it says it is; nothing is kept then.
    """
    original = evidence_to_use(evidence, by)
    files = workspace_files()
    with files.open(sealed_of(original)) as content:
        clean = strip(content, original.media, original.file["size"])
    sealed = files.keep(clean.stream())
    try:
        with transaction.atomic():
            with writing(by=by, action="evidence.copy") as entry:
                original = evidence_to_use(evidence, by)
                add_line(original, "copied", entry)
            with writing(by=by, action="evidence.make") as entry:
                copy = Evidence(
                    circle_id=by.circle_id,
                    incident_id=original.incident_id,
                    made_from=original,
                    kind=original.kind,
                    file=sealed.as_json(),
                    media=clean.media,
                    title=original.title,
                    file_name="",
                    given_by=original.given_by,
                    received=original.received,
                    agreed=original.agreed,
                    agreed_words=original.agreed_words,
                    made_how={"removed": list(clean.removed), "remains": list(clean.remains)},
                )
                create(copy, entry)
                add_line(copy, "made", entry)
    except BaseException:
        files.discard(sealed)
        raise
    return copy


def destroy_evidence(*, by: By, evidence: UUID, why: str) -> None:
    """Destroy the content of an item and of the copies made from it. What was done with them stays in their logs."""
    reason = words_or_refused(why, NO_REASON)
    with transaction.atomic():
        item = evidence_to_use(evidence, by)
        for one in [item, *_copies_of(item)]:
            if not has_content(one):
                continue
            with writing(by=by, action="evidence.destroy") as entry:
                forget_files([one])
                add_line(one, "destroyed", entry, why=reason)
                change(one, entry, file={name: one.file[name] for name in ("sha256", "size")})


def forget_files(items: Iterable[Evidence]) -> None:
    """Discard the sealed files of ``items`` once the transaction that takes the records out has ended well."""
    for sealed in [sealed_of(item) for item in items if has_content(item)]:
        transaction.on_commit(partial(workspace_files().discard, sealed))


def files_of(incidents: Iterable[UUID]) -> list[SealedFile]:
    """Return the sealed files of all evidence of ``incidents``: for whoever erases them and then discards these."""
    items = Evidence.objects.filter(incident_id__in=list(incidents))
    return [sealed_of(item) for item in items if has_content(item)]


def forget_files_of(incidents: Iterable[UUID]) -> None:
    """Discard the sealed files of all evidence of ``incidents``; to be called where incidents are taken out."""
    forget_files(Evidence.objects.filter(incident_id__in=list(incidents)))


def evidence_to_use(evidence: UUID, by: By) -> Evidence:
    """Return an item of the circle of ``by``; ``NotFound`` for every other."""
    item = Evidence.objects.filter(pk=evidence, circle_id=by.circle_id).select_related("incident").first()
    if item is None:
        raise NotFound
    return item


def has_content(item: Evidence) -> bool:
    """Say whether the content of an item is still kept."""
    return "key" in item.file


def sealed_of(item: Evidence) -> SealedFile:
    """Return the sealed file of an item; ``NotFound`` when its content was destroyed."""
    if not has_content(item):
        raise NotFound(_DESTROYED)
    return SealedFile.from_json(item.file)


def is_unchanged(item: Evidence) -> bool:
    """Say whether the sealed file still holds exactly what was received; it is read whole."""
    sealed, found, size = sealed_of(item), hashlib.sha256(), 0
    try:
        with workspace_files().open(sealed) as content:
            while chunk := content.read(FRAME):
                found.update(chunk)
                size += len(chunk)
    except (DamagedSeal, NotFound):
        return False
    return found.hexdigest() == sealed.sha256 and size == sealed.size


def neutral_name(item: Evidence) -> str:
    """Return the name under which an item is handed out: it says nothing but what kind of file it is."""
    return f"{item.pk.hex[:8]}.{KINDS[item.media].ending if item.media in KINDS else 'bin'}"


def _copies_of(item: Evidence) -> list[Evidence]:
    found, parents = [], [item.pk]
    while parents:
        below = list(Evidence.objects.filter(made_from_id__in=parents))
        found += below
        parents = [one.pk for one in below]
    return found


def words_or_refused(words: str, refused: str) -> str:
    """Return ``words`` cleaned; ``BadInput`` with the sentence ``refused`` where nothing is left of them."""
    clean = clean_words(words)
    if not clean:
        raise BadInput(refused)
    return clean


__all__ = [
    "NO_REASON", "EvidenceGiven", "change_evidence", "copy_evidence", "destroy_evidence", "evidence_to_use",
    "files_of", "forget_files", "forget_files_of", "has_content", "is_unchanged", "neutral_name", "receive_evidence",
    "sealed_of", "verify_evidence", "view_evidence", "words_or_refused",
]  # fmt: skip
