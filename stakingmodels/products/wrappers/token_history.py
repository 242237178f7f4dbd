"""`token_history`: tokens held and coins behind each over time, of a run of a liquid token."""

from typing import Any

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.capital import CapitalLike
from stakingmodels.ledger import Book
from stakingmodels.market import Market, Now, TimeGrid
from stakingmodels.products.base import Product
from stakingmodels.products.wrappers.base import Wrapper, WrapperPosition
from stakingmodels.series import frozen
from stakingmodels.terms import sheet

_MOST_CELLS = 2**27  # times x paths: 2 GiB for both arrays


@attrs.frozen(eq=False, kw_only=True)
class TokenHistory:
    """Tokens held and the exchange rate of a liquid token at every time of a run; arrays are read-only.

    Attributes
    ----------
    grid
        The times.
    tokens
        Tokens held, ``(n_times, n_paths)``: one per coin of a rebasing token, whose number grows with rewards, and
        shares of an accruing one. Tokens that are sold, handed in for redemption, or ended by a wind-up are no longer
        held.
    coins_per_token
        Coins behind one token, ``(n_times, n_paths)``: always 1 if rebasing. Once nothing is held it means nothing.
    """

    grid: TimeGrid
    tokens: FloatArray
    coins_per_token: FloatArray

    @property
    def coins(self) -> FloatArray:
        """Coins behind all tokens held, ``(n_times, n_paths)``."""
        return frozen(self.tokens * self.coins_per_token)


def token_history(product: Product, market: Market, *, capital: CapitalLike) -> TokenHistory:
    """Run a liquid token through a market, and note tokens held and coins per token at every time.

    Holds two numbers per time and path, which no other run does.

    Parameters
    ----------
    product
        A product whose position counts tokens, such as `LiquidStakingToken`.
    market, capital
        Market and capital, as in `Product.run`. A scenario's `market` makes one that is drawn.

    Raises
    ------
    InputError
        For a product without tokens, and for more than 134,217,728 times and paths.

    Examples
    --------
    >>> from stakingmodels import APR, LiquidStakingToken, Market, MarketRatio, Price, StakingReward, TimeGrid
    >>> from stakingmodels.products import token_history
    >>> series = {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0365), MarketRatio("stETH"): 1.0}
    >>> market = Market(TimeGrid.daily("2026-01-01", days=10), series)
    >>> held = token_history(LiquidStakingToken(protocol_fee=0.1), market, capital=30_000.0)
    >>> held.tokens[:3, 0].round(6).tolist()
    [10.0, 10.0009, 10.0018]
    """
    checks.instance("token_history: product", product, Product, "LiquidStakingToken()")
    checks.instance("token_history: market", market, Market, 'Market(grid, {Price("ETH"): 3000.0})')
    if market.grid.n_times * market.n_paths > _MOST_CELLS:
        rule = f"must have at most {_MOST_CELLS:,} times and paths"
        checks.refuse("token_history: market", rule, market.grid.n_times * market.n_paths, "fewer paths")
    watched = _Watched(product, n_times=market.grid.n_times)
    n_paths = watched.run(market, capital=capital).n_paths
    tokens, rates = (
        frozen(np.concatenate([_to_the_end(part) for part in parts], axis=1)[:, :n_paths])
        for parts in zip(*watched.notes, strict=True)
    )
    return TokenHistory(grid=market.grid, tokens=tokens, coins_per_token=rates)


def _to_the_end(noted: FloatArray) -> FloatArray:
    """Fill the rows after the last that was noted: a position that has paid out all is not asked any more."""
    seen = int(np.isfinite(noted[:, 0]).sum())
    noted[seen:] = noted[seen - 1]
    return noted


@sheet
class _Watched(Wrapper):
    """A product whose position is noted; a pair of arrays for each block of paths."""

    n_times: int = attrs.field(kw_only=True)
    notes: list[tuple[FloatArray, FloatArray]] = attrs.field(factory=list, init=False, eq=False, repr=False)

    def open(self, book: Book, now: Now) -> "_WatchedPosition":
        """Open the product."""
        return _WatchedPosition(self, book, now)


class _WatchedPosition(WrapperPosition):
    """Position that notes tokens and rate of the one held after each of its calls."""

    def __init__(self, terms: _Watched, book: Book, now: Now) -> None:
        super().__init__(terms, book, now)
        self._held: Any = self.held
        if not (hasattr(self._held, "tokens") and hasattr(self._held, "rate")):
            rule = "must be a product whose position counts tokens"
            checks.refuse("token_history: product", rule, terms.product, "LiquidStakingToken()")
        shape = terms.n_times, now.n_paths
        self._notes = np.full(shape, np.nan), np.full(shape, np.nan)
        terms.notes.append(self._notes)
        self._note(0)

    def _note(self, time: int) -> None:
        for noted, found in zip(self._notes, (self._held.tokens, self._held.rate), strict=True):
            noted[time] = found

    def step(self, now: Now) -> None:
        """Step, and note."""
        self.held.step(now)
        self._note(now.step + 1)

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Leave, and note."""
        super().exit(now, share, how, paths)
        self._note(now.step + 1)
