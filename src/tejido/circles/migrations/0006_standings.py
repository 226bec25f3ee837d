"""How members stand, signed."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0005_grants"),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingLine",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("body", models.BinaryField()),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="standings", to="circles.circle"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="standingline",
            constraint=models.UniqueConstraint(fields=("circle", "number"), name="one_standing_line_per_number"),
        ),
    ]
