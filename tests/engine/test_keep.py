"""What a run may keep: the rules that `Product.run` and `simulate` share."""

import numpy as np
import pytest

from stakingmodels.engine.keep import LEDGER_PATHS, kept_of_many, kept_of_one, refuse_wide_ledger
from stakingmodels.errors import InputError
from stakingmodels.market import Market, Price, TimeGrid
from stakingmodels.products import Holding

MANY = 8_192

HELD = Holding("ETH")


def test_a_ledger_of_more_than_one_block_is_refused():
    market = Market(TimeGrid.daily("2026-01-01", days=1), {Price("ETH"): np.full((1, 8193), 10.0)})
    with pytest.raises(InputError, match=r"^run: keep: the step ledger is kept for at most 8192 paths, got 8193"):
        HELD.run(market, capital=100.0, keep="ledger")
    assert HELD.run(market, capital=100.0, keep="values").n_paths == 8193


def test_a_ledger_is_no_wider_than_a_block():
    assert LEDGER_PATHS == MANY
    refuse_wide_ledger(LEDGER_PATHS)


def test_all_flows_are_kept_unasked_where_they_take_no_room():
    assert kept_of_one("totals", 2**19, 1) == "flows"
    assert kept_of_one("totals", 2**19 + 1, 1) == "totals"
    assert kept_of_one("summary", 1, 1) == "summary"


def test_one_product_and_many_keep_the_same():
    for cells in (1, 2**30):
        for keep in ("summary", "totals"):
            assert kept_of_one(keep, cells, 1) == kept_of_many(keep, cells, 1, 1)
    assert kept_of_many("none", 2**40, 8, 10_000_000) == "none"


def test_only_many_may_keep_nothing():
    with pytest.raises(InputError, match=r"^run: keep: must be one of 'summary', "):
        kept_of_one("none", 1, 1)
