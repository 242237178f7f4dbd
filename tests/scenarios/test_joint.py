"""`Constants`, and worlds of several parts."""

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Price, StakingReward, TimeGrid
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    Constants,
    GeometricBrownianMotion,
    History,
    Joint,
    Scenario,
    Streams,
    daily_series,
)

ETH, BTC, REWARD = Price("ETH"), Price("BTC"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=3)
DAYS = np.arange("2025-01-01", "2025-01-11", dtype="M8[D]")
RECORD = History({BTC: daily_series(DAYS, np.arange(1.0, 11.0), name="made up")}, window_levels="as_recorded")
DRAWN = GeometricBrownianMotion({ETH: GBM(10.0, volatility=0.5), BTC: GBM(20.0, volatility=0.5)})


def rows(world, factor, paths=5, grid=GRID):
    market = world.market(grid, frozenset({factor}), streams=Streams(1), n_paths=paths)
    return next(market.chunks()).rows[factor]


# Constants


def test_constants_stay():
    world = Constants({ETH: 10, REWARD: APR(0.365)})
    assert np.unique(rows(world, ETH)).tolist() == [10.0]
    assert np.unique(rows(world, REWARD)) == pytest.approx([0.001])
    assert world.factors == {ETH, REWARD}
    assert (world.numeraire, world.n_paths(GRID), world.overlap(GRID)) == ("USD", None, 0)


def test_notes_name_every_constant():
    assert Constants({ETH: 10, REWARD: APY(0.05), Event("x"): 0.1}).describe() == (
        'Price("ETH") constant at 10',
        'StakingReward("ETH") constant at 5.00% a year (APY)',
        'Event("x"): hazard 0.1 a year',
    )


@pytest.mark.parametrize(
    ("values", "error", "words"),
    [
        (None, InputTypeError, r"^Constants\.values: must be a mapping"),
        ([ETH], InputTypeError, r"^Constants\.values: must be a mapping"),
        ({"ETH": 1.0}, InputTypeError, r"^Constants\.values: must be Factor"),
        ({ETH: -1.0}, InputError, r'^Price\("ETH"\): must be at least 0'),
        ({ETH: "10"}, InputTypeError, r'^Price\("ETH"\): '),
        ({ETH: float("nan")}, InputError, r'^Price\("ETH"\): must be finite'),
        ({REWARD: 0.04}, InputTypeError, r'^StakingReward\("ETH"\): must be a rate; write APR\(0.04\)'),
        ({Difficulty("BTC"): 0.0}, InputError, r'^Difficulty\("BTC"\): must be above 0'),
        ({ETH: np.ones((1, 5))}, InputTypeError, r'^Constants: Price\("ETH"\): must be one value'),
        ({REWARD: APR(np.array([0.1, 0.2]))}, InputTypeError, r'^Constants: StakingReward\("ETH"\): must be one value'),
        ({Event("x"): -0.1}, InputError, r'^Constants: Event\("x"\): hazard: '),
        ({Event("x"): True}, InputTypeError, r'^Constants: Event\("x"\): hazard: '),
    ],
)
def test_constants_are_refused_where_they_are_written(values, error, words):
    with pytest.raises(error, match=words):
        Constants(values)


def test_the_mapping_is_copied():
    values: dict = {ETH: 10.0}
    world = Constants(values)
    values[ETH] = 99.0
    assert np.unique(rows(world, ETH)).tolist() == [10.0]


def test_an_array_without_dimensions_is_copied():
    given = np.array(10.0)
    world = Constants({ETH: given})
    given[...] = 99.0
    assert np.unique(rows(world, ETH)).tolist() == [10.0]
    assert world.describe() == ('Price("ETH") constant at 10.0',)


# Joint


def test_a_factor_comes_from_the_first_part_that_gives_it():
    assert np.unique(rows(Joint([Constants({ETH: 1.0}), Constants({ETH: 2.0, BTC: 3.0})]), ETH)).tolist() == [1.0]
    assert np.unique(rows(Joint([Constants({ETH: 1.0}), Constants({ETH: 2.0, BTC: 3.0})]), BTC)).tolist() == [3.0]
    assert rows(Joint([DRAWN, Constants({ETH: 1.0})]), ETH).std() > 0.0


def test_parts_draw_as_they_do_alone():
    joint = Joint([Constants({REWARD: APR(0.1)}), DRAWN])
    assert rows(joint, ETH).tobytes() == rows(DRAWN, ETH).tobytes()


def test_it_gives_what_any_part_gives():
    joint = Joint([Constants({REWARD: APR(0.1)}), DRAWN])
    assert joint.factors == {REWARD, ETH, BTC}
    assert joint.describe() == (*Constants({REWARD: APR(0.1)}).describe(), *DRAWN.describe())


def test_a_recorded_part_sets_paths_overlap_and_dates():
    joint = Joint([Constants({ETH: 1.0}), RECORD, DRAWN])
    assert joint.n_paths(GRID) == RECORD.n_paths(GRID) == 7
    assert joint.overlap(GRID) == 2
    market = joint.market(GRID, frozenset({BTC}), streams=Streams(1), n_paths=7)
    now = market.now().at(next(market.chunks()), -1)
    assert now.time.tolist() == DAYS[:7].astype("M8[s]").tolist()


def test_two_recorded_parts_are_refused_since_their_days_may_differ():
    other = History({ETH: daily_series(DAYS + np.timedelta64(3, "D"), np.arange(1.0, 11.0), name="later")})
    with pytest.raises(InputError, match=r"^Joint\.parts: must have at most one recorded part.*one History"):
        Joint([RECORD, other])
    with pytest.raises(InputError, match="at most one recorded part"):
        Joint([Joint([RECORD, DRAWN]), other])


def test_hazards_join():
    event = Event("x")
    world = Joint([Constants({ETH: 1.0}), Constants({event: 900.0})])
    market = world.market(GRID, frozenset({ETH, event}), streams=Streams(1), n_paths=50)
    assert market.now().at(next(market.chunks()), 0).paths_with(event).size > 30


@pytest.mark.parametrize("parts", [None, [], (), DRAWN, {"a": DRAWN}])
def test_parts_are_a_list(parts):
    with pytest.raises(InputTypeError, match=r"^Joint\.parts: must be a list of scenarios"):
        Joint(parts)


def test_parts_are_scenarios():
    with pytest.raises(InputTypeError, match=r"^Joint\.parts: must be Scenario"):
        Joint([DRAWN, "x"])


class InEuro(Scenario):
    @property
    def factors(self):
        return frozenset({ETH})

    @property
    def numeraire(self):
        return "EUR"

    def generate(self, grid, factors, *, streams, noise, n_paths):
        raise NotImplementedError


def test_parts_count_in_one_money():
    with pytest.raises(InputError, match=r"^Joint\.parts: must have the same numeraire, got \('EUR', 'USD'\)"):
        Joint([DRAWN, InEuro()])


# What is missing


@pytest.mark.parametrize("world", [Constants({ETH: 1.0}), Joint([Constants({ETH: 1.0})]), DRAWN, RECORD])
def test_a_missing_factor_is_named_with_the_way_to_give_it(world):
    fees = BlockFees("BTC")
    assert world.missing(frozenset({fees})) == {fees}
    with pytest.raises(
        InputError, match=r'BlockFees\("BTC"\): is not in this scenario.*Constants\({BlockFees\("BTC"\): 0.02}'
    ):
        world.market(GRID, frozenset({fees}), streams=Streams(1), n_paths=3)


@pytest.mark.parametrize("factor", [Price("USD"), CashRate("USD"), Event("x", hazard=0.1)])
def test_what_need_not_be_given(factor):
    assert Constants({ETH: 1.0}).missing(frozenset({ETH, factor})) == frozenset()


def test_an_event_without_a_hazard_is_missing():
    assert Constants({ETH: 1.0}).missing(frozenset({Event("x")})) == {Event("x")}


def test_percent_is_warned_of_once_where_it_is_written():
    with pytest.warns(UserWarning, match="percent") as caught:
        Constants({REWARD: APR(4.2)})
    assert len(caught) == 1


# Remarks and the day


def test_remarks_follow_the_notes():
    world = Joint([Constants({ETH: 10})], remarks=["made up"])
    assert world.describe() == ('Price("ETH") constant at 10', "made up")


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Joint([DRAWN], remarks="made up"), InputTypeError, r"^Joint\.remarks: must be a list of sentences"),
        (lambda: Joint([DRAWN], remarks=[3]), InputTypeError, r"^Joint\.remarks: must be str"),
        (lambda: Joint([DRAWN], as_of="soon"), InputError, r"^as_of: must be a date in ISO 8601"),
        (lambda: Constants({ETH: 1.0}, as_of=2026), InputTypeError, r"^as_of: must be a date"),
    ],
)
def test_remarks_and_days_that_are_none_are_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_the_events_of_parts_are_those_of_the_joint():
    world = Joint([DRAWN, Constants({Event("x"): 0.1})])
    assert world.events == {Event("x"): "hazard"}
