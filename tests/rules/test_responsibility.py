"""A2.13: the matrix of who answers for which layer has a row for each case, and none for the rest."""

from itertools import product

import pytest

from astreinte.engine.probes.kinds import KINDS
from astreinte.rules.responsibility import LAYER_OF_KIND, TABLE, Layer, Party, who_acts

CASES = list(product(Layer, (True, False), (True, False)))
MACHINE = (Layer.HARDWARE, Layer.HYPERVISOR, Layer.NETWORK)


def managed(infrastructure, system):
    flags = (name for name, on in (("infrastructure", infrastructure), ("system", system)) if on)
    return " and ".join(flags) or "neither"


@pytest.mark.parametrize(
    ("layer", "infrastructure", "system"),
    [pytest.param(*case, id=f"{case[0]}, {managed(*case[1:])} managed") for case in CASES],
)
def test_a_row_says_who_acts_and_that_nobody_informs_himself(layer, infrastructure, system):
    duty = who_acts(layer, infrastructure=infrastructure, system=system)
    assert duty.informs != duty.acts
    assert duty.acts is Party.PROVIDER or duty.informs is Party.PROVIDER, "who is to act must be told"


def test_there_is_one_row_a_case_and_no_other(capsys):
    assert set(TABLE) == set(CASES)
    cases = list(product((True, False), repeat=2))
    with capsys.disabled():
        print("\nwho acts:       " + "".join(f"{managed(*case):28}" for case in cases))
        for layer in Layer:
            print(
                f"  {layer:14}"
                + "".join(
                    f"{who_acts(layer, infrastructure=infra, system=system).acts:28}"
                    for infra, system in cases
                ).rstrip()
            )


def test_to_manage_more_never_takes_a_layer_from_the_provider():
    for layer in Layer:
        for one in (True, False):
            for fewer, more in (((False, one), (True, one)), ((one, False), (one, True))):
                if TABLE[layer, *fewer].acts is Party.PROVIDER:
                    assert TABLE[layer, *more].acts is Party.PROVIDER, layer


def test_the_machine_is_the_clients_where_the_infrastructure_is_not_managed():
    for layer, system in product(MACHINE, (True, False)):
        assert who_acts(layer, infrastructure=False, system=system).acts is Party.CLIENT
        assert who_acts(layer, infrastructure=True, system=system).acts is Party.PROVIDER


def test_each_kind_of_check_speaks_of_a_layer():
    assert set(LAYER_OF_KIND) == set(KINDS)
