"""The six grounds on which article 6 waives a penalty, once the cause is proved and accepted."""

GROUNDS = (
    "force_majeure",
    "scheduled_maintenance",
    "specification_breach",
    "unauthorised_change",
    "vulnerable_software",
    "undeclared_campaign",
)
"""In the order of the article. A specific contract may accept fewer, or others, by `exclusions`."""
