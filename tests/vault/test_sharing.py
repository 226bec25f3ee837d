"""A grant is the wrapped key: with it another circle opens one dossier, without it none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tejido.domain.errors import DamagedSeal, WorkspaceLocked
from tejido.fabric.models import Actor
from tejido.vault import keystore, sharing
from tejido.vault.inbox import inbox_of
from tejido.vault.journal import writing
from tejido.vault.keyring import Keyring, current, using
from tejido.vault.records import create
from tejido.vault.sharing import grant_key, withdraw_key

OTHERS, KEY = UUID(int=77), b"\x21" * 32
LAST = date(2999, 12, 31)


def _actor(by: Any, name: str) -> Actor:
    with writing(by=by, action="test.make") as entry:
        return create(Actor(circle_id=by.circle_id, kind="person", names=[{"text": name}]), entry)


def _name(actor: Actor) -> str:
    return Actor.objects.get(pk=actor.pk).usual_name


def test_another_circle_opens_what_was_granted_and_nothing_else(at_work: Any) -> None:
    shared, kept = _actor(at_work, "Ana"), _actor(at_work, "Luz")
    grant_key(shared.pk, of=at_work.circle_id, to=inbox_of(OTHERS, 1, KEY), until=LAST)
    with using(Keyring({OTHERS: {1: KEY}})):
        assert _name(shared) == "Ana"
        with pytest.raises(WorkspaceLocked):
            _name(kept)
        with pytest.raises(WorkspaceLocked):
            current().dossiers.sealing(at_work.circle_id, shared.pk)
        others = current()
    newer = Keyring({OTHERS: {1: KEY, 2: b"\x22" * 32}})
    with using(newer):
        assert _name(shared) == "Ana", "it outlives the epochs of the other circle"
    withdraw_key(shared.pk, of=at_work.circle_id, to=OTHERS)
    for keyring in (others, newer):
        with using(keyring), pytest.raises(WorkspaceLocked):
            _name(shared)
    assert _name(shared) == "Ana"


def test_a_grant_laid_under_another_dossier_does_not_open(at_work: Any) -> None:
    one, two = _actor(at_work, "Ana"), _actor(at_work, "Luz")
    grant_key(one.pk, of=at_work.circle_id, to=inbox_of(OTHERS, 1, KEY), until=LAST)
    (row,) = keystore.of_process().rows_of_circle(OTHERS, before=2)
    keystore.of_process().add([row._replace(dossier=two.pk)])
    with using(Keyring({OTHERS: {1: KEY}})), pytest.raises(DamagedSeal):
        _name(two)
    keystore.of_process().take_from(OTHERS, [one.pk, two.pk])


def test_after_its_last_day_a_grant_opens_nothing_before_any_sweep(
    at_work: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared, last = _actor(at_work, "Ana"), date(2026, 5, 4)
    monkeypatch.setattr(sharing, "today", lambda: last)
    grant_key(shared.pk, of=at_work.circle_id, to=inbox_of(OTHERS, 1, KEY), until=last)
    others = Keyring({OTHERS: {1: KEY}})
    with using(others):
        assert _name(shared) == "Ana"
        monkeypatch.setattr(sharing, "today", lambda: last + timedelta(days=1))
        with pytest.raises(WorkspaceLocked):
            _name(shared)
    assert _name(shared) == "Ana"
    monkeypatch.setattr(sharing, "today", lambda: last + timedelta(days=1))
    later = last + timedelta(days=9)
    grant_key(shared.pk, of=at_work.circle_id, to=inbox_of(OTHERS, 1, KEY), until=later)
    with using(others):
        assert _name(shared) == "Ana", "granted anew, it is read under the new last day"
    with pytest.raises(ValueError, match="its own"):
        grant_key(shared.pk, of=at_work.circle_id, to=inbox_of(at_work.circle_id, 1, KEY), until=later)
