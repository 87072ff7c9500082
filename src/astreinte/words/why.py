"""Why this deadline, why this sum: made from the stored trace alone, the same words at every door."""

from astreinte.words.deadlines import why_deadline
from astreinte.words.said import Said
from astreinte.words.sums import why_sum

__all__ = ["Said", "why_deadline", "why_sum"]
