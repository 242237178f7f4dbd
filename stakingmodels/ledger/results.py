"""`PathResults`: what yields and risk read of an outcome."""

from typing import Protocol

from stakingmodels._types import BoolArray, FloatArray
from stakingmodels.ledger.flows import Flows
from stakingmodels.ledger.lines import LineMap
from stakingmodels.market import TimeGrid


class PathResults(Protocol):
    """Results of a product on every path: arrays ``(n_paths,)``, money in the numeraire.

    `Outcome` has all of them, and says exactly what each is. Yields and risk are read off this and not off `Outcome`,
    which offers both, so that neither module needs the other.
    """

    @property
    def asset(self) -> str:
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
    def capital(self) -> float:
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
        """The same after all else that was booked but the price and contributions."""
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
        """What of it still stands at cost."""
        ...

    @property
    def asset_growth(self) -> FloatArray:
        """What a unit of money in the own coin became, until this path's money is in hand, then cash."""
        ...

    @property
    def asset_growth_at_exit(self) -> FloatArray:
        """The same sold on the day asked."""
        ...

    @property
    def cash_growth(self) -> FloatArray:
        """What a unit of money became as cash all along."""
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
        """Whether that was by the grid's end."""
        ...

    @property
    def feasible(self) -> BoolArray:
        """Whether the capital could open the product."""
        ...
