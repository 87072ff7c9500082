"""A head is written PROVIDER:SEQ:HASH; anything else is refused with the way out."""

import pytest

from astreinte.records.journal.publishing import Head, HeadError


@pytest.mark.parametrize(
    "written", ["", "1:2", "1:x:" + "0" * 64, "1:2:abc", "1:2:" + "g" * 64, "-1:2:" + "0" * 64]
)
def test_a_head_that_is_not_written_as_one_is_refused(written):
    with pytest.raises(HeadError, match="write PROVIDER:SEQ:HASH"):
        Head.parse(written)
