"""What lists are narrowed by, in the same words for every noun."""

from typing import Annotated

import typer

AllToo = Annotated[bool, typer.Option("--all", help="Those that ended, too.")]
OfOneClient = Annotated[str, typer.Option(help="Number or name of one client.")]
AtMost = Annotated[int, typer.Option(min=1, help="How many at the most.")]
Newest = Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")]
