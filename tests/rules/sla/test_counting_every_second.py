"""Against counting one second at a time, on small windows: both nights, holidays, suspensions, all readings."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as some

from astreinte.rules.sla import clock
from astreinte.rules.sla.clock import Receipt, Suspension
from tests.rules.sla import oracle
from tests.rules.sla.reading import bound

HOURS = {
    "contract": (["09:00-12:00", "14:00-18:00"], ((32400, 43200), (50400, 64800))),
    "night": (["02:30-05:00", "22:00-24:00"], ((9000, 18000), (79200, 86400))),
    "always": (["00:00-24:00"], ((0, 86400),)),
    "split": (["00:30-01:15", "01:30-02:10", "02:50-03:20"], ((1800, 4500), (5400, 7800), (10200, 12000))),
}
ZONES = ["Europe/Paris", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"]

# Around the changes of time of Paris, the eve of a closed day, a month's end.
MOMENTS = [
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 11, 10, 17, tzinfo=UTC),
    datetime(2026, 11, 1, 4, tzinfo=UTC),
    datetime(2026, 12, 31, 23, tzinfo=UTC),
]
SHUT = date(2026, 11, 11)

worlds = some.tuples(some.sampled_from(sorted(HOURS)), some.sampled_from(ZONES))
starts = some.builds(
    lambda moment, off: int(moment.timestamp()) + off,
    some.sampled_from(MOMENTS),
    some.integers(-14400, 14400),
)
pauses = some.lists(some.tuples(some.integers(-3600, 9000), some.integers(0, 4000)), max_size=3)
targets = some.tuples(some.integers(1, 75), some.one_of(some.none(), some.integers(1, 150)))
rules = some.sampled_from(["reception", "proportional", "separate"])
units = some.sampled_from(["target", "elapsed", "business"])


@settings(max_examples=150)
@given(worlds, starts, pauses, targets, rules, units, some.integers(0, 7200))
def test_deadline_and_lateness_are_what_counting_gives(world, start, gaps, target, rule, unit, after):
    name, zone = world
    spans, seconds = HOURS[name]
    if target[1] is None:
        # Business time alone may be days away: a second's count would be the whole test.
        start = (
            next(
                second
                for second in range(start, start + 40 * 3600, 60)
                if oracle.World(ZoneInfo(zone), seconds, frozenset({SHUT})).is_open(second)
            )
            - 600
        )
    plain = oracle.World(ZoneInfo(zone), seconds, frozenset({SHUT}))
    held = [(start + begin, start + begin + length) for begin, length in gaps]
    in_seconds = (target[0] * 60, None if target[1] is None else target[1] * 60)
    end = oracle.deadline(plain, rule, in_seconds, start, held)
    run = clock.run(
        bound(
            {
                "timezone": zone,
                "calendar": None,
                "closed_days": [SHUT.isoformat()],
                "business_hours": {"mon-fri": None, "mon-sun": spans},
                "mixed_rule": rule,
                "targets": {"critical": _target(target)},
                "penalty": {"delay_unit": unit},
            }
        ),
        "critical",
        [Receipt(_at(start), "web")],
        suspensions=[Suspension(_at(begin), _at(stop)) for begin, stop in held],
    )
    assert run is not None
    assert run.deadline == _at(end)
    assert run.late_seconds(_at(end + after)) == oracle.late(plain, in_seconds, end, end + after, held, unit)
    assert clock.agrees(run.judged(_at(end + after)))


def _at(second):
    return datetime.fromtimestamp(second, UTC)


def _target(minutes):
    target = {"business": f"{minutes[0]}m"}
    return target | ({"non_business": None} if minutes[1] is None else {"non_business": f"{minutes[1]}m"})
