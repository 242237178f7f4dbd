"""Pay-out of a prepaid contract before its price, and net of it; and contributions, by hand."""

from typing import Any

import attrs
import numpy as np
import pytest

from stakingmodels.ledger import Line
from stakingmodels.ledger.lines import LineMap
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Holding
from stakingmodels.rates import APR

BTC, USD, VANISHED = Price("BTC"), Price("USD"), Event("vanished")
BARE = CloudMiningContract(
    price_usd_per_th_s=10.0,
    term_days=4.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)
A_DAY = 1e12 * 86_400.0 * 3.125 / (1.5e14 * 2**32)  # bitcoin of 1 TH/s


def market(days: int = 4, price: Any = 6e4, numeraire: str = "USD", **more: Any) -> Market:
    names = {"vanished": VANISHED, "cash": CashRate("USD"), "dollar": USD}
    series: dict[Any, Any] = {BTC: price, Difficulty("BTC"): 1.5e14, BlockFees("BTC"): 0.0}
    series |= {names[key]: value for key, value in more.items()}
    return Market(TimeGrid.daily("2026-01-01", days=days), series, numeraire)


def bare(**changes: Any) -> CloudMiningContract:
    return BARE.replace(**changes)


def payout(outcome):
    yields = outcome.yields()
    return yields.payout_ratio.tolist()


def test_the_payout_is_what_was_mined_over_the_price():
    outcome = BARE.run(market(), capital=1000.0)
    assert payout(outcome) == pytest.approx([4 * A_DAY * 6e4 / 10.0], rel=1e-12)
    assert (outcome.yields().payout_ratio - 1.0).tolist() == pytest.approx(outcome.yields().total_return.tolist())


def test_running_costs_and_fees_are_taken_off():
    contract = bare(pool_fee=0.02, electricity_usd_per_th_day=0.01, maintenance_usd_per_th_day=0.005)
    outcome = contract.run(market(), capital=1000.0)
    assert payout(outcome) == pytest.approx([4 * (0.98 * A_DAY * 6e4 - 0.015) / 10.0], rel=1e-12)


def test_running_costs_from_the_pocket_count_too():
    outcome = bare(electricity_usd_per_th_day=5.0).run(market(), capital=1000.0)
    assert payout(outcome) == pytest.approx([4 * (A_DAY * 6e4 - 5.0) / 10.0], rel=1e-12)
    assert outcome.yields().contributions.tolist() == pytest.approx([4 * (5.0 - A_DAY * 6e4) / 10.0], rel=1e-12)


def test_money_that_was_not_spent_and_its_interest_do_not_count():
    outcome = bare(hashrate_th_s=10.0).run(market(cash=APR(0.365)), capital=1000.0)
    assert Line.INTEREST in outcome.lines
    assert payout(outcome) == pytest.approx([4 * A_DAY * 6e4 / 10.0], rel=1e-9)


def test_leaving_early_pays_for_the_whole_term():
    assert payout(bare(early_exit_loss=1.0).run(market(1), capital=1000.0)) == pytest.approx(
        [A_DAY * 6e4 / 10.0], rel=1e-12
    )


def test_a_provider_who_vanishes_has_been_paid_all_the_same():
    gone = np.zeros((5, 2), dtype=bool)
    gone[2, 1] = True
    outcome = bare(failures=(Failure(VANISHED),)).run(market(vanished=gone), capital=1000.0)
    assert payout(outcome) == pytest.approx([4 * A_DAY * 6e4 / 10.0, 2 * A_DAY * 6e4 / 10.0], rel=1e-12)


def test_paths_that_could_not_be_opened_have_none():
    dollars = np.array([[1.0, 2.0]])
    outcome = bare(hashrate_th_s=10.0).run(market(numeraire="EUR", dollar=dollars), capital=150.0)
    assert outcome.feasible.tolist() == [True, False]
    assert payout(outcome) == pytest.approx([4 * A_DAY * 6e4 / 10.0, np.nan], rel=1e-12, nan_ok=True)


def test_other_products_have_none():
    assert payout(Holding(asset="BTC").run(market(), capital=1.0)) == pytest.approx([np.nan], nan_ok=True)


def test_what_is_left_of_the_price_is_not_paid_out():
    outcome = BARE.run(market(), capital=1000.0)
    left = np.array([250.0])
    more = attrs.evolve(outcome, contract_left=left, closing=outcome.closing + left)
    assert payout(more) == pytest.approx(payout(outcome), rel=1e-12)


def test_a_price_of_less_than_one_is_a_price():
    assert payout(BARE.run(market(), capital=0.5)) == pytest.approx([4 * A_DAY * 6e4 / 10.0], rel=1e-12)


def test_a_price_that_no_line_has_used_up_yet_is_a_price():
    outcome = BARE.run(market(), capital=1000.0)
    lines = LineMap({line: money for line, money in outcome.lines.items() if line is not Line.CONTRACT})
    assert payout(attrs.evolve(outcome, lines=lines)) == payout(outcome)
