"""`Buying`: coins bought with the wallet's money, at the opening and later."""

import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.ledger.guards import check_paths
from stakingmodels.market import MarketRatio, Now, Price
from stakingmodels.products.parts.entries import Entry
from stakingmodels.products.parts.per_path import put
from stakingmodels.tolerances import REL_TOL
from stakingmodels.values import any_of, at, is_zero


class Buying:
    """Purchases of a coin with the money of the wallet.

    Parameters
    ----------
    who
        Name of the position, for messages.
    book, asset
        The position's book, and the coin.
    fee
        Trading fee, a fraction.
    entry
        Smallest deposit and gas; None for neither.
    token
        Ratio by which a token is bought at the market, whose price is that of the coin times the ratio, for all money
        and coins that came as capital; None (default) where the coins themselves are deposited.

    Attributes
    ----------
    capital_shortfall
        Money missing at the opening, as of `Position`; None where any will do.
    """

    capital_shortfall: FloatArray | None = None

    def __init__(
        self,
        who: str,
        book: Book,
        asset: str,
        fee: float,
        entry: Entry | None = None,
        *,
        token: MarketRatio | None = None,
    ) -> None:
        self._entry = entry
        self._token = token
        self._who = who
        self._book = book
        self._wallet = book.account(asset)
        self._fee = fee
        self._bought: Account | None = None

    @property
    def trades(self) -> bool:
        """Whether coins are bought; False where the coin is the money itself."""
        return self._wallet is not self._book.cash

    def pay_gas(self, now: Now) -> None:
        """Pay the gas of the opening deposit, where the money suffices for the smallest one."""
        if self._entry is None:
            return
        price, gas = now[Price(self._wallet.asset)], self._entry.gas(now)
        held = self._wallet.units if self.trades else np.zeros(now.n_paths)
        if self._token is None:
            bought = np.maximum(self._entry.minimum_deposit - held, 0.0) * self.trades
            needed = (self._entry.minimum_deposit + bought * self._fee) * price + gas
        else:
            needed = self._cost_of_tokens(self._entry.minimum_deposit * price * now[self._token], held * price) + gas
        short = needed - (self._book.cash.units + held * price)
        self.capital_shortfall = np.where(short > REL_TOL * needed, short, 0.0)
        if not is_zero(gas):
            self._book.charge(Line.NETWORK_FEE, np.where(self.capital_shortfall == 0.0, gas, 0.0))

    def _cost_of_tokens(self, worth: PathValue, held: FloatArray) -> FloatArray:
        """Money and coins that buy tokens worth so much: coins first, less the fee, then money, with the fee on top."""
        left = 1.0 - self._fee
        if left == 0.0:  # coins buy nothing
            return np.asarray(held + np.multiply(worth, 2.0))
        paid = held * left
        return np.where(paid >= worth, np.divide(worth, left), held + (worth - paid) * (1.0 + self._fee))

    def deposited(self, account: Account) -> PathValue | None:
        """Units of a purse that are deposited at the opening: None for all, 0 where money is missing."""
        if self.capital_shortfall is None or not any_of(self.capital_shortfall):
            return None
        units: FloatArray = account.units * (self.capital_shortfall == 0.0)
        return units

    def sell_left(self, share: PathValue, fee: float, paths: IntArray | None) -> None:
        """Sell a share of the coins that came as capital and were too few to be deposited."""
        if self._entry is not None and self.trades:
            self._book.pay_out(self._wallet, self._wallet.part(share, paths), fee, paths)

    def all_money(self) -> Account:
        """Buy with all money in the wallet; returns the wallet's account of the coin, with all coins in it.

        Nothing is bought where money is missing.
        """
        if self.trades:
            self._book.trade(self._book.cash, self._wallet, self.deposited(self._book.cash), cost=self._fee)
        return self._wallet

    def allowed(
        self, money: PathValue, paths: IntArray | None, solvent: PathValue, now: Now | None = None
    ) -> tuple[PathValue, IntArray | None]:
        """Money to be invested and its paths, checked: the paths that invest nothing are left out.

        Parameters
        ----------
        money
            Amount, one number or one for each of the paths.
        paths
            Indices of the paths, if not all.
        solvent
            1 where the product takes money, 0 where it has failed: money stays in the wallet there.
        now
            The interval that closes, where gas is paid from the money; None for none.

        Raises
        ------
        InputError
            For an amount below 0, or of more than is in the wallet.
        """
        amounts = wallet_money(self._who, self._book, money, paths) * at(solvent, paths)
        if self.capital_shortfall is not None:  # what was not opened takes no further money
            amounts = amounts * at(self.capital_shortfall == 0.0, paths)
        if now is not None and self._entry is not None and self._entry.gas_usd:
            gas = at(self._entry.gas(now), paths)
            amounts = np.where(amounts > gas, amounts - gas, 0.0)
            self._book.charge(Line.NETWORK_FEE, put(0.0, np.where(amounts > 0.0, gas, 0.0), paths, now.n_paths))
        some = np.flatnonzero(amounts)
        if some.size == amounts.size:
            return amounts, paths
        return amounts[some], some if paths is None else paths[some]

    def some_money(self, money: PathValue, paths: IntArray | None) -> tuple[Account, PathValue | None]:
        """Buy with `allowed` money; returns an account and the units of it that are to be invested (None: all)."""
        if not self.trades:
            return self._book.cash, money
        if self._bought is None:
            self._bought = self._book.account(self._wallet.asset, "bought")
        self._book.trade(self._book.cash, self._bought, money, cost=self._fee, paths=paths)
        return self._bought, None


def wallet_money(who: str, book: Book, money: PathValue, paths: IntArray | None) -> FloatArray:
    """Money to be invested, one amount for each of the paths (None: all), if the wallet has it.

    Parameters
    ----------
    who
        Name of the position, for messages.
    book, money, paths
        Its book, and the arguments of its `add`.

    Raises
    ------
    InputError
        For an amount below 0, or of more than is in the wallet.
    """
    where = f"{who}.add: money"
    cash = book.cash.units
    if paths is not None:
        check_paths(where, paths, cash.size)
        cash = cash[paths]
    if not isinstance(money, np.ndarray):
        money = checks.non_negative(where, money)
    elif money.shape != cash.shape or not bool((money >= 0.0).all()):
        checks.refuse(where, f"must be 0 or more on each of the {cash.size} paths", money)
    amounts = np.broadcast_to(np.asarray(money, dtype=np.float64), cash.shape)
    short = amounts > cash * (1.0 + REL_TOL)
    if short.any():
        worst = int(np.argmax(short))
        checks.refuse(where, f"must be in the wallet, which has {float(cash[worst]):.10g}", float(amounts[worst]))
    return np.minimum(amounts, cash)
