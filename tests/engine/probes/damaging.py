"""Bytes that a stranger could have sent."""


def changed_everywhere(raw):
    """Return the bytes with each of them changed, one at a time, in a few ways."""
    for place, byte in enumerate(raw):
        for other in {0, byte ^ 1, byte ^ 0x80, 0xFF} - {byte}:
            yield raw[:place] + bytes([other]) + raw[place + 1 :]
