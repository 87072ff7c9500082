"""Start everything: the hub (pages, records) and the watch (probes), until Ctrl-C."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from astreinte.doors.cli import booting

if TYPE_CHECKING:
    from pathlib import Path

    from astreinte.loops.hub import Hub
    from astreinte.loops.record import Recorder
    from astreinte.loops.turn import Run

app = typer.Typer(help=__doc__)

NOT_NOW = 3
APPLICATION = "astreinte.project.asgi:application"
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared, not listened on


@app.command()
def up(
    provider: Annotated[
        str, typer.Option(help="First start: the provider's name; without it, « Mon infogérance ».")
    ] = "",
    email: Annotated[
        str, typer.Option(help="First start: the administrator's address; without it, USER@localhost.")
    ] = "",
) -> None:
    """Start everything: the hub (pages, records) and the watch (probes), until Ctrl-C."""
    os.umask(0o077)  # the data folder holds what people wrote, and the key
    booting.loaded()
    from django.conf import settings

    from astreinte.doors.cli import preparing

    places = settings.PLACES
    preparing.folder(places.data)
    preparing.folder(settings.STATIC_ROOT)
    lock = _locked(places.data / "hub.lock")
    listener = listening(*places.address)
    try:
        base = places.origin or _base(places.address[0], listener.getsockname()[1])
        said = _prepared(base, listener.getsockname()[1], provider=provider, email=email)
        _run(hub_of(listener), said)
    finally:
        listener.close()
        os.close(lock)


def _locked(path: "Path") -> int:
    """Hold the data folder for this process alone, as long as it lives."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        os.close(descriptor)
        _refuse(
            f"{path.parent}: Astreinte runs already on this data folder (process {holder});"
            " stop it first, or set ASTREINTE_DATA to another folder"
        )
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
    return descriptor


def listening(host: str, port: int) -> socket.socket:
    """Take the port before anything else is done: a start that cannot serve changes nothing."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        _refuse(
            f"ASTREINTE_LISTEN={host}:{port}: {error.strerror or error};"
            " stop what listens there, or set ASTREINTE_LISTEN to another HOST:PORT"
        )
    return listener


def _base(host: str, port: int) -> str:
    """Return the address under which a browser on this machine, or its network, finds the pages."""
    name = socket.gethostname() if host in ANYWHERE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _prepared(base: str, port: int, *, provider: str, email: str) -> str:
    """Make the database ready, and on the first start what it begins with; return what to say to people."""
    from urllib.parse import urlsplit

    from django.conf import settings
    from django.urls import reverse

    from astreinte.doors.cli import beginning, preparing
    from astreinte.loops import clock

    try:
        ran, copy = preparing.database(settings.PLACES.data, at=clock.now())
    except preparing.MigrationFailed as error:
        _refuse(str(error))
    user = booting.os_user()
    wanted = beginning.Beginning(
        provider=provider or beginning.NAME,
        host=urlsplit(base).hostname or "localhost",
        origin=base,
        email=email or f"{user}@localhost",
        os_user=user,
        address=(settings.PLACES.address[0], port),
    )
    beginning.begin(wanted, at=clock.now())
    lines = [f"Database brought to this version ({ran} migrations); before it: {copy}"] if copy else []
    lines.append(f"Astreinte runs on {base}  (Ctrl-C stops it)")
    invited = beginning.invitation(at=clock.now())
    if invited is not None:
        person, secret = invited
        lines += [
            f"First administrator: {person.email}. This link works once, for 24 hours:",
            f"  {base}{reverse('portal:invitation', args=[secret])}",
        ]
    return "\n".join(lines)


def hub_of(listener: socket.socket, recorder: "Recorder | None" = None) -> "Hub":
    """Return the hub that the settings describe, with the pages on `listener`."""
    from django.conf import settings

    from astreinte.loops.hub import Hub, Plan

    places = settings.PLACES
    return Hub(
        Plan(
            application=APPLICATION,
            listener=listener,
            bus=places.socket,
            watch=(sys.executable, "-m", "astreinte.loops.watch", str(places.socket), places.plugins),
            watch_lock=places.data / "watch.lock",
            threads=_threads(),
        ),
        recorder,
    )


def _threads() -> "dict[str, Run]":
    """Name what runs by itself in the hub, each in its thread."""
    from astreinte.loops import deliver, seal, send, tidy
    from astreinte.loops.turn import turning

    return {
        "seal": seal.run,
        "deliver": deliver.run,
        "send": send.run,
        "stale": turning("stale", tidy.Silence().mark_stale, every_s=tidy.EVERY_S),
        "samples": turning(
            "samples", tidy.Samples().keep, every_s=tidy.SAMPLES_EVERY_S, first_after_s=tidy.GRACE_S
        ),
        "sessions": turning("sessions", tidy.forget_sessions, every_s=3600.0, first_after_s=tidy.GRACE_S),
    }


def _run(hub: "Hub", said: str) -> None:
    import structlog
    import uvloop

    # A line in one write: hub and watch share a terminal, and their lines must not run into each other.
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(sys.stderr))

    async def run() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, hub.stop)
        await hub.run(ready=lambda: print(said, flush=True))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def _refuse(text: str) -> NoReturn:
    typer.echo(f"error: {text}", err=True)
    raise typer.Exit(NOT_NOW)
