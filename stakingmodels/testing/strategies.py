"""Hypothesis strategies for grids, markets, terms and capital.

Needs hypothesis: ``pip install 'stakingmodels[testing]'``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, SeriesLike
from stakingmodels.errors import InputError
from stakingmodels.market import CashRate, EntryWait, Event, ExitWait, Factor, Market, Price, TimeGrid
from stakingmodels.products import Above, After, AllOf, Below, Drawdown, Falls, Occurs, Product, Rule
from stakingmodels.rates import APR, APY
from stakingmodels.testing.drawn_terms import (
    CAPITAL,
    ENOUGH,
    amounts,
    can_be_drawn,
    hypothesis_strategies,
    is_felt,
    values,
)
from stakingmodels.testing.markets import unwarned

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

P = TypeVar("P", bound=Product)

_STARTS: Mapping[str, tuple[float, float]] = {
    "Price": (1e-2, 1e5),
    "MarketRatio": (0.5, 1.5),
    "EntryWait": (0.0, 75.0),
    "ExitWait": (0.0, 50.0),
    "Difficulty": (1e12, 1e15),
    "Hashrate": (1e6, 1e10),
    "BlockFees": (1e-3, 5.0),
}
_JUMPS = (0.0, 1e-6, 0.5, 1.0, 2.0, 1e6)


def _composite(draw: "Callable[[DrawFn], P | Any]") -> "SearchStrategy[Any]":
    """Strategy from a function that draws."""
    made: SearchStrategy[Any] = hypothesis_strategies().composite(draw)()
    return made


def capitals() -> "SearchStrategy[float]":
    """Capital from 1,000 to 1e9."""
    found: SearchStrategy[float] = hypothesis_strategies().floats(*CAPITAL)
    return found


def grids(*, max_steps: int = 16) -> "SearchStrategy[TimeGrid]":
    """Grids of 1 to `max_steps` steps: daily with or without settlement days, and uneven with hours to months."""
    st = hypothesis_strategies()

    def daily(draw: "DrawFn") -> TimeGrid:
        days = draw(st.integers(1, max_steps))
        return TimeGrid.daily("2026-01-01", days=days, settlement_days=draw(st.integers(0, max_steps - days)))

    def uneven(draw: "DrawFn") -> TimeGrid:
        hours = draw(st.lists(st.sampled_from((1, 6, 24, 100, 168, 2_000)), min_size=1, max_size=max_steps))
        times = np.datetime64("2026-01-01", "s") + np.cumsum([0, *hours]) * np.timedelta64(3_600, "s")
        return TimeGrid(times, draw(st.integers(1, len(hours))))

    both: SearchStrategy[TimeGrid] = st.one_of(_composite(daily), _composite(uneven))
    return both


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
        Strategy of the grids; None for `grids`.
    max_paths
        Most paths of a market.
    cash
        Whether cash may earn interest.
    """
    st = hypothesis_strategies()
    asked = sorted({*factors} - {Price("USD"), CashRate("USD")}, key=str)

    def draw_market(draw: "DrawFn") -> Market:
        times = draw(grids() if grid is None else grid)
        n_paths = draw(st.integers(1, max_paths))
        series: dict[Factor, SeriesLike | APR | APY] = {
            factor: _series(draw, factor, times.n_times, n_paths) for factor in asked
        }
        if cash and draw(st.booleans()):
            series[CashRate("USD")] = _series(draw, CashRate("USD"), times.n_times, n_paths)
        return unwarned(times, series)

    return _composite(draw_market)


def _series(draw: "DrawFn", factor: Factor, n_times: int, n_paths: int) -> SeriesLike | APR | APY:
    """One series: its shape, a start, a walk from a drawn seed, and a few drawn jumps."""
    st = hypothesis_strategies()
    shapes = [(), (n_times,), (n_times, n_paths)] + ([(1, n_paths)] if n_paths > 1 else [])
    shape = draw(st.sampled_from(shapes))
    if isinstance(factor, Event):
        return _strikes(draw, shape)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if factor.is_rate:
        rates = draw(amounts(1.0)) * random.random(shape)
        kind: type[APR | APY] = draw(st.sampled_from((APR, APY)))
        return kind(rates if shape else float(rates))
    start = draw(st.floats(*_STARTS.get(type(factor).__name__, (0.1, 10.0))))
    walk = start * np.exp(draw(st.sampled_from((0.0, 0.01, 0.5))) * np.cumsum(random.standard_normal(shape), axis=0))
    return _jumped(draw, factor, walk) if shape else float(walk[0])


def _strikes(draw: "DrawFn", shape: tuple[int, ...]) -> SeriesLike:
    """Series of an event that occurs in up to three steps, or never."""
    st = hypothesis_strategies()
    strikes = np.zeros(shape, dtype=np.bool_)
    if not shape:
        return False
    for cell in draw(st.lists(st.integers(0, strikes.size - 1), max_size=3)):
        strikes.flat[cell] = True
    return strikes


def _jumped(draw: "DrawFn", factor: Factor, walk: FloatArray) -> FloatArray:
    """A walk with up to two drawn cells and all after one drawn row multiplied.

    Queues are no longer than any on record, above which a market warns.
    """
    st = hypothesis_strategies()
    is_wait = isinstance(factor, EntryWait | ExitWait)
    jumps = [jump for jump in _JUMPS if (jump > 0.0 or factor.zero_allowed) and (jump <= 1.0 or not is_wait)]
    for cell, jump in draw(st.lists(st.tuples(st.integers(0, walk.size - 1), st.sampled_from(jumps)), max_size=2)):
        walk.flat[cell] *= jump
    walk[draw(st.integers(0, len(walk))) :] *= draw(st.sampled_from(jumps))
    return walk


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
    single = st.one_of(days.map(After), *(_of_factor(factor) for factor in sorted(factors, key=str)))

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
        low, high = _STARTS.get(type(factor).__name__, (0.1, 10.0))
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
        return kind(**given)

    hypothesis_strategies()
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
