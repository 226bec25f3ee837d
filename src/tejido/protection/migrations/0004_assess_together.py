import django.db.models.deletion
import tejido.vault.fields
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0001_first_floor"),
        ("fabric", "0002_territory_centre"),
        ("incidents", "0003_evidence_and_custody"),
        ("protection", "0003_follow_up_and_amendments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("status", models.CharField(default="open", max_length=16)),
                ("held_week", models.PositiveIntegerField(null=True)),
                ("title", tejido.vault.fields.SealedText()),
                ("held_on", tejido.vault.fields.SealedDate()),
                ("place", tejido.vault.fields.SealedText()),
                ("language", tejido.vault.fields.SealedText()),
                ("facilitator", tejido.vault.fields.SealedText()),
                ("agenda", tejido.vault.fields.SealedText()),
                ("all_present", tejido.vault.fields.SealedText()),
                ("present", tejido.vault.fields.SealedJSON(shape=list)),
                ("modules", tejido.vault.fields.SealedJSON(shape=list)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="assessments", to="fabric.actor"
                    ),
                ),
                (
                    "joint",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="separate",
                        to="protection.assessment",
                    ),
                ),
                (
                    "led_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assessments",
                        to="protection.plan",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="AssessedThreat",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("kind", models.CharField(blank=True, max_length=16)),
                ("words", tejido.vault.fields.SealedText()),
                ("means", tejido.vault.fields.SealedText()),
                ("facts", tejido.vault.fields.SealedText()),
                ("pattern", tejido.vault.fields.SealedText()),
                ("objective", tejido.vault.fields.SealedText()),
                ("source", tejido.vault.fields.SealedText()),
                ("conclusion", tejido.vault.fields.SealedText()),
                (
                    "became",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assessed",
                        to="protection.threat",
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "earlier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="later",
                        to="protection.assessedthreat",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="threats", to="protection.assessment"
                    ),
                ),
                (
                    "heard_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="brought",
                        to="protection.assessment",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OwnModule",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("text", tejido.vault.fields.SealedText()),
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
        migrations.CreateModel(
            name="AssessedThreatIncident",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="assessed", to="incidents.incident"
                    ),
                ),
                (
                    "threat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shown_in",
                        to="protection.assessedthreat",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("threat", "incident"), name="incident_once_for_an_assessed_threat")
                ],
            },
        ),
        migrations.CreateModel(
            name="AssessmentPart",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("step", models.CharField(max_length=16)),
                ("about", models.CharField(blank=True, max_length=48)),
                ("body", tejido.vault.fields.SealedJSON()),
                (
                    "actor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="fabric.actor",
                    ),
                ),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="protection.assessment"
                    ),
                ),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
                (
                    "threat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="protection.assessedthreat",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("threat__isnull", True), models.Q(("about", ""), _negated=True)),
                        fields=("assessment", "step", "about"),
                        name="one_part_for_a_place",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("threat__isnull", False)),
                        fields=("threat", "step", "about"),
                        name="one_picture_for_a_threat",
                    ),
                ],
            },
        ),
    ]
