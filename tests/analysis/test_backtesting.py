"""`backtest`: predictions by hand, no look-ahead, and coverage of data that follow the law."""

import itertools
import re
from typing import Any

import attrs
import numpy as np
import pytest
from scipy import stats

from stakingmodels.analysis import backtest, fitted
from stakingmodels.errors import InputError, InputTypeError, StakingModelsError
from stakingmodels.market import BlockFees, Difficulty, Event, Factor, Hashrate, Price, StakingReward
from stakingmodels.products import CloudMiningContract, Failure, Holding, SoloValidator, StakingPool
from stakingmodels.protocols.chains import bitcoin
from stakingmodels.rates import APR
from stakingmodels.scenarios import (
    GBM,
    Constants,
    DailySeries,
    GeometricBrownianMotion,
    HashrateResponse,
    History,
    Joint,
    StationaryBootstrap,
    daily_series,
    fit,
)

ETH, BTC, REWARD = Price("ETH"), Price("BTC"), StakingReward("ETH")
HASHRATE, DIFFICULTY, FEES = Hashrate("BTC"), Difficulty("BTC"), BlockFees("BTC")
DAYS = np.arange("2020-01-01", "2023-06-01", dtype="M8[D]")
HOLD = {"hold": Holding(asset="ETH")}


def walk(seed, volatility=0.6, start=1000.0, days=DAYS):
    """Made-up closes whose mean does not move."""
    daily = volatility / np.sqrt(365.0)
    moves = np.random.default_rng(seed).normal(-0.5 * daily**2, daily, days.size - 1)
    return start * np.exp(np.concatenate([[0.0], np.cumsum(moves)]))


def series(values, days=DAYS, name="made up"):
    return daily_series(days, np.asarray(values, dtype=float), name=name)


CLOSES = walk(1)
HISTORY = History({ETH: series(CLOSES)})


def at(date, days=DAYS):
    return int((np.datetime64(date) - days[0]).astype(int))


def run(history=HISTORY, products=HOLD, **changes):
    given: dict[str, Any] = {"days": 30, "first": "2022-06-01", "capital": 1000.0, "n_paths": 500, "rng": 1} | changes
    return backtest(products, history, **given)


# Windows


def test_windows_follow_one_another_and_realise_what_was_recorded():
    rows = run(days=50).rows
    assert [row.start for row in rows] == [
        str(np.datetime64("2022-06-01") + np.timedelta64(50 * k, "D")) for k in range(7)
    ]
    assert all(a.end == b.start for a, b in itertools.pairwise(rows))
    by_hand = [CLOSES[at(row.end)] / CLOSES[at(row.start)] - 1.0 for row in rows]
    assert [row.realized for row in rows] == pytest.approx(by_hand, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "last", "starts"),
    [
        ("2023-05-01", None, ["2023-05-01"]),  # 31 May is the last close
        ("2023-03-01", "2023-03-31", ["2023-03-01", "2023-03-31"]),
        ("2023-03-01", "2023-03-30", ["2023-03-01"]),
        (np.datetime64("2023-03-01"), np.datetime64("2099-01-01"), ["2023-03-01", "2023-03-31", "2023-04-30"]),
    ],
)
def test_first_and_last(first, last, starts):
    assert [row.start for row in run(first=first, last=last).rows] == starts


def test_a_tail_is_part_of_the_window():
    products = {"pool": StakingPool(asset="ETH", unbonding_days=10.0)}
    history = History({ETH: series(CLOSES), REWARD: series(np.full(DAYS.size, 0.03), name="apr")})
    rows = run(history, products, settlement_days=12).rows
    assert [row.start for row in rows[:2]] == ["2022-06-01", "2022-07-13"]
    assert rows[0].end == "2022-07-13"
    sold = CLOSES[at("2022-07-11")] / CLOSES[at("2022-06-01")]  # ten days after the exit
    assert rows[0].realized == pytest.approx(sold * (1.0 + 0.9 * 0.03 / 365.0) ** 30 - 1.0, rel=1e-9)


# Predictions


def test_the_band_is_that_of_the_parameters_known_then():
    rows = run(n_paths=8192).rows
    for row in rows:
        past = History({ETH: series(CLOSES[: at(row.start) + 1], DAYS[: at(row.start) + 1])})
        volatility = fit(past).levels[ETH].volatility.value
        deviation = volatility * np.sqrt(30.0 / 365.0)
        law = stats.lognorm(deviation, scale=np.exp(-0.5 * deviation**2))
        found = [row.low + 1.0, row.median + 1.0, row.high + 1.0]
        # standard errors of quantiles of 8,192 paths are below 0.012
        assert found == pytest.approx(law.ppf([0.05, 0.5, 0.95]), abs=0.02)
        assert row.pit == pytest.approx(law.cdf(row.realized + 1.0), abs=0.02)
        assert row.inside == (row.low <= row.realized <= row.high)


def test_another_band():
    narrow, wide = run(band=(0.25, 0.75), n_paths=4000), run(band=(0.01, 0.99), n_paths=4000)
    assert [row.pit for row in narrow.rows] == [row.pit for row in wide.rows]
    assert all(w.low < n.low < n.high < w.high for n, w in zip(narrow.rows, wide.rows, strict=True))
    inside = sum(0.25 <= row.pit <= 0.75 for row in narrow.rows)
    assert narrow.coverage()[0].n_inside == inside


@pytest.mark.slow
def test_data_that_follow_the_law_are_covered_as_promised():
    days = np.arange("2000-01-01", "2009-01-01", dtype="M8[D]")
    history = History({ETH: series(walk(3, days=days), days)})
    found = run(history, days=7, first="2002-01-01", lookback_days=730, n_paths=1000)
    ranks = found.pits("hold")
    assert ranks.size > 350
    assert stats.kstest(ranks, "uniform").pvalue > 0.01
    assert found.coverage()[0].ci_low < 0.9 < found.coverage()[0].ci_high


@pytest.mark.slow
def test_twice_the_volatility_is_seen():
    days = np.arange("2000-01-01", "2006-01-01", dtype="M8[D]")
    history = History({ETH: series(walk(3, days=days), days)})

    def world(past):
        return GeometricBrownianMotion({ETH: GBM(float(past.recorded(ETH)[-1]), volatility=0.3)})  # the data have 0.6

    found = run(history, days=7, first="2002-01-01", model=world, n_paths=1000).coverage()[0]
    assert found.ci_high < 0.75


def everything(after=None):
    """Prices, hash rate, fees and the reward, all made up; after a date, others than without it."""
    values = {
        ETH: CLOSES.copy(),
        BTC: walk(2, 0.5, 30_000.0),
        HASHRATE: walk(3, 0.3, 2.0e8),
        FEES: np.random.default_rng(4).uniform(0.01, 0.1, DAYS.size),
        REWARD: np.random.default_rng(5).uniform(0.03, 0.05, DAYS.size),
    }
    if after is not None:
        later = slice(at(after) + 1, None)
        for k, each in enumerate(values.values()):
            each[later] *= 1.3 + 0.1 * k + 0.2 * np.random.default_rng(6 + k).random(each[later].size)
    return History({f: series(v, name=str(f)) for f, v in values.items()})


def everyone(_date, known):
    """Terms that follow what is known."""
    return {
        "hold": Holding(asset="ETH"),
        "pool": StakingPool(asset="ETH", commission=min(2.0 * known[REWARD], 1.0)),
        "mine": CloudMiningContract(price_usd_per_th_s=known[BTC] / 1e4, term_days=30.0, minimum_payout_btc=0.0),
    }


WORLDS = {
    "fitted": fitted,
    "jumps": lambda past: fit(past).scenario(jumps=True),
    "drawn": lambda past: [fit(past).sample_parameters(np.random.default_rng(1)).scenario() for _ in range(3)],
    "bootstrap": lambda past: StationaryBootstrap(past, mean_block_days=10.0),
    "recorded": lambda past: past,
}


@pytest.mark.parametrize("name", WORLDS)
def test_no_prediction_knows_what_comes_after_its_start(name):
    given = {"products": everyone, "first": "2022-08-01", "last": "2022-12-01", "n_paths": 200, "model": WORLDS[name]}
    as_is, changed = run(everything(), **given), run(everything(after="2022-09-30"), **given)
    predicted = [[(r.product, r.start, r.low, r.median, r.high) for r in found.rows] for found in (as_is, changed)]
    before = [date for _, date, *_ in predicted[0] if date <= "2022-09-30"]
    assert len(before) == 3 * 3
    assert predicted[0][:9] == predicted[1][:9]
    # the change is one: the window that opens then comes out otherwise, and the next one is predicted otherwise
    assert all(a.realized != b.realized for a, b in zip(as_is.rows[6:9], changed.rows[6:9], strict=True))
    assert all(a.median != b.median for a, b in zip(as_is.rows[9:12], changed.rows[9:12], strict=True))


def test_what_lies_before_the_look_back_does_not_matter():
    changed = CLOSES.copy()
    changed[: at("2021-12-01")] *= 1.0 + 0.5 * np.random.default_rng(9).random(at("2021-12-01"))
    short = {"first": "2022-06-01", "lookback_days": 182}  # from 1 December on
    other = History({ETH: series(changed)})
    assert run(**short).rows == run(other, **short).rows
    assert run(**short | {"lookback_days": 183}).rows != run(other, **short | {"lookback_days": 183}).rows
    assert run().rows != run(other).rows


def test_a_window_draws_the_same_whatever_others_there_are():
    rows = run().rows
    assert run(first=rows[3].start, last=rows[4].start).rows == rows[3:5]
    assert run(rng=2).rows != rows
    again = run(rng=np.random.default_rng(5))
    assert run(rng=again.entropy).rows == again.rows


def test_windows_do_not_share_their_noise():
    def world(_past):
        return GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.5)})

    lows = {row.low for row in run(model=world).rows}
    assert len(lows) == len(run().rows)


# Worlds


def test_several_worlds_share_the_paths():
    def world(past):
        start = float(past.recorded(ETH)[-1])
        return [
            GeometricBrownianMotion({ETH: GBM(start, volatility=0.0, drift=drift)})
            for drift in (-365.0 / 30.0 * 0.1, 0.0)
        ]

    row = run(model=world, n_paths=101, band=(0.4, 0.6)).rows[0]
    assert (row.low, row.median, row.high) == pytest.approx((np.exp(-0.1) - 1.0, np.exp(-0.1) - 1.0, 0.0), abs=1e-12)
    # 51 paths of the first world and 50 of the second
    realised = row.realized
    assert row.pit == pytest.approx(
        (51 if realised > np.exp(-0.1) - 1.0 else 0) / 101 + (50 / 101 if realised > 0 else 0)
    )


def test_the_windows_that_were():
    row = run(model=lambda past: past, n_paths=1, lookback_days=200).rows[0]
    past = CLOSES[at(row.start) - 200 : at(row.start) + 1]
    returns = past[30:] / past[:-30] - 1.0
    assert (row.low, row.median, row.high) == pytest.approx(np.quantile(returns, [0.05, 0.5, 0.95]), abs=1e-12)
    assert row.pit == pytest.approx(np.mean(returns < row.realized))


def test_a_world_may_give_rates_itself():
    history = History({ETH: series(CLOSES), REWARD: series(np.full(DAYS.size, 0.03), name="apr")})

    def world(past):
        return Joint([fitted(past), Constants({REWARD: APR(0.1)})])

    pool = StakingPool(asset="ETH", commission=0.0)
    hold, staked = run(history, HOLD | {"pool": pool}, model=world, last="2022-06-01").rows
    growth = [(1.0 + a) / (1.0 + b) for a, b in ((staked.median, hold.median), (staked.realized, hold.realized))]
    assert growth == pytest.approx([(1.0 + 0.1 / 365.0) ** 30, (1.0 + 0.03 / 365.0) ** 30], rel=1e-10)


def test_a_world_may_follow_fees():
    history = everything()

    def world(past):
        miners = HashrateResponse(
            difficulty=past.opening_level(DIFFICULTY),
            height=738_000,
            elasticity=0.5,
            half_life_days=60.0,
            breakeven=100.0,
            breakeven_growth=0.0,
            volatility=0.1,
        )
        return Joint(
            [GeometricBrownianMotion({f: GBM(past.opening_level(f), volatility=0.5) for f in (ETH, BTC)}), miners]
        )

    rows = run(history, everyone, model=world, last="2022-06-01").rows
    assert [row.product for row in rows] == ["hold", "pool", "mine"]
    assert all(row.low < row.high for row in rows)


def test_a_return_without_risk_is_inside_its_band():
    found = run(products={"cash": Holding(asset="USD")})
    assert {(row.realized, row.pit, row.inside) for row in found.rows} == {(0.0, 0.5, True)}


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda _: None, "backtest: model: must return a Scenario, or a list of them, got NoneType"),
        (lambda _: [], "backtest: model: must return 1 to 500 scenarios"),
        (lambda past: [past] * 501, "backtest: model: must return 1 to 500 scenarios"),
        (lambda _: [fitted], "backtest: model: must be Scenario"),
        (lambda _: Constants({BTC: 1.0}), r"the scenario must give it"),
    ],
)
def test_models_that_are_none(model, words):
    with pytest.raises(StakingModelsError, match=words):
        run(model=model)


# Rates, fees and terms


def test_rates_stay_at_their_mean_of_the_last_fourteen_days():
    apr = np.random.default_rng(5).uniform(0.03, 0.05, DAYS.size)
    history = History({ETH: series(CLOSES), REWARD: series(apr, name="apr")})
    rows = run(history, HOLD | {"pool": StakingPool(asset="ETH", commission=0.0)}).rows
    for hold, pool in zip(rows[::2], rows[1::2], strict=True):
        k = at(hold.start)
        predicted = (1.0 + apr[k - 13 : k + 1].mean() / 365.0) ** 30
        assert (1.0 + pool.median) / (1.0 + hold.median) == pytest.approx(predicted, rel=1e-10)
        came = np.prod(1.0 + apr[k + 1 : k + 31] / 365.0)
        assert (1.0 + pool.realized) / (1.0 + hold.realized) == pytest.approx(came, rel=1e-10)


def test_a_product_is_left_out_where_its_rate_is_missing():
    recorded = DAYS[at("2022-07-01") : at("2023-02-01")]
    history = History({ETH: series(CLOSES), REWARD: series(np.full(recorded.size, 0.03), recorded, "apr")})
    found = run(history, HOLD | {"pool": StakingPool(asset="ETH")}, first="2022-01-01")
    starts = [row.start for row in found.rows if row.product == "pool"]
    # fourteen days are known from 14 July on; the window from 29 December ends on 28 January
    assert starts == ["2022-07-30", "2022-08-29", "2022-09-28", "2022-10-28", "2022-11-27", "2022-12-27"]
    assert found.skipped["pool"].startswith("left out of 11 windows started 2022-01-01 to 2023-04-26")
    assert 'StakingReward("ETH") is recorded from 2022-07-01 to 2023-01-31' in found.skipped["pool"]
    # and its short record costs the others nothing
    assert [r for r in found.rows if r.product == "hold"] == list(run(first="2022-01-01").rows)


def test_nothing_is_left():
    recorded = DAYS[:100]
    history = History({ETH: series(CLOSES), REWARD: series(np.full(100, 0.03), recorded, "apr")})
    with pytest.raises(InputError, match="backtest: products: none can be tested in any window"):
        run(history, {"pool": StakingPool(asset="ETH")})


def test_terms_are_made_of_what_is_known():
    fees = np.random.default_rng(4).uniform(1.0, 9.0, DAYS.size)
    hashes = walk(3, 0.3, 2.0e8)
    history = History(
        {
            BTC: series(CLOSES),
            HASHRATE: series(hashes, name="hashes"),
            FEES: attrs.evolve(series(fees, name="fees"), unit="coins/day"),
        }
    )
    seen = []

    def terms(date, known):
        seen.append((date, dict(known)))
        return {"mine": CloudMiningContract(term_days=30.0, price_usd_per_th_s=1.0)}

    run(history, terms, last="2022-07-01")
    assert [str(date) for date, _ in seen] == ["2022-06-01", "2022-07-01"]
    for date, known in seen:
        k = at(date)
        smooth = float(bitcoin.difficulty_of_hashrate(hashes[k - 13 : k + 1].mean()))
        assert known[BTC] == CLOSES[k]
        assert known[HASHRATE] == hashes[k]
        assert known[DIFFICULTY] == pytest.approx(smooth, rel=1e-12)
        assert known[FEES] == pytest.approx(fees[k - 13 : k + 1].mean() / 144.0, rel=1e-12)


def test_a_contract_priced_at_what_it_brings_in_comes_out_even_in_a_still_market():
    n = DAYS.size
    still = History(
        {
            BTC: series(np.full(n, 30_000.0)),
            DIFFICULTY: series(np.full(n, 3.0e13), name="difficulty"),
            FEES: series(np.full(n, 0.1), name="fees"),
        }
    )

    def terms(_date, known):
        coins = float(bitcoin.coins_per_th_s_day(known[DIFFICULTY], 6.25 + known[FEES]))
        return {
            "mine": CloudMiningContract(
                term_days=30.0,
                price_usd_per_th_s=30.0 * coins * known[BTC],
                pool_fee=0.0,
                electricity_usd_per_th_day=0.0,
                uptime=1.0,
                minimum_payout_btc=0.0,
            )
        }

    row = run(still, terms, model=lambda past: past, last="2022-06-01").rows[0]
    assert (row.low, row.median, row.high, row.realized) == pytest.approx((0.0,) * 4, abs=1e-9)
    assert row.pit == 0.5


def test_events_strike_in_predictions_only():
    lost = StakingPool(asset="ETH", failures=(Failure(Event("slashing", hazard=900.0), 0.5, line="slashing"),))
    history = History({ETH: series(CLOSES), REWARD: series(np.full(DAYS.size, 0.03), name="apr")})
    found = run(history, {"pool": lost})
    assert all(row.high < -0.99 and row.realized > -0.9 and row.pit == 1.0 for row in found.rows)


def test_a_solo_validator():
    history = History({ETH: series(CLOSES), REWARD: series(np.full(DAYS.size, 0.03), name="apr")})
    solo = SoloValidator(
        entry_days=0.0, exit_days=0.0, withdrawal_days=0.0, random_duties=False, running_cost_usd_per_day=0.0
    )
    hold, validator = run(history, HOLD | {"solo": solo}, capital=1e6, last="2022-06-01").rows
    ratio = (1.0 + validator.realized) / (1.0 + hold.realized)
    assert 1.0 + 0.02 * 30 / 365 < ratio < 1.0 + 0.03 * 30 / 365 + 1e-4


# Refusals


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"history": {ETH: series(CLOSES)}}, InputTypeError, "backtest: history: must be History"),
        ({"days": 0}, InputError, "backtest: days: must be an integer in [1, 10000]"),
        ({"days": 30.0}, InputTypeError, "backtest: days: must be an integer"),
        ({"settlement_days": -1}, InputError, "backtest: settlement_days"),
        ({"capital": 0.0}, InputError, "backtest: capital: must be in (0, 1e+15]"),
        ({"n_paths": 0}, InputError, "backtest: n_paths"),
        ({"rng": -1}, InputError, "backtest: rng"),
        ({"rng": "1"}, InputTypeError, "backtest: rng"),
        ({"band": 0.9}, InputTypeError, "backtest: band: must be two quantiles; write (0.05, 0.95)"),
        ({"band": (0.0, 0.95)}, InputError, "backtest: band: must be a fraction in (0, 1)"),
        ({"band": (5, 95)}, InputError, "percent? write 0.05"),
        ({"band": (0.95, 0.05)}, InputError, "backtest: band: must have the low quantile first"),
        ({"lookback_days": 13}, InputError, "backtest: lookback_days: must be an integer in [14,"),
        ({"model": None}, InputTypeError, "backtest: model: must be a function of a History"),
        ({"first": "2023-05-03"}, InputError, "backtest: first: must be 2023-05-01 or before"),
        ({"first": "1.1.2022"}, InputError, "backtest: first: must be a date in ISO 8601"),
        ({"first": "2020-01-01"}, InputError, "backtest: first: must be 2020-01-02 or later"),
        ({"first": "2020-01-20"}, InputError, "backtest: window from 2020-01-20: fit: history: must have at least 61"),
        ({"lookback_days": 900}, InputError, "backtest: first: must be 2022-06-19 or later"),
        ({"lookback_days": 1240}, InputError, "backtest: history: must be longer: it must hold the look-back and a"),
        ({"last": "2022-05-31"}, InputError, "backtest: last: must not be before first, 2022-06-01, got '2022-05-31'"),
        ({"products": {}}, InputError, "backtest: products: must not be empty"),
        ({"products": None}, InputTypeError, "backtest: products: must be a mapping"),
        ({"products": lambda *_: None}, InputTypeError, "backtest: products: must be a mapping"),
        ({"products": {"x": 1}}, InputTypeError, "backtest: products['x']: must be Product"),
        ({"products": {"x": Holding(asset="BTC")}}, InputError, 'Holding reads Price("BTC")'),
        ({"history": History({ETH: series(CLOSES)}, first="2021-01-01")}, InputError, "must have no bounds"),
        (
            {"history": History({ETH: series(CLOSES)}, initial_levels={ETH: 1.0})},
            InputError,
            "must have no opening levels",
        ),
        ({"history": History({REWARD: series(CLOSES / 1e6)})}, InputError, "must hold a price or another level"),
    ],
)
def test_refusals(changes, error, words):
    with pytest.raises(error, match=re.escape(words)):
        run(**changes)


def test_levels_as_recorded_are_the_same():
    assert run(History({ETH: series(CLOSES)}, window_levels="as_recorded")).rows == run().rows


# Real data


def test_holding_real_coins(shared_data):
    files: dict[Factor, Any] = {Price(coin): shared_data / f"data/yahoo_2025/{coin}-USD.csv" for coin in ("ETH", "BTC")}
    read = History(files)
    closes = {f: DailySeries(s.dates[:-1], s.values[:-1], s.name) for f, s in read.series.items()}  # the last is none
    products = {"ETH": Holding(asset="ETH"), "BTC": Holding(asset="BTC")}
    found = backtest(products, History(closes), days=365, first="2021-01-01", capital=1.0, rng=1)
    assert len(found.rows) == 8
    # year returns of reference/products_and_markets.md, B1, which run from one year's last close to the next
    starts = {row.start: row for row in found.rows if row.product == "ETH"}
    assert starts["2022-01-01"].realized == pytest.approx(-0.675, abs=0.02)
    assert starts["2023-01-01"].realized == pytest.approx(0.906, abs=0.06)
