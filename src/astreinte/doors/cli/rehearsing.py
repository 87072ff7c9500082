"""`--dry-run`: the act is done for true, shown, and taken back; whatever it would refuse, it refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from astreinte.doors.cli import showing

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would come of it, and change nothing.")]


@contextmanager
def rehearsed(dry_run: bool) -> Iterator[None]:
    """Take back whatever is done inside when it is a rehearsal: no reaction runs, nobody is told."""
    from django.db import transaction

    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    showing.said("--dry-run: nothing was changed")
