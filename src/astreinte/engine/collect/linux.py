"""What the kernel of a Linux machine says of itself, read from the text of its files.

The text may be that of this very machine or come from afar: reading it is the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from astreinte.rules.checks.thresholds import Memory, Pressure

ON_DISK = frozenset(
    (
        *("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "jfs", "reiserfs", "nilfs2"),
        *("bcachefs", "vfat", "exfat", "ntfs3", "hfsplus"),
    )
)
"""Filesystems that fill up. Read-only images are always full; network and user-space ones may hang."""

NO_LONGER_WRITTEN = frozenset(("ro", "emergency_ro", "shutdown"))
"""Options of a mount, or of its filesystem, that takes no more writes. After an error ext4 says `ro` of the
filesystem alone, not of the mount; newer kernels say `emergency_ro`."""

NEVER_FULL = frozenset(("squashfs", "iso9660", "udf", "erofs", "cramfs"))


class FactError(ValueError):
    """A text that is not what the kernel writes."""


@dataclass(frozen=True, slots=True)
class Mount:
    """One filesystem, where it is mounted."""

    point: str
    kind: str
    source: str
    device: str
    read_only: bool = False


def all_mounts(mountinfo: str) -> tuple[Mount, ...]:
    """Return every line of `/proc/self/mountinfo`. Raises FactError."""
    found = []
    for line in mountinfo.splitlines():
        before, dash, after = line.partition(" - ")
        head, tail = before.split(" "), after.split(" ")
        if not dash or len(head) < 6 or len(tail) < 2:
            raise FactError(f"not a line of mountinfo: {line[:80]!r}")
        options = {*head[5].split(","), *(tail[2].split(",") if len(tail) > 2 else ())}
        found.append(
            Mount(
                point=_unescaped(head[4]),
                kind=tail[0],
                source=_unescaped(tail[1]),
                device=head[2],
                read_only=bool(options & NO_LONGER_WRITTEN),
            )
        )
    return tuple(found)


def mounts(mountinfo: str) -> tuple[Mount, ...]:
    """Return the filesystems on disk of `/proc/self/mountinfo`, each once, where its path is shortest.

    The root is always among them, whatever it is made of (a container's overlay, a live system), unless
    it cannot fill up.
    """
    best: dict[tuple[str, str], Mount] = {}
    for one in all_mounts(mountinfo):
        if one.kind not in ON_DISK and (one.point != "/" or one.kind in NEVER_FULL):
            continue
        # Subvolumes of one btrfs have a device number each, but fill up together.
        key = ("source", one.source) if one.kind == "btrfs" else ("device", one.device)
        if key not in best or len(one.point) < len(best[key].point):
            best[key] = one
    return tuple(sorted(best.values(), key=lambda mount: mount.point))


def memory(meminfo: str) -> Memory:
    """Return the memory told by `/proc/meminfo`, in bytes. Raises FactError."""
    found = dict(re.findall(r"^(\w+):\s+(\d+) kB$", meminfo, re.MULTILINE))
    try:
        total, available, swap, swap_free = (
            1024 * int(found[key]) for key in ("MemTotal", "MemAvailable", "SwapTotal", "SwapFree")
        )
    except KeyError as error:
        raise FactError(f"{error.args[0]}: missing from meminfo") from error
    return Memory(total, available, swap, swap_free)


def loads(loadavg: str) -> tuple[float, float, float]:
    """Return the loads over 1, 5 and 15 minutes told by `/proc/loadavg`. Raises FactError."""
    found = re.match(r"(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) ", loadavg)
    if found is None:
        raise FactError(f"not what loadavg holds: {loadavg[:80]!r}")
    return float(found[1]), float(found[2]), float(found[3])


def pressure(text: str) -> Pressure:
    """Return the stalls of the last minute told by a file of `/proc/pressure`. Raises FactError."""
    found = dict(re.findall(r"^(some|full) avg10=\d+\.\d+ avg60=(\d{1,3}\.\d+) avg300=", text, re.MULTILINE))
    if "some" not in found:
        raise FactError(f"not what a file of /proc/pressure holds: {text[:80]!r}")
    return Pressure(float(found["some"]), float(found["full"]) if "full" in found else None)


def counter(vmstat: str, name: str) -> int:
    """Return one counter of `/proc/vmstat`, since the boot. Raises FactError."""
    found = re.search(rf"^{re.escape(name)} (\d{{1,20}})$", vmstat, re.MULTILINE)
    if found is None:
        raise FactError(f"{name}: missing from vmstat")
    return int(found[1])


def uptime_s(text: str) -> float:
    """Return the seconds since the boot told by `/proc/uptime`. Raises FactError."""
    found = re.match(r"(\d{1,12}\.\d+) ", text)
    if found is None:
        raise FactError(f"not what uptime holds: {text[:80]!r}")
    return float(found[1])


def _unescaped(word: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), word)
