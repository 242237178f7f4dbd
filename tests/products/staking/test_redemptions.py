"""Cool-downs that earn, windows, and requests that lapse, by hand."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stakingmodels import (
    APR,
    Event,
    ExitWait,
    Halt,
    InputError,
    LiquidStakingToken,
    Market,
    MarketRatio,
    Price,
    StakingReward,
    TimeGrid,
    Units,
)
from stakingmodels.serialize import to_toml
from stakingmodels.termsheets import read_products
from tests.products.conform import conform

GRID = TimeGrid.daily("2026-01-01", days=4, settlement_days=80)
TEN = Units(10.0, "ETH")
DAILY = 0.001
KEPT = DAILY / 2
TOKEN = LiquidStakingToken(
    protocol_fee=0.5, exit_route="queue", queue_days=15.0, redeemable_from=None, earns_while_redeeming=True
)
SAVAX = TOKEN.replace(redemption_window_days=2.0)
CLOSED = "2026-01-20"
"""The coins of a request of 5 January, after 15 days."""


def run(token, **more):
    series: dict[Any, Any] = {Price("ETH"): 1.0, StakingReward("ETH"): APR(365 * DAILY), MarketRatio("stETH"): 0.9}
    return token.run(Market(GRID, {**series, **more.get("also", {})}), capital=TEN)


def coins(token, **more):
    """Coins, and the days until they are there."""
    outcome = run(token, **more)
    return float(outcome.closing[0]), float(outcome.days_to_cash[0])


def grown(days: Any) -> Any:
    return pytest.approx(10.0 * (1.0 + KEPT) ** days, rel=1e-13)


def test_coins_earn_in_the_cool_down_if_the_terms_say_so():
    assert coins(TOKEN) == (grown(4 + 15), 15.0)
    assert coins(TOKEN.replace(earns_while_redeeming=False)) == (grown(4), 15.0)
    assert coins(TOKEN.replace(queue_days=2.25)) == (
        pytest.approx(10.0 * (1.0 + KEPT) ** 6 * (1.0 + 0.25 * KEPT), rel=1e-13),
        3.0,
    )


def test_no_pay_after_the_cool_down_and_none_in_a_pause():
    assert coins(TOKEN.replace(withdrawal_days=3.0)) == (grown(4 + 15), 18.0)
    paused = TOKEN.replace(halts=Halt("pause", on="2026-01-10", days=5.0))
    assert coins(paused) == (grown(4 + 10), 15.0)


def test_the_time_of_earning_ends_with_the_cool_down():
    assert float(np.max(run(TOKEN.replace(withdrawal_days=3.0)).earning_years)) * 365 == pytest.approx(19.0)
    sold = TOKEN.replace(exit_route="sale")
    assert float(np.max(run(sold).earning_years)) * 365 == pytest.approx(4.0)


def test_a_missed_window_costs_both_of_its_waits():
    assert coins(SAVAX) == (grown(19), 15.0)
    assert coins(SAVAX.replace(missed_windows=1)) == (grown(4 + 30), 32.0)
    assert coins(SAVAX.replace(missed_windows=2)) == (grown(4 + 45), 49.0)
    silent = SAVAX.replace(missed_windows=2, earns_while_redeeming=False)
    assert coins(silent) == (grown(4), 49.0)


@pytest.mark.parametrize(("days", "due"), [(2.0, 17.0), (2.25, 33.0), (4.5, 35.0)])
def test_a_request_that_a_pause_keeps_from_its_window_is_made_again(days, due):
    """A pause of up to two days only delays; a longer one asks again at its end, 15 days before the coins."""
    token = SAVAX.replace(halts=Halt("pause", on=CLOSED, days=days), earns_while_redeeming=False)
    assert coins(token) == (grown(4), due)


def test_a_request_made_again_earns_again_in_its_cool_down():
    token = SAVAX.replace(halts=Halt("pause", on=CLOSED, days=10.0))
    assert coins(token) == (grown(4 + 15 + 15), 40.0)
    assert float(np.max(run(token).earning_years)) * 365 == pytest.approx(4 + 40.0)


def test_a_request_without_a_window_waits_for_the_end_of_the_pause():
    token = TOKEN.replace(halts=Halt("pause", on=CLOSED, days=10.0))
    assert coins(token) == (grown(19), 25.0)


def test_paths_lapse_each_by_itself():
    stop = Event("stop")
    struck = np.zeros((GRID.n_times - 1, 3), dtype=bool)
    struck[18, 1] = struck[17, 2] = True
    token = SAVAX.replace(halts=Halt("pause", event=stop, days=4.0), earns_while_redeeming=False)
    ones = {Price("ETH"): np.ones((GRID.n_times, 3)), stop: np.vstack([struck, struck[:1]])}
    assert run(token, also=ones).days_to_cash.tolist() == [15.0, 33.0, 17.0]


def test_the_queue_of_the_market_is_the_cool_down():
    wait = {ExitWait("ETH"): 15.0}
    assert run(SAVAX.replace(queue_days=ExitWait("ETH"), missed_windows=1), also=wait).closing == grown(34)


def test_the_cheaper_way_counts_missed_windows():
    token = SAVAX.replace(exit_route="cheaper", waiting_cost_per_year=0.1 * 365 / 20, earns_while_redeeming=False)
    assert coins(token)[1] == 15.0  # a discount of 0.1 against a cost of 0.075
    assert coins(token.replace(missed_windows=1))[1] == 0.0  # against 0.16


@given(one=st.integers(0, 3), other=st.integers(0, 3), window=st.sampled_from([0.25, 2.0]))
def test_more_missed_windows_are_never_sooner_nor_better_without_pay(one, other, window):
    token = SAVAX.replace(redemption_window_days=window, earns_while_redeeming=False)
    few, many = (coins(token.replace(missed_windows=each)) for each in sorted((one, other)))
    assert (few[0] >= many[0], few[1] <= many[1]) == (True, True)


def test_a_window_without_end_never_lapses():
    halts = Halt("pause", on=CLOSED, days=10.0)
    assert coins(SAVAX.replace(redemption_window_days=1e6, halts=halts)) == coins(TOKEN.replace(halts=halts))


def test_the_default_is_as_before():
    plain = TOKEN.replace(earns_while_redeeming=False)
    assert coins(plain) == coins(plain.replace(redemption_window_days=2.0))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({"missed_windows": 1}, "LiquidStakingToken.missed_windows: is felt only by a token with a window, got 1"),
        ({"redemption_window_days": 0.0}, "LiquidStakingToken.redemption_window_days: must be in (0, 1e+15], got 0.0"),
        (
            {"redemption_window_days": 2.0, "missed_windows": 101},
            "missed_windows: must be an integer in [0, 100]; the limit is 100, got 101",
        ),
    ],
)
def test_bad_terms_get_one_sentence(terms, said):
    with pytest.raises(InputError) as error:
        TOKEN.replace(**terms)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_they_are_read_back_from_a_file(tmp_path):
    path = tmp_path / "token.toml"
    product = SAVAX.replace(missed_windows=1, redeemable_from="2023-05-15")
    path.write_text(to_toml({"x": product}), encoding="utf-8")
    assert read_products(path) == {"x": product}


@conform
@pytest.mark.parametrize(
    "terms",
    [
        {"queue_days": 2.5, "redemption_window_days": 0.5, "missed_windows": 1, "earns_while_redeeming": True},
        {"queue_days": 1.0, "redemption_window_days": 0.5, "halts": Halt("pause", event=Event("stop"), days=3.0)},
    ],
)
def test_it_conforms(check, terms):
    check(TOKEN.replace(**terms))
