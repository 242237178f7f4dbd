"""Where a product and its simulator by hand do not agree."""

import math

from stakingmodels import Line
from stakingmodels.ledger import Outcome
from tests.oracles.hand_book import HandBook

TOLERANCE = 1e-9


def disagreements(outcome: Outcome, books: list[HandBook]) -> list[tuple[str, int, float, float, float]]:
    """Figure, path, what the product says, what the hand says, and how far apart as a share of the scale."""
    found = []
    for path, book in enumerate(books):
        for name, product, hand, scale in figures(outcome, book, path):
            off = 0.0 if product == hand else abs(product - hand) / scale
            if not off <= TOLERANCE:
                found.append((name, path, product, hand, off))
    return found


def figures(outcome: Outcome, book: HandBook, path: int) -> list[tuple[str, float, float, float]]:
    """Name, product's number, number by hand, and the size that 1e-9 is of."""
    money = max(book.world.capital, book.scale)
    opening = book.price(str(outcome.asset), 0)
    coins = max(book.coin_scale, book.world.capital / opening if opening > 0.0 else 0.0, 1e-300)
    rewards = [line for line in Line if line.group.value == "reward"]
    net = [line for line in Line if line not in (Line.PRICE, Line.CONTRIBUTION)]
    rows = [
        ("closing", float(outcome.closing[path]), book.value(), money),
        ("days to cash", float(outcome.days_to_cash[path]), book.days_to_cash, 1.0),
        ("settled", float(outcome.settled[path]), float(book.days_to_cash < math.inf), 1.0),
        ("returned", float(outcome.proceeds[path]), book.proceeds, money),
        ("missing", float(outcome.capital_shortfall[path]), math.inf if opening == 0.0 else book.missing, money),
        ("deployed", float(outcome.deployed[path]), book.deployed, 1.0),
        ("drawdown", float(outcome.max_drawdown[path]), book.max_drawdown, 1.0),
        ("coins gross", float(outcome.coins_gross[path]), sum(book.coins.get(x, 0.0) for x in rewards), coins),
        ("coins net", float(outcome.coins_net[path]), sum(book.coins.get(x, 0.0) for x in net), coins),
    ]
    for line in Line:
        found = outcome.lines.get(line)
        rows.append((line.label, 0.0 if found is None else float(found[path]), book.money.get(line, 0.0), money))
    for line, asset in {*outcome.native, *book.native} - {(Line.PRICE, ""), (Line.DISCOUNT, outcome.asset)}:
        units = outcome.native.get((line, asset))
        size = money if asset == book.world.numeraire else coins
        said = 0.0 if units is None else float(units[path])
        rows.append((f"{line.label} in {asset}", said, book.native.get((line, asset), 0.0), size))
    for asset in {asset for asset, _ in outcome.units}:
        said = sum(float(units[path]) for (name, _), units in outcome.units.items() if name == asset)
        hand = sum(units for (name, _), units in book.units.items() if name == asset)
        rows.append((f"{asset} left", said, hand, money if asset == book.world.numeraire else coins))
    assert outcome.values is not None
    for time, value in enumerate(book.values):
        rows.append((f"value at {time}", float(outcome.values[time, path]), value, money))
    return rows
