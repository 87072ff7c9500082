"""The four questions of a declaration, and the priority that the answers give (article 5)."""

STRENGTH = ("critical", "urgent", "normal", "low")


def priority_of(*, blocked: str, essential: bool) -> str:
    """Return the priority: « panne bloquante … qui empêche totalement », or an essential function: critical.

    `blocked` is yes, no or unknown; who does not know gets the graver case, and it is checked later.
    """
    if blocked not in {"yes", "no", "unknown"}:
        raise ValueError(f"blocked: {blocked!r}: write yes, no or unknown")
    return "urgent" if blocked == "no" and not essential else "critical"


def stronger(one: str, other: str) -> str:
    """Return the graver of two priorities; one that a contract invented yields to none and beats none."""
    if one in STRENGTH and other in STRENGTH:
        return min(one, other, key=STRENGTH.index)
    return one
