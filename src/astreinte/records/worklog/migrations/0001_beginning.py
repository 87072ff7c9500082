import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tickets', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Intervention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('kind', models.CharField(max_length=10)),
                ('started_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('text', models.TextField(null=True)),
                ('evidence', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='interventions', to='tickets.ticket')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ('session', 'diagnostic'))), name='intervention_kind'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='intervention_ends_after_it_starts'), astreinte.records.validity.constraints.AppendOnly(but=('ended_at', 'text'), erasable=('text',), name='intervention_append_only')],
            },
        ),
    ]
