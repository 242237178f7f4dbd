"""`BookTotals`: totals of a book and its children, by line."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import attrs

from stakingmodels._types import FloatArray
from stakingmodels.ledger.account import PREPAID, Account
from stakingmodels.ledger.lines import Group, Line
from stakingmodels.ledger.sums import LineSums

K = TypeVar("K")
_ORDER = {line: place for place, line in enumerate(Line)}
_NOT_NET = frozenset({Line.PRICE, Line.CONTRIBUTION})
_WRITTEN_OFF = (
    Line.CONTRACT,
    Line.DEPRECIATION,
    Line.CREDIT,
    Line.EXPLOIT,
)  # prepaid money used up or lost


@attrs.frozen(eq=False)
class BookTotals:
    """Sums over all steps; arrays are ``(n_paths,)``.

    Attributes
    ----------
    lines
        Money under each line.
    native
        Units under each line and asset.
    coins
        Value of entries in other assets in the product's coin, at the prices of their days.
    units
        Current units, by asset and place.
    """

    lines: Mapping[Line, FloatArray]
    native: Mapping[tuple[Line, str], FloatArray]
    coins: Mapping[Line, FloatArray]
    units: Mapping[tuple[str, str], FloatArray]

    @classmethod
    def of(
        cls,
        posted: Iterable[LineSums],
        money: Mapping[Line, FloatArray],
        coins: Mapping[Line, FloatArray],
        accounts: Iterable[Account],
        below: "Iterable[BookTotals]",
    ) -> "BookTotals":
        """Totals of a book and its children: postings, price moves in money and in coins, and units held."""
        shares = [(line, sums, share) for sums in posted for line, share in sums.shares]
        # added up in one order, whatever was posted first on any path
        shares.sort(key=lambda each: (_ORDER[each[0]], each[1].asset, each[1].money is None, each[2], each[1].place))
        below = list(below)
        lines = _joined(
            [*({line: _part(s.in_money(), share)} for line, s, share in shares), money, *(t.lines for t in below)]
        )
        native = _joined(
            [*({(line, s.asset): _part(s.units, share)} for line, s, share in shares), *(t.native for t in below)]
        )
        in_coins = [{line: _part(s.coins, share)} for line, s, share in shares if s.coins is not None]
        found = _joined([*in_coins, coins, *(t.coins for t in below)])
        held = [{(account.asset, account.place): account.units} for account in accounts]
        return cls(
            {line: lines[line] for line in Line if line in lines},
            {key: native[key] for key in sorted(native, key=lambda key: (_ORDER[key[0]], key[1]))},
            dict(sorted(found.items(), key=lambda item: _ORDER[item[0]])),
            _joined([*held, *(t.units for t in below)]),
        )

    def in_coin(self, asset: str, *, gross: bool) -> list[FloatArray]:
        """Terms of the return in a coin: rewards only (gross), or all lines but the price and contributions (net)."""
        amounts = [(line, units) for (line, of), units in self.native.items() if of == asset]
        amounts += self.coins.items()
        return [x for line, x in amounts if (line.group is Group.REWARD if gross else line not in _NOT_NET)]

    def prepaid(self, money: str) -> list[FloatArray]:
        """Terms of the money prepaid for contracts: the part left, and the part written off."""
        if (money, PREPAID) not in self.units:  # not by the line, which a path that lost all on the first day lacks
            return []
        written_off = [-self.native[line, money] for line in _WRITTEN_OFF if (line, money) in self.native]
        return [*written_off, *self.prepaid_left(money)]

    def prepaid_left(self, money: str) -> list[FloatArray]:
        """Part of the prepaid money not yet written off."""
        return [self.units[money, PREPAID]] if (money, PREPAID) in self.units else []


def _part(amount: FloatArray, share: float) -> FloatArray:
    return amount if share == 1.0 else amount * share + 0.0  # nothing is 0, not -0


def _joined(parts: Iterable[Mapping[K, FloatArray]]) -> dict[K, FloatArray]:
    """The sums of several tables, key by key."""
    found: dict[K, FloatArray] = {}
    for part in parts:
        for key, amount in part.items():
            found[key] = found[key] + amount if key in found else amount
    return found
