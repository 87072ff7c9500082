"""Named points of a story, where a test lets the process die as by `kill -9`. They cost one look-up.

`ASTREINTE_DIE_AT="between entry and reaction"` kills the process there with SIGKILL. Points: "entry
stored" (before the commit), "between entry and reaction" (committed, nothing delivered yet),
"in the middle of a delivery" (effects written, not committed), "delivery settled" (committed),
"while sealing" (seals written, not committed), "transition stored" (no incident and no ticket yet, not
committed), "results recorded" (committed, no receipt yet), "receipt stored" (a declaration is committed, its
answer not sent), "hand-over begun" and "handed over, not written down" (before and after a letter is given
to its carrier).
"""

import os
import signal

DIE_AT = os.environ.get("ASTREINTE_DIE_AT")


def reached(point: str) -> None:
    """Die here if the environment says so."""
    if point == DIE_AT:
        os.kill(os.getpid(), signal.SIGKILL)
