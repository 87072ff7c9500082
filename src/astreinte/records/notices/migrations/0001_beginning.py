import astreinte.records.accounts.public_ids
import astreinte.records.validity.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.CharField(default=astreinte.records.accounts.public_ids.new, max_length=16, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('channel', models.CharField(max_length=10)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('sender', models.CharField(max_length=200)),
                ('host', models.CharField(max_length=253)),
                ('language', models.CharField(max_length=8)),
                ('subject', models.TextField()),
                ('body', models.TextField()),
                ('about', models.CharField(max_length=100)),
                ('key', models.CharField(max_length=200, unique=True)),
                ('queued_at', models.DateTimeField()),
                ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.client')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.provider')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('handed_over', 'Handed Over'), ('delivered', 'Delivered'), ('failed', 'Failed'), ('unknown', 'Unknown')], max_length=12)),
                ('attempt', models.PositiveIntegerField(default=0)),
                ('detail', models.TextField(blank=True)),
                ('possible_duplicate', models.BooleanField(default=False)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='notices.notice')),
            ],
        ),
        migrations.CreateModel(
            name='Sending',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(null=True)),
                ('token', models.CharField(blank=True, max_length=16)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('allowed', models.PositiveIntegerField(default=15)),
                ('begun_at', models.DateTimeField(null=True)),
                ('settled_at', models.DateTimeField(null=True)),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sending', to='notices.notice')),
            ],
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['person', 'about'], name='notice_thread'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('address', 'subject', 'body'), name='notice_append_only'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('provider', 'number'), name='notice_number'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('channel__in', ['email'])), name='notice_channel'),
        ),
        migrations.AddConstraint(
            model_name='noticestep',
            constraint=astreinte.records.validity.constraints.AppendOnly(erasable=('detail',), name='notice_step_append_only'),
        ),
        migrations.AddConstraint(
            model_name='noticestep',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'handed_over', 'delivered', 'failed', 'unknown'])), name='notice_step_state'),
        ),
        migrations.AddIndex(
            model_name='sending',
            index=models.Index(condition=models.Q(('settled_at', None)), fields=['due_at'], name='sending_due'),
        ),
    ]
