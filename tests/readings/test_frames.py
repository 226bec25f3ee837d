"""What is held in memory equals the store, whatever was written, removed or taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tejido.circles.warming import warm_up
from tejido.exchange.actions import run_import, undo_import
from tejido.fabric.beside import struck_in_store
from tejido.fabric.models import Actor, Presence, Territory, Tie
from tejido.incidents.counts import totals_in_store, touched_in_store, victims_in_store
from tejido.incidents.models import Act, Incident, Perpetrator, Victim
from tejido.readings import frames as module
from tejido.readings.frames import Frames, forget_frames, frames
from tejido.readings.suffered import counted_held, struck_held, totals_held, touched_held
from tejido.readings.warming import catch_up_lists, read_ahead
from tejido.vault.journal import writing
from tejido.vault.keyring import FILE_KEY, current
from tejido.vault.records import change, create, remove
from tests.conftest import TEST_FILE_KEY
from tests.exchange.lists import MAPPING, csv_bytes
from tests.readings.ribera import Ribera

KINDS = ["member_of", "family_of", "threatens", "leads"]


def held_of(found: Frames) -> tuple[object, ...]:
    """Return all that frames hold, without the order in which it came."""
    return (
        dict(found.kinds),
        {actor: set(ties.items()) for actor, ties in found.ties_at.items() if ties},
        {tie: found.tie(tie) for ties in found.ties_at.values() for tie in ties},
        table_of(found),
        dict(found.presences),
        {place: dict(present) for place, present in found.present.items() if present},
        {one: (*case[:-1], Counter(case.acts)) for one, case in found.cases.items()},
        list(found.dated),
        {actor: list(listed) for actor, listed in found.against.items() if listed},
        {actor: list(listed) for actor, listed in found.by.items() if listed},
        {place: set(inside) for place, inside in found.within.items() if inside},
    )


def table_of(found: Frames) -> set[tuple[object, ...]]:
    """Return the ties that the columns hold, by id."""
    table = found.table
    columns = (table.kind, table.strength, table.certainty, table.start, table.end)
    assert all(table.ties[row] == tie for tie, row in table.row.items())
    assert set(table.row) == {tie for ties in found.ties_at.values() for tie in ties}
    return {
        (table.ties[row], table.actors[table.frm[row]], table.actors[table.to[row]], *(one[row] for one in columns))
        for row in table.there.nonzero()[0].tolist()
    }


def assert_as_read_anew() -> None:
    circle = current().circles[0]
    followed, totals = held_of(frames()), totals_held(circle)
    assert totals == totals_in_store(circle)
    forget_frames()
    assert followed == held_of(frames())
    assert totals_held(circle) == totals
    incidents = [one.pk for one in Incident.objects.all()]
    assert counted_held(incidents) == victims_in_store(incidents)
    assert touched_held(incidents) == touched_in_store(incidents)
    actors = [one.pk for one in Actor.objects.all()]
    assert struck_held(actors) == struck_in_store(actors)


def _some(rng: Random, model: Any) -> Any:
    rows = list(model.objects.order_by("id"))
    return rng.choice(rows) if rows else None


def _new_actor(rng: Random, by: Any, entry: Any) -> None:
    create(Actor(circle_id=by.circle_id, kind=rng.choice(["person", "community"]), names=[]), entry)


def _new_tie(rng: Random, by: Any, entry: Any) -> None:
    one, other = rng.sample(list(Actor.objects.order_by("id")), 2)
    week = rng.choice([None, 202001, 202352])
    create(Tie(circle_id=by.circle_id, from_actor=one, to_actor=other, kind=rng.choice(KINDS), since_week=week), entry)


def _new_incident(rng: Random, by: Any, entry: Any) -> None:
    week = rng.choice([None, 202001, 202352])
    place = _some(rng, Territory)
    incident = create(Incident(circle_id=by.circle_id, territory=place, week_from=week, week_to=week), entry)
    for position in range(rng.randint(0, 2)):
        act = create(Act(circle_id=by.circle_id, incident=incident, position=position, kind="killing"), entry)
        for model in (Victim, Perpetrator):
            create(model(circle_id=by.circle_id, act=act, actor=_some(rng, Actor)), entry)


def _new_presence(rng: Random, by: Any, entry: Any) -> None:
    place = create(Territory(circle_id=by.circle_id, kind="locality"), entry)
    kind = rng.choice(["lives", "visits"])
    create(Presence(circle_id=by.circle_id, actor=_some(rng, Actor), territory=place, kind=kind), entry)


def _change_something(rng: Random, by: Any, entry: Any) -> None:
    tie, incident, actor = _some(rng, Tie), _some(rng, Incident), _some(rng, Actor)
    presence = _some(rng, Presence)
    if tie is not None:
        change(tie, entry, kind=rng.choice(KINDS))
    if presence is not None:
        change(presence, entry, kind=rng.choice(["lives", "visits"]))
    if incident is not None:
        change(incident, entry, week_from=202201, territory=None)
        Victim.objects.filter(act__incident=incident).delete()
    change(actor, entry, kind=rng.choice(["person", "organisation"]))


def _remove_something(rng: Random, by: Any, entry: Any) -> None:
    for record in (_some(rng, Tie), _some(rng, Incident), _some(rng, Presence)):
        if record is not None:
            remove(record, entry)


def _remove_an_actor(rng: Random, by: Any, entry: Any) -> None:
    free = Actor.objects.filter(suffered=None, alleged=None).order_by("id")
    if free.count() > 3:
        remove(rng.choice(list(free)), entry)


WRITES = [
    _new_actor, _new_tie, _new_incident, _new_presence, _change_something, _remove_something, _remove_an_actor,
]  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**6), st.lists(st.sampled_from(WRITES), min_size=1, max_size=8))
def test_frames_follow_whatever_is_written(
    river: Ribera, seed: int, writes: list[Callable[[Random, Any, Any], None]]
) -> None:
    frames()
    rng = Random(seed)
    for write in writes:
        with writing(by=river.by, action="test.write") as entry:
            write(rng, river.by, entry)
        frames()
    assert_as_read_anew()


def test_many_changes_are_read_anew(river: Ribera, monkeypatch: pytest.MonkeyPatch) -> None:
    before = frames()
    monkeypatch.setattr(module, "MOST_CHANGES", 1)
    with writing(by=river.by, action="test.write") as entry:
        _new_actor(Random(1), river.by, entry)
        _new_tie(Random(1), river.by, entry)
    assert frames() is not before
    assert_as_read_anew()


def test_an_import_and_its_undoing_are_followed(river: Ribera, tmp_path: Path) -> None:
    start = held_of(frames())
    rows = tmp_path / "list.csv"
    rows.write_bytes(csv_bytes())
    report = run_import(by=river.by, path=rows, file_name="list.csv", mapping_text=MAPPING)
    assert report.import_id is not None
    assert held_of(frames()) != start
    assert_as_read_anew()
    undo_import(by=river.by, import_id=report.import_id)
    assert held_of(frames()) == start
    assert_as_read_anew()


def test_nothing_is_held_once_the_workspace_is_locked(river: Ribera) -> None:
    frames()
    assert module._held
    FILE_KEY.drop()
    assert not module._held
    FILE_KEY.put(TEST_FILE_KEY)


def test_reading_ahead_holds_what_the_first_page_asks_for(river: Ribera) -> None:
    forget_frames()
    read_ahead()
    catch_up_lists()
    assert module._held[current().circles[0]].cases


def test_reading_ahead_in_a_locked_workspace_ends_quietly(river: Ribera, settings: Any, caplog: Any) -> None:
    settings.TEJIDO_WARM = ["tejido.readings.warming.read_ahead"]
    keyring = current()
    FILE_KEY.drop()
    thread = warm_up(keyring, circle=keyring.circles[0])
    assert thread is not None
    thread.join(timeout=30)
    FILE_KEY.put(TEST_FILE_KEY)
    assert not thread.is_alive() and not caplog.records and not module._held
    settings.TEJIDO_WARM = []
    assert warm_up(keyring, circle=keyring.circles[0]) is None
