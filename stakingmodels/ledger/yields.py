"""`Yields`: the rates of return of an outcome, in coins and in money."""

from typing import TYPE_CHECKING

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.display import Summary, spread
from stakingmodels.frames import data_frame, dataset
from stakingmodels.ledger.flows import refuse_without_flows
from stakingmodels.ledger.lines import Line
from stakingmodels.ledger.results import PathResults
from stakingmodels.measures import annualized_return, real_yield
from stakingmodels.series import Sealed, frozen

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

_IDLE = 1e-9  # a smaller share at work is rounding


@attrs.frozen(eq=False, kw_only=True)
class Yields(Sealed):
    """Rates of return per path, ``(n_paths,)`` each, as fractions.

    Attributes
    ----------
    gross_apr, gross_apy
        Rewards in the product's own coin over the coins that the capital bought at the opening price, a year of the
        time that the product pays (`Outcome.earning_years`: to the exit, or to the end of a queue that still earns):
        simple, and effective.
    net_apr, net_apy
        `gross_apr` and `gross_apy` after fees, costs and losses. Payments in money count in coins at the price of their
        day.
    real_apy
        ``net_apy`` after the growth of the coin's supply: ``(1 + net) / (1 + growth) - 1``.
    total_return
        Profit in money over capital and contributions, from the opening to the grid's end.
    annualized_return
        ``(1 + total_return) ** (1 / years) - 1``, over the grid's whole length, the same for every path and product.
    excess_over_holding, excess_over_cash
        ``total_return`` less the return of holding the product's own coin free of cost until this path's money is in
        hand (`Outcome.asset_growth`), and less the return of cash.
    exit_delay
        Gain or loss from the wait for the money: return of holding the coin until the money is in hand, less the return
        of holding it to the exit. `excess_over_holding` does not contain it.
    deployed
        Share of the capital at work after the opening. See `Outcome.deployed`.
    gross_apr_deployed, net_apr_deployed
        `gross_apr` and `net_apr` on the capital at work: divided by `deployed`. NaN where nothing is at work.
    contributions
        Money added after the opening, over the capital.
    payout_ratio
        Pay-out of a prepaid contract, after running costs, over its price: at 1 the holder has just recovered the
        price. NaN without a contract. See `contract_payout`.
    """

    gross_apr: FloatArray
    gross_apy: FloatArray
    net_apr: FloatArray
    net_apy: FloatArray
    real_apy: FloatArray
    total_return: FloatArray
    annualized_return: FloatArray
    excess_over_holding: FloatArray
    excess_over_cash: FloatArray
    exit_delay: FloatArray
    deployed: FloatArray
    gross_apr_deployed: FloatArray
    net_apr_deployed: FloatArray
    contributions: FloatArray
    payout_ratio: FloatArray
    _outcome: PathResults = attrs.field(repr=False, alias="outcome")

    def _shown(self) -> Summary:
        of = self._outcome
        rows = [(name, *spread(values, "+.2%")) for name, values in self._arrays().items()]
        title = (
            f"Yields of {of.asset} over {of.grid.years_held:.2f} years, {of.n_paths:,} path{'s' * (of.n_paths != 1)}"
        )
        return Summary(title, ("rate", "mean", "5%", "95%"), rows)

    def _arrays(self) -> dict[str, FloatArray]:
        """The rates by name."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(Yields) if field.repr}

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a path, and a column a rate, as fractions.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        return data_frame("Yields.to_frame", self._arrays(), index="path")

    def to_xarray(self) -> "xr.Dataset":
        """An xarray dataset: a variable a rate, over the dimension ``path``.

        Raises
        ------
        MissingExtraError
            Where xarray is not installed.
        """
        variables = {name: (("path",), values) for name, values in self._arrays().items()}
        return dataset("Yields.to_xarray", variables, {"path": range(self._outcome.n_paths)}, {})

    @property
    def irr(self) -> FloatArray:
        """Effective annual internal rate of return of the dated flows (`Outcome.flows`), ``(n_paths,)``.

        Flows are the capital at the opening, contributions and costs paid from money in hand on their days, pay-outs on
        their days, and holdings not paid out by the grid's end at their value there. NaN where no rate solves it, or
        several may.

        Raises
        ------
        InputError
            Where the run kept no flows: a rate is never approximated.
        """
        outcome = self._outcome
        if outcome.flows is None:
            refuse_without_flows("Yields.irr")
        rates: FloatArray = frozen(outcome.flows.irr(outcome.capital, outcome.grid, outcome.n_paths))
        return rates


def coin_return(outcome: PathResults, *, gross: bool) -> FloatArray:
    """Return in the product's own coin over the time held: rewards only (gross), or all lines (net)."""
    coins = outcome.coins_gross if gross else outcome.coins_net
    return coins * outcome.opening_price / outcome.capital


def contract_payout(outcome: PathResults) -> FloatArray:
    """Pay-out of a prepaid contract over its price, ``(n_paths,)``; NaN on paths without a contract.

    The pay-out is the sum of all lines but the contract's price and the interest on money: coins mined less fees,
    running costs and losses of the balance, at the prices at which they were sold.
    """
    prepaid = outcome.contract_price
    interest = outcome.lines.get(Line.INTEREST, 0.0)
    ratio = np.full(outcome.n_paths, np.nan)
    paid_out = outcome.profit - interest + prepaid - outcome.contract_left
    np.divide(paid_out, prepaid, out=ratio, where=prepaid > 0.0)
    return ratio


def yields_of(outcome: PathResults, *, supply_growth: float = 0.0) -> Yields:
    """Yields of an outcome. See `Outcome.yields`."""
    growth = checks.real("Outcome.yields: supply_growth", supply_growth)
    if growth <= -1.0:
        checks.refuse("Outcome.yields: supply_growth", "must be above -1 (0.01 means 1 % a year)", supply_growth)
    held = outcome.earning_years
    gross, net = coin_return(outcome, gross=True), coin_return(outcome, gross=False)
    net_apy = _annual(net, held)
    total = outcome.returns
    payout = contract_payout(outcome)
    return Yields(
        gross_apr=gross / held,
        gross_apy=_annual(gross, held),
        net_apr=net / held,
        net_apy=net_apy,
        real_apy=np.asarray(real_yield(net_apy, growth)),
        total_return=total,
        annualized_return=_annual(total, outcome.grid.years),
        excess_over_holding=total - (outcome.asset_growth - 1.0),
        excess_over_cash=total - (outcome.cash_growth - 1.0),
        exit_delay=outcome.asset_growth - outcome.asset_growth_at_exit,
        deployed=outcome.deployed,
        gross_apr_deployed=_on_deployed(gross / held, outcome),
        net_apr_deployed=_on_deployed(net / held, outcome),
        contributions=outcome.contributions / outcome.capital,
        payout_ratio=payout,
        outcome=outcome,
    )


def _on_deployed(rate: FloatArray, outcome: PathResults) -> FloatArray:
    on_deployed = np.full(outcome.n_paths, np.nan)
    np.divide(rate, outcome.deployed, out=on_deployed, where=outcome.deployed > _IDLE)
    return on_deployed


def _annual(total: FloatArray, years: PathValue) -> FloatArray:
    """Effective annual rate; a loss of more than the capital counts as -100 %."""
    return np.asarray(annualized_return(np.maximum(total, -1.0), years))
