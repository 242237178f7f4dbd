"""`StationaryBootstrap`: the law of its blocks, against `arch`, and which numbers depend on which."""

import numpy as np
import pytest
from scipy import stats

from stakingmodels import History
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, CashRate, Difficulty, Hashrate, MarketRatio, Price, TimeGrid
from stakingmodels.scenarios import StationaryBootstrap, Streams, daily_series

MANY = 8_192

ETH, BTC, FEES, RATIO, CASH = Price("ETH"), Price("BTC"), BlockFees("BTC"), MarketRatio("stETH"), CashRate("USD")
DAYS = np.arange("2024-01-01", "2025-05-15", dtype="datetime64[D]")
GRID = TimeGrid.daily("2026-01-01", days=100)


def made_up():
    """Log returns of two prices: correlated, and now calm, now wild for some weeks."""
    rng = np.random.default_rng(5)
    wild = np.sin(np.arange(DAYS.size - 1) / 9.0) > 0.5
    common, own = rng.standard_normal((2, DAYS.size - 1))
    scale = np.where(wild, 0.06, 0.01)
    return scale * common, scale * (0.8 * common + 0.6 * own) + 0.001


def as_prices(log_returns, start=100.0):
    return start * np.exp(np.concatenate([[0.0], np.cumsum(log_returns)]))


def history(series, **how):
    return History({f: daily_series(DAYS[: v.size], v, name=str(f)) for f, v in series.items()}, **how)


def record():
    eth, btc = made_up()
    return history({ETH: as_prices(eth), BTC: as_prices(btc, 9e4), FEES: np.arange(DAYS.size, dtype=float)})


RECORD = record()
N = DAYS.size - 1


def path_rows(world, factors, *, paths=MANY, grid=GRID, entropy=7, block=0):
    """All rows of some factors, joined over the chunks."""
    market = world.market(grid, frozenset(factors), streams=Streams(entropy, first_path=8_192 * block), n_paths=paths)
    parts = [[chunk.rows[factor].copy() for factor in factors] for chunk in market.chunks()]
    edge = [int(factor.kind == "level") for factor in factors]
    return [np.concatenate([parts[0][i], *(part[i][edge[i] :] for part in parts[1:])]) for i in range(len(factors))]


def recorded_days(world, **how):
    """Number of the recorded day, from 0, that each step of each path is taken from: what the fees were made for."""
    return path_rows(world, [FEES], **how)[0].astype(int) - 1


# Blocks


@pytest.mark.parametrize("mean_block_days", [1.0, 2.0, 20.0, 400.0])
def test_blocks_leap_with_the_chance_of_their_length(mean_block_days):
    days = recorded_days(StationaryBootstrap(RECORD, mean_block_days=mean_block_days))
    follows = days[1:] == (days[:-1] + 1) % N
    chance = (1 - 1 / mean_block_days) + 1 / mean_block_days / N  # a leap may land on the next day
    by_path = follows.mean(axis=0)
    assert abs(by_path.mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / follows.size)
    together = np.corrcoef(follows[:-1].ravel(), follows[1:].ravel())[0, 1]
    assert abs(together) < 4 / np.sqrt(follows[1:].size)


def test_every_recorded_day_is_as_likely_in_every_step():
    days = recorded_days(StationaryBootstrap(RECORD, mean_block_days=20.0))
    for step in (0, 1, 50, 99):
        counts = np.bincount(days[step], minlength=N)
        assert counts.size == N
        assert stats.chisquare(counts).pvalue > 1e-3


def test_after_the_last_recorded_day_comes_the_first():
    days = recorded_days(StationaryBootstrap(RECORD, mean_block_days=400.0))
    after = days[1:][days[:-1] == N - 1]
    assert (after == 0).mean() > 0.98


def test_a_grid_longer_than_the_record_goes_on():
    short = history({FEES: np.arange(31.0)})
    days = recorded_days(StationaryBootstrap(short, mean_block_days=30.0), paths=100)
    assert days.min() == 0
    assert days.max() == 29


def test_all_series_are_taken_from_the_same_days():
    world = StationaryBootstrap(RECORD, mean_block_days=5.0)
    eth, btc, fees = path_rows(world, [ETH, BTC, FEES], paths=300)
    days = fees.astype(int) - 1
    for rows, log_returns in zip((eth, btc), made_up(), strict=True):
        assert np.diff(np.log(rows), axis=0) == pytest.approx(log_returns[days], abs=1e-12)


def test_what_is_not_a_price_is_taken_as_it_was():
    ratio, cash = 0.99 + 0.0001 * np.arange(50.0), 0.01 + 0.001 * np.arange(50.0)
    world = StationaryBootstrap(history({RATIO: ratio, CASH: cash, FEES: np.arange(50.0)}), mean_block_days=5.0)
    ratios, rates, fees = path_rows(world, [RATIO, CASH, FEES], paths=300)
    day = fees.astype(int)
    assert ratios.shape == (101, 300)
    assert rates.shape == (100, 300)
    assert np.array_equal(ratios[1:], ratio[day])
    assert np.array_equal(ratios[0], ratio[day[0] - 1])  # the close before the first day
    assert rates == pytest.approx(cash[day] / 365, rel=1e-14)


def test_a_hash_rate_gives_difficulty():
    hashrate = Hashrate("BTC")
    world = StationaryBootstrap(history({hashrate: np.linspace(5e8, 6e8, 60)}), mean_block_days=10.0)
    (rows,) = path_rows(world, [Difficulty("BTC")], paths=50)
    assert Difficulty("BTC") in world.factors
    assert rows[0] == pytest.approx(world.history.opening_level(Difficulty("BTC")))
    assert (np.diff(rows, axis=0) > 0.0).mean() > 0.9


def test_paths_open_at_the_last_recorded_level_or_the_one_given():
    (rows,) = path_rows(StationaryBootstrap(RECORD, mean_block_days=5.0), [ETH], paths=10)
    assert (rows[0] == RECORD.recorded(ETH)[-1]).all()
    given = History(dict(RECORD.series), initial_levels={ETH: 3000.0})
    (rows,) = path_rows(StationaryBootstrap(given, mean_block_days=5.0), [ETH], paths=10)
    assert (rows[0] == 3000.0).all()


def test_the_bounds_of_the_history_bound_the_closes():
    bounded = History(dict(RECORD.series), first="2024-03-01", last="2024-03-31")
    world = StationaryBootstrap(bounded, mean_block_days=5.0)
    days = recorded_days(world)
    assert world.n_days == 30
    assert world.first_and_last() == (np.datetime64("2024-03-02"), np.datetime64("2024-03-31"))
    assert (days.min(), days.max()) == (60, 89)


# Drift


def test_with_days_drawn_one_by_one_the_mean_grows_at_the_drift():
    for drift in (0.0, 0.5):
        world = StationaryBootstrap(RECORD, mean_block_days=1.0, drift={ETH: drift})
        (rows,) = path_rows(world, [ETH])
        for day in (1, 50, 100):
            discounted = rows[day] / rows[0] * np.exp(-drift * day / 365)
            assert abs(discounted.mean() - 1.0) < 4 * discounted.std() / np.sqrt(MANY)


@pytest.mark.parametrize("mean_block_days", [1.0, 4.0, 60.0])
def test_the_mean_is_that_of_the_chain_of_days(mean_block_days):
    world = StationaryBootstrap(RECORD, mean_block_days=mean_block_days, drift={ETH: 0.2})
    growth = world.returns(ETH)
    assert growth.mean() == pytest.approx(np.exp(0.2 / 365), rel=1e-14)
    onward = growth.copy()  # mean growth over the steps that are left, by recorded day
    for _ in range(99):
        onward = growth * ((1 - 1 / mean_block_days) * np.roll(onward, -1) + onward.mean() / mean_block_days)
    (rows,) = path_rows(world, [ETH])
    found = rows[-1] / rows[0]
    assert abs(found.mean() - onward.mean()) < 4 * found.std() / np.sqrt(MANY)


def test_without_a_drift_the_recorded_one_stays():
    world = StationaryBootstrap(RECORD, mean_block_days=5.0)
    assert np.log(world.returns(ETH)) == pytest.approx(made_up()[0], abs=1e-12)


# Against arch


def measures(one, other):
    """Of each path: mean, variance, autocorrelation of squares at 1 and 5 days, correlation of both series."""
    squares = (one - one.mean(axis=0)) ** 2
    squares = squares - squares.mean(axis=0)

    def remembered(lag):
        return (squares[lag:] * squares[:-lag]).mean(axis=0) / (squares**2).mean(axis=0)

    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    together = (a * b).mean(axis=0) / np.sqrt((a**2).mean(axis=0) * (b**2).mean(axis=0))
    return np.array([one.mean(axis=0), one.var(axis=0), remembered(1), remembered(5), together])


@pytest.mark.parametrize("mean_block_days", [1, 5, 25])
def test_resampled_series_are_those_of_arch(mean_block_days):
    bootstrap = pytest.importorskip("arch.bootstrap")
    eth, btc = made_up()
    drawn = bootstrap.StationaryBootstrap(mean_block_days, np.column_stack([eth, btc]), seed=3)
    samples = np.array([sample[0][0] for sample in drawn.bootstrap(2_000)])
    expected = measures(samples[:, :, 0].T, samples[:, :, 1].T)

    world = StationaryBootstrap(RECORD, mean_block_days=float(mean_block_days))
    rows = path_rows(world, [ETH, BTC], paths=2_000, grid=TimeGrid.daily("2026-01-01", days=N))
    found = measures(*(np.diff(np.log(table), axis=0) for table in rows))
    for ours, theirs in zip(found, expected, strict=True):
        error = np.sqrt((ours.var() + theirs.var()) / 2_000)
        assert abs(ours.mean() - theirs.mean()) < 4 * error
        assert ours.std() == pytest.approx(theirs.std(), rel=4 / np.sqrt(1_000) * (1 + stats.kurtosis(theirs)))


def test_clusters_and_correlations_survive_in_blocks_and_not_day_by_day():
    long_grid = TimeGrid.daily("2026-01-01", days=N)

    def means(mean_block_days):
        rows = path_rows(
            StationaryBootstrap(RECORD, mean_block_days=mean_block_days), [ETH, BTC], paths=500, grid=long_grid
        )
        return measures(*(np.diff(np.log(table), axis=0) for table in rows)).mean(axis=1)

    blocks, single = means(50.0), means(1.0)
    recorded = measures(*(series[:, None] for series in made_up()))[:, 0]
    assert blocks[2] == pytest.approx(recorded[2], abs=0.05)
    assert abs(single[2]) < 0.02
    assert blocks[4] == pytest.approx(recorded[4], abs=0.02)
    assert single[4] == pytest.approx(recorded[4], abs=0.02)


def test_recorded_prices_keep_their_correlation(shared_data):
    folder = shared_data / "data" / "yahoo_2025"
    real = History({ETH: folder / "ETH-USD.csv", BTC: folder / "BTC-USD.csv"}, first="2022-01-01", last="2025-11-19")
    world = StationaryBootstrap(real, mean_block_days=20.0, drift={ETH: 0.0, BTC: 0.0})
    assert world.n_days == 1_418
    eth, btc = (np.diff(np.log(rows), axis=0) for rows in path_rows(world, [ETH, BTC], paths=2_000))
    correlation = np.corrcoef(eth.ravel(), btc.ravel())[0, 1]
    assert correlation == pytest.approx(0.8375, abs=0.01)
    assert eth.std() * np.sqrt(365) == pytest.approx(0.7012, abs=0.01)


# What depends on what

WORLD = StationaryBootstrap(RECORD, mean_block_days=5.0, drift={ETH: 0.0})


def test_adding_a_series_of_the_same_days_changes_no_number():
    alone = StationaryBootstrap(History({ETH: RECORD.series[ETH]}), mean_block_days=5.0, drift={ETH: 0.0})
    assert path_rows(alone, [ETH], paths=50)[0].tobytes() == path_rows(WORLD, [ETH], paths=50)[0].tobytes()


def test_it_may_stand_beside_a_record():
    assert not WORLD.is_recorded
    assert WORLD.n_paths(GRID) is None
    assert WORLD.overlap(GRID) == 0


# Refused


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        (
            {"history": {ETH: "eth.csv"}},
            InputTypeError,
            r"^StationaryBootstrap\.history: must be History; write History",
        ),
        ({"mean_block_days": 0.5}, InputError, r"^StationaryBootstrap\.mean_block_days: must be at least 1 day"),
        ({"mean_block_days": 0.0}, InputError, r"^StationaryBootstrap\.mean_block_days: must be in \(0"),
        ({"mean_block_days": float("nan")}, InputError, r"^StationaryBootstrap\.mean_block_days: must be finite"),
        ({"mean_block_days": "20"}, InputTypeError, r"^StationaryBootstrap\.mean_block_days: must be a number"),
        ({"mean_block_days": N + 1.0}, InputError, rf"mean_block_days: must be at most the {N} recorded days"),
        ({"drift": 0.0}, InputTypeError, r"^StationaryBootstrap\.drift: must be a mapping"),
        ({"drift": {FEES: 0.0}}, InputError, r"^StationaryBootstrap\.drift: must name a recorded price"),
        ({"drift": {Price("SOL"): 0.0}}, InputError, r"^StationaryBootstrap\.drift: must name a recorded price"),
        ({"drift": {ETH: 50.0}}, InputError, r'^StationaryBootstrap\.drift\[Price\("ETH"\)\]: .*percent\? write 0\.50'),
    ],
)
def test_worlds(terms, error, words):
    with pytest.raises(error, match=words):
        StationaryBootstrap(**{"history": RECORD, "mean_block_days": 5.0, **terms})


def test_levels_as_recorded_are_refused():
    recorded = History(dict(RECORD.series), window_levels="as_recorded")
    with pytest.raises(InputError, match=r'^StationaryBootstrap\.history: must have window_levels="rescaled"'):
        StationaryBootstrap(recorded, mean_block_days=5.0)


@pytest.mark.parametrize(("first", "last"), [("2024-03-01", "2024-03-01"), ("2030-01-01", None), (None, "2020-01-01")])
def test_bounds_that_leave_no_day(first, last):
    empty = History(dict(RECORD.series), first=first, last=last)
    with pytest.raises(InputError, match=r"^StationaryBootstrap\.history: must have at least 2 recorded days"):
        StationaryBootstrap(empty, mean_block_days=1.0)


def test_steps_of_other_than_a_day():
    weekly = TimeGrid(np.arange("2026-01-01", "2026-03-01", 7, dtype="datetime64[D]"))
    with pytest.raises(InputError, match=r"^StationaryBootstrap: grid: must have steps of one day"):
        WORLD.market(weekly, frozenset({ETH}), streams=Streams(1), n_paths=1)


def test_notes():
    *_, blocks, btc, eth = WORLD.describe()
    assert blocks == "blocks of 5 days on average drawn from 2024-01-02 to 2025-05-14"
    assert btc.startswith('Price("BTC") as recorded: mean growth ')
    assert eth == 'Price("ETH"): mean growth +0.00% APY'
