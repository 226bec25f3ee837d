"""Keep the point that stands for a territory beside its outline."""

from django.db import migrations

import tejido.vault.fields


class Migration(migrations.Migration):
    dependencies = [("fabric", "0001_first_floor")]

    operations = [
        migrations.AddField(
            model_name="territory",
            name="centre",
            field=tejido.vault.fields.SealedJSON(shape=list),
        ),
    ]
