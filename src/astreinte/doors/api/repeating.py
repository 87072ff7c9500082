"""A POST that is sent twice is done once: its key, and what was said under it."""

import json
from collections.abc import Callable
from typing import Annotated

from ninja import Header, Schema

from astreinte.doors.api.bearing import ApiRequest
from astreinte.records.accounts import repeating
from astreinte.records.accounts.repeating import Done

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=repeating.LONGEST,
        pattern=r"^[!-~]+$",
        description="A text of your own, new for each thing you want done; the same again repeats the answer.",
        examples=["b1f0c9d2-nightly-import-17"],
    ),
]


def once(request: ApiRequest, said: Schema, key: str, act: Callable[[], str]) -> Done:
    """Do `act` once under this key. The same key with another address or body is refused (RepeatError)."""
    whole = [request.path, said.model_dump(mode="json")]
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False)
    return repeating.once(key, text.encode(), act, at=request.at, actor=request.auth)
