"""Noises that move together across the parts of a world, and parts that follow others."""

from collections.abc import Iterator

import attrs
import numpy as np
import pytest
from scipy import stats

from stakingmodels import Constants, Event, Factor, Joint, MarketRatio, Price, TimeGrid
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.scenarios import GBM, GeometricBrownianMotion, MeanRevertingPeg, Scenario, Streams
from stakingmodels.scenarios.base import BlockInputs
from stakingmodels.scenarios.drivers import Drivers

ETH, BTC, SOL, RATIO = Price("ETH"), Price("BTC"), Price("SOL"), MarketRatio("stETH")
GRID = TimeGrid.daily("2026-01-01", days=20)
PRICES = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(90_000.0, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
)
PEG = MeanRevertingPeg(RATIO, mean=1.0, standard_deviation=0.01, half_life_days=1e9)


def rows(world, *factors, paths=8_192, grid=GRID):
    market = world.market(grid, frozenset(factors), streams=Streams(1), n_paths=paths)
    found: dict[Factor, list[np.ndarray]] = {factor: [] for factor in factors}
    for chunk in market.chunks():
        for factor in factors:
            found[factor].append(chunk.rows[factor][: chunk.stop - chunk.start + (chunk.stop == grid.n_steps)].copy())
    return {factor: np.concatenate(parts) for factor, parts in found.items()}


def moves(table, factor):
    return np.diff(np.log(table[factor]), axis=0).ravel()


def test_noises_of_different_parts_move_together():
    table = rows(Joint([PRICES, PEG], correlation={(ETH, RATIO): 0.5, (BTC, RATIO): 0.3}), ETH, BTC, RATIO)
    found = np.corrcoef([moves(table, factor) for factor in (ETH, BTC, RATIO)])
    # 160,000 moves: the standard error is at most 0.0025
    assert found[0] == pytest.approx([1.0, 0.8, 0.5], abs=0.01)
    assert found[1, 2] == pytest.approx(0.3, abs=0.01)


def test_pairs_that_are_not_named_have_no_correlation():
    table = rows(Joint([PRICES, PEG], correlation={(ETH, RATIO): 0.5}), BTC, RATIO)
    assert np.corrcoef(moves(table, BTC), moves(table, RATIO))[0, 1] == pytest.approx(0.0, abs=0.01)


def test_what_a_part_says_of_itself_holds_in_a_joint():
    alone, joint = rows(PRICES, ETH, BTC), rows(Joint([PRICES, PEG]), ETH, BTC, RATIO)
    assert all(np.array_equal(alone[factor], joint[factor]) for factor in (ETH, BTC))


def test_a_correlation_changes_no_noise_before_it():
    alone, joint = (
        rows(Joint([PRICES, PEG]), ETH, BTC),
        rows(Joint([PRICES, PEG], correlation={(ETH, RATIO): 0.5}), ETH, BTC),
    )
    assert all(np.array_equal(alone[factor], joint[factor]) for factor in (ETH, BTC))


@pytest.mark.parametrize(
    ("correlation", "error", "words"),
    [
        ({(ETH, RATIO): 1.0}, InputError, r"^Joint\.correlation\[.*must be in \(-1, 1\)"),
        ({(ETH, RATIO): 0.9, (BTC, RATIO): -0.9}, InputError, r"^Joint\.correlation: must be positive definite"),
        ({(ETH, SOL): 0.1}, InputError, "two different random factors"),
        ({(BTC, ETH): 0.1}, InputError, "once for a pair"),
        ([0.5], InputTypeError, r"^Joint\.correlation: must be Mapping"),
    ],
)
def test_correlations_that_contradict_the_parts(correlation, error, words):
    with pytest.raises(error, match=words):
        Joint([PRICES, PEG], correlation=correlation)


def test_the_joint_may_change_what_a_part_says():
    table = rows(Joint([PRICES], correlation={(ETH, BTC): -0.5}), ETH, BTC)
    assert np.corrcoef(moves(table, ETH), moves(table, BTC))[0, 1] == pytest.approx(-0.5, abs=0.01)


def test_drivers_alone():
    assert Drivers().factors == ()
    with pytest.raises(InputError, match=r"^Drivers\.correlation"):
        Drivers((ETH, BTC), {(ETH, BTC): 2.0})


@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.parametrize("paths", [1, 511, 512, 1_300, 40 * 512])
def test_a_noise_is_the_sum_of_the_raw_ones_in_order(paths, precision):
    three = (ETH, BTC, SOL)
    linked = Drivers(three, {(ETH, BTC): 0.8, (ETH, SOL): 0.7, (BTC, SOL): 0.6})
    apart, steps = Drivers(three), 150
    scale = np.linspace(0.5, 2.0, steps)[:, None]
    raws = {factor: np.empty((steps, paths)) for factor in three}
    for factor, out in raws.items():
        apart.noise(Streams(1, precision=precision), paths).fill(factor, 0, steps, out)
    root = np.linalg.cholesky([[1.0, 0.8, 0.7], [0.8, 1.0, 0.6], [0.7, 0.6, 1.0]])
    for given in (1.0, 0.3, scale, np.full((steps, 1), 0.3)):
        found = np.empty((steps, paths))
        linked.noise(Streams(1, precision=precision), paths).fill(SOL, 0, steps, found, given)
        # the own noise first, then the others in the order of the drivers
        expected = root[2, 2] * given * raws[SOL] + root[2, 0] * given * raws[ETH] + root[2, 1] * given * raws[BTC]
        assert np.allclose(found, expected, rtol=1e-13, atol=1e-15)


def test_a_scale_alike_for_all_steps_is_one_number_to_the_bit():
    linked, found = Drivers((ETH, BTC), {(ETH, BTC): 0.8}), []
    for scale in (0.3, np.full((30, 1), 0.3)):
        out = np.empty((30, 700))
        linked.noise(Streams(1, precision="float32"), 700).fill(BTC, 0, 30, out, scale)
        found.append(out.tobytes())
    assert found[0] == found[1]


# Normals in single precision


def raw(noise, days=40, **options):
    world = GeometricBrownianMotion({ETH: GBM(1.0, volatility=1.0)})
    grid = TimeGrid.daily("2026-01-01", days=days)
    market = world.market(grid, frozenset({ETH}), streams=Streams(3, precision=noise, **options), n_paths=8_192)
    levels = np.concatenate([chunk.rows[ETH][1:].copy() for chunk in market.chunks()])
    steps = np.diff(np.log(levels), axis=0, prepend=0.0)
    return ((steps + 0.5 / 365.0) * 365.0**0.5).ravel()


def test_normals_in_single_precision_are_normal():
    drawn = raw("float32")
    assert stats.kstest(drawn[:100_000], "norm").pvalue > 1e-3
    assert drawn.mean() == pytest.approx(0.0, abs=4.0 / drawn.size**0.5)
    assert drawn.var() == pytest.approx(1.0, abs=4.0 * (2.0 / drawn.size) ** 0.5)
    assert stats.kurtosis(drawn) == pytest.approx(0.0, abs=4.0 * (24.0 / drawn.size) ** 0.5)
    assert np.abs(drawn).max() < 5.8


def test_they_are_independent_of_each_other():
    rows = raw("float32").reshape(40, 8_192)
    pairs = [(rows[:-1], rows[1:]), (rows[:, :4_096], rows[:, 4_096:]), (rows[:, :-1], rows[:, 1:])]
    for one, other in pairs:
        for f in (lambda x: x, np.square):
            found = np.corrcoef(f(one).ravel(), f(other).ravel())[0, 1]
            assert found == pytest.approx(0.0, abs=4.0 / one.size**0.5)


def test_they_are_other_numbers_and_the_same_each_time():
    assert np.array_equal(raw("float32", 9), raw("float32", 9))
    assert np.array_equal(raw("float32", 9), raw("float32", 40)[: 9 * 8_192])
    assert np.isclose(raw("float32", 9), raw("float64", 9)).mean() < 1e-3


def test_there_are_two_kinds():
    with pytest.raises(InputError, match=r"^Streams\.precision: must be one of 'float64', 'float32'"):
        Streams(1, precision="float16")  # type: ignore[arg-type]


# Parts that follow others

CRASH = Event("crash:ETH")


@attrs.frozen(eq=False)
class Follower(Scenario):
    """Half of ETH's price as the price of SOL, and an event where ETH falls below a level."""

    below: float = 2_900.0

    @property
    def factors(self):
        return frozenset({SOL, CRASH})

    @property
    def depends_on(self):
        return frozenset({ETH})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(Halves(self.below),))


@attrs.frozen(eq=False)
class Halves:
    below: float
    factors = frozenset({SOL, CRASH})

    def rows(self, bounds, filled) -> Iterator[dict]:
        for start, stop in bounds:
            eth = filled[ETH]
            fallen = {start + k: np.nonzero(eth[k + 1] < self.below)[0] for k in range(stop - start)}
            yield {SOL: 0.5 * eth, CRASH: fallen}


def test_a_part_follows_the_one_before_it_row_by_row():
    table = rows(Joint([PRICES, Follower()]), ETH, SOL)
    assert np.array_equal(table[SOL], 0.5 * table[ETH])


def test_what_is_followed_is_supplied_without_being_asked_for():
    world = Joint([PRICES, Follower()])
    assert np.array_equal(rows(world, SOL)[SOL], rows(world, ETH, SOL)[SOL])


def test_a_source_may_say_when_an_event_strikes():
    world = Joint([PRICES, Follower()])
    market = world.market(GRID, frozenset({ETH, CRASH}), streams=Streams(1), n_paths=5)
    now, struck, prices = market.now(), [], []
    for chunk in market.chunks():
        for step in range(chunk.start, chunk.stop):
            now.at(chunk, step)
            struck.append(now.occurs(CRASH).copy())
            prices.append(np.array(now[ETH]))
    assert np.array_equal(struck, np.array(prices) < 2_900.0)
    assert np.any(struck)


def test_the_order_of_parts_is_told():
    with pytest.raises(
        InputError, match=r'^Joint\.parts: must have the part that gives Price\("ETH"\) before Follower'
    ):
        Joint([Follower(), PRICES])


def test_two_parts_that_set_one_hazard_are_refused():
    once, again = Constants({CRASH: 0.1}), Constants({CRASH: 0.2, BTC: 1.0})
    with pytest.raises(
        InputError, match=r'^Joint\.parts: must not have two parts that set the hazard of Event\("crash:ETH"'
    ):
        Joint([once, again])
    assert BTC in Joint([Constants({BTC: 2.0}), Constants({BTC: 1.0})]).factors


def test_a_factor_that_nobody_gives_is_named_before_anything_runs():
    world = Joint([Constants({BTC: 1.0}), Follower()])
    with pytest.raises(InputError, match=r'^Joint: follows Price\("ETH"\), which no part gives, got .*put a part'):
        world.missing(frozenset({SOL}))
    with pytest.raises(InputError, match=r'^Joint: follows Price\("ETH"\), which no part gives'):
        world.market(GRID, frozenset({SOL}), streams=Streams(1), n_paths=1)
