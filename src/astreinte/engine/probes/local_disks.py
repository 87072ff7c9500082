"""The kinds `disk` and `mounts`: room and health of the filesystems of the machine on which the watch runs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from astreinte.engine.collect import linux
from astreinte.engine.probes import rooms
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.here import kernel_file, names, unreadable
from astreinte.engine.probes.options import TimedOptions, option
from astreinte.rules.checks.held import Held
from astreinte.rules.checks.outcome import Level, Outcome
from astreinte.rules.checks.thresholds import (
    GIB,
    DiskLimits,
    Space,
    ThresholdError,
    Verdict,
    judge_inodes,
    judge_space,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskOptions(TimedOptions):
    """Options of the kind `disk`."""

    mount: str | None = option(None, "the one mount point to look at; null for every filesystem on disk")
    warning_used_percent: float = option(80.0, "warning from this share used, together with:")
    warning_free_gib: float = option(20.0, "warning below this room left, in GiB")
    critical_used_percent: float = option(90.0, "critical from this share used, together with:")
    critical_free_gib: float = option(5.0, "critical below this room left, in GiB")
    critical_avail_percent: float = option(3.0, "critical below this share available, whatever the size")
    warning_inodes_free_percent: float = option(10.0, "warning below this share of the inodes free")
    critical_inodes_free_percent: float = option(3.0, "critical below this share of the inodes free")
    margin_points: float = option(5.0, "points of share beyond a limit until its level is over")
    margin_gib: float = option(1.0, "GiB beyond a limit until its level is over")

    def __post_init__(self) -> None:
        TimedOptions.__post_init__(self)
        self.limits()

    def limits(self) -> DiskLimits:
        """Return the limits to judge by. Raises ThresholdError."""
        return DiskLimits(
            warning_used_percent=self.warning_used_percent,
            warning_free_gib=self.warning_free_gib,
            critical_used_percent=self.critical_used_percent,
            critical_free_gib=self.critical_free_gib,
            critical_avail_percent=self.critical_avail_percent,
            warning_inodes_free_percent=self.warning_inodes_free_percent,
            critical_inodes_free_percent=self.critical_inodes_free_percent,
            margin_points=self.margin_points,
            margin_gib=self.margin_gib,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MountsOptions(TimedOptions):
    """Options of the kind `mounts`."""

    read_only: str = option("", "mount points that are meant to be read-only, with commas between")

    def declared(self) -> frozenset[str]:
        """Return the mount points that are meant to be read-only."""
        return frozenset(names(self.read_only))


class Disks:
    """The kind `disk`: room and inodes of each filesystem on disk, or of one mount; the worst makes the level."""

    def __init__(self, attempts: int) -> None:
        self._attempts = attempts
        self._held: defaultdict[tuple[str, str], Held] = defaultdict(Held)

    async def __call__(self, _target: Target, options: DiskOptions) -> Outcome:
        """Look once. Values, by mount: `used_percent:/srv`, `avail_bytes:/srv`, `inodes_free_percent:/srv`."""
        try:
            answers = await rooms.ask(_mount_points(options.mount), within_s=options.timeout_s)
        except ThresholdError as error:
            return Outcome(Level.UNKNOWN, str(error))
        except (OSError, linux.FactError) as error:
            return unreadable("the disks", error)
        silence = _silence(answers, options.timeout_s)
        if not answers.spaces and not silence:
            missing = "no filesystem is on disk" if options.mount is None else f"{options.mount}: not mounted"
            return Outcome(Level.CRITICAL if options.mount else Level.UNKNOWN, missing)
        seen = [silence] if silence else []
        if answers.spaces:
            worst = Verdict.worst(self._judged(answers.spaces, options.limits()))
            seen.append((worst.level, worst.reason or ("" if silence else _fine(answers.spaces))))
        level = max((one for one, _ in seen), key=Level.badness)
        return Outcome(level, "; ".join(words for _, words in seen if words), _values(answers.spaces))

    def _judged(self, spaces: list[Space], limits: DiskLimits) -> list[Verdict]:
        verdicts = []
        for space in spaces:
            for what, judge in (("room", judge_space), ("inodes", judge_inodes)):
                key = (space.mount, what)
                verdict = judge(space, limits, self._held[key].level)
                self._held[key] = self._held[key].after(verdict.level, attempts=self._attempts)
                verdicts.append(verdict)
        return verdicts


def _silence(answers: rooms.Answers, within_s: float) -> tuple[Level, str] | None:
    """Return what is said of the filesystems of which nothing is known, None when there is none."""
    said = []
    if answers.silent:
        said.append(f"no answer in {within_s:g} s: {', '.join(answers.silent)}")
    if answers.unasked:
        said.append(f"not asked, as others hang: {', '.join(answers.unasked)}")
    if not said:
        return None
    return Level.UNKNOWN if answers.silent else Level.INCONCLUSIVE, "; ".join(said)


def _fine(spaces: list[Space]) -> str:
    fullest = max(spaces, key=lambda one: one.used_percent)
    return f"{fullest.mount}: {fullest.used_percent:.0f} % used, {fullest.avail / GIB:.1f} GiB left"


async def probe_mounts(_target: Target, options: MountsOptions) -> Outcome:
    """Look whether a filesystem on disk takes no more writes, as after an error. Value: `read_only_count`."""
    try:
        found = [mount for mount in linux.mounts(kernel_file("self/mountinfo")) if mount.read_only]
    except (OSError, linux.FactError) as error:
        return unreadable("the mounts", error)
    wrong = [f"{mount.point} ({mount.kind})" for mount in found if mount.point not in options.declared()]
    values = {"read_only_count": len(found)}
    if wrong:
        return Outcome(Level.CRITICAL, f"read-only, and not declared so: {', '.join(wrong)}", values)
    declared = f"; read-only as declared: {len(found)}" if found else ""
    return Outcome(Level.OK, f"every filesystem on disk takes writes{declared}", values)


def read_only_now() -> tuple[str, ...]:
    """Return the mount points that are read-only, for a machine that is declared as it stands."""
    return tuple(mount.point for mount in linux.mounts(kernel_file("self/mountinfo")) if mount.read_only)


def _mount_points(wanted: str | None) -> list[str]:
    table = kernel_file("self/mountinfo")
    if wanted is None:
        return [mount.point for mount in linux.mounts(table)]
    # The folder of a mount that is missing still has room: that of the disk below it.
    return [wanted] if any(mount.point == wanted for mount in linux.all_mounts(table)) else []


def _values(spaces: list[Space]) -> dict[str, float]:
    values: dict[str, float] = {}
    for one in spaces:
        values[f"used_percent:{one.mount}"] = round(one.used_percent, 2)
        values[f"avail_bytes:{one.mount}"] = one.avail
        values[f"inodes_free_percent:{one.mount}"] = round(one.inodes_free_percent, 2)
    return values
