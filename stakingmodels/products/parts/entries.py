"""`Entry`: smallest deposit and gas of a deposit, as a term."""

from typing import Any

from stakingmodels import checks, terms
from stakingmodels._types import PathValue
from stakingmodels.display import shorten
from stakingmodels.market import Factor, Now, Price
from stakingmodels.replacing import Replaceable

_HOW = "entry=Entry(minimum_deposit=0.1, gas_usd=2.0)"


@terms.sheet
class Entry(Replaceable):
    """Smallest deposit that a product takes, and the network's fee of each deposit; one of them at least.

    Parameters
    ----------
    minimum_deposit
        Coins that the opening deposit must have, 0 or more; default 0. Of a token that is bought they are the coins
        behind the tokens, at the market's ratio. Where the capital does not buy them after all fees, nothing is
        deposited on that path, the money stays as cash, and `Outcome.capital_shortfall` is what is missing; further
        money stays as cash there too. Elsewhere later deposits may be smaller.
    gas_usd
        Network fee of a deposit in US dollars, 0 or more, under `Line.NETWORK_FEE`; default 0. It is paid from the
        money deposited, at the opening and by each further deposit; money that does not exceed it is not deposited.

    Examples
    --------
    >>> from stakingmodels import Entry, Market, Price, StakingPool, StakingReward, TimeGrid, APR
    >>> market = Market(TimeGrid.daily("2026-01-01", days=1), {Price("ETH"): 3000.0, StakingReward("ETH"): APR(0.0)})
    >>> outcome = StakingPool(entry=Entry(gas_usd=5.0)).run(market, capital=100.0)
    >>> float(outcome.closing[0]), float(outcome.lines["network fee"][0])
    (95.0, -5.0)
    """

    minimum_deposit: float = terms.number(default=0.0, unit="coins")
    gas_usd: float = terms.money(default=0.0)

    def __attrs_post_init__(self) -> None:
        """Refuse an entry of which nothing is felt."""
        if not (self.minimum_deposit or self.gas_usd):
            rule = "must be above 0, or gas_usd must, else nothing of the entry is felt"
            checks.refuse("Entry.minimum_deposit", rule, self.minimum_deposit, "Entry(gas_usd=2.0), or entry=None")

    def gas(self, now: Now) -> PathValue:
        """Gas of a deposit in the numeraire: one number, or one per path."""
        return self.gas_usd * now[Price("USD")] if self.gas_usd else 0.0


shorten(Entry)


def entry() -> Any:
    """A term for the entry of a product; by default None, for any amount and no gas."""
    return terms.field("entry", checks.instance, Entry, _HOW, default=None, optional=True)


def entry_factors(product: Any) -> frozenset[Factor]:
    """Factors that the entry of a product reads: the dollar's price, if it costs gas."""
    return frozenset({Price("USD")} if product.entry is not None and product.entry.gas_usd else ())
