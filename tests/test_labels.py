"""Texts stand for lines, groups and factors wherever these are asked for; a misspelt one is told the nearest."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stakingmodels import (
    APR,
    Constants,
    Event,
    History,
    InputTypeError,
    Joint,
    Line,
    Market,
    Price,
    StakingPool,
    StakingReward,
    TimeGrid,
    scenarios,
    simulate,
)
from stakingmodels.errors import UnknownNameError
from stakingmodels.market.factors import as_event, as_factor

ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=3)
DAYS = np.arange(np.datetime64("2024-01-01"), np.datetime64("2025-12-31"))
TEXTS = ['Price("ETH")', "Price('ETH')", "Price(ETH)", " Price(ETH) "]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stands_for_its_factor(text):
    assert as_factor("f", text) == ETH
    assert type(as_factor("f", text)) is Price
    assert as_factor("f", ETH) is ETH


def test_every_kind_of_factor_has_its_text():
    for factor in (REWARD, Event("custodian:x"), scenarios.reference().parts[-1].factors):
        for each in [factor] if not isinstance(factor, frozenset) else factor:
            assert as_factor("f", str(each)) == each
            assert type(as_factor("f", str(each))) is type(each)
    assert as_event("f", "Event(custodian:x)") == Event("custodian:x")


@pytest.mark.parametrize("text", ["ETH", "Price", "Price()", "Price(\"ETH')", "Price(ETH", "Price(ETH)(BTC)", ""])
def test_any_other_text_is_refused(text):
    with pytest.raises(InputTypeError, match=r'^f: must be Factor; write a factor such as Price\("ETH"\), got str'):
        as_factor("f", text)


def test_a_misspelt_kind_is_told_the_nearest():
    with pytest.raises(UnknownNameError, match=r"^f: must be one of .*, got 'Prise' \(did you mean 'Price'\?\)$"):
        as_factor("f", "Prise(ETH)")


def levels(**terms: Any) -> Any:
    return scenarios.GBM(3_000.0, volatility=0.5, **terms)


# Each with texts and with factors: the same.
def worlds(eth: Any, btc: Any, reward: Any) -> dict[str, Any]:
    gbm = scenarios.GeometricBrownianMotion({eth: levels(), btc: levels()}, correlation={(eth, btc): 0.5})
    series = scenarios.daily_series(DAYS, np.linspace(3_000.0, 4_000.0, DAYS.size), name="made up")
    return {
        "constants": Constants({eth: 3_000.0, reward: APR(0.03)}),
        "gbm": gbm,
        "joint": Joint([gbm, Constants({reward: APR(0.03)})]),
        "shocked": scenarios.Shocked(gbm, [scenarios.Shock(eth, day=3.0, change=-0.5)]),
        "pinned": scenarios.Pinned(gbm, {eth: -0.5}),
        "set": scenarios.SetTo(eth, day=3.0, level=3_000.0),
        "history": History({eth: series}),
        "reference": scenarios.reference(initial_levels={eth: 3_500.0}),
        "fit": scenarios.reference_fit().scenario(constants={reward: APR(0.03)}),
    }


@pytest.mark.parametrize("name", worlds(ETH, Price("BTC"), REWARD))
def test_a_world_of_texts_is_that_of_factors(name):
    of_texts = worlds("Price(ETH)", 'Price("BTC")', "StakingReward(ETH)")
    assert of_texts[name] == worlds(ETH, Price("BTC"), REWARD)[name]


def test_a_market_of_texts_is_that_of_factors():
    market: Any = Market(GRID, {"Price(ETH)": [1.0, 2.0, 3.0, 4.0], "StakingReward(ETH)": APR(0.1)})  # type: ignore[dict-item]
    other = Market(GRID, {ETH: [1.0, 2.0, 3.0, 4.0], REWARD: APR(0.1)})
    assert repr(market) == repr(other)
    pool = StakingPool("ETH")
    assert pool.run(market, capital=1.0) == pool.run(other, capital=1.0)


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_had_of_a_factor_is_had_of_its_text(text):
    series: Any = scenarios.daily_series(DAYS, np.linspace(3_000.0, 4_000.0, DAYS.size), name="made up")
    history: Any = History({ETH: series})
    constants: Any = Constants({ETH: 3_000.0})
    given = constants.values  # noqa: PD011  # no table of pandas
    gbm: Any = scenarios.GeometricBrownianMotion({ETH: levels(drift=0.1)})
    assert history.series[text] is history.series[ETH]
    assert history.recorded(text) is history.recorded(ETH)
    assert text in history.series
    assert history.series.get(text) == series
    assert given[text] == 3_000.0
    several: list[Any] = [
        constants,
        gbm,
        Joint([gbm]),
        scenarios.Shocked(gbm, [scenarios.Shock(ETH, day=1.0, change=-0.5)]),
        scenarios.Pinned(gbm, {ETH: -0.5}),
    ]
    for world in several:
        growth: Any = world.expected_growth(text, GRID)
        assert growth.tolist() == world.expected_growth(ETH, GRID).tolist()


def test_a_misspelt_text_is_told_the_nearest():
    constants: Any = Constants({ETH: 3_000.0})
    given = constants.values  # noqa: PD011  # no table of pandas
    with pytest.raises(UnknownNameError, match=re.escape("got 'Prise(ETH)' (did you mean 'Price(\"ETH\")'?)")):
        given["Prise(ETH)"]
    assert "Prise(ETH)" not in given
    assert given.get("Prise(ETH)", 5.0) == 5.0
    with pytest.raises(UnknownNameError, match=r"^Constants\.values: must be one of .*'Price'\?\)$"):
        Constants({"Prise(ETH)": 3.0})


def test_names_of_products_are_taken_to_the_letter():
    world = Constants({ETH: 3_000.0, REWARD: APR(0.03)})
    results = simulate({"my pool": StakingPool("ETH")}, world, GRID, capital=1.0, n_paths=2, rng=1)
    assert "mypool" not in results
    with pytest.raises(UnknownNameError, match=r"did you mean 'my pool'"):
        results["mypool"]
    lines: Any = results["my pool"].lines
    assert lines["commission"] is lines[Line.COMMISSION]


def test_lists_are_taken_where_arrays_are():
    assert APR([0.1, 0.2]) == APR(np.array([0.1, 0.2]))  # type: ignore[arg-type]
    dates: Any = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"]
    assert TimeGrid(dates) == TimeGrid(pd.DatetimeIndex(dates)) == GRID
    with pytest.raises(InputTypeError, match=r"^APR: must be a numpy ndarray, a number, or a plain list of numbers"):
        APR(["a"])  # type: ignore[arg-type]


def test_a_mapping_is_no_table():
    world = Constants({ETH: 3_000.0, REWARD: APR(0.03)})
    results: Any = simulate({"pool": StakingPool("ETH")}, world, GRID, capital=1.0, n_paths=2, rng=1)
    with pytest.raises(InputTypeError, match=r"^Results: is no array and no table \(write results\.to_frame\(\)\)$"):
        pd.DataFrame(results)
    with pytest.raises(InputTypeError, match=r"^LineMap: is a mapping, no table"):
        pd.DataFrame(results["pool"].lines)
    with pytest.raises(InputTypeError, match=r"^Results: is no array"):
        np.asarray(results)
    assert len(pd.DataFrame(dict(results["pool"].lines))) == 2
