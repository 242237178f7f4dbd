"""`CoinHeld`: money at the end of a run where a coin was just held, for each coin of a comparison."""

import math
from collections.abc import Sequence

import attrs
import numpy as np

from stakingmodels.analysis.row import SEVERAL, ComparisonRow
from stakingmodels.engine import Results
from stakingmodels.ledger import Outcome
from stakingmodels.measures import Distribution
from stakingmodels.words import Note


@attrs.frozen(eq=False, kw_only=True)
class CoinHeld:
    """A coin bought at the opening, free of cost, and sold at the exit, then cash.

    Attributes
    ----------
    coin
        The coin; for a product of several, words that say whose mix it is.
    opening_price
        Its price at the opening; NaN where that differs from path to path, and for a mix.
    low, middle, high
        Money at the end: 5 % of the paths end with less than `low`, half with less than `middle`, 5 % with more than
        `high`.
    """

    coin: str
    opening_price: float
    low: float
    middle: float
    high: float


def held_coins(rows: Sequence[ComparisonRow], results: Results) -> tuple[CoinHeld, ...]:
    """One for each coin that some row has, and for the mix of each product of several; none for money itself."""
    numeraire = results.scenario.numeraire
    found: dict[str, Outcome] = {}
    for row in rows:
        if row.coin == SEVERAL:
            found[Note("answer.mix", product=row.product)] = results[row.product]
        elif row.coin != numeraire and row.coin not in found:
            found[row.coin] = _that_exits_together(row.coin, results)
    return tuple(_held(coin, outcome) for coin, outcome in found.items())


def _that_exits_together(coin: str, results: Results) -> Outcome:
    """An outcome in a coin whose holder asks to leave at the exit on all paths; the first of them otherwise."""
    of_coin = [outcome for outcome in results.values() if outcome.asset == coin]
    held = float(results.grid.elapsed_days[results.grid.exit])
    together = (outcome for outcome in of_coin if bool((outcome.day_asked == held).all()))
    return next(together, of_coin[0])


def _held(coin: str, outcome: Outcome) -> CoinHeld:
    ends = Distribution(outcome.capital * outcome.asset_growth_at_exit)
    first = outcome.opening_price
    is_one = outcome.asset is not None and bool(np.ptp(first) <= 1e-12 * np.max(np.abs(first)))
    return CoinHeld(
        coin=coin,
        opening_price=float(first[0]) if is_one else math.nan,
        low=ends.lower_end(0.05),
        middle=ends.median(),
        high=ends.quantile(0.95),
    )
