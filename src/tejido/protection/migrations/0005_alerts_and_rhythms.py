import django.db.models.deletion
import tejido.vault.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0005_grants"),
        ("fabric", "0002_territory_centre"),
        ("incidents", "0003_evidence_and_custody"),
        ("protection", "0004_assess_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="drill",
            name="rhythm",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.AddField(
            model_name="reachstep",
            name="rhythm",
            field=models.CharField(blank=True, default="", max_length=16),
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("status", models.CharField(default="draft", max_length=16)),
                ("urgency", models.CharField(default="soon", max_length=16)),
                ("audience", models.CharField(default="internal", max_length=24)),
                ("until_week", models.PositiveIntegerField(null=True)),
                ("words", tejido.vault.fields.SealedText()),
                ("asked", tejido.vault.fields.SealedText()),
                ("until", tejido.vault.fields.SealedDate()),
                ("begun_on", tejido.vault.fields.SealedDate()),
                ("ended_on", tejido.vault.fields.SealedDate()),
                ("outcome", tejido.vault.fields.SealedText()),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="alerts", to="fabric.actor"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="fabric.consent",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="protection.decision",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AlertCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("position", models.PositiveIntegerField(default=1)),
                ("channel", models.CharField(default="phone", max_length=16)),
                ("answered", models.CharField(blank=True, max_length=16)),
                ("given_week", models.PositiveIntegerField(null=True)),
                ("name", tejido.vault.fields.SealedText()),
                ("how", tejido.vault.fields.SealedText()),
                ("stand_in", tejido.vault.fields.SealedText()),
                ("given_on", tejido.vault.fields.SealedDate()),
                ("given_at", tejido.vault.fields.SealedText()),
                ("given_by", tejido.vault.fields.SealedText()),
                ("answer", tejido.vault.fields.SealedText()),
                (
                    "alert",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="protection.alert"
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="protection.reachstep",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "open"), _negated=True), ("decision__isnull", False), _connector="OR"
                ),
                name="alert_is_decided",
            ),
        ),
    ]
