import astreinte.records.validity.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inventory', '0001_beginning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Management',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('infrastructure', models.BooleanField()),
                ('system', models.BooleanField()),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='managements', to='inventory.server')),
            ],
            options={
                'constraints': [astreinte.records.validity.constraints.NoOverlap(by=('server',), name='management_once')],
            },
        ),
    ]
