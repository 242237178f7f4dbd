"""`assumption_band`: averages over draws of all assumptions."""

import json

import numpy as np
import pytest

from stakingmodels import LeaveWhen, StakingPool, TimeGrid, compare, products, scenarios, simulate
from stakingmodels.analysis import assumption_band
from stakingmodels.assumptions import assumption_set
from stakingmodels.errors import InputError
from stakingmodels.products import After, reference

OURS = assumption_set()
GRID = TimeGrid.daily("2026-01-01", days=60, settlement_days=20)


@pytest.fixture(scope="module")
def band():
    return assumption_band(n_draws=12, n_paths=60, rng=3, grid=GRID)


def test_each_draw_is_a_run_of_its_set_on_the_same_seed(band):
    child = np.random.SeedSequence(3).spawn(12)[4]
    numbers = OURS.draw(child)
    rows, world = products.reference(assumptions=numbers), scenarios.reference(assumptions=numbers)
    results = simulate(rows, world, GRID, capital=100_000.0, n_paths=60, rng=3, event_sampling="stratified")
    found = compare(results, assumptions=numbers).rows
    assert {row.product: row.net_coin_return for row in found} == {row.product: row.averages[4] for row in band.rows}


def test_holding_is_certain_and_what_earns_is_not(band):
    rows = {row.product: row for row in band.rows}
    assert list(rows) == list(reference())
    assert set(rows["hold ETH"].averages) == {0.0}
    for name in ("solo validator", "staking pool", "liquid token", "exchange earn", "cloud mining"):
        assert len(set(rows[name].averages)) == 12, name
        assert rows[name].quantile(0.05) < rows[name].quantile(0.5) < rows[name].quantile(0.95)


def test_products_of_ones_own_are_drawn_where_they_rest_on_the_set():
    mine = {
        "fixed": StakingPool(commission=0.08, entry_days=0.0, unbonding_days=0.0),
        "left": LeaveWhen(reference()["staking pool"], After(60.0)),
    }
    one = assumption_set().draw(1)
    band = assumption_band(mine, n_draws=4, n_paths=200, rng=3, grid=GRID)
    assert [row.product for row in band.rows] == ["fixed", "left"]
    assert np.ptp(band.rows[1].averages) > 0.0
    assert one != OURS


def test_quantiles_are_numbers_of_the_draws(band):
    row = band.rows[2]
    assert row.quantile(0.5) == np.sort(row.averages)[5]
    assert not row.averages.flags.writeable


def test_text_and_plain_values(band):
    text = band.to_text()
    assert text.startswith(f"Average a year in coins over draws of all assumptions, {OURS.label}\n")
    assert "12 draws of every number from its range, 60 paths each on the same seed, 3." in text
    assert band.to_text(language="zh-TW").startswith("所有假設抽樣下以幣計的年平均")
    plain = band.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["rows"][0] == {"product": "hold ETH", "q05": 0.0, "q50": 0.0, "q95": 0.0}
    assert (plain["assumptions"], plain["n_draws"]) == (OURS.label, 12)


def test_bad_input_is_told_in_a_sentence():
    with pytest.raises(InputError, match=r"^assumption_band: n_draws: must be an integer in \[1, 100000\]"):
        assumption_band(n_draws=0)
    with pytest.raises(InputError, match=r"^assumption_band: n_paths: must be an integer in \[1, "):
        assumption_band(n_paths=0)
