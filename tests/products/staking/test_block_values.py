"""`BlockValues`: the law of recorded bids, with the mean of all, and pools that smooth it."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.engine import simulate
from stakingmodels.errors import InputError
from stakingmodels.ledger import Line
from stakingmodels.market import ExecutionReward, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import SoloValidator
from stakingmodels.products.staking.block_values import BLOCKS, BlockValues, bid_quantile, value_table
from stakingmodels.rates import APR
from stakingmodels.scenarios import Constants
from tests.products.conform import conform

BARE = SoloValidator(entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, uptime=1.0, running_cost_usd_per_day=0.0)
RECORDED = BARE.replace(block_values="recorded")
SERIES: dict[Any, Any] = {Price("ETH"): 10.0, StakingReward("ETH"): APR(0.03), ExecutionReward("ETH"): APR(0.003)}
YEAR = TimeGrid.daily("2026-01-01", days=365)


def run(product, n_paths=4_000, capital=320.0, days=365):
    """A year of one validator: 2.37 blocks, and 0.096 ETH of tips and MEV, on average."""
    grid = TimeGrid.daily("2026-01-01", days=days)
    return simulate({"x": product}, Constants(SERIES), grid, capital=capital, n_paths=n_paths, rng=2)["x"]


def test_the_law_has_the_recorded_shares_at_the_bounds_of_the_classes():
    above = np.cumsum(BLOCKS[::-1])[::-1] / sum(BLOCKS)
    assert bid_quantile(above[1:]) == pytest.approx([0.01, 0.1, 1.0, 10.0], rel=1e-12)
    assert sum(BLOCKS) == 4_591_970
    assert bid_quantile(np.array([1.0 - 1e-12, 1e-12])) == pytest.approx([0.001, 1_000.0], rel=1e-6)


def test_half_are_worth_little_and_few_are_worth_much():
    median, rare = bid_quantile(np.array([0.5, 1.0 / 2_000]))
    mean = 0.11581
    assert median / mean == pytest.approx(0.274, abs=0.001)
    assert rare / mean == pytest.approx(88.0, abs=1.0)


def test_the_mean_of_the_table_is_one():
    from scipy import stats

    table, heads = value_table(), stats.binom(2**14, 0.5)
    assert float(table @ heads.pmf(np.arange(table.size))) == pytest.approx(1.0, rel=1e-10)
    assert (np.diff(table) >= 0.0).all()


def test_between_the_bounds_the_law_is_a_power_and_beyond_them_one_that_ends():
    above = np.cumsum(BLOCKS[::-1])[::-1] / sum(BLOCKS)
    middle = bid_quantile(np.sqrt(above[:-1] * above[1:]))
    assert middle == pytest.approx(np.sqrt([1e-5, 1e-3, 1e-1, 1e1]), rel=1e-12)
    power = np.log(above[4] / above[3]) / np.log(10.0)
    rare = bid_quantile(above[4] * np.array([0.75, 0.5, 0.01]))
    ends = 100.0**power  # share of the last class that a power without an end would have above 1,000
    assert ((rare / 10.0) ** power - ends) / (1.0 - ends) == pytest.approx([0.75, 0.5, 0.01], rel=1e-9)


def test_a_number_of_heads_stands_for_its_quantile():
    from scipy import stats

    heads, law = np.array([7_900, 8_192, 8_193, 8_400, 8_500]), stats.binom(2**14, 0.5)
    bids = bid_quantile(law.sf(heads) + 0.5 * law.pmf(heads))
    table = value_table()
    assert table.size == 2**14 + 1
    assert table[heads] / table[8_192] == pytest.approx(bids / bids[1], rel=1e-6)
    assert table[[0, 1, -1]] / table[8_192] == pytest.approx(np.array([0.001, 0.001, 1_000.0]) / bids[1], rel=1e-6)


class Coins:
    """A market that draws the same number of heads whatever is asked."""

    n_paths = 3

    def __init__(self, heads):
        self.heads, self.asked = heads, []

    def successes(self, key, n, p):
        self.asked.append((key, n, p))
        return np.arange(3), np.full(3, float(self.heads))


def test_each_block_is_drawn_and_of_many_the_distance_from_the_mean_is_scaled():
    now: Any = Coins(9_000)
    drawn = BlockValues("ETH").mean_of(now, np.array([0, 2]), np.array([1.0, 128.0]))
    value = value_table()[9_000]
    assert drawn == pytest.approx([value, 1.0 + (value - 1.0) / 2.0])
    assert len({key for key, _, _ in now.asked}) == 32


def test_the_mean_is_kept_and_the_tail_is_fat():
    equal, recorded = (run(product).native[Line.EXECUTION, "ETH"] for product in (BARE, RECORDED))
    standard_error = float(np.std(recorded)) / 4_000**0.5
    assert abs(float(np.mean(recorded)) - 0.096) < 4.0 * standard_error
    assert float(np.median(recorded)) < 0.6 * float(np.median(equal))
    assert float(np.max(recorded)) > 4.0 * float(np.max(equal))


def test_other_rewards_and_the_blocks_themselves_are_the_same():
    equal, recorded = run(BARE, 50), run(RECORDED, 50)
    np.testing.assert_array_equal(equal.lines[Line.CONSENSUS], recorded.lines[Line.CONSENSUS])
    np.testing.assert_array_equal(equal.lines[Line.EXECUTION] == 0.0, recorded.lines[Line.EXECUTION] == 0.0)


def test_a_flat_market_pays_the_mean():
    market = Market(YEAR, SERIES)
    one, other = (product.quote(market, capital=320.0).outcome.closing for product in (BARE, RECORDED))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("fee", [0.0, 0.05, 1.0])
def test_a_smoothing_pool_pays_the_mean_less_its_fee_on_every_path(fee):
    outcome = run(RECORDED.replace(smoothing_fee=fee), 20)
    np.testing.assert_allclose(outcome.native[Line.EXECUTION, "ETH"], 0.096, rtol=1e-9)
    np.testing.assert_allclose(outcome.lines.get(Line.PROTOCOL, 0.0), -fee * 0.96, rtol=1e-9, atol=1e-15)
    assert float(np.std(outcome.lines[Line.CONSENSUS])) > 0.0  # proposals of the chain itself stay random


def test_an_operator_takes_its_commission_after_the_pool():
    outcome = run(BARE.replace(smoothing_fee=0.1, commission=0.2, commission_on="execution"), 2, days=1)
    paid = 0.96 / 365
    assert outcome.lines[Line.PROTOCOL].tolist() == pytest.approx([-0.1 * paid] * 2)
    assert outcome.lines[Line.COMMISSION].tolist() == pytest.approx([-0.2 * 0.9 * paid] * 2)


def test_a_law_that_is_not_there_is_refused():
    with pytest.raises(InputError, match=r"SoloValidator.block_values: must be one of 'equal', 'recorded'"):
        SoloValidator(block_values="fat")  # type: ignore[arg-type]


@pytest.mark.once
@pytest.mark.slow
def test_the_sum_of_a_million_blocks_is_theirs():
    from stakingmodels.laws.binomial import binomial_quantile

    rng = np.random.default_rng(5)
    heads = binomial_quantile(rng.random(1_000_000), float(2**14), 0.5)
    drawn = value_table()[heads.astype(np.int64)]
    assert float(np.mean(np.minimum(drawn, 50.0))) == pytest.approx(
        float(np.mean(np.minimum(value_table()[rng.binomial(2**14, 0.5, 1_000_000)], 50.0))), abs=0.01
    )


@conform
@pytest.mark.parametrize("terms", [{"block_values": "recorded"}, {"smoothing_fee": 0.1, "commission": 0.1}])
def test_it_conforms(check, terms):
    check(SoloValidator(**terms))
