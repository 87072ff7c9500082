"""Each probe is tried on both event loops: the standard one, and the one that the watch runs on."""

import asyncio

import pytest
import uvloop

from tests.engine.probes.peers import Peers, TlsFiles


def pytest_asyncio_loop_factories():
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture
async def peers():
    """Servers on loopback that answer as the test says."""
    async with Peers() as found:
        yield found


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """Certificates of an authority of our own: right, expired, of another name."""
    return TlsFiles(tmp_path_factory.mktemp("tls"))
