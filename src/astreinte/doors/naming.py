"""The words of what the rows hold as codes: levels, priorities, channels, states, roles."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def level(code: str) -> str:
    """Return the word of a level."""
    return {
        "ok": _("Normal"),
        "warning": _("Warning"),
        "critical": _("Critical"),
        "unknown": _("Unknown"),
        "inconclusive": _("Inconclusive"),
        "stale": _("Stale"),
        "silenced": _("Silenced"),
        "none": _("Not included"),
        "maintenance": _("Maintenance"),
    }[code]


def priority(code: str) -> str:
    """Return the contract's word for a priority (article 5); one that a contract invented is its own word."""
    known = {
        "critical": pgettext("priority", "Critical"),
        "urgent": pgettext("priority", "Urgent"),
        "normal": pgettext("priority", "Normal"),
        "low": pgettext("priority", "Low"),
    }
    return known.get(code, code)


def channel(code: str) -> str:
    """Return by which way something came."""
    known = {
        "web": _("web interface"),
        "phone": _("emergency number"),
        "email": _("e-mail"),
        "monitoring": _("our probes"),
        "desk": _("written down by us"),
        "api": _("API"),
    }
    return known.get(code, code)


def ticket_state(code: str) -> str:
    """Return how far a ticket is."""
    known = {
        "open": _("Open"),
        "waiting": _("Waiting for the client"),
        "closed": _("Closed"),
        "merged": _("Merged"),
    }
    return known.get(code, code)


def role(code: str) -> str:
    """Return the word of a role."""
    known = {
        "admin": _("Administrator"),
        "manager": _("Manager"),
        "engineer": _("Engineer"),
        "accountant": _("Accountant"),
        "technical": _("Technical contact"),
        "signatory": _("Signatory"),
        "billing": _("Billing contact"),
        "reader": _("Reader"),
    }
    return known.get(code, code)


def period(code: str) -> str:
    """Return how often a price is due."""
    known = {
        "monthly": _("per month"),
        "quarterly": _("per quarter"),
        "yearly": _("per year"),
        "one_off": _("once"),
    }
    return known[code]
