"""Servers over the API: those under management, as they stand; no data is not OK."""

from astreinte.records.inventory import listing
from astreinte.records.monitoring import checking
from tests.builders import BEGINNING, SETUP, a_server, paris


def test_the_list_holds_the_servers_under_management_by_name(cast, alice):
    gone = a_server(cast.kermor, "old.kermor.example")
    listing.end_server(gone, at=paris("2026-06-01"), actor=SETUP)
    a_server(cast.kermor, "db1.kermor.example")
    found = alice.get("/servers").json()
    assert [one["name"] for one in found["items"]] == ["db1.kermor.example", "web1.kermor.example"]
    assert found["next"] is None


def test_a_server_shows_its_services_and_a_check_without_a_result_is_not_ok(cast, alice):
    listing.add_service(server=cast.web1, name="boutique", essential=True, at=BEGINNING, actor=SETUP)
    checking.add(
        server=cast.web1,
        kind="tcp",
        options={"port": 443},
        name="tcp 443",
        every_s=60,
        retry_s=20,
        attempts=3,
        recoveries=2,
        at=BEGINNING,
        actor=SETUP,
    )
    found = alice.get(f"/servers/{cast.web1.public_id}").json()
    assert found["services"] == [{"name": "boutique", "essential": True}]
    (check,) = found["checks"]
    assert (check["name"], check["level"]) == ("tcp 443", "stale")
    assert found["level"] == "stale"


def test_no_answer_is_kept_on_the_way(cast, alice):
    assert alice.get("/servers").headers["Cache-Control"] == "private, no-store"


def test_pages_of_servers_follow_each_other(cast, hugo):
    names = [f"web{number}.kermor.example" for number in range(2, 6)]
    for name in names:
        a_server(cast.kermor, name)
    seen, after = [], ""
    while after is not None:
        page = hugo.get("/servers", limit=2, after=after).json()
        seen += [one["name"] for one in page["items"]]
        after = page["next"]
    assert seen == ["app2.halles.example", "web1.kermor.example", *names]


def test_a_stranger_does_not_find_the_server(cast, charlie):
    assert charlie.get(f"/servers/{cast.web1.public_id}").status_code == 404
    assert [one["name"] for one in charlie.get("/servers").json()["items"]] == ["app2.halles.example"]
