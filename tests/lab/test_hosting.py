"""What the lab says when it cannot be prepared: one sentence that names what is missing."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.lab.hosting import MAKE, LabError, a_host

pytestmark = pytest.mark.real


def test_a_mirror_that_cannot_be_reached_is_named_with_what_it_is_for(tmp_path: Path) -> None:
    made = subprocess.run(
        ["unshare", "--net", MAKE, "--base"],
        env={**os.environ, "LAB_CACHE": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        timeout=300,
        check=False,
    )
    assert made.returncode == 1
    said = made.stderr.splitlines()[-1]
    assert re.search(r"Debian's mirror \S+//\S+ \(of this machine's apt\) cannot be reached, and", said)
    assert said.endswith("is to be installed from it, once. Make it reachable, and say it again")


def test_a_server_that_cannot_be_made_fails_the_test_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_SUITE", "nowhere")
    monkeypatch.setenv("LAB_CACHE", str(tmp_path))
    with pytest.raises(LabError, match="no main component for nowhere"), a_host(tmp_path / "host"):
        pytest.fail("there is no such release")
