"""Sealed by default: every column is sealed, or stands in the register with its reason."""

from __future__ import annotations

from django.apps import apps
from django.db import models

from tejido.vault.clear_columns import CLEAR
from tejido.vault.fields import SealedField


def _differences(all_models: list[type[models.Model]], register: dict[str, dict[str, str]]) -> set[str]:
    in_clear = {
        f"{model._meta.db_table}.{field.attname}"
        for model in all_models
        for field in model._meta.concrete_fields
        if not isinstance(field, SealedField)
    }
    named = {f"{table}.{column}" for table, columns in register.items() for column in columns}
    return in_clear ^ named


def _ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("tejido.")]


def test_the_register_names_exactly_the_columns_in_clear() -> None:
    assert len(_ours()) > 20
    assert _differences(_ours(), CLEAR) == set()


def test_a_column_forgotten_in_the_register_is_found() -> None:
    planted = {table: dict(columns) for table, columns in CLEAR.items()}
    del planted["fabric_actor"]["kind"]
    planted["fabric_tie"]["secret"] = "no such column"
    assert _differences(_ours(), planted) == {"fabric_actor.kind", "fabric_tie.secret"}
