import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_beginning'),
        ('inventory', '0001_beginning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('name', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=20)),
                ('options', models.TextField(default='{}')),
                ('every_s', models.PositiveIntegerField()),
                ('retry_s', models.PositiveIntegerField()),
                ('attempts', models.PositiveIntegerField()),
                ('recoveries', models.PositiveIntegerField()),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='inventory.server')),
            ],
        ),
        migrations.CreateModel(
            name='CheckState',
            fields=[
                ('check_ref', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='state', serialize=False, to='monitoring.check')),
                ('level', models.CharField(max_length=12)),
                ('since', models.DateTimeField()),
                ('run', models.TextField()),
                ('stale_at', models.DateTimeField(db_index=True)),
                ('last_level', models.CharField(blank=True, max_length=12)),
                ('last_slot', models.BigIntegerField(default=0)),
                ('last_at', models.DateTimeField(null=True)),
                ('text', models.TextField(blank=True)),
                ('values', models.TextField(default='{}')),
            ],
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=300)),
                ('detected_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('recovered_at', models.DateTimeField(null=True)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='IncidentCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joined_at', models.DateTimeField()),
                ('recovered_at', models.DateTimeField(null=True)),
                ('check_ref', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='monitoring.check')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='monitoring.incident')),
            ],
        ),
        migrations.CreateModel(
            name='Transition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('first_at', models.DateTimeField()),
                ('before', models.CharField(max_length=12)),
                ('after', models.CharField(max_length=12)),
                ('text', models.TextField()),
                ('slot', models.BigIntegerField(null=True)),
                ('check_ref', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transitions', to='monitoring.check')),
            ],
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('server', 'name'), name='check_name_once'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='incident_number'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('recovered_at__isnull', True), ('recovered_at__gte', models.F('opened_at')), _connector='OR'), name='incident_recovers_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='incidentcheck',
            constraint=models.UniqueConstraint(fields=('incident', 'check_ref'), name='incident_check_once'),
        ),
        migrations.AddConstraint(
            model_name='incidentcheck',
            constraint=models.UniqueConstraint(condition=models.Q(('recovered_at__isnull', True)), fields=('check_ref',), name='check_in_one_open_incident'),
        ),
        migrations.AddIndex(
            model_name='transition',
            index=models.Index(fields=['check_ref', 'at'], name='transition_check_at'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=models.UniqueConstraint(fields=('check_ref', 'slot'), name='transition_once'),
        ),
        migrations.AddConstraint(
            model_name='transition',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='transition_append_only'),
        ),
    ]
