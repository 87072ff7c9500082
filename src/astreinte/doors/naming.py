"""The words of what the rows hold as codes: levels, priorities, channels, states, roles, periods."""

from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

LEVELS = {
    "ok": lazy("Normal"),
    "warning": lazy("Warning"),
    "critical": lazy("Critical"),
    "unknown": lazy("Unknown"),
    "inconclusive": lazy("Inconclusive"),
    "stale": lazy("Stale"),
    "silenced": lazy("Silenced"),
    "none": lazy("Not included"),
    "maintenance": lazy("Maintenance"),
}
PRIORITIES = {
    "critical": pgettext_lazy("priority", "Critical"),
    "urgent": pgettext_lazy("priority", "Urgent"),
    "normal": pgettext_lazy("priority", "Normal"),
    "low": pgettext_lazy("priority", "Low"),
}
CHANNELS = {
    "web": lazy("web interface"),
    "phone": lazy("emergency number"),
    "email": lazy("e-mail"),
    "monitoring": lazy("our probes"),
    "desk": lazy("written down by us"),
    "api": lazy("API"),
}
TICKET_STATES = {
    "open": lazy("Open"),
    "waiting": lazy("Waiting for the client"),
    "closed": lazy("Closed"),
    "merged": lazy("Merged"),
}
ROLES = {
    "admin": lazy("Administrator"),
    "manager": lazy("Manager"),
    "engineer": lazy("Engineer"),
    "accountant": lazy("Accountant"),
    "technical": lazy("Technical contact"),
    "signatory": lazy("Signatory"),
    "billing": lazy("Billing contact"),
    "reader": lazy("Reader"),
}
CONDITIONS = {
    "documents": lazy("Texts published"),
    "acceptance": lazy("Texts accepted by the client"),
    "advice": lazy("Advice answered"),
    "access": lazy("Access given"),
    "coverage": lazy("Everything is watched"),
}
SOURCES = {
    "specific": lazy("specific contract"),
    "order": lazy("the order’s own terms"),
    "special": lazy("special terms"),
    "general_sale": lazy("general terms of sale"),
    "general_service": lazy("general terms of service"),
    "terms": lazy("terms"),
}
KEYS = {
    "business_hours": lazy("Business hours"),
    "calendar": lazy("Public holidays"),
    "clock_starts_on": lazy("The clock starts on"),
    "mixed_rule": lazy("Reading of article 5"),
    "relapse_within": lazy("The same failure"),
    "penalty.multiplier": lazy("Penalty (art. 6)"),
    "penalty.cap": lazy("Cap"),
}
PERIODS = {
    "monthly": lazy("per month"),
    "quarterly": lazy("per quarter"),
    "yearly": lazy("per year"),
    "one_off": lazy("once"),
}


def level(code: str) -> str:
    """Return the word of a level."""
    return str(LEVELS[code])


def priority(code: str) -> str:
    """Return the contract's word for a priority (article 5); one that a contract invented is its own word."""
    return str(PRIORITIES.get(code, code))


def channel(code: str) -> str:
    """Return by which way something came."""
    return str(CHANNELS.get(code, code))


def ticket_state(code: str) -> str:
    """Return how far a ticket is."""
    return str(TICKET_STATES.get(code, code))


def role(code: str) -> str:
    """Return the word of a role."""
    return str(ROLES.get(code, code))


def period(code: str) -> str:
    """Return how often a price is due."""
    return str(PERIODS[code])


def condition(code: str) -> str:
    """Return the words of a condition of an order line."""
    return str(CONDITIONS[code])


def source(code: str) -> str:
    """Return the words of the rank of what says a value."""
    return str(SOURCES[code])


def key(code: str) -> str:
    """Return what a key of the terms is called, "" where it has no other name: a target is that of its priority."""
    group, _, rest = code.partition(".")
    if group == "targets":
        return priority(rest.partition(".")[0])
    return str(KEYS.get(code, ""))
