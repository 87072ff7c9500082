"""A probe in a network of its own: a process that has nothing but what the test builds around it.

As a program (`python apart.py JSON`) it is that process: it builds, becomes who it should be, and attempts.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from astreinte.engine.probes import pinging
from astreinte.engine.probes.attempting import prepare
from astreinte.engine.probes.resolving import Resolver

ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534

OTHER_END = "192.0.2.2"

LOOPBACK = ["ip link set lo up"]
ALONE_ON_A_WIRE = [
    *LOOPBACK,
    "ip link add here type veth peer name there",
    "ip address add 192.0.2.1/24 dev here",
    "ip -6 address add 2001:db8::1/64 dev here nodad",
    "ip link set here up",
    "ip link set there up",
]
_TO_THE_ROUTER = [
    *ALONE_ON_A_WIRE,
    "ip link set there netns {router}",
    "ip route add default via 192.0.2.2",
]
_THE_ROUTER = [
    *LOOPBACK,
    "ip address add 192.0.2.2/24 dev there",
    "ip link set there up",
    "echo 1 > /proc/sys/net/ipv4/ip_forward",
]


def attempted(kind, host, **how):
    """Return `level`, `text` and `values` of one attempt: see `attempted_again`."""
    (only,) = attempted_again(kind, host, between=(), **how)
    return only


def attempted_again(
    kind, host, *, between, around=LOOPBACK, beyond=None, user=0, send_buffer=None, **options
):
    """Return what attempts see, as `user`, in a network where `around` was done, and a line of `between` each.

    With `beyond` there is a router at the other end of the only wire, on which that is done besides: it
    forwards, and knows no other network. A line of `between` that begins with
    "there: " is for the router. `send_buffer`: bytes of echo requests under way.
    """
    subprocess.run([ROOT / "tools/from-debian", "iproute2", "procps"], check=True)
    told = {"kind": kind, "host": host, "around": around, "beyond": beyond, "user": user, "options": options}
    told |= {"between": list(between), "send_buffer": send_buffer}
    done = subprocess.run(
        ["unshare", "--net", sys.executable, "-P", __file__, json.dumps(told)],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    return json.loads(done.stdout)


def main(told):
    """Build the network, and attempt in it."""
    router = None
    with contextlib.ExitStack() as stack:
        if told["beyond"] is not None:
            router = stack.enter_context(another_network())
            do([line.format(router=router) for line in _TO_THE_ROUTER])
            do([*_THE_ROUTER, *told["beyond"]], inside=router)
        do(told["around"])
        become(told["user"])
        pinging.SEND_BUFFER = told["send_buffer"] or pinging.SEND_BUFFER
        attempt = prepare(told["kind"], told["host"], told["options"], Resolver())
        seen = [asyncio.run(_whole(attempt))]
        for line in told["between"]:
            there = line.startswith("there: ")
            do([line.removeprefix("there: ")], inside=router if there else None)
            seen.append(asyncio.run(_whole(attempt)))
    print(json.dumps([{"level": one.level, "text": one.text, "values": dict(one.values)} for one in seen]))


@contextlib.contextmanager
def another_network():
    """Return the id of a process that has a network of its own."""
    process = subprocess.Popen(
        ["unshare", "--net", "sh", "-c", "echo there; exec cat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        process.stdout.readline()
        yield process.pid


def do(lines, *, inside=None):
    """Run each line in a shell, in the network of the process `inside` if one is given."""
    enter = ["nsenter", f"--net=/proc/{inside}/ns/net"] if inside else []
    for line in lines:
        subprocess.run([*enter, "sh", "-c", line], check=True, stdout=sys.stderr)


def become(user):
    """Give up being root, for good."""
    if user:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


async def _whole(attempt):
    return await attempt()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
