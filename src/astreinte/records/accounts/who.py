"""Who acts: a frozen value, made at an instant; the journal keeps its text (`person:12`)."""

from dataclasses import dataclass, field

STAFF_ROLES = frozenset({"admin", "engineer", "manager", "accountant"})
CLIENT_ROLES = frozenset({"signatory", "technical", "billing", "reader"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Kind (person, token, os, system, nobody), id, and what its roles at that instant let it reach."""

    kind: str
    id: str = ""
    provider_id: int | None = None
    client_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    label: str = ""
    person_id: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def is_system(self) -> bool:
        """The house itself: reactions and loops."""
        return self.kind == "system"

    @property
    def is_staff(self) -> bool:
        """Works for the provider."""
        return self.provider_id is not None and self.client_id is None and bool(self.roles & STAFF_ROLES)

    @property
    def is_client(self) -> bool:
        """Speaks for one client."""
        return self.client_id is not None and bool(self.roles & CLIENT_ROLES)


NOBODY = Actor("nobody")


def system(room: str) -> Actor:
    """Return the actor of what happens by itself in a room."""
    return Actor("system", room, label=room)
