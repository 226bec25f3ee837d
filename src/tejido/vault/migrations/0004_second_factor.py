"""The second factor of an account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_dossier_keys")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("account", models.UUIDField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "vault_secondfactor"},
        ),
    ]
