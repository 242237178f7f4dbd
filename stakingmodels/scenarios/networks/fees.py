"""`MeanRevertingFees`: transaction fees of a chain's blocks, or a price of electricity."""

from collections.abc import Mapping

import attrs

from stakingmodels import checks
from stakingmodels.market import BlockFees, Factor, PowerPrice
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck, LogOrnsteinUhlenbeckPath
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario
from stakingmodels.words import Note


def _fees(where: str, value: object) -> BlockFees | PowerPrice:
    if isinstance(value, PowerPrice):
        return value
    return checks.instance(where, value, BlockFees, 'BlockFees("BTC") or PowerPrice("US")')


def _terms(where: str, value: object) -> LogOrnsteinUhlenbeck:
    return checks.instance(
        where, value, LogOrnsteinUhlenbeck, "LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)"
    )


@attrs.frozen(eq=False)
class MeanRevertingFees(RowScenario):
    """Transaction fees of a block, or a price of power, that return to a mean, with bursts (`LogOrnsteinUhlenbeck`).

    The fees of a step are known at its start: the noise of a step moves the fees of the next one. A price of power is
    a level, which the noise of a step moves at its end.

    Parameters
    ----------
    fees
        Factor of the fees, such as ``BlockFees("BTC")``, or a ``PowerPrice("US")``.
    terms
        Their law, in coins a block; of a price of power, in USD per kWh.

    Examples
    --------
    >>> from stakingmodels import BlockFees
    >>> from stakingmodels.scenarios import LogOrnsteinUhlenbeck, MeanRevertingFees
    >>> law = LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)
    >>> MeanRevertingFees(BlockFees("BTC"), law).describe()
    ('BlockFees("BTC") mean-reverting: start 0.02, mean 0.02, log deviation 0.8, half-life 10 days',)
    """

    fees: BlockFees | PowerPrice = attrs.field(validator=checks.field(_fees))
    terms: LogOrnsteinUhlenbeck = attrs.field(validator=checks.field(_terms))

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: the fees, or the price of power."""
        return frozenset({self.fees})

    @property
    def drivers(self) -> Drivers:
        """Noise of this scenario, one, named by the fees."""
        return Drivers((self.fees,))

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        return {self.fees: block.n_paths if self.terms.standard_deviation > 0.0 else 1}

    def _begin(self, block: Block, longest: int) -> FillChunk:
        path = LogOrnsteinUhlenbeckPath(self.terms, self.fees, block.grid, block.noise, block.n_paths, longest)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            del stop, filled
            path.fill(start, rows[self.fees])

        return fill

    def describe(self) -> tuple[str, ...]:
        """Notes on the law of the fees."""
        return (Note("note.reverting", factor=self.fees, law=self.terms.in_words()),)
