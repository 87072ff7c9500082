import astreinte.records.validity.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contracts', '0001_beginning'),
        ('tickets', '0001_beginning'),
        ('worklog', '0001_beginning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('priority', models.CharField(max_length=40)),
                ('regime', models.CharField(max_length=12)),
                ('mode', models.CharField(max_length=12)),
                ('allowed_seconds', models.PositiveIntegerField()),
                ('started_at', models.DateTimeField()),
                ('deadline_at', models.DateTimeField(null=True)),
                ('first_late_at', models.DateTimeField(null=True)),
                ('safe_at', models.DateTimeField(null=True)),
                ('month', models.CharField(blank=True, max_length=7)),
                ('origin', models.CharField(max_length=400)),
                ('trace', models.TextField()),
                ('stated_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='contracts.orderline')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tickets.receipt')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clocks', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Breach',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('stated_at', models.DateTimeField()),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='breach', to='tickets.ticket')),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='commitments.clock')),
            ],
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7)),
                ('raw_cents', models.PositiveBigIntegerField()),
                ('due_cents', models.PositiveBigIntegerField()),
                ('cap_cents', models.PositiveBigIntegerField(null=True)),
                ('trace', models.TextField()),
                ('stated_at', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='contracts.orderline')),
            ],
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('late_seconds', models.PositiveBigIntegerField()),
                ('raw_cents', models.PositiveBigIntegerField()),
                ('due_cents', models.PositiveBigIntegerField()),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='commitments.settlement')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='tickets.ticket')),
            ],
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stopped_at', models.DateTimeField()),
                ('late_seconds', models.PositiveBigIntegerField()),
                ('charged_seconds', models.PositiveBigIntegerField(null=True)),
                ('opening_seconds', models.PositiveBigIntegerField(null=True)),
                ('raw_cents', models.PositiveBigIntegerField(null=True)),
                ('trace', models.TextField()),
                ('stated_at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('clock', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='commitments.clock')),
                ('intervention', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='worklog.intervention')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='tickets.ticket')),
            ],
        ),
        migrations.AddIndex(
            model_name='clock',
            index=models.Index(fields=['line', 'month'], name='clock_line_month'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('contractual', 'internal'))), name='clock_kind'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('ticket', 'kind'), name='one_current_clock'),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=astreinte.records.validity.constraints.AppendOnly(but=('replaced_at',), name='clock_append_only'),
        ),
        migrations.AddConstraint(
            model_name='breach',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='breach_append_only'),
        ),
        migrations.AddIndex(
            model_name='settlement',
            index=models.Index(fields=['line', 'month'], name='settlement_line_month'),
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='settlement_append_only'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=models.UniqueConstraint(fields=('settlement', 'ticket'), name='share_once'),
        ),
        migrations.AddConstraint(
            model_name='share',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='share_append_only'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('clock',), name='one_current_verdict'),
        ),
        migrations.AddConstraint(
            model_name='verdict',
            constraint=astreinte.records.validity.constraints.AppendOnly(but=('replaced_at',), name='verdict_append_only'),
        ),
    ]
