"""Dossiers that another circle may read for a time."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import tejido.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0004_guardians"),
    ]

    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("to_circle", models.UUIDField(db_index=True)),
                ("noun", models.CharField(max_length=64)),
                ("shared", models.UUIDField(db_index=True)),
                ("until_week", models.PositiveIntegerField()),
                ("status", models.CharField(default="stands", max_length=16)),
                ("received", models.BooleanField(default=False)),
                ("said", tejido.vault.fields.SealedJSON()),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
