"""How the tests are run: no order, no network, no silent skip, two databases."""
