"""`CloudMiningPosition` by hand: what is paid at the opening, what is entered when, and the last day of earning."""

from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, UnitWarning
from stakingmodels.ledger import Line, Outcome
from stakingmodels.market import BlockFees, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.market.plausible import HIGHEST_POWER_PRICE
from stakingmodels.products import CloudMiningContract, Failure, Halt

GRID = TimeGrid.daily("2026-01-01", days=10)
DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6  # at which 1 TH/s finds a millionth of a block a day
GONE, BAN = Event("seller"), Event("ban")
DAY = 31.25  # USD that 100 TH/s mine a day
BARE = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_s=4.0,
    term_days=8.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)
RENTED = BARE.replace(price_usd_per_th_s=None, price_usd_per_th_day=0.25)


def world(grid: TimeGrid = GRID, numeraire: str = "USD", **series: Any) -> Market:
    given: dict[Any, Any] = {Price("BTC"): 1e5, Difficulty("BTC"): DIFFICULTY, BlockFees("BTC"): 0.0}
    names = {"usd": Price("USD"), "gone": GONE, "ban": BAN}
    return Market(grid, given | {names[name]: value for name, value in series.items()}, numeraire)


def struck(step: int, paths: int = 2) -> Any:
    """An event in one step, on the first path."""
    found = np.zeros((GRID.n_times, paths), dtype=np.bool_)
    found[step, 0] = True
    return found


def steps(outcome: Outcome, line: Line | None) -> list[int]:
    """Steps in which something is entered under a line, once for each entry."""
    return [each.step for each in outcome.entries or () if each.line is line]


def test_power_that_is_paid_in_advance_is_that_of_the_time_that_the_machines_run():
    """400 USD, and 0.1 USD a day for 100 TH/s on half of 8 days."""
    terms = BARE.replace(electricity_usd_per_th_day=0.1, electricity_prepaid=True, uptime=0.5)
    assert terms.run(world(), capital=1_000.0).lines[Line.CONTRACT].tolist() == pytest.approx([-440.0])
    even = terms.break_even_price_usd_per_th_s(world())
    assert even == pytest.approx(8 * (0.5 * DAY - 0.5 * 10.0) / 100.0)
    at_it = terms.replace(price_usd_per_th_s=even).run(world(), capital=1_000.0)
    assert at_it.profit.tolist() == pytest.approx([0.0], abs=1e-9)


def test_a_break_even_price_counts_all_days_whatever_ends_or_stops_a_contract():
    dear = BARE.replace(electricity_usd_per_th_day=1.0)
    even = dear.break_even_price_usd_per_th_s(world())
    assert even == pytest.approx(8 * (DAY - 100.0) / 100.0)
    assert dear.replace(stop_after_days=1).break_even_price_usd_per_th_s(world()) == even
    halts = (Halt("pause", on="2026-01-03", days=2.0), Halt("pause", event=BAN, days=2.0))
    assert dear.replace(halts=halts).break_even_price_usd_per_th_s(world(ban=True)) == even


def test_all_the_capital_is_paid_to_the_last_rounding():
    terms = BARE.replace(hashrate_th_s=None, price_usd_per_th_s=0.7)
    for capital in np.random.default_rng(1).uniform(1.0, 1e6, 100):
        opened = terms.run(world(), capital=float(capital), keep="ledger").entries or ()
        wallet = sum(each.units for each in opened if (each.asset, each.place, each.step) == ("USD", "wallet", -1))
        assert np.asarray(wallet).tolist() == [0.0]


def test_what_has_failed_enters_nothing_after_that_step():
    outcome = BARE.replace(failures=(Failure(GONE),)).run(world(gone=struck(2, 1)), capital=400.0, keep="ledger")
    assert steps(outcome, Line.MINING) == [0, 1, 2]


def test_below_the_smallest_pay_out_none_is_entered():
    outcome = BARE.replace(minimum_payout_btc=1.0).run(world(), capital=400.0, keep="ledger")
    assert [each.step for each in outcome.entries or () if each.line is None and each.step >= 0] == []


def test_by_the_day_money_comes_back_once():
    outcome = RENTED.run(world(), capital=1_000.0, keep="ledger")
    moved = [each for each in outcome.entries or () if each.place == "prepaid" and each.line is None]
    assert [each.step for each in moved] == [-1, 7], "at the opening, and at the end of the term"
    assert steps(outcome, Line.CONTRACT) == [*range(8)]


def test_a_part_of_a_day_in_a_pause_is_lost_or_made_up_for():
    """Half of day 3, day 4 and half of day 5: of a term of 8 days 6 are left, or 8 of the 10 of the grid."""
    for extends, days in ((False, 6.0), (True, 8.0)):
        halt = Halt("pause", on="2026-01-03T12:00", days=2.0)
        outcome = BARE.replace(halts=(halt,), pause_extends_term=extends).run(world(), capital=400.0)
        assert outcome.lines[Line.MINING].tolist() == pytest.approx([days * DAY])
        assert outcome.lines[Line.CONTRACT].tolist() == pytest.approx([-400.0])


def test_a_pause_that_extends_the_term_stops_the_machines_of_its_paths():
    terms = BARE.replace(halts=(Halt("pause", event=BAN, days=3.0),), pause_extends_term=True)
    outcome = terms.run(world(ban=struck(2)), capital=400.0, keep="ledger")
    mined = [each.units > 0.0 for each in outcome.entries or () if each.line is Line.MINING]
    assert np.transpose(mined).tolist() == [
        [step not in (2, 3, 4) for step in range(10)],
        [step < 8 for step in range(10)],
    ]


def test_a_pause_that_extends_the_term_moves_the_last_day_of_earning():
    """Left on day 4; the term of 9 days, with a pause of three, ends on day 12, within a step of five days."""
    times = np.datetime64("2026-01-01", "s") + np.array([0, 2, 4, 10, 15, 20]) * np.timedelta64(86_400, "s")
    terms = BARE.replace(term_days=9.0, pause_extends_term=True)
    for halts, last in (((), 9.0), ((Halt("pause", on="2026-01-06", days=3.0),), 12.0)):
        outcome = terms.replace(halts=halts).run(world(TimeGrid(times, exit=2)), capital=400.0)
        assert (outcome.earning_years * 365.0).tolist() == pytest.approx([last])


def test_a_last_day_beyond_the_grid_is_moved_too():
    times = np.datetime64("2026-01-01", "s") + np.array([0, 2, 4, 10]) * np.timedelta64(86_400, "s")
    terms = BARE.replace(term_days=9.0, pause_extends_term=True, halts=(Halt("pause", on="2026-01-06", days=3.0),))
    outcome = terms.run(world(TimeGrid(times, exit=2)), capital=400.0)
    assert (outcome.earning_years * 365.0).tolist() == pytest.approx([10.0]), "all of the grid, and not nine days"


def test_where_the_money_of_some_paths_ends_the_others_mine_on():
    """90 EUR at 25 and at 50 a day."""
    euro = world(numeraire="EUR", usd=np.broadcast_to([1.0, 2.0], (GRID.n_times, 2)))
    outcome = RENTED.run(euro, capital=90.0)
    assert outcome.lines[Line.MINING].tolist() == pytest.approx([3.6 * DAY, 1.8 * DAY])
    assert outcome.lines[Line.CONTRACT].tolist() == pytest.approx([-90.0, -90.0])


def test_prices_that_contradict_each_other_are_refused_with_what_was_given():
    hint = r"got None \(price_usd_per_th_s=9\.25\)$"
    with pytest.raises(InputError, match=rf"^CloudMiningContract\.price_usd: must be given in total.*{hint}"):
        CloudMiningContract(price_usd_per_th_s=None)
    with pytest.raises(InputError, match=r"electricity_prepaid: must be False beside a price by the day, got True"):
        RENTED.replace(electricity_usd_per_th_day=0.1, electricity_prepaid=True)


def test_the_highest_price_of_power_on_record_is_not_warned_of():
    assert CloudMiningContract(power_usd_per_kwh=HIGHEST_POWER_PRICE).power_usd_per_kwh == HIGHEST_POWER_PRICE
    with pytest.warns(UnitWarning, match="is it per MWh, or in cents"):
        CloudMiningContract(power_usd_per_kwh=HIGHEST_POWER_PRICE * 1.01)


def test_what_the_usual_contract_costs_a_day():
    assert CloudMiningContract().electricity_usd_per_th_day == 0.021
    assert CloudMiningContract(power_usd_per_kwh=0.05).electricity_usd_per_th_day == 0.0
