"""Changes columns so that SQLite builds the tables anew: the constraints must survive it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sample", "0001_beginning")]

    operations = [
        migrations.AlterField("fee", "cents", models.BigIntegerField()),
        migrations.AlterField("remark", "seen", models.BigIntegerField(default=0)),
    ]
