"""What people say of other chains, of published rates, and of several products together."""

import math
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    CloudMiningContract,
    Constants,
    DailyFile,
    Event,
    Execution,
    Factor,
    Failure,
    History,
    Holding,
    InputError,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    catalogue,
    compare,
    scenarios,
    simulate,
)
from stakingmodels.products import among_operators
from stakingmodels.protocols.chains import avalanche, cardano, cosmos, polkadot, solana
from stakingmodels.protocols.contracts.leverage import Loop

CHAINS = (solana.Solana(), cosmos.Cosmos(), cardano.Cardano(), polkadot.Polkadot(), avalanche.Avalanche())


def line(outcome, label):
    """Mean over the paths; 0 of a line that the terms never book."""
    return sum(float(np.mean(money)) for each, money in outcome.lines.items() if each.label == label)


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.asset)
def test_amount_coin_and_time_give_a_reward(chain):
    """1,000 coins for 90 days, by the chain's own rule of its day, less 5 %."""
    pool = StakingPool.on(chain, commission=0.05, compounding=False)
    market = Market(
        TimeGrid.daily("2026-01-01", days=90, settlement_days=60),
        {Price(chain.asset): 2.0, StakingReward(chain.asset): chain.realized_apr()},
    )
    earned = pool.run(market, capital=2_000.0).coins_net[0]
    rule = chain.unbonding()
    days = 90 + rule.days * rule.earns
    assert earned == pytest.approx(1_000.0 * 0.95 * chain.realized_apr().value * days / 365)


def test_the_wait_the_slashing_and_the_minimum_of_a_delegator_are_the_chains():
    """The Cosmos Hub: 21 days without pay, and 5 % for a double signature by the validator."""
    hub = cosmos.Cosmos()
    pool = StakingPool.on(hub, commission=0.0, hazards={each.name: 0.1 for each in hub.slashing()})
    signed = next(each for each in pool.failures if each.severity == 0.05)
    grid = TimeGrid.daily("2026-01-01", days=90, settlement_days=60)
    events: dict[Factor, Any] = {each.event: np.zeros(grid.n_times, bool) for each in pool.failures}
    events[signed.event] = np.arange(grid.n_times) == 30
    given: dict[Factor, Any] = {Price("ATOM"): 2.0, StakingReward("ATOM"): APR(0.0)}
    outcome = pool.run(Market(grid, {**given, **events}), capital=2_000.0)
    assert outcome.days_to_cash[0] == pytest.approx(21.0)
    assert line(outcome, "slashing") == pytest.approx(-100.0)
    assert [chain.minimum_stake() for chain in CHAINS] == [
        pytest.approx(least) for least in (0.002282881, 1e-6, 2.0, 1.0, 25.0)
    ]


RATES = """
[{name}]
value = {value}
basis = "net"
said = "12 %"
title = "Rates"
url = "https://example.org/rates"
read = "2026-11-30"
"""


def test_a_published_yield_is_read_as_the_kind_that_it_is(tmp_path):
    """12 % APY stay 12 % after a year of compounding, and are not 12.75 %."""
    file = tmp_path / "today.toml"
    for value, grown in (("{APY = 0.12}", 0.12), ("{APR = 0.12}", (1.0 + 0.12 / 365) ** 365 - 1.0)):
        file.write_text(RATES.format(name="binance-earn", value=value), encoding="utf-8")
        sheet = catalogue.get("binance-earn")
        sheet = sheet.with_rate(catalogue.read_rates(file).by_sheet[sheet.key])
        grid = TimeGrid.daily("2026-01-01", days=365)
        outcome = sheet.product().run(Market(grid, {Price(sheet.coin): 3000.0}), capital=1_000.0)
        assert outcome.returns[0] == pytest.approx(grown, rel=1e-6)
    file.write_text(RATES.format(name="binance-earn", value="0.12"), encoding="utf-8")
    with pytest.raises(InputError, match=r"must be a rate with its kind, got 0\.12"):
        catalogue.read_rates(file)


def test_a_file_of_yields_says_which_kind_they_are(tmp_path):
    """A column of APY in per cent: 12 % a year are 1.12 ** (10 / 365) - 1 in ten days."""
    for name, number in (("apy", 12.0), ("close", 3000.0)):
        rows = "".join(f"2026-01-{day:02},{number}\n" for day in range(1, 31))
        (tmp_path / f"{name}.csv").write_text(f"date,{name}\n{rows}", encoding="utf-8")
    rewards = DailyFile(tmp_path / "apy.csv", unit="percent", rate_type="apy")
    world = History({Price("ETH"): DailyFile(tmp_path / "close.csv"), StakingReward("ETH"): rewards})
    grid = TimeGrid.daily("2026-01-01", days=10)
    held = simulate({"pool": StakingPool(commission=0.0)}, world, grid, capital=1_000.0)["pool"]
    assert held.returns == pytest.approx(np.full(held.n_paths, 1.12 ** (10 / 365) - 1.0))


def test_base_rate_mev_and_a_loop_stack_up_to_eight_percent_and_more():
    """5.5 % of inflation less 5 %, MEV of 1.2 % less 10 %, and half of it borrowed against at 4 % and staked again."""
    pool = StakingPool("SOL", commission=0.05, execution=Execution(rate=APR(0.012), commission=0.1), compounding=False)
    grid = TimeGrid.daily("2026-01-01", days=365)
    market = Market(grid, {Price("SOL"): 100.0, StakingReward("SOL"): APR(0.055)})
    base = pool.run(market, capital=1_000.0).yields().net_apr[0]
    assert base == pytest.approx(0.95 * 0.055 + 0.9 * 0.012)
    loop = Loop(ltv=0.7, liquidation_threshold=0.8, loops=3)
    stacked = loop.net_apr(staking_apr=APR(base), borrow_apr=APR(0.045)).value
    debt = 0.7 + 0.49 + 0.343
    assert stacked == pytest.approx((1.0 + debt) * base - debt * 0.045)
    assert stacked > 0.08
    assert loop.liquidation_price_ratio == pytest.approx(debt / (1.0 + debt) / 0.8)


@pytest.mark.few(2)
def test_the_best_return_for_its_risk_among_those_that_are_liquid_enough():
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=180, settlement_days=200)
    rows = {
        "pool": StakingPool(commission=0.1, unbonding_days=5.0),
        "dear pool": StakingPool(commission=0.5, unbonding_days=5.0),
        "mine": CloudMiningContract(term_days=360.0, stop_after_days=None),
    }
    results = simulate(rows, scenarios.reference(), grid, capital=1e4, n_paths=400, rng=1)
    liquid = [row.product for row in compare(results).rank("return_mean", max_days_to_cash=10.0).rows]
    assert liquid == ["pool", "dear pool"]
    sharpe = {name: results[name].risk().sharpe_ratio for name in rows}
    assert max(liquid, key=lambda name: sharpe[name]) == "pool"
    assert sharpe["pool"] > sharpe["dear pool"]


def test_a_fall_takes_the_yield_of_many_months():
    """A coin that falls by 20 % while 6 % a year are earned: ln(1 / 0.8) / ln(1.06) years, 46 months, are gone."""
    pool = StakingPool("SOL", commission=0.0)
    days = round(365 * math.log(1.0 / 0.8) / math.log(1.06))
    prices = np.where(np.arange(days + 1) == 0, 100.0, 80.0)
    market = Market(TimeGrid.daily("2026-01-01", days=days), {Price("SOL"): prices, StakingReward("SOL"): APY(0.06)})
    assert pool.run(market, capital=1_000.0).profit[0] == pytest.approx(0.0, abs=0.1)
    assert days / 365 * 12 == pytest.approx(46.0, abs=0.1)


@pytest.mark.few(2)
def test_a_small_part_in_mining_and_most_in_staking_swings_less_than_each_alone():
    """Shares of the same run, whose paths are paired: a tenth, six and three tenths."""
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=180, settlement_days=200)
    rows = {
        "mine": CloudMiningContract(term_days=180.0),
        "eth": StakingPool(),
        "btc": Holding("BTC"),
    }
    results = simulate(rows, scenarios.reference(), grid, capital=1e4, n_paths=400, rng=1)
    weights = {"mine": 0.1, "eth": 0.6, "btc": 0.3}
    mixed = np.sum([weight * results[name].returns for name, weight in weights.items()], axis=0)
    alone = sum(weight * results[name].returns.std() for name, weight in weights.items())
    assert mixed.mean() == pytest.approx(sum(w * results[name].returns.mean() for name, w in weights.items()))
    assert mixed.std() < alone
    assert mixed.std() < results["eth"].returns.std()


@pytest.mark.few(2)
def test_several_coins_and_platforms_together_swing_less_than_their_parts():
    """A third each in a token of ETH, a delegation of SOL and one of ATOM, as real offers have them."""
    sheets = {name: catalogue.get(name) for name in ("lido-steth", "sol-delegation", "atom-delegation")}
    world = catalogue.world(sheets.values(), scenarios.reference(coins=scenarios.REFERENCE_COINS))
    grid = TimeGrid.daily(scenarios.REFERENCE_START, days=180, settlement_days=60)
    rows = {name: sheet.product() for name, sheet in sheets.items()}
    results = simulate(rows, world, grid, capital=1e4, n_paths=400, rng=1)
    returns = np.array([results[name].returns for name in rows])
    basket = returns.mean(axis=0)
    variances = np.cov(returns)
    assert basket.var(ddof=1) == pytest.approx(variances.sum() / 9)
    assert basket.std() < np.mean([each.std() for each in returns])
    worst = [-np.sort(each)[:20].mean() for each in (*returns, basket)]
    assert worst[-1] < np.mean(worst[:-1])


@pytest.mark.few(2)
def test_one_of_five_platforms_fails_with_a_fifth_of_the_money():
    """2 % a year each: alone 2 of 100 paths lose all; over five, ten of 100 lose a fifth."""
    whole = Failure(Event("custodian", hazard=0.02))
    pools = {str(n): StakingPool(commission=0.0, failures=among_operators(whole, n)) for n in (1, 5)}
    world = Constants({Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0)})
    results = simulate(pools, world, TimeGrid.daily("2026-01-01", days=365), capital=1e4, n_paths=4_000, rng=1)
    assert (results["1"].returns < -0.99).mean() == pytest.approx(0.02, abs=0.01)
    assert (results["5"].returns < -0.19).mean() == pytest.approx(1.0 - math.exp(-0.1), abs=0.02)
    assert results["5"].returns.min() > -0.7
    assert results["5"].returns.mean() == pytest.approx(results["1"].returns.mean(), abs=0.01)
