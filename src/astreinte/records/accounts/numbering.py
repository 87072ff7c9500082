"""Numbers for people: dense enough, per provider and kind, never used twice."""

from django.db import transaction
from django.db.models import F

from astreinte.records.accounts.models import Counter


def next_number(provider_id: int, kind: str) -> int:
    """Return the next number of `kind` for the provider. Holds its row until the transaction ends."""
    with transaction.atomic():
        Counter.objects.get_or_create(provider_id=provider_id, kind=kind, defaults={"last": 0})
        Counter.objects.filter(provider_id=provider_id, kind=kind).update(last=F("last") + 1)
        return Counter.objects.get(provider_id=provider_id, kind=kind).last
