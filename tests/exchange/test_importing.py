"""A list is taken in once however often it is imported, and can be taken out again without a trace."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.domain.errors import BadInput, NotFound, RuleBroken
from tejido.exchange.actions import preview_import, run_import, undo_import
from tejido.exchange.exporting import export_into
from tejido.exchange.models import ExternalKey, Import
from tejido.exchange.reports import Report
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.models import Act, Incident, Perpetrator, Place, Source, Victim
from tejido.vault.journal import last_stamp, verify, writing
from tejido.vault.models import Removal
from tejido.vault.records import change, create
from tests.exchange.lists import COLUMNS, MAPPING, ROWS, changed, csv_bytes, xlsx_bytes

MODELS = (Actor, Tie, Territory, Presence, Incident, Place, Act, Victim, Perpetrator, Source, ExternalKey)


def bring(by: Any, rows: Any = ROWS, mapping: str = MAPPING, content: bytes | None = None) -> Report:
    """Import a small list."""
    stream = io.BytesIO(content if content is not None else csv_bytes(rows))
    return run_import(by=by, stream=stream, file_name="list.csv", mapping_text=mapping)


def everything(by: Any) -> dict[str, bytes]:
    """Return the canonical export: what is in the workspace, exactly."""
    target = io.BytesIO()
    export_into(by=by, target=target)
    with zipfile.ZipFile(target) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name.startswith("json/")}


def how_many() -> dict[str, int]:
    """Return the number of records per kind."""
    return {model.__name__: model.objects.count() for model in MODELS}


def _actor(name: str) -> Actor:
    return next(actor for actor in Actor.objects.all() if actor.usual_name == name)


def _incident(title: str) -> Incident:
    return next(incident for incident in Incident.objects.all() if title in incident.title)


def test_a_list_becomes_actors_ties_incidents_and_acts(at_work: Any) -> None:
    report = bring(at_work)
    counts = {kind: line["created"] for kind, line in report.by_kind().items()}
    assert counts == {
        "incident": 2, "act": 2, "victim": 3, "perpetrator": 1, "place": 2, "source": 2, "actor": 5, "tie": 2,
        "territory": 2, "presence": 3,
    }  # fmt: skip
    killing = _incident("Killing")
    assert killing.title == "Killing: 2 people"
    assert killing.when is not None
    assert killing.when.encode() == "2020-05-01"
    assert (killing.week_from, killing.week_to) == (202018, 202018)
    assert killing.territory is not None
    assert killing.territory.name == "Ribera"
    act = killing.acts.get()
    assert sorted(victim.actor.usual_name for victim in act.victims.all()) == ["Ana Ruiz", "Caro Sol"]
    assert act.perpetrators.get().actor.usual_name == "Guards"
    assert _actor("Ana Ruiz").details == {"Age": "31"}
    assert {line.born for line in ExternalKey.objects.all()} == {killing.born} == {last_stamp()}


def test_rows_of_an_incident_need_not_stand_together(at_work: Any) -> None:
    bring(at_work)
    assert Incident.objects.count() == 2
    assert Victim.objects.count() == 3


def test_a_workbook_gives_the_same(at_work: Any) -> None:
    assert bring(at_work, content=xlsx_bytes()).by_kind()["incident"]["created"] == 2


def test_importing_again_doubles_nothing(at_work: Any) -> None:
    bring(at_work)
    before, content = how_many(), everything(at_work)
    again = bring(at_work)
    assert how_many() == before
    assert everything(at_work) == content
    assert {line["created"] + line["updated"] for line in again.by_kind().values()} == {0}
    assert again.by_kind()["actor"]["matched"] == 5


def test_the_same_person_twice_in_a_list_is_one(at_work: Any) -> None:
    rows = [*ROWS, [*changed(ROWS, 0, case="c", act="Threat")[0]]]
    bring(at_work, rows)
    assert [actor.usual_name for actor in Actor.objects.all()].count("Ana Ruiz") == 1
    assert _actor("Ana Ruiz").suffered.count() == 2


def test_what_the_list_tells_otherwise_is_updated_and_what_a_member_corrected_stays(at_work: Any) -> None:
    bring(at_work)
    with writing(by=at_work, action="test.change") as entry:
        change(_actor("Ana Ruiz"), entry, about="tía de Caro", details={"Age": "32"})
    report = bring(at_work, changed(ROWS, 0, name="Ana Ruiz Mora"))
    ana = _actor("Ana Ruiz Mora")
    assert (ana.about, ana.details) == ("tía de Caro", {"Age": "32"})
    assert report.by_kind()["actor"]["updated"] == 1


def test_an_act_the_list_corrects_is_replaced_not_added(at_work: Any) -> None:
    bring(at_work)
    report = bring(at_work, changed(changed(ROWS, 0, act="Threat"), 2, act="Threat"))
    assert sorted(Act.objects.values_list("kind", flat=True)) == ["death_threat", "death_threat"]
    assert Victim.objects.count() == 3
    assert report.by_kind()["incident"]["updated"] == 1
    assert any("no longer tells" in note.text() for note in report.notes)


def test_a_new_row_of_a_known_incident_adds_its_victim(at_work: Any) -> None:
    bring(at_work, ROWS[:2])
    first = Act.objects.get(kind="killing").pk
    bring(at_work)
    assert Act.objects.get(kind="killing").pk == first
    assert Act.objects.get(kind="killing").victims.count() == 2
    assert _incident("Killing").title == "Killing: 2 people"


def test_a_part_that_a_member_added_is_left_alone(at_work: Any) -> None:
    bring(at_work)
    with writing(by=at_work, action="test.add") as entry:
        incident = _incident("Killing")
        create(Place(circle_id=at_work.circle_id, incident=incident, position=2, words="by the bridge"), entry)
        change(incident, entry)
    bring(at_work, changed(changed(ROWS, 0, town="Cerro"), 2, town="Cerro"))
    assert sorted(place.words for place in _incident("Killing").places.all()) == ["Cerro", "by the bridge"]


def test_a_record_removed_here_is_made_again_by_a_new_import(at_work: Any) -> None:
    bring(at_work)
    Incident.objects.all().delete()
    assert bring(at_work).by_kind()["incident"]["created"] == 2
    assert Incident.objects.count() == 2


def test_a_presence_recorded_by_hand_is_not_doubled(at_work: Any) -> None:
    bring(at_work)
    Presence.objects.all().delete()
    ExternalKey.objects.filter(noun="presence").delete()
    with writing(by=at_work, action="test.add") as entry:
        create(
            Presence(
                circle_id=at_work.circle_id,
                actor=_actor("Ana Ruiz"),
                territory=next(one for one in Territory.objects.all() if one.name == "Ribera"),
                kind="lives",
            ),
            entry,
        )
    bring(at_work)
    assert Presence.objects.count() == 3


def test_refused_rows_never_stop_the_rest(at_work: Any) -> None:
    rows = [
        *ROWS, ["4", "d", "Dora", "", "Loma", "", "", "Kidnapped", "", "", "", ""], ["5", "e"],
        ["6", "NA", "Eva", "", "Loma", "", "", "Threat", "", "", "", ""],
    ]  # fmt: skip
    report = bring(at_work, rows)
    assert [(one.number, one.reason.text()[:20]) for one in report.refused] == [
        (5, "The value “Kidnapped"),
        (6, "The row has 2 cells,"),
        (7, "The row has no value"),
    ]
    assert Incident.objects.count() == 2
    assert report.as_json()["refused"] == {"row": 3}
    kept = Import.objects.get().refused
    assert [line["row"] for line in kept] == [5, 6, 7]


def test_every_column_is_used_or_told_to_stay_outside(at_work: Any) -> None:
    columns = [*COLUMNS, "phone", "shoe size"]
    report = bring(at_work, content=csv_bytes([[*row, "1", "2"] for row in ROWS], columns))
    assert report.unmapped == ["phone", "shoe size"]
    assert report.not_imported == {"note": "said in confidence"}
    assert "phone, shoe size" in report.notes[0].text()


def test_nothing_is_left_of_an_import_that_fails(at_work: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tejido.exchange.reading._UNCLOSED", 1000)
    before = last_stamp()
    content = csv_bytes(ROWS) + b'4,d,"never closed,,,,,,,,,\n' + b"x" * 2000
    with pytest.raises(BadInput, match="never closed"):
        bring(at_work, content=content)
    assert not any(how_many().values())
    assert last_stamp() == before


def test_progress_tells_rows_and_bytes(at_work: Any) -> None:
    told: list[tuple[int, int, int]] = []
    content = csv_bytes([[str(number), str(number), *ROWS[0][2:]] for number in range(1200)])
    run_import(
        by=at_work, stream=io.BytesIO(content), file_name="x", mapping_text=MAPPING,
        progress=lambda *done: told.append(done),
    )  # fmt: skip
    assert [rows for rows, _done, _all in told] == [200, 400, 600, 800, 1000, 1200]
    assert told[-1][1:] == (len(content), len(content))


def test_a_preview_says_row_by_row_what_would_be_and_writes_nothing(at_work: Any) -> None:
    bring(at_work, ROWS[:1])
    before, stamp = everything(at_work), last_stamp()
    rows = [*ROWS, ["9", "z", "Zoe", "", "", "", "", "Unknown", "", "", "", ""]]
    report = preview_import(by=at_work, stream=io.BytesIO(csv_bytes(rows)), file_name="list.csv", mapping_text=MAPPING)
    assert last_stamp() == stamp
    assert everything(at_work) == before
    assert [row.number for row in report.rows] == [2, 3, 4, 5]
    outcomes = [{(item.kind, item.outcome) for item in row.items} for row in report.rows]
    assert ("incident", "updated") in outcomes[0]
    assert ("actor", "matched") in outcomes[0]
    assert ("incident", "created") in outcomes[1]
    assert report.rows[3].refused is not None
    made = bring(at_work, rows)
    assert made.by_kind() == report.by_kind()


def test_a_preview_can_tell_some_rows_only(at_work: Any) -> None:
    report = preview_import(
        by=at_work, stream=io.BytesIO(csv_bytes()), file_name="x", mapping_text=MAPPING, window=(1, 1)
    )
    assert [row.number for row in report.rows] == [3]
    assert report.by_kind()["incident"]["created"] == 2


def test_undo_takes_everything_out_again(at_work: Any) -> None:
    before = everything(at_work)
    report = bring(at_work)
    assert report.import_id is not None
    undo_import(by=at_work, import_id=report.import_id)
    assert not any(how_many().values())
    assert everything(at_work) == before
    assert Removal.objects.filter(noun="fabric.actor").count() == 5
    assert Import.objects.get().status == "undone"
    verify()


def test_undo_puts_back_what_the_import_changed_or_took_away(at_work: Any) -> None:
    bring(at_work)
    before = everything(at_work)
    rows = changed(changed(changed(ROWS, 0, act="Threat", name="Ana Mora"), 2, act="Threat"), 1, town="Cerro")
    report = bring(at_work, rows)
    assert everything(at_work) != before
    assert report.import_id is not None
    undo_import(by=at_work, import_id=report.import_id)
    assert everything(at_work) == before


_CELL = {
    "case": st.sampled_from(["a", "b", "c"]),
    "name": st.sampled_from(["Ana", "Beto", "=Caro"]),
    "town": st.sampled_from(["Ribera", "Loma", "NA"]),
    "group": st.sampled_from(["River Union", "near the river union", "NA"]),
    "by": st.sampled_from(["Guards", "Others", "NA"]),
    "act": st.sampled_from(["Killed", "Threat", "NA", "Odd"]),
    "day": st.sampled_from(["2020-05-01", "2021-01-31", "NA"]),
}
_ROW = st.fixed_dictionaries(
    {"id": st.sampled_from("1234"), "age": st.sampled_from(["30", "NA"]), "month": st.just("NA"),
     "paper": st.sampled_from(["El Río", "NA"]), "note": st.just(""), **_CELL}
).map(lambda cells: [cells[column] for column in COLUMNS])  # fmt: skip
_LIST = st.lists(_ROW, min_size=1, max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=_LIST, second=_LIST)
def test_undo_restores_exactly_whatever_the_lists(at_work: Any, first: Any, second: Any) -> None:
    with transaction.atomic():
        one = bring(at_work, first)
        before = everything(at_work)
        two = bring(at_work, second)
        after = everything(at_work)
        third = bring(at_work, second)
        assert everything(at_work) == after
        for report in (third, two):
            assert report.import_id is not None
            undo_import(by=at_work, import_id=report.import_id)
        assert everything(at_work) == before
        assert one.import_id is not None
        undo_import(by=at_work, import_id=one.import_id)
        assert not any(how_many().values())
        transaction.set_rollback(True)


def test_undo_refuses_when_others_changed_records_or_hung_some_upon_them(at_work: Any) -> None:
    report = bring(at_work)
    assert report.import_id is not None
    with writing(by=at_work, action="test.add") as entry:
        ana = _actor("Ana Ruiz")
        sister = create(Actor(circle_id=at_work.circle_id, kind="person", names=[{"text": "Sister"}]), entry)
        create(Tie(circle_id=at_work.circle_id, from_actor=sister, to_actor=ana, kind="family_of"), entry)
        change(_actor("Beto Paz"), entry, about="has a boat")
    before = everything(at_work)
    with pytest.raises(RuleBroken, match="1 of its records were changed and 1 others were hung upon"):
        undo_import(by=at_work, import_id=report.import_id)
    assert everything(at_work) == before
    undone = undo_import(by=at_work, import_id=report.import_id, force=True)
    assert sorted(actor.usual_name for actor in Actor.objects.all()) == ["Ana Ruiz", "Beto Paz", "Sister"]
    assert Tie.objects.get().kind == "family_of"
    assert "2 records were kept" in undone.notes[0].text()
    assert not Incident.objects.exists()


def test_undo_by_force_keeps_an_incident_whole(at_work: Any) -> None:
    report = bring(at_work)
    assert report.import_id is not None
    with writing(by=at_work, action="test.change") as entry:
        change(_incident("Killing"), entry, summary="we know more now")
    undo_import(by=at_work, import_id=report.import_id, force=True)
    kept = Incident.objects.get()
    assert kept.summary == "we know more now"
    assert (kept.acts.count(), kept.places.count(), kept.sources.count(), Victim.objects.count()) == (1, 1, 1, 2)
    assert sorted(actor.usual_name for actor in Actor.objects.all()) == ["Ana Ruiz", "Caro Sol", "Guards"]


def test_a_later_import_that_built_on_it_stands_in_the_way(at_work: Any) -> None:
    first = bring(at_work, ROWS[:2])
    bring(at_work)
    assert first.import_id is not None
    with pytest.raises(RuleBroken, match="Undo later imports first"):
        undo_import(by=at_work, import_id=first.import_id)


def test_undo_twice_or_of_nothing_says_so(at_work: Any) -> None:
    report = bring(at_work)
    assert report.import_id is not None
    undo_import(by=at_work, import_id=report.import_id)
    with pytest.raises(BadInput, match="already undone"):
        undo_import(by=at_work, import_id=report.import_id)
    with pytest.raises(NotFound):
        undo_import(by=at_work, import_id=at_work.pk)


def test_keys_of_a_list_are_not_in_clear(at_work: Any) -> None:
    bring(at_work, changed(ROWS, 0, id="cedula-4711"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest, told FROM exchange_externalkey")
        assert not any(b"4711" in bytes(value) for row in cursor.fetchall() for value in row)
    assert any("cedula-4711" in json.dumps(line.told) for line in ExternalKey.objects.all())


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_rows(at_work: Any) -> None:
    def asked(rows: int) -> int:
        list_ = [[f"{rows}-{number}", f"{rows}-{number}", *ROWS[0][2:]] for number in range(rows)]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            bring(at_work, list_)
        return len(seen)

    bring(at_work)
    assert asked(300) <= asked(3) + 8
