"""Telephone numbers as people write them, brought to one form."""

import re


def normal(text: str) -> str | None:
    """Return a number as +33261910024; None for what is no telephone number.

    Spaces, dots, dashes and a (0) are taken out, 00 is +, and a French national number gets its +33. Short
    numbers such as 3949 stay as they are.
    """
    digits = re.sub(r"[\s.\-]|\(0\)|[()/]", "", text)
    digits = re.sub(r"^00", "+", digits)
    digits = re.sub(r"^0(?=[1-9]\d{8}$)", "+33", digits)
    return digits if re.fullmatch(r"\+?\d{4,15}", digits) else None
