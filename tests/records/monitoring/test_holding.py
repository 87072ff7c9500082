"""Who decides that all of an incident is hushed, and a check that joins it, do not pass each other."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections, transaction

from astreinte.records.monitoring import holding, incidents, silencing
from astreinte.records.monitoring.models import Incident
from tests.builders import SETUP, a_client, a_house, a_server
from tests.records.monitoring.watching import CRITICAL, NOON, a_check, recorded

pytestmark = pytest.mark.django_db(transaction=True)


def locks_meanwhile(incident):
    """What came of somebody else's wish to change the incident, now."""
    came: list[Incident | OperationalError] = []

    def other():
        try:
            with transaction.atomic():
                rows = Incident.objects.select_for_update(no_key=True, nowait=True)
                came.append(rows.get(pk=incident.pk))
        except OperationalError as error:
            came.append(error)
        finally:
            connections.close_all()

    meanwhile = threading.Thread(target=other)
    meanwhile.start()
    meanwhile.join(60)
    return came[0]


@pytest.mark.parametrize("who", ["holds back", "joins", "leaves"])
def test_nobody_changes_an_incident_while_one_decides_about_it(who) -> None:
    server = a_server(a_client(a_house()))
    disk, shop = a_check(server, "disk"), a_check(server)
    recorded(disk, [CRITICAL] * 3)
    silencing.silence(server, reason="Migration", until_at=NOON + timedelta(hours=1), at=NOON, actor=SETUP)
    incident, at = Incident.objects.get(), NOON + timedelta(minutes=1)
    with transaction.atomic():
        if who == "holds back":
            held = holding.hold(incident, client_id=server.client_id, relapse=False, first_at=at, at=at)
            assert held is not None
        elif who == "joins":
            incidents.gather(incident, shop, at=at, actor=SETUP)
        else:
            incidents.leave(disk, at=at, actor=SETUP)
        if connection.features.has_select_for_update_nowait:
            assert isinstance(locks_meanwhile(incident), OperationalError)
