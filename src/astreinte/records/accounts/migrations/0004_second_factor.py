import astreinte.records.validity.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_mandates'),
    ]

    operations = [
        migrations.CreateModel(
            name='SecondFactorPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('policy', models.CharField(max_length=10)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('policy__in', ('offered', 'required'))), name='second_factor_policy'), astreinte.records.validity.constraints.NoOverlap(by=('provider',), name='second_factor_policy_once')],
            },
        ),
    ]
