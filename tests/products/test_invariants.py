"""Terms and markets made by hypothesis, held to every named check and to the rules of accounts."""

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stakingmodels import (
    CloudMiningContract,
    Group,
    Holding,
    Line,
    LiquidStakingToken,
    Market,
    Outcome,
    SoloValidator,
    StakingPool,
)
from stakingmodels.products import Schedule
from stakingmodels.termsheets import KINDS as KINDS_BY_NAME
from stakingmodels.testing import CHECKS
from stakingmodels.testing.replay import Replay
from stakingmodels.testing.snapshot import Snapshot
from stakingmodels.testing.strategies import cases, markets, time_grids
from tests.examples import examples

KINDS = [*KINDS_BY_NAME.values()]
SUM = 1e-12
BOUND = 4.0 * np.finfo(float).eps
each_kind = pytest.mark.parametrize("kind", KINDS)


def in_lots(kind, product):
    """Of few validators that were asked for no half can leave, however much capital there is."""
    return product.replace(validators=None) if kind is SoloValidator else product


def check_all(kind, product, market, capital):
    for name, check in CHECKS.items():
        check(in_lots(kind, product) if name == "exit-share" else product, market, capital=capital)


def ledger_of(case) -> tuple[Outcome, Replay]:
    product, market, capital = case
    outcome = product.run(market, capital=capital, keep="ledger")
    return outcome, Replay(outcome, Snapshot.of(market, product.factors))


@each_kind
@examples(8)
@given(data=st.data())
def test_every_check_holds_on_any_terms_and_market(kind, data):
    """All checks of `testing`, on drawn terms and markets."""
    check_all(kind, *data.draw(cases(kind)))


@pytest.mark.slow
@each_kind
@settings(max_examples=150)
@given(data=st.data())
def test_every_check_holds_on_many_terms_and_markets(kind, data):
    """As above, on longer grids and more paths."""
    check_all(kind, *data.draw(cases(kind, grid=time_grids(max_steps=40), max_paths=9)))


@each_kind
@examples(40)
@given(data=st.data())
def test_no_sound_product_is_said_to_break_its_books(kind, data):
    """What every run verifies has no false alarm, whatever the jumps of the market."""
    product, market, capital = data.draw(cases(kind))
    product.run(market, capital=capital, keep="summary")


# Terms, units and rewards


@examples(60)
@given(data=st.data())
def test_a_lower_commission_is_never_worse_on_any_path(data):
    """For a fixed exit and without a stop rule; pool and mining contract."""
    kind = data.draw(st.sampled_from((StakingPool, CloudMiningContract)))
    product, market, capital = data.draw(cases(kind))
    if isinstance(product, CloudMiningContract):
        # a minimum pay-out makes the day of a sale depend on what was mined
        product = product.replace(stop_after_days=None, minimum_payout_btc=0.0)
    if isinstance(product, StakingPool):
        product = product.replace(payout=None)  # whether a claim is worth its cost depends on the commission
    field = "commission" if isinstance(product, StakingPool) else "pool_fee"
    low, high = sorted(data.draw(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0))))
    better, worse = (
        attrs.evolve(product, **{field: fee}).run(market, capital=capital, keep="ledger") for fee in (low, high)
    )
    scale = Replay(better, Snapshot.of(market, product.factors)).scale[-1]
    assert (better.profit >= worse.profit - SUM * scale).all()


@examples(60)
@given(data=st.data(), power=st.integers(-20, 20))
def test_price_scaled_scales_money_and_leaves_coins(data, power):
    """Price and capital times 2**m give money times 2**m and the same coins, bit by bit."""
    kind = data.draw(st.sampled_from((Holding, StakingPool)))
    product, market, capital = data.draw(cases(kind))
    if isinstance(product, StakingPool):
        product = product.replace(entry=None, payout=None, exit_gas_usd=0.0)  # in dollars, whatever the coin's price
        if product.asset == "USD":  # a validator of so many dollars is of less coins at a higher price
            product = product.replace(validator_size=None, other_coins=0.0, joining_coins_per_day=0.0)
    scale = 2.0**power
    given_rows = Snapshot.of(market, product.factors)
    scaled = {f: rows * scale if f.rescales else rows for f, rows in given_rows.rows.items()}
    one = product.run(given_rows.market(), capital=capital)
    two = product.run(attrs.evolve(given_rows, rows=scaled).market(), capital=capital * scale)
    assert np.array_equal(two.closing, one.closing * scale)
    for line, money in one.lines.items():
        assert np.array_equal(two.lines[line], money * scale)
    for (asset, place), units in one.units.items():
        assert np.array_equal(two.units[asset, place], units * (scale if asset == "USD" else 1.0))


@examples(40)
@given(data=st.data())
def test_no_reward_and_no_cost_leave_units_constant(data):
    """At a reward of 0 the coins stay what they were, exactly, and rewards and fees are 0."""
    pool = StakingPool(commission=data.draw(st.floats(0.0, 1.0)), compounding=data.draw(st.booleans()))
    given_rows = Snapshot.of(data.draw(markets(pool.factors, cash=False)), pool.factors)
    still = {f: rows * 0.0 if f.is_rate else rows for f, rows in given_rows.rows.items()}
    world = attrs.evolve(given_rows, rows=still)
    outcome = pool.run(world.market(), capital=1_000.0, keep="ledger")
    held = Replay(outcome, world).held
    staked = next(units for slot, units in held.items() if slot.place == "staked")
    assert (staked[: world.grid.exit] == staked[0]).all()
    assert not any(np.any(outcome.lines.get(line, 0.0)) for line in (Line.CONSENSUS, Line.COMMISSION))


# Accounts


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not LiquidStakingToken])  # opens at its ratio
@examples(30)
@given(data=st.data())
def test_at_the_opening_there_is_the_capital_less_what_the_terms_charge(kind, data):
    outcome, _ = ledger_of(data.draw(cases(kind)))
    assert outcome.values is not None
    at_opening = [entry for entry in outcome.entries or () if entry.step == -1 and entry.line is not None]
    assert {entry.line for entry in at_opening} <= {Line.TRADING, Line.OPERATING, Line.NETWORK_FEE}
    charged = sum((entry.units for entry in at_opening), np.zeros(outcome.n_paths))
    assert (np.abs(outcome.values[0] - (outcome.capital + charged)) <= SUM * outcome.capital).all()


@examples(40)
@given(data=st.data())
def test_a_commission_is_that_share_of_each_reward(data):
    product, market, capital = data.draw(cases(StakingPool))
    product = product.replace(execution=None)  # tips have a commission of their own
    rewards, taken = {}, {}
    for entry in product.run(market, capital=capital, keep="ledger").entries or ():
        if entry.line is Line.CONSENSUS:
            rewards[entry.step] = entry.units
        elif entry.line is Line.COMMISSION:
            taken[entry.step] = entry.units
    for step, reward in rewards.items():
        commission = -taken.get(step, np.zeros(reward.shape))
        if isinstance(product.commission, Schedule):
            values = np.array(product.commission.values, dtype=np.float64)
            assert ((values.min() - BOUND) * np.abs(reward) <= np.abs(commission)).all()
            assert (np.abs(commission) <= (values.max() + BOUND) * np.abs(reward)).all()
        else:
            assert np.abs(commission - product.commission * reward).max() <= BOUND * np.abs(reward).max()


@examples(40)
@given(data=st.data())
def test_losses_are_never_more_than_there_was(data):
    product, market, capital = data.draw(cases(StakingPool))
    outcome, replay = ledger_of((product, market, capital))
    coins = {line: units for (line, asset), units in outcome.native.items() if asset == product.asset}
    bought = sum((units[0] for slot, units in replay.held.items() if slot.asset == product.asset), 0.0)
    earned = sum((u for line, u in coins.items() if line.group in (Group.REWARD, Group.FEE)), np.zeros(outcome.n_paths))
    lost = -coins.get(Line.SLASHING, np.zeros(outcome.n_paths))
    assert (lost >= 0.0).all()
    assert (lost <= (bought + earned) * (1.0 + SUM)).all()


@each_kind
@examples(30)
@given(data=st.data())
def test_the_gain_is_the_sum_of_its_causes_and_no_more_is_lost_than_was_put_in(kind, data):
    outcome, replay = ledger_of(data.draw(cases(kind)))
    parts = sum((outcome.group(group) for group in Group), np.zeros(outcome.n_paths)) - outcome.contributions
    assert (np.abs(outcome.profit - parts) <= SUM * replay.scale[-1]).all()
    fees = sum((money for line, money in outcome.lines.items() if line.group in (Group.FEE, Group.COST)), np.zeros(1))
    assert (np.abs(outcome.cost + fees) <= SUM * replay.scale[-1]).all()
    assert (outcome.profit >= -outcome.invested - SUM * replay.scale[-1]).all()


@each_kind
@examples(20)
@given(data=st.data())
def test_what_a_run_keeps_does_not_change_it(kind, data):
    product, market, capital = data.draw(cases(kind))
    totals, values, ledger = (product.run(market, capital=capital, keep=k) for k in ("totals", "values", "ledger"))
    assert totals.values is None
    assert totals.entries is None
    for other in (values, ledger):
        assert np.array_equal(totals.closing, other.closing)
        # a run that has been paid out rests where nothing is kept of it, and books no more zeros
        assert all(np.array_equal(totals.lines.get(line, money * 0.0), money) for line, money in other.lines.items())


@examples(20)
@given(data=st.data())
def test_a_quote_closes_too(data):
    """On a market frozen at its opening."""
    product, market, capital = data.draw(cases(data.draw(st.sampled_from(KINDS))))
    quote = product.quote(market, capital=capital)
    outcome = quote.outcome
    money = outcome.capital + sum(outcome.lines.values(), np.zeros(outcome.n_paths))
    scale = outcome.capital + sum((np.abs(m) for m in outcome.lines.values()), outcome.closing)
    assert (np.abs(outcome.closing - money) <= SUM * scale).all()
    assert isinstance(market, Market)
