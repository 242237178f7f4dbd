"""The built-in scenario: what it gives, its drift, and its numbers against the series they were taken from."""

import csv
import json
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    APY,
    BlockFees,
    CashRate,
    Constants,
    Difficulty,
    EntryWait,
    Event,
    ExitWait,
    GeometricBrownianMotion,
    Holding,
    InputError,
    InputTypeError,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
    products,
    simulate,
)
from stakingmodels.market import ActiveStake, ExecutionReward, Hashrate, StakingQueue
from stakingmodels.products import SoloValidator
from stakingmodels.protocols.chains.ethereum import issuance
from stakingmodels.scenarios import (
    EPISODES,
    GBM,
    REFERENCE_START,
    HashrateResponse,
    Joint,
    MeanRevertingPeg,
    MertonJumpDiffusion,
    SetTo,
    Streams,
    recorded,
    reference,
    reference_fit,
)
from stakingmodels.scenarios.events.crashes import CrashDetector
from stakingmodels.scenarios.recorded import BTC_BLOCK_FEES, BTC_HEIGHT, NETWORK_UPTIME, STAKED_ETH
from stakingmodels.scenarios.reference import CRASH, queue_waits, staking_and_fees

COINS = ("ETH", "BTC", "SOL")
GIVEN = {
    *map(Price, COINS),
    MarketRatio("stETH"),
    Difficulty("BTC"),
    StakingReward("ETH"),
    ExecutionReward("ETH"),
    BlockFees("BTC"),
    CashRate("USD"),
    EntryWait("ETH"),
    ExitWait("ETH"),
}


def drawn(world) -> GeometricBrownianMotion:
    return next(part for part in world.parts if isinstance(part, GeometricBrownianMotion))


def levels(world):
    return drawn(world).levels


def constants(world) -> Any:
    return next(part.values for part in world.parts if isinstance(part, Constants))


def test_it_gives_what_the_reference_products_read():
    assert reference().factors == GIVEN


def test_prices_do_not_drift_without_a_cash_rate():
    world = reference(cash_rate=None)
    assert [levels(world)[Price(coin)].drift for coin in COINS] == [0.0, 0.0, 0.0]
    assert CashRate("USD") not in world.factors
    assert world.describe()[-1].startswith("prices do not drift and cash earns nothing, by convention")


@pytest.mark.parametrize("rate", [recorded.USD_CASH_RATE, APY(0.04), APR(0.04)])
def test_prices_drift_at_the_cash_rate(rate):
    world = reference(cash_rate=rate)
    grid = TimeGrid.daily(REFERENCE_START, days=365)
    cash = simulate({"cash": Holding(asset="USD")}, world, grid, capital=1.0, n_paths=1, rng=1)["cash"]
    assert CashRate("USD") in world.factors
    for coin in COINS:
        assert np.exp(levels(world)[Price(coin)].drift) == pytest.approx(cash.cash_growth[0], rel=1e-12)


def test_a_bare_cash_rate_is_refused():
    with pytest.raises(InputTypeError, match=r"reference: cash_rate: must be a rate; write APR\(0.04\)"):
        reference(cash_rate=0.04)  # type: ignore[arg-type]


def test_the_mean_return_of_holding_is_within_four_standard_errors_of_that_of_cash():
    grid = TimeGrid.daily(REFERENCE_START, days=30)
    held = {coin: Holding(asset=coin) for coin in COINS}
    expected = float(recorded.USD_CASH_RATE.accrued(30.0 / 365.0))
    for outcome in simulate(held, reference(), grid, capital=1.0, n_paths=8192, rng=1).values():
        error = np.std(outcome.profit) / np.sqrt(outcome.n_paths)
        assert abs(np.mean(outcome.profit) - expected) < 4.0 * error


def test_the_difficulty_doubles_in_about_22_months():
    growth = levels(reference())[Difficulty("BTC")]
    log_growth = growth.drift - 0.5 * growth.volatility**2
    assert 12.0 * np.log(2.0) / log_growth == pytest.approx(21.8, abs=0.1)


def test_notes_tell_drift_and_correlation():
    notes = reference().describe()
    words = (
        'Price("ETH") lognormal: start 3004.19, volatility 69.76% a year, mean growth +3.70% APY, median -18.69% APY'
    )
    assert words in notes
    assert 'correlation Price("ETH"), Price("BTC"): 0.8331' in notes


def test_the_growth_of_the_difficulty_is_told_as_what_it_makes_in_a_year():
    growth = levels(reference())[Difficulty("BTC")]
    mean, median = np.expm1(growth.drift), np.expm1(growth.drift - 0.5 * growth.volatility**2)
    note = next(n for n in reference().describe() if n.startswith('Difficulty("BTC") lognormal'))
    assert note.endswith(f"mean growth {mean:+.2%} APY, median {median:+.2%} APY")
    assert (mean, median) == pytest.approx((0.5052, 0.4652), abs=5e-5)


def rows(world, seed=1):
    """Every number of 40 paths of a world, by factor."""
    grid = TimeGrid.daily(REFERENCE_START, days=60)
    market = world.market(grid, frozenset(world.factors), streams=Streams(seed), n_paths=40)
    found: dict[Any, list[bytes]] = {factor: [] for factor in world.factors}
    for chunk in market.chunks():
        for factor, values in chunk.rows.items():
            found[factor].append(values.tobytes())
    return found


def test_the_fit_gives_the_world_that_is_written_out_by_hand():
    eth, btc, sol, difficulty = Price("ETH"), Price("BTC"), Price("SOL"), Difficulty("BTC")
    by_hand = GeometricBrownianMotion(
        {
            eth: GBM(3_004.19, volatility=0.6976, drift=0.0),
            btc: GBM(88_684.22, volatility=0.5145, drift=0.0),
            difficulty: GBM(1.48258e14, volatility=0.232, drift=0.382 + 0.5 * 0.232**2),
            sol: GBM(126.90, volatility=0.9842, drift=0.0),
        },
        correlation={
            (eth, btc): 0.8331,
            (btc, difficulty): 0.322,
            (eth, difficulty): 0.272,
            (eth, sol): 0.7446,
            (btc, sol): 0.7405,
            (sol, difficulty): 0.331,
        },
    )
    peg = MeanRevertingPeg(MarketRatio("stETH"), mean=0.9986, standard_deviation=0.0014, half_life_days=27.3)
    world, built_in = (
        Joint([by_hand, peg, Constants(dict(staking_and_fees())), queue_waits()]),
        reference(cash_rate=None),
    )
    assert world.describe() == built_in.describe()[:-2]  # without its set and its convention
    assert rows(world) == rows(built_in)
    assert rows(world) != rows(built_in, seed=2)


def test_a_draw_of_the_parameters_makes_another_world_of_the_same_kind():
    drawn_fit = reference_fit().sample_parameters(np.random.default_rng(1))
    world = reference(fitted=drawn_fit, staked_eth=4e7)
    assert world.factors == GIVEN
    assert levels(world)[Price("ETH")].volatility == drawn_fit.levels[Price("ETH")].volatility.value != 0.6976
    assert levels(world)[Price("ETH")].initial_level == 3_004.19
    assert constants(world) == constants(reference(staked_eth=4e7))


def test_the_built_in_world_with_jumps():
    part = next(part for part in reference(jumps=True).parts if isinstance(part, MertonJumpDiffusion))
    assert [part.levels[Price(coin)].jump_intensity for coin in COINS] == [8.24, 9.74, 3.75]
    assert part.levels[Difficulty("BTC")].jump_intensity == 0.0
    for coin in COINS:
        total = part.levels[Price(coin)].total_volatility
        assert total == pytest.approx(levels(reference())[Price(coin)].volatility, rel=0.02)


def test_the_built_in_world_with_miners():
    world = reference(miners=True, cash_rate=APY(0.04))
    assert world.factors == {*GIVEN, Hashrate("BTC")}
    assert Difficulty("BTC") not in levels(world)
    miners = next(part for part in world.parts if isinstance(part, HashrateResponse))
    assert (miners.height, miners.difficulty, miners.volatility) == (BTC_HEIGHT, 1.48258e14, 0.216)
    assert miners.elasticity == pytest.approx(0.191 / 0.809, rel=1e-12)
    assert constants(world)[BlockFees("BTC")] == BTC_BLOCK_FEES


OPENED = {Price("ETH"): 2500.0, Price("BTC"): 7e4, Price("SOL"): 100.0, Difficulty("BTC"): 1.3e14}


def test_it_opens_on_another_day_at_the_levels_that_are_expected_of_the_recorded_ones():
    here, later = levels(reference()), levels(reference(start="2026-06-01"))
    for factor, terms in here.items():
        expected = terms.initial_level * np.exp(terms.drift * 151 / 365)
        assert later[factor].initial_level == pytest.approx(expected, rel=1e-12)
    assert reference(start="2026-06-01").as_of == REFERENCE_START
    assert reference(start="2026-06-01").describe()[-2].startswith('opens on 2026-06-01, Price("ETH"), Price("BTC"), ')
    assert reference(start=REFERENCE_START).describe() == reference().describe()


def test_it_opens_at_levels_that_are_given():
    world = reference(start="2030-03-01", initial_levels=OPENED, jumps=True, miners=True)
    assert world.as_of == np.datetime64("2030-03-01")
    part = next(part for part in world.parts if isinstance(part, MertonJumpDiffusion))
    assert [part.levels[Price(coin)].initial_level for coin in COINS] == [2500.0, 7e4, 100.0]
    miners = next(part for part in world.parts if isinstance(part, HashrateResponse))
    assert (miners.difficulty, miners.height) == (1.3e14, BTC_HEIGHT + 144 * 1520)
    assert world.describe()[-2].startswith(
        "opens on 2030-03-01, all levels as given; rewards, fees, queues and peg are of "
    )
    some = reference(initial_levels={Price("ETH"): 2500.0, MarketRatio("stETH"): 0.99})
    assert levels(some)[Price("ETH")].initial_level == 2500.0
    assert levels(some)[Price("BTC")].initial_level == 88_684.22
    assert next(part.initial_level for part in some.parts if isinstance(part, MeanRevertingPeg)) == 0.99


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"start": "2027-01-03"}, r"^reference: start: must be within a year of 2026-01-01, .*give levels of Price\("),
        (
            {"start": "2024-01-01", "initial_levels": {Price("ETH"): 1.0}},
            r"give levels of Price\(\"BTC\"\), Difficulty",
        ),
        ({"start": "soon"}, r"^reference: start: must be a date"),
        ({"initial_levels": {Price("ADA"): 1.0}}, r"^reference: initial_levels: must be of what is drawn: "),
        ({"initial_levels": {Price("ETH"): 0.0}}, r'^reference: initial_levels: Price\("ETH"\): must be'),
        ({"initial_levels": 3000.0}, r"^reference: initial_levels: must be a mapping"),
        ({"contagion": 1.0}, r"^reference: contagion: must be True, False or a mapping"),
        ({"contagion": {Event("x"): -1.0}}, r'^reference: contagion: Event\("x"\): must be'),
        ({"staked_supply": 1}, r"^reference: staked_supply: must be"),
    ],
)
def test_openings_and_options_that_cannot_be_are_refused(arguments, words):
    with pytest.raises((InputError, InputTypeError), match=words):
        reference(**arguments)


def test_the_stake_may_answer_to_what_it_earns():
    world = reference(staked_supply=True)
    grid = TimeGrid.daily(REFERENCE_START, days=60)
    assert world.factors == {*GIVEN, ActiveStake("ETH"), StakingQueue("ETH")}
    market = world.market(grid, frozenset({StakingReward("ETH"), ActiveStake("ETH")}), streams=Streams(1), n_paths=200)
    first = next(market.chunks())
    assert first.rows[StakingReward("ETH")][0] == pytest.approx(0.0283 / 365.0, rel=2e-3)
    assert (first.rows[ActiveStake("ETH")][0] == STAKED_ETH).all()
    assert set(constants(world)) == {BlockFees("BTC"), CashRate("USD")}


def test_crashes_bring_failures_where_that_is_asked_for():
    grid = TimeGrid.daily(REFERENCE_START, days=365)
    custodian = Event("custodian:exchange", hazard=0.02)
    price = Price("BTC")
    struck, crashed = {}, np.zeros(4096, dtype=bool)
    for name, world in (("apart", reference()), ("spreading", reference(contagion={custodian: 20.0}))):
        market = world.market(grid, frozenset({custodian, price}), streams=Streams(1), n_paths=4096)
        hit = np.zeros(4096, dtype=bool)
        seen = []
        for chunk in market.chunks():
            seen.append(chunk.rows[price][: chunk.steps].copy())
            for paths in chunk.hits[custodian].values():
                hit[paths] = True
        prices = np.concatenate(seen)
        high = np.stack([prices[max(0, k - 14) : k + 1].max(axis=0) for k in range(len(prices))])
        crashed = np.asarray((prices < 0.8 * high).any(axis=0))
        struck[name] = hit
    assert (struck["apart"] <= struck["spreading"]).all()  # the same strikes, only earlier ones and more
    calm = ~crashed
    assert (struck["apart"][calm] == struck["spreading"][calm]).all()
    assert struck["apart"].mean() == pytest.approx(1.0 - np.exp(-0.02), abs=4.0 * (0.02 / 4096) ** 0.5)
    assert struck["spreading"][crashed].mean() > 5.0 * struck["apart"][crashed].mean()


def test_what_crashes_bring_is_said_and_hits_products_of_the_library():
    world = reference(contagion=True)
    assert set(world.events.values()) == {"added"}
    carried = {f for product in products.reference().values() for f in product.factors}
    assert set(world.events) <= carried
    assert 'Event("custodian:exchange"): 1 a year more while Price("BTC") more than 20% below its high of 14 days' in (
        world.describe()
    )


def test_the_record_had_as_many_days_of_a_crash_as_is_said(closes):
    prices = between(closes["BTC"], "2020-01-01", str(REFERENCE_START))
    watch = CrashDetector(CRASH, TimeGrid.daily("2020-01-01", days=prices.size - 1))
    days = sum(bool(watch.update(k, prices[k : k + 1])[0]) for k in range(prices.size))
    assert (days, prices.size) == (75, 2193)


def test_draws_of_all_parameters_run():
    grid = TimeGrid.daily(REFERENCE_START, days=20)
    rng = np.random.default_rng(1)
    for _ in range(20):
        world = reference(fitted=reference_fit().sample_parameters(rng), jumps=True, miners=True)
        market = world.market(grid, frozenset(world.factors), streams=Streams(1), n_paths=5)
        for chunk in market.chunks():
            assert all(np.isfinite(values).all() for values in chunk.rows.values())


@pytest.mark.parametrize(("argument", "value"), [("jumps", 1), ("miners", "yes"), ("fitted", reference())])
def test_what_is_no_such_thing_is_refused(argument, value):
    with pytest.raises(InputTypeError, match=f"reference: {argument}: must be"):
        reference(**{argument: value})


def read(path, day, value):
    """Value by date, of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row[day][:10]: float(row[value]) for row in csv.DictReader(lines)}


@pytest.fixture(scope="module")
def network(shared_data):
    path = shared_data / "data/btc_network/coinmetrics_btc_2020_2026.csv"
    return {name: read(path, "time", name) for name in ("HashRate", "FeeTotNtv", "IssTotUSD", "PriceUSD")}


@pytest.fixture(scope="module")
def closes(shared_data, network):
    binance = {coin: shared_data / f"data/chains/prices/{coin}USDT.csv" for coin in ("ETH", "SOL")}
    found = {coin: first_column(path, "close") for coin, path in binance.items()}
    return {**found, "BTC": network["PriceUSD"]}


def first_column(path, value):
    """Value by the date in the first column of a CSV file, where names of columns are there twice."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        place = next(rows).index(value)
        return {row[0][:10]: float(row[place]) for row in rows}


def between(series, first, last):
    return np.array([value for day, value in sorted(series.items()) if first <= day <= last])


def monthly_changes(series, first="2020-01"):
    """Log changes of monthly means from `first` to 2025-12."""
    months = sorted({day[:7] for day in series if first <= day[:7] <= "2025-12"})
    return np.diff(np.log([between(series, f"{month}-01", f"{month}-31").mean() for month in months]))


@pytest.mark.parametrize("coin", COINS)
def test_prices_open_at_the_close_of_the_start(closes, coin):
    assert levels(reference())[Price(coin)].initial_level == pytest.approx(
        closes[coin][str(REFERENCE_START)], abs=0.005
    )


@pytest.mark.parametrize("coin", COINS)
def test_volatility_is_that_of_2022_to_the_start(closes, coin):
    returns = np.diff(np.log(between(closes[coin], "2022-01-01", str(REFERENCE_START))))
    assert len(returns) == 1461
    assert levels(reference())[Price(coin)].volatility == pytest.approx(np.std(returns, ddof=1) * 365**0.5, abs=5e-5)


def test_correlations_are_those_of_the_records(closes, network):
    part = drawn(reference())
    difficulty = Difficulty("BTC")
    daily = {c: np.diff(np.log(between(closes[c], "2022-01-01", str(REFERENCE_START)))) for c in COINS}
    for first, second in (("ETH", "BTC"), ("ETH", "SOL"), ("BTC", "SOL")):
        found = np.corrcoef(daily[first], daily[second])[0, 1]
        assert part.correlation[Price(first), Price(second)] == pytest.approx(found, abs=5e-5)
    prices = {"ETH": closes["ETH"], "BTC": network["PriceUSD"], "SOL": closes["SOL"]}
    for coin, months in (("ETH", 71), ("BTC", 71), ("SOL", 63)):
        first = "2020-09" if coin == "SOL" else "2020-01"
        rates, moves = monthly_changes(network["HashRate"], first), monthly_changes(prices[coin], first)
        assert len(rates) == len(moves) == months
        pair = (difficulty, Price(coin)) if (difficulty, Price(coin)) in part.correlation else (Price(coin), difficulty)
        assert part.correlation[pair] == pytest.approx(np.corrcoef(moves, rates)[0, 1], abs=5e-4)


def test_the_difficulty_is_that_of_the_week_before_the_start(network):
    week = {name: between(series, "2025-12-26", "2026-01-01") for name, series in network.items()}
    blocks = np.mean(week["IssTotUSD"] / week["PriceUSD"]) / 3.125
    implied = np.mean(week["HashRate"]) * 1e12 * 86_400 / (2**32 * blocks)
    assert levels(reference())[Difficulty("BTC")].initial_level == pytest.approx(implied, rel=5e-5)


def test_the_difficulty_grows_as_it_did(network):
    changes = monthly_changes(network["HashRate"])
    growth = levels(reference())[Difficulty("BTC")]
    assert growth.volatility == pytest.approx(np.std(changes, ddof=1) * 12**0.5, abs=5e-4)
    assert growth.drift - 0.5 * growth.volatility**2 == pytest.approx(12 * np.mean(changes), abs=5e-4)


def test_the_height_is_that_of_the_blocks_since_the_halving(network):
    since = {name: between(series, "2024-04-20", str(REFERENCE_START)) for name, series in network.items()}
    blocks = np.sum(since["IssTotUSD"] / since["PriceUSD"]) / 3.125
    # the blocks of 2024-04-20 before the halving count twice here
    assert pytest.approx(839_999 + blocks, abs=10) == BTC_HEIGHT


def test_block_fees_are_those_of_the_month_before_the_start(network):
    month = {name: between(series, "2025-12-03", "2026-01-01") for name, series in network.items()}
    blocks = np.sum(month["IssTotUSD"] / month["PriceUSD"]) / 3.125
    assert constants(reference())[BlockFees("BTC")] == pytest.approx(month["FeeTotNtv"].sum() / blocks, abs=5e-5)


@pytest.fixture(scope="module")
def validators(shared_data):
    """The recorded days of Ethereum's validators."""
    days = json.loads((shared_data / "data/eth_validators/historical_data.json").read_text(encoding="utf-8"))
    return {day["date"]: day for day in days}


def test_the_staking_reward_is_that_of_the_month_before_the_start(validators):
    month = [day["apr"] for date, day in validators.items() if "2025-12-03" <= date <= "2026-01-01"]
    assert len(month) == 27
    assert constants(reference())[StakingReward("ETH")].value == pytest.approx(np.mean(month) / 100, abs=5e-5)


def test_stake_supply_and_waits_where_it_stands_still_are_those_of_the_start(validators):
    day = validators[str(REFERENCE_START)]
    assert (day["staked_amount"], day["supply"]) == (STAKED_ETH, recorded.ETH_SUPPLY)
    assert queue_waits().still == (day["entry_wait"], day["exit_wait"])


def test_the_stake_grew_as_said(validators):
    first, last = (validators[day]["staked_amount"] for day in ("2025-01-02", "2026-01-01"))
    assert np.log(last / first) == pytest.approx(recorded.ETH_STAKE_GROWTH, abs=5e-5)


def test_tips_and_mev_vary_as_they_did(validators):
    days = [day for date, day in validators.items() if "2025-06-01" <= date <= "2026-01-01"]
    performance = 1.0 - (1.0 - NETWORK_UPTIME) * (1.0 + 42 / 64)
    best = np.array([float(issuance(day["staked_amount"] * 10**9).per_year.total) for day in days])
    execution = np.array([day["apr"] for day in days]) / 100 - performance * best
    logs = np.log(execution[execution > 0.0])
    assert (len(days), logs.size) == (212, 210)
    assert logs.std() == pytest.approx(recorded.ETH_EXECUTION_DEVIATION, abs=0.02)
    kept = 0.5 ** (np.array([1.0, 4.0]) / recorded.ETH_EXECUTION_HALF_LIFE_DAYS)
    found = [np.corrcoef(logs[:-lag], logs[lag:])[0, 1] for lag in (1, 4)]
    assert found == pytest.approx(kept, abs=0.12)


def drawn_waits(paths=8192, blocks=12):
    both = [queue_waits().draw(Streams(1, first_path=8_192 * block), paths) for block in range(blocks)]
    return [np.concatenate(days) for days in zip(*both, strict=True)]


def test_waits_are_drawn_as_they_were_recorded(validators):
    days = [day for date, day in validators.items() if "2025-08-23" <= date <= "2026-08-22"]
    assert len(days) == sum(cell.weight for cell in recorded.ETH_WAITS) == 357
    then = [np.array([float(day[name]) for day in days]) for name in ("entry_wait", "exit_wait")]
    now = drawn_waits()
    for drawn_days, recorded_days in zip(now, then, strict=True):
        error = recorded_days.std() / len(drawn_days) ** 0.5
        assert abs(drawn_days.mean() - recorded_days.mean()) < 4.0 * error + 0.005
        assert drawn_days.std() == pytest.approx(recorded_days.std(), rel=0.01)
    assert np.corrcoef(now)[0, 1] == pytest.approx(np.corrcoef(then)[0, 1], abs=0.01)


@pytest.mark.parametrize("side", ["entry", "exit"])
@pytest.mark.parametrize("share", [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
def test_the_law_of_waits_has_the_quantiles_of_the_record_to_a_third_of_a_day(validators, side, share):
    days = [float(d[f"{side}_wait"]) for date, d in validators.items() if "2025-08-23" <= date <= "2026-08-22"]
    middle = np.quantile(days, share)
    weights = np.array([cell.weight for cell in recorded.ETH_WAITS])
    means = np.array([getattr(cell, f"{side}_days") for cell in recorded.ETH_WAITS])
    spreads = np.array([getattr(cell, f"{side}_spread") for cell in recorded.ETH_WAITS])

    def share_below(wait):
        return weights @ np.clip((wait - means + spreads) / (2.0 * spreads), 0.0, 1.0) / weights.sum()

    assert share_below(middle - 0.35) < share < share_below(middle + 0.35)


def test_the_longest_waits_of_the_record_are_the_stress(validators):
    longest = {
        name: max(d[name] for d in validators.values() if d[name] is not None) for name in ("entry_wait", "exit_wait")
    }
    shocks = {s.factor: s.level for s in EPISODES["Ethereum queues 2025-26"].core if isinstance(s, SetTo)}
    assert shocks == {
        EntryWait("ETH"): longest["entry_wait"],
        ExitWait("ETH"): pytest.approx(longest["exit_wait"], abs=0.05),
    }


def test_the_solo_validator_takes_the_same_network():
    assert 32.0 * SoloValidator().network_validators == pytest.approx(STAKED_ETH, rel=0.01)


def test_the_whole_reward_is_consensus_and_execution():
    found = constants(reference())
    # the published factor is that of 365.25 days
    consensus = 166.32 / STAKED_ETH**0.5 * 365.0 / 365.25 * (1.0 - (1.0 - NETWORK_UPTIME) * (1.0 + 42 / 64))
    whole, execution = found[StakingReward("ETH")].value, found[ExecutionReward("ETH")].value
    assert consensus * (1.0 - 1.0 / 340) < whole - execution < consensus  # the base reward is whole Gwei
    assert execution == pytest.approx(0.00092, abs=5e-6)


def test_twice_the_stake_pays_less_by_the_root_of_two_and_half_the_tips():
    once, twice = constants(reference()), constants(reference(staked_eth=2.0 * STAKED_ETH))
    reward, execution = StakingReward("ETH"), ExecutionReward("ETH")
    assert twice[execution].value == pytest.approx(0.5 * once[execution].value)
    consensus = [found[reward].value - found[execution].value for found in (once, twice)]
    assert consensus[0] / consensus[1] == pytest.approx(2.0**0.5, rel=1.0 / 240)  # base rewards of 339 and 240 Gwei


@pytest.mark.parametrize("stake", [0.0, -1.0, 31.9, np.nan])
def test_a_stake_of_nothing_is_refused(stake):
    with pytest.raises(InputError, match="reference: staked_eth: must be"):
        reference(staked_eth=stake)


def test_a_stake_in_millions_is_refused():
    said = (
        r"staked_eth: must be at least 524288 ETH, with which the chain began, got 35.5 \(in millions\? write 35.5e6\)"
    )
    with pytest.raises(InputError, match=said):
        reference(staked_eth=35.5)


def test_the_peg_is_that_of_the_days_since_withdrawals_opened(shared_data):
    closes = [read(shared_data / f"data/yahoo_2024/{coin}-USD.csv", "Date", "Close") for coin in ("STETH", "ETH")]
    steth, eth = (between(series, "2023-05-15", "2024-12-07") for series in closes)
    assert len(steth) == len(eth) == 573
    gaps = np.log(steth / eth)
    y = gaps - gaps.mean()
    lags = np.arange(1, 31)
    covariances = [y[:-lag] @ y[lag:] / y.size for lag in lags]
    slope, at_zero = np.polyfit(lags, np.log(covariances), 1)
    peg = next(part for part in reference().parts if isinstance(part, MeanRevertingPeg))
    assert peg.initial_level == peg.mean == pytest.approx(np.exp(gaps.mean()), abs=5e-5)
    assert peg.standard_deviation == pytest.approx(np.exp(at_zero / 2.0), abs=5e-5)
    assert peg.half_life_days == pytest.approx(-np.log(2.0) / slope, abs=0.05)
    assert 1.0 - np.exp(at_zero) / y.var() == pytest.approx(0.62, abs=0.005)
