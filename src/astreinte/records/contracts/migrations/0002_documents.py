import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_request_keys'),
        ('contracts', '0001_beginning'),
        ('evidence', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('language', models.CharField(max_length=8)),
                ('begun_at', models.DateTimeField()),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='accounts.client')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='DocumentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('effective_on', models.DateField()),
                ('imported_at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='contracts.document')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='AcceptanceInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.client')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='contracts.documentversion')),
            ],
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=16)),
                ('at', models.DateTimeField()),
                ('zone', models.CharField(max_length=64)),
                ('recorded_at', models.DateTimeField()),
                ('how', models.CharField(max_length=12)),
                ('source_sha256', models.CharField(max_length=64)),
                ('rendered_sha256', models.CharField(max_length=64)),
                ('brand_name', models.CharField(max_length=200)),
                ('from_address', models.CharField(blank=True, max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('by', models.CharField(max_length=100)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='accounts.client')),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.storedfile')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rendered', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.storedfile')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='contracts.documentversion')),
            ],
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_on', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('as_signed', models.BooleanField(default=False)),
                ('by', models.CharField(max_length=100)),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='contracts.document')),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='contracts.documentversion')),
            ],
        ),
        migrations.CreateModel(
            name='Transcription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mapping', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=100)),
                ('checked_at', models.DateTimeField(null=True)),
                ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.terms')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transcriptions', to='contracts.documentversion')),
            ],
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('specific', 'special', 'general_sale', 'general_service'))), name='document_kind'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('client__isnull', False), ('kind', 'specific')), models.Q(models.Q(('kind', 'specific'), _negated=True), ('client__isnull', True)), _connector='OR'), name='document_of_one_client'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('client__isnull', True)), fields=('provider', 'kind', 'language'), name='document_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('client__isnull', False)), fields=('client', 'name'), name='document_name'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='document_append_only'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=models.UniqueConstraint(fields=('document', 'number'), name='document_version_number'),
        ),
        migrations.AddConstraint(
            model_name='documentversion',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='document_version_append_only'),
        ),
        migrations.AddConstraint(
            model_name='acceptanceinvitation',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='acceptance_invitation_append_only'),
        ),
        migrations.AddIndex(
            model_name='acceptance',
            index=models.Index(fields=['act'], name='acceptance_act'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.UniqueConstraint(fields=('client', 'version'), name='acceptance_once'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ('portal', 'signed_pdf'))), name='acceptance_how'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('how', 'signed_pdf'), _negated=True), ('paper__isnull', False), _connector='OR'), name='acceptance_with_its_paper'),
        ),
        migrations.AddConstraint(
            model_name='acceptance',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('from_address', 'user_agent'), name='acceptance_append_only'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('document', 'effective_on'), name='publication_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='publication_append_only'),
        ),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('checked_at__isnull', True), ('checked_by__isnull', True)), models.Q(('checked_at__isnull', False), ('checked_by__isnull', False)), _connector='OR'), name='transcription_checked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=astreinte.records.validity.constraints.AppendOnly(but=('checked_at', 'checked_by'), name='transcription_append_only'),
        ),
    ]
