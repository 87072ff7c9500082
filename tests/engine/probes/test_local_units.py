"""What systemd says of its units, judged; the real systemd is in the journeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from astreinte.engine.collect import units
from astreinte.engine.collect.linux import FactError
from astreinte.engine.collect.units import Unit
from astreinte.engine.probes import here
from astreinte.engine.probes.connecting import Target
from astreinte.engine.probes.kinds import read_options
from astreinte.engine.probes.local_units import Units, UnitsOptions
from astreinte.engine.probes.options import OptionError
from astreinte.rules.checks.outcome import Level

HERE = Target("localhost")
SAID = """Id=nginx.service
Names=nginx.service www.service
LoadState=loaded
ActiveState=active
SubState=running
NRestarts=3
StateChangeTimestampMonotonic=5000000

Id=tmp.mount
Names=tmp.mount
LoadState=loaded
ActiveState=failed
SubState=failed
StateChangeTimestampMonotonic=7500000

Id=redis.service
Names=redis.service
LoadState=not-found
ActiveState=inactive
SubState=dead
NRestarts=0
StateChangeTimestampMonotonic=0
"""


def a_unit(name="app.service", active="active", *, restarts=0, changed_s=0.0, load="loaded"):
    return Unit(name, frozenset((name,)), load, active, "x", restarts, changed_s)


def test_what_systemctl_says_is_read():
    nginx, tmp, redis = units.units(SAID)
    assert (sorted(nginx.names), nginx.restarts, nginx.changed_s) == (
        ["nginx.service", "www.service"],
        3,
        5.0,
    )
    assert (tmp.name, tmp.state, tmp.restarts) == ("tmp.mount", "failed (failed)", 0)
    assert redis.state == "not-found"


@given(st.text("Id=\nLoadStateAcv123.", max_size=120))
def test_any_other_text_is_refused_and_never_a_unit(text):
    try:
        found = units.units(text)
    except FactError:
        return
    assert found == () or "Id=" in text


@pytest.mark.parametrize(
    ("unit", "level", "text"),
    [
        (a_unit(), Level.OK, "1 declared units are active, none failed"),
        (a_unit(active="reloading"), Level.OK, "1 declared units are active, none failed"),
        (a_unit(active="inactive"), Level.CRITICAL, "declared and not active: app.service: inactive (x)"),
        (a_unit(active="failed"), Level.CRITICAL, "declared and not active: app.service: failed (x)"),
        (a_unit(active="activating"), Level.CRITICAL, "declared and not active: app.service: activating (x)"),
        (
            a_unit(active="inactive", load="masked"),
            Level.CRITICAL,
            "declared and not active: app.service: masked",
        ),
        (a_unit("other.service"), Level.CRITICAL, "declared and not active: app.service: not-found"),
    ],
)
def test_a_declared_unit_must_be_active_whether_it_failed_or_not(unit, level, text):
    outcome = Units(5).judged([unit], UnitsOptions(declared="app"), now_s=1000)
    assert (outcome.level, outcome.text) == (level, text)


def test_a_unit_is_declared_by_any_of_its_names():
    outcome = Units(5).judged(units.units(SAID), UnitsOptions(declared="www, redis"), now_s=8)
    assert outcome.text == "declared and not active: redis.service: not-found"


@pytest.mark.parametrize(("age_s", "level"), [(299, Level.OK), (300, Level.WARNING)])
def test_another_failed_unit_is_a_warning_when_it_lasts(age_s, level):
    failed = a_unit("tmp.mount", "failed", changed_s=1000 - age_s)
    outcome = Units(5).judged([failed], UnitsOptions(), now_s=1000)
    assert (outcome.level, outcome.values["failed_count"]) == (level, 1)
    ignored = Units(5).judged([failed], UnitsOptions(ignored="tmp.mount"), now_s=1000)
    assert (ignored.level, ignored.values["failed_count"]) == (Level.OK, 0)


def levels(counts, every_s=60, **options):
    look = Units(5)
    seen = []
    for turn, count in enumerate(counts):
        outcome = look.judged([a_unit(restarts=count)], UnitsOptions(**options), now_s=1000 + turn * every_s)
        seen.append(outcome.level is not Level.OK)
    return seen


@pytest.mark.parametrize(
    ("counts", "alarms"),
    [
        pytest.param([50, 50, 50], [False] * 3, id="what was before the first look alarms nobody"),
        pytest.param([0, 1, 2, 3], [False, False, False, True], id="the third restart"),
        pytest.param([0, 3, 3, 3, 3, 3, 3], [False, *[True] * 5, False], id="over after the time"),
        pytest.param([0, 1, 1, 1, 1, 2, 2, 2, 3], [False] * 9, id="slow ones"),
        pytest.param([9, 0, 1, 2, 3], [False, False, False, False, True], id="counted anew by hand"),
    ],
)
def test_a_unit_that_restarts_again_and_again_is_a_warning(counts, alarms):
    assert levels(counts) == alarms


def test_all_that_is_wrong_is_told():
    found = [a_unit(active="inactive"), a_unit("b.timer", "failed"), a_unit("c.service", restarts=0)]
    look, options = Units(5), UnitsOptions(declared="app")
    look.judged(found, options, now_s=900)
    outcome = look.judged([*found[:2], a_unit("c.service", restarts=7)], options, now_s=1000)
    assert outcome.level is Level.CRITICAL
    assert outcome.text == (
        "declared and not active: app.service: inactive (x); failed: b.timer;"
        " restarted by itself within 300 s: c.service (7 times)"
    )


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A `systemctl` that does what the test says."""

    def does(script):
        path = tmp_path / "systemctl"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    monkeypatch.setitem(here.ENVIRONMENT, "PATH", f"{tmp_path}:/usr/bin:/bin")
    return does


async def test_it_is_asked_for_all_units_and_for_the_declared_ones(systemctl, tmp_path):
    (tmp_path / "said").write_text(SAID)
    systemctl(f'echo "$@" >{tmp_path}/asked; cat {tmp_path}/said')
    outcome = await Units(5)(HERE, UnitsOptions(declared="nginx"))
    assert outcome.values["not_active_count"] == 0
    asked = (tmp_path / "asked").read_text()
    assert asked.endswith(" *.target nginx.service\n")
    assert "--property=Id,Names,LoadState" in asked


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("echo 'System has not been booted' >&2; exit 1", "systemctl failed (1): System has not been booted"),
        (
            "printf Id=x",
            "cannot read the units of this machine: LoadState: missing from what systemctl says: 'Id=x'",
        ),
        ("exec sleep 60", "systemd gave no answer in 0.2 s"),
    ],
)
async def test_a_systemd_that_cannot_be_asked_is_our_fault(systemctl, script, text):
    systemctl(script)
    outcome = await Units(5)(HERE, UnitsOptions(timeout_s=0.2 if "sleep" in script else 30.0))
    assert (outcome.level, outcome.text) == (Level.INCONCLUSIVE, text)


async def test_a_machine_without_systemctl_is_our_fault(monkeypatch):
    monkeypatch.setitem(here.ENVIRONMENT, "PATH", "/nowhere")
    outcome = await Units(5)(HERE, UnitsOptions())
    assert (outcome.level, outcome.text) == (
        Level.INCONCLUSIVE,
        "cannot run systemctl: No such file or directory",
    )


@pytest.mark.parametrize("declared", ["-x", "*.service", "a b", "../x"])
def test_a_name_that_is_no_unit_is_refused(declared):
    with pytest.raises(OptionError, match="names of units such as nginx"):
        read_options("units", {"declared": declared})
