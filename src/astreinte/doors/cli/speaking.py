"""Words for whoever acts: in that person's language and zone; for nobody in particular, in French and in Paris."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from astreinte import words
from astreinte.records.accounts.actors import Actor
from astreinte.records.accounts.models import Person


@contextmanager
def to(actor: Actor) -> Iterator[None]:
    """Say everything inside as the actor reads it."""
    person = Person.objects.filter(pk=actor.person_id).first()
    language, zone = (person.language, person.zone) if person else ("fr", "Europe/Paris")
    with translation.override(language), timezone.override(zone), words.speaking(language, zone):
        yield
