"""We do not see: one fact when it begins, one when it is over, and the staff told of both. No client is concerned."""

from datetime import datetime

from django.db import transaction

from astreinte.records.accounts import actors
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Brand, Person, Provider, Role
from astreinte.records.accounts.permissions import may
from astreinte.records.journal import claiming, writing
from astreinte.records.journal.events import kind_of
from astreinte.records.journal.models import Entry
from astreinte.records.monitoring.facts import WatchBlinded, WatchSighted
from astreinte.records.notices import telling
from astreinte.records.notices.models import Notice
from astreinte.rules.checks.sight import View
from astreinte.words import blindness as words

HOUSE = 0
WATCH = "local"
TOLD = ("engineer", "admin")


def standing() -> WatchBlinded | None:
    """Return what was said when we became blind, if that still holds. It reads the journal: ask once, at a start."""
    kinds = [kind_of(WatchBlinded), kind_of(WatchSighted)]
    last = Entry.objects.filter(provider_id=HOUSE, kind__in=kinds).order_by("-id").first()
    if last is None or last.kind != kinds[0]:
        return None
    event = claiming.event_of(last)
    return event if isinstance(event, WatchBlinded) else None


@transaction.atomic
def note_blinded(view: View, *, at: datetime, actor: Actor) -> WatchBlinded:
    """Write down that we see too little to judge any target, and why."""
    may(actor, "monitoring.change")
    fact = WatchBlinded(
        at=at,
        provider_id=HOUSE,
        watch=WATCH,
        cause=view.cause,
        inconclusive=view.inconclusive,
        checks=view.checks,
    )
    writing.append(fact, actor=actor)
    return fact


@transaction.atomic
def note_sighted(since: WatchBlinded, *, at: datetime, actor: Actor) -> None:
    """Write down that we see again."""
    may(actor, "monitoring.change")
    fact = WatchSighted(at=at, provider_id=HOUSE, watch=since.watch, blinded_at=since.at)
    writing.append(fact, actor=actor)


def tell_blinded(event: WatchBlinded, *, at: datetime) -> None:
    """Tell the duty of every provider, once, that nothing is seen, and why: a failure could pass unnoticed."""
    for provider in Provider.objects.order_by("pk"):
        _tell_blinded(event, provider, at)


def _tell_blinded(event: WatchBlinded, provider: Provider, at: datetime) -> None:
    held = Role.objects.as_of(at).filter(provider=provider, client_id=None, role__in=TOLD)
    people = Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("pk")
    link = f"{_origin(provider.pk)}/desk/"
    _tell(list(people), lambda _: words.blinded(event, link=link), _key(event.at), at)


def tell_sighted(event: WatchSighted, *, at: datetime) -> None:
    """Tell whoever was told of the blindness that it is over."""
    told = Notice.objects.filter(key__startswith=f"{_key(event.blinded_at)} ").values("person_id")
    people = list(Person.objects.filter(pk__in=told).order_by("pk"))
    _tell(people, lambda _: words.sighted(event), f"watch sighted:{event.blinded_at.isoformat()}", at)


def _key(blinded_at: datetime) -> str:
    return f"watch blinded:{blinded_at.isoformat()}"


def _origin(provider_id: int) -> str:
    brand = Brand.objects.filter(provider_id=provider_id).order_by("pk").first()
    return brand.origin if brand else ""


def _tell(people: list[Person], say: telling.Say, key: str, at: datetime) -> None:
    telling.tell(
        persons=people, say=say, about="watch", entry_key=key, at=at, actor=actors.system("monitoring")
    )
