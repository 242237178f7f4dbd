"""`Product.run`: the order of a step, the exit, and what is read off the books."""

import warnings

import attrs
import numpy as np
import pytest

from stakingmodels import checks
from stakingmodels.engine.run import run_block
from stakingmodels.errors import InputError, InputTypeError, NumericalError, UnitWarning
from stakingmodels.ledger import Line
from stakingmodels.market import BlockFees, CashRate, Difficulty, Event, Factor, Market, Price, StakingReward, TimeGrid
from stakingmodels.products import CloudMiningContract, Failure, Holding, MiningMachines, Position, Product, StakingPool
from stakingmodels.rates import APR, APY
from tests.oracles import terms, worlds
from tests.oracles.test_by_hand import BY_HAND

ETH, REWARD = Price("ETH"), StakingReward("ETH")
GRID = TimeGrid.daily("2026-01-01", days=3, settlement_days=2)
PRICES = np.random.default_rng(1).lognormal(3.0, 0.3, (6, 40))


def full_market(paths=slice(None), grid=GRID):
    """A market with everything that the products of this room read."""
    prices = PRICES[: grid.n_times, paths]
    events = np.random.default_rng(2).random((6, 40))[: grid.n_times, paths] < 0.2
    return Market(
        grid,
        {
            ETH: prices,
            Price("BTC"): prices * 1000,
            REWARD: APR(0.3),
            Difficulty("BTC"): 1e14,
            BlockFees("BTC"): 0.1,
            Event("x"): events,
            CashRate("USD"): APY(0.04),
        },
    )


PRODUCTS: dict[str, Product] = {
    "hold": Holding(asset="ETH", buy_fee=0.001, sell_fee=0.001),
    "cash": Holding(asset="USD"),
    "pool": StakingPool(unbonding_days=1.5, buffer=0.1, failures=(Failure(Event("x"), 0.1, line="slashing"),)),
    "plain": StakingPool(compounding=False, sell_fee=0.01),
    "mine": CloudMiningContract(term_days=2.0, failures=(Failure(Event("x")),), minimum_payout_btc=0.0),
    "machines": MiningMachines(hosting_usd_per_month=50.0, resale_days=1.5, failures=(Failure(Event("x"), 0.2),)),
    "keep": CloudMiningContract(payout="hold", stop_after_days=1, maintenance_usd_per_th_day=1e-3),
}


def arrays(outcome):
    """Every number of an outcome by a name of its own."""
    found = {
        name: getattr(outcome, name) for name in ("closing", "proceeds", "days_to_cash", "max_drawdown", "cash_growth")
    }
    for table in ("lines", "native", "coins", "units"):
        found |= {(table, key): array for key, array in getattr(outcome, table).items()}
    return found


# Structure


@pytest.mark.parametrize("name", PRODUCTS)
def test_books_close(name):
    outcome = PRODUCTS[name].run(full_market(), capital=1000.0)
    terms = np.array([outcome.opening, *outcome.lines.values()])
    assert (np.abs(outcome.closing - terms.sum(axis=0)) <= 1e-12 * np.abs(terms).sum(axis=0)).all()


@pytest.mark.parametrize("name", PRODUCTS)
def test_a_path_does_not_depend_on_its_neighbours(name):
    together = arrays(PRODUCTS[name].run(full_market(), capital=1000.0))
    for path in (0, 7, 39):
        alone = arrays(PRODUCTS[name].run(full_market(slice(path, path + 1)), capital=1000.0))
        for key, array in together.items():
            assert (alone[key][0] if key in alone else 0.0) == array[path], key


@pytest.mark.parametrize("name", PRODUCTS)
def test_what_other_products_do_is_of_no_concern(name):
    together = arrays(run_block(PRODUCTS, full_market(), 1000.0, "totals")[name])
    alone = arrays(PRODUCTS[name].run(full_market(), capital=1000.0))
    assert {key: array.tobytes() for key, array in together.items()} == {
        key: array.tobytes() for key, array in alone.items()
    }


@pytest.mark.parametrize("name", PRODUCTS)
@pytest.mark.parametrize("keep", ["values", "ledger"])
def test_keeping_more_changes_no_number(name, keep):
    more, less = (PRODUCTS[name].run(full_market(), capital=1000.0, keep=k) for k in (keep, "totals"))
    assert {key: array.tobytes() for key, array in arrays(more).items()} == {
        key: array.tobytes() for key, array in arrays(less).items()
    }
    assert more.values is not None
    assert more.values[-1].tobytes() == more.closing.tobytes()


@pytest.mark.parametrize("name", PRODUCTS)
def test_values_up_to_a_day_do_not_depend_on_later_days(name):
    whole = PRODUCTS[name].run(full_market(), capital=1000.0, keep="values").values
    cut = (
        PRODUCTS[name].run(full_market(grid=TimeGrid.daily("2026-01-01", days=3)), capital=1000.0, keep="values").values
    )
    assert whole is not None
    assert cut is not None
    assert whole[:3].tobytes() == cut[:3].tobytes()


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_host_may_make_numpy_raise(name):
    usual = PRODUCTS[name].run(full_market(), capital=1000.0)
    with np.errstate(all="raise"):
        strict = PRODUCTS[name].run(full_market(), capital=1000.0)
        strict.yields()
        strict.risk()
    assert strict.closing.tobytes() == usual.closing.tobytes()


# Arguments


@pytest.mark.parametrize("market", [None, {ETH: 1.0}, GRID])
def test_the_market_is_a_market(market):
    with pytest.raises(InputTypeError, match=r"^Holding\.run: market: must be Market"):
        Holding(asset="ETH").run(market, capital=1.0)


@pytest.mark.parametrize("keep", ["all", None, "", np.array(["totals", "values"])])
def test_keep_is_one_of_five(keep):
    with pytest.raises(
        (InputError, InputTypeError),
        match=r"^run: keep: must be one of 'summary', 'totals', 'flows', 'values', 'ledger'",
    ):
        Holding(asset="USD").run(Market(GRID, {}), capital=1.0, keep=keep)


def test_capital_is_a_keyword():
    with pytest.raises(TypeError, match="positional"):
        Holding(asset="USD").run(Market(GRID, {}), 1.0)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="capital"):
        Holding(asset="USD").run(Market(GRID, {}))  # type: ignore[call-arg]


# Overflow


@pytest.mark.parametrize("capital", [1.0, 1e15])
def test_overflow_is_an_error_and_no_infinity(capital):
    grid = TimeGrid(np.datetime64("1900-01-01", "s") + np.arange(101) * np.timedelta64(365, "D"))
    with pytest.warns(UserWarning, match="percent"):
        market = Market(grid, {ETH: 1.0, REWARD: APY(1e8)})
    with pytest.raises(NumericalError, match=r"^StakingPool: overflow: the closing value is inf on path 0"):
        StakingPool(commission=0.0).run(market, capital=capital)


def test_the_least_price_and_the_most_capital_fit_a_float():
    market = Market(GRID, {ETH: np.array([[1.0, checks.SMALLEST]])})
    assert Holding(asset="ETH").run(market, capital=1e15).closing == pytest.approx([1e15, 1e15])


def test_a_value_beyond_all_floats_is_an_error_with_its_path():
    prices = np.full((GRID.n_times, 2), 1.0)
    prices[GRID.exit, 1] = 1e300
    with pytest.raises(NumericalError, match=r"^Holding: overflow: .* on path 1"):
        Holding(asset="ETH").run(Market(GRID, {ETH: prices}), capital=1e15)


# Settlement and drawdown


@attrs.frozen
class Late(Product):
    """Leaves some money elsewhere at the exit, and brings it back later or never."""

    back_on: float
    asset: str = "USD"
    factors = frozenset()

    def open(self, book, now):
        del now
        back_on = self.back_on

        class Waiting(Position):
            def step(self, now):
                if now.elapsed_days >= back_on:
                    book.move(book.account("USD", "owed"), book.cash)

            def exit(self, now, share=1.0, how=None, paths=None):
                del now, share, how, paths
                book.move(book.cash, book.account("USD", "owed"), 40.0)

        return Waiting()


@pytest.mark.parametrize(("back_on", "days"), [(4.0, 1.0), (5.0, 2.0), (6.0, np.inf)])
def test_money_is_in_hand_when_all_of_it_is(back_on, days):
    outcome = Late(back_on).run(Market(GRID, {CashRate("USD"): APR(0.365)}), capital=100.0)
    assert outcome.days_to_cash.tolist() == [days]
    assert outcome.settled.tolist() == [days < np.inf]


def test_what_came_back_is_dated_and_then_earns_as_cash():
    outcome = Late(4.0).run(Market(GRID, {CashRate("USD"): APR(0.365)}), capital=100.0)
    back = (100 * 1.001**3 - 40) * 1.001 + 40
    assert outcome.proceeds[0] == pytest.approx(back)
    assert outcome.closing[0] == pytest.approx(back * 1.001)


def test_a_position_takes_no_money_unless_it_says_so():
    class RedemptionHalt(Position):
        def step(self, now):
            del now

        def exit(self, now, share=1.0, how=None, paths=None):
            del now, share, how, paths

    with pytest.raises(InputError, match=r"^RedemptionHalt\.add: this product takes no further money"):
        RedemptionHalt().add(Market(GRID, {}).now(), 1.0)


def test_products_and_positions_have_to_say_what_they_do():
    with pytest.raises(TypeError, match="abstract"):
        Product()  # type: ignore[abstract]
    with pytest.raises(TypeError, match="abstract"):
        Position()  # type: ignore[abstract]


@attrs.frozen
class Loser(Product):
    """Loses a share of everything at the opening, as a fraud does."""

    share: float
    asset: str = "USD"
    factors = frozenset()

    def open(self, book, now):
        del now
        book.post(Line.EXPLOIT, book.cash, book.cash.units * -self.share)

        class Still(Position):
            def step(self, now):
                del now

            def exit(self, now, share=1.0, how=None, paths=None):
                del now, share, how, paths

        return Still()


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_drawdown_counts_from_the_capital(share):
    outcome = Loser(share).run(Market(GRID, {}), capital=100.0)
    assert outcome.max_drawdown.tolist() == [share]
    assert outcome.risk().max_drawdown == share


def test_one_market_serves_several_threads():
    from concurrent.futures import ThreadPoolExecutor

    from stakingmodels import StakingPool

    grid = TimeGrid.daily("2026-01-01", days=200)
    prices = np.exp(np.cumsum(np.random.default_rng(1).normal(0.0, 0.04, (grid.n_times, 4_000)), axis=0))
    market = Market(grid, {ETH: prices, StakingReward("ETH"): APR(0.03)})
    pools = [StakingPool(commission=0.01 * k) for k in range(8)]
    alone = [pool.run(market, capital=100.0).closing.tobytes() for pool in pools]
    with ThreadPoolExecutor(4) as executor:
        together = list(executor.map(lambda pool: pool.run(market, capital=100.0).closing.tobytes(), pools))
    assert together == alone


class Reused:
    """Rows in buffers that hold nonsense as soon as the next chunk is asked for."""

    def __init__(self, rows):
        self._rows = rows
        self.factors = frozenset(rows)

    def rows(self, bounds, filled):
        del filled
        longest = max(stop - start for start, stop in bounds) + 1
        buffers = {factor: np.empty((longest, rows.shape[1])) for factor, rows in self._rows.items()}
        for start, stop in bounds:
            chunk = {}
            for factor, buffer in buffers.items():
                buffer[:] = 1e3
                n = stop - start + (factor.kind == "level")
                buffer[:n] = self._rows[factor][start : start + n]
                chunk[factor] = buffer[:n]
            yield chunk


@pytest.mark.parametrize("name", BY_HAND)
def test_no_product_keeps_a_row_that_it_has_read(name):
    """What is read at the deposit or the exit stays, though the market fills its rows anew."""
    compared = 0
    for seed in range(25):
        random = np.random.default_rng([seed, 23])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UnitWarning)
            product = getattr(terms, name)(random)
            market, paths = worlds.draw(random, product, terms.capital)
        if not market.grid.n_steps > 10:
            continue
        try:
            given = product.run(market, capital=paths[0].capital)
        except InputError as error:
            assert worlds.is_refused(error)  # noqa: PT017
            continue
        rows: dict[Factor, list[np.ndarray]] = {}
        for chunk in market.chunks():
            for factor, found in chunk.rows.items():
                wide = np.broadcast_to(found, (len(found), market.n_paths))
                rows.setdefault(factor, []).append(wide if chunk.start == 0 or factor.kind != "level" else wide[1:])
        rows.pop(Price(market.numeraire), None)
        source = Reused({factor: np.concatenate(parts) for factor, parts in rows.items()})
        hits, money = market.event_hits, market.numeraire
        again = Market.from_sources(market.grid, market.n_paths, [source], event_hits=hits, numeraire=money)
        filled = product.run(again, capital=paths[0].capital)
        for field in ("closing", "coins_net", "days_to_cash", "asset_growth", "earning_years"):
            assert np.array_equal(getattr(filled, field), getattr(given, field), equal_nan=True), (seed, field)
        compared += 1
    assert compared > 5
