import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_beginning'),
    ]

    operations = [
        migrations.CreateModel(
            name='Server',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('name', models.CharField(max_length=253)),
                ('address', models.CharField(max_length=253)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='servers', to='accounts.client')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='Service',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
                ('essential', models.BooleanField(default=False)),
                ('server', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='services', to='inventory.server')),
            ],
        ),
        migrations.AddConstraint(
            model_name='server',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('provider', 'name'), name='server_name_once'),
        ),
        migrations.AddConstraint(
            model_name='service',
            constraint=astreinte.records.validity.constraints.NoOverlap(by=('server', 'name'), name='service_name_once'),
        ),
    ]
