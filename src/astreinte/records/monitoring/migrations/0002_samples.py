import django.db.models.deletion
from django.db import migrations, models

OPEN = [
    ('pk', models.CompositePrimaryKey('at', 'series', blank=True, editable=False, primary_key=True, serialize=False)),
    ('at', models.BigIntegerField()),
    ('series', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='monitoring.series')),
    ('value', models.FloatField()),
]


def make_open(apps, schema_editor):
    model = apps.get_model('monitoring', 'SampleOpen')
    if schema_editor.connection.vendor != 'sqlite':
        schema_editor.create_model(model)
        return
    # The table is its key: a row is written once instead of twice, and an hour lies in one place.
    schema_editor.execute(
        'CREATE TABLE "monitoring_sampleopen" ("at" bigint NOT NULL, "series_id" bigint NOT NULL,'
        ' "value" real NOT NULL, PRIMARY KEY ("at", "series_id")) WITHOUT ROWID'
    )


def drop_open(apps, schema_editor):
    schema_editor.execute('DROP TABLE "monitoring_sampleopen"')


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0001_beginning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('check_ref', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='series', to='monitoring.check')),
            ],
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.UniqueConstraint(fields=('check_ref', 'name'), name='series_once'),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.CreateModel(name='SampleOpen', fields=OPEN)],
        ),
        migrations.RunPython(make_open, drop_open),
        migrations.CreateModel(
            name='SampleChunk',
            fields=[
                ('pk', models.CompositePrimaryKey('hour', 'series', blank=True, editable=False, primary_key=True, serialize=False)),
                ('hour', models.IntegerField()),
                ('tier', models.PositiveSmallIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('lo', models.FloatField()),
                ('hi', models.FloatField()),
                ('total', models.FloatField()),
                ('data', models.BinaryField()),
                ('series', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='monitoring.series')),
            ],
        ),
        migrations.AddIndex(
            model_name='samplechunk',
            index=models.Index(fields=['tier', 'hour'], name='chunk_tier_hour'),
        ),
    ]
