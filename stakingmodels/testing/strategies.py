"""Hypothesis strategies for grids, markets, terms and capital.

Needs hypothesis: ``pip install 'stakingmodels[testing]'``.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.errors import MissingExtraError
from stakingmodels.market import CashRate, Event, Factor, Market, Price, TimeGrid
from stakingmodels.products import CloudMiningContract, Holding, Product, StakingPool
from stakingmodels.rates import APR, APY
from stakingmodels.testing.markets import unwarned

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

P = TypeVar("P", bound=Product)

CAPITAL = (1_000.0, 1e9)
"""What `capitals` draws from; every contract that `terms` draws can be paid with the least of it."""
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
_LEAST = 1e-9  # above 0: less underflows when it is multiplied a few times, and then nothing scales
_SLASHING = Event("slashing:drawn")
_PROVIDER = Event("provider:drawn")


def _hypothesis() -> Any:
    """The strategies of hypothesis, or how to get them."""
    try:
        from hypothesis import strategies
    except ImportError as error:
        raise MissingExtraError("hypothesis is not installed: pip install 'stakingmodels[testing]'") from error
    return strategies


def _composite(draw: "Callable[[DrawFn], P | Any]") -> "SearchStrategy[Any]":
    """A strategy from a function that draws."""
    made: SearchStrategy[Any] = _hypothesis().composite(draw)()
    return made


def capitals() -> "SearchStrategy[float]":
    """Money from 1,000 to 1e9."""
    found: SearchStrategy[float] = _hypothesis().floats(*CAPITAL)
    return found


def grids(*, max_steps: int = 16) -> "SearchStrategy[TimeGrid]":
    """Grids of 1 to `max_steps` steps: daily ones with or without a tail, and uneven ones of hours to months."""
    st = _hypothesis()

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
    """Markets that give some factors, in every shape that `Market` takes.

    Levels walk, jump by up to a million either way, and fall to 0 where that is legal; rates are `APR` or `APY`
    between 0 and 100 % a year; events strike a few times.

    Parameters
    ----------
    factors
        What the market must give, such as ``product.factors``; the numeraire's price is left out.
    grid
        Strategy of the grids; None for `grids`.
    max_paths
        Most paths of a market.
    cash
        Whether cash may earn interest.
    """
    st = _hypothesis()
    asked = sorted({*factors} - {Price("USD"), CashRate("USD")}, key=str)

    def draw_market(draw: "DrawFn") -> Market:
        times = draw(grids() if grid is None else grid)
        n_paths = draw(st.integers(1, max_paths))
        series = {factor: _series(draw, factor, times.n_times, n_paths) for factor in asked}
        if cash and draw(st.booleans()):
            series[CashRate("USD")] = _series(draw, CashRate("USD"), times.n_times, n_paths)
        return unwarned(times, series)

    return _composite(draw_market)


def _series(draw: "DrawFn", factor: Factor, n_times: int, n_paths: int) -> object:
    """One series: its shape, a start, a walk from a drawn seed, and a few drawn jumps."""
    st = _hypothesis()
    shapes = [(), (n_times,), (n_times, n_paths)] + ([(1, n_paths)] if n_paths > 1 else [])
    shape = draw(st.sampled_from(shapes))
    if isinstance(factor, Event):
        return _strikes(draw, shape)
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    if factor.is_rate:
        rates = draw(_amounts(1.0)) * random.random(shape)
        kind: type[APR | APY] = draw(st.sampled_from((APR, APY)))
        return kind(rates if shape else float(rates))
    start = draw(st.floats(*_STARTS.get(type(factor).__name__, (0.1, 10.0))))
    walk = start * np.exp(draw(st.sampled_from((0.0, 0.01, 0.5))) * np.cumsum(random.standard_normal(shape), axis=0))
    return _jumped(draw, factor, walk) if shape else float(walk[0])


def _strikes(draw: "DrawFn", shape: tuple[int, ...]) -> object:
    """An event that strikes in up to three steps, or never."""
    st = _hypothesis()
    strikes = np.zeros(shape, dtype=np.bool_)
    if not shape:
        return False
    for cell in draw(st.lists(st.integers(0, strikes.size - 1), max_size=3)):
        strikes.flat[cell] = True
    return strikes


def _jumped(draw: "DrawFn", factor: Factor, walk: FloatArray) -> FloatArray:
    """A walk with up to two drawn cells and all after one drawn row multiplied."""
    st = _hypothesis()
    jumps = [jump for jump in _JUMPS if jump > 0.0 or factor.zero_allowed]
    for cell, jump in draw(st.lists(st.tuples(st.integers(0, walk.size - 1), st.sampled_from(jumps)), max_size=2)):
        walk.flat[cell] *= jump
    walk[draw(st.integers(0, len(walk))) :] *= draw(st.sampled_from(jumps))
    return walk


def terms(kind: type[P]) -> "SearchStrategy[P]":
    """Terms of `Holding`, `StakingPool` or `CloudMiningContract`, every field within its bounds.

    Raises
    ------
    InputError
        For other products: ``hypothesis.strategies.builds(MyProduct, ...)`` makes theirs.
    """
    makers: Mapping[type[Product], Callable[[], SearchStrategy[Any]]] = {
        Holding: _holdings,
        StakingPool: _pools,
        CloudMiningContract: _contracts,
    }
    if kind not in makers:
        known = ", ".join(each.__name__ for each in makers)
        checks.refuse("terms: kind", f"must be one of {known}", kind, "hypothesis.strategies.builds(...) makes others")
    made: SearchStrategy[P] = makers[kind]()  # type: ignore[type-var,unused-ignore]
    return made


def _fractions(usual: float = 1.0) -> "SearchStrategy[float]":
    """Fractions up to a usual one, often 0 or 1."""
    st = _hypothesis()
    found: SearchStrategy[float] = st.one_of(st.sampled_from((0.0, 1.0)), st.floats(_LEAST, usual))
    return found


def _amounts(most: float) -> "SearchStrategy[float]":
    """Numbers up to the most, often 0."""
    st = _hypothesis()
    found: SearchStrategy[float] = st.one_of(st.just(0.0), st.floats(_LEAST, most))
    return found


def _holdings() -> "SearchStrategy[Holding]":
    st = _hypothesis()
    assets = st.sampled_from(("ETH", "BTC", "USD"))
    found: SearchStrategy[Holding] = st.builds(
        Holding, asset=assets, buy_fee=_fractions(0.05), sell_fee=_fractions(0.05)
    )
    return found


def _pools() -> "SearchStrategy[StakingPool]":
    st = _hypothesis()
    found: SearchStrategy[StakingPool] = st.builds(
        StakingPool,
        commission=_fractions(),
        buffer=_fractions(),
        compounding=st.booleans(),
        entry_days=st.sampled_from((0.0, 0.5, 3.0)),
        unbonding_days=st.sampled_from((0.0, 0.5, 2.0, 7.25, 1_000.0)),
        earns_while_unbonding=st.booleans(),
        withdrawal_days=st.sampled_from((0.0, 1.5)),
        buy_fee=_fractions(0.05),
        sell_fee=_fractions(0.05),
    )
    slashed: SearchStrategy[StakingPool] = st.builds(
        attrs.evolve, found, slashing=st.just(_SLASHING), slashing_severity=st.floats(_LEAST, 1.0)
    )
    either: SearchStrategy[StakingPool] = st.one_of(found, slashed)
    return either


def _contracts() -> "SearchStrategy[CloudMiningContract]":
    st = _hypothesis()
    found: SearchStrategy[CloudMiningContract] = st.builds(
        CloudMiningContract,
        hashrate_th_s=st.one_of(st.none(), st.floats(0.1, 50.0)),
        price_usd_per_th_s=st.floats(0.5, 20.0),
        term_days=st.sampled_from((0.5, 3.0, 10.0, 360.0)),
        early_exit_loss=st.one_of(st.none(), _fractions()),
        pool_fee=_fractions(),
        electricity_usd_per_th_day=_amounts(0.5),
        maintenance_usd_per_th_day=_amounts(0.5),
        uptime=_fractions(),
        minimum_payout_btc=_amounts(0.1),
        stop_after_days=st.one_of(st.none(), st.integers(1, 10)),
        payout=st.sampled_from(("sell", "hold")),
        sell_fee=_fractions(0.05),
        provider=st.sampled_from((None, _PROVIDER)),
    )
    return found
