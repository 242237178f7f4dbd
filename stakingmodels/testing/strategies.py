"""Hypothesis strategies for grids, rates, paths of prices, markets, scenarios, histories, products and capital.

Needs hypothesis: ``pip install 'stakingmodels[testing]'``.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.errors import InputError
from stakingmodels.market import CashRate, Event, Factor, Market, Price, TimeGrid
from stakingmodels.products import Above, After, AllOf, Below, Drawdown, Falls, Occurs, Product, Rule
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import (
    GBM,
    Constants,
    GeometricBrownianMotion,
    History,
    Joint,
    Merton,
    MertonJumpDiffusion,
    Scenario,
    daily_series,
)
from stakingmodels.testing.drawn_series import STARTS, recorded, series_of, walk_of
from stakingmodels.testing.drawn_terms import (
    CAPITAL,
    ENOUGH,
    can_be_drawn,
    hypothesis_strategies,
    is_felt,
    values,
)
from stakingmodels.testing.markets import typical, unwarned

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

P = TypeVar("P", bound=Product)


def _composite(draw: "Callable[[DrawFn], P | Any]") -> "SearchStrategy[Any]":
    """Strategy from a function that draws."""
    made: SearchStrategy[Any] = hypothesis_strategies().composite(draw)()
    return made


def _asked(where: str, factors: Iterable[Factor], *, without: tuple[Factor, ...] = (Price("USD"),)) -> list[Factor]:
    """Factors that are asked for, in a fixed order."""
    how = '[Price("ETH")]'
    if isinstance(factors, Factor | str) or not isinstance(factors, Iterable):
        checks.refuse_type(f"{where}: factors", "must be a list of factors", factors, how)
    given = {checks.instance(f"{where}: factors", each, Factor, how) for each in factors}
    return sorted(given - {*without}, key=str)


def capitals() -> "SearchStrategy[float]":
    """Capital from 1,000 to 1e9."""
    found: SearchStrategy[float] = hypothesis_strategies().floats(*CAPITAL)
    return found


def rates(*, low: float = 0.0, high: float = 1.0) -> "SearchStrategy[APR | APY]":
    """Annual rates from `low` to `high`, simple (`APR`) or effective (`APY`).

    Parameters
    ----------
    low, high
        Bounds, as fractions: 0.05 is 5 % a year.
    """
    st = hypothesis_strategies()
    least = checks.real("rates: low", low)
    most = checks.real("rates: high", high)
    if not -1.0 < least <= most:
        checks.refuse("rates: low", f"must be above -1 and at most high, {most!r}", low)
    numbers = st.floats(least, most)
    both: SearchStrategy[APR | APY] = st.one_of(numbers.map(APR), numbers.map(APY))
    return both


def time_grids(*, max_steps: int = 16) -> "SearchStrategy[TimeGrid]":
    """Grids of 1 to `max_steps` steps: daily with or without settlement days, and uneven with hours to months."""
    st = hypothesis_strategies()
    most = checks.integer("time_grids: max_steps", max_steps, 1, 10**5)

    def daily(draw: "DrawFn") -> TimeGrid:
        days = draw(st.integers(1, most))
        return TimeGrid.daily("2026-01-01", days=days, settlement_days=draw(st.integers(0, most - days)))

    def uneven(draw: "DrawFn") -> TimeGrid:
        hours = draw(st.lists(st.sampled_from((1, 6, 24, 100, 168, 2_000)), min_size=1, max_size=most))
        times = np.datetime64("2026-01-01", "s") + np.cumsum([0, *hours]) * np.timedelta64(3_600, "s")
        return TimeGrid(times, draw(st.integers(1, len(hours))))

    both: SearchStrategy[TimeGrid] = st.one_of(_composite(daily), _composite(uneven))
    return both


def price_paths(n_times: int, *, max_paths: int = 4) -> "SearchStrategy[FloatArray]":
    """Paths of a price, ``(n_times, n_paths)``: walks that may stand still, jump a millionfold, and fall to 0.

    Parameters
    ----------
    n_times
        Rows, such as ``grid.n_times``.
    max_paths
        Most paths.
    """
    st = hypothesis_strategies()
    rows = checks.integer("price_paths: n_times", n_times, 1, 10**6)
    most = checks.integer("price_paths: max_paths", max_paths, 1, 10**6)

    def draw_paths(draw: "DrawFn") -> FloatArray:
        paths: FloatArray = walk_of(draw, Price("ETH"), (rows, draw(st.integers(1, most))))
        return paths

    return _composite(draw_paths)


def markets(
    factors: Iterable[Factor],
    *,
    grid: "SearchStrategy[TimeGrid] | None" = None,
    max_paths: int = 4,
    cash: bool = True,
) -> "SearchStrategy[Market]":
    """Markets with some factors, in every shape that `Market` takes.

    Levels walk, jump by up to a million either way, and fall to 0 where that is legal; rates are `APR` or `APY` between
    0 and 100 % a year; events occur a few times.

    Parameters
    ----------
    factors
        Factors of the market, such as ``product.factors``; the numeraire's price is left out.
    grid
        Strategy of the grids; None for `time_grids`.
    max_paths
        Most paths of a market.
    cash
        Whether cash may earn interest.
    """
    st = hypothesis_strategies()
    asked = _asked("markets", factors, without=(Price("USD"), CashRate("USD")))
    most = checks.integer("markets: max_paths", max_paths, 1, 10**6)
    if grid is not None:
        checks.instance("markets: grid", grid, st.SearchStrategy, "time_grids()")

    def draw_market(draw: "DrawFn") -> Market:
        times = draw(time_grids() if grid is None else grid)
        n_paths = draw(st.integers(1, most))
        series: dict[Factor, SeriesLike | APR | APY] = {
            factor: series_of(draw, factor, times.n_times, n_paths) for factor in asked
        }
        if cash and draw(st.booleans()):
            series[CashRate("USD")] = series_of(draw, CashRate("USD"), times.n_times, n_paths)
        return unwarned(times, series)

    return _composite(draw_market)


def scenarios(factors: Iterable[Factor] = (Price("ETH"),)) -> "SearchStrategy[Scenario]":
    """Scenarios of some factors: prices stand still, diffuse, or jump, alike correlated; all else is constant.

    Parameters
    ----------
    factors
        Factors that it gives, such as ``product.factors``; the numeraire's price is left out. Events have a hazard.
    """
    st = hypothesis_strategies()
    asked = _asked("scenarios", factors)
    if not asked:
        checks.refuse("scenarios: factors", "must have one beside the numeraire's price", factors)
    prices = [factor for factor in asked if isinstance(factor, Price)]

    def draw_scenario(draw: "DrawFn") -> Scenario:
        kind = draw(st.sampled_from(("still", "diffuse", "jump") if prices else ("still",)))
        moving = [] if kind == "still" else prices
        still: dict[Factor, object] = {f: _constant(draw, f) for f in asked if f not in moving}
        parts: list[Scenario] = [_moving(draw, kind, moving)] if moving else []
        parts += [Constants(still)] if still else []
        return parts[0] if len(parts) == 1 else Joint(parts)

    return _composite(draw_scenario)


def _constant(draw: "DrawFn", factor: Factor) -> object:
    """A value of a factor, and the hazard of an event."""
    st = hypothesis_strategies()
    if isinstance(factor, Event):
        return draw(st.sampled_from((0.0, 0.02, 1.0)))
    if factor.is_rate:
        return draw(rates(high=0.3))
    return float(draw(st.integers(1, 10_000))) if isinstance(factor, Price) else typical(factor)


def _moving(draw: "DrawFn", kind: str, prices: list[Price]) -> Scenario:
    """Prices that diffuse, or jump, with one correlation."""
    st = hypothesis_strategies()
    alike = draw(st.sampled_from((0.0, 0.8))) if len(prices) > 1 else 0.0
    correlation: dict[tuple[Factor, Factor], float]
    correlation = {(a, b): alike for i, a in enumerate(prices) for b in prices[i + 1 :] if alike}
    opening = st.integers(1, 10_000).map(float)
    volatility = st.sampled_from((0.5, 0.01, 2.0))
    if kind == "diffuse":
        levels = {price: GBM(draw(opening), volatility=draw(volatility)) for price in prices}
        return GeometricBrownianMotion(levels, correlation=correlation)
    jumps = {"jump_intensity": 12.0, "log_jump_mean": -0.05, "log_jump_volatility": 0.1}
    return MertonJumpDiffusion(
        {price: Merton(draw(opening), volatility=draw(volatility), **jumps) for price in prices},
        correlation=correlation,
    )


def histories(factors: Iterable[Factor] = (Price("ETH"),), *, max_days: int = 60) -> "SearchStrategy[History]":
    """Recorded daily series of some factors over 5 to `max_days` days, still, calm or wild, without gaps.

    Parameters
    ----------
    factors
        Prices, ratios and rates; events have no daily series.
    max_days
        Most days of the record, from 5.
    """
    st = hypothesis_strategies()
    most = checks.integer("histories: max_days", max_days, 5, 10**5)
    asked = _asked("histories", factors)
    for factor in asked:
        if isinstance(factor, Event):
            checks.refuse("histories: factors", "must have daily values, which an event has not", factor)

    def draw_history(draw: "DrawFn") -> History:
        days = np.datetime64("2025-01-01") + np.arange(draw(st.integers(5, most)))
        return History({f: daily_series(days, recorded(draw, f, days.size), name=str(f)) for f in asked})

    return _composite(draw_history)


def rules(factors: Iterable[Factor], *, max_rules: int = 3) -> "SearchStrategy[Rule]":
    """Rules on some factors and on days, alone or combined with ``|`` and ``&``.

    Parameters
    ----------
    factors
        Factors that rules may read: levels, rates, quantities and events.
    max_rules
        Most rules of a combination.
    """
    st = hypothesis_strategies()
    days = st.sampled_from((0.5, 1.0, 3.0, 90.0, "2026-01-04", "2026-06-01"))
    single = st.one_of(days.map(After), *(_of_factor(factor) for factor in _asked("rules", factors, without=())))

    def draw_rule(draw: "DrawFn") -> Rule:
        parts = draw(st.lists(single, min_size=1, max_size=max_rules))
        found: Rule = parts[0]
        for part in parts[1:]:
            both = draw(st.booleans()) and not (found.excludes(part) or part.excludes(found))
            found = found & part if both and not isinstance(found, AllOf) else found | part
        return found

    return _composite(draw_rule)


def _of_factor(factor: Factor) -> "SearchStrategy[Rule]":
    """Rules on one factor, with levels near those that `markets` draw."""
    st = hypothesis_strategies()

    def draw_rule(draw: "DrawFn") -> Rule:
        if isinstance(factor, Event):
            return Occurs(factor)
        if factor.kind == "level" and factor.minimum >= 0.0 and draw(st.booleans()):
            falls: type[Falls | Drawdown] = draw(st.sampled_from((Falls, Drawdown)))
            return falls(factor, draw(st.floats(0.01, 0.99)))
        side: type[Below | Above] = draw(st.sampled_from((Below, Above)))
        low, high = STARTS.get(type(factor).__name__, (0.1, 10.0))
        return side(factor, APR(draw(st.floats(0.0, 0.5))) if factor.is_rate else draw(st.floats(max(low, 0.01), high)))

    return _composite(draw_rule)


def products(kind: type[P], **fixed: object) -> "SearchStrategy[P]":
    """Products of a class with any terms, drawn from the rules in `terms.of`.

    Numbers are between their bounds, mostly in their usual range; waits are numbers or the chain's queue; events are
    present or absent; and a term that needs another is drawn only where it has an effect. A term known only to its own
    check keeps its default.

    Parameters
    ----------
    kind
        One of the library's products, or another class made by `terms.sheet`.
    **fixed
        Terms that are not drawn, by name.

    Raises
    ------
    InputError
        For a class with a required term without known rules, and for a name that is no term.
    """
    known = terms.of(kind)
    for name in fixed:
        if name not in known:
            checks.refuse_name("products: name of a term", name, known)
    defaults = {field.alias: field.default for field in attrs.fields(kind) if field.init}
    for name, default in defaults.items():
        if default is attrs.NOTHING and name not in fixed and not (name in known and can_be_drawn(known[name])):
            checks.refuse(
                f"products: {kind.__name__}.{name}", "must be given, as it cannot be drawn", None, f"{name}=..."
            )

    def draw_product(draw: "DrawFn") -> P:
        given = dict(fixed)
        for name, term in known.items():
            if name not in given and can_be_drawn(term) and is_felt(term, given):
                given[name] = draw(values(name, term, given.get("asset")))
        try:
            return kind(**given)
        except InputError:  # each term keeps its rule, but two of them contradict each other
            return reject()

    hypothesis_strategies()
    from hypothesis import reject

    return _composite(draw_product)


def cases(
    kind: type[P], *, grid: "SearchStrategy[TimeGrid] | None" = None, max_paths: int = 4, **fixed: object
) -> "SearchStrategy[tuple[P, Market, float]]":
    """A product of a class, a market with its factors, and capital that opens it on some path.

    Parameters
    ----------
    kind, **fixed
        As in `products`.
    grid, max_paths
        As in `markets`.
    """
    drawn = products(kind, **fixed)
    from hypothesis import assume

    def draw_case(draw: "DrawFn") -> tuple[P, Market, float]:
        product = draw(drawn)
        market = draw(markets(product.factors, grid=grid, max_paths=max_paths))
        capital = draw(capitals())
        if not _opens(product, market, capital):  # whole validators, at a price that has jumped a million times
            capital = ENOUGH
            assume(_opens(product, market, capital))
        return product, market, capital

    return _composite(draw_case)


def _opens(product: Product, market: Market, capital: float) -> bool:
    try:
        product.run(market, capital=capital, keep="summary")
    except InputError:
        return False
    return True
