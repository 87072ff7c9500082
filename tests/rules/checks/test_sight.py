"""Whether we see at all: judged from how many checks fail on our side at once."""

import pytest

from astreinte.rules.checks import sight
from astreinte.rules.checks.sight import View


@pytest.mark.parametrize(
    ("view", "was_blind", "is_blind"),
    [
        pytest.param(View(10, 0), False, False, id="all conclude"),
        pytest.param(View(10, 4), False, False, id="less than half"),
        pytest.param(View(10, 5), False, True, id="half"),
        pytest.param(View(2, 2), False, False, id="two checks that are set up wrongly"),
        pytest.param(View(3, 3), False, True, id="all three"),
        pytest.param(View(10, 4), True, True, id="between both bounds what was said holds"),
        pytest.param(View(10, 2), True, False, id="less than a quarter"),
        pytest.param(View(0, 0), True, True, id="no news is no sight"),
        pytest.param(View(0, 0), False, False, id="nothing to see"),
        pytest.param(View(10, 0, sight.SILENT, silent=True), False, True, id="nothing comes any more"),
    ],
)
def test_we_are_blind_when_most_checks_fail_on_our_side(view: View, was_blind: bool, is_blind: bool) -> None:
    assert sight.blind(view, was_blind=was_blind) is is_blind


@pytest.mark.parametrize(
    ("texts", "cause"),
    [
        pytest.param(["a.example: our resolver gave no answer in 5 s"], "resolver", id="resolver"),
        pytest.param(["port 80: cannot connect: Too many open files"] * 2, "descriptors", id="descriptors"),
        pytest.param(["cannot connect: Network is unreachable"], "route", id="route"),
        pytest.param(["we were 0.5 s late ourselves; seen: refused"], "late", id="late"),
        pytest.param(["odd", "odd", "x: our resolver failed: y"], "resolver", id="a known cause comes first"),
        pytest.param(["odd"], "other", id="unknown"),
        pytest.param([], "other", id="nothing"),
    ],
)
def test_the_cause_is_a_word_and_never_what_names_a_host(texts: list[str], cause: str) -> None:
    assert sight.cause_of(texts) == cause


def test_a_look_goes_back_a_minute_or_two_of_the_shortest_intervals() -> None:
    assert sight.window_s(15) == 60
    assert sight.window_s(300) == 610
