"""`stress`: known episodes laid on a world, and their numbers against the recorded days."""

import csv
from collections.abc import Callable

import numpy as np
import pytest

from stakingmodels import History, TimeGrid
from stakingmodels.errors import InputError, InputTypeError
from stakingmodels.market import BlockFees, Difficulty, EntryWait, Event, ExitWait, Factor, Hashrate, MarketRatio, Price
from stakingmodels.scenarios import (
    EPISODES,
    Constants,
    EventShock,
    Shock,
    Shocked,
    Streams,
    read_daily,
    reference,
    stress,
)

ETH, BTC, SOL = Price("ETH"), Price("BTC"), Price("SOL")
STETH, EZETH = MarketRatio("stETH"), MarketRatio("ezETH")
DIFFICULTY, HASHRATE, FEES = Difficulty("BTC"), Hashrate("BTC"), BlockFees("BTC")
ENTRY, EXIT = EntryWait("ETH"), ExitWait("ETH")
LEVELS = dict.fromkeys((ETH, BTC, SOL, STETH, EZETH, DIFFICULTY, HASHRATE, FEES, ENTRY, EXIT), 1.0)
FLAT = Constants(LEVELS)
GRID = TimeGrid.daily("2026-01-01", days=365)
CUSTODIAN, BALANCER = Event("custodian:exchange"), Event("exploit:balancer")


def table(world, *factors, grid=GRID):
    """Rows of a world that is alike on all paths."""
    market = world.market(grid, frozenset(factors), streams=Streams(1), n_paths=1)
    found: dict[Factor, list[float]] = {factor: [] for factor in factors}
    for chunk in market.chunks():
        for factor in factors:
            n = chunk.stop - chunk.start + (factor.kind == "level" and chunk.stop == grid.n_steps)
            found[factor].extend(chunk.rows[factor][:n, 0].tolist())
    return found


def struck(world, event):
    market = world.market(GRID, frozenset({event}), streams=Streams(1), n_paths=2)
    now = market.now()
    return [
        step
        for chunk in market.chunks()
        for step in range(chunk.start, chunk.stop)
        if now.at(chunk, step).occurs(event).all()
    ]


def test_the_peg_of_2022():
    found = table(stress("stETH 2022-06", FLAT), STETH, ETH, BTC, SOL)
    assert found[STETH][30] == 1.0
    assert found[STETH][38] == pytest.approx(0.939)
    assert found[STETH][68] == pytest.approx(1 - 0.061 / 2)
    assert (found[ETH][30], found[ETH][41], found[ETH][-1]) == pytest.approx((1.0, 0.5477, 0.5477))
    assert (found[BTC][41], found[SOL][41]) == pytest.approx((0.6104, 0.8065))


def test_the_exchange_of_2022():
    world = stress("exchange failure 2022-11", FLAT, day=10)
    found = table(world, ETH, BTC, SOL, STETH)
    assert [found[f][14] for f in (BTC, ETH, SOL, STETH)] == pytest.approx([0.7462, 0.6758, 0.3791, 0.9764])
    assert struck(world, CUSTODIAN) == [12]  # the interval that ends three days after day 10


def test_events_of_other_products():
    mine = [Event("custodian:a", hazard=0.01), Event("custodian:b")]
    world = stress("exchange failure 2022-11", FLAT, events=mine)
    assert [struck(world, event) for event in mine] == [[32], [32]]
    assert CUSTODIAN not in world.factors
    assert struck(stress("exchange failure 2022-11", FLAT, events=mine[0]), mine[0]) == [32]


def test_the_migration_of_2021():
    found = table(stress("hashrate migration 2021-05", FLAT), DIFFICULTY, HASHRATE, BTC)
    assert (found[DIFFICULTY][31], found[DIFFICULTY][96]) == pytest.approx((1.0, 0.546))
    assert found[DIFFICULTY][96 + 79] == pytest.approx(0.773)
    assert (found[HASHRATE][80], found[HASHRATE][146]) == pytest.approx((0.469, 0.7345))
    assert found[BTC][96] == pytest.approx(0.642)


def test_a_shock_of_the_hash_rate_alone_leaves_the_difficulty_of_its_part():
    world = reference(miners=True)
    calm, shocked, stressed = (
        table(w, HASHRATE, DIFFICULTY)
        for w in (
            world,
            Shocked(world, Shock(HASHRATE, day=30, change=-0.5)),
            stress("hashrate migration 2021-05", world),
        )
    )
    assert shocked[HASHRATE][40] == pytest.approx(0.5 * calm[HASHRATE][40], rel=1e-12)
    assert shocked[DIFFICULTY] == calm[DIFFICULTY]
    assert stressed[DIFFICULTY][96] / calm[DIFFICULTY][96] == pytest.approx(0.546, abs=0.06)


def test_the_halving_of_2024():
    found = table(stress("halving 2024-04", FLAT), DIFFICULTY, FEES)
    assert found[DIFFICULTY][30:32] == pytest.approx([1.0, 2.0])
    assert found[DIFFICULTY][107] == pytest.approx(2.0 * 0.925)
    assert found[FEES][29:31] == pytest.approx([1.0, 41.5])
    assert found[FEES][40] == pytest.approx(1.0 + 40.5 * 0.5 ** (10 / 1.63))


def test_a_mined_coin_costs_twice_on_the_halving_day_itself():
    # the interval that opens on day 30 sees the fees of that day and the difficulty at its end
    found = table(stress("halving 2024-04", FLAT), DIFFICULTY, FEES)
    assert found[FEES][30] > 40.0
    assert found[DIFFICULTY][30 + 1] == pytest.approx(2.0)


def test_the_two_prices_of_ezeth():
    oracle, pool = (table(stress(name, FLAT), EZETH)[EZETH] for name in ("ezETH 2024-04", "ezETH 2024-04 pool"))
    assert (oracle[30], oracle[31], oracle[32]) == pytest.approx((1.0, 0.867, 1 - 0.133 / 4))
    assert (pool[30], pool[31], pool[32]) == pytest.approx((1.0, 0.22, 1 - 0.78 / 4))


def test_the_exploit_of_2025():
    world = stress("Balancer 2025-11", FLAT)
    found = table(world, ETH, BTC, SOL)
    assert [found[f][32] for f in (BTC, ETH, SOL)] == pytest.approx([0.9182, 0.8419, 0.8273])
    assert struck(world, BALANCER) == [30]


def test_what_a_world_does_not_give_is_left_out_and_told():
    world = stress("stETH 2022-06", Constants({STETH: 1.0, ETH: 3000.0}), day=0)
    assert world.describe()[2:] == (
        'MarketRatio("stETH") -6.10% from day 0 to 8, half of it gone in 30 days',
        'Price("ETH") -45.23% from day 0 to 11',
    )


@pytest.mark.parametrize("name", EPISODES)
def test_every_episode_runs_and_begins_where_it_is_told(name):
    early, late = (table(stress(name, FLAT, day=day), *FLAT.factors) for day in (0, 100))
    if EPISODES[name].from_opening:
        assert early == late
        return
    for factor in FLAT.factors:
        assert late[factor][100:200] == pytest.approx(early[factor][:100], rel=1e-12)
        assert set(late[factor][:100]) == {1.0}
    episode = EPISODES[name]
    assert episode.name == name
    assert np.datetime64(episode.first_day) < np.datetime64("2026-01-01")


@pytest.mark.parametrize(
    ("arguments", "terms", "error", "words"),
    [
        (("steth 2022-06", FLAT), {}, InputError, r"^stress: name: must be one of .*did you mean stETH 2022-06\?"),
        (("Mt. Gox", FLAT), {}, InputError, r"^stress: name: must be one of hashrate migration 2021-05, stETH 2022-06"),
        ((3, FLAT), {}, InputError, r"^stress: name: must be one of "),
        (("stETH 2022-06", 3.0), {}, InputTypeError, r"^stress: scenario: must be Scenario"),
        (("stETH 2022-06", FLAT), {"day": -1.0}, InputError, r"^stress: day: must be in \[0"),
        (("stETH 2022-06", FLAT), {"events": CUSTODIAN}, InputError, r"^stress: events: go with episodes that have"),
        (("Balancer 2025-11", FLAT), {"events": [ETH]}, InputTypeError, r"^EventShock\.events: must be Event"),
        (("Balancer 2025-11", FLAT), {"events": []}, InputTypeError, r"^EventShock\.events: must be Event"),
        (
            ("stETH 2022-06", Constants({ETH: 1.0})),
            {},
            InputError,
            r'^Shocked: MarketRatio\("stETH"\): is not in the s',
        ),
    ],
)
def test_refused(arguments, terms, error, words):
    with pytest.raises(error, match=words):
        stress(*arguments, **terms)


def test_an_episode_longer_than_the_grid_is_refused():
    short = TimeGrid.daily("2026-01-01", days=50)
    with pytest.raises(InputError, match="must be within the grid of 50 days"):
        table(stress("hashrate migration 2021-05", FLAT), DIFFICULTY, grid=short)


# The numbers, from the recorded days


def change_of(name, factor) -> float:
    episode = EPISODES[name]
    (found,) = [
        shock.change
        for shock in (*episode.core, *episode.companions)
        if isinstance(shock, Shock) and factor in shock.factors and shock.change < 0.0
    ]
    return found


def close_of(shared_data, factor) -> Callable[[str], float]:
    history = History({factor: shared_data / "data" / "yahoo_2025" / f"{factor.name}-USD.csv"})
    return lambda day: float(history.recorded(factor)[history.dates == np.datetime64(day)][0])


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("stETH 2022-06", "2022-06-07", "2022-06-18"),
        ("exchange failure 2022-11", "2022-11-05", "2022-11-09"),
        ("Balancer 2025-11", "2025-11-02", "2025-11-04"),
    ],
)
def test_prices_are_those_of_the_days(name, first, last, shared_data):
    for factor in (ETH, BTC, SOL):
        close = close_of(shared_data, factor)
        assert change_of(name, factor) == pytest.approx(close(last) / close(first) - 1.0, abs=6e-5)


def test_the_ratio_is_that_of_the_days(shared_data):
    folder = shared_data / "data" / "yahoo_2024"
    steth, eth = (
        read_daily(folder / f"{token}-USD.csv", column="Close", missing_days="previous") for token in ("STETH", "ETH")
    )
    ratio = steth.values / eth.values[eth.dates >= steth.dates[0]]
    april = (steth.dates >= np.datetime64("2022-04-01")) & (steth.dates <= np.datetime64("2022-04-30"))
    lowest = ratio[steth.dates == np.datetime64("2022-06-15")][0]
    assert lowest == ratio[steth.dates >= np.datetime64("2022-01-01")].min()
    assert change_of("stETH 2022-06", STETH) == pytest.approx(lowest / np.median(ratio[april]) - 1.0, abs=6e-4)
    first, last = (ratio[steth.dates == np.datetime64(day)][0] for day in ("2022-11-05", "2022-11-09"))
    assert change_of("exchange failure 2022-11", STETH) == pytest.approx(last / first - 1.0, abs=6e-5)


def test_the_network_is_that_of_the_days(shared_data):
    with (shared_data / "data" / "btc_network" / "coinmetrics_btc_2020_2026.csv").open() as file:
        lines = list(csv.DictReader(file))
    times = np.array([line[next(iter(line))] if "-" in line[next(iter(line))] else line["time"] for line in lines])
    days = times.astype("datetime64[D]")
    hashrate, usd, issued, fees = (
        np.array([float(line[name]) for line in lines]) for name in ("HashRate", "PriceUSD", "IssTotUSD", "FeeTotNtv")
    )
    blocks = issued / usd / np.where(days < np.datetime64("2024-04-20"), 6.25, 3.125)
    difficulty = hashrate * 1e12 * 86_400 / 2**32 / blocks

    def on(values, day):
        return float(values[days == np.datetime64(day)][0])

    week = np.convolve(hashrate, np.full(7, 1 / 7))[: hashrate.size]
    assert change_of("hashrate migration 2021-05", HASHRATE) == pytest.approx(
        on(week, "2021-07-02") / on(week, "2021-05-13") - 1.0, abs=6e-4
    )
    assert change_of("hashrate migration 2021-05", DIFFICULTY) == pytest.approx(
        on(difficulty, "2021-07-18") / on(difficulty, "2021-05-14") - 1.0, abs=6e-4
    )
    assert change_of("hashrate migration 2021-05", BTC) == pytest.approx(
        on(usd, "2021-07-18") / on(usd, "2021-05-13") - 1.0, abs=6e-4
    )
    assert change_of("halving 2024-04", DIFFICULTY) == pytest.approx(
        on(difficulty, "2024-07-05") / on(difficulty, "2024-04-20") - 1.0, abs=6e-4
    )
    before = (days >= np.datetime64("2024-03-12")) & (days <= np.datetime64("2024-04-10"))
    (wild,) = EPISODES["halving 2024-04"].companions
    assert wild.change == pytest.approx(
        on(fees / blocks, "2024-04-20") / (fees / blocks)[before].mean() - 1.0, abs=0.05
    )


def test_an_episode_can_be_told_from_its_parts():
    episode = EPISODES["Balancer 2025-11"]
    assert episode.core == (EventShock(BALANCER, day=1),)
    assert episode.shocks(frozenset({ETH}), day=5.0) == (
        EventShock(BALANCER, day=6),
        Shock(ETH, day=5, until=7, change=-0.1581),
    )
