"""`changed_market`: a given market with one factor changed, as `solve` changes those of a scenario."""

from collections.abc import Iterator, Mapping

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Event, Factor, Market, MarketRatio, Price, TimeGrid
from stakingmodels.market.filled import Bounds, Filled


@attrs.frozen(eq=False)
class _Given:
    """Rows of a market, as a source of another one."""

    given: Mapping[Factor, FloatArray]

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of the rows."""
        return frozenset(self.given)

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows chunk by chunk, as views."""
        del filled
        for start, stop in bounds:
            yield {f: each[start : stop + (f.kind == "level")] for f, each in self.given.items()}


def changed_market(market: Market, factor: Factor, change: float, events: frozenset[Factor]) -> Market:
    """The market with a factor changed: a price by its exit, a ratio of a token too, anything else from the opening on.

    Parameters
    ----------
    market
        A market of given series, on which the changed one looks.
    factor, change
        The factor and its change, a fraction above -1.
    events
        Factors of which those that are events and not given never occur.
    """
    if factor not in market.factors:
        given = ", ".join(sorted(str(each) for each in market.factors if not isinstance(each, Event)))
        checks.refuse(f"solve: of: {factor}", "must be in the market, which has", given)
    if market.sources:
        rule = f"must be a scenario or a market of given series, so that {factor} can be changed"
        checks.refuse_type("solve: world", rule, market)
    rows = dict(next(market.chunks(steps=market.grid.n_steps)).rows)
    rows[factor] = _changed(rows[factor], factor, change, market.grid)
    quiet: Mapping[Event, Mapping[int, np.ndarray]] = {each: {} for each in events if isinstance(each, Event)}
    return Market.from_sources(
        market.grid,
        market.n_paths,
        [_Given(rows)],
        make_sources=lambda: [_Given(rows)],
        event_hits={**quiet, **market.event_hits},
        uniforms=market.uniforms,
        time_offsets=market.time_offsets,
        frozen_levels=market.frozen_levels,
        numeraire=market.numeraire,
    )


def _changed(rows: FloatArray, factor: Factor, change: float, grid: TimeGrid) -> FloatArray:
    way = np.minimum(grid.elapsed_days / grid.elapsed_days[grid.exit], 1.0)[:, None]
    if isinstance(factor, Price):
        return np.asarray(rows[:1] * np.power(1.0 + change, way))
    return np.asarray(rows * (1.0 + change * way if isinstance(factor, MarketRatio) else 1.0 + change))
