"""The register of readings has every ambiguity of the text and every key that settles one: none is left unsaid."""

from astreinte.rules.sla import keys
from tests.rules.test_the_tables_of_the_documentation import ROWS


def table(kind):
    return [row for _, of, row in ROWS if of == kind]


def test_the_register_has_every_ambiguity():
    numbers = [row["register"] for row in table("register of readings")]
    assert sorted(set(numbers)) == [f"AMB-{number:02d}" for number in range(1, 31)]
    assert numbers == sorted(numbers)


def test_every_further_key_is_in_the_register_under_its_ambiguity_or_among_the_values_of_the_plan():
    settled = {
        (row["key"].strip("`"), row["register"])
        for row in table("register of readings")
        if row["key"].strip("`") in keys.BY_NAME
    }
    assert settled == {(key.name, key.register) for key in keys.KEYS if key.register}
    agreed = [row["key"].strip("`") for row in table("values of the plan")]
    assert agreed == [key.name for key in keys.KEYS if not key.register]
