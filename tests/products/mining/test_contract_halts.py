"""Bans and outages of a mining contract: pauses in which its term goes on or waits, and ends with a refund."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Halt
from stakingmodels.testing import check_product

GRID = TimeGrid.daily("2026-01-01", days=10)
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s earns 0.3125 USD a day
BAN = Event("ban", hazard=0.05)
BARE = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_s=4.0,
    term_days=8.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.1,
    maintenance_usd_per_th_day=0.01,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)
DAY = 31.25


def world(ban: Any = False) -> Market:
    return Market(GRID, {Price("BTC"): 1e5, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0, BAN: ban})


def struck(step: int, paths: int = 1) -> Any:
    """The ban in one step, on the first path."""
    found = np.zeros((11, paths), dtype=np.bool_)
    found[step, 0] = True
    return found


def lines(terms: CloudMiningContract, market: Market) -> dict[str, float]:
    """Lines of the first path that are not 0."""
    outcome = terms.run(market, capital=1_000.0)
    return {line.label: float(amount[0]) for line, amount in outcome.lines.items() if amount[0]}


def mined(terms: CloudMiningContract, market: Market) -> list[float]:
    found: list[float] = terms.run(market, capital=1_000.0).lines[Line.MINING].tolist()
    return found


@pytest.mark.parametrize("begins", [{"on": "2026-01-03"}, {"event": BAN}])
@pytest.mark.parametrize("extends", [False, True])
def test_in_a_pause_nothing_is_mined_or_billed(begins, extends):
    """Of 8 days 3 are lost, or made up for: a term of 8 days ends on the 11th day then, on a grid of 10."""
    terms = BARE.replace(halts=(Halt("pause", **begins, days=3.0),), pause_extends_term=extends)
    days = 7.0 if extends else 5.0  # of 10 days 3 stand still, and one more is left
    assert lines(terms, world(struck(2))) == pytest.approx(
        {
            "mining": days * DAY,
            "electricity": -days * 10.0,
            "maintenance": -days * 1.0,
            "contract": -400.0 * (7.0 / 8.0 if extends else 1.0),
        }
    )


def test_a_pause_strikes_the_paths_of_its_event_alone():
    terms = BARE.replace(halts=(Halt("pause", event=BAN, days=3.0),))
    assert mined(terms, world(struck(2, 3))) == pytest.approx([5 * DAY, 8 * DAY, 8 * DAY])
    longer = terms.replace(pause_extends_term=True, term_days=6.0)
    outcome = longer.run(world(struck(2, 3)), capital=1_000.0)
    assert outcome.lines["mining"] == pytest.approx([6 * DAY] * 3)
    assert outcome.lines["contract"] == pytest.approx([-400.0] * 3)


def test_a_longer_pause_never_earns_more():
    found = [
        mined(BARE.replace(halts=(Halt("pause", on="2026-01-03", days=days),)), world())[0]
        for days in (0.25, 1.0, 4.0, 60.0)
    ]
    assert found == pytest.approx([DAY * days for days in (7.75, 7.0, 4.0, 2.0)])
    assert mined(BARE, world()) == pytest.approx([DAY * 8.0])


@pytest.mark.parametrize("begins", [{"on": "2026-01-01T07:00"}, {"event": BAN}])
def test_a_pause_from_the_start_to_the_end_mines_exactly_nothing(begins):
    """Thirds of a day do not add up to whole numbers in floats; what is left is no mining, not 5e-23 coins."""
    hours = np.datetime64("2026-01-01T07:00", "s") + np.arange(0, 81) * np.timedelta64(8 * 3_600 + 7, "s")
    always = np.ones((81, 2), dtype=np.bool_)
    series: Any = {Price("BTC"): 1e5, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0, BAN: always}
    outcome = BARE.replace(halts=(Halt("pause", **begins, days=60.0),)).run(
        Market(TimeGrid(hours), series), capital=1_000.0
    )
    assert outcome.native[Line.MINING, "BTC"].tolist() == [0.0, 0.0]
    assert outcome.lines[Line.ELECTRICITY].tolist() == [0.0, 0.0]


def test_prepaid_power_of_a_pause_is_not_paid_back():
    """0.1 USD for each of 8 days and 100 TH/s, of which 3 stand still: 80 USD all the same."""
    prepaid = BARE.replace(electricity_prepaid=True, halts=(Halt("pause", on="2026-01-03", days=3.0),))
    assert lines(prepaid, world())["contract"] == pytest.approx(-400.0 - 80.0)


def test_a_pause_does_not_count_as_a_loss():
    """Every day is a loss: three of them in a row end it, whatever days of standstill lie between."""
    losing = BARE.replace(electricity_usd_per_th_day=0.4, stop_after_days=3)
    paused = losing.replace(halts=(Halt("pause", on="2026-01-03", days=2.0),))
    assert mined(losing, world()) == pytest.approx([3 * DAY])
    assert mined(paused, world()) == pytest.approx([3 * DAY])
    one_path = losing.replace(halts=(Halt("pause", event=BAN, days=2.0),))
    assert mined(one_path, world(struck(2, 2))) == pytest.approx([3 * DAY] * 2)


def test_a_promise_rests_in_a_pause():
    promised = BARE.replace(guaranteed_per_day=0.1, halts=(Halt("pause", on="2026-01-03", days=3.0),))
    assert lines(promised, world()) == pytest.approx({"guaranteed": 5 * 40.0, "contract": -400.0})


# An end


@pytest.mark.parametrize("returned", [0.0, 0.1, 1.0])
def test_a_wind_up_hands_a_share_of_the_unexpired_price_back(returned):
    """After 3 of 8 days 250 of 400 USD have not expired."""
    terms = BARE.replace(halts=(Halt("wind-up", event=BAN, returned=returned, days=2.0),))
    expected = {
        "mining": 3 * DAY,
        "electricity": -30.0,
        "maintenance": -3.0,
        "contract": -150.0,
        "credit": -250.0 * (1.0 - returned),
    }
    found = lines(terms, world(struck(2)))
    assert found == pytest.approx({name: value for name, value in expected.items() if value})
    outcome = terms.run(world(struck(2)), capital=1_000.0)
    assert outcome.closing == pytest.approx(1_000.0 + 3 * DAY - 33.0 - 150.0 - 250.0 * (1.0 - returned))


def test_a_wind_up_leaves_other_paths_alone():
    terms = BARE.replace(halts=(Halt("wind-up", event=BAN, returned=0.1),))
    outcome = terms.run(world(struck(2, 2)), capital=1_000.0)
    alone = BARE.run(world(), capital=1_000.0)
    assert outcome.closing[1] == alone.closing[0]
    assert outcome.lines[Line.CREDIT].tolist() == pytest.approx([-225.0, 0.0])


def test_a_balance_below_the_smallest_pay_out_comes_back_with_the_price():
    terms = BARE.replace(minimum_payout_btc=1.0, electricity_usd_per_th_day=0.0, maintenance_usd_per_th_day=0.0)
    ended = terms.replace(halts=(Halt("wind-up", event=BAN),)).run(world(struck(2)), capital=400.0)
    assert ended.closing.tolist() == pytest.approx([250.0 + 3 * DAY])
    assert Line.FORFEIT not in ended.lines or ended.lines[Line.FORFEIT].tolist() == [0.0]


def test_after_the_term_a_wind_up_finds_nothing():
    terms = BARE.replace(halts=(Halt("wind-up", event=BAN, returned=0.0),))
    assert terms.run(world(struck(9)), capital=1e3).closing == BARE.run(world(), capital=1e3).closing


@pytest.mark.parametrize("extends", [False, True])
def test_a_contract_with_halts_passes_every_check(extends):
    halts = (Halt("pause", event=BAN, days=4.0), Halt("wind-up", event=Event("shut"), returned=0.1, days=3.0))
    check_product(BARE.replace(hashrate_th_s=None, term_days=30.0, halts=halts, pause_extends_term=extends))
