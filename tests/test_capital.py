"""Capital of a run: one amount, one a path, or coins."""

import pickle
from typing import Any

import numpy as np
import pytest

from stakingmodels import (
    APR,
    Holding,
    InputError,
    InputTypeError,
    Market,
    Price,
    StakingReward,
    TimeGrid,
    Units,
    compare,
    simulate,
)
from stakingmodels.capital import Capital, spread_text
from stakingmodels.market import CashRate
from stakingmodels.scenarios import Constants, Streams

ETH, BTC = Price("ETH"), Price("BTC")
GRID = TimeGrid.daily("2026-01-01", days=5, settlement_days=2)
MARKET = Market(GRID, {ETH: np.linspace(3000.0, 3700.0, 8), BTC: 90_000.0})


def test_one_market_serves_holders_with_amounts_of_their_own():
    amounts = np.array([1.0, 250.0, 3e6])
    together = Holding("ETH", buy_fee=0.001).run(MARKET, capital=amounts, keep="values")
    assert together.values is not None
    assert together.capital.tolist() == amounts.tolist()
    for path, amount in enumerate(amounts):
        alone = Holding("ETH", buy_fee=0.001).run(MARKET, capital=float(amount), keep="values")
        assert alone.values is not None
        assert together.closing[path] == alone.closing[0]
        assert together.returns[path] == alone.returns[0]
        assert (together.values[:, path] == alone.values[:, 0]).all()
        assert together.yields().irr[path] == pytest.approx(alone.yields().irr[0], rel=1e-12)


def test_amounts_go_with_the_paths_of_a_market():
    prices = np.array([[3000.0, 2000.0], *[[3100.0, 1900.0]] * 7])
    outcome = Holding("ETH").run(Market(GRID, {ETH: prices}), capital=np.array([300.0, 200.0]))
    assert outcome.closing.tolist() == pytest.approx([310.0, 190.0])
    assert outcome.invested.tolist() == [300.0, 200.0]


def test_what_is_given_is_not_changed_and_changes_nothing_later():
    amounts = np.array([100.0, 200.0])
    outcome = Holding("ETH").run(MARKET, capital=amounts)
    amounts[0] = 7.0
    assert outcome.capital.tolist() == [100.0, 200.0]


def test_coins_of_the_own_asset_are_not_bought():
    outcome = Holding("ETH", buy_fee=0.01).run(MARKET, capital=Units(2.0, "ETH"))
    assert outcome.capital.tolist() == [6000.0]
    assert outcome.closing[0] == pytest.approx(2.0 * 3500.0)
    assert not any(amount.any() for line, amount in outcome.lines.items() if line.label == "trading")


def test_other_coins_count_as_their_money_at_the_opening():
    outcome = Holding("ETH", buy_fee=0.01).run(MARKET, capital=Units(0.1, "BTC"))
    assert outcome.capital.tolist() == [9000.0]
    assert outcome.closing[0] == pytest.approx(9000.0 / 3000.0 / 1.01 * 3500.0)
    assert Holding("ETH").run(MARKET, capital=Units(500.0, "USD")).capital.tolist() == [500.0]


def test_coins_may_be_one_amount_a_path():
    outcome = Holding("ETH").run(MARKET, capital=Units(np.array([1.0, 2.5]), "ETH"))
    assert outcome.capital.tolist() == [3000.0, 7500.0]
    assert str(Units(np.array([1.0, 2.5]), "ETH")) == "1 to 2.5 ETH"


def test_a_simulation_gives_each_path_its_amount_for_any_part():
    scenario = Constants({ETH: 3000.0})
    amounts = np.linspace(100.0, 900.0, 40)
    results = simulate({"hold": Holding("ETH")}, scenario, GRID, capital=amounts, rng=1)
    assert results.n_paths == 40
    assert results["hold"].closing.tolist() == pytest.approx(amounts.tolist())
    assert (results.mean_capital, results.capital_text) == (500.0, "100.00 to 900.00 USD")
    coins = simulate({"hold": Holding("ETH")}, scenario, GRID, capital=Units(3.2, "ETH"), n_paths=3, rng=1)
    assert (coins.mean_capital, coins.capital_text) == (9600.0, "3.2 ETH")


def test_text_of_money():
    assert spread_text(1234.5) == "1,234.50"
    assert spread_text(np.array([1.0, 2.0])) == "1.00 to 2.00"
    assert spread_text(np.array([1.0, 1.0 + 1e-12])) == "1.00"


def test_units_are_values():
    one = Units(np.array([1.0, 2.0]), "ETH")
    assert one == Units(np.array([1.0, 2.0]), "ETH") != Units(np.array([1.0, 2.0]), "BTC")
    assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301  # its own pickle
    assert Capital.of("x", one).slice_paths(1, 2).given == Units(np.array([2.0]), "ETH")


WRONG: dict[str, tuple[Any, str]] = {
    "wrong length": ([1.0, 2.0], r"run: capital: must have one amount for each of the 3 paths, got 2"),
    "negative": (
        [1.0, -2.0, 3.0],
        r"run: capital: must be in \[1e-09, 1e\+15\] on every path, and is not on path 1, got -2\.0",
    ),
    "nothing": ([1.0, 2.0, 0.0], r"not on path 2, got 0\.0"),
    "too large": ([1.0, 2.0, 1e16], r"not on path 2"),
    "not finite": ([1.0, np.nan, 3.0], "run: capital: has 1 non-finite values, the first at index"),
    "a table": (np.ones((3, 1)), r"run: capital: must be one number, or have the shape \(n_paths,\)"),
    "empty": ([], "run: capital"),
    "one negative": (-1.0, "run: capital"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_amounts_are_refused_in_one_sentence(name):
    given: Any = WRONG[name][0]
    message = WRONG[name][1]
    market = Market(GRID, {ETH: np.full((8, 3), 3000.0)})
    with pytest.raises(InputError, match=message) as error:
        Holding("ETH").run(market, capital=given)
    assert "\n" not in str(error.value)


def test_wrong_coins_are_refused():
    text: Any = "3.2 ETH"
    for amount in (0.0, -1.0, np.nan, np.array([1.0, -1.0])):
        with pytest.raises(InputError, match=r"Units\.amount: must be"):
            Units(amount, "ETH")
    with pytest.raises(InputTypeError, match=r"run: capital: must be one number, .*Units\(3\.2, \"ETH\"\)"):
        Holding("ETH").run(MARKET, capital=text)
    with pytest.raises(InputError, match=r"run: capital: must be in coins .*, got 'SOL'"):
        Holding("ETH").run(MARKET, capital=Units(1.0, "SOL"))
    free = Market(GRID, {ETH: 3000.0, Price("SOL"): 0.0})
    with pytest.raises(InputError, match=r"must be worth 1e-09 to .* at the opening on every path, got 0"):
        Holding("ETH").run(free, capital=Units(1.0, "SOL"))


def test_a_drawn_market_of_one_path_is_not_held_by_several():
    scenario = Constants({ETH: 3000.0, StakingReward("ETH"): APR(0.03), CashRate("USD"): APR(0.01)})

    market = scenario.market(GRID, frozenset({ETH}), streams=Streams(1), n_paths=1)
    with pytest.raises(InputError, match="must be a market of one path that is given, not drawn"):
        Holding("ETH").run(market, capital=np.array([1.0, 2.0]))


def test_a_coin_without_a_price_is_named_and_not_the_product():
    scenario = Constants({ETH: 3000.0})
    with pytest.raises(InputError) as refused:
        Holding("ETH").run(MARKET, capital=Units(0.5, "eth"))
    assert str(refused.value) == (
        "run: capital: must be in coins whose price the market gives, of which there are BTC, ETH, USD, got 'eth' "
        "(did you mean ETH?)"
    )
    with pytest.raises(InputError) as refused:
        simulate({"hold": Holding("ETH")}, scenario, GRID, capital=Units(1.0, "DOGE"), n_paths=2, rng=1)
    assert str(refused.value) == (
        "simulate: capital: must be in coins whose price the scenario gives, of which there are ETH, USD, got 'DOGE' "
        '(add Price("DOGE") to the scenario)'
    )


@pytest.mark.parametrize(("amount", "worth"), [(1e14, "3e+17"), (1e-9, "3e-12")])
def test_coins_are_worth_what_capital_may_be(amount: float, worth: str):
    cheap = Market(GRID, {ETH: 3000.0 if amount > 1.0 else 0.003})
    with pytest.raises(InputError) as refused:
        Holding("ETH").run(cheap, capital=Units(amount, "ETH"))
    assert str(refused.value) == (
        f"run: capital: must be worth 1e-09 to 1e+15 at the opening on every path, got {worth}"
    )


def test_the_title_gives_the_range_of_what_coins_are_worth():
    scenario = Constants({ETH: 3000.0})

    def title(capital: Any) -> str:
        results = simulate({"hold": Holding("ETH")}, scenario, GRID, capital=capital, n_paths=2, rng=1)
        return compare(results).to_text().partition(" on 20")[0]

    assert title(Units(np.array([1.0, 2.5]), "ETH")) == "1 to 2.5 ETH = 3,000 to 7,500 USD"
    assert title(Units(0.5, "ETH")) == "0.5 ETH = 1,500 USD"
    assert title(np.array([1_000.0, 2_000.0])) == "1,000 to 2,000 USD"
    assert title(np.array([1_000.5, 2_000.0])) == "1,000.50 to 2,000.00 USD"


def test_a_run_that_is_broken_off_keeps_the_amounts_of_the_paths_it_has():
    def stop(done, _all):
        if done == 1:
            raise KeyboardInterrupt

    amounts = np.linspace(1.0, 2.0, 40_000)
    scenario = Constants({ETH: 3000.0})
    results = simulate({"hold": Holding("ETH")}, scenario, GRID, capital=amounts, rng=1, keep="summary", progress=stop)
    assert results.partial
    assert np.asarray(results.capital).tolist() == results["hold"].capital.tolist()
