"""`LineSums`: totals posted under one cause, over the steps."""

import numpy as np

from stakingmodels._types import FloatArray
from stakingmodels.ledger.lines import Line

Cause = Line | tuple[tuple[Line | None, float], ...]
"""A line; or several with the share of each, None for what is no gain."""


class LineSums:
    """Units, money and coins posted under one cause to accounts of one asset, ``(n_paths,)`` each.

    Attributes
    ----------
    place
        Place of the accounts; empty where those of all places share it.
    shares
        The lines, and each one's share of the totals.
    entered
        The same, and the share that is no gain, the proceeds of a sale, under None.
    net
        Share of the amount posted that the account keeps: the sum of what is entered.
    units
        In units of the asset.
    money
        At the prices of the time of posting; None where the units are money.
    coins
        In the product's own coin at the prices of the time of posting; None where that is not counted.
    """

    __slots__ = ("asset", "coins", "entered", "money", "net", "place", "shares", "units")

    def __init__(
        self, cause: Cause, asset: str, n_paths: int, *, has_money: bool, has_coins: bool, place: str = ""
    ) -> None:
        self.entered = ((cause, 1.0),) if isinstance(cause, Line) else cause
        self.shares = tuple((line, share) for line, share in self.entered if line is not None)
        self.net = sum(share for _, share in self.entered)
        self.asset, self.place = asset, place
        self.units = np.zeros(n_paths)
        self.money = np.zeros(n_paths) if has_money else None
        self.coins = np.zeros(n_paths) if has_coins else None

    def take(self, other: "LineSums", share: float) -> None:
        """Add a share of another sum of the same accounts."""
        self.units += other.units * share
        for mine, given in ((self.money, other.money), (self.coins, other.coins)):
            if mine is not None and given is not None:
                np.add(mine, given * share, out=mine)

    def in_money(self) -> FloatArray:
        """Total posted, in money."""
        return self.units if self.money is None else self.money
