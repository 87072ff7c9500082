"""Providers, brands, clients, people and what they may do, all dated."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.reach import Reach, Visible
from astreinte.records.accounts.who import Actor
from astreinte.records.evidence.models import StoredFile
from astreinte.records.validity.constraints import NoOverlap
from astreinte.records.validity.models import Validity, ValidityQuerySet

MANDATED = ("sign", "consent", "claim")
"""What a client may leave to one of its people: to bind it, to allow work, to ask for a penalty."""


class Dated(ValidityQuerySet[Any], Visible[Any]):  # type: ignore[override]  # the plugin's as_manager, not ours
    """Rows that hold for a while, and that an actor may see or not."""


class Provider(models.Model):
    """A managed-hosting provider (prestataire): the highest wall of an installation."""

    JOURNALLED = True
    reach = Reach(provider="pk")
    objects = Visible["Provider"].as_manager()

    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    name = models.CharField(max_length=200, unique=True)
    legal_name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    """A name, host and colours under which the provider speaks to people."""

    JOURNALLED = True
    reach = Reach(provider="provider")
    objects = Visible["Brand"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="brands")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    name = models.CharField(max_length=200)
    host = models.CharField(max_length=253, unique=True)
    origin = models.CharField(max_length=300)
    colour = models.CharField(max_length=7, default="#0f3b47")
    on_colour = models.CharField(max_length=7, default="#ffffff")

    def __str__(self) -> str:
        return self.name


class EmergencyNumber(Validity):
    """A number on which a received call starts the clock (article 5, « un numéro … défini »)."""

    JOURNALLED = True
    reach = Reach(provider="brand__provider")
    objects = Dated.as_manager()

    brand = models.ForeignKey(Brand, models.PROTECT, related_name="emergency_numbers")
    number = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("brand", "number"), name="emergency_number_once")]


class Client(models.Model):
    """A company that contracts with the provider; `internal` is the provider's own house, never invoiced."""

    JOURNALLED = True
    reach = Reach(provider="provider", client="pk")
    objects = Visible["Client"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="clients")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    internal = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="client_number"),
            models.UniqueConstraint(fields=["provider", "name"], name="client_name"),
            models.UniqueConstraint(
                fields=["provider"], condition=models.Q(internal=True), name="one_internal_client"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class People(Visible[Any]):
    """People: the staff sees everybody of its provider, a client those with a mandate for it, once."""

    def visible_to(self, actor: Actor) -> "People":
        """Keep the people whom the actor may know of."""
        mine = self if actor.is_system else self.filter(provider=actor.provider_id)
        if actor.is_system or actor.is_staff:
            return mine
        if actor.client_id is None:
            return self.none()
        return mine.filter(pk__in=Role.objects.standing().filter(client=actor.client_id).values("person_id"))


class PeopleManager(BaseUserManager["Person"].from_queryset(People)):  # type: ignore[misc]  # Django's own way
    """Finds people by their address."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        person: Person = self.get(email=(username or "").lower())
        return person


class Person(AbstractBaseUser):
    """Someone who signs in: of the provider's staff or of a client, by the roles in force."""

    JOURNALLED = True
    JOURNAL_WORDS = ("email", "name")
    JOURNAL_LEAVES = ("password", "last_login")
    reach = Reach(provider="provider")
    objects = PeopleManager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="people")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=8, default="fr")
    zone = models.CharField(max_length=64, default="Europe/Paris")
    os_user = models.CharField(max_length=64, unique=True, null=True)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """Return the name by which the person is shown."""
        return self.name


class Role(Validity):
    """What a person may do, from an instant on: at the provider (no client), or for one client (a mandate)."""

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Dated.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="roles")
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20)

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("person", "role", "client"), name="role_once")]


class Mandate(Validity):
    """What a person of a client may decide for it, from an instant on: sign, consent or claim (X.4).

    `scope` is empty for everything of the client, or names order lines and servers (`mandates.Scope`).
    `given_by` says who at the client gave it; `paper` is what they signed.
    """

    JOURNALLED = True
    JOURNAL_WORDS = ("given_by",)
    reach = Reach(provider="provider", client="client")
    objects = Dated.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="mandates")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates")
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=10)
    scope = models.TextField(blank=True)
    given_by = models.CharField(max_length=200, blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "number"], name="mandate_number"),
            models.CheckConstraint(condition=models.Q(verb__in=MANDATED), name="mandate_verb"),
            NoOverlap(by=("person", "client", "verb", "scope"), name="mandate_once"),
        ]


class SecondFactorPolicy(Validity):
    """Of whom a provider wants a second factor, from an instant on; without a row it is offered to everybody."""

    JOURNALLED = True
    reach = Reach(provider="provider")
    objects = Dated.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    policy = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(policy__in=("offered", "required")), name="second_factor_policy"
            ),
            NoOverlap(by=("provider",), name="second_factor_policy_once"),
        ]


class Invitation(models.Model):
    """A one-time link by which a person chooses a password. The link is kept as a digest."""

    JOURNALLED = True
    reach = Reach(provider="person__provider")
    objects = Visible["Invitation"].as_manager()

    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Token(Validity):
    """An API token: it acts as its person, within the roles that person has at that instant."""

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Dated.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("digest",), name="token_once")]


class RequestKey(models.Model):
    """A key that a caller of the API chose: sent again, it gives the first answer again. A means, not a record.

    `digest` is of the request, so that the same key with other words is refused; `made` names what came of it.
    """

    reach = Reach(provider="token__provider", client="token__client")
    objects = Visible["RequestKey"].as_manager()

    token = models.ForeignKey(Token, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    made = models.CharField(max_length=40, blank=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["token", "key"], name="request_key_once")]


class Counter(models.Model):
    """The last number given, by provider and kind. A means, not a record: the journal does not keep it."""

    reach = Reach(provider="provider")
    objects = Visible["Counter"].as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["provider", "kind"], name="counter_once")]
