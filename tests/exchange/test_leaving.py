"""What leaves with a second person's approval is exactly what they looked at, and leaves once."""

from __future__ import annotations

import hashlib
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tejido.circles.approvals import give
from tejido.circles.models import Approval, Member
from tejido.domain.errors import DamagedSeal, NotFound
from tejido.domain.second_person import ALTERED, SPENT, NotApproved
from tejido.exchange import leaving
from tejido.exchange.actions import export_workspace
from tejido.exchange.leaving import ask_to_export, export_approved, forget_old, needs_second_person, take_export_back
from tejido.exchange.waiting import sealed_files
from tejido.fabric.actions import record_territory
from tejido.vault.files import SealedFile
from tejido.vault.journal import body_of, last_entry
from tejido.vault.models import JournalEntry
from tests.browsing import sign_in
from tests.circles.people import joined, working
from tests.exchange.test_importing import bring


@pytest.fixture
def bruno(at_work: Any) -> Member:
    """A second member of the circle."""
    return joined(at_work, "Bruno")


def agreed(by: Any, second: Member) -> Approval:
    """Ask to export, and have the second person agree."""
    approval = ask_to_export(by=by, reason="the assembly asked for it")
    with working(second.name):
        return give(by=second, approval=approval)


def artefact(approval: Approval) -> Path:
    """Return where the sealed artefact lies."""
    return sealed_files().writing(SealedFile.from_json(approval.file).id)


def test_who_is_alone_exports_and_the_journal_says_so(at_work: Any, tmp_path: Path) -> None:
    joined(at_work, "Visita", "guest")
    assert not needs_second_person(at_work)
    export_workspace(by=at_work, out=tmp_path / "all.zip")
    line = last_entry()
    assert line and dict(body_of(line)["notes"])["second_person"] == "nobody to ask"  # type: ignore[call-overload]


def test_nobody_goes_round_the_second_person(at_work: Any, bruno: Member, tmp_path: Path) -> None:
    with pytest.raises(NotApproved):
        export_workspace(by=at_work, out=tmp_path / "all.zip")
    assert list(tmp_path.iterdir()) == []
    assert not JournalEntry.objects.filter(action="exchange.export").exists()


def test_what_leaves_is_what_stood_when_it_was_asked_for(at_work: Any, bruno: Member, tmp_path: Path) -> None:
    bring(at_work)
    approval = agreed(at_work, bruno)
    assert artefact(approval).read_bytes()[:200].find(b"json/") < 0
    record_territory(by=at_work, name="Añadido después", kind="locality")
    report = export_approved(by=at_work, approval=approval, out=tmp_path / "all.zip")
    content = (tmp_path / "all.zip").read_bytes()
    assert report.sha256 == approval.statement["digest"] == hashlib.sha256(content).hexdigest()
    assert report.as_json()["file"] == "all.zip" and report.size == len(content)
    assert (tmp_path / "all.zip").stat().st_mode & 0o077 == 0
    assert report.counts == approval.statement["holds"] and report.counts["incidents"] == 2


def test_an_approval_serves_once(at_work: Any, bruno: Member, tmp_path: Path) -> None:
    approval = agreed(at_work, bruno)
    export_approved(by=at_work, approval=approval, out=tmp_path / "all.zip")
    with pytest.raises(NotApproved, match=SPENT[:20]):
        export_approved(by=at_work, approval=Approval.objects.get(pk=approval.pk), out=tmp_path / "again.zip")
    assert [path.name for path in tmp_path.iterdir()] == ["all.zip"]


def test_an_artefact_that_was_exchanged_does_not_leave(at_work: Any, bruno: Member, tmp_path: Path) -> None:
    approval = agreed(at_work, bruno)
    bring(at_work)
    other, _report = leaving._sealed_export(at_work, None)
    from tejido.vault.journal import writing
    from tejido.vault.records import change

    with writing(by=at_work, action="test.bend") as entry:
        change(approval, entry, file={**other.as_json(), "sha256": approval.statement["digest"]})
    with pytest.raises(NotApproved, match=ALTERED[:20]):
        export_approved(by=at_work, approval=approval, out=tmp_path / "all.zip")
    assert list(tmp_path.iterdir()) == []
    assert Approval.objects.get(pk=approval.pk).status == "approved"


def test_an_artefact_that_was_damaged_or_is_gone_does_not_leave(at_work: Any, bruno: Member, tmp_path: Path) -> None:
    approval = agreed(at_work, bruno)
    content = artefact(approval).read_bytes()
    artefact(approval).write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DamagedSeal):
        export_approved(by=at_work, approval=approval, out=tmp_path / "all.zip")
    artefact(approval).unlink()
    with pytest.raises(NotFound):
        export_approved(by=at_work, approval=approval, out=tmp_path / "all.zip")
    assert list(tmp_path.iterdir()) == []


def test_what_was_taken_back_is_forgotten(at_work: Any, bruno: Member) -> None:
    approval = agreed(at_work, bruno)
    path = artefact(approval)
    take_export_back(by=at_work, approval=approval)
    assert not path.exists()


def test_what_was_refused_is_forgotten_the_next_time_somebody_asks(at_work: Any, bruno: Member) -> None:
    from tejido.circles.approvals import refuse

    approval = ask_to_export(by=at_work, reason="x")
    with working("Bruno"):
        refuse(by=bruno, approval=approval)
    waiting = ask_to_export(by=at_work, reason="y")
    assert forget_old(by=at_work) == 1
    assert not artefact(approval).exists() and artefact(waiting).exists()


def test_a_second_person_agrees_on_a_page_and_the_first_takes_it_out(
    at_work: Any, bruno: Member, signed_in: Client
) -> None:
    bring(at_work)
    page = signed_in.get("/export/").content.decode()
    assert "Ask a second person" in page and "Write the file" not in page
    assert signed_in.post("/export/", {"reason": " "}).status_code == 400
    answer = signed_in.post("/export/", {"reason": "for the lawyer"})
    address = answer["Location"]
    page = signed_in.get(address).content.decode()
    assert "You asked for this" in page and "I agree" not in page and "for the lawyer" in page
    signed_in.post(address, {"give": "1"})
    assert "You asked for this yourself" in signed_in.get(address).content.decode()

    with working("Bruno"), sign_in(bruno) as theirs:
        assert "One thing is to leave the circle" in theirs.get("/").content.decode()
        listed = theirs.get("/circle/approvals/").content.decode()
        assert f'href="{address}"' in listed and "asked by Alba" in listed
        page = theirs.get(address).content.decode()
        assert "I agree, and sign" in page and "Write the file" not in page
        assert theirs.post("/export/" + address.split("/")[-2] + "/").status_code == 303
        theirs.post(address, {"give": "1"})

    page = signed_in.get(address).content.decode()
    use = re.search(r'action="(/export/[^"]+)"', page)
    assert use and "Decided by" in page and "Bruno" in page
    answer = signed_in.post(use[1])
    assert answer["Content-Type"] == "application/zip"
    found = Approval.objects.get()
    assert hashlib.sha256(answer.content).hexdigest() == found.statement["digest"]
    assert found.status == "used"
    again = signed_in.post(use[1])
    assert again.status_code == 303
    assert "serves once" in signed_in.get(again["Location"]).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_it_out_at_once_one_is_refused(tmp_path: Path) -> None:
    from django.db import connections

    from tejido.circles.actions import found_circle, open_keyring
    from tejido.vault.keyring import Keyring, current, using
    from tejido.vault.workspace import Master

    master = Master(b"\x09" * 32)
    alba = found_circle(name="Ribera", member_name="Alba", master=master)
    with using(open_keyring(master)):
        approval = agreed(alba, joined(alba, "Bruno"))
        keyring: Keyring = current()
    outcomes: list[str] = []
    together = threading.Barrier(2)

    def take(name: str) -> None:
        try:
            with using(keyring):
                mine = Approval.objects.get(pk=approval.pk)
                mine.open_all()
                together.wait(30)
                export_approved(by=alba, approval=mine, out=tmp_path / name)
            outcomes.append("done")
        except (NotApproved, NotFound) as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=take, args=(name,)) for name in ("one.zip", "two.zip")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("done") == 1 and len(outcomes) == 2
    assert len(list(tmp_path.iterdir())) == 1
    with using(keyring):
        assert JournalEntry.objects.filter(action="exchange.export").count() == 1
