"""Evidence: the original never changes, and everything that is done with it stands in its log."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, Conflict, DamagedSeal, NotFound, RuleBroken
from tejido.domain.evidence import require_agreement
from tejido.incidents import evidence_actions as actions
from tejido.incidents.actions import remove_incident
from tejido.incidents.evidence_actions import EvidenceGiven, sealed_of
from tejido.incidents.evidence_custody import ALTERED, MISSING, STRANGE, fault_of, lines_of
from tejido.incidents.evidence_leaving import share_evidence
from tejido.incidents.evidence_queries import evidence_of
from tejido.incidents.models import Custody, Evidence, Incident
from tejido.vault.file_kinds import KINDS, is_disguised, kind_of, tidy_name
from tejido.vault.models import JournalEntry
from tejido.vault.uploads import workspace_files
from tejido.vault.workspace import Workspace
from tejido.vocabularies import vocabulary
from tests.incidents.telling import incident
from tests.vault import hostile

TEXT = b"Lo que vi desde la ventana"


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own for sealed files."""
    monkeypatch.setattr(settings, "WORKSPACE", Workspace(tmp_path))
    return tmp_path / "sealed"


@pytest.fixture
def told(at_work: Any) -> Incident:
    return incident(at_work, "Un panfleto en la puerta", "2025-11-17")


@pytest.fixture
def item(at_work: Any, told: Incident) -> Evidence:
    return received(at_work, told)


def received(by: Any, told: Incident, content: bytes = TEXT, **more: Any) -> Evidence:
    given = EvidenceGiven(**{"kind": "testimony", "title": "Lo que vio una vecina", **more})
    sealed = workspace_files().keep(io.BytesIO(content))
    return actions.receive_evidence(by=by, incident=told.pk, sealed=sealed, file_name="nota.txt", given=given)


def whats(item: Evidence) -> list[str]:
    return [line.what for line in lines_of(item)]


def as_it_rests(item: Evidence) -> bytes:
    return next(workspace_files()._directory.glob(f"{item.file['id']}.sealed")).read_bytes()


def test_what_is_received_is_sealed_hashed_and_has_its_first_line(at_work: Any, told: Incident, room: Path) -> None:
    when = ImpreciseDate.decode("2025-11")
    item = received(at_work, told, given_by="una vecina, en mano", received=when, agreed=("partners", "partners"))
    kept = Evidence.objects.get(pk=item.pk)
    assert (kept.file["sha256"], kept.file["size"]) == (hashlib.sha256(TEXT).hexdigest(), len(TEXT))
    assert (kept.media, kept.received.encode(), kept.agreed) == ("text", "2025-11", ["partners"])
    assert TEXT not in as_it_rests(kept)
    with workspace_files().open(sealed_of(kept)) as content:
        assert content.read() == TEXT
    (line,) = lines_of(kept)
    assert (line.what, line.who) == ("received", at_work.name) and fault_of(kept) == ""


def test_an_empty_file_or_one_that_is_there_already_is_not_kept(at_work: Any, told: Incident, room: Path) -> None:
    received(at_work, told)
    for content, word in ((b"", "empty"), (TEXT, "already")):
        with pytest.raises(BadInput, match=word):
            received(at_work, told, content)
    with pytest.raises(NotFound):
        received(at_work, Incident(pk=uuid4()), b"x")
    with pytest.raises(BadInput, match="own words"):
        received(at_work, told, b"y", title=" ")
    assert len(list(room.iterdir())) == Evidence.objects.count() == 1


def test_everything_done_with_it_stands_in_its_log_in_order(at_work: Any, told: Incident) -> None:
    item = received(at_work, told, hostile.picture(), agreed=("partners",))
    assert actions.verify_evidence(by=at_work, evidence=item.pk)
    actions.view_evidence(by=at_work, evidence=item.pk, why="para la reunión")
    copy = actions.copy_evidence(by=at_work, evidence=item.pk)
    share_evidence(by=at_work, evidence=item.pk, audience="partners", with_whom="Red del Sur", why="para su archivo")
    assert whats(item) == ["received", "verified", "viewed", "copied", "shared"]
    assert whats(copy) == ["made"]
    last = lines_of(item)[-1]
    assert (last.with_whom, last.audience, last.why) == ("Red del Sur", "partners", "para su archivo")
    assert fault_of(item) == fault_of(copy) == ""
    assert set(whats(item)) <= {term.code for term in vocabulary("custody_acts")}


def test_a_copy_says_what_it_was_made_from_and_the_original_stays(at_work: Any, told: Incident) -> None:
    item = received(at_work, told, hostile.picture())
    before = as_it_rests(item)
    copy = actions.copy_evidence(by=at_work, evidence=item.pk)
    assert copy.made_from_id == item.pk and copy.file["sha256"] != item.file["sha256"]
    assert "gps" in copy.made_how["removed"] and copy.made_how["remains"] == ["picture"]
    with workspace_files().open(sealed_of(copy)) as content:
        assert hostile.WORD.encode() not in content.read()
    assert as_it_rests(item) == before and actions.is_unchanged(item)
    assert [one.pk for one in evidence_of(told.pk)] == [item.pk, copy.pk]


def test_what_cannot_be_copied_leaves_no_line_and_no_file(at_work: Any, told: Incident, room: Path) -> None:
    item = received(at_work, told, b"GIF89a" + b"x" * 90)
    with pytest.raises(BadInput, match="no copy was made"):
        actions.copy_evidence(by=at_work, evidence=item.pk)
    assert whats(item) == ["received"] and len(list(room.iterdir())) == 1


@pytest.mark.parametrize("audience", ["authority", "un_public", "media"])
def test_it_goes_to_nobody_who_was_not_agreed_to(at_work: Any, told: Incident, audience: str) -> None:
    item = received(at_work, told, agreed=("partners", "un_confidential"))
    with pytest.raises(RuleBroken, match="has not agreed"):
        share_evidence(by=at_work, evidence=item.pk, audience=audience, with_whom="alguien", why="algo")
    assert whats(item) == ["received"]


@given(
    agreed=st.sets(st.sampled_from(["partners", "authority", "un_confidential", "un_public", "media"])),
    audience=st.sampled_from(["internal", "partners", "authority", "un_confidential", "un_public", "media"]),
)
def test_one_audience_never_stands_for_another(agreed: set[str], audience: str) -> None:
    if audience == "internal" or audience in agreed:
        require_agreement(agreed, audience)
    else:
        with pytest.raises(RuleBroken):
            require_agreement(agreed, audience)


def test_a_consent_that_is_withdrawn_holds_for_what_is_asked_next(at_work: Any, told: Incident) -> None:
    item = received(at_work, told, agreed=("media",))
    given_now = EvidenceGiven(kind="testimony", title="Lo que vio", agreed=())
    actions.change_evidence(by=at_work, evidence=item.pk, revision=item.revision, given=given_now)
    with pytest.raises(RuleBroken):
        share_evidence(by=at_work, evidence=item.pk, audience="media", with_whom="Radio", why="nota")
    with pytest.raises(Conflict):
        actions.change_evidence(by=at_work, evidence=item.pk, revision=1, given=given_now)
    assert actions.is_unchanged(Evidence.objects.get(pk=item.pk))


def test_nothing_is_done_without_saying_why_and_with_whom(at_work: Any, item: Evidence) -> None:
    for why in ("", "  ", "\u200b"):
        with pytest.raises(BadInput):
            actions.view_evidence(by=at_work, evidence=item.pk, why=why)
        with pytest.raises(BadInput):
            actions.destroy_evidence(by=at_work, evidence=item.pk, why=why)
        with pytest.raises(BadInput):
            share_evidence(by=at_work, evidence=item.pk, audience="internal", with_whom=why, why="x")
    assert whats(item) == ["received"]


def _file_of(item: Evidence, room: Path) -> Path:
    return room / f"{item.file['id']}.sealed"


@pytest.mark.parametrize("fault", ["a byte", "the end", "the whole"])
def test_a_file_that_was_touched_is_noticed_and_not_handed_over(
    at_work: Any, told: Incident, room: Path, fault: str
) -> None:
    item = received(at_work, told, TEXT * 5000, agreed=("partners",))
    path = _file_of(item, room)
    whole = bytearray(path.read_bytes())
    if fault == "a byte":
        whole[-200] ^= 1
        path.write_bytes(whole)
    elif fault == "the end":
        path.write_bytes(whole[: 16 + 24 + 65536 + 17])
    else:
        path.unlink()
    assert not actions.verify_evidence(by=at_work, evidence=item.pk)
    assert whats(item)[-1] == "damaged"
    with pytest.raises(DamagedSeal):
        share_evidence(by=at_work, evidence=item.pk, audience="partners", with_whom="Red", why="archivo")


def test_another_file_in_its_place_is_noticed(at_work: Any, told: Incident, room: Path) -> None:
    one, other = received(at_work, told, b"uno"), received(at_work, told, b"dos")
    _file_of(one, room).write_bytes(_file_of(other, room).read_bytes())
    assert not actions.is_unchanged(one) and actions.is_unchanged(other)


def _written_over(line: Custody, **values: Any) -> None:
    """Write over a line as somebody would who holds the keys and the database."""
    line.open_all()
    for name, value in values.items():
        setattr(line, name, value)
    line.save(force_update=True)


def test_a_line_that_is_altered_taken_out_moved_or_added_is_noticed(at_work: Any, told: Incident) -> None:
    def with_three() -> Evidence:
        item = received(at_work, told, uuid4().bytes)
        for why in ("una", "otra"):
            actions.view_evidence(by=at_work, evidence=item.pk, why=why)
        assert fault_of(item) == ""
        return item

    item = with_three()
    line = item.custody.get(number=2)
    _written_over(line, facts={**line.facts, "why": "ninguna"})
    assert fault_of(item) == ALTERED

    item = with_three()
    item.custody.get(number=3).delete()
    assert fault_of(item) == MISSING

    item = with_three()
    item.custody.get(number=2).delete()
    assert fault_of(item) == MISSING

    item = with_three()
    item.custody.all().delete()
    assert fault_of(item) == MISSING

    item = with_three()
    two, three = item.custody.get(number=2), item.custody.get(number=3)
    _written_over(two, number=9)
    _written_over(three, number=2)
    _written_over(two, number=3)
    assert fault_of(item) == ALTERED


def test_a_log_made_anew_from_its_beginning_is_known_by_the_journal(at_work: Any, item: Evidence) -> None:
    """Somebody with all keys can make a chain that holds; the journal's own chain is what it is held against."""
    from tejido.incidents import evidence_custody as custody

    actions.view_evidence(by=at_work, evidence=item.pk, why="la verdadera")
    first, second = item.custody.order_by("number")
    second.open_all()
    second.facts = {**second.facts, "why": "otra"}
    second.digest = custody._digest(item, second, first.digest)
    second.save(force_update=True)
    assert fault_of(item) == MISSING
    JournalEntry.objects.filter(seq=second.born).delete()
    assert fault_of(item) == STRANGE


def test_its_content_can_be_destroyed_and_its_log_stays(at_work: Any, told: Incident, room: Path, db: Any) -> None:
    from django.test import TestCase

    item = received(at_work, told, hostile.picture(), agreed=("media",))
    actions.copy_evidence(by=at_work, evidence=item.pk)
    with TestCase.captureOnCommitCallbacks(execute=True):
        actions.destroy_evidence(by=at_work, evidence=item.pk, why="lo pidió quien la dio")
    assert list(room.iterdir()) == []
    for one in Evidence.objects.all():
        assert whats(one)[-1] == "destroyed" and fault_of(one) == "" and set(one.file) == {"sha256", "size"}
        for act in (actions.verify_evidence, actions.copy_evidence):
            with pytest.raises(NotFound, match="destroyed"):
                act(by=at_work, evidence=one.pk)
        with pytest.raises(NotFound, match="destroyed"):
            share_evidence(by=at_work, evidence=one.pk, audience="media", with_whom="Radio", why="nota")


def test_files_go_with_the_incident_they_belong_to(at_work: Any, told: Incident, room: Path) -> None:
    from django.test import TestCase

    received(at_work, told)
    with TestCase.captureOnCommitCallbacks(execute=True):
        remove_incident(by=at_work, incident=told.pk)
    assert list(room.iterdir()) == [] and not Evidence.objects.exists() and not Custody.objects.exists()


def test_who_erases_an_incident_is_told_its_files(at_work: Any, told: Incident, room: Path) -> None:
    item = received(at_work, told, hostile.picture())
    copy = actions.copy_evidence(by=at_work, evidence=item.pk)
    received(at_work, incident(at_work, "Otro"))
    assert {one.id for one in actions.files_of([told.pk])} == {sealed_of(item).id, sealed_of(copy).id}


def test_an_item_of_another_circle_is_not_there(at_work: Any, item: Evidence) -> None:
    class Stranger:
        id, circle_id, role = uuid4(), uuid4(), "coordinator"

    for act, more in (
        (actions.verify_evidence, {}),
        (actions.copy_evidence, {}),
        (actions.view_evidence, {"why": "x"}),
        (actions.destroy_evidence, {"why": "x"}),
        (share_evidence, {"why": "x", "with_whom": "x", "audience": "partners"}),
    ):
        with pytest.raises(NotFound):
            act(by=Stranger(), evidence=item.pk, **more)


# -- on its pages


def _sent(browser: Client, told: Incident, *files: tuple[str, bytes], **said: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return browser.post(f"/incidents/{told.pk}/evidence/new/", {"kind": "photograph", "sent": sent, **said})


def test_the_form_says_its_limits_before_and_keeps_what_was_typed(signed_in: Client, told: Incident) -> None:
    page = signed_in.get(f"/incidents/{told.pk}/evidence/new/").content.decode()
    assert "Up to 10 files at once" in page and "512 MB" in page and "multiple" in page
    answer = _sent(signed_in, told, title="La puerta", given_by="una vecina", agreed=["partners"])
    page = answer.content.decode()
    assert answer.status_code == 400 and "Choose at least one file." in page
    assert "La puerta" in page and "una vecina" in page and re.search(r'value="partners"[^>]*checked', page)
    answer = _sent(signed_in, told, ("a.txt", TEXT), received="el día del pico", title="La puerta")
    assert answer.status_code == 400 and "choose them again" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_several_files_come_at_once_and_too_many_wait(signed_in: Client, told: Incident) -> None:
    answer = _sent(signed_in, told, *[(f"{n}.txt", b"%d" % n) for n in range(12)], title="Notas")
    page = answer.content.decode()
    assert answer.status_code == 400 and page.count("no more than 10 at once") == 2
    assert "The other 10 were kept" in page
    assert sorted(one.title for one in Evidence.objects.all())[:2] == ["Notas (1)", "Notas (10)"]


def test_the_incident_shows_its_evidence_and_says_when_there_is_none(signed_in: Client, told: Incident) -> None:
    page = signed_in.get(f"/incidents/{told.pk}/").content.decode()
    assert "No photograph, recording or document is kept with it yet." in page
    assert f"/incidents/{told.pk}/evidence/new/" in page
    assert (
        _sent(signed_in, told, ("a.jpg", hostile.picture()), title="La puerta")["Location"] == f"/incidents/{told.pk}/"
    )
    assert "La puerta" in signed_in.get(f"/incidents/{told.pk}/").content.decode()


def test_the_page_of_an_item_shows_its_hash_its_log_and_what_can_be_done(signed_in: Client, item: Evidence) -> None:
    page = signed_in.get(f"/evidence/{item.pk}/").content.decode()
    assert hashlib.sha256(TEXT).hexdigest() in page and "received" in page
    assert "Each line holds the one before" in page
    assert re.search(r"<title>(.*?)</title>", page)[1].strip() == "Cuaderno"  # type: ignore[index]
    item.custody.all().delete()
    page = signed_in.get(f"/evidence/{item.pk}/").content.decode()
    assert "A line of this log is missing" in page and "Each line holds the one before" not in page


def test_it_is_handed_out_only_for_a_reason_and_shut_in(signed_in: Client, item: Evidence) -> None:
    assert signed_in.post(f"/evidence/{item.pk}/open/", {"why": ""}).headers["Content-Type"].startswith("text/html")
    assert whats(item) == ["received"]
    answer = signed_in.post(
        f"/evidence/{item.pk}/open/", {"why": "para la reunión"}, headers={"Accept-Encoding": "gzip"}
    )
    assert answer.getvalue() == TEXT and whats(item)[-1] == "viewed"
    assert answer["Content-Disposition"] == f'attachment; filename="{item.pk.hex[:8]}.txt"'
    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer["Cache-Control"] == "no-store" and answer["Content-Length"] == str(len(TEXT))
    assert "nota" not in answer["Content-Disposition"]


def test_it_is_handed_over_to_whom_was_agreed_and_the_log_says_to_whom(
    signed_in: Client, at_work: Any, told: Incident
) -> None:
    item = received(at_work, told, agreed=("partners",))
    address, said = f"/evidence/{item.pk}/share/", {"with_whom": "Red del Sur", "why": "archivo"}
    assert "has not agreed" in signed_in.post(address, {**said, "audience": "media"}).content.decode()
    page = signed_in.post(address, {"audience": "partners", "why": "archivo"}).content.decode()
    assert "Say to whom" in page and 'value="archivo"' in page
    assert signed_in.post(address, {**said, "audience": "partners"}).getvalue() == TEXT
    page = signed_in.get(f"/evidence/{item.pk}/").content.decode()
    assert "Red del Sur" in page and "partner organisations" in page


def test_a_damaged_item_is_not_handed_out(signed_in: Client, item: Evidence, room: Path) -> None:
    _file_of(item, room).write_bytes(b"x" * 100)
    answer = signed_in.post(f"/evidence/{item.pk}/open/", {"why": "x"})
    assert answer.status_code == 500 and TEXT not in answer.content
    assert whats(item)[-1] == "damaged"
    page = signed_in.post(f"/evidence/{item.pk}/check/", follow=True).content.decode()
    assert "no longer the same" in page


def test_a_preview_is_drawn_only_for_who_asked_just_now(
    signed_in: Client, at_work: Any, told: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = received(at_work, told, hostile.picture())
    monkeypatch.setattr("tejido.incidents.evidence_views.preview", lambda *args: b"\x89PNG drawn")
    monkeypatch.setattr("tejido.incidents.evidence_pages.can_preview", lambda: True)
    address = f"/evidence/{item.pk}/"
    assert signed_in.get(address + "preview/").status_code == 404
    assert "Show a preview" in signed_in.get(address).content.decode()
    page = signed_in.post(address + "look/", follow=True).content.decode()
    assert f'src="{address}preview/"' in page and whats(item)[-1] == "viewed"
    answer = signed_in.get(address + "preview/")
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG drawn", "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    monkeypatch.setattr("tejido.incidents.evidence_pages.can_preview", lambda: False)
    assert "No preview on this machine" in signed_in.get(address).content.decode()


def test_two_who_correct_at_once_lose_nothing(signed_in: Client, item: Evidence) -> None:
    said = {"kind": "testimony", "title": "Otra cosa", "revision": "1", "given_by": "la vecina de al lado"}
    assert signed_in.post(f"/evidence/{item.pk}/edit/", {**said, "title": "La primera"}).status_code == 302
    answer = signed_in.post(f"/evidence/{item.pk}/edit/", said)
    page = answer.content.decode()
    assert (
        answer.status_code == 409 and "La primera" in page and "Otra cosa" in page and "la vecina de al lado" in page
    )
    again = {**said, "revision": re.search(r'name="revision" value="(\d+)"', page)[1]}  # type: ignore[index]
    assert signed_in.post(f"/evidence/{item.pk}/edit/", again).status_code == 302


def test_every_page_of_an_item_opens_in_both_languages(signed_in: Client, at_work: Any, told: Incident) -> None:
    item = received(at_work, told, hostile.picture(), agreed=("partners",))
    copy = actions.copy_evidence(by=at_work, evidence=item.pk)
    for language, word in (("en", "Custody"), ("es", "Custodia")):
        signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        for one in (item, copy):
            assert word in signed_in.get(f"/evidence/{one.pk}/").content.decode()
            for name in ("edit", "open", "share", "destroy"):
                assert signed_in.get(f"/evidence/{one.pk}/{name}/").status_code == 200


def test_a_page_asks_no_more_of_the_database_for_a_longer_log(signed_in: Client, at_work: Any, item: Evidence) -> None:
    def asked() -> int:
        signed_in.get(f"/evidence/{item.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            signed_in.get(f"/evidence/{item.pk}/")
        return len(queries)

    before = asked()
    for turn in range(5):
        actions.view_evidence(by=at_work, evidence=item.pk, why=f"{turn}")
    assert asked() == before


# -- what a file is


@pytest.mark.parametrize("media", ["jpeg", "png", "webp", "tiff"])
def test_a_picture_is_known_by_its_first_bytes(media: str) -> None:
    assert kind_of(hostile.picture(media.upper())).code == media


def test_documents_are_known_by_what_is_in_them() -> None:
    made = {"pdf": hostile.pdf(), "docx": hostile.docx(), "xlsx": hostile.xlsx(), "odt": hostile.odt()}
    assert {name: kind_of(content).code for name, content in made.items()} == {name: name for name in made}
    assert kind_of(hostile.zipped({"a": "b"})).code == "zip"


@given(st.binary(max_size=300))
def test_any_bytes_are_of_some_kind(content: bytes) -> None:
    assert kind_of(content).code in KINDS


@given(st.text(max_size=400))
def test_a_tidy_name_is_short_seen_and_leads_nowhere(name: str) -> None:
    tidy = tidy_name(name)
    assert len(tidy) <= 120 and "/" not in tidy and "\\" not in tidy and tidy.isprintable()
    assert tidy_name(tidy) == tidy


def test_a_name_that_lies_is_told_from_one_that_does_not() -> None:
    assert is_disguised(KINDS["program"], "foto.jpg") and is_disguised(KINDS["pdf"], "a.docx")
    assert not is_disguised(KINDS["jpeg"], "foto.JPEG") and not is_disguised(KINDS["jpeg"], "foto")
    assert not is_disguised(KINDS["unknown"], "foto.jpg") and not is_disguised(KINDS["text"], "a.strange")
