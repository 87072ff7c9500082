import json
from datetime import datetime

from django.db import migrations, models

SLICE = 500


def shorten(apps, schema_editor):
    """Write states as words instead of JSON that says the level, its beginning and the last instant again."""

    def short(row):
        old = json.loads(row.run)
        words = [f"{level}@{at}" for level, at in old["run"]]
        seen_at = old["seen_at"] and datetime.fromisoformat(old["seen_at"])
        if seen_at != row.last_at:
            words.insert(0, f"@{old['seen_at'] or ''}")
        return " ".join(words)

    _rewrite(apps, short)


def lengthen(apps, schema_editor):
    def long(row):
        words = [word.split("@") for word in row.run.split()]
        seen_at = row.last_at and row.last_at.isoformat()
        if words and not words[0][0]:
            seen_at = words.pop(0)[1] or None
        return json.dumps(
            {"level": row.level, "since": row.since.isoformat(), "seen_at": seen_at, "run": words}
        )

    _rewrite(apps, long)


def _rewrite(apps, form):
    states = apps.get_model("monitoring", "CheckState").objects
    rows = states.only("run", "level", "since", "last_at").order_by("pk")
    done = list(rows[:SLICE])
    while done:
        for row in done:
            row.run = form(row)
        states.bulk_update(done, ["run"])
        done = list(rows.filter(pk__gt=done[-1].pk)[:SLICE])


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0003_silences"),
    ]

    operations = [
        migrations.AlterField(
            model_name="checkstate",
            name="stale_at",
            field=models.DateTimeField(),
        ),
        migrations.RunPython(shorten, lengthen),
    ]
