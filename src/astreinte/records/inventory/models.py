"""Servers and the services declared on them, dated."""

from typing import ClassVar

from django.db import models

from astreinte.records.accounts import public_ids
from astreinte.records.accounts.models import Client, Dated, Provider
from astreinte.records.accounts.reach import Reach
from astreinte.records.validity.constraints import NoOverlap
from astreinte.records.validity.models import Validity


class Server(Validity):
    """A machine that the provider looks after for a client, from an instant to another."""

    JOURNALLED = True
    reach = Reach(provider="provider", client="client")
    objects = Dated.as_manager()

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, models.PROTECT, related_name="servers")
    public_id = models.CharField(max_length=16, unique=True, default=public_ids.new)
    name = models.CharField(max_length=253)
    address = models.CharField(max_length=253)

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("provider", "name"), name="server_name_once")]

    def __str__(self) -> str:
        return self.name


class Service(Validity):
    """What a server does for its client; `essential` in the sense of article 5 (« fonctions essentielles »)."""

    JOURNALLED = True
    reach = Reach(provider="server__provider", client="server__client")
    objects = Dated.as_manager()

    server = models.ForeignKey(Server, models.PROTECT, related_name="services")
    name = models.CharField(max_length=100)
    essential = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("server", "name"), name="service_name_once")]

    def __str__(self) -> str:
        return self.name


class Management(Validity):
    """Whether infrastructure and system of a server are in the service, from an instant on (article 2).

    From the two follows who answers for each layer: `rules.responsibility`. A server without a row has not been said.
    """

    JOURNALLED = True
    reach = Reach(provider="server__provider", client="server__client")
    objects = Dated.as_manager()

    server = models.ForeignKey(Server, models.PROTECT, related_name="managements")
    infrastructure = models.BooleanField()
    system = models.BooleanField()

    class Meta:
        constraints: ClassVar = [NoOverlap(by=("server",), name="management_once")]
