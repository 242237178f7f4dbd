"""`Shocked`: what is multiplied, what strikes, and that nothing else moves."""

from collections.abc import Iterator

import attrs
import numpy as np
import pytest

from stakingmodels import APR, APY, ExchangeStaking, Holding, simulate
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import (
    BlockFees,
    CashRate,
    Difficulty,
    Event,
    ExitWait,
    Factor,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
)
from stakingmodels.products import Failure
from stakingmodels.scenarios import (
    GBM,
    BlockInputs,
    Constants,
    EventShock,
    GeometricBrownianMotion,
    History,
    Joint,
    Merton,
    MertonJumpDiffusion,
    QueueWaits,
    Scenario,
    SetTo,
    Shock,
    Shocked,
    StationaryBootstrap,
    Streams,
    WaitCell,
    daily_series,
)

ETH, BTC, RATIO = Price("ETH"), Price("BTC"), MarketRatio("stETH")
REWARD, FEES, DIFFICULTY, CASH = StakingReward("ETH"), BlockFees("BTC"), Difficulty("BTC"), CashRate("USD")
GONE, HACK = Event("custodian:x"), Event("exploit:y")
GRID = TimeGrid.daily("2026-01-01", days=40)
PRICES = GeometricBrownianMotion(
    {ETH: GBM(3000.0, volatility=0.7), BTC: GBM(9e4, volatility=0.5)}, correlation={(ETH, BTC): 0.8}
)
REST = Constants({REWARD: APR(0.0365), FEES: 0.02, DIFFICULTY: 1.5e14, RATIO: 1.0, CASH: APY(0.04)})
WORLD = Joint([PRICES, REST])


def rows(world, *factors, paths=50, grid=GRID, block=0):
    market = world.market(grid, frozenset(factors), streams=Streams(7, first_path=8_192 * block), n_paths=paths)
    found: dict[Factor, list[np.ndarray]] = {factor: [] for factor in factors}
    for chunk in market.chunks():
        for factor in factors:
            n = chunk.stop - chunk.start + (factor.kind == "level" and chunk.stop == grid.n_steps)
            found[factor].append(chunk.rows[factor][:n].copy())
    return {factor: np.concatenate(parts) for factor, parts in found.items()}


def strikes(world, *events, paths=50, grid=GRID):
    """Step -> paths, as positions see it."""
    market = world.market(grid, frozenset(events), streams=Streams(7), n_paths=paths)
    now = market.now()
    found: dict[Event, dict[int, list[int]]] = {event: {} for event in events}
    for chunk in market.chunks():
        for step in range(chunk.start, chunk.stop):
            now.at(chunk, step)
            for event in events:
                if now.paths_with(event).size:
                    found[event][step] = now.paths_with(event).tolist()
    return found


ALL = list(range(50))


# Levels


def test_a_price_that_halves_stays_half():
    plain, found = rows(WORLD, ETH, BTC), rows(Shocked(WORLD, Shock(ETH, day=30, change=-0.5)), ETH, BTC)
    assert np.array_equal(found[ETH][:30], plain[ETH][:30])
    assert np.array_equal(found[ETH][30:], 0.5 * plain[ETH][30:])
    assert np.array_equal(found[BTC], plain[BTC])


def test_several_names_at_once():
    plain, found = rows(WORLD, ETH, BTC), rows(Shocked(WORLD, Shock((ETH, BTC), day=10, change=-0.2)), ETH, BTC)
    for factor in (ETH, BTC):
        assert found[factor][10:] == pytest.approx(0.8 * plain[factor][10:], rel=1e-15)
        assert np.array_equal(found[factor][:10], plain[factor][:10])


def test_several_shocks_of_one_name_multiply():
    shocks = [Shock(ETH, day=10, change=-0.5), Shock(ETH, day=20, change=1.0)]
    plain, found = rows(WORLD, ETH)[ETH], rows(Shocked(WORLD, shocks), ETH)[ETH]
    assert np.array_equal(found[20:], plain[20:])
    assert np.array_equal(found[10:20], 0.5 * plain[10:20])
    nested = Shocked(Shocked(WORLD, shocks[0]), shocks[1])
    assert np.array_equal(rows(nested, ETH)[ETH], found)


def test_a_peg_breaks_and_comes_back_by_halves():
    found = rows(Shocked(WORLD, Shock(RATIO, day=10, change=-0.08, half_life_days=10)), RATIO)[RATIO][:, 0]
    assert found[[0, 9, 10, 20, 30, 40]] == pytest.approx([1.0, 1.0, 0.92, 0.96, 0.98, 0.99], rel=1e-14)


def test_difficulty_doubles():
    found = rows(Shocked(WORLD, Shock(DIFFICULTY, day=5, change=1.0)), DIFFICULTY)[DIFFICULTY][:, 0]
    assert found.tolist() == [1.5e14] * 5 + [3e14] * 36


def test_a_ramp_is_a_straight_line_between_two_days():
    found = rows(Shocked(WORLD, Shock(RATIO, day=10, until=20, change=-0.5)), RATIO)[RATIO][:, 0]
    assert found[:11] == pytest.approx(1.0)
    assert found[10:21] == pytest.approx(np.linspace(1.0, 0.5, 11), rel=1e-14)
    assert found[20:] == pytest.approx(0.5)


def test_a_ramp_may_fade():
    shock = Shock(RATIO, day=10, until=20, change=-0.5, half_life_days=4)
    assert shock.multiplier(np.array([0, 15.0, 20.0, 24.0, 28.0])) == pytest.approx([1.0, 0.75, 0.5, 0.75, 0.875])


def test_a_shock_between_two_times_is_felt_at_the_next():
    weekly = TimeGrid(np.arange("2026-01-01", "2026-03-01", 7, dtype="datetime64[D]"))
    found = rows(Shocked(WORLD, Shock((RATIO, FEES), day=10, change=1.0)), RATIO, FEES, grid=weekly)
    assert found[RATIO][:4, 0].tolist() == [1.0, 1.0, 2.0, 2.0]
    assert found[FEES][:4, 0].tolist() == [0.02, 0.02, 0.04, 0.04]


def test_a_world_may_open_shocked():
    found = rows(Shocked(WORLD, Shock((ETH, REWARD), day=0, change=-0.5)), ETH, REWARD)
    assert (found[ETH][0] == 1500.0).all()
    assert found[REWARD] == pytest.approx(0.00005)


# Rates and fees


def test_a_reward_is_halved_from_the_interval_that_begins_on_the_day():
    found = rows(Shocked(WORLD, Shock(REWARD, day=10, change=-0.5)), REWARD)[REWARD][:, 0]
    assert found == pytest.approx([0.0001] * 10 + [0.00005] * 30)


@pytest.mark.parametrize("factor", [REWARD, FEES, CASH])
def test_what_is_given_for_all_times_becomes_rows(factor):
    plain = rows(WORLD, factor)[factor]
    found = rows(Shocked(WORLD, Shock(factor, day=10, until=20, change=1.0)), factor)[factor]
    assert found[:, 0] == pytest.approx(plain[:, 0] * np.clip(np.arange(40) / 10, 1.0, 2.0), rel=1e-14)


def test_a_reward_may_stop():
    found = rows(Shocked(WORLD, Shock(REWARD, day=10, change=-1.0)), REWARD)[REWARD]
    assert (found[10:] == 0.0).all()


def test_a_loss_of_all_within_a_step_is_refused():
    world = Shocked(Constants({CASH: APY(-0.999)}), Shock(CASH, day=3, change=99.0))
    with pytest.raises(InputError, match=r'^Shock: CashRate\("USD"\): fraction accrued in a step: must be above -1'):
        rows(world, CASH)


# Events


def test_an_event_strikes_on_all_paths_in_the_interval_that_ends_on_the_day():
    assert strikes(Shocked(WORLD, EventShock(GONE, day=30)), GONE) == {GONE: {29: ALL}}


def test_an_event_strikes_in_the_interval_that_holds_the_day():
    assert strikes(Shocked(WORLD, EventShock(GONE, day=29.5)), GONE) == {GONE: {29: ALL}}
    assert strikes(Shocked(WORLD, EventShock(GONE, day=0.1)), GONE) == {GONE: {0: ALL}}


def test_several_events_and_days():
    world = Shocked(WORLD, [EventShock((GONE, HACK), day=3), EventShock(GONE, day=5)])
    assert strikes(world, GONE, HACK) == {GONE: {2: ALL, 4: ALL}, HACK: {2: ALL}}


def test_an_event_still_strikes_when_it_would_have():
    hazard = 5.0
    plain = strikes(Joint([WORLD, Constants({GONE: hazard})]), GONE)[GONE]
    assert len(plain) > 10
    found = strikes(Shocked(Joint([WORLD, Constants({GONE: hazard})]), EventShock(GONE, day=30)), GONE)[GONE]
    assert found == {**plain, 29: ALL}
    by_default = strikes(Shocked(WORLD, EventShock(GONE, day=30)), Event(GONE.name, hazard=hazard))
    assert by_default == {GONE: found}


@attrs.frozen(eq=False)
class Decided(Scenario):
    """A world that says itself when an event strikes: path 0, every third step."""

    @property
    def factors(self):
        return frozenset({GONE})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(EveryThird(),))


class EveryThird:
    factors = frozenset({GONE})

    def rows(self, bounds, filled) -> Iterator[dict]:
        for start, stop in bounds:
            yield {GONE: {step: np.array([0]) for step in range(start, stop) if step % 3 == 0}}


def test_strikes_join_those_of_a_source():
    found = strikes(Shocked(Decided(), [EventShock(GONE, day=2), EventShock(GONE, day=4)]), GONE)[GONE]
    assert found == {step: [0] for step in range(0, 40, 3)} | {1: ALL, 3: ALL}


def test_strikes_of_a_part_reach_the_joint():
    world = Joint([Shocked(PRICES, EventShock(GONE, day=30)), REST])
    assert strikes(world, GONE) == {GONE: {29: ALL}}


def test_nested_strikes_join():
    world = Shocked(Shocked(WORLD, EventShock(GONE, day=3)), EventShock(GONE, day=5))
    assert strikes(world, GONE) == {GONE: {2: ALL, 4: ALL}}


def test_a_custodian_that_is_gone_takes_the_coins():
    product = ExchangeStaking(asset="ETH", posted_rate=APR(0.03), failures=(Failure(Event("custodian:x", hazard=0.0)),))
    outcome = simulate(
        {"earn": product, "hold": Holding(asset="ETH")},
        Shocked(WORLD, EventShock(GONE, day=30)),
        GRID,
        capital=1e5,
        n_paths=20,
        rng=1,
    )
    assert (outcome["earn"].closing < 1.0).all()
    assert (outcome["hold"].closing > 1e4).all()


# Parts that follow


@attrs.frozen(eq=False)
class Follower(Scenario):
    """Difficulty that follows the price at once."""

    @property
    def factors(self):
        return frozenset({DIFFICULTY})

    @property
    def depends_on(self):
        return frozenset({BTC})

    def generate(self, grid, factors, *, streams, noise, n_paths):
        return BlockInputs(sources=(Follows(),) if factors else ())


class Follows:
    factors = frozenset({DIFFICULTY})

    def rows(self, bounds, filled) -> Iterator[dict]:
        for _ in bounds:
            yield {DIFFICULTY: 2.0 * filled[BTC]}


@pytest.mark.parametrize("inside", [False, True])
def test_what_follows_a_price_follows_the_shocked_price(inside):
    crash = Shock(BTC, day=20, change=-0.5)
    world = Joint([Shocked(PRICES, crash), Follower()]) if inside else Shocked(Joint([PRICES, Follower()]), crash)
    table = rows(world, BTC, DIFFICULTY)
    assert np.array_equal(table[DIFFICULTY], 2.0 * table[BTC])
    assert np.array_equal(rows(world, DIFFICULTY)[DIFFICULTY], table[DIFFICULTY])


# On any world

LEVEL = {"jump_intensity": 12.0, "log_jump_mean": 0.0, "log_jump_volatility": 0.1}
DAYS = np.arange("2025-01-01", "2025-06-01", dtype="datetime64[D]")
RECORD = History({ETH: daily_series(DAYS, 3000.0 + 10.0 * np.sin(np.arange(DAYS.size)), name="made up")})
WORLDS = {
    "lognormal": PRICES,
    "history": RECORD,
    "bootstrap": StationaryBootstrap(RECORD, mean_block_days=5.0),
    "constants": Constants({ETH: 3000.0}),
    "joint": WORLD,
}


@pytest.mark.parametrize("name", WORLDS)
def test_on_any_world(name):
    world = WORLDS[name]
    plain, found = rows(world, ETH)[ETH], rows(Shocked(world, Shock(ETH, day=13, change=-0.25)), ETH)[ETH]
    assert np.array_equal(found[:13], plain[:13])
    assert np.array_equal(found[13:], 0.75 * plain[13:])


def test_it_is_as_the_world_is():
    shocked = Shocked(RECORD, Shock(ETH, day=3, change=-0.5))
    assert shocked.is_recorded
    assert shocked.n_paths(GRID) == RECORD.n_paths(GRID)
    assert shocked.overlap(GRID) == RECORD.overlap(GRID)
    assert shocked.numeraire == "USD"
    assert shocked.factors == RECORD.factors
    assert Shocked(PRICES, Shock(ETH, day=3, change=-0.5)).drivers is PRICES.drivers
    assert Shocked(Follower(), Shock(DIFFICULTY, day=3, change=-0.5)).depends_on == {BTC}
    as_recorded = History(dict(RECORD.series), window_levels="as_recorded")
    market = Shocked(as_recorded, Shock(ETH, day=3, change=-0.5)).market(
        as_recorded.grid(days=40), frozenset({ETH}), streams=Streams(1), n_paths=5
    )
    assert market.now().time_offsets is not None


# What depends on what

BUSY = Shocked(
    WORLD, [Shock((ETH, RATIO), day=3, until=30, change=-0.5, half_life_days=9), Shock(REWARD, day=7, change=1.0)]
)


def test_a_shock_changes_no_row_of_the_world_that_is_read_beside_it():
    held, starts = [], []
    market = BUSY.market(GRID, frozenset({ETH}), streams=Streams(7), n_paths=50)
    for chunk in market.chunks():
        held.append(chunk.rows[ETH][0].copy())
        starts.append(chunk.start)
        assert not chunk.rows[ETH].flags.writeable
    assert np.array_equal(np.array(held), rows(BUSY, ETH)[ETH][starts])


def test_all_blocks_are_shocked():
    plain, found = rows(WORLD, ETH, block=3), rows(Shocked(WORLD, Shock(ETH, day=30, change=-0.5)), ETH, block=3)
    assert np.array_equal(found[ETH][30:], 0.5 * plain[ETH][30:])


def test_a_shock_on_jumps_keeps_their_numbers():
    world = MertonJumpDiffusion({ETH: Merton(100.0, volatility=0.3, **LEVEL)})
    plain, found = rows(world, ETH)[ETH], rows(Shocked(world, Shock(ETH, day=1, change=-0.5)), ETH)[ETH]
    assert np.array_equal(found[1:], 0.5 * plain[1:])


# Refused


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"factors": ()}, InputTypeError, r"^Shock\.factors: must be Factor"),
        ({"factors": "ETH"}, InputTypeError, r"^Shock\.factors: must be Factor"),
        ({"factors": (ETH, 3)}, InputTypeError, r"^Shock\.factors: must be Factor"),
        (
            {"factors": GONE},
            InputError,
            r'^Shock\.factors: must be levels.*EventShock\(Event\("custodian:x"\), day=30\)',
        ),
        ({"day": -1.0}, InputError, r"^Shock\.day: must be in \[0"),
        ({"day": "2026-01-01"}, InputTypeError, r"^Shock\.day: must be a number"),
        ({"change": -1.5}, InputError, r"^Shock\.change: must be in \[-1, .*falls below 0"),
        ({"change": -50}, InputError, r"^Shock\.change: .*percent\? write -0\.5"),
        ({"change": float("nan")}, InputError, r"^Shock\.change: must be finite"),
        ({"change": -1.0, "factors": DIFFICULTY}, InputError, r'^Shock\.change: Difficulty\("BTC"\): must be above -1'),
        ({"until": 30.0}, InputError, r"^Shock\.until: must be after the day of 30, got 30"),
        ({"until": 20.0}, InputError, r"^Shock\.until: must be after the day of 30"),
        ({"half_life_days": 0.0}, InputError, r"^Shock\.half_life_days: must be in \(0"),
    ],
)
def test_shocks(terms, error, words):
    with pytest.raises(error, match=words):
        Shock(**{"factors": ETH, "day": 30.0, "change": -0.5, **terms})


@pytest.mark.parametrize(
    ("terms", "error", "words"),
    [
        ({"events": ()}, InputTypeError, r"^EventShock\.events: must be Event"),
        ({"events": ETH}, InputTypeError, r"^EventShock\.events: must be Event"),
        ({"day": 0.0}, InputError, r"^EventShock\.day: must be in \(0"),
        ({"day": -1.0}, InputError, r"^EventShock\.day: must be in \(0"),
    ],
)
def test_strikes(terms, error, words):
    with pytest.raises(error, match=words):
        EventShock(**{"events": GONE, "day": 30.0, **terms})


@pytest.mark.parametrize(
    ("world", "shocks", "error", "words"),
    [
        (3.0, Shock(ETH, day=1, change=0.5), InputTypeError, r"^Shocked\.scenario: must be Scenario"),
        (WORLD, [], InputTypeError, r"^Shocked\.shocks: must be shocks; write Shock"),
        (WORLD, [-0.5], InputTypeError, r"^Shocked\.shocks: must be shocks; write Shock"),
        (
            PRICES,
            Shock((ETH, RATIO), day=1, change=0.5),
            InputError,
            r'^Shocked: MarketRatio\("stETH"\): is not in the scenario .* got \'Price\("BTC"\), Price\("ETH"\)\'',
        ),
    ],
)
def test_worlds(world, shocks, error, words):
    with pytest.raises(error, match=words):
        Shocked(world, shocks)


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        (
            Shock(ETH, day=41, change=-0.5),
            r'^Shock: Price\("ETH"\) -50\.00% on day 41: must be within the grid of 40 da',
        ),
        (Shock(ETH, day=3, until=41, change=-0.5), "must be within the grid of 40 days, got 41"),
        (
            EventShock(GONE, day=40.5),
            r'^EventShock: Event\("custodian:x"\) on day 40\.5: must be within the grid of 40 days',
        ),
    ],
)
def test_days_outside_the_grid(shock, words):
    world = Shocked(WORLD, shock)
    with pytest.raises(InputError, match=words):
        world.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=1)
    with pytest.raises(InputError, match=words):
        simulate({"hold": Holding(asset="ETH")}, world, GRID, capital=1.0, n_paths=1, rng=1)


def test_the_last_day_is_in_the_grid():
    assert strikes(Shocked(WORLD, EventShock(GONE, day=40)), GONE) == {GONE: {39: ALL}}
    found = rows(Shocked(WORLD, Shock(RATIO, day=40, change=-0.5)), RATIO)[RATIO][:, 0]
    assert found.tolist() == [1.0] * 40 + [0.5]


def test_notes():
    shock = Shock((ETH, BTC), day=3, until=5, change=-0.5, half_life_days=2)
    *_, told = Shocked(WORLD, shock).describe()
    assert told == 'Price("ETH"), Price("BTC") -50.00% from day 3 to 5, half of it gone in 2 days'


WAIT = ExitWait("ETH")
QUEUES = Joint([Constants({ETH: 3000.0}), QueueWaits([WaitCell(1, entry_days=10.0, exit_days=20.0, exit_spread=5.0)])])


def level_rows(world, factor):
    market = world.market(GRID, frozenset({factor}), streams=Streams(1), n_paths=5)
    chunks = [chunk.rows[factor][: chunk.steps + (chunk.stop == GRID.n_steps)] for chunk in market.chunks()]
    return np.concatenate(chunks), market


def test_a_level_is_held_from_a_day_to_another_and_then_the_worlds_again():
    free, _ = level_rows(QUEUES, WAIT)
    held, _ = level_rows(Shocked(QUEUES, SetTo(WAIT, level=46.4, day=12, until=25)), WAIT)
    assert (held[12:25] == 46.4).all()
    assert (np.delete(held, np.s_[12:25], axis=0) == np.delete(free, np.s_[12:25], axis=0)).all()


def test_a_level_that_is_held_counts_more_than_a_shock_and_the_last_more_than_the_first():
    blows = [Shock(WAIT, day=3, change=1.0), SetTo(WAIT, level=5.0, day=6), SetTo(WAIT, level=7.0, day=9)]
    free, _ = level_rows(QUEUES, WAIT)
    rows, market = level_rows(Shocked(QUEUES, blows), WAIT)
    assert (rows[:3] == free[:3]).all()
    assert (rows[3:6] == 2.0 * free[3:6]).all()
    assert (rows[6:9] == 5.0).all()
    assert (rows[9:] == 7.0).all()
    assert market.frozen_levels == {WAIT: 20.0}


def test_a_world_that_stands_still_has_the_level_that_is_held_at_the_opening():
    _, market = level_rows(Shocked(QUEUES, SetTo(WAIT, level=46.4)), WAIT)
    assert market.frozen_levels == {WAIT: 46.4}
    assert next(market.frozen_at_open().chunks()).rows[WAIT][0, 0] == 46.4


def test_a_price_that_is_held_has_no_expected_growth():
    world = Shocked(Constants({ETH: 3000.0}), SetTo(ETH, level=1000.0, day=3))
    assert world.expected_growth(ETH, TimeGrid.daily("2026-01-01", days=5)) is None
    assert world.describe()[-1] == 'Price("ETH") at 1000 from day 3'
    assert str(SetTo(ETH, level=0.0, day=1, until=2)) == 'Price("ETH") at 0 from day 1 to 2'


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: SetTo("x", level=1.0), InputTypeError, r"^SetTo\.factor: must be Factor"),  # type: ignore[arg-type]
        (lambda: SetTo(REWARD, level=1.0), InputError, r"^SetTo\.factor: must be a level"),
        (lambda: SetTo(WAIT, level=-1.0), InputError, r'^SetTo\.level: ExitWait\("ETH"\): must be'),
        (lambda: SetTo(DIFFICULTY, level=0.0), InputError, r'^SetTo\.level: Difficulty\("BTC"\): must be'),
        (lambda: SetTo(WAIT, level=1.0, day=3, until=3), InputError, r"^SetTo\.until: must be after the day of 3"),
        (lambda: Shocked(Constants({ETH: 1.0}), SetTo(WAIT, level=1.0)), InputError, r"is not in the scenario"),
    ],
)
def test_levels_that_cannot_be_held_are_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
