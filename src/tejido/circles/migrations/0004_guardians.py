"""Guardians, and those who are on their way back in through them."""

from __future__ import annotations

import uuid

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import tejido.vault.fields


def record() -> list[tuple[str, models.Field[Any, Any]]]:
    return [
        ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
        ("revision", models.PositiveIntegerField(default=1, editable=False)),
        ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
        ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
        ("circle", leads_to("circles.circle")),
        ("terms", tejido.vault.fields.SealedJSON()),
    ]


def leads_to(model: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=model)


class Migration(migrations.Migration):
    dependencies = [("circles", "0003_members_own_keys")]

    operations = [
        migrations.CreateModel(
            name="Guardians",
            fields=[
                *record(),
                ("status", models.CharField(default="active", max_length=16)),
                ("member", leads_to("circles.member")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RecoveryAsk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.BinaryField(max_length=1216)),
            ],
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                *record(),
                ("status", models.CharField(default="waiting", max_length=16)),
                ("key", models.BinaryField(default=b"", max_length=1216)),
                ("given", models.BinaryField(default=b"")),
                ("guardians", leads_to("circles.guardians")),
            ],
            options={"abstract": False},
        ),
    ]
