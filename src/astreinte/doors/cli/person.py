"""People of the provider and of its clients: add, list, show, change, invite, end."""

from typing import TYPE_CHECKING, Annotated

import typer

from astreinte.doors.cli import booting
from astreinte.doors.cli.rehearsing import DryRun
from astreinte.doors.cli.showing import As, AsJson

if TYPE_CHECKING:
    from datetime import datetime

    from astreinte.records.accounts.actors import Actor
    from astreinte.records.accounts.models import Person

app = typer.Typer(help=__doc__, no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="Address of the person.")]
OfClient = Annotated[
    str, typer.Option(help="Number or name of the client; without it, of the provider's staff.")
]
Language = Annotated[str, typer.Option(help="fr or en-gb.")]
OsUser = Annotated[str, typer.Option(help="The OS user that this person is at the command line.")]
Link = Annotated[bool, typer.Option("--invite", help="Print a link that works once, to choose a password.")]


@app.command()
def add(
    *,
    email: Email,
    name: Annotated[str, typer.Option(help="How the person is shown.")],
    role: Annotated[
        str,
        typer.Option(
            help="admin, manager, engineer, accountant; of a client: signatory, technical, billing, reader."
        ),
    ],
    client: OfClient = "",
    language: Language = "fr",
    os_user: OsUser = "",
    invite_: Link = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Add a person with a first role."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts import people

    person = people.add_person(
        naming.provider(actor),
        email=email,
        name=name,
        role=role,
        client=naming.a_client(client, actor) if client else None,
        language=language,
        os_user=os_user or None,
        at=at,
        actor=actor,
    )
    showing.said(f"{person.name} is {role}{f' of {client}' if client else ''}")
    shown = accounted.person(person, at)
    if invite_:
        shown["link"] = _link(person, "", at, actor)
    showing.one(shown, as_json=as_json)


@app.command("list")
def list_(client: OfClient = "", as_json: AsJson = False, as_: As = "") -> None:
    """List the people, all of them or those of one client."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.records.accounts.models import Person, Role

    seen = Person.objects.visible_to(actor)
    if client:
        held = Role.objects.visible_to(actor).as_of(at).filter(client=naming.a_client(client, actor))
        seen = seen.filter(pk__in=held.values("person_id"))
    showing.rows(
        [accounted.person(one, at) for one in seen.order_by("name", "pk").distinct()],
        as_json=as_json,
        columns=("email", "name", "roles", "language", "os_user", "can_sign_in"),
        empty="nobody; `astreinte person add EMAIL` adds somebody",
    )


@app.command()
def show(email: Email, as_json: AsJson = False, as_: As = "") -> None:
    """Show a person."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing

    found = naming.person(email, actor)
    showing.one(accounted.person(found, at), as_json=as_json)


@app.command()
def change(
    *,
    email: Email,
    name: Annotated[str, typer.Option(help="How the person is shown from now on.")] = "",
    language: Language = "",
    zone: Annotated[
        str, typer.Option(help="The zone in which instants are said, such as Europe/Paris.")
    ] = "",
    os_user: OsUser = "",
    reset_second_factor: Annotated[
        bool, typer.Option(help="Take the app, passkeys and recovery codes of somebody away who lost them.")
    ] = False,
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Change how a person is shown and spoken to, or which OS user it is here."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, reading, showing
    from astreinte.records.accounts import people, second_factor

    if not (name or language or zone or os_user or reset_second_factor):
        raise reading.WordError(
            "person change: nothing to change; write --name, --language, --zone or --os-user"
        )
    found = naming.person(email, actor)
    if reset_second_factor:
        second_factor.reset(found, at=at, actor=actor)
    person = people.change(
        found,
        name=name or None,
        language=language or None,
        zone=zone or None,
        os_user=os_user or None,
        at=at,
        actor=actor,
    )
    showing.said(f"{person.email} is changed")
    showing.one(accounted.person(person, at), as_json=as_json)


@app.command()
def invite(
    email: Email,
    brand: Annotated[
        str, typer.Option(help="Name or host of the brand that invites; without it, the first.")
    ] = "",
    as_json: AsJson = False,
    as_: As = "",
) -> None:
    """Print a link by which the person chooses a password: it works once, within a day."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import naming, showing

    person = naming.person(email, actor)
    showing.said(f"hand this link to {person.name}: it works once, within 24 h, and is not kept")
    showing.one({"link": _link(person, brand, at, actor)}, as_json=as_json)


@app.command()
def end(email: Email, dry_run: DryRun = False, as_json: AsJson = False, as_: As = "") -> None:
    """Let a person leave: roles, mandates, sessions, tokens and links end; what they did stays."""
    at, actor = booting.begin(as_)
    from astreinte.doors.cli import accounted, naming, showing
    from astreinte.doors.cli.rehearsing import rehearsed
    from astreinte.records.accounts import people

    found = naming.person(email, actor)
    with rehearsed(dry_run):
        person = people.end(found, at=at, actor=actor)
        showing.said(f"{person.name} has left: nothing of theirs opens anything any more")
        showing.one(accounted.person(person, at), as_json=as_json)


def _link(person: "Person", brand: str, at: "datetime", actor: "Actor") -> str:
    from django.urls import reverse

    from astreinte.doors.cli import naming
    from astreinte.records.accounts import inviting

    secret = inviting.invite(person, at=at, actor=actor)
    return naming.brand(brand, actor).origin + reverse("portal:invitation", args=[secret])
