"""`Execution`: tips and MEV of pools and tokens under their own line, by hand."""

from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    Execution,
    ExecutionReward,
    InputError,
    InputTypeError,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Payout,
    Price,
    Schedule,
    StakingPool,
    StakingReward,
    TimeGrid,
    Units,
)
from stakingmodels.errors import UnitWarning
from stakingmodels.market import Factor
from stakingmodels.products import token_history
from stakingmodels.protocols.chains import solana
from stakingmodels.serialize import dumps, loads, to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)
KINDS = pytest.mark.parametrize("kind", [StakingPool, LiquidStakingToken])
TEN = Units(10.0, "ETH")
FEE = {StakingPool: "commission", LiquidStakingToken: "protocol_fee"}
LINE = {StakingPool: "commission", LiquidStakingToken: "protocol"}


def market(reward=APR(0.365), tips: APR | None = APR(0.0365)):  # noqa: B008
    """A coin of 1 USD, a reward of 0.1 % a day, a tenth of it tips."""
    series: dict[Factor, Any] = {Price("ETH"): 1.0, StakingReward("ETH"): reward, MarketRatio("stETH"): 1.0}
    return Market(GRID, series if tips is None else {**series, ExecutionReward("ETH"): tips})


def lines(product, where=None, capital=TEN):
    outcome = product.run(where or market(), capital=capital)
    return {line.label: float(money[0]) for line, money in outcome.lines.items() if money[0]}


def sheet(kind, fee=0.5, **terms):
    more: Any = {"exit_route": "sale"} if kind is LiquidStakingToken else {}
    return kind(**{FEE[kind]: fee}, **more, **terms)


def test_tips_of_the_market_have_their_line_and_their_commission():
    pool = sheet(StakingPool, compounding=False, execution=Execution(commission=0.1))
    found = lines(pool)  # 10 ETH on two days: 0.009 of consensus, of which half is kept, and 0.001 of tips
    assert found == pytest.approx({"consensus": 0.018, "execution": 0.002, "commission": -0.009 - 0.0002})


@KINDS
def test_the_own_commission_applies_if_no_other_is_given(kind):
    plain, split = sheet(kind), sheet(kind, execution=Execution())
    assert lines(plain)["consensus"] == pytest.approx(lines(split)["consensus"] + lines(split)["execution"])
    assert lines(plain)[LINE[kind]] == pytest.approx(lines(split)[LINE[kind]])
    assert plain.run(market(), capital=TEN).closing == pytest.approx(split.run(market(), capital=TEN).closing)


def test_both_are_paid_on_the_coins_before_either():
    token = sheet(LiquidStakingToken, execution=Execution(share=0.25, commission=1.0))
    grown = 1.0 + 0.001 * 0.75 * 0.5  # tips are kept whole, of the rest half
    found = lines(token)
    assert found["execution"] == pytest.approx(10 * 0.00025 * (1.0 + grown))
    assert found["protocol"] == pytest.approx(-10 * (0.00025 + 0.000375) * (1.0 + grown))
    assert token.run(market(), capital=TEN).closing == pytest.approx(10.0 * grown**2)


def test_a_token_grows_by_both():
    token = sheet(LiquidStakingToken, accounting="accruing", execution=Execution(rate=APR(0.0365), commission=0.0))
    held = token_history(token, market(), capital=TEN)
    assert held.tokens[:2, 0].tolist() == [10.0, 10.0]
    assert held.coins_per_token[:3, 0] == pytest.approx((1.0 + 0.0005 + 0.0001) ** np.arange(3), rel=1e-13)


def test_a_growth_that_changes_from_step_to_step_is_followed():
    reward = np.array([0.365, 0.73, 0.0, 0.0, 0.0])
    token = sheet(LiquidStakingToken, accounting="accruing", execution=Execution(share=0.5, commission=0.0))
    held = token_history(token, market(APR(reward)), capital=TEN)
    assert held.coins_per_token[:3, 0] == pytest.approx([1.0, 1.00075, 1.00075 * 1.0015], rel=1e-13)


def test_a_rate_beyond_the_reward_is_paid_on_top_of_it():
    plain = sheet(StakingPool, compounding=False)
    pool = plain.replace(execution=Execution(rate=APR(0.0365), commission=0.04))
    assert lines(pool)["consensus"] == lines(plain)["consensus"]
    assert lines(pool)["execution"] == pytest.approx(0.002)
    effective = plain.replace(execution=Execution(rate=APY(0.5)))
    assert lines(effective)["execution"] == pytest.approx(2 * 10 * (1.5 ** (1 / 365) - 1.0))


@KINDS
def test_a_higher_commission_on_tips_leaves_less(kind):
    kept = [0.0, 0.2, 0.7, 1.0]
    found = [
        sheet(kind, execution=Execution(share=0.4, commission=fee)).run(market(), capital=TEN).closing for fee in kept
    ]
    coins = [each[0] for each in found]
    assert coins == sorted(coins, reverse=True)
    assert coins[0] > coins[-1]


@KINDS
def test_all_of_a_reward_may_be_tips_and_none_where_the_market_has_none(kind):
    whole = lines(sheet(kind, execution=Execution(share=1.0)))
    assert "consensus" not in whole
    assert whole["execution"] == pytest.approx(lines(sheet(kind))["consensus"])
    none = lines(sheet(kind, execution=Execution(commission=0.0)), market(tips=None))
    assert none == lines(sheet(kind), market(tips=None))


@KINDS
def test_tips_are_at_most_the_reward_and_nothing_of_a_loss(kind):
    more = lines(sheet(kind, execution=Execution()), market(tips=APR(0.9)))
    assert "consensus" not in more
    for terms in (Execution(), Execution(share=0.5)):
        lost = lines(sheet(kind, execution=terms), market(APR(-0.1)))
        assert lost == lines(sheet(kind), market(APR(-0.1)))
    beyond = lines(sheet(kind, fee=1.0, execution=Execution(rate=APR(0.365), commission=0.0)), market(APR(-0.1825)))
    assert beyond["execution"] > 0.0 > beyond["consensus"]


def test_coins_in_a_queue_that_pays_are_paid_both():
    pool = StakingPool(
        commission=0.0, unbonding_days=2.0, earns_while_unbonding=True, execution=Execution(share=0.5, commission=1.0)
    )
    found = lines(pool)  # two days in the stake, and two in the queue, each on what is left
    assert found["execution"] == pytest.approx(10 * 0.0005 * (1.0 + 1.0005 + 2 * 1.0005**2))
    assert found["commission"] == pytest.approx(-found["execution"])


def test_the_coins_of_others_grow_by_both():
    pool = StakingPool(commission=0.0, validator_size=16.0, other_coins=6.0)
    terms = None, Execution(share=0.5, commission=0.0), Execution(share=0.5, commission=1.0)
    ends = [pool.replace(execution=each).run(market(APR(0.99)), capital=TEN).closing for each in terms]
    assert ends[1] == pytest.approx(ends[0])
    assert ends[2][0] < ends[1][0]


def test_a_commission_on_tips_may_change():
    pool = sheet(StakingPool, compounding=False, execution=Execution(commission=Schedule((0.0, 1.0), after_days=1.5)))
    assert lines(pool)["commission"] == pytest.approx(-0.009 - 0.0005)


def test_a_payout_pays_both():
    pool = StakingPool(commission=0.0, payout=Payout(1.0, to="holder"), execution=Execution())
    assert lines(pool) == pytest.approx({"consensus": 0.018, "execution": 0.002})


def test_a_chain_whose_reward_is_inflation_has_its_mev_beside_it():
    chain = solana.Solana()
    pool = StakingPool.on(chain, commission=0.05, execution=Execution(rate=APR(0.0041), commission=0.08))
    where = Market(GRID, {Price("SOL"): 100.0, StakingReward("SOL"): chain.realized_apr()})
    found = lines(pool, where, 1e6)
    assert found["execution"] / found["consensus"] == pytest.approx(0.0041 / chain.realized_apr().value, rel=1e-9)


def test_only_the_market_s_tips_are_read_from_it():
    assert ExecutionReward("ETH") in StakingPool(execution=Execution()).factors
    for terms in (None, Execution(share=0.5), Execution(rate=APR(0.01))):
        assert ExecutionReward("ETH") not in StakingPool(execution=terms).factors
        assert ExecutionReward("ETH") not in LiquidStakingToken(execution=terms).factors


def test_bad_terms_are_refused_in_one_sentence():
    with pytest.raises(InputError, match=r"^Execution.rate: must not be given beside a share of the reward"):
        Execution(share=0.5, rate=APR(0.01))
    with pytest.raises(InputError, match=r"^Execution.share: must be in \(0, 1\], else nothing of it is felt, got 0"):
        Execution(share=0.0)
    with pytest.raises(InputError, match=r"^Execution.rate: must be above 0, else nothing of it is felt"):
        Execution(rate=APR(0.0))
    with pytest.raises(InputError, match=r"^Execution.commission: must be a fraction in \[0, 1\]"):
        Execution(commission=1.5)
    with pytest.raises(InputTypeError, match=r"^StakingPool.execution: .*Execution\(commission=0.04\)"):
        StakingPool(execution=0.1)  # type: ignore[arg-type]
    with pytest.warns(UnitWarning, match=r"Execution.rate"):
        Execution(rate=APR(4.1))


@KINDS
@pytest.mark.parametrize(
    "terms",
    [
        Execution(),
        Execution(share=0.2, commission=0.1),
        Execution(rate=APY(0.01), commission=Schedule((0.1, 0.2), after_days=30.0)),
        Execution(commission=0.0),
    ],
)
def test_execution_terms_are_the_same_after_files(kind, terms, tmp_path):
    product = kind(execution=terms)
    assert loads(dumps(product)) == product
    file = tmp_path / "products.toml"
    file.write_text(to_toml({"a": product}), "utf-8")
    assert read_products(file) == {"a": product}


@conform
@KINDS
@pytest.mark.parametrize("terms", [Execution(commission=0.05), Execution(share=0.3), Execution(rate=APR(0.02))])
def test_products_with_execution_rewards_conform(check, kind, terms):
    check(kind(execution=terms))
