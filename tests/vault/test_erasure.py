"""An erased dossier is gone: from the records, from the key store, from every memory and from backups within reach."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tejido.circles.policies import Worker
from tejido.domain.errors import DossierGone, NotFound
from tejido.exchange.models import ExternalKey
from tejido.fabric.models import Actor, Consent, Tie
from tejido.incidents.models import Act, Incident, Perpetrator, Source, Victim
from tejido.protection.models import Decision, Measure, Plan
from tejido.vault import erasure, keystore
from tejido.vault.erasure import erase_dossier, erase_dossiers, finish_erasures, let_go, sweep, tidy_up, what_goes
from tejido.vault.journal import last_stamp, verify, writing
from tejido.vault.keystore import digest_of
from tejido.vault.models import Erasure, JournalEntry, Removal
from tejido.vault.records import create


@pytest.fixture
def woven(at_work: Any) -> dict[str, Any]:
    """A person tied to a community, harmed in an incident, named in the community's plan."""
    circle = at_work.circle_id
    made: dict[str, Any] = {}
    with writing(by=at_work, action="test.make") as entry:
        made["ana"] = create(Actor(circle_id=circle, kind="person", names=[{"text": "Ana"}]), entry)
        made["group"] = create(Actor(circle_id=circle, kind="community", names=[{"text": "Ribera"}]), entry)
        made["tie"] = create(
            Tie(
                circle_id=circle, from_actor=made["ana"], to_actor=made["group"], kind="member_of", words="desde niña"
            ),
            entry,
        )
        create(Consent(circle_id=circle, actor=made["ana"], purpose="alert", audience="partners", scope="x"), entry)
        made["incident"] = create(Incident(circle_id=circle, title="Amenaza"), entry)
        made["act"] = create(Act(circle_id=circle, incident=made["incident"], kind="threat"), entry)
        made["victim"] = create(Victim(circle_id=circle, act=made["act"], actor=made["ana"], persons="una"), entry)
        create(Perpetrator(circle_id=circle, act=made["act"], actor=made["group"], words="se dice"), entry)
        create(Source(circle_id=circle, incident=made["incident"], kind="witness", name="vecina"), entry)
        made["plan"] = create(Plan(circle_id=circle, collective=made["group"], title="Cuidarnos"), entry)
        create(Decision(circle_id=circle, collective=made["group"], mode="assembly", what="sí"), entry)
        made["measure"] = create(
            Measure(circle_id=circle, plan=made["plan"], family="I", title="x", person=made["ana"]), entry
        )
        line = ExternalKey(
            circle_id=circle, digest=b"\1" * 32, noun="actor", subject=made["ana"].pk, told={"list": "x", "key": "ana"}
        )
        line.tell_dossier(made["ana"].pk)
        create(line, entry)
    return made


def _raw(table: str, column: str, record: Any) -> bytes:
    with connection.cursor() as cursor:
        pk = record.pk.hex if connection.vendor == "sqlite" else record.pk
        cursor.execute(f"SELECT {column} FROM {table} WHERE id = %s", [pk])
        return bytes(cursor.fetchone()[0])


def test_an_erased_actor_goes_with_what_hangs_on_it(at_work: Any, woven: dict[str, Any]) -> None:
    root, hanging = what_goes(woven["ana"].pk, by=at_work)
    assert root.pk == woven["ana"].pk
    assert dict(hanging.counts()) == {"fabric.actor": 1, "fabric.tie": 1, "fabric.consent": 1}
    assert hanging.naming() == {woven["victim"].pk, woven["measure"].pk}
    done = erase_dossier(woven["ana"].pk, by=at_work)
    assert (done.dossiers, done.records) == (1, 3)
    assert not Tie.objects.exists() and not Consent.objects.exists() and not ExternalKey.objects.exists()
    assert Actor.objects.get(pk=woven["group"].pk).usual_name == "Ribera"
    assert keystore.of_process().rows(woven["ana"].pk) == []
    assert keystore.of_process().is_erased(digest_of(woven["ana"].pk))
    assert not Erasure.objects.exists()
    assert set(Removal.objects.values_list("noun", flat=True)) == {
        "fabric.actor",
        "fabric.tie",
        "fabric.consent",
    }
    line = JournalEntry.objects.get(action="dossier.erase")
    assert (line.noun, line.record) == ("fabric.actor", woven["ana"].pk)
    verify()


def test_an_incident_that_named_an_erased_person_still_says_that_somebody_was_harmed(
    at_work: Any, woven: dict[str, Any]
) -> None:
    erase_dossier(woven["ana"].pk, by=at_work)
    victim = Victim.objects.get()
    assert victim.persons == "una"
    assert (victim.actor.kind, victim.actor.usual_name) == ("person", "")
    assert victim.actor_id != woven["ana"].pk
    assert Measure.objects.get().person_id is None
    stamp = JournalEntry.objects.get(action="dossier.erase").seq
    assert Incident.objects.get().stamp == stamp
    assert Actor.objects.get(pk=woven["group"].pk).stamp == stamp


def test_an_erased_collective_takes_its_plans_and_decisions(at_work: Any, woven: dict[str, Any]) -> None:
    erase_dossier(woven["group"].pk, by=at_work)
    assert not Plan.objects.exists() and not Decision.objects.exists() and not Measure.objects.exists()
    assert Perpetrator.objects.get().actor.kind == "community"


def test_an_erased_incident_takes_its_parts_and_leaves_its_people(at_work: Any, woven: dict[str, Any]) -> None:
    erase_dossier(woven["incident"].pk, by=at_work)
    assert not Act.objects.exists() and not Victim.objects.exists() and not Source.objects.exists()
    assert Actor.objects.count() == 2


def test_what_was_copied_before_an_erasure_opens_no_more(at_work: Any, woven: dict[str, Any]) -> None:
    names, words = _raw("fabric_actor", "names", woven["ana"]), _raw("fabric_tie", "words", woven["tie"])
    field, other = Actor._meta.get_field("names"), Tie._meta.get_field("words")
    assert field.opened(woven["ana"], names) == [{"text": "Ana"}]
    erase_dossier(woven["ana"].pk, by=at_work)
    for one, record, sealed in ((field, woven["ana"], names), (other, woven["tie"], words)):
        with pytest.raises(DossierGone):
            one.opened(record, sealed)


def test_an_erased_dossier_gets_no_new_key(at_work: Any, woven: dict[str, Any]) -> None:
    erase_dossier(woven["ana"].pk, by=at_work)
    with pytest.raises(NotFound), writing(by=at_work, action="test.make") as entry:
        late = Consent(circle_id=at_work.circle_id, actor_id=woven["ana"].pk, purpose="x", audience="x", scope="x")
        late.words = "tarde"
        create(late, entry)


def test_nobody_erases_what_is_another_circles(at_work: Any, woven: dict[str, Any]) -> None:
    stranger = Worker(at_work.pk, woven["tie"].pk, role="coordinator")
    with pytest.raises(NotFound):
        erase_dossier(woven["ana"].pk, by=stranger)
    assert Actor.objects.filter(pk=woven["ana"].pk).exists()


def test_an_approval_is_asked_for_exactly_these_and_may_refuse(at_work: Any, woven: dict[str, Any]) -> None:
    asked: list[bytes] = []

    def refuse(digest: bytes) -> None:
        asked.append(digest)
        raise NotFound

    ids = [woven["ana"].pk, woven["incident"].pk]
    with pytest.raises(NotFound):
        erase_dossiers(ids, by=at_work, approval=refuse)
    assert asked == [erasure.digest_of_erasure(reversed(ids))]
    assert Actor.objects.count() == 2
    assert erase_dossiers(ids, by=at_work, approval=asked.append).dossiers == 2


def test_several_are_not_erased_without_saying_who_approved(at_work: Any, woven: dict[str, Any]) -> None:
    """Planted: callers that forget the approval, or pass none."""
    ids = [woven["ana"].pk, woven["incident"].pk]
    planted: list[dict[str, Any]] = [{}, {"approval": None}]
    for forgotten in planted:
        with pytest.raises(TypeError):
            erase_dossiers(ids, by=at_work, **forgotten)
    assert Actor.objects.count() == 2 and not Erasure.objects.exists()


def test_only_the_second_person_stands_before_erasing_several() -> None:
    rooms = Path(erasure.__file__).resolve().parents[1]
    naming = {file.name for file in rooms.rglob("*.py") if "erase_dossiers" in file.read_text(encoding="utf-8")}
    assert naming == {"erasure.py", "approvals.py"}


def test_an_approval_is_not_used_up_where_nothing_could_be_erased(at_work: Any, woven: dict[str, Any]) -> None:
    def use_it(_digest: bytes) -> None:
        with writing(by=at_work, action="test.make"):
            pass

    before = last_stamp()
    with pytest.raises(NotFound):
        erase_dossiers([woven["ana"].pk, UUID(int=7)], by=at_work, approval=use_it)
    assert last_stamp() == before


def test_an_erasure_that_was_cut_off_is_finished_at_the_next_opening(
    at_work: Any, woven: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "finish_erasures", lambda *, by=None: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        erase_dossier(woven["ana"].pk, by=at_work)
    monkeypatch.undo()
    assert not Actor.objects.filter(pk=woven["ana"].pk).exists()
    assert keystore.of_process().rows(woven["ana"].pk)
    tidy_up(by=at_work)
    assert not keystore.of_process().rows(woven["ana"].pk)
    assert not Erasure.objects.exists()


def test_records_that_a_restore_brought_back_are_removed_before_the_workspace_is_used(
    at_work: Any, woven: dict[str, Any]
) -> None:
    Erasure.objects.create(dossier=woven["ana"].pk, circle=at_work.circle_id, noun="fabric.actor")
    finish_erasures()
    assert Erasure.objects.exists(), "nobody in whose name the records could be removed"
    tidy_up(by=at_work)
    assert not Actor.objects.filter(pk=woven["ana"].pk).exists()
    assert not Erasure.objects.exists()


def test_keys_of_records_taken_back_go_and_are_not_called_erased(at_work: Any, woven: dict[str, Any]) -> None:
    incident = woven["incident"].pk
    Act.objects.all().delete()
    Incident.objects.all().delete()
    let_go([incident], at_work.circle_id)
    finish_erasures()
    assert not keystore.of_process().rows(incident)
    assert not keystore.of_process().is_erased(digest_of(incident))


def test_a_sweep_takes_orphans_and_nothing_else(at_work: Any, woven: dict[str, Any]) -> None:
    from tejido.vault.keyring import current

    orphan, kept = UUID(int=7), woven["ana"].pk
    current().dossiers.begin(at_work.circle_id, [orphan])
    sweep()
    assert not keystore.of_process().rows(orphan)
    assert keystore.of_process().rows(kept)
    assert Actor.objects.get(pk=kept).usual_name == "Ana"
