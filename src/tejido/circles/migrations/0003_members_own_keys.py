import uuid

import django.db.models.deletion
from django.db import migrations, models

import tejido.vault.fields

NO_ACCOUNT = uuid.UUID(int=0)


class Migration(migrations.Migration):
    dependencies = [("circles", "0002_approvals")]

    operations = [
        migrations.AddField("member", "account", models.UUIDField(db_index=True, null=True)),
        migrations.AddField("member", "keys", tejido.vault.fields.SealedJSON()),
        migrations.AddField("member", "terms", tejido.vault.fields.SealedJSON()),
        migrations.RemoveConstraint("epochkey", "one_key_per_epoch"),
        migrations.AddField("epochkey", "account", models.UUIDField(default=NO_ACCOUNT)),
        migrations.AddField("epochkey", "commitment", models.BinaryField(default=b"", max_length=32)),
        migrations.AddField("epochkey", "holder", models.BinaryField(default=b"", max_length=32)),
        migrations.AddField("epochkey", "by", models.UUIDField(default=NO_ACCOUNT)),
        migrations.AddField("epochkey", "signature", models.BinaryField(default=b"", max_length=64)),
        migrations.AddConstraint(
            "epochkey",
            models.UniqueConstraint(fields=("circle", "epoch", "account"), name="one_key_per_epoch_and_account"),
        ),
        migrations.CreateModel(
            name="KnownKeys",
            fields=[
                ("account", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="InboxKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("epoch", models.PositiveIntegerField()),
                ("key", models.BinaryField(max_length=1216)),
                ("by", models.BinaryField(max_length=32)),
                ("signature", models.BinaryField(max_length=64)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="inboxes", to="circles.circle"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("circle", "epoch"), name="one_inbox_per_epoch")]},
        ),
    ]
