"""`PathResults`: the results of an outcome from which yields and risk are computed."""

from typing import Protocol

from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.ledger.flows import Flows
from stakingmodels.ledger.lines import LineMap
from stakingmodels.market import TimeGrid


class PathResults(Protocol):
    """Results of a product on every path: arrays ``(n_paths,)``, money in the numeraire.

    `Outcome` has all of them and defines each exactly. Yields and risk read this protocol and not `Outcome`, which
    offers both, so that neither module needs the other.
    """

    @property
    def asset(self) -> str | None:
        """The product's own coin."""
        ...

    @property
    def numeraire(self) -> str:
        """Asset in which money is counted."""
        ...

    @property
    def grid(self) -> TimeGrid:
        """The times of the run."""
        ...

    @property
    def n_paths(self) -> int:
        """Number of paths."""
        ...

    @property
    def n_replicates(self) -> int:
        """Number of replicates of a quasi-random run; 0 for independent paths."""
        ...

    @property
    def capital(self) -> FloatArray:
        """Money put in at the opening."""
        ...

    @property
    def contributions(self) -> FloatArray:
        """Money added later."""
        ...

    @property
    def invested(self) -> FloatArray:
        """Capital plus contributions."""
        ...

    @property
    def profit(self) -> FloatArray:
        """Closing value less money put in."""
        ...

    @property
    def returns(self) -> FloatArray:
        """Profit over money put in."""
        ...

    @property
    def lines(self) -> LineMap[FloatArray]:
        """Money booked under each line."""
        ...

    @property
    def flows(self) -> Flows | None:
        """Dated flows of money; None where they were not kept."""
        ...

    @property
    def coins_gross(self) -> FloatArray:
        """Rewards in the product's own coin."""
        ...

    @property
    def coins_net(self) -> FloatArray:
        """Sum of all lines except price moves and contributions, in the product's own coin."""
        ...

    @property
    def opening_price(self) -> FloatArray:
        """Price of the product's own coin at the opening."""
        ...

    @property
    def earning_years(self) -> FloatArray:
        """Years from the opening to the last day of pay."""
        ...

    @property
    def deployed(self) -> FloatArray:
        """Share of the capital at work after the opening."""
        ...

    @property
    def contract_price(self) -> FloatArray:
        """Money prepaid for contracts."""
        ...

    @property
    def contract_left(self) -> FloatArray:
        """Part of the prepaid money not yet written off."""
        ...

    @property
    def asset_growth(self) -> FloatArray:
        """Final value of a unit of money held in the own coin until this path's money is in hand, then cash."""
        ...

    @property
    def asset_growth_at_exit(self) -> FloatArray:
        """Final value of a unit of money held in the own coin until the exit, then cash."""
        ...

    @property
    def cash_growth(self) -> FloatArray:
        """Final value of a unit of money held as cash throughout."""
        ...

    @property
    def max_drawdown(self) -> FloatArray:
        """Largest fall from a peak, a fraction of the peak."""
        ...

    @property
    def days_to_cash(self) -> FloatArray:
        """Days from the exit until all is money in the wallet."""
        ...

    @property
    def settled(self) -> BoolArray:
        """Whether all is money in the wallet by the grid's end."""
        ...

    @property
    def feasible(self) -> BoolArray:
        """Whether the capital could open the product."""
        ...
