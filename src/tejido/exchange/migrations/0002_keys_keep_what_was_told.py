import uuid

import django.db.models.deletion
from django.db import migrations, models

import tejido.vault.fields


class Migration(migrations.Migration):
    dependencies = [
        ("circles", "0001_first_floor"),
        ("exchange", "0001_first_floor"),
    ]

    operations = [
        migrations.DeleteModel(name="ExternalKey"),
        migrations.CreateModel(
            name="ExternalKey",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("revision", models.PositiveIntegerField(default=1, editable=False)),
                ("born", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("stamp", models.BigIntegerField(db_index=True, default=0, editable=False)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("noun", models.CharField(max_length=64)),
                ("subject", models.UUIDField(db_index=True)),
                ("told", tejido.vault.fields.SealedJSON()),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="circles.circle"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.AddField("importedrecord", "removed", models.BooleanField(default=False)),
        migrations.AddField("import", "notes", tejido.vault.fields.SealedJSON(shape=list)),
        migrations.AddField("import", "waiting", tejido.vault.fields.SealedJSON()),
    ]
