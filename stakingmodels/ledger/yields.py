"""`Yields`: the rates of return of an outcome, in coins and in money."""

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.ledger.lines import Group, Line
from stakingmodels.ledger.outcome import Outcome
from stakingmodels.measures import annualised, irr, real_yield
from stakingmodels.rates import DAYS_PER_YEAR

_APART_DAYS = 1e-6
_NOT_NET = frozenset({Line.PRICE, Line.CONTRIBUTION})


@attrs.frozen(eq=False, kw_only=True)
class Yields:
    """Rates of return per path, ``(n_paths,)`` each, as fractions.

    Attributes
    ----------
    gross_apr, gross_apy
        Rewards in the product's own coin over the coins that the capital bought at the opening price, a year of the
        time held: simple, and effective.
    net_apr, net_apy
        The same after fees, costs and losses; what was paid in money counts in coins at the price of its day.
    real_apy
        ``net_apy`` after the growth of the coin's supply: ``(1 + net) / (1 + growth) - 1``.
    total_return
        Profit in money over capital and contributions, from the opening to the grid's end.
    annualised
        ``(1 + total_return) ** (1 / years) - 1``, over the grid's whole length, the same for every path and product.
    irr
        Effective annual internal rate of return of the dated flows: the capital at the opening, contributions at
        their mean day, and what came back on the day it was in hand. NaN where no rate solves it.
    over_holding, over_cash
        ``total_return`` less that of holding the product's own coin free of cost, and less that of cash.
    """

    gross_apr: FloatArray
    gross_apy: FloatArray
    net_apr: FloatArray
    net_apy: FloatArray
    real_apy: FloatArray
    total_return: FloatArray
    annualised: FloatArray
    irr: FloatArray
    over_holding: FloatArray
    over_cash: FloatArray


def coin_return(outcome: Outcome, *, gross: bool) -> FloatArray:
    """Return in the product's own coin over the time held: rewards only (gross), or all that was booked (net)."""
    total = np.zeros(outcome.n_paths)
    for (line, asset), amount in outcome.native.items():
        if asset == outcome.asset and _counts(line, gross=gross):
            total += amount
    for line, amount in outcome.coins.items():
        if _counts(line, gross=gross):
            total += amount
    return total * outcome.opening_price / outcome.capital


def _counts(line: Line, *, gross: bool) -> bool:
    return line.group is Group.REWARD if gross else line not in _NOT_NET


def yields_of(outcome: Outcome, *, supply_growth: float = 0.0) -> Yields:
    """Read the yields off an outcome. See `Outcome.yields`."""
    growth = checks.real("Outcome.yields: supply_growth", supply_growth)
    if growth <= -1.0:
        checks.refuse("Outcome.yields: supply_growth", "must be above -1 (0.01 means 1 % a year)", supply_growth)
    held = outcome.grid.years_held
    gross, net = coin_return(outcome, gross=True), coin_return(outcome, gross=False)
    net_apy = _annual(net, held)
    total = outcome.profit / outcome.invested
    return Yields(
        gross_apr=gross / held,
        gross_apy=_annual(gross, held),
        net_apr=net / held,
        net_apy=net_apy,
        real_apy=np.asarray(real_yield(net_apy, growth)),
        total_return=total,
        annualised=_annual(total, outcome.grid.years),
        irr=_irr(outcome),
        over_holding=total - (outcome.asset_growth - 1.0),
        over_cash=total - (outcome.cash_growth - 1.0),
    )


def _annual(total: FloatArray, years: float) -> FloatArray:
    """The effective annual rate; a loss of more than all (costs beyond the capital) counts as -100 %."""
    return np.asarray(annualised(np.maximum(total, -1.0), years))


def _irr(outcome: Outcome) -> FloatArray:
    """IRR of three dated flows per path, with the day of each in years."""
    n, days = outcome.n_paths, outcome.grid.days
    paid_in = outcome.contributions
    exit_day, last_day = float(days[outcome.grid.exit]), float(days[-1])
    back = np.where(outcome.settled, exit_day + np.where(outcome.settled, outcome.days_to_cash, 0.0), last_day)
    mean_day = np.divide(outcome.contribution_days, paid_in, out=0.5 * back, where=paid_in > 0.0)
    flows = np.stack([np.full(n, -outcome.capital), -paid_in, outcome.returned])
    # the three dates must differ: a millionth of a day parts those that fall together
    times = np.stack([np.zeros(n), np.clip(mean_day, _APART_DAYS, back - _APART_DAYS), back]) / DAYS_PER_YEAR
    return np.asarray(irr(flows, times))
