import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_beginning'),
        ('inventory', '0001_beginning'),
        ('monitoring', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('subject', models.CharField(max_length=200)),
                ('priority', models.CharField(max_length=40)),
                ('nature', models.CharField(default='incident', max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('taken_at', models.DateTimeField(null=True)),
                ('intervened_at', models.DateTimeField(null=True)),
                ('restored_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('close_reason', models.TextField(blank=True)),
                ('caller_back', models.CharField(blank=True, max_length=30)),
                ('assignee', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='accounts.client')),
                ('incident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='monitoring.incident')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='tickets.ticket')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
                ('server', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='inventory.server')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('at', models.DateTimeField()),
                ('channel', models.CharField(max_length=40)),
                ('source', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=120, unique=True)),
                ('recorded_at', models.DateTimeField()),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('author', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('public', models.BooleanField()),
                ('by_client', models.BooleanField(default=False)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.server')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mentions', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_called', models.CharField(max_length=20)),
                ('defined', models.BooleanField()),
                ('caller', models.CharField(max_length=200)),
                ('rang_at', models.DateTimeField()),
                ('answered', models.BooleanField(default=True)),
                ('receipt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='call', to='tickets.receipt')),
            ],
            options={
                'constraints': [astreinte.records.validity.constraints.AppendOnly(erasable=('caller',), name='call_append_only')],
            },
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='ticket_number'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(fields=('incident', 'client'), name='ticket_per_incident_and_client'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('open', 'waiting', 'closed', 'merged'))), name='ticket_state'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(('nature__in', ('incident', 'support'))), name='ticket_nature'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='ticket_merged_into'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='receipt_append_only'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('text', 'author'), name='message_append_only'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(fields=('ticket', 'server'), name='mention_once'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='mention_append_only'),
        ),
    ]
