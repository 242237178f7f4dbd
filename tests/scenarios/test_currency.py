"""Money in another currency: what stays the same to rounding, what is worked out by hand, and what is refused."""

import warnings
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    GBM,
    CloudMiningContract,
    Constants,
    ExchangeStaking,
    GeometricBrownianMotion,
    History,
    Holding,
    Joint,
    Market,
    SoloValidator,
    StakingPool,
    Units,
    compare,
    products,
    simulate,
)
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    Event,
    Factor,
    Hashrate,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure
from stakingmodels.scenarios import (
    EXCHANGE_RATES,
    USD_CASH_RATE,
    BlockInputs,
    InCurrency,
    Scenario,
    SetTo,
    Shock,
    Shocked,
    Streams,
    daily_series,
    reference,
)
from stakingmodels.testing import check_product, check_scenario

pytestmark = pytest.mark.once

ETH, BTC, SOL, USD = Price("ETH"), Price("BTC"), Price("SOL"), Price("USD")
GRID = TimeGrid.daily("2026-01-01", days=90, settlement_days=60)
SHORT = TimeGrid.daily("2026-01-01", days=30)
TWD = EXCHANGE_RATES["TWD"].per_usd
MOVING = GeometricBrownianMotion({USD: GBM(31.4, volatility=0.05, drift=-0.02)})
TIED: dict[tuple[Factor, Factor], float] = {(USD, ETH): -0.3}
WORLD: Any = reference()
FULL = reference(jumps=True, miners=True, staked_supply=True)
MINERS = next(part for part in FULL.parts if part.depends_on)
DAYS = np.datetime64("2025-01-01") + np.arange(150)


def series(first, daily, seed):
    steps = np.random.default_rng(seed).normal(0.0, daily, DAYS.size)
    return daily_series(DAYS, first * np.exp(np.cumsum(steps)), name="made up")


RECORD: dict[Factor, Any] = {ETH: series(3_000.0, 0.03, 1), BTC: series(90_000.0, 0.02, 2)}
PER_USD, PER_TWD = series(31.0, 0.003, 3), series(0.032, 0.003, 3)


def rows(world, *factors, grid=GRID, paths=3, seed=1):
    market = world.market(grid, frozenset(factors), streams=Streams(seed), n_paths=paths)
    chunk = next(market.chunks(grid.n_steps))
    return [np.broadcast_to(chunk.rows[f], (chunk.rows[f].shape[0], paths)) for f in factors]


# What stays the same


def ran(world, rows, capital, grid=GRID):
    return simulate(rows, world, grid, capital=capital, n_paths=512, rng=1)


@pytest.mark.parametrize("rate", [TWD, 0.0071])
@pytest.mark.few(1)
def test_a_constant_rate_changes_no_return_and_no_coin_number(rate):
    rows = {
        **products.reference(currency="XTS"),
        "mining by the day": CloudMiningContract(minimum_payout_btc=0.0001, stop_after_days=5),
        "solo with costs": SoloValidator(hardware_usd=800.0, running_cost_usd_per_day=0.7),
        "early refund": CloudMiningContract(early_exit_loss=0.5),
    }
    old = {name: Holding("USD") if name == "cash" else row for name, row in rows.items()}
    world = InCurrency(WORLD, "XTS", exchange_rate=rate, cash_rate=USD_CASH_RATE)
    grid = TimeGrid.daily("2026-01-01", days=20, settlement_days=30)
    one, other = ran(WORLD, old, 200_000.0, grid), ran(world, rows, 200_000.0 * rate, grid)
    for name in rows:
        before, after = one[name], other[name]
        np.testing.assert_allclose(after.closing, before.closing * rate, rtol=1e-12)
        np.testing.assert_allclose(after.returns, before.returns, rtol=0.0, atol=1e-12)
        for line, money in before.lines.items():
            np.testing.assert_allclose(after.lines[line], money * rate, rtol=1e-11, atol=1e-9 * rate)
        for number in ("net_apy", "gross_apy"):
            found, wanted = getattr(after.yields(), number), getattr(before.yields(), number)
            np.testing.assert_allclose(found, wanted, rtol=0.0, atol=1e-12)
    for one_row, other_row in zip(compare(one).to_dict()["rows"], compare(other).to_dict()["rows"], strict=True):
        for column in (
            "net_coin_return",
            "return_mean",
            "return_q05",
            "days_to_cash",
            "excess_return",
            "expected_shortfall",
        ):
            assert other_row[column] == pytest.approx(one_row[column], rel=1e-9, abs=1e-11), column


def test_only_the_cash_rate_tells_two_currencies_apart():
    def median(cash):
        world = InCurrency(WORLD, "TWD", cash_rate=cash)
        return float(np.median(ran(world, {"cash": Holding("TWD")}, 1e6)["cash"].returns))

    years = GRID.elapsed_days[-1] / 365.0
    assert median(None) == pytest.approx(0.01228 * years, rel=1e-2)  # the dated rate, compounded daily
    assert median(APY(0.05)) == pytest.approx(1.05**years - 1.0, rel=1e-12)
    assert median(APR(0.0)) == 0.0


def test_rates_of_products_in_dollars_do_not_see_the_currency():
    contract = CloudMiningContract(price_usd_per_th_s=20.0)
    grid = TimeGrid.daily("2026-01-01", days=365)
    worlds = [WORLD, InCurrency(WORLD, "TWD"), InCurrency(WORLD, "ETH"), InCurrency(WORLD, "BTC")]
    worlds.append(InCurrency(WORLD, "TWD", exchange_rate=MOVING, correlation=TIED))
    found = [
        contract.break_even_price_usd_per_th_s(world.market(grid, contract.factors, streams=Streams(1), n_paths=2))
        for world in worlds
    ]
    assert found == pytest.approx([found[0]] * len(found), rel=1e-9)


def test_break_even_where_the_dollar_opens_at_different_prices():
    grid = TimeGrid.daily("2026-01-01", days=365)
    series = {Difficulty("BTC"): 1.48e14, BlockFees("BTC"): 0.02}
    contract = CloudMiningContract()
    plain = contract.break_even_price_usd_per_th_s(Market(grid, {**series, BTC: 90_000.0}))
    dollars = np.array([[0.5, 2.0, 40.0]])
    other = Market(grid, {**series, BTC: 90_000.0 * dollars, USD: dollars}, "XTS")
    assert contract.break_even_price_usd_per_th_s(other) == pytest.approx(plain, rel=1e-12)


def test_factors_without_money_have_the_same_bits_in_any_currency():
    factors = [Difficulty("BTC"), Hashrate("BTC"), StakingReward("ETH")]
    plain = rows(FULL, *factors)
    for world in (InCurrency(FULL, "TWD"), InCurrency(FULL, "ETH"), InCurrency(FULL, "TWD", exchange_rate=MOVING)):
        for one, other in zip(rows(world, *factors), plain, strict=True):
            np.testing.assert_array_equal(one, other)


def test_prices_are_multiplied_or_divided_path_by_path():
    eth, btc = rows(WORLD, ETH, BTC)
    moving = rows(InCurrency(WORLD, "TWD", exchange_rate=MOVING), ETH, BTC, USD)
    np.testing.assert_array_equal(moving[0], eth * moving[2])
    np.testing.assert_array_equal(moving[1], btc * moving[2])
    assert len(np.unique(moving[2][-1])) == 3
    in_eth, dollar = rows(InCurrency(WORLD, "ETH"), BTC, USD)
    np.testing.assert_array_equal(in_eth, btc / eth)
    np.testing.assert_array_equal(dollar, 1.0 / eth)


def test_given_rates_are_those_of_each_time():
    given = np.linspace(30.0, 33.0, GRID.n_times)
    world = InCurrency(WORLD, "TWD", exchange_rate=given)
    eth, dollar = rows(world, ETH, USD)
    np.testing.assert_array_equal(dollar[:, 0], given)
    np.testing.assert_array_equal(eth, rows(WORLD, ETH)[0] * given[:, None])
    given[:] = 1.0  # a copy was taken
    np.testing.assert_array_equal(rows(world, USD)[0], dollar)
    short = TimeGrid.daily("2026-01-01", days=5)
    with pytest.raises(InputError, match=r"^InCurrency\.exchange_rate: must have one number for each of the grid's 6 "):
        rows(world, USD, grid=short)


def test_there_and_back_is_where_one_began():
    back = InCurrency(InCurrency(WORLD, "EUR"), "USD")
    for one, other in zip(rows(back, ETH, BTC), rows(WORLD, ETH, BTC), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-15)
    assert CashRate("USD") in back.factors
    twice = rows(InCurrency(InCurrency(WORLD, "EUR"), "TWD"), USD, Price("EUR"))
    assert twice[0][0, 0] == pytest.approx(TWD)
    assert twice[1][0, 0] == pytest.approx(TWD * 1.1750)


# Counted in coins


def test_pay_outs_in_coins_are_those_in_dollars_over_the_price_of_their_day():
    """What is paid out is money of that day: in dollars it stays dollars until the end, in ETH it stays ETH."""
    still, grid = reference(cash_rate=None), TimeGrid.daily("2026-01-01", days=365, settlement_days=60)
    rows_ = {name: row for name, row in products.reference(currency="ETH").items() if name != "hold ETH"}
    plain = simulate(rows_, still, grid, capital=200_000.0, n_paths=64, rng=1)
    eth = rows(still, ETH, grid=grid, paths=64)[0]
    counted = simulate(rows_, InCurrency(still, "ETH"), grid, capital=200_000.0 / eth[0], n_paths=64, rng=1)
    for name in rows_:
        before: Any = plain[name]
        after = counted[name]
        wanted = np.zeros(64)
        np.add.at(wanted, before.flows.path, before.flows.money / eth[before.flows.time, before.flows.path])
        np.testing.assert_allclose(after.closing, wanted, rtol=1e-9, err_msg=name)
        if name == "hold BTC":  # sold at the exit: the same thing, said of the closing
            np.testing.assert_allclose(after.closing, before.closing / eth[grid.exit], rtol=1e-12)


def test_a_claim_in_money_is_one_in_dollars_whatever_money_is_counted_in():
    default = Failure(Event("custodian:x"), recovery=0.5, delay_days=1.0)
    earn = ExchangeStaking(posted_rate=APR(0.0), failures=(default,))
    grid = TimeGrid.daily("2026-01-01", days=2)
    dollar = np.array([1 / 3000.0, 1 / 3000.0, 1 / 1500.0])
    struck = np.array([True, False, False])
    in_eth = Market(grid, {USD: dollar, Event("custodian:x"): struck}, "ETH")
    outcome = earn.run(in_eth, capital=2.0)  # 6,000 USD: 3,000 come back, when a coin is worth 1,500
    assert outcome.closing == pytest.approx([2.0])
    in_twd = Market(grid, {ETH: 90_000.0, USD: np.array([30.0, 30.0, 33.0]), Event("custodian:x"): struck}, "TWD")
    assert earn.run(in_twd, capital=90_000.0).closing == pytest.approx([1_500.0 * 33.0])
    no_dollar = Market(grid, {ETH: 90_000.0, Event("custodian:x"): struck}, "TWD")
    assert earn.run(no_dollar, capital=90_000.0).closing == pytest.approx([45_000.0])


def test_dollars_of_a_claim_are_exchanged_free_of_the_fee_of_coins():
    default = Failure(Event("custodian:x"), recovery=0.5, delay_days=1.0)
    held = Holding("ETH", sell_fee=0.1, failures=(default,))
    grid = TimeGrid.daily("2026-01-01", days=2)
    struck: dict[Factor, Any] = {ETH: 3_000.0, Event("custodian:x"): np.array([True, False, False])}
    plain = held.run(Market(grid, struck), capital=3_000.0)
    other = held.run(Market(grid, {**struck, ETH: 90_000.0, USD: 30.0}, "TWD"), capital=90_000.0)
    assert plain.closing == pytest.approx([1_500.0])
    assert other.closing == pytest.approx([45_000.0])


def test_a_year_of_mining_and_validating_in_eth_by_hand():
    grid = TimeGrid.daily("2026-01-01", days=2)
    eth, btc = np.array([3000.0, 2000.0, 4000.0]), np.array([90_000.0, 80_000.0, 100_000.0])
    world = InCurrency(_given(grid, {ETH: eth, BTC: btc}), "ETH")
    market = world.market(grid, world.factors, streams=Streams(1), n_paths=1)
    solo = SoloValidator(hardware_usd=300.0, running_cost_usd_per_day=8.0, uptime=1.0, entry_days=0.0, exit_days=0.0)
    outcome = solo.run(market, capital=40.0)
    assert outcome.lines["operating"] == pytest.approx([-(300 / 3000 + 8 / 2000 + 8 / 4000)])
    held = Holding("BTC").run(market, capital=30.0)  # 1 BTC, worth 25 ETH at the end
    assert held.closing == pytest.approx([25.0])
    assert Holding("ETH").run(market, capital=30.0).closing.tolist() == [30.0]
    contract = CloudMiningContract(
        price_usd_per_th_s=9.0, term_days=2.0, electricity_usd_per_th_day=0.01, uptime=1.0, pool_fee=0.0
    )
    mined = contract.run(market, capital=30.0)
    th_s = 30.0 * 3000.0 / 9.0
    assert mined.lines["electricity"] == pytest.approx([-th_s * 0.01 * (1 / 2000 + 1 / 4000)])


def _given(grid, series):
    """A world of one given path: recorded, as its levels are."""
    days = grid.times.astype("datetime64[D]")
    record = {factor: daily_series(days, values, name="given") for factor, values in series.items()}
    constants = {
        Difficulty("BTC"): 1.48e14,
        BlockFees("BTC"): 0.02,
        StakingReward("ETH"): APR(0.03),
    }
    return Joint([History(record, window_levels="as_recorded"), Constants(constants)])


def test_a_path_of_the_exchange_rate_by_hand():
    grid = TimeGrid.daily("2026-01-01", days=2)
    world = InCurrency(
        _given(grid, {ETH: np.array([3000.0, 2500.0, 3600.0])}),
        "TWD",
        exchange_rate=np.array([30.0, 32.0, 31.0]),
        cash_rate=APR(0.0365),
    )
    market = world.market(grid, world.factors, streams=Streams(1), n_paths=1)
    held = Holding("ETH").run(market, capital=90_000.0)
    assert held.closing == pytest.approx([3600.0 * 31.0])
    assert Holding("USD").run(market, capital=90_000.0).closing == pytest.approx([3000.0 * 31.0])
    assert Holding("TWD").run(market, capital=90_000.0).closing == pytest.approx([90_000.0 * 1.0001**2])
    solo = SoloValidator(running_cost_usd_per_day=2.0, uptime=1.0, entry_days=0.0, exit_days=0.0, hardware_usd=100.0)
    assert solo.run(market, capital=4e6).lines["operating"] == pytest.approx([-(100 * 30 + 2 * 32 + 2 * 31)])


def test_what_a_product_rests_on_has_its_range_in_coins_too():
    """A pool of ETH is no holding of ETH, though its coin is the money itself."""
    grid = TimeGrid.daily("2026-01-01", days=180, settlement_days=60)
    found = {}
    for world, currency in ((WORLD, "USD"), (InCurrency(WORLD, "TWD"), "TWD"), (InCurrency(WORLD, "ETH"), "ETH")):
        rows_ = products.reference(currency=currency)
        rows_ = {name: rows_[name] for name in ("hold ETH", "staking pool")}
        told = compare(simulate(rows_, world, grid, capital=Units(30.0, "ETH"), n_paths=512, rng=1))
        found[currency] = [(each.low, each.base, each.high) for each in told.ranges.values()]
    assert found["USD"][0] == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    assert found["USD"][1][0] < found["USD"][1][2] - 0.01
    for currency in ("TWD", "ETH"):
        for one, other in zip(found[currency], found["USD"], strict=True):
            assert one == pytest.approx(other, abs=1e-9)


def test_capital_in_coins_or_dollars_is_worth_the_same():
    rows_ = {"pool": StakingPool()}
    world = InCurrency(WORLD, "TWD")
    money = ran(world, rows_, 10_000.0 * TWD)["pool"].closing
    np.testing.assert_allclose(ran(world, rows_, Units(10_000.0, "USD"))["pool"].closing, money, rtol=1e-12)


OF_BOOKS = ("finite", "books-close", "replay", "summary", "booked-once", "sign", "commission-bounded", "non-negative")


@pytest.mark.parametrize("currency", ["TWD", "ETH"])
@pytest.mark.parametrize("name", ["solo validator", "staking pool", "liquid token", "exchange earn", "cloud mining"])
@pytest.mark.few(3)
def test_products_pass_the_checks_of_their_books(name, currency):
    row = products.reference()[name]
    grid = TimeGrid.daily("2026-01-01", days=6, settlement_days=6)
    market = InCurrency(WORLD, currency).market(grid, row.factors, streams=Streams(1), n_paths=3)
    check_product(row, market, capital=100.0 if currency == "ETH" else 1e7, only=OF_BOOKS)


# Expected growth


def growth(world, factor, days=365):
    found = world.expected_growth(factor, TimeGrid.daily("2026-01-01", days=days))
    return None if found is None else float(found[-1])


TWO = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7, drift=0.1), BTC: GBM(9e4, volatility=0.5, drift=0.04)},
    correlation={(ETH, BTC): 0.8},
)


@pytest.mark.parametrize(
    ("world", "factor", "log"),
    [
        (InCurrency(TWO, "TWD"), ETH, 0.1),
        (InCurrency(TWO, "TWD"), USD, 0.0),
        (InCurrency(TWO, "ETH"), USD, 0.7**2 - 0.1),
        (InCurrency(TWO, "ETH"), BTC, 0.04 - 0.1 + 0.7**2 - 0.8 * 0.7 * 0.5),
        (InCurrency(TWO, "TWD", exchange_rate=MOVING), USD, -0.02),
        (InCurrency(TWO, "TWD", exchange_rate=MOVING), ETH, 0.1 - 0.02),
        (InCurrency(TWO, "TWD", exchange_rate=MOVING, correlation=TIED), ETH, 0.1 - 0.02 - 0.3 * 0.7 * 0.05),
        (InCurrency(TWO, "TWD", exchange_rate=MOVING, correlation=TIED), BTC, 0.04 - 0.02),
        (InCurrency(reference(jumps=True, cash_rate=None), "TWD", exchange_rate=MOVING), ETH, -0.02),
        (InCurrency(Joint([TWO, Constants({SOL: 100.0})]), "SOL"), ETH, 0.1),
        (InCurrency(Joint([TWO, Constants({SOL: 100.0})]), "ETH"), SOL, 0.7**2 - 0.1),
    ],
)
def test_expected_growth_of_lognormal_prices(world, factor, log):
    assert growth(world, factor) == pytest.approx(np.exp(log), rel=1e-12)


def test_expected_growth_is_that_of_the_mean():
    worlds = [
        InCurrency(TWO, "ETH"),
        InCurrency(TWO, "TWD", exchange_rate=MOVING, correlation={**TIED, (USD, ETH): -0.5}),
    ]
    grid = TimeGrid.daily("2026-01-01", days=180)
    for world in worlds:
        for factor in sorted(world.factors - {CashRate("TWD")}, key=str):
            last = rows(world, factor, grid=grid, paths=10_000)[0]
            ratio = last[-1] / last[0] / growth(world, factor, 180)
            assert abs(ratio.mean() - 1.0) < 4.5 * ratio.std() / np.sqrt(ratio.size), factor


@pytest.mark.parametrize(
    ("world", "factor"),
    [
        (InCurrency(reference(jumps=True), "ETH"), USD),
        (InCurrency(reference(jumps=True), "TWD", exchange_rate=MOVING, correlation=TIED), ETH),
        (InCurrency(History({**RECORD, USD: PER_USD}), "TWD"), ETH),
        (InCurrency(Shocked(TWO, [Shock(ETH, day=3, change=-0.5)]), "ETH"), USD),
        (InCurrency(TWO, "TWD"), Price("DOGE")),
        (InCurrency(TWO, "TWD"), Price("TWD")),
    ],
)
def test_growth_that_cannot_be_known_is_none(world, factor):
    assert growth(world, factor) is None


def test_a_devaluation_that_is_given_is_growth_that_is_known():
    given = np.where(np.arange(366) < 100, 30.0, 36.0)
    world = InCurrency(TWO, "TWD", exchange_rate=given)
    assert growth(world, USD) == pytest.approx(1.2)
    assert growth(world, ETH) == pytest.approx(1.2 * np.exp(0.1))


def test_the_control_variate_makes_no_bias_in_eth():
    found = ran(InCurrency(WORLD, "ETH"), {"hold BTC": Holding("BTC")}, 30.0)["hold BTC"]
    wanted = growth(InCurrency(WORLD, "ETH"), BTC, 90) - 1.0
    error = found.returns.std() / np.sqrt(found.returns.size)
    assert abs(found.returns.mean() - wanted) < 4.0 * error


# The contract of scenarios

CHECKED: dict[str, Any] = {
    "constant": InCurrency(WORLD, "TWD"),
    "given path": InCurrency(WORLD, "JPY", exchange_rate=np.linspace(150.0, 160.0, 46)),
    "moving, tied": InCurrency(WORLD, "TWD", exchange_rate=MOVING, correlation=TIED),
    "in ETH": InCurrency(WORLD, "ETH"),
    "everything, in BTC": InCurrency(FULL, "BTC"),
    "everything, moving": InCurrency(FULL, "TWD", exchange_rate=MOVING),
    "recorded": InCurrency(History({**RECORD, USD: PER_USD}), "TWD"),
    "recorded the other way": InCurrency(History({**RECORD, Price("TWD"): PER_TWD}), "TWD"),
    "recorded rate alone": InCurrency(WORLD, "TWD", exchange_rate=History({USD: PER_USD})),
    "as recorded, in ETH": InCurrency(History(RECORD, window_levels="as_recorded"), "ETH"),
    "twice": InCurrency(InCurrency(WORLD, "TWD"), "ETH"),
    "shocks within": InCurrency(Shocked(WORLD, [Shock(ETH, day=3, change=-0.5), SetTo(BTC, day=5, level=1e5)]), "ETH"),
    "shocks around": Shocked(InCurrency(WORLD, "TWD"), [Shock(USD, day=4, change=0.1), Shock(ETH, day=3, change=-0.5)]),
    "shocked constants": InCurrency(
        Shocked(Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.03)}), [Shock(ETH, day=3, change=-0.5)]), "TWD"
    ),
    "shocked rate": InCurrency(WORLD, "TWD", exchange_rate=Shocked(MOVING, [Shock(USD, day=3, change=0.2)])),
    "joined": Joint([InCurrency(WORLD, "TWD"), InCurrency(Constants({Price("ADA"): 0.5}), "TWD")]),
    "constants": InCurrency(Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.03)}), "ETH"),
}


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.few(4)
def test_every_check_of_scenarios_passes(name):
    check_scenario(CHECKED[name], TimeGrid.daily("2026-01-01", days=45))


class Given(Scenario):
    """A scenario of an author that gives series of its own: prices, an event, a random opening, days of its own."""

    factors = frozenset({ETH, BTC, Event("x"), StakingReward("ETH")})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        steps = np.arange(grid.n_times)[:, None] + np.arange(n_paths)
        series: dict[Any, Any] = {ETH: 3000.0 + steps, BTC: 9e4, Event("x"): steps % 3 == 0}
        series[StakingReward("ETH")] = APR(0.03)
        return BlockInputs(series={f: x for f, x in series.items() if f in factors}, frozen_levels={BTC: 1.0})


def test_a_scenario_of_an_author_may_give_series_and_events():
    grid = TimeGrid.daily("2026-01-01", days=4)
    for currency, btc in (("TWD", 9e4 * TWD), ("ETH", 30.0)):
        world = InCurrency(Given(), currency)
        market = world.market(grid, Given.factors, streams=Streams(1), n_paths=2)
        chunk = next(market.chunks(4))
        assert chunk.rows[BTC][0, 0] == pytest.approx(btc)
        assert {step: at.tolist() for step, at in chunk.hits[Event("x")].items()} == {0: [0], 2: [1], 3: [0]}
        assert chunk.rows[StakingReward("ETH")][0, 0] == pytest.approx(0.03 / 365.0)


def test_another_currency_is_another_scenario():
    assert InCurrency(WORLD, "TWD") != InCurrency(WORLD, "EUR")


def test_what_a_record_says_of_itself_passes_through():
    history = History({**RECORD, USD: PER_USD}, window_levels="as_recorded")
    world = InCurrency(history, "TWD")
    grid = history.grid(days=20)
    told = (world.is_recorded, world.n_paths(grid), world.overlap(grid), world.as_of)
    assert told == (True, history.n_paths(grid), history.overlap(grid), history.as_of)
    market = world.market(grid, frozenset({ETH}), streams=Streams(1), n_paths=5)
    np.testing.assert_array_equal(market.time_offsets, np.arange(5).astype("m8[D]"))
    eth = next(market.chunks()).rows[ETH]
    np.testing.assert_allclose(eth[0], history.recorded(ETH)[:5] * history.recorded(USD)[:5])
    rate_alone = InCurrency(WORLD, "TWD", exchange_rate=History({USD: PER_USD}))
    assert (rate_alone.is_recorded, rate_alone.n_paths(grid), rate_alone.overlap(grid)) == (True, 130, 19)
    assert rate_alone.as_of == WORLD.as_of
    dated = InCurrency(WORLD, "TWD", exchange_rate=History({USD: PER_USD}, window_levels="as_recorded"))
    market = dated.market(history.grid(days=20), frozenset({ETH}), streams=Streams(1), n_paths=4)
    np.testing.assert_array_equal(market.time_offsets, np.arange(4).astype("m8[D]"))


def test_a_market_frozen_at_its_opening_is_in_the_currency():
    world = InCurrency(WORLD, "ETH")
    flat = world.market(GRID, world.factors, streams=Streams(1), n_paths=4).frozen_at_open()
    opening = next(flat.chunks()).rows
    eth, btc = (WORLD.parts[0].levels[price].initial_level for price in (ETH, BTC))
    assert flat.n_paths == 1
    assert opening[BTC][0, 0] == pytest.approx(btc / eth)
    assert opening[USD][0, 0] == pytest.approx(1.0 / eth)
    assert flat.numeraire == "ETH"


def test_a_shock_around_moves_its_price_and_one_within_what_follows_too():
    shock = [Shock(BTC, day=3, change=-0.5)]
    within, around = InCurrency(Shocked(FULL, shock), "TWD"), Shocked(InCurrency(FULL, "TWD"), shock)
    np.testing.assert_allclose(rows(within, BTC)[0], rows(around, BTC)[0], rtol=1e-12)
    plain = rows(FULL, Hashrate("BTC"))[0]
    np.testing.assert_array_equal(rows(around, Hashrate("BTC"))[0], plain)
    assert (rows(within, Hashrate("BTC"))[0][-1] < plain[-1]).all()
    assert within.shocked.keys() == around.shocked.keys()
    in_coins = InCurrency(Shocked(WORLD, [Shock(ETH, day=3, change=-0.5)]), "ETH")
    assert next(iter(in_coins.shocked.values())) == {BTC, SOL, USD}


def test_needed_factors_have_the_exchange_rate():
    world = InCurrency(FULL, "TWD", exchange_rate=MOVING)
    assert USD in world.needed(frozenset({ETH}))
    assert world.needed(frozenset({Difficulty("BTC")})) >= {Hashrate("BTC"), BTC, BlockFees("BTC")} - {Hashrate("BTC")}
    assert world.needed(frozenset({StakingReward("ETH")})) >= {StakingReward("ETH")}


def test_the_cash_rate_is_given_or_the_scenarios_or_dated():
    own = Joint([Constants({ETH: 3000.0, CashRate("TWD"): APR(0.02)})])

    def cash(world):
        return CashRate("TWD") in world.factors and float(rows(world, CashRate("TWD"), grid=SHORT)[0][0, 0]) * 365.0

    assert cash(InCurrency(own, "TWD")) == pytest.approx(0.02)
    assert cash(InCurrency(own, "TWD", cash_rate=APR(0.05))) == pytest.approx(0.05)
    assert cash(InCurrency(WORLD, "TWD")) == pytest.approx(0.01228)
    assert CashRate("ETH") not in InCurrency(WORLD, "ETH").factors
    recorded = History(
        {**RECORD, CashRate("TWD"): daily_series(DAYS, np.full(DAYS.size, 0.02), name="made up", rate_type="apr")}
    )
    assert cash(InCurrency(recorded, "TWD")) == pytest.approx(0.02)
    assert cash(InCurrency(recorded, "TWD", cash_rate=APR(0.05))) == pytest.approx(0.05)
    assert CashRate("XTS") not in InCurrency(WORLD, "XTS", exchange_rate=2.0).factors


def test_describe_says_how_money_is_counted_in_both_languages():
    notes = {
        "constant": "money is in TWD: 31.438 TWD for one USD throughout, as on 2025-12-31",
        "given path": "money is in JPY, at exchange rates as given: 150 JPY for one USD at the opening, 160 at the end",
        "moving, tied": "money is in TWD, at an exchange rate that moves: TWD for one USD, as follows",
        "in ETH": "money is counted in ETH: each price is over that of ETH",
        "recorded": 'money is in TWD, at the exchange rate of this scenario: Price("USD") is TWD for one USD',
    }
    for name, sentence in notes.items():
        told = CHECKED[name].describe()
        assert any(note.startswith(sentence) for note in told), name
        assert any("levels, drifts and volatilities above are in USD" in note for note in told)
        assert all(note.say("zh-TW") for note in told[len(CHECKED[name].scenario.describe()) :])
    assert "ETH that is kept earns nothing" in CHECKED["in ETH"].describe()
    assert any("cash in TWD earns 1.23% a year (APR), as on 2025-12-03" in n for n in CHECKED["constant"].describe())
    given = InCurrency(WORLD, "TWD", exchange_rate=30, cash_rate=APY(0.01)).describe()
    assert given[-3:][0] == "money is in TWD: 30 TWD for one USD throughout, as given"
    assert given[-1] == "cash in TWD earns 1.00% a year (APY), as given"


# Bad use


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"currency": "XXX"},
            r"^InCurrency\.currency: must have a known exchange rate \(TWD, EUR, JPY, GBP\) or a pri",
        ),
        ({"currency": "DOGE"}, r"price in the scenario \(BTC, ETH, SOL\), got 'DOGE' \(exchange_rate=\.\.\. of its un"),
        ({"currency": "TWDD"}, r"got 'TWDD' \(did you mean TWD\?\)$"),
        ({"currency": "USD"}, r"^InCurrency\.currency: must differ from the scenario's own, got 'USD' \(leave"),
        ({"exchange_rate": 0}, r"^InCurrency\.exchange_rate: must be above 0, in TWD for one USD, got 0"),
        ({"exchange_rate": -31.4}, r"^InCurrency\.exchange_rate: must be above 0, in TWD"),
        ({"exchange_rate": float("nan")}, r"^InCurrency\.exchange_rate: must be finite"),
        ({"exchange_rate": [31.0, 0.0]}, r"^InCurrency\.exchange_rate: must be above 0"),
        ({"exchange_rate": [31.0, float("nan")]}, r"^InCurrency\.exchange_rate: has 1 non-finite"),
        ({"exchange_rate": np.ones((2, 2))}, r"^InCurrency\.exchange_rate: must have the shape \(n_times,\)"),
        ({"currency": "ETH", "exchange_rate": 3.0}, r"must be left out, since the scenario has Price\(\"ETH\"\)"),
        ({"exchange_rate": TWO}, r"^InCurrency\.exchange_rate: must give Price\(\"USD\"\), in TWD"),
        ({"cash_rate": APR(np.ones(3))}, r"^InCurrency\.cash_rate: must be one rate"),
        ({"correlation": {(USD, ETH): 0.5}}, r"^InCurrency\.correlation: must name two different random factors"),
        ({"exchange_rate": MOVING, "correlation": {(USD, ETH): 1.5}}, r"must be in \(-1, 1\)"),
        ({"scenario": MINERS}, r"^InCurrency\.scenario: must be complete; it depends on"),
    ],
)
def test_bad_use_is_one_sentence(arguments, sentence):
    given = {"scenario": WORLD, "currency": "TWD", **arguments}
    with pytest.raises(InputError, match=sentence) as caught:
        InCurrency(given.pop("scenario"), given.pop("currency"), **given)
    assert "\n" not in str(caught.value)


def test_wrong_types_are_refused():
    nothing: Any = None
    text: Any = "31.4"
    bare: Any = 0.01
    with pytest.raises(InputTypeError, match=r"^InCurrency\.scenario: must be Scenario"):
        InCurrency(nothing, "TWD")
    with pytest.raises(InputTypeError, match=r"^InCurrency\.cash_rate: must be"):
        InCurrency(WORLD, "TWD", cash_rate=bare)
    with pytest.raises(InputTypeError, match=r"^InCurrency\.exchange_rate: must be"):
        InCurrency(WORLD, "TWD", exchange_rate=text)
    with pytest.raises(InputError, match=r"^InCurrency\.exchange_rate: must not be a second record"):
        InCurrency(History(RECORD), "TWD", exchange_rate=History({USD: PER_USD}))
    with pytest.raises(InputError, match=r"must have the same numeraire, got \('TWD', 'USD'\) \(put InCurrency aro"):
        Joint([InCurrency(WORLD, "TWD"), Constants({Price("ADA"): 0.5})])


@pytest.mark.parametrize(
    ("currency", "rate", "write"),
    [
        ("TWD", 0.0318, "31.447"),
        ("EUR", 1.175, "0.85106"),
        ("JPY", 0.0064, "156.25"),
        ("TWD", GeometricBrownianMotion({USD: GBM(0.03, volatility=0.1)}), "33.333"),
        ("TWD", [0.03, 0.031], "33.333"),
        ("TWD", History({USD: PER_TWD}), ""),
    ],
)
def test_an_inverted_rate_is_pointed_out(currency, rate, write):
    with pytest.warns(UserWarning, match=rf"looks inverted; on 2025-12-31 it was .*write exchange_rate={write}"):
        InCurrency(WORLD, currency, exchange_rate=rate)


@pytest.mark.parametrize(
    ("currency", "rate"), [("TWD", 25.0), ("TWD", 40.0), ("TWD", 150.0), ("EUR", 0.85), ("EUR", 0.99), ("JPY", 80)]
)
def test_no_warning_for_rates_of_other_years(currency, rate):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        InCurrency(WORLD, currency, exchange_rate=rate)


def test_a_coin_that_becomes_worthless_cannot_count_money():
    world = InCurrency(Shocked(TWO, [Shock(ETH, day=3, change=-1.0)]), "ETH")
    with pytest.raises(InputError, match=r"^InCurrency: Price\(\"ETH\"\): must be above 0.*; time 3, path 0, got 0\.0"):
        rows(world, BTC)
