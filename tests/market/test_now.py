"""`Now`: which row a position sees in which interval."""

import attrs
import numpy as np
import pytest

from stakingmodels.errors import InputError
from stakingmodels.market import BlockFees, CashRate, Event, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import Position, Product
from stakingmodels.rates import APR
from stakingmodels.scenarios import GBM, Constants, GeometricBrownianMotion, Joint, Streams

ETH, FEES, REWARD, STRIKE = Price("ETH"), BlockFees("BTC"), StakingReward("ETH"), Event("x")
GRID = TimeGrid(np.array(["2026-01-01", "2026-01-02", "2026-01-04", "2026-01-05"], dtype="M8[D]"))
MARKET = Market(
    GRID,
    {
        ETH: np.array([[10.0, 1.0], [11.0, 2.0], [13.0, 4.0], [17.0, 8.0]]),
        Price("BTC"): np.array([1.0, 2.0, 3.0, 4.0]),
        FEES: np.array([0.1, 0.2, 0.3, 9.0]),
        REWARD: APR(np.array([0.365, 0.73, 0.1, 9.0])),
        STRIKE: np.array([[True, False], [False, True], [True, True], [True, True]]),
    },
)


def at(market, step):
    """The view of one interval."""
    chunk = next(chunk for chunk in market.chunks() if step < chunk.stop)
    return market.now().at(chunk, step)


# Rows by kind


@pytest.mark.parametrize(("step", "prices"), [(-1, [10, 1]), (0, [11, 2]), (1, [13, 4]), (2, [17, 8])])
def test_a_level_is_read_at_the_end_of_the_interval(step, prices):
    assert np.asarray(at(MARKET, step)[ETH]).tolist() == prices


@pytest.mark.parametrize(("step", "prices"), [(-1, [10, 1]), (0, [10, 1]), (1, [11, 2]), (2, [13, 4])])
def test_the_opening_of_a_level_is_at_the_start(step, prices):
    assert np.asarray(at(MARKET, step).opening(ETH)).tolist() == prices


@pytest.mark.parametrize(("step", "moves"), [(0, [1, 1]), (1, [2, 2]), (2, [4, 4])])
def test_a_move_is_end_less_start(step, moves):
    assert np.asarray(at(MARKET, step).move(ETH)).tolist() == moves


def test_there_is_no_move_at_the_opening():
    assert at(MARKET, -1).move(ETH) == 0.0


@pytest.mark.parametrize(("step", "fees"), [(-1, 0.0), (0, 0.1), (1, 0.2), (2, 0.3)])
def test_a_quantity_is_that_of_its_own_row(step, fees):
    assert at(MARKET, step)[FEES] == fees


@pytest.mark.parametrize(("step", "fraction"), [(-1, 0.0), (0, 0.001), (1, 0.004), (2, 0.1 / 365)])
def test_a_rate_arrives_as_the_fraction_accrued(step, fraction):
    assert at(MARKET, step)[REWARD] == pytest.approx(fraction, rel=1e-15)


@pytest.mark.parametrize(("step", "struck"), [(-1, []), (0, [0]), (1, [1]), (2, [0, 1])])
def test_an_event_strikes_in_its_own_row(step, struck):
    now = at(MARKET, step)
    assert now.paths_with(STRIKE).tolist() == struck
    assert np.flatnonzero(now.occurs(STRIKE)).tolist() == struck
    assert now.occurs(STRIKE).shape == (2,)


def test_an_event_the_market_does_not_have_never_happens():
    assert not at(MARKET, 0).occurs(Event("y")).any()


def test_one_value_for_all_paths_is_a_plain_number():
    assert type(at(MARKET, 0)[Price("BTC")]) is float
    assert np.shape(at(MARKET, 0)[ETH]) == (2,)


# Time


@pytest.mark.parametrize(
    ("step", "days", "elapsed", "date"),
    [
        (-1, 0.0, 0.0, "2026-01-01"),
        (0, 1.0, 1.0, "2026-01-02"),
        (1, 2.0, 3.0, "2026-01-04"),
        (2, 1.0, 4.0, "2026-01-05"),
    ],
)
def test_times(step, days, elapsed, date):
    now = at(MARKET, step)
    assert (now.days, now.elapsed_days, now.years) == (days, elapsed, days / 365)
    assert now.time == np.datetime64(date)


def test_times_of_their_own():
    starts = np.array([0, 86_400 * 31], dtype="m8[s]")
    market = Market.from_sources(GRID, 2, [], series={ETH: 1.0}, time_offsets=starts)
    assert at(market, 0).time.tolist() == [np.datetime64(d, "s").item() for d in ("2026-01-02", "2026-02-02")]


# What is not there


def test_the_numeraire_is_worth_one():
    now = at(MARKET, 0)
    assert now[Price("USD")] == 1.0
    assert now.opening(Price("USD")) == 1.0
    assert now.move(Price("USD")) == 0.0


def test_a_market_without_a_cash_rate_pays_nothing():
    assert at(MARKET, 0)[CashRate("USD")] == 0.0


@pytest.mark.parametrize("read", [lambda now: now[Price("SOL")], lambda now: now.opening(Price("SOL"))])
def test_a_factor_that_is_not_in_the_market_is_an_error(read):
    with pytest.raises(InputError, match=r'^Price\("SOL"\): is not in this market.*add Price\("SOL"\): 3000.0'):
        read(at(MARKET, 0))


# Nobody changes what others see


def test_rows_of_a_given_market_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        at(MARKET, 0)[ETH][0] = 9.0
    with pytest.raises(ValueError, match="read-only"):
        at(MARKET, 0).occurs(Event("y"))[0] = True


def test_rows_of_a_generated_market_are_read_only():
    now = at(
        GeometricBrownianMotion({ETH: GBM(1.0, volatility=0.5)}).market(
            GRID, frozenset({ETH}), streams=Streams(1), n_paths=4
        ),
        0,
    )
    for row in (now[ETH], now.opening(ETH)):
        with pytest.raises(ValueError, match="read-only"):
            row[0] = 9.0


# Draws by law


def drawn_market(paths=2000, hazard=50.0, entropy=1):
    streams = Streams(entropy)
    world = Constants({ETH: 1.0, STRIKE: hazard})
    return world.market(GRID, frozenset({ETH, STRIKE}), streams=streams, n_paths=paths)


def test_without_randomness_draws_are_their_mean():
    assert at(MARKET, 0).binomial("luck", 100.0, 0.25) == 25.0
    assert np.asarray(at(MARKET, 0).binomial("luck", np.array([4.0, 8.0]), 0.5)).tolist() == [2.0, 4.0]


def test_luck_is_keyed_by_name_and_step_and_not_by_order():
    market = drawn_market()
    now = at(market, 1)
    first, other = now.binomial("a", 10.0, 0.3), now.binomial("b", 10.0, 0.3)
    again = at(market, 1)
    assert np.array_equal(again.binomial("b", 10.0, 0.3), other)
    assert np.array_equal(again.binomial("a", 10.0, 0.3), first)
    assert not np.array_equal(first, other)
    assert not np.array_equal(at(market, 2).binomial("a", 10.0, 0.3), first)


def test_luck_of_few_paths_is_a_prefix():
    many, few = at(drawn_market(2000), 1).binomial("a", 10.0, 0.3), at(drawn_market(7), 1).binomial("a", 10.0, 0.3)
    assert np.array_equal(np.asarray(many)[:7], few)


def test_binomial_mean():
    drawn = np.asarray(at(drawn_market(8192), 0).binomial("a", 50.0, 0.2))
    assert abs(drawn.mean() - 10.0) < 4 * np.sqrt(50 * 0.2 * 0.8 / 8192)


def test_a_given_event_strikes_one_unit():
    paths, struck = at(MARKET, 0).occurrences(STRIKE, 5.0)
    assert (paths.tolist(), struck.tolist()) == ([0], [1.0])
    paths, struck = at(MARKET, 0).occurrences(STRIKE, np.array([0.5, 3.0]))
    assert (paths.tolist(), struck.tolist()) == ([0], [0.5])
    assert not at(MARKET, 0).occurrences(STRIKE, np.array([0.0, 3.0]))[0].size


def test_units_are_struck_independently_at_the_hazard_of_the_event():
    now = at(drawn_market(8192, hazard=36.5), 1)  # a step of two days: 0.2
    paths, some = now.occurrences(STRIKE, 30.0)
    struck = np.zeros(8192)
    struck[paths] = some
    chance = 1 - np.exp(-0.2)
    assert abs(struck.mean() - 30 * chance) < 4 * np.sqrt(30 * chance * (1 - chance) / 8192)
    assert struck.var() == pytest.approx(30 * chance * (1 - chance), rel=0.1)


@pytest.mark.parametrize(("n", "p"), [(10.0, 0.3), (7_200.0, 1e-6), (40.0, 3e-4), (1.0, 0.01), (0.0, 0.2)])
def test_successes_are_the_binomial_draws_that_are_not_0(n, p):
    market = drawn_market(1_000)
    for step in range(3):
        drawn = np.broadcast_to(at(market, step).binomial("a", n, p), (1_000,))
        paths, some = at(market, step).successes("a", n, p)
        assert paths.tolist() == np.nonzero(drawn)[0].tolist()
        assert some.tolist() == drawn[paths].tolist()


def test_successes_of_a_chance_for_each_path():
    market, chance = drawn_market(1_000), np.linspace(0.0, 1e-4, 1_000)
    drawn = np.asarray(at(market, 2).binomial("a", 100.0, chance))
    paths, some = at(market, 2).successes("a", 100.0, chance)
    assert drawn.any()
    assert (paths.tolist(), some.tolist()) == (np.nonzero(drawn)[0].tolist(), drawn[drawn > 0].tolist())


def test_without_randomness_successes_are_the_mean():
    paths, mean = at(MARKET, 0).successes("luck", 4.0, 0.25)
    assert (paths.tolist(), mean.tolist()) == ([0, 1], [1.0, 1.0])


# As a product meets it


@attrs.frozen
class Diary(Product):
    """Writes down what it sees."""

    pages: list
    asset: str = "ETH"
    factors = frozenset({ETH, FEES, REWARD, STRIKE})

    def open(self, book, now):
        del book
        pages = self.pages
        pages.append((now.step, now[ETH], now[REWARD], now.elapsed_days))

        class Writer(Position):
            def step(self, now):
                pages.append((now.step, now[ETH], now[REWARD], now.elapsed_days))

            def exit(self, now, share=1.0, how=None, paths=None):
                pages.append((now.step, share, how))

        return Writer()


def test_a_position_sees_every_interval_once_and_leaves_at_the_exit():
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=1)
    market = Market(
        grid,
        {ETH: np.array([1.0, 2.0, 3.0, 4.0]), FEES: 0.0, REWARD: APR(np.array([0.365, 0.73, 0.0, 0.0])), STRIKE: False},
    )
    pages: list = []
    Diary(pages).run(market, capital=1.0)
    assert pages[:1] == [(-1, 1.0, 0.0, 0.0)]
    assert [page[:2] for page in pages[1:]] == [(0, 2.0), (1, 3.0), (1, 1.0), (2, 4.0)]


@pytest.mark.parametrize("days", [40, 70])  # within one chunk and over several
def test_all_worlds_are_seen_in_order(days):
    grid = TimeGrid.daily("2026-01-01", days=days)
    world = Joint(
        [
            GeometricBrownianMotion({ETH: GBM(100.0, volatility=0.0, drift=365 * np.log(1.01))}),
            Constants({FEES: 0.0, REWARD: APR(0.1)}),
        ]
    )
    market = world.market(grid, frozenset({ETH, FEES, REWARD}), streams=Streams(1), n_paths=3000)
    assert [at(market, step)[ETH] for step in range(-1, days)] == pytest.approx(
        [100.0 * 1.01 ** (step + 1) for step in range(-1, days)], rel=1e-12
    )


def test_a_factor_made_anew_at_each_step_is_found_once():
    now = at(MARKET, 0)
    for _ in range(100):
        assert np.asarray(now[Price("ETH")]).tolist() == np.asarray(now[ETH]).tolist()
    assert len(now._series) <= 33
    assert len(now._equal) == 1


def test_moves_and_signs_are_computed_once_for_all_products():
    chunk = next(MARKET.chunks())
    assert chunk.moves(ETH) is chunk.moves(ETH)
    assert chunk.positive(ETH) is chunk.positive(ETH)
    assert chunk.positive(ETH).all()


def test_the_day_of_the_exit_is_counted_from_the_opening():
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=2)
    assert Market(grid, {ETH: 1.0}).now().exit_day == 3.0


@pytest.mark.parametrize(("prices", "paths"), [(1.0, "1 path"), (np.full((1, 1200), 1.0), "1,200 paths")])
def test_an_interval_and_a_chunk_say_where_they_are(prices, paths):
    market = Market(GRID, {ETH: prices})
    chunk = next(market.chunks())
    assert repr(market.now().at(chunk, 1)) == f"Now(step 1 of 3, {paths}, numeraire 'USD')"
    assert repr(chunk) == 'Chunk(steps 0 to 3: Price("ETH"))'
