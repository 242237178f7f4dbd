"""`MeanRevertingFees`: transaction fees of a chain's blocks."""

from functools import partial

import attrs

from stakingmodels import checks
from stakingmodels.market import BlockFees, Factor, TimeGrid
from stakingmodels.scenarios.base import BlockInputs, Scenario
from stakingmodels.scenarios.drivers import Drivers, Noise
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck, LogOrnsteinUhlenbeckPath
from stakingmodels.scenarios.rows import FillChunk, Rows, RowSource
from stakingmodels.scenarios.streams import Streams
from stakingmodels.words import Note


def _fees(where: str, value: object) -> BlockFees:
    return checks.instance(where, value, BlockFees, 'BlockFees("BTC")')


def _terms(where: str, value: object) -> LogOrnsteinUhlenbeck:
    return checks.instance(
        where, value, LogOrnsteinUhlenbeck, "LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)"
    )


@attrs.frozen(eq=False)
class MeanRevertingFees(Scenario):
    """Transaction fees of a block that return to a mean, with bursts (`LogOrnsteinUhlenbeck`).

    What holds in a step is known at its start: the noise of a step moves the fees of the next one.

    Parameters
    ----------
    fees
        Which fees, such as ``BlockFees("BTC")``.
    terms
        Their law, in coins a block.

    Examples
    --------
    >>> from stakingmodels import BlockFees
    >>> from stakingmodels.scenarios import LogOrnsteinUhlenbeck, MeanRevertingFees
    >>> law = LogOrnsteinUhlenbeck(0.02, standard_deviation=0.8, half_life_days=10.0)
    >>> MeanRevertingFees(BlockFees("BTC"), law).describe()
    ('BlockFees("BTC") mean-reverting: start 0.02, mean 0.02, log deviation 0.8, half-life 10 days',)
    """

    fees: BlockFees = attrs.field(validator=checks.field(_fees))
    terms: LogOrnsteinUhlenbeck = attrs.field(validator=checks.field(_terms))

    @property
    def factors(self) -> frozenset[Factor]:
        """The fees."""
        return frozenset({self.fees})

    @property
    def drivers(self) -> Drivers:
        """One noise, named by the fees."""
        return Drivers((self.fees,))

    def generate(
        self, grid: TimeGrid, factors: frozenset[Factor], *, streams: Streams, noise: Noise, n_paths: int
    ) -> BlockInputs:
        """One source that fills the fees, if they are asked for."""
        del streams
        if not factors:
            return BlockInputs()
        source = RowSource(
            factors=frozenset({self.fees}),
            begin=partial(self._begin, grid, noise, n_paths),
            widths={self.fees: n_paths if self.terms.standard_deviation > 0.0 else 1},
        )
        return BlockInputs(sources=(source,))

    def _begin(self, grid: TimeGrid, noise: Noise, paths: int, longest: int) -> FillChunk:
        reversion = LogOrnsteinUhlenbeckPath(self.terms, self.fees, grid, noise, paths, longest)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            del stop, filled
            reversion.fill(start, rows[self.fees])

        return fill

    def describe(self) -> tuple[str, ...]:
        """The law of the fees."""
        return (Note("note.reverting", factor=self.fees, law=self.terms.in_words()),)
