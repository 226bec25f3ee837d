"""Everything goes out in one file, and a workspace made from it is the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from tejido.circles.models import CircleRecord
from tejido.domain.dates import ImpreciseDate
from tejido.domain.errors import BadInput, RuleBroken
from tejido.exchange.actions import export_workspace, import_export
from tejido.exchange.nouns import LEFT_OUT, NOUNS
from tejido.fabric.models import Actor, Asset, Consent, Territory
from tejido.incidents.evidence_actions import sealed_of
from tejido.incidents.evidence_custody import add_line, fault_of
from tejido.incidents.models import Custody, Evidence, Incident, Justice, Link
from tejido.protection.alerts import models as alerts
from tejido.protection.following import models as following
from tejido.protection.models import Amendment, Decision, Measure, Plan, ReasonKept, Threat, ThreatIncident
from tejido.protection.sessions import models as sessions
from tejido.vault.journal import writing
from tejido.vault.records import create
from tejido.vault.uploads import workspace_files
from tejido.vault.workspace import Workspace
from tests.exchange.lists import ROWS, changed, zip_bytes
from tests.exchange.test_importing import bring, everything, how_many


def add_evidence(by: Any, told: Incident, entry: Any, content: bytes = b"lo que vi") -> Evidence:
    """Write an item of evidence with the first line of its custody."""
    sealed = workspace_files().keep(io.BytesIO(content))
    item = Evidence(circle_id=by.circle_id, incident=told, kind="testimony", file=sealed.as_json(), title="Lo que vi")
    create(item, entry)
    add_line(item, "received", entry)
    return item


def _one_of_everything(by: Any) -> None:
    bring(by, changed(ROWS, 0, name="=Ana Ruiz", paper="@El Río"))
    circle = {"circle_id": by.circle_id}
    first, second = list(Incident.objects.all())
    actor, place = Actor.objects.all()[0], Territory.objects.all()[0]
    with writing(by=by, action="test.make") as entry:
        create(Asset(**circle, territory=place, kind="school", name="la escuela"), entry)
        about = ImpreciseDate.month(2021, 3, about=True)
        create(Consent(**circle, actor=actor, purpose="alert", audience="internal", scope="x", given_on=about), entry)
        create(Link(**circle, from_incident=first, to_incident=second, kind="precedes"), entry)
        create(Justice(**circle, incident=first, stage="complaint", authority=actor, words="se denunció"), entry)
        add_evidence(by, first, entry)
        decision = create(Decision(**circle, collective=actor, mode="assembly", what="seguir"), entry)
        plan = create(Plan(**circle, collective=actor, status="adopted", decision=decision, title="Plan"), entry)
        threat = create(Threat(**circle, plan=plan, words="nos siguen"), entry)
        create(ThreatIncident(**circle, threat=threat, incident=first), entry)
        measure = create(Measure(**circle, plan=plan, threat=threat, family="A", code="A1", owner=actor), entry)
        create(Amendment(**circle, plan=plan, what="measure_added", subject="guardia"), entry)
        create(
            ReasonKept(**circle, plan=plan, check_code="own_practices_missing", subject_id=plan.pk, words="x"), entry
        )
        own = circle | {"collective": actor}
        create(following.Commitment(**own, words="vendrán"), entry)
        create(following.ReachStep(**own, name="la radio"), entry)
        create(following.Drill(**own, tried="salir de noche"), entry)
        create(following.SafePlace(**own, name="la casa"), entry)
        create(following.Care(**own, words="descansar"), entry)
        create(following.DeskRequest(**own, kind="grant", answers={"why": "una amenaza"}), entry)
        create(following.Review(**circle, plan=plan, held="la guardia"), entry)
        create(following.SignSeen(**circle, measure=measure, direction="better", words="un mes sin motos"), entry)
        create(following.GoodPractice(**own, title="caminar en compañía"), entry)
        alert = create(alerts.Alert(**own, words="los siguen", asked="llamar"), entry)
        create(alerts.AlertCall(**circle, alert=alert, name="la radio"), entry)
        joint = create(sessions.Assessment(**own, title="asamblea", led_to=plan, present=[["mujeres", 23]]), entry)
        session = create(sessions.Assessment(**own, title="círculo de mujeres", joint=joint), entry)
        looked = create(sessions.AssessedThreat(**circle, assessment=session, words="panfletos", became=threat), entry)
        create(sessions.AssessedThreatIncident(**circle, threat=looked, incident=first), entry)
        create(
            sessions.AssessmentPart(
                **circle, assessment=session, step="pictures", about="picture", threat=looked, body={"threat_step": 4}
            ),
            entry,
        )
        create(sessions.OwnModule(**circle, text="module: x"), entry)


def _forget_everything() -> None:
    for model in reversed(NOUNS.values()):
        model._default_manager.all()._raw_delete("default")


def _exported(by: Any, tmp_path: Path) -> Path:
    out = tmp_path / "all.zip"
    export_workspace(by=by, out=out)
    return out


def _again(members: dict[str, bytes], out: Path) -> Path:
    out.write_bytes(zip_bytes(members))
    return out


def _members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_kind_of_record_is_exported_or_left_out_with_a_reason() -> None:
    all_records = {model._meta.label_lower for model in apps.get_models() if issubclass(model, CircleRecord)}
    exported = {model._meta.label_lower for model in NOUNS.values()}
    assert exported | set(LEFT_OUT) == all_records
    assert not exported & set(LEFT_OUT)


def test_an_export_brought_into_an_empty_workspace_makes_the_same(at_work: Any, tmp_path: Path) -> None:
    _one_of_everything(at_work)
    before, counted = everything(at_work), how_many()
    assert all(content != b"[\n]\n" for content in before.values())
    out = _exported(at_work, tmp_path)
    _forget_everything()
    report = import_export(by=at_work, path=out)
    assert everything(at_work) == before
    assert how_many() == counted
    assert report.by_kind()["actors"]["created"] == counted["Actor"]


def test_a_list_imported_before_the_export_is_known_after_it(at_work: Any, tmp_path: Path) -> None:
    bring(at_work)
    out, counted = _exported(at_work, tmp_path), how_many()
    _forget_everything()
    import_export(by=at_work, path=out)
    bring(at_work)
    assert how_many() == counted


def test_the_file_is_for_its_owner_only_and_the_manifest_holds(at_work: Any, tmp_path: Path) -> None:
    bring(at_work)
    out = _exported(at_work, tmp_path)
    assert out.stat().st_mode & 0o077 == 0
    members = _members(out)
    manifest = json.loads(members["manifest.json"])
    assert set(manifest["files"]) == set(members) - {"manifest.json"}
    assert json.loads(members["dictionary.json"])["victims"]["columns"]["act_id"] == {"kind": "id", "of": "acts"}


def test_cells_a_spreadsheet_would_run_are_preceded_by_an_apostrophe(at_work: Any, tmp_path: Path) -> None:
    _one_of_everything(at_work)
    members = _members(_exported(at_work, tmp_path))
    names = {row["name"] for row in csv.DictReader(io.StringIO(members["csv/sources.csv"].decode("utf-8-sig")))}
    assert "'@El Río" in names
    for name, content in members.items():
        if name.startswith("csv/"):
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_workspace_that_holds_records_is_not_mixed_with_an_export(at_work: Any, tmp_path: Path) -> None:
    bring(at_work)
    out, before = _exported(at_work, tmp_path), how_many()
    with pytest.raises(RuleBroken, match="already holds records"):
        import_export(by=at_work, path=out)
    assert how_many() == before


@pytest.mark.parametrize("name", ["json/actors.json", "csv/acts.csv", "README.txt"])
def test_an_export_that_was_altered_is_refused(at_work: Any, tmp_path: Path, name: str) -> None:
    bring(at_work)
    members = _members(_exported(at_work, tmp_path))
    members[name] += b" "
    _forget_everything()
    with pytest.raises(BadInput, match=f"altered or damaged: {name}"):
        import_export(by=at_work, path=_again(members, tmp_path / "bent.zip"))
    assert not any(how_many().values())


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/x", "a\\..\\b"])
def test_an_archive_with_an_unsafe_name_is_refused(at_work: Any, tmp_path: Path, name: str) -> None:
    members = _members(_exported(at_work, tmp_path))
    with pytest.raises(BadInput, match="unsafe name"):
        import_export(by=at_work, path=_again({**members, name: b"x"}, tmp_path / "bent.zip"))


def test_a_bomb_is_not_opened(at_work: Any, tmp_path: Path) -> None:
    members = {**_members(_exported(at_work, tmp_path)), "csv/big.csv": b"0" * (30 * 1024 * 1024)}
    with pytest.raises(BadInput, match="unpacks to more than it may"):
        import_export(by=at_work, path=_again(members, tmp_path / "bomb.zip"))


def test_records_that_contradict_each_other_are_refused_whole(at_work: Any, tmp_path: Path) -> None:
    import hashlib

    bring(at_work)
    members = _members(_exported(at_work, tmp_path))
    members["json/incidents.json"] = b"[\n]\n"
    manifest = json.loads(members["manifest.json"])
    manifest["files"]["json/incidents.json"]["sha256"] = hashlib.sha256(members["json/incidents.json"]).hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()
    _forget_everything()
    with pytest.raises(BadInput, match="contradict each other"):
        import_export(by=at_work, path=_again(members, tmp_path / "bent.zip"))
    assert not any(how_many().values())


def test_what_is_no_export_says_so(at_work: Any, tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    for content in (b"hello", zip_bytes({"a.txt": b"b"}), zip_bytes({"manifest.json": b"[]"})):
        other.write_bytes(content)
        with pytest.raises(BadInput, match="not an export of Tejido"):
            import_export(by=at_work, path=other)


def test_a_place_that_cannot_be_written_says_so_and_leaves_nothing(at_work: Any, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be written"):
        export_workspace(by=at_work, out=tmp_path / "missing" / "all.zip")
    assert list(tmp_path.iterdir()) == []


def test_evidence_goes_out_in_clear_without_its_key_and_comes_in_under_a_new_seal(
    at_work: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "WORKSPACE", Workspace(tmp_path / "room"))
    _one_of_everything(at_work)
    item = Evidence.objects.get()
    key, digest = item.file["key"], item.file["sha256"]
    members = _members(_exported(at_work, tmp_path))
    assert members[f"files/{item.pk}"] == b"lo que vi"
    assert not any(key.encode() in content for content in members.values())
    _forget_everything()
    import_export(by=at_work, path=tmp_path / "all.zip")
    again = Evidence.objects.get()
    assert again.file["key"] != key and again.file["sha256"] == digest and again.pk == item.pk
    with workspace_files().open(sealed_of(again)) as content:
        assert content.read() == b"lo que vi"
    assert fault_of(again) == "" and Custody.objects.count() == 1


def test_a_file_of_evidence_that_was_exchanged_is_refused_and_none_stays(
    at_work: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "WORKSPACE", Workspace(tmp_path / "room"))
    _one_of_everything(at_work)
    members = _members(_exported(at_work, tmp_path))
    item = Evidence.objects.get()
    _forget_everything()
    before = set((tmp_path / "room" / "sealed").iterdir())
    members[f"files/{item.pk}"] = b"otra cosa"
    manifest = json.loads(members["manifest.json"])
    manifest["files"][f"files/{item.pk}"]["sha256"] = hashlib.sha256(b"otra cosa").hexdigest()
    members["manifest.json"] = json.dumps(manifest).encode()
    with pytest.raises(BadInput, match="not what its record says"):
        import_export(by=at_work, path=_again(members, tmp_path / "again.zip"))
    assert set((tmp_path / "room" / "sealed").iterdir()) == before
    assert not Evidence.objects.exists()
