"""`CloudMiningContract`: three days by hand, then each of its terms alone."""

import warnings
from typing import Any

import numpy as np
import pytest

from stakingmodels.errors import InputError, InputTypeError, UnitWarning
from stakingmodels.ledger import Book, Line
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Factor, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Halt, Position, Product
from stakingmodels.rates import APR

BTC, USD, DIFFICULTY, FEES, GONE = Price("BTC"), Price("USD"), Difficulty("BTC"), BlockFees("BTC"), Event("gone")
GRID = TimeGrid.daily("2026-01-01", days=3)
# 1 TH/s for a day at difficulty D finds 1e12 * 86400 / (D * 2**32) blocks: this D makes it 1e-6 of a block
UNIT_DIFFICULTY = 1e12 * 86_400 / 2**32 / 1e-6
SUBSIDY = 3.125
DAY = 1e-6 * SUBSIDY  # coins of 1 TH/s and day without fees
# nothing but the hash rate; every test adds its own term
BARE = CloudMiningContract(
    hashrate_th_s=100.0,
    price_usd_per_th_s=3.0,
    term_days=3.0,
    pool_fee=0.0,
    electricity_usd_per_th_day=0.0,
    uptime=1.0,
    minimum_payout_btc=0.0,
    stop_after_days=None,
)


def world(price=100_000.0, difficulty=UNIT_DIFFICULTY, fees=0.0, *, grid=GRID, numeraire="USD", **more):
    """A market for mining; dates at the subsidy of 3.125."""
    series: dict[Any, Any] = {BTC: price, DIFFICULTY: difficulty, FEES: fees}
    if numeraire == "BTC":
        del series[BTC]
    return Market(
        grid, {**series, **{{"usd": USD, "gone": GONE}[key]: value for key, value in more.items()}}, numeraire
    )


def money(outcome):
    """The lines that are not 0, of one path, by label."""
    return {line.label: float(amount[0]) for line, amount in outcome.lines.items() if amount[0] != 0.0}


# Three days by hand


def test_three_days():
    terms = BARE.replace(
        pool_fee=0.02, electricity_usd_per_th_day=0.05, maintenance_usd_per_th_day=0.01, uptime=0.9, sell_fee=0.1
    )
    prices = np.array([100_000.0, 110_000.0, 90_000.0, 120_000.0])
    hardness = UNIT_DIFFICULTY * np.array([1.0, 1.0, 1.25, 2.0])
    fees = np.array([0.025, 0.125, 0.0, 99.0])
    outcome = terms.run(world(prices, hardness, fees), capital=1000.0, keep="values")

    cash = 1000.0 - 300.0
    mined, fee, power, care, trading, values = [], [], [], [], [], []
    for price, ease, block in [(110_000.0, 1.0, 3.15), (90_000.0, 0.8, 3.25), (120_000.0, 0.5, 3.125)]:
        coins = 100 * 1e-6 * 0.9 * ease * block
        mined.append(coins * price)
        fee.append(-0.02 * coins * price)
        power.append(-100 * 0.05 * 0.9)
        care.append(-100 * 0.01)
        sold = 0.98 * coins * price + power[-1] + care[-1]
        trading.append(-0.1 * sold)
        cash += 0.9 * sold
        values.append(cash + 300.0 - 100.0 * len(mined))
    assert money(outcome) == pytest.approx(
        {
            "mining": sum(mined),
            "commission": sum(fee),
            "electricity": sum(power),
            "maintenance": sum(care),
            "trading": sum(trading),
            "contract": -300.0,
        },
        rel=1e-12,
    )
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([1000.0, *values], rel=1e-12)
    assert outcome.closing[0] == pytest.approx(cash, rel=1e-12)
    assert outcome.settled.all()


def test_a_pool_that_keeps_everything():
    outcome = BARE.replace(pool_fee=1.0, stop_after_days=2).run(world(), capital=300.0)
    assert outcome.closing[0] == pytest.approx(0.0, abs=1e-9)
    assert outcome.lines[Line.COMMISSION][0] == pytest.approx(-300 * DAY * 1e5)


def test_when_there_is_no_subsidy_any_more():
    grid = TimeGrid.daily("2300-01-01", days=3)
    outcome = BARE.run(world(fees=0.5, grid=grid), capital=300.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(3 * 100 * 1e-6 * 0.5, rel=1e-12)


def test_coins_of_a_day():
    outcome = BARE.run(world(), capital=300.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(3 * 100 * DAY, rel=1e-12)
    assert outcome.closing[0] == pytest.approx(3 * 100 * DAY * 100_000, rel=1e-12)


def test_the_fees_of_blocks_are_paid_beside_the_subsidy():
    with_fees = BARE.run(world(fees=SUBSIDY), capital=300.0)
    assert with_fees.native[Line.MINING, "BTC"][0] == pytest.approx(6 * 100 * DAY, rel=1e-12)


@pytest.mark.parametrize("factor", [0.5, 4.0])
def test_difficulty_divides(factor):
    outcome = BARE.run(world(difficulty=UNIT_DIFFICULTY * factor), capital=300.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(3 * 100 * DAY / factor, rel=1e-12)


def test_machines_that_stand_still_use_no_power_but_are_cared_for():
    terms = BARE.replace(uptime=0.0, electricity_usd_per_th_day=0.05, maintenance_usd_per_th_day=0.01)
    outcome = terms.run(world(), capital=1000.0)
    assert money(outcome) == pytest.approx({"maintenance": -3.0, "contract": -300.0})


def test_the_plan_of_a_firm_worked_out_by_its_own_formula():
    # fee 4,625 USD, 500 TH/s, 360 days, output 0.06 and electricity 0.035 USD per TH/s and day:
    # net revenue -125 USD. Source: Bitdeer help centre, article 360023619511
    terms = BARE.replace(
        hashrate_th_s=500.0, price_usd_per_th_s=9.25, term_days=360.0, electricity_usd_per_th_day=0.035
    )
    market = world(0.06 / DAY, grid=TimeGrid.daily("2026-01-01", days=360))
    assert terms.run(market, capital=4625.0).profit[0] == pytest.approx(-125.0, rel=1e-9)


# The price of the contract


def test_without_a_hash_rate_the_capital_rents_all_it_pays_for():
    outcome = BARE.replace(hashrate_th_s=None).run(world(), capital=750.0)
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-750.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(3 * 250 * DAY, rel=1e-12)


def test_money_left_over_stays_cash_and_earns():
    market = Market(GRID, {BTC: 1.0, DIFFICULTY: 1e30, FEES: 0.0, CashRate("USD"): APR(0.365)})
    assert BARE.run(market, capital=1000.0).closing[0] == pytest.approx(700 * 1.001**3)


@pytest.mark.parametrize("capital", [299.99, 1.0])
def test_too_little_capital_is_refused_with_what_is_missing(capital):
    with pytest.raises(InputError) as caught:
        BARE.run(world(), capital=capital)
    assert str(caught.value).startswith("run: capital: is too little")
    assert f"{300 - capital:,.2f} USD" in str(caught.value)


def test_just_enough_capital():
    assert BARE.run(world(), capital=300.0).feasible.all()


def test_on_paths_where_the_capital_is_too_little_it_lies_idle():
    market = world(usd=np.array([[1.0, 2.0, 4.0]]), numeraire="EUR")
    outcome = BARE.run(market, capital=700.0)
    assert outcome.feasible.tolist() == [True, True, False]
    assert outcome.lines[Line.CONTRACT].tolist() == pytest.approx([-300.0, -600.0, 0.0])
    assert outcome.lines[Line.MINING][2] == 0.0
    assert outcome.closing[2] == 700.0
    assert outcome.capital_shortfall.tolist() == [0.0, 0.0, 500.0]


def test_the_price_is_written_down_evenly():
    terms = BARE.replace(uptime=0.0, term_days=10.0)
    grid = TimeGrid(np.array(["2026-01-01", "2026-01-03", "2026-01-04", "2026-01-11"], dtype="M8[D]"))
    outcome = terms.run(world(grid=grid), capital=300.0, keep="values")
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([300.0, 240.0, 210.0, 0.0])
    assert outcome.lines[Line.CONTRACT][0] == -300.0


# The term


@pytest.mark.parametrize(("term", "days_mined"), [(1.0, 1.0), (2.0, 2.0), (2.5, 2.5), (3.0, 3.0), (30.0, 3.0)])
def test_mining_ends_with_the_term_or_the_exit(term, days_mined):
    terms = BARE.replace(term_days=term, early_exit_loss=1.0, maintenance_usd_per_th_day=0.01)
    outcome = terms.run(world(), capital=300.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(days_mined * 100 * DAY, rel=1e-12)
    assert outcome.lines[Line.MAINTENANCE][0] == pytest.approx(-days_mined)
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-300.0)


def test_leaving_early_forfeits_what_is_left_of_the_contract():
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=2)
    outcome = BARE.replace(early_exit_loss=1.0).run(world(grid=grid), capital=300.0, keep="values")
    assert outcome.values is not None
    day = 100 * DAY * 100_000
    assert outcome.values[:, 0].tolist() == pytest.approx([300.0, day, day, day])
    assert outcome.days_to_cash.tolist() == [0.0]


def test_leaving_in_part_forfeits_a_part_of_the_contract_and_mines_on():
    class Halved(Product):
        asset = "BTC"
        factors = BARE.factors

        def open(self, book, now):
            position = BARE.replace(early_exit_loss=1.0).open(book, now)

            class Halving(Position):
                def step(self, now):
                    position.step(now)
                    if now.step == 0:
                        position.exit(now, share=0.5)

                def exit(self, now, share=1.0, how=None, paths=None):
                    position.exit(now, share, how, paths)

            return Halving()

    outcome = Halved().run(world(), capital=300.0, keep="values")
    day = 100 * DAY * 1e5
    assert outcome.values is not None
    assert outcome.values[:, 0].tolist() == pytest.approx([300, 100 + day, 50 + 1.5 * day, 2 * day])
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-300.0)


def test_it_takes_no_further_money():
    market = world()
    now = market.now().at(next(market.chunks()), -1)
    book = Book(now, "BTC")
    book.receive(book.cash, 300.0)
    position = BARE.open(book, now)
    with pytest.raises(InputError, match=r"^CloudMiningPosition\.add: this product takes no further money"):
        position.add(now, 1.0)


# Pay-outs


def test_a_balance_below_the_minimum_waits_for_it():
    terms = BARE.replace(minimum_payout_btc=150 * DAY)
    prices = np.array([1e5, 1e5, 2e5, 4e5])
    outcome = terms.run(world(prices), capital=300.0, keep="values")
    assert outcome.units["USD", "paid_out"][0] == pytest.approx(200 * DAY * 2e5)
    assert outcome.lines[Line.PRICE][0] == pytest.approx(100 * DAY * 1e5)
    assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-100 * DAY * 4e5)
    assert outcome.settled.all()


def test_a_minimum_never_reached_strands_everything():
    outcome = BARE.replace(minimum_payout_btc=1.0).run(world(), capital=300.0)
    assert outcome.closing[0] == pytest.approx(0.0, abs=1e-9)
    assert outcome.lines[Line.FORFEIT][0] == pytest.approx(-3 * 100 * DAY * 1e5)


def test_the_minimum_itself_is_paid_out():
    outcome = BARE.replace(minimum_payout_btc=0.0).run(world(), capital=300.0)
    exact = float(outcome.native[Line.MINING, "BTC"][0]) / 3
    assert "forfeit" not in money(BARE.replace(minimum_payout_btc=exact).run(world(), capital=300.0))


def test_coins_held_to_the_exit_against_coins_sold_daily():
    prices = np.array([1e5, 1e5, 2e5, 4e5])
    terms = BARE.replace(sell_fee=0.1)
    sold = terms.run(world(prices), capital=300.0)
    held = terms.replace(payout="hold").run(world(prices), capital=300.0)
    assert sold.closing[0] == pytest.approx(0.9 * 100 * DAY * (1e5 + 2e5 + 4e5))
    assert held.closing[0] == pytest.approx(0.9 * 100 * DAY * 3 * 4e5)
    assert held.lines[Line.PRICE][0] == pytest.approx(100 * DAY * (1e5 + 2 * 2e5))
    assert held.units["BTC", "wallet"].tolist() == [0.0]


def test_coins_held_pay_the_costs_when_all_else_is_spent():
    terms = BARE.replace(payout="hold", maintenance_usd_per_th_day=0.1)  # 10 a day
    prices = np.array([1e5, 1e6, 2e4, 1e5])  # the second day mines 6.25 only: 3.75 are left for the coins of the first
    outcome = terms.run(world(prices), capital=300.0)
    first, second, third = 100 * DAY - 10 / 1e6, -3.75 / 2e4, 100 * DAY - 10 / 1e5
    assert outcome.contributions.tolist() == [0.0]
    assert outcome.closing[0] == pytest.approx((first + second + third) * 1e5)


# Costs beyond everything


def test_costs_beyond_everything_are_paid_by_the_holder():
    terms = BARE.replace(maintenance_usd_per_th_day=1.0)
    outcome = terms.run(world(), capital=350.0)
    revenue = 100 * DAY * 1e5  # 31.25 a day, cost 100, cash 50
    gaps = [100 - revenue - 50, 100 - revenue, 100 - revenue]
    assert outcome.contributions[0] == pytest.approx(sum(gaps))
    assert outcome.flows is not None
    days, money = outcome.flows.of(0, 350.0, outcome.grid)
    assert days.tolist() == [0.0, 1.0, 2.0, 3.0]
    assert money.tolist() == pytest.approx([-350.0, *(-gap for gap in gaps)])
    assert outcome.closing[0] == pytest.approx(0.0, abs=1e-9)
    assert outcome.profit[0] == pytest.approx(-350 - sum(gaps))
    assert outcome.yields().total_return.tolist() == pytest.approx([-1.0])
    assert outcome.yields().irr.tolist() == pytest.approx([-1.0])


def test_the_irr_counts_contributions_on_their_days():
    grid = TimeGrid(np.datetime64("2026-01-01", "s") + np.arange(4) * np.timedelta64(120, "D"))
    terms = BARE.replace(maintenance_usd_per_th_day=0.01, payout="hold", term_days=360.0)
    outcome = terms.run(world(np.array([1e5, 100.0, 100.0, 1e5]), grid=grid), capital=300.0)
    mined = 120 * 100 * DAY
    gap = 120.0 - mined * 100.0  # twice; then the coins of the third part pay
    assert outcome.contributions[0] == pytest.approx(2 * gap)
    assert outcome.closing[0] == pytest.approx(mined * 1e5 - 120)
    rate = outcome.yields().irr[0]
    paid_in = sum(gap * (1 + rate) ** (-days / 365) for days in (120, 240))
    value = -300 - paid_in + outcome.closing[0] * (1 + rate) ** (-360 / 365)
    assert value == pytest.approx(0.0, abs=1e-8)


# The stop rule


def losing(days=10, tail=0, prices=None):
    grid = TimeGrid.daily("2026-01-01", days=days, settlement_days=tail)
    return world(1e5 if prices is None else np.array(prices), grid=grid)


# 40 a day, against 31.25 mined
COSTLY = BARE.replace(maintenance_usd_per_th_day=0.4, term_days=100.0, early_exit_loss=1.0)


@pytest.mark.parametrize(("limit", "days_mined"), [(1, 1), (4, 4), (10, 10), (11, 10), (None, 10)])
def test_it_stops_after_so_many_losing_days(limit, days_mined):
    outcome = COSTLY.replace(stop_after_days=limit).run(losing(), capital=1000.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(days_mined * 100 * DAY, rel=1e-12)
    assert outcome.lines[Line.MAINTENANCE][0] == pytest.approx(-40.0 * days_mined)
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-300.0)


def test_a_winning_day_starts_the_count_anew():
    prices = [1e5, 1e5, 1e5, 2e5, 1e5, 1e5, 1e5, 2e5, 1e5, 1e5, 1e5]  # 2 losing, 1 winning, 3 losing: stops on day 6
    outcome = COSTLY.replace(stop_after_days=3).run(losing(prices=prices), capital=1000.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(6 * 100 * DAY, rel=1e-12)


def test_revenue_is_after_the_pool_fee():
    terms = BARE.replace(maintenance_usd_per_th_day=0.3, term_days=100.0, stop_after_days=2)
    assert terms.run(losing(), capital=1000.0).native[Line.MINING, "BTC"][0] == pytest.approx(10 * 100 * DAY)
    stopped = terms.replace(pool_fee=0.05).run(losing(), capital=1000.0)  # 29.69 against 30
    assert stopped.native[Line.MINING, "BTC"][0] == pytest.approx(2 * 100 * DAY)


def test_a_day_that_breaks_even_is_no_losing_day():
    exact = float(BARE.run(world(), capital=300.0).lines[Line.MINING][0]) / 3 / 100
    terms = BARE.replace(maintenance_usd_per_th_day=exact * (1 - 1e-12), term_days=100.0, stop_after_days=1)
    assert terms.run(losing(), capital=1000.0).native[Line.MINING, "BTC"][0] == pytest.approx(10 * 100 * DAY)


def test_only_the_losing_path_stops():
    prices = np.full((11, 2), 1e5)
    prices[:, 1] = 2e5
    outcome = COSTLY.replace(stop_after_days=3).run(losing(prices=prices), capital=1000.0)
    assert outcome.native[Line.MINING, "BTC"].tolist() == pytest.approx([3 * 100 * DAY, 10 * 100 * DAY])


def test_a_stop_forfeits_the_balance():
    terms = COSTLY.replace(stop_after_days=2, minimum_payout_btc=1.0, maintenance_usd_per_th_day=0.4)
    outcome = terms.run(losing(), capital=1000.0)
    assert outcome.units["BTC", "unpaid"].tolist() == [0.0]
    assert outcome.closing[0] == pytest.approx(700 - 2 * 40 + 2 * 31.25)


# The provider


def vanishing(step, days=3):
    events = np.zeros((days + 1, 2), dtype=bool)
    events[step, 1] = True
    return world(grid=TimeGrid.daily("2026-01-01", days=days), gone=events)


@pytest.mark.parametrize("step", [0, 1, 2])
def test_the_provider_takes_contract_and_balance_with_it(step):
    terms = BARE.replace(failures=(Failure(GONE),), minimum_payout_btc=1.0)
    outcome = terms.run(vanishing(step), capital=300.0)
    assert outcome.lines[Line.CREDIT].tolist() == pytest.approx([0.0, -100 * (3 - step) - step * 100 * DAY * 1e5])
    assert outcome.native[Line.MINING, "BTC"].tolist() == pytest.approx([300 * DAY, step * 100 * DAY])
    assert outcome.closing[1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("payout", ["sell", "hold"])
def test_what_was_paid_out_is_safe(payout):
    terms = BARE.replace(failures=(Failure(GONE),), payout=payout)
    outcome = terms.run(vanishing(2), capital=300.0)
    assert outcome.closing.tolist() == pytest.approx([300 * DAY * 1e5, 200 * DAY * 1e5])


def test_a_vanished_provider_costs_nothing_more():
    terms = BARE.replace(failures=(Failure(GONE),), maintenance_usd_per_th_day=0.1)
    assert terms.run(vanishing(1), capital=300.0).lines[Line.MAINTENANCE].tolist() == pytest.approx([-30.0, -10.0])


def test_a_provider_that_is_struck_twice_is_gone_once():
    events = np.array([False, True, True, True])
    outcome = BARE.replace(failures=(Failure(GONE),)).run(world(gone=events), capital=300.0)
    assert outcome.lines[Line.CREDIT][0] == pytest.approx(-200.0)


# Halvings


def test_a_halving_inside_the_run():
    grid = TimeGrid.daily("2024-04-15", days=10)  # the halving is in the first minutes of 20 April
    outcome = BARE.replace(term_days=10.0).run(world(grid=grid), capital=300.0, keep="ledger")
    mined = [entry.units[0] / (100 * 1e-6) for entry in outcome.entries or () if entry.line is Line.MINING]
    assert mined == pytest.approx([6.25] * 4 + [3.125] * 6, rel=1e-12)


def test_each_path_halves_on_its_own_date():
    starts = np.array(["2024-04-15", "2020-05-09", "2016-07-01"], dtype="M8[s]") - np.datetime64("2024-04-15", "s")
    series: dict[Factor, Any] = {BTC: 1e5, DIFFICULTY: UNIT_DIFFICULTY, FEES: 0.0}
    market = Market.from_sources(TimeGrid.daily("2024-04-15", days=3), 3, [], series=series, time_offsets=starts)
    outcome = BARE.run(market, capital=300.0)
    per_day = outcome.native[Line.MINING, "BTC"] / (100 * 1e-6)
    assert per_day.tolist() == pytest.approx([3 * 6.25, 12.5 + 6.25 + 6.25, 3 * 25.0], rel=1e-12)


# Other money


def test_in_another_currency():
    dollars = np.array([0.9, 0.8, 0.8, 0.5])
    terms = BARE.replace(maintenance_usd_per_th_day=0.1, stop_after_days=2)
    usd = terms.run(world(), capital=1000.0)
    eur = terms.run(world(1e5 * dollars, numeraire="EUR", usd=dollars), capital=1000.0)
    assert eur.lines[Line.CONTRACT][0] == pytest.approx(-300 * 0.9)
    assert eur.lines[Line.MAINTENANCE][0] == pytest.approx(-10 * (0.8 + 0.8 + 0.5))
    assert eur.lines[Line.MINING][0] == pytest.approx(31.25 * (0.8 + 0.8 + 0.5))
    assert eur.native[Line.MINING, "BTC"].tolist() == usd.native[Line.MINING, "BTC"].tolist()


@pytest.mark.parametrize("fx", [0.5, 0.91])
def test_a_constant_exchange_rate_scales_all_money(fx):
    terms = BARE.replace(maintenance_usd_per_th_day=0.4, electricity_usd_per_th_day=0.05, sell_fee=0.01)
    usd = terms.run(world(), capital=1000.0)
    eur = terms.run(world(1e5 * fx, numeraire="EUR", usd=fx), capital=1000.0 * fx)
    assert eur.closing[0] == pytest.approx(fx * usd.closing[0], rel=1e-13)
    for line, amount in usd.lines.items():
        assert eur.lines[line][0] == pytest.approx(fx * amount[0], rel=1e-13, abs=1e-12)


@pytest.mark.parametrize("payout", ["sell", "hold"])
def test_bitcoin_itself_as_numeraire(payout):
    terms = BARE.replace(maintenance_usd_per_th_day=0.1, payout=payout, sell_fee=0.5)
    outcome = terms.run(world(numeraire="BTC", usd=1e-5), capital=0.01)
    assert outcome.numeraire == "BTC"
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-300e-5)
    assert outcome.lines[Line.MAINTENANCE][0] == pytest.approx(-30e-5)
    assert outcome.closing[0] == pytest.approx(0.01 - 330e-5 + 300 * DAY)
    assert Line.TRADING not in outcome.lines


# Scaling


def test_twice_the_hash_rate_mines_twice_as_much():
    prices = np.random.default_rng(1).lognormal(11.5, 0.05, (4, 5))
    terms = BARE.replace(pool_fee=0.02, maintenance_usd_per_th_day=0.01)
    one = terms.run(world(prices), capital=300.0)
    two = terms.replace(hashrate_th_s=200.0).run(world(prices), capital=600.0)
    assert two.closing.tolist() == pytest.approx((2 * one.closing).tolist(), rel=1e-13)


# Terms


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("hashrate_th_s", 0),
        ("price_usd_per_th_s", -5.0),
        ("term_days", 0),
        ("pool_fee", 2.0),
        ("electricity_usd_per_th_day", -1),
        ("maintenance_usd_per_th_day", -1),
        ("uptime", 98),
        ("minimum_payout_btc", -0.1),
        ("stop_after_days", 0),
        ("payout", "burn"),
        ("sell_fee", -0.1),
        ("price_usd", 0.0),
        ("start_days", -1.0),
        ("maintenance_share", 1.5),
        ("platform_fee", -0.1),
        ("costs_beyond_output", "forgiven"),
    ],
)
def test_terms_out_of_range(field, value):
    with pytest.raises(InputError, match=rf"^CloudMiningContract\.{field}: must be .*got "):
        CloudMiningContract(**{field: value})


@pytest.mark.parametrize(
    ("field", "value"), [("hashrate_th_s", "100"), ("stop_after_days", 21.0), ("failures", "gone"), ("uptime", True)]
)
def test_terms_of_other_types(field, value):
    with pytest.raises(InputTypeError, match=rf"^CloudMiningContract\.{field}: must be "):
        CloudMiningContract(**{field: value})


def test_the_coin_is_bitcoin():
    assert CloudMiningContract().asset == "BTC"
    with pytest.raises(TypeError, match="asset"):
        CloudMiningContract(asset="LTC")  # type: ignore[call-arg]


def test_what_it_reads():
    assert CloudMiningContract().factors == {BTC, USD, DIFFICULTY, FEES}
    assert CloudMiningContract(failures=(Failure(GONE),)).factors == {BTC, USD, DIFFICULTY, FEES, GONE}


def test_bills_and_sums_do_not_grow_with_the_steps():
    from stakingmodels.ledger import Book
    from stakingmodels.products.mining.position import CloudMiningPosition

    days = np.cumsum(1.0 + 0.01 * np.arange(60))
    times = np.datetime64("2026-01-01", "s") + (np.concatenate([[0.0], days]) * 86_400).astype("m8[s]")
    grid = TimeGrid(times)
    series: dict[Factor, Any] = {
        Price("BTC"): 9e4,
        Price("USD"): 1.0 + 0.001 * np.arange(61),
        Difficulty("BTC"): 1e14,
        BlockFees("BTC"): 0.0,
    }
    market = Market(grid, series, "EUR")
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, "BTC")
    book.receive(book.cash, 1_000.0)
    terms = CloudMiningContract(electricity_usd_per_th_day=0.02, maintenance_usd_per_th_day=0.01)
    position = CloudMiningPosition(terms, book, now)
    for step in range(50):
        book.advance(now.at(chunk, step), 0.0)
        position.step(now)
    assert len(position._hash_rate._bills) == 2
    assert len(book.journal._posted) <= 10


# The price in coins


@pytest.mark.parametrize("numeraire", ["USD", "BTC"])
@pytest.mark.parametrize("later", [0.5, 1.0, 2.0])
def test_the_coin_yield_does_not_move_with_later_prices(later, numeraire):
    """One BTC buys a contract that pays 1.51 BTC; the price of the other days is that of day 0 times `later`."""
    grid = TimeGrid.daily("2026-01-01", days=360)
    price, per_day = 1e5, 1.51 / 360
    terms = BARE.replace(hashrate_th_s=None, term_days=360.0, price_usd_per_th_s=price / 100.0)
    prices = np.full(361, price)
    prices[1:] *= later
    difficulty = 100.0 * 86_400 * 1e12 * 3.125 / (per_day * 2**32)  # 100 TH/s mine `per_day`
    series: dict[Factor, Any] = {Difficulty("BTC"): difficulty, BlockFees("BTC"): 0.0}
    series |= {Price("BTC"): prices} if numeraire == "USD" else {Price("USD"): 1.0 / prices}
    outcome = terms.run(Market(grid, series, numeraire=numeraire), capital=price if numeraire == "USD" else 1.0)
    yields = outcome.yields()
    assert yields.gross_apr.tolist() == pytest.approx([1.51 * 365 / 360], abs=1e-9)
    assert yields.net_apr.tolist() == pytest.approx([0.51 * 365 / 360], abs=1e-9)


def test_a_contract_that_pays_back_110_percent_has_its_dated_irr():
    grid = TimeGrid.daily("2026-01-01", days=360)
    terms = BARE.replace(hashrate_th_s=100.0, term_days=360.0, price_usd_per_th_s=3.0)
    mined = 1.10 * 300.0 / 360 / 1e5  # BTC a day
    difficulty = 100.0 * 86_400 * 1e12 * 3.125 / (mined * 2**32)
    series = {Price("BTC"): 1e5, Difficulty("BTC"): difficulty, BlockFees("BTC"): 0.0}
    outcome = terms.run(Market(grid, series), capital=300.0)
    assert outcome.closing.tolist() == pytest.approx([330.0])
    assert outcome.yields().irr.tolist() == pytest.approx([0.216], abs=5e-4)


# What cannot be left


def test_a_contract_that_is_left_goes_on_and_its_money_is_in_hand_at_the_end_of_the_term():
    grid = TimeGrid.daily("2026-01-01", days=180, settlement_days=200)
    terms = BARE.replace(term_days=360.0)
    assert not terms.can_leave_early
    outcome = terms.run(world(grid=grid), capital=300.0)
    assert outcome.days_to_cash.tolist() == [180.0]
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(360 * 100 * DAY, rel=1e-12)
    assert outcome.earning_years[0] == pytest.approx(360 / 365)
    assert Line.FORFEIT not in outcome.lines


def test_coins_that_were_held_are_sold_at_the_exit_and_later_ones_as_they_come():
    prices = np.array([1e5, 1e5, 2e5, 3e5, 9e5])
    grid = TimeGrid.daily("2026-01-01", days=2, settlement_days=2)
    outcome = BARE.replace(payout="hold").run(world(prices, grid=grid), capital=300.0)
    assert outcome.closing[0] == pytest.approx(100 * DAY * (2e5 + 2e5 + 3e5))
    assert outcome.units["BTC", "wallet"].tolist() == [0.0]


def test_without_a_tail_the_rest_of_the_term_stands_at_its_cost():
    outcome = BARE.run(world(grid=TimeGrid.daily("2026-01-01", days=1)), capital=300.0)
    assert outcome.settled.tolist() == [False]
    assert outcome.closing[0] == pytest.approx(200.0 + 100 * DAY * 1e5)


@pytest.mark.parametrize(("loss", "back"), [(1.0, 0.0), (0.25, 150.0), (0.0, 200.0)])
def test_a_contract_may_be_ended_early_at_a_loss(loss, back):
    grid = TimeGrid.daily("2026-01-01", days=1, settlement_days=1)
    terms = BARE.replace(early_exit_loss=loss)
    assert terms.can_leave_early
    outcome = terms.run(world(grid=grid), capital=300.0)
    assert outcome.closing[0] == pytest.approx(back + 100 * DAY * 1e5)
    assert outcome.lines[Line.CONTRACT][0] == pytest.approx(-300.0 + back)
    assert outcome.days_to_cash.tolist() == [0.0]


# Break-even and units


@pytest.mark.parametrize("fee", [0.0, 0.1])
def test_at_its_break_even_price_a_contract_gives_back_what_it_costs(fee):
    grid = TimeGrid.daily("2026-01-01", days=3, settlement_days=5)
    terms = BARE.replace(hashrate_th_s=None, pool_fee=fee, electricity_usd_per_th_day=0.1, uptime=0.9)
    even = terms.break_even_price_usd_per_th_s(world(grid=grid))
    assert even == pytest.approx(3 * 0.9 * (DAY * 1e5 * (1 - fee) - 0.1), rel=1e-9)
    there = terms.replace(price_usd_per_th_s=even).run(world(grid=grid), capital=1e4)
    assert there.closing[0] == pytest.approx(1e4, rel=1e-9)
    dear = terms.replace(electricity_usd_per_th_day=1.0, stop_after_days=1, price_usd_per_th_s=40.0)
    assert dear.break_even_price_usd_per_th_s(world(grid=grid)) < 0.0


def test_break_even_in_another_money_and_for_half_a_term():
    terms = BARE.replace(term_days=2.0)
    euro = world(9e4, usd=0.9, numeraire="EUR")
    assert terms.break_even_price_usd_per_th_s(euro) == pytest.approx(2 * DAY * 1e5, rel=1e-9)
    with pytest.raises(
        InputError, match=r"break_even_price_usd_per_th_s: market: must last for the term of 9 days, got 3"
    ):
        BARE.replace(term_days=9.0).break_even_price_usd_per_th_s(world())


def test_break_even_asks_a_market_for_no_event():
    risky = BARE.replace(failures=(Failure(GONE),), halts=(Halt("pause", event=Event("pause"), days=3.0),))
    assert risky.break_even_price_usd_per_th_s(world()) == BARE.break_even_price_usd_per_th_s(world())


@pytest.mark.parametrize("tail", [0, 1_000])
@pytest.mark.parametrize("loss", [None, 1.0])
def test_break_even_has_neither_interest_nor_the_exit_in_it(tail, loss):
    """What money paid out earns belongs to the money; and the day on which the holder would leave is no term."""
    grid = TimeGrid.daily(
        "2026-01-01", days=2 if tail else 3, settlement_days=tail
    )  # left a day early where there is a tail
    series: dict[Factor, Any] = {BTC: 1e5, DIFFICULTY: UNIT_DIFFICULTY, FEES: 0.0, CashRate("USD"): APR(0.365)}
    terms = BARE.replace(early_exit_loss=loss)
    assert terms.break_even_price_usd_per_th_s(Market(grid, series)) == pytest.approx(3 * DAY * 1e5, rel=1e-9)


@pytest.mark.parametrize(
    ("field", "value"),
    [("electricity_usd_per_th_day", 25.2), ("maintenance_usd_per_th_day", 6.0), ("price_usd_per_th_s", 9_250.0)],
)
def test_numbers_that_look_like_those_of_a_petahash_are_warned_of(field, value):
    with pytest.warns(UnitWarning, match=r"is it per PH/s\? Write a thousandth"):
        BARE.replace(**{field: value})


@pytest.mark.parametrize(("price", "days"), [(0.00925, 360.0), (0.05, 360.0), (9.25e-3, 30.0), (0.3, 1e6)])
def test_a_price_that_buys_a_term_for_less_than_a_day_earns_is_warned_of(price, days):
    with pytest.warns(UnitWarning, match=r"USD per TH/s for .* days: is it per GH/s, or for a day\?"):
        BARE.replace(price_usd_per_th_s=price, term_days=days)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        BARE.replace(price_usd_per_th_s=max(price, 0.01) * 100.0, term_days=days)


def test_prices_and_costs_at_the_bounds_are_not_warned_of():
    BARE.replace(electricity_usd_per_th_day=5.0)
    BARE.replace(price_usd_per_th_s=5_000.0)
    BARE.replace(price_usd_per_th_s=1e-3 * 360.0, term_days=360.0)


def test_fees_of_a_market_are_not_limited():
    """What a market may hold can be mined; that it is far from the record is for the market to say."""
    outcome = BARE.replace(uptime=0.5).run(world(fees=1e9), capital=300.0)
    assert outcome.native[Line.MINING, "BTC"][0] == pytest.approx(3 * 100 * 1e-6 * 0.5 * (SUBSIDY + 1e9), rel=1e-12)


def test_the_price_of_a_contract_that_fails_at_once_is_told_whatever_other_paths_do():
    terms = BARE.replace(failures=(Failure(GONE),))
    for n_paths in (1, 2):
        struck = np.zeros((GRID.n_times, n_paths), dtype=np.bool_)
        struck[1, 0] = True
        outcome = terms.run(world(gone=struck), capital=300.0)
        assert outcome.contract_price[0] == pytest.approx(300.0)


def test_a_contract_that_outlasts_the_grid_has_paid_out_a_part_of_its_whole_price():
    terms = BARE.replace(term_days=10.0)
    grid = TimeGrid.daily("2026-01-01", days=4, settlement_days=2)
    outcome = terms.run(world(grid=grid), capital=300.0)
    assert outcome.contract_price.tolist() == pytest.approx([300.0])
    assert outcome.contract_left.tolist() == pytest.approx([300.0 * 4 / 10])
    mined = 6 * 100 * DAY * 1e5
    assert outcome.yields().payout_ratio.tolist() == pytest.approx([mined / 300.0])


def test_break_even_where_the_dollar_has_a_path_of_its_own():
    terms = BARE.replace(term_days=2.0, price_usd_per_th_s=5.0)
    euro = world(9e4, usd=np.array([[0.9, 0.5, 0.25]] * 4), numeraire="EUR")
    each = [2 * DAY * 9e4 / dollar for dollar in (0.9, 0.5, 0.25)]
    assert terms.break_even_price_usd_per_th_s(euro) == pytest.approx(sum(each) / 3, rel=1e-9)
    alone = world(9e4, usd=0.5, numeraire="EUR")
    assert terms.break_even_price_usd_per_th_s(alone) == pytest.approx(each[1], rel=1e-9)


@pytest.mark.parametrize("dollars", [[0.5, 4.0], [0.5, 1.0, 4.0], [2.0, 2.0]])
def test_break_even_where_a_dollar_is_dear(dollars):
    """The bitcoin price has paths of its own, so that there are several also where the dollar has none."""
    terms = BARE.replace(term_days=2.0, price_usd_per_th_s=5.0)
    price = np.array([[9e4 * (path + 1) for path in range(len(dollars))]] * 4)
    dollar = 2.0 if len({*dollars}) == 1 else np.array([dollars] * 4)
    each = [2 * DAY * 9e4 * (path + 1) / usd for path, usd in enumerate(dollars)]
    euro = world(price, usd=dollar, numeraire="EUR")
    assert terms.break_even_price_usd_per_th_s(euro) == pytest.approx(sum(each) / len(each), rel=1e-9)


def test_break_even_leaves_out_failures_and_needs_a_market():
    gone = np.array([False, True, False, False])
    doomed = BARE.replace(failures=(Failure(event=GONE),))
    assert doomed.break_even_price_usd_per_th_s(world(gone=gone)) == pytest.approx(3 * DAY * 1e5, rel=1e-9)
    word: Any = "market"
    with pytest.raises(InputTypeError, match=r"break_even_price_usd_per_th_s: market: must be Market; write Market\("):
        BARE.break_even_price_usd_per_th_s(word)


# The position by hand, two paths


def opened(terms, *, coins=0.0, money: Any = 600.0, dollar=1.0) -> Any:
    """A position of two paths, its book, and the moments of three days after the opening."""
    series: dict[Factor, Any] = {BTC: np.full((4, 2), 1e5), DIFFICULTY: UNIT_DIFFICULTY, FEES: 0.0, USD: dollar}
    market = Market(GRID, series, "EUR")
    chunk = next(market.chunks())
    now = market.now().at(chunk, -1)
    book = Book(now, "BTC")
    book.receive(book.cash, money)
    book.receive(book.account("BTC"), coins)
    return terms.open(book, now), book, (now.at(chunk, step) for step in range(3))


def test_capital_in_coins_is_sold_for_the_price_and_pays_the_fee():
    position, book, _ = opened(BARE.replace(hashrate_th_s=None, sell_fee=0.25), coins=0.004, money=0.0)
    assert position.capital_shortfall.tolist() == [0.0, 0.0]
    assert book.account("EUR", "prepaid").units.tolist() == pytest.approx([300.0, 300.0])  # 400 less a quarter
    assert book.account("BTC").units.tolist() == [0.0, 0.0]


def test_running_costs_are_told_in_the_money_of_the_market():
    terms = BARE.replace(electricity_usd_per_th_day=0.5, maintenance_usd_per_th_day=0.25, uptime=0.5)
    position, _, moments = opened(terms, dollar=2.0)
    told = position._running_costs.earn(next(moments), np.zeros(2), 3.0)
    assert told == (0.25 + 0.25) * 3.0 * 2.0


def test_there_is_no_bill_of_a_cost_of_0():
    outcome = BARE.run(world(), capital=300.0)
    assert not {Line.ELECTRICITY, Line.MAINTENANCE} & outcome.lines.keys()


def test_capital_may_fall_short_by_a_rounding():
    """A millionth of a millionth of the price, and no more."""
    terms = BARE.replace(hashrate_th_s=2e8, price_usd_per_th_s=5_000.0)
    position, *_ = opened(terms, money=np.array([1e12 - 1.0, 1e12 - 2.0]))
    assert position.capital_shortfall.tolist() == [0.0, 2.0]


def until(position: Any) -> Any:
    """Last day of earning on each path, or None."""
    return None if position.earns_until_day is None else position.earns_until_day.tolist()


def test_who_leaves_earns_until_the_contract_ends():
    position, _, moments = opened(BARE)
    now = next(moments)
    position.step(now)
    position._cut(now, 0.5, np.array([0]))
    assert until(position) is None
    position.exit(now, paths=np.array([0]))
    assert until(position) == [3.0, 0.0]
    now = next(moments)
    position._cut(now, 1.0, np.array([0]))
    assert until(position) == [2.0, 0.0]
    position.exit(now, paths=np.array([1]))
    assert until(position) == [2.0, 3.0]
    position._cut(next(moments), 1.0, None)
    assert until(position) == [2.0, 3.0]


@pytest.mark.parametrize("loss", [0.0, 0.01, 0.3, 1.0])
def test_nothing_stays_prepaid_after_all_has_been_ended_early(loss):
    """Of losses of 1 % and 30 %, what is left after the refund is rounded up."""
    position, book, moments = opened(BARE.replace(early_exit_loss=loss))
    now = next(moments)
    position.exit(now, np.array([1.0, 0.5]))
    assert book.account("EUR", "prepaid").units.tolist() == [0.0, pytest.approx(150.0)]
    assert book.paid_out.units.tolist() == pytest.approx([300.0 * (1.0 - loss), 150.0 * (1.0 - loss)])
    position.exit(now)
    assert book.account("EUR", "prepaid").units.tolist() == [0.0, 0.0]


def test_what_has_ended_moves_no_money():
    position, book, moments = opened(BARE.replace(early_exit_loss=1.0))
    seen: list[Any] = []
    book.observe(lambda _step, line, account, _units, _paths: seen.append((line, account.place)))
    now = next(moments)
    position.exit(now, 0.5)
    assert seen[0] == (Line.CONTRACT, "prepaid")  # nothing is paid back
    position.exit(now)
    seen.clear()
    position.exit(now)
    assert "prepaid" not in {place for _, place in seen}
