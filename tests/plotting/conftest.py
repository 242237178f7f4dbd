"""Runs that the pictures of several tests show."""

import pytest

from stakingmodels import TimeGrid, compare, products, scenarios, simulate

GRID = TimeGrid.daily("2026-01-01", days=30, settlement_days=40)


@pytest.fixture(scope="session")
def results():
    """The reference run, small."""
    world = scenarios.reference()
    return simulate(products.reference(), world, GRID, capital=1e5, n_paths=60, rng=1, keep="flows")


@pytest.fixture(scope="session")
def comparison(results):
    return compare(results)


@pytest.fixture(scope="session")
def valued():
    """The pool and the token, with the value of each day."""
    rows = {name: products.reference()[name] for name in ("staking pool", "liquid token")}
    return simulate(rows, scenarios.reference(), GRID, capital=1e5, n_paths=101, rng=1, keep="values")


@pytest.fixture(scope="session")
def quote():
    token = products.reference()["liquid token"]
    market = scenarios.reference().market(GRID, token.factors, streams=scenarios.Streams(0), n_paths=1)
    return token.quote(market, capital=1e5)
