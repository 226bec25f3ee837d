"""The pages of import and export, as somebody at work uses them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tejido.exchange.models import Import
from tejido.fabric.models import Actor
from tejido.incidents.models import Incident
from tests.exchange.lists import COLUMNS, MAPPING, ROWS, csv_bytes
from tests.exchange.test_importing import bring


def _sealed() -> set[Path]:
    directory = settings.WORKSPACE.directory / "sealed"
    return set(directory.glob("*.sealed")) if directory.is_dir() else set()


def _send(browser: Any, *, mapping: str | None = MAPPING, content: bytes | None = None) -> Any:
    files = {"file": SimpleUploadedFile("list.csv", content if content is not None else csv_bytes())}
    if mapping is not None:
        files["mapping"] = SimpleUploadedFile("mapping.yml", mapping.encode())
    return browser.post(reverse("exchange:imports"), files, follow=True)


def test_a_list_is_seen_before_it_is_brought_in_and_can_be_undone(signed_in: Any) -> None:
    before = _sealed()
    page = _send(signed_in)
    text = page.content.decode()
    assert page.status_code == 200
    assert "What this list would bring" in text
    assert "Killing: 2 people" in text
    assert "said in confidence" in text
    assert not Incident.objects.exists()
    assert len(_sealed() - before) == 1
    record = Import.objects.get()
    done = signed_in.post(reverse("exchange:run", args=[record.pk]), follow=True)
    assert "2 incidents, 5 actors" in done.content.decode()
    assert Incident.objects.count() == 2
    assert _sealed() == before
    asked = signed_in.get(reverse("exchange:undo", args=[record.pk]))
    assert "Undo this import?" in asked.content.decode()
    signed_in.post(reverse("exchange:undo", args=[record.pk]))
    assert not Incident.objects.exists()
    assert "undone" in signed_in.get(reverse("exchange:imports")).content.decode()


def test_nothing_sent_in_rests_on_the_disk_in_clear(signed_in: Any) -> None:
    _send(signed_in)
    for path in settings.WORKSPACE.directory.rglob("*"):
        if path.is_file():
            assert b"Ana Ruiz" not in path.read_bytes(), path


def test_a_list_can_be_dropped_without_a_trace(signed_in: Any) -> None:
    before = _sealed()
    _send(signed_in)
    signed_in.post(reverse("exchange:drop", args=[Import.objects.get().pk]))
    assert not Import.objects.exists()
    assert _sealed() == before


def test_a_mapping_can_be_made_on_a_page(signed_in: Any) -> None:
    page = _send(signed_in, mapping=None)
    assert "What is in each column?" in page.content.decode()
    record = Import.objects.get()
    where = reverse("exchange:mapping", args=[record.pk])
    roles = {"name": "victim", "group": "group", "day": "when", "town": "where", "act": "act", "case": "case"}
    chosen = {f"column_{COLUMNS.index(column)}": role for column, role in roles.items()}
    made = signed_in.post(where, {**chosen, "make": "1"})
    form = made.context["page"].form
    text = form.initial["mapping"]
    assert "Killed: other" in text
    saved = signed_in.post(
        where, {"mapping": text.replace("Killed: other", "Killed: killing"), "save": "1"}, follow=True
    )
    assert "What this list would bring" in saved.content.decode()
    signed_in.post(reverse("exchange:run", args=[record.pk]))
    assert Incident.objects.count() == 2
    assert "Ana Ruiz" in {actor.usual_name for actor in Actor.objects.all()}


def test_a_column_chosen_twice_is_told_and_nothing_chosen_is_lost(signed_in: Any) -> None:
    _send(signed_in, mapping=None)
    where = reverse("exchange:mapping", args=[Import.objects.get().pk])
    page = signed_in.post(where, {"column_2": "victim", "column_5": "victim", "make": "1"})
    assert page.status_code == 400
    assert "Two columns were chosen as the same thing" in page.content.decode()
    assert page.context["page"].choices["column_5"].value() == "victim"


def test_a_wrong_mapping_is_told_and_kept_to_be_corrected(signed_in: Any) -> None:
    _send(signed_in, mapping=None)
    where = reverse("exchange:mapping", args=[Import.objects.get().pk])
    page = signed_in.post(where, {"mapping": MAPPING.replace("incident:", "incidente:"), "save": "1"})
    assert page.status_code == 400
    assert "Did you mean “incident”" in page.content.decode()
    assert "incidente:" in page.content.decode()


def test_a_file_that_is_no_list_is_told_and_not_kept(signed_in: Any) -> None:
    before = _sealed()
    page = _send(signed_in, mapping=None, content=b"%PDF-1.7 hello")
    assert "a PDF document, not a table" in page.content.decode()
    assert not Import.objects.exists()
    assert _sealed() == before


def test_a_form_without_a_list_says_so_and_leaves_nothing(signed_in: Any) -> None:
    before = _sealed()
    page = signed_in.post(reverse("exchange:imports"), {"mapping": SimpleUploadedFile("m.yml", b"tejido: 1")})
    assert page.status_code == 400
    assert _sealed() == before


def test_a_preview_of_a_long_list_comes_in_pages(signed_in: Any) -> None:
    rows = [[str(number), str(number), *ROWS[0][2:]] for number in range(120)]
    page = _send(signed_in, content=csv_bytes(rows)).context["page"]
    assert (len(page.rows), page.earlier, page.later) == (20, None, 20)
    where = reverse("exchange:preview", args=[Import.objects.get().pk])
    last = signed_in.get(where, {"row": "100"}).context["page"]
    assert (len(last.rows), last.rows[0].number, last.earlier, last.later) == (20, 102, 80, None)


def test_undo_that_others_built_on_asks_whether_to_keep_their_work(signed_in: Any, at_work: Any) -> None:
    first = bring(at_work, ROWS[:2])
    bring(at_work)
    assert first.import_id is not None
    where = reverse("exchange:undo", args=[first.import_id])
    page = signed_in.post(where)
    assert page.status_code == 409
    assert "This import was not undone" in page.content.decode()
    assert 'name="keep"' in page.content.decode()
    signed_in.post(where, {"keep": "on"})
    assert Import.objects.get(pk=first.import_id).status == "undone"


def test_the_export_warns_and_hands_out_one_file(signed_in: Any, at_work: Any) -> None:
    bring(at_work)
    assert "The file is not locked" in signed_in.get(reverse("exchange:export")).content.decode()
    answer = signed_in.post(reverse("exchange:export"))
    assert answer["Content-Disposition"] == 'attachment; filename="export.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert "Ana Ruiz" in archive.read("json/actors.json").decode()


def test_an_import_of_another_circle_is_not_found(signed_in: Any, at_work: Any) -> None:
    assert signed_in.get(reverse("exchange:import", args=[at_work.pk])).status_code == 404


def test_pages_speak_spanish(signed_in: Any) -> None:
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = "es"
    assert "Traer una lista" in signed_in.get(reverse("exchange:imports")).content.decode()
