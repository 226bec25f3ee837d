"""What is to leave, and the second person who looked at it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import tejido.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0001_first_floor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("kind", models.CharField(max_length=16)),
                ("status", models.CharField(default="waiting", max_length=16)),
                ("statement", tejido.vault.fields.SealedJSON()),
                ("file", tejido.vault.fields.SealedJSON()),
                ("given", tejido.vault.fields.SealedJSON()),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "requester",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.member"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
