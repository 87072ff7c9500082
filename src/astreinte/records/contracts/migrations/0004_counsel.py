import astreinte.records.validity.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_mandates'),
        ('contracts', '0003_orders'),
        ('inventory', '0002_management'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Advice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('risk', models.CharField(max_length=20)),
                ('mandatory', models.BooleanField()),
                ('title', models.CharField(max_length=200)),
                ('needs', models.TextField()),
                ('options', models.TextField()),
                ('recommendation', models.TextField()),
                ('risks', models.TextField()),
                ('not_included', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('written_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='accounts.client')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='contracts.orderline')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
                ('server', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='advice', to='inventory.server')),
            ],
        ),
        migrations.CreateModel(
            name='AdviceStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(max_length=10)),
                ('remark', models.TextField(blank=True)),
                ('from_address', models.CharField(blank=True, max_length=64)),
                ('by', models.CharField(max_length=100)),
                ('advice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='contracts.advice')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ConsentRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('text', models.TextField()),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('price_cents', models.PositiveBigIntegerField(null=True)),
                ('minutes', models.PositiveIntegerField(null=True)),
                ('risky', models.BooleanField()),
                ('by_phone', models.BooleanField()),
                ('scope', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('advice', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_requests', to='contracts.advice')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consent_requests', to='accounts.client')),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='consent_requests', to='contracts.orderline')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='contracts.consentrequest')),
            ],
        ),
        migrations.CreateModel(
            name='ConsentLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='contracts.consentrequest')),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('answer', models.CharField(max_length=10)),
                ('sha256', models.CharField(max_length=64)),
                ('how', models.CharField(max_length=10)),
                ('second_factor', models.CharField(blank=True, max_length=20)),
                ('remark', models.TextField(blank=True)),
                ('from_address', models.CharField(blank=True, max_length=64)),
                ('mandate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='consent', to='contracts.consentrequest')),
            ],
        ),
        migrations.CreateModel(
            name='ConsentServer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servers', to='contracts.consentrequest')),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inventory.server')),
            ],
        ),
        migrations.CreateModel(
            name='ConsentVoid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('reason', models.CharField(max_length=500)),
                ('by', models.CharField(max_length=100)),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='void', to='contracts.consentrequest')),
            ],
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='advice_number'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=models.CheckConstraint(condition=models.Q(('risk__in', ('single_disk', 'no_backup', 'end_of_life', 'low_hours', 'certificate', 'memory', 'work', 'other'))), name='advice_risk'),
        ),
        migrations.AddConstraint(
            model_name='advice',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='advice_append_only'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('accepted', 'refused'))), fields=('advice',), name='advice_answered_once'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'read')), fields=('advice', 'person'), name='advice_read_once'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('delivered', 'read', 'accepted', 'refused'))), name='advice_step_kind'),
        ),
        migrations.AddConstraint(
            model_name='advicestep',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('remark', 'from_address'), name='advice_step_append_only'),
        ),
        migrations.AddConstraint(
            model_name='consentrequest',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='consent_request_number'),
        ),
        migrations.AddConstraint(
            model_name='consentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at', None), ('ends_at', None), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='consent_window_order'),
        ),
        migrations.AddConstraint(
            model_name='consentrequest',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='consent_request_append_only'),
        ),
        migrations.AddConstraint(
            model_name='consentlink',
            constraint=astreinte.records.validity.constraints.AppendOnly(but=('used_at',), name='consent_link_append_only'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ('given', 'refused'))), name='consent_answer'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ('link', 'portal'))), name='consent_how'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('remark', 'from_address'), name='consent_append_only'),
        ),
        migrations.AddConstraint(
            model_name='consentserver',
            constraint=models.UniqueConstraint(fields=('request', 'server'), name='consent_server_once'),
        ),
        migrations.AddConstraint(
            model_name='consentserver',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='consent_server_append_only'),
        ),
        migrations.AddConstraint(
            model_name='consentvoid',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='consent_void_append_only'),
        ),
    ]
