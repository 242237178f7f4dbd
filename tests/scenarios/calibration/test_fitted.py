"""`Fit`: scenarios, draws, table and dictionary of what was measured."""

import json

import attrs
import numpy as np
import pytest

from stakingmodels import (
    APY,
    BlockFees,
    Constants,
    Difficulty,
    Holding,
    InputError,
    InputTypeError,
    Joint,
    MarketRatio,
    Price,
    simulate,
)
from stakingmodels.market import CashRate, Hashrate, TimeGrid
from stakingmodels.protocols.chains.bitcoin import hashprice_per_ph_s_day
from stakingmodels.scenarios import (
    GBM,
    GeometricBrownianMotion,
    HashrateResponse,
    History,
    MertonJumpDiffusion,
    Streams,
    daily_series,
    reference,
)
from stakingmodels.scenarios.calibration.estimates import Estimate
from stakingmodels.scenarios.calibration.fitting import fit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.scenarios.levels import cash_drift

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
HASHRATE, DIFFICULTY, STETH = Hashrate("BTC"), Difficulty("BTC"), MarketRatio("stETH")


def history(series, first="2015-01-01", **how):
    """A history of arrays, from one day on."""
    days = {f: np.datetime64(first) + np.arange(len(values)) for f, values in series.items()}
    return History(
        {f: daily_series(days[f], np.asarray(v, dtype=float), name=str(f)) for f, v in series.items()}, **how
    )


def walk(rng, days, volatility, log_drift=0.0, start=100.0):
    moves = rng.standard_normal(days) * volatility / 365**0.5 + log_drift / 365
    return start * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(8)
    moves = 0.03 * rng.standard_normal((2, 1500))
    moves[0, ::100] -= 0.4
    series = {f: 50.0 * np.exp(np.cumsum(m)) for f, m in zip((ETH, BTC), moves, strict=True)}
    y = 0.01 * rng.standard_normal(1500)
    for k in range(1, 1500):
        y[k] += 0.95 * y[k - 1]
    return fit(history({**series, DIFFICULTY: walk(rng, 1499, 0.3, 0.4), STETH: np.exp(y)}))


def test_lognormal_has_the_fitted_numbers(found):
    made = found.geometric_brownian_motion(initial_levels={ETH: 7.0}, drift={BTC: 0.1})
    assert made.levels[ETH].initial_level == 7.0
    assert made.levels[ETH].drift == found.levels[ETH].trend.value + 0.5 * found.levels[ETH].volatility.value ** 2
    assert made.levels[BTC].initial_level == found.levels[BTC].initial_level
    assert made.levels[BTC].drift == 0.1
    assert made.correlation[ETH, DIFFICULTY] == found.correlation[ETH, DIFFICULTY].value


def test_merton_jumps_keep_trend_and_variance(found):
    made = found.merton_jump_diffusion().levels
    assert made[BTC].jump_intensity == made[DIFFICULTY].jump_intensity == 0.0
    assert made[BTC].drift == pytest.approx(found.levels[BTC].drift, rel=1e-12)
    eth = made[ETH]
    trend = eth.drift - 0.5 * eth.volatility**2 - eth.jump_drift + eth.jump_intensity * eth.log_jump_mean
    assert trend == pytest.approx(found.levels[ETH].trend.value, rel=1e-9)
    assert eth.total_volatility == pytest.approx(found.levels[ETH].volatility.value, rel=0.02)
    assert found.merton_jump_diffusion(drift={ETH: 0.2}).levels[ETH].drift == 0.2


def test_the_scenario_rewards_no_risk(found):
    world = found.scenario(initial_levels={ETH: 9.0, STETH: 0.9}, cash_rate=APY(0.04))
    assert world.factors == {ETH, BTC, DIFFICULTY, STETH, CashRate("USD")}
    levels, peg = world.parts[0].levels, world.parts[1]
    assert levels[ETH].drift == levels[BTC].drift == pytest.approx(np.log(1.04), rel=1e-12)
    assert levels[DIFFICULTY].drift == found.levels[DIFFICULTY].drift
    assert (levels[ETH].initial_level, peg.initial_level) == (9.0, 0.9)
    assert isinstance(found.scenario(jumps=True).parts[0], MertonJumpDiffusion)
    assert found.scenario().parts[0].levels[ETH].drift == 0.0


def test_the_cash_drift_is_that_of_the_built_in_world():
    world = reference(cash_rate=APY(0.05))
    levels = next(part for part in world.parts if isinstance(part, GeometricBrownianMotion)).levels
    assert cash_drift("x", APY(0.05)) == levels[ETH].drift


@pytest.mark.parametrize("jumps", [False, True])
def test_the_scenario_runs(found, jumps):
    grid = TimeGrid.daily(found.last, days=30)
    outcome = simulate(
        {"hold": Holding(asset="ETH")}, found.scenario(jumps=jumps), grid, capital=1.0, n_paths=500, rng=1
    )
    profit = outcome["hold"].profit
    assert abs(profit.mean()) < 4.0 * profit.std() / 500**0.5


def test_draws_have_the_standard_errors(found):
    draws = [found.sample_parameters(np.random.default_rng(seed)) for seed in range(400)]
    for read in (
        lambda f: f.levels[ETH].volatility,
        lambda f: f.levels[ETH].trend,
        lambda f: f.correlation[ETH, BTC],
        lambda f: f.jumps[ETH].jump_intensity,
        lambda f: f.jumps[ETH].mean,
        lambda f: f.ratios[STETH].mean,
        lambda f: f.ratios[STETH].half_life_days,
    ):
        truth, values = read(found), np.array([read(draw).value for draw in draws])
        assert values.mean() == pytest.approx(truth.value, abs=4.0 * truth.standard_error / 20.0)
        assert values.std() == pytest.approx(truth.standard_error, rel=0.15)
    assert all(isinstance(draw.scenario(jumps=True).parts[0], MertonJumpDiffusion) for draw in draws[:20])


def test_draws_are_those_of_the_generator(found):
    one, two, three = (found.sample_parameters(np.random.default_rng(seed)).to_dict() for seed in (1, 1, 2))
    assert one == two != three
    assert found.sample_parameters(1).to_dict() == one
    assert found.sample_parameters().to_dict() != found.sample_parameters(None).to_dict()
    with pytest.raises(InputTypeError, match=r"^Fit\.sample_parameters: rng: must be an integer, got str 'a'"):
        found.sample_parameters("a")


def test_draws_stay_in_their_domain():
    rng = np.random.default_rng(1)
    values = [Estimate(0.1, 1.0).sample_parameters(rng, 0.0, 0.3).value for _ in range(200)]
    assert 0.0 < min(values) < 0.05
    assert 0.25 < max(values) < 0.3
    assert Estimate(0.0, 0.0).sample_parameters(rng, 0.0, 1.0) == Estimate(0.0, 0.0)


def test_correlations_that_contradict_each_other_are_brought_back(found):
    wild = {pair: attrs.evolve(rho, standard_error=1.0) for pair, rho in found.correlation.items()}
    rng = np.random.default_rng(1)
    for _ in range(50):
        attrs.evolve(found, correlation=wild).sample_parameters(rng).geometric_brownian_motion()


def test_table_and_dictionary(found):
    text = str(found)
    assert text == repr(found)
    assert text.startswith("Fitted to 2015-01-01 to 2019-02-08\nof ")
    for line in ('Price("ETH")', "half-life in days", "jumps a year", "excess kurtosis", "R squared"):
        assert line in text
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["levels"]['Price("ETH")']["volatility"] == attrs.asdict(found.levels[ETH].volatility)
    assert plain["correlation"]['Price("ETH"), Price("BTC")']["value"] == found.correlation[ETH, BTC].value


@pytest.mark.parametrize("elasticity", [-0.01, 1.0])
def test_an_elasticity_that_no_offer_has_is_refused(elasticity):
    none = Estimate(0.0, 0.0)
    terms = ResponseFit(
        by_lag=(), elasticity=Estimate(elasticity, 0.1), growth=none, volatility=none, months=50, r_squared=0.5
    )
    with pytest.raises(
        InputError, match=r"ResponseFit\.hashprice_elasticity: must have an elasticity to price in \[0, 1\)"
    ):
        _ = terms.hashprice_elasticity


def one_response(*by_lag, **terms):
    return ResponseFit(
        **{
            "by_lag": tuple(Estimate(x, 0.1) for x in by_lag),
            "elasticity": Estimate(sum(by_lag), 0.1),
            "growth": Estimate(0.3, 0.1),
            "volatility": Estimate(0.2, 0.1),
            "months": 50,
            "r_squared": 0.5,
            **terms,
        }
    )


def test_the_half_life_is_that_of_the_mean_lag():
    found = one_response(0.1, 0.2, 0.1)  # a mean lag of a month, an elasticity to price of 0.4
    assert found.half_life_days == pytest.approx(np.log(2.0) * 365.0 / 12.0 / 0.6, rel=1e-12)


@pytest.mark.parametrize("by_lag", [(0.2,), (0.3, -0.1), (), (-0.1, 0.05)])
def test_a_response_at_once_has_no_half_life(by_lag):
    with pytest.raises(InputError, match=r"half_life_days: must have a response that lags .* \(give half_life_days\)"):
        _ = one_response(*by_lag, elasticity=Estimate(0.2, 0.1)).half_life_days


def test_draws_of_a_small_elasticity_are_still_offered():
    found = one_response(0.1, 0.1, elasticity=Estimate(0.05, 0.3))
    draws = [found.sample_parameters(np.random.default_rng(seed)).elasticity.value for seed in range(200)]
    assert 0.0 < min(draws) < 0.05
    assert 0.4 < max(draws) < 0.99


@pytest.fixture(scope="module")
def mined():
    """Forty years of a network that answers to the price, with fees so high that halvings do not matter."""
    price, fees, height, elasticity = 90_000.0, 1_000.0, 924_350, 0.5
    miners = HashrateResponse(
        difficulty=1.5e14,
        height=height,
        elasticity=elasticity,
        half_life_days=30.0,
        breakeven=float(hashprice_per_ph_s_day(1.5e14, fees + 3.125, price)),
        breakeven_growth=0.0,
        volatility=0.01,
        fleet_growth=0.3 * (1.0 + elasticity),
    )
    prices = GeometricBrownianMotion({BTC: GBM(price, volatility=0.6, drift=0.18)})
    world = Joint([prices, Constants({BlockFees("BTC"): fees}), miners])
    market = world.market(
        TimeGrid.daily("1975-01-01", days=40 * 365), frozenset({BTC, HASHRATE}), streams=Streams(3), n_paths=1
    )
    chunks = [{f: chunk.rows[f][1:, 0].copy() for f in (BTC, HASHRATE)} for chunk in market.chunks()]
    return fit(history({f: np.concatenate([c[f] for c in chunks]) for f in (BTC, HASHRATE)}, first="1975-01-02"))


def test_a_drawn_response_is_recovered(mined):
    made = mined.hashrate_response(height=924_350, block_fees_btc=1_000.0)
    assert made.elasticity == pytest.approx(0.5, rel=0.1)
    assert made.fleet_growth == pytest.approx(0.45, rel=0.05)
    assert 0.6 * 30.0 < made.half_life_days < 30.0
    assert made.difficulty == mined.levels[DIFFICULTY].initial_level


def test_the_network_of_a_fit_opens_at_rest_and_grows_as_it_did(mined):
    """At a still price its hash rate grows as fitted, whatever the breakeven does."""
    growth = mined.responses[HASHRATE].growth.value
    grid = TimeGrid.daily("2024-06-01", days=1200)
    for breakeven_growth in (0.0, -0.3):
        miners = attrs.evolve(
            mined.hashrate_response(
                height=850_000,
                block_fees_btc=0.02,
                initial_levels={BTC: 60_000.0, DIFFICULTY: 9e13},
                breakeven_growth=breakeven_growth,
            ),
            volatility=0.0,
        )
        assert miners.breakeven == pytest.approx(float(hashprice_per_ph_s_day(9e13, 3.145, 60_000.0)), rel=1e-12)
        world = Joint([Constants({BTC: 60_000.0, BlockFees("BTC"): 0.02}), miners])
        market = world.market(grid, frozenset({HASHRATE}), streams=Streams(1), n_paths=1)
        rates = np.concatenate([chunk.rows[HASHRATE][:-1, 0].copy() for chunk in market.chunks()])
        assert rates[1] == pytest.approx(rates[0], rel=1e-3)
        assert np.log(rates[1100] / rates[370]) / 2.0 == pytest.approx(growth, abs=0.01)


def test_miners_take_the_place_of_the_difficulty(mined):
    miners = mined.hashrate_response(height=924_350, block_fees_btc=0.02, half_life_days=50.0)
    assert miners.half_life_days == 50.0
    world = mined.scenario(miners=miners, constants={BlockFees("BTC"): 0.02}, jumps=True)
    assert [type(part).__name__ for part in world.parts] == ["MertonJumpDiffusion", "Constants", "HashrateResponse"]
    assert list(world.parts[0].levels) == [BTC]
    assert world.depends_on == frozenset()
    outcome = simulate(
        {"hold": Holding(asset="BTC")}, world, TimeGrid.daily(mined.last, days=5), capital=1.0, n_paths=3, rng=1
    )
    assert np.isfinite(outcome["hold"].profit).all()


def test_a_response_that_was_not_fitted_is_refused(found, mined):
    with pytest.raises(InputError, match=r"Fit\.hashrate_response: must have fitted a response of Hashrate"):
        found.hashrate_response(height=1, block_fees_btc=0.0)
    bare = attrs.evolve(mined, levels={})
    with pytest.raises(
        InputError, match=r'must have fitted Price\("BTC"\), got .* \(initial_levels=\{Price\("BTC"\): \.\.\.\}\)'
    ):
        bare.hashrate_response(height=1, block_fees_btc=0.0)
    assert (
        bare.hashrate_response(height=1, block_fees_btc=0.0, initial_levels={BTC: 1.0, DIFFICULTY: 1.0}).difficulty
        == 1.0
    )
    with pytest.raises(InputError, match=r"Fit\.hashrate_response: height: must be an integer"):
        mined.hashrate_response(height=-1, block_fees_btc=0.0)
    with pytest.raises(InputTypeError, match=r"Fit\.scenario: miners: must be HashrateResponse"):
        mined.scenario(miners=True)


def test_constants_of_a_fit(found):
    world = found.scenario(constants={BlockFees("BTC"): 0.5}, cash_rate=APY(0.04))
    assert world.parts[-1].values == {BlockFees("BTC"): 0.5, CashRate("USD"): APY(0.04)}
    with pytest.raises(InputError, match=r"Fit\.scenario: constants: must not name what was fitted, got 'Price"):
        found.scenario(constants={ETH: 1.0})
    with pytest.raises(InputTypeError, match=r"Fit\.scenario: constants: must be a mapping"):
        found.scenario(constants=[BlockFees("BTC")])


def test_a_drawn_response_stays_one():
    terms = ResponseFit(
        by_lag=(Estimate(0.5, 0.1),),
        elasticity=Estimate(0.5, 0.1),
        growth=Estimate(0.3, 0.1),
        volatility=Estimate(0.2, 0.1),
        months=50,
        r_squared=0.5,
    )
    draws = [terms.sample_parameters(np.random.default_rng(seed)) for seed in range(200)]
    assert np.std([draw.elasticity.value for draw in draws]) == pytest.approx(0.1, rel=0.2)
    assert np.std([draw.growth.value for draw in draws]) == pytest.approx(0.1, rel=0.2)
    assert min(draw.volatility.value for draw in draws) > 0.0
    assert draws[0].by_lag == terms.by_lag


def test_what_was_not_fitted_is_refused(found):
    with pytest.raises(InputError, match=r"Fit\.geometric_brownian_motion: initial_levels: must name what was fitted"):
        found.geometric_brownian_motion(initial_levels={SOL: 1.0})
    with pytest.raises(InputError, match=r"Fit\.merton_jump_diffusion: drift: must name what was fitted"):
        found.merton_jump_diffusion(drift={SOL: 1.0})
    with pytest.raises(InputTypeError, match=r"Fit\.scenario: initial_levels: must be a mapping"):
        found.scenario(initial_levels=3.0)
    with pytest.raises(InputError, match=r"Fit\.mean_reverting_peg: ratio: must be one of"):
        found.mean_reverting_peg(MarketRatio("rETH"))
