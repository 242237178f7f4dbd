"""`Counted`: rows of a scenario, with its prices counted in another currency."""

from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import FloatArray
from stakingmodels.market import Factor, Price, RowSource
from stakingmodels.market.filled import Bounds, Filled, checked
from stakingmodels.market.now import Hits


@attrs.frozen(eq=False, kw_only=True)
class Conversion:
    """Way from one currency to another.

    Attributes
    ----------
    base, currency
        Prices of the two.
    factor
        Price by which others are divided, or multiplied: the new currency's, or the old one's in the new. None for
        rates that are given.
    rates
        Units of the new currency for one of the old at every time, ``(n_times, 1)``; None where a factor has them.
    """

    base: Price
    currency: Price
    factor: Price | None = None
    rates: FloatArray | None = None

    @property
    def divides(self) -> bool:
        """Whether prices are divided by that of the new currency."""
        return self.factor == self.currency

    def unit(self, world: Mapping[Factor, FloatArray], start: int, stop: int) -> FloatArray:
        """Rows by which prices are divided or multiplied, from time `start` to `stop`, both included.

        Raises
        ------
        InputError
            Where the price is 0.
        """
        if self.factor is None:
            given: FloatArray = self.rates[start : stop + 1]  # type: ignore[index]  # one of the two is there
            return given
        rows = world[self.factor]
        if not rows.min() > 0.0:
            row, path = (int(i) for i in np.argwhere(~(rows > 0.0))[0])
            rule = f"must be above 0, as money in {self.currency.name} has no value otherwise; time {start + row}"
            checks.refuse(f"InCurrency: {self.factor}", f"{rule}, path {path}", float(rows[row, path]))
        return rows


class Counted:
    """One source of the rows wanted of a scenario: its prices in the new currency, everything else as it is.

    The scenario's own sources read one another's rows in the old currency, so that a hash rate follows a price in it.

    Parameters
    ----------
    scenario
        Name of the scenario, for messages.
    sources, rate_sources
        Sources of the scenario, and of the exchange rate, which read the rows of the former.
    constants
        Rows of the scenario's constants at all times or steps.
    conversion
        The way from one currency to the other.
    n_paths
        Number of paths.
    wanted
        Factors that are given; the others are read within only.
    """

    def __init__(
        self,
        scenario: str,
        sources: Sequence[RowSource],
        rate_sources: Sequence[RowSource],
        constants: Mapping[Factor, FloatArray],
        conversion: Conversion,
        n_paths: int,
        wanted: frozenset[Factor],
    ) -> None:
        self._scenario = scenario
        self._sources = sources
        self._rate_sources = rate_sources
        self._constants = constants
        self._by = conversion
        self._n_paths = n_paths
        given = frozenset().union(*(source.factors for source in sources))
        prices = frozenset(factor for factor in constants if isinstance(factor, Price))
        self.factors = ((given | prices | {conversion.base}) - {conversion.currency}) & wanted

    def rows(self, bounds: Bounds, filled: Mapping[Factor, FloatArray]) -> Iterator[Filled]:
        """Rows of each chunk; prices are in reused buffers."""
        del filled  # rows in the new currency, which nothing within reads
        world: dict[Factor, FloatArray] = {}
        rate_world: dict[Factor, FloatArray] = {}
        buffers: dict[Factor, FloatArray] = {}
        inner, rates = (
            [checked(source, bounds, rows, self._n_paths, scenario=self._scenario) for source in sources]
            for sources, rows in ((self._sources, world), (self._rate_sources, rate_world))
        )
        for start, stop in bounds:
            world.clear()
            for factor, table in self._constants.items():
                world[factor] = table[start : stop + (factor.kind == "level")]
            chunk: dict[Factor, FloatArray | Hits] = {}
            for readings, target in ((inner, world), (rates, rate_world)):
                if target is rate_world:
                    rate_world.clear()
                    rate_world.update(world)
                for reading in readings:
                    given = next(reading)
                    target.update((f, rows) for f, rows in given.items() if isinstance(rows, np.ndarray))
                    if target is world:
                        chunk.update(given)
            unit = self._by.unit(rate_world, start, stop)
            yield self._counted(chunk, world, unit, buffers)

    def _counted(
        self,
        chunk: dict[Factor, "FloatArray | Hits"],
        world: Mapping[Factor, FloatArray],
        unit: FloatArray,
        buffers: dict[Factor, FloatArray],
    ) -> Filled:
        """Rows of a chunk with all prices in the new currency, that of the old one among them."""
        prices = [f for f in world if isinstance(f, Price) and f not in (self._by.base, self._by.currency)]
        for price in prices:
            shape = np.broadcast_shapes(world[price].shape, unit.shape)
            if price not in buffers or buffers[price].shape[1] != shape[1] or len(buffers[price]) < shape[0]:
                buffers[price] = np.empty(shape)
            change = np.divide if self._by.divides else np.multiply
            chunk[price] = change(world[price], unit, out=buffers[price][: shape[0]])
        chunk[self._by.base] = 1.0 / unit if self._by.divides else unit
        return {factor: rows for factor, rows in chunk.items() if factor in self.factors}
