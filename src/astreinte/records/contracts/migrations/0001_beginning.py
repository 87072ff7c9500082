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
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('plan', models.CharField(max_length=100)),
                ('period', models.CharField(max_length=10)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='order_lines', to='accounts.client')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Coverage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='inventory.server')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coverages', to='contracts.orderline')),
            ],
        ),
        migrations.CreateModel(
            name='Overlay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('title', models.CharField(max_length=200)),
                ('patch', models.TextField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overlays', to='contracts.orderline')),
            ],
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('cents', models.PositiveBigIntegerField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='contracts.orderline')),
            ],
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('patch', models.TextField()),
                ('body', models.TextField()),
                ('written_at', models.DateTimeField()),
                ('extends', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.terms')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Binding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='contracts.orderline')),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bindings', to='contracts.terms')),
            ],
        ),
        migrations.CreateModel(
            name='FrozenYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('calendar', models.CharField(max_length=20)),
                ('year', models.PositiveSmallIntegerField()),
                ('days', models.TextField()),
                ('frozen_at', models.DateTimeField()),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('provider', 'calendar', 'year'), name='frozen_year_once'), astreinte.records.validity.constraints.AppendOnly(name='frozen_year_append_only')],
            },
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='order_line_number'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('period__in', ('monthly', 'quarterly', 'yearly', 'one_off'))), name='order_line_period'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('provider', 'number'), name='order_line_once'),
        ),
        migrations.AddConstraint(
            model_name='coverage',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('server',), name='coverage_once'),
        ),
        migrations.AddConstraint(
            model_name='overlay',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('line',), name='overlay_once'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('line',), name='price_once'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=models.UniqueConstraint(fields=('provider', 'name'), name='terms_name'),
        ),
        migrations.AddConstraint(
            model_name='terms',
            constraint=astreinte.records.validity.constraints.AppendOnly(name='terms_append_only'),
        ),
        migrations.AddConstraint(
            model_name='binding',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('line',), name='binding_once'),
        ),
    ]
