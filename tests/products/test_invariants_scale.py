"""Units of measurement do not matter: capital, prices, numeraire, dates, and layouts of arrays."""

import numpy as np
import pytest

from stakingmodels import (
    APY,
    BlockFees,
    CloudMiningContract,
    Difficulty,
    Event,
    Holding,
    Line,
    Market,
    MiningMachines,
    Outcome,
    Price,
    Product,
    StakingPool,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure

ETH, BTC, REWARD, FIRE = Price("ETH"), Price("BTC"), StakingReward("ETH"), Event("fire")
DAYS, TAIL, PATHS = 30, 6, 9
CAPITAL = 12_345.0
STEP = 1e-12
HOLD = Holding(asset="ETH", buy_fee=0.01, sell_fee=0.02)
POOL = StakingPool(unbonding_days=3.0, buffer=0.1, buy_fee=0.01, failures=(Failure(FIRE, 0.2, line="slashing"),))
MINE = CloudMiningContract(
    minimum_payout_btc=0.0,
    term_days=20.0,
    maintenance_usd_per_th_day=0.01,
    stop_after_days=3,
    failures=(Failure(FIRE),),
)
OWN = MiningMachines(
    minimum_payout_btc=0.0, hosting_usd_per_month=50.0, resale_fee=0.05, resale_days=2.0, failures=(Failure(FIRE, 0.5),)
)
PRODUCTS = [HOLD, POOL, MINE, MINE.replace(payout="hold", electricity_usd_per_th_day=0.05), OWN]
each_product = pytest.mark.parametrize("product", PRODUCTS, ids=["hold", "pool", "mine", "mine and hold", "machines"])


def grid(start: str = "2026-01-01") -> TimeGrid:
    return TimeGrid.daily(start, days=DAYS, settlement_days=TAIL)


def series(seed: int = 1) -> dict:
    random = np.random.default_rng(seed)
    shape = (DAYS + TAIL + 1, PATHS)
    walk = np.cumsum(0.04 * random.standard_normal(shape), axis=0)
    return {
        ETH: 3_000.0 * np.exp(walk),
        BTC: 60_000.0 * np.exp(walk[::-1]),
        Difficulty("BTC"): 1.4e14 * np.exp(0.1 * walk),
        BlockFees("BTC"): random.uniform(0.0, 0.1, shape[:1]),
        REWARD: APY(random.uniform(0.0, 0.2, shape)),
        FIRE: random.random(shape) < 0.01,
    }


def run(product: Product, capital: float = CAPITAL, times: TimeGrid | None = None, **more) -> Outcome:
    given = {**series(), **more.pop("changed", {})}
    return product.run(Market(times or grid(), given, **more), capital=capital)


@each_product
@pytest.mark.parametrize("power", [-10, -1, 3, 10])
def test_capital_times_two_to_the_m_is_exact(product, power):
    one, two = run(product), run(product, CAPITAL * 2.0**power)
    assert np.array_equal(two.closing, one.closing * 2.0**power)
    assert all(np.array_equal(two.lines[line], money * 2.0**power) for line, money in one.lines.items())
    assert np.array_equal(two.days_to_cash, one.days_to_cash)


@each_product
@pytest.mark.parametrize("factor", [0.3, 7.0, 1_000.1])
def test_capital_times_any_number_scales_the_money(product, factor):
    one, two = run(product), run(product, CAPITAL * factor)
    scale = CAPITAL + sum(np.abs(money) for money in one.lines.values())
    assert (np.abs(two.closing / factor - one.closing) <= 10.0 * STEP * scale).all()


@each_product
def test_two_amounts_give_the_sum(product):
    one, two, both = (run(product, capital) for capital in (1_000.0, 2_345.0, 3_345.0))
    scale = both.capital + sum(np.abs(money) for money in both.lines.values())
    assert (np.abs(one.closing + two.closing - both.closing) <= 10.0 * STEP * scale).all()


@pytest.mark.parametrize("product", [HOLD, POOL], ids=["hold", "pool"])
@pytest.mark.parametrize("factor", [0.01, 3.0])
def test_prices_and_capital_times_a_number_scale_money_and_leave_coins(product, factor):
    one, two = run(product), run(product, CAPITAL * factor, changed={ETH: series()[ETH] * factor})
    assert (np.abs(two.closing / factor - one.closing) <= 40.0 * STEP * one.closing.max()).all()
    for (line, asset), units in one.native.items():
        expected = units * (factor if asset == "USD" else 1.0)
        assert np.abs(two.native[line, asset] - expected).max() <= 40.0 * STEP * np.abs(expected).max()


@each_product
def test_another_numeraire_at_one_rate_scales_all_money(product):
    rate = 0.9
    prices = {factor: series()[factor] * rate for factor in (ETH, BTC)}
    one = run(product)
    two = run(product, CAPITAL * rate, changed={**prices, Price("USD"): rate}, numeraire="EUR")
    scale = CAPITAL + sum(np.abs(money) for money in one.lines.values())
    assert (np.abs(two.closing / rate - one.closing) <= 40.0 * STEP * scale).all()


@pytest.mark.parametrize("product", [HOLD, POOL.replace(unbonding_days=0.0)], ids=["hold", "pool"])
def test_another_numeraire_at_moving_rates_converts_the_closing_value(product):
    rates = 0.9 * np.exp(np.cumsum(np.random.default_rng(5).normal(0.0, 0.02, DAYS + 1)))
    times = TimeGrid.daily("2026-01-01", days=DAYS)
    cut = {f: APY(s.value[: DAYS + 1]) if f == REWARD else s[: DAYS + 1] for f, s in series().items()}
    euros = {**cut, ETH: cut[ETH] * rates[:, None], Price("USD"): rates}
    one = product.run(Market(times, cut), capital=CAPITAL)
    two = product.run(Market(times, euros, "EUR"), capital=CAPITAL * rates[0])
    assert np.abs(two.closing / rates[-1] / one.closing - 1.0).max() <= 40.0 * STEP


@each_product
def test_other_dates_give_the_same_bits(product):
    """Within one era of the subsidy, which is dated."""
    one, two = run(product), run(product, times=grid("2027-06-15"))
    assert np.array_equal(one.closing, two.closing)
    assert all(np.array_equal(money, two.lines[line]) for line, money in one.lines.items())


def test_a_dated_rule_shifts_with_its_date():
    before, after = (run(MINE, times=grid(start)) for start in ("2024-02-01", "2024-05-01"))
    assert (after.native[Line.MINING, "BTC"] < before.native[Line.MINING, "BTC"]).all()


LAYOUTS = {
    "C order": np.ascontiguousarray,
    "Fortran order": np.asfortranarray,
    "strided": lambda a: np.repeat(a, 2, axis=1)[:, ::2],
    "reversed": lambda a: a[::-1, ::-1].copy()[::-1, ::-1],
    "read-only": lambda a: np.frombuffer(a.tobytes()).reshape(a.shape),
    "big-endian": lambda a: a.astype(">f8"),
    "unaligned": lambda a: np.frombuffer(b"x" + a.tobytes(), np.uint8)[1:].view(np.float64).reshape(a.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@each_product
def test_any_layout_of_the_series_gives_the_same_bits_and_is_left_as_it_was(product, layout):
    laid = {f: layout(s) if isinstance(s, np.ndarray) and s.ndim == 2 and s.dtype == float else s
            for f, s in series().items()}  # fmt: skip
    before = {f: s.tobytes() for f, s in laid.items() if isinstance(s, np.ndarray)}
    market = Market(grid(), laid)
    outcome = product.run(market, capital=CAPITAL)
    assert np.array_equal(outcome.closing, run(product).closing)
    assert {f: s.tobytes() for f, s in laid.items() if isinstance(s, np.ndarray)} == before


@each_product
def test_series_that_the_caller_changes_later_do_not_change_results(product):
    given = series()
    market = Market(grid(), given)
    given[ETH] *= 2.0
    given[BTC][:] = 1.0
    assert np.array_equal(product.run(market, capital=CAPITAL).closing, run(product).closing)
