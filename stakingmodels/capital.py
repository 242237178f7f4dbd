"""Opening capital: one amount of money, one for each path, or coins."""

from collections.abc import Iterable

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.display import displays
from stakingmodels.equality import ByValue
from stakingmodels.numerics import entrances
from stakingmodels.series import as_series, sealed

_HOW = 'one number, one number a path, or Units(3.2, "ETH")'


def _amount(where: str, value: object) -> PathValue:
    """One amount, or one for each path as a read-only array; each in [1e-9, 1e15]."""
    if isinstance(value, (list, tuple)) or len(getattr(value, "shape", ())) > 0:
        amounts = as_series(where, value)
        if amounts.ndim != 1 or not amounts.size:
            checks.refuse(
                where, "must be one number, or have the shape (n_paths,)", amounts, "one amount for each path"
            )
        wrong = ~((amounts >= checks.CAPITAL_FLOOR) & (amounts <= checks.CAPITAL_LIMIT))
        if wrong.any():
            path = int(np.argmax(wrong))
            bounds = f"[{checks.CAPITAL_FLOOR:g}, {checks.CAPITAL_LIMIT:g}]"
            rule = f"must be in {bounds} on every path, and is not on path {path}"
            checks.refuse(where, rule, float(amounts[path]), "leave that path out")
        return amounts
    return checks.capital(where, value)


@attrs.frozen(eq=False)
class Units(ByValue):
    """Amount of a coin as the capital of a run: so many coins, worth their price at the opening.

    Coins of the product's own asset enter its wallet as they are, so that none are bought. For other products they are
    worth their money at the opening.

    Parameters
    ----------
    amount
        Coins: one number, or one for each path, ``(n_paths,)``; each in [1e-9, 1e15].
    coin
        Name of the coin.

    Raises
    ------
    InputError, InputTypeError
        For amounts out of range, or not finite, on any path.

    Examples
    --------
    >>> from stakingmodels import Holding, Market, Price, TimeGrid, Units
    >>> grid = TimeGrid.daily("2026-01-01", days=1)
    >>> outcome = Holding("ETH").run(Market(grid, {Price("ETH"): 3000.0}), capital=Units(3.2, "ETH"))
    >>> outcome.capital.tolist()
    [9600.0]
    """

    amount: PathValue = attrs.field()
    coin: str = attrs.field(validator=checks.field(checks.text))

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "amount", sealed(_amount("Units.amount", self.amount)))

    def __str__(self) -> str:
        amounts = np.asarray(self.amount)
        if not amounts.ndim:
            return f"{float(amounts):,.6g} {self.coin}"
        return f"{float(amounts.min()):,.6g} to {float(amounts.max()):,.6g} {self.coin}"


CapitalLike = float | FloatArray | Units
"""Capital of a run: money in the numeraire, one amount or one for each path; or coins."""


@attrs.frozen(eq=False)
class Capital(ByValue):
    """Capital of a run as it was given and checked.

    Attributes
    ----------
    amount
        One number, or one for each path.
    coin
        Coin that it counts; None for money.
    """

    amount: PathValue
    coin: str | None = None

    @classmethod
    def of(cls, where: str, value: object) -> "Capital":
        """Capital from what a caller gave."""
        if isinstance(value, Capital):
            return value
        if isinstance(value, Units):
            return cls(value.amount, value.coin)
        if isinstance(value, str):
            checks.refuse_type(where, f"must be {_HOW}", value)
        return cls(sealed(_amount(where, value)))

    @property
    def n_paths(self) -> int | None:
        """Number of paths that it has amounts for; None where one amount serves all."""
        return self.amount.size if isinstance(self.amount, np.ndarray) else None

    @property
    def given(self) -> CapitalLike:
        """Number, array or `Units`, as given."""
        return self.amount if self.coin is None else Units(self.amount, self.coin)

    def slice_paths(self, start: int, stop: int) -> "Capital":
        """Capital of the paths [start, stop)."""
        return Capital(self.amount[start:stop], self.coin) if isinstance(self.amount, np.ndarray) else self

    def check_paths(self, where: str, n_paths: int) -> None:
        """Refuse amounts for another number of paths."""
        if self.n_paths not in (None, n_paths):
            rule = f"must have one amount for each of the {n_paths:,} paths"
            checks.refuse(where, rule, self.n_paths, "or one number for all")

    def check_coin(self, where: str, priced: Iterable[str], giver: str) -> None:
        """Refuse a coin that is not among those with a price in `giver`, a market or a scenario."""
        coins = sorted(priced)
        if self.coin is not None and self.coin not in coins:
            rule = f"must be in coins whose price the {giver} gives, of which there are {', '.join(coins)}"
            hint = checks.nearest_hint(self.coin, coins) or f'add Price("{self.coin}") to the {giver}'
            checks.refuse(where, rule, self.coin, hint)

    @staticmethod
    def check_worth(where: str, worth: PathValue) -> None:
        """Refuse coins worth too little or too much at the opening."""
        least, most = float(np.min(worth)), float(np.max(worth))
        if not checks.CAPITAL_FLOOR <= least <= most <= checks.CAPITAL_LIMIT:
            rule = f"must be worth {checks.CAPITAL_FLOOR:g} to {checks.CAPITAL_LIMIT:g} at the opening on every path"
            checks.refuse(where, rule, most if least >= checks.CAPITAL_FLOOR else least)

    def __str__(self) -> str:
        return str(self.given) if self.coin is not None else spread_text(self.amount)


def spread_text(money: PathValue) -> str:
    """Money with two decimals, or its range over the paths."""
    least, most = f"{float(np.min(money)):,.2f}", f"{float(np.max(money)):,.2f}"
    return least if least == most else f"{least} to {most}"


displays(__name__)
entrances(__name__)
