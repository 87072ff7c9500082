"""How much may run at once follows from the descriptors that there are."""

import resource
import subprocess
import sys

import pytest

from astreinte.engine.scheduler import places


@pytest.mark.parametrize(
    ("descriptors", "quick", "slow"),
    [
        pytest.param(1_048_576, 512, 256, id="plenty"),
        pytest.param(1_600, 512, 256, id="just enough"),
        pytest.param(256, 64, 32, id="few: both lanes shrink alike"),
        pytest.param(40, 2, 1, id="fewer than the reserve: the watch still tries, one at a time"),
    ],
)
def test_lanes_are_as_wide_as_the_descriptors_allow(descriptors: int, quick: int, slow: int) -> None:
    assert places.affordable(descriptors) == (quick, slow)


@pytest.mark.parametrize(
    ("options", "need"),
    [
        pytest.param({}, 0.5, id="the usual time-out"),
        pytest.param({"timeout_s": 2}, 0.2, id="its own"),
        pytest.param({"timeout_s": "long"}, 0.5, id="one that cannot be read"),
        pytest.param({"timeout_s": float("inf")}, 0.5, id="one that never ends"),
    ],
)
def test_a_check_needs_the_share_of_its_interval_that_a_silent_target_takes(options, need: float) -> None:
    assert places.need_of(options, 10) == pytest.approx(need)


def test_the_limit_of_descriptors_is_raised_to_what_the_system_allows() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    ask = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 300));"
        "from astreinte.engine.scheduler import places; print(places.take_descriptors(),"
        " *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    assert hard == resource.RLIM_INFINITY or hard >= 300
    assert subprocess.check_output([sys.executable, "-c", ask], text=True) == "300 300 300\n"
