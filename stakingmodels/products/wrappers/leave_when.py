"""`LeaveWhen`: a product that is left by a rule, on each path on its own day."""

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import IntArray, PathValue
from stakingmodels.ledger import Book
from stakingmodels.market import Factor, Now
from stakingmodels.products.wrappers.base import Wrapper, WrapperPosition
from stakingmodels.products.wrappers.rules import Rule
from stakingmodels.products.wrappers.tranches import RuleLike, Tranche, Tranches, as_rules, as_share, every
from stakingmodels.values import at

CHEAPEST = "cheapest"
"""Way out that costs least by what is seen on the day of leaving, the wait included."""
_CHEAPER = "cheaper"  # the way in which a product chooses by that


@terms.sheet
class LeaveWhen(Wrapper):
    """Any product, left by a rule: on each path at the end of the first interval in which the rule holds.

    The rule sees only the present, and the product is left at that day's prices. On paths on which the rule never
    holds, and with shares that stay, it is left at the grid's exit by the product's own way. Each path has its own day
    of asking to leave, by which days to cash, years of earning and the benchmark are counted.

    Parameters
    ----------
    product
        The product, which may be a wrapper itself.
    rule
        A rule, such as ``Falls(Price("ETH"), 0.20) | After("2026-06-01")``; or several, each with the share that it
        makes leave, such as ``{Falls(Price("ETH"), 0.10): 0.5, Falls(Price("ETH"), 0.20): 1.0}``. Each acts once. A
        rule that holds at the opening acts at the end of the first interval.
    share
        Share of the position that leaves by a single rule, in (0, 1]; default 1. All shares are of what is left.
    how
        Way of leaving by a rule: one of the product's `ways_out`; ``"cheapest"`` for the one that costs least by what
        is seen on that day, the wait included; None (default) for the product's own.

    Warns
    -----
    ScenarioWarning
        In a run, for a rule that cannot hold before the holder leaves anyway, such as `After` a later date.

    Examples
    --------
    >>> import numpy as np
    >>> from stakingmodels import Falls, Holding, LeaveWhen, Market, Price, TimeGrid
    >>> prices = np.array([[100.0, 100.0], [110.0, 79.0], [120.0, 60.0], [130.0, 100.0]])
    >>> market = Market(TimeGrid.daily("2026-01-01", days=3), {Price("ETH"): prices})
    >>> outcome = LeaveWhen(Holding("ETH"), Falls(Price("ETH"), 0.20)).run(market, capital=1_000.0)
    >>> outcome.day_asked.tolist(), outcome.closing.tolist()
    ([3.0, 1.0], [1300.0, 790.0])
    """

    rule: RuleLike = terms.field("other", as_rules, kw_only=False)
    share: float = terms.field("fraction", as_share, default=1.0, low=0.0, high=1.0, kw_only=False)
    how: str | None = terms.field("text", checks.text, default=None, optional=True)

    def __attrs_post_init__(self) -> None:
        if not self.product.can_leave_early:
            checks.refuse("LeaveWhen.product", "cannot be left before its term ends, by no rule", self.product)
        if not isinstance(self.rule, Rule) and self.share != 1.0:
            checks.refuse("LeaveWhen.share", "is given beside each of several rules", self.share, "leave it out")
        if self.how is not None:
            self._check_way(self.how, self.product.ways_out)

    def _check_way(self, how: str, ways: tuple[str, ...]) -> None:
        """Refuse a way out that the product does not offer."""
        kind = type(self.product).__name__
        if how == CHEAPEST and ways and _CHEAPER not in ways:
            checks.refuse("LeaveWhen.how", f"must be named, since {kind} does not choose by cost", how, str(ways))
        if how != CHEAPEST and not ways:
            checks.refuse("LeaveWhen.how", f"must be left out: {kind} has only one way out", how)
        if how != CHEAPEST:
            checks.choice("LeaveWhen.how", how, (*ways, CHEAPEST))

    @property
    def tranches(self) -> Tranches:
        """Rules, and the share of the rest that leaves by each."""
        given = as_rules("LeaveWhen.rule", self.rule)
        return ((given, self.share),) if isinstance(given, Rule) else given

    @property
    def own_factors(self) -> frozenset[Factor]:
        """Factors that the rules read."""
        return frozenset[Factor]().union(*(rule.factors for rule, _ in self.tranches))

    def open(self, book: Book, now: Now) -> "LeaveWhenPosition":
        """Open the product, and begin to watch."""
        return LeaveWhenPosition(self, book, now)


class LeaveWhenPosition(WrapperPosition):
    """Position that leaves by its rules, each once on every path."""

    def __init__(self, terms: LeaveWhen, book: Book, now: Now) -> None:
        super().__init__(terms, book, now)
        self._how, self._ways = terms.how, terms.ways_out
        if terms.how == CHEAPEST:
            self._how = _CHEAPER if self._ways else None
        self._tranches = [Tranche(rule, share, now) for rule, share in terms.tranches]
        self._kept, self._added = np.ones(now.n_paths), np.zeros(now.n_paths, dtype=np.bool_)
        self._inner = self._both = self.held.committed

    @property
    def committed(self) -> PathValue:  # type: ignore[override]
        """Share of the opening commitment that no rule has made leave."""
        if self.held.committed is not self._inner:  # the same object while nothing leaves: nothing to compute
            self._inner = self.held.committed
            self._both = self._kept * self._inner
        return self._both

    def step(self, now: Now) -> None:
        """Let the product close its interval, and leave on the paths on which a rule holds."""
        self.held.step(now)
        for tranche in self._tranches:
            paths = tranche.fires(now)
            if paths is None or paths.size:
                self.held.exit(now, tranche.share, self._how, paths)
                self._kept[every(paths)] *= 1.0 - tranche.share
                self._both = self._kept * self._inner if isinstance(self._inner, np.ndarray) else self._kept.copy()
                if tranche.share == 1.0 and len(self._tranches) > 1:
                    self._stop(paths)
        self._tranches = [tranche for tranche in self._tranches if tranche.n_waiting]

    def exit(self, now: Now, share: PathValue = 1.0, how: str | None = None, paths: IntArray | None = None) -> None:
        """Leave the product, by its own way unless one is named, where rules have left something."""
        share, paths = self.check_exit(now, share, how, self._ways, paths)
        holds = ((self._kept > 0.0) | self._added)[every(paths)]
        if not holds.all():
            share, paths = at(share, np.flatnonzero(holds)), np.flatnonzero(holds) if paths is None else paths[holds]
        if paths is None or paths.size:
            self.held.exit(now, share, how, paths)
            if not isinstance(share, np.ndarray) and share == 1.0:
                self._stop(paths)

    def add(self, now: Now, money: PathValue, paths: IntArray | None = None) -> None:
        """Invest money of the wallet in the product; rules that have acted on a path do not act again."""
        super().add(now, money, paths)
        self._added[every(paths)] |= np.greater(money, 0.0)

    def _stop(self, paths: IntArray | None) -> None:
        """Stop watching paths on which all has left."""
        for tranche in self._tranches:
            tranche.stop(paths)
