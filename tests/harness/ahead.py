"""The command `astreinte` with its clock ahead by so many minutes: `python ahead.py MINUTES WORDS…`.

So a lease that a killed process left behind has run out without anybody waiting for it.
"""

import sys
from datetime import datetime, timedelta

from astreinte.doors import cli
from astreinte.loops import clock

_now = clock.now
_by = timedelta(minutes=int(sys.argv[1]))


def _ahead() -> datetime:
    return _now() + _by


clock.now = _ahead
cli.main(sys.argv[2:])
