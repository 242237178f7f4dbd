"""`HashrateResponse`: Bitcoin's hash rate follows hashprice, and the difficulty follows the hash rate."""

import math
from collections.abc import Mapping

import attrs
import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray
from stakingmodels.market import BlockFees, Difficulty, Factor, Hashrate, Price
from stakingmodels.protocols.chains.bitcoin import difficulty_of_hashrate, hashprice_per_ph_s_day
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.levels import LIMIT, as_drift, as_half_life, as_volatility, growth_in_words
from stakingmodels.scenarios.networks.retarget import BlockClock
from stakingmodels.scenarios.processes.reverting import ReversionSteps
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario
from stakingmodels.words import Note

PRICE, FEES = Price("BTC"), BlockFees("BTC")
HASHRATE, DIFFICULTY = Hashrate("BTC"), Difficulty("BTC")
_ELASTICITY_LIMIT = 100.0
HEIGHT_LIMIT = 10**8
_LEAST_MARGIN = 1e-9  # as a share of the breakeven: a price of 0 has no logarithm, and a hash rate must stay above 0


def _elasticity(where: str, value: object) -> float:
    return checks.non_negative(where, value, _ELASTICITY_LIMIT)


def _difficulty(where: str, value: object) -> float:
    return checks.positive(where, value, 1e30)


def _in_balance(terms: "HashrateResponse") -> float:
    return terms.difficulty / float(difficulty_of_hashrate(1.0))


@terms.sheet(eq=False)
class HashrateResponse(RowScenario):
    """Hash rate of the Bitcoin network, which follows hashprice with a lag, and the difficulty by the real retarget.

    Miners offer ``S = fleet_th_s * exp(fleet_growth t) * (hashprice / breakeven) ** elasticity``, where hashprice is
    price times subsidy and fees over difficulty, and the breakeven moves by `breakeven_growth`. The logarithm of the
    hash rate closes half of its gap to ``log S`` in a half-life, with noise. The difficulty is set every 2,016 blocks
    on each path by itself, from the time they took. So a higher price brings more hash rate, and the rising difficulty
    lowers hashprice again: at rest the elasticity of the hash rate to revenue is ``elasticity / (1 + elasticity)``.

    Depends on ``Price("BTC")`` and ``BlockFees("BTC")`` of parts before it in a `Joint`; their values at the start of a
    step decide on the hash rate at its end. The subsidy follows from the height, path by path.

    Parameters
    ----------
    difficulty
        Difficulty at the opening.
    height
        Height of the last block at the opening: it sets the position in the retarget period and the next halving.
    elasticity
        Elasticity of the hash rate that miners offer to hashprice, in [0, 100].
    half_life_days
        Half-life of the gap to the hash rate that miners offer, in days; above 0.
    breakeven
        Hashprice at which the fleet just covers its costs, money per PH/s and day; above 0. For electricity alone it is
        ``protocols.chains.bitcoin.hashcost_per_ph_s_day(joules_per_th, price_per_kwh)``.
    breakeven_growth
        Continuous growth of the breakeven a year, in [-10, 10]; below 0 where the fleet becomes more efficient.
    volatility
        Volatility of the hash rate, apart from its response: standard deviation of the log change a year, in [0, 10].
    hashrate_th_s
        Hash rate at the opening, TH/s; by default the one that finds a block in 600 s at the opening's difficulty.
    fleet_th_s
        Hash rate offered where hashprice equals the breakeven, TH/s; by default the opening's hash rate.
    fleet_growth
        Continuous growth of the fleet a year, in [-10, 10]; default 0.

    Examples
    --------
    >>> from stakingmodels import BlockFees, Constants, Joint, Price
    >>> from stakingmodels.protocols.chains.bitcoin import hashcost_per_ph_s_day
    >>> from stakingmodels.scenarios import HashrateResponse
    >>> miners = HashrateResponse(
    ...     difficulty=1.5e14,
    ...     height=924_000,
    ...     elasticity=0.5,
    ...     half_life_days=60.0,
    ...     breakeven=hashcost_per_ph_s_day(25.0, 0.06),
    ...     breakeven_growth=-0.2,
    ...     volatility=0.15,
    ... )
    >>> scenario = Joint([Constants({Price("BTC"): 90_000.0, BlockFees("BTC"): 0.02}), miners])
    """

    difficulty: float = terms.number(check=_difficulty)
    height: int = terms.count(0, HEIGHT_LIMIT, unit="blocks")
    elasticity: float = terms.number(check=_elasticity, low=0.0, high=_ELASTICITY_LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    breakeven: float = terms.positive()
    breakeven_growth: float = terms.number(check=as_drift, low=-LIMIT, high=LIMIT)
    volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    hashrate_th_s: float = terms.field(
        "number",
        checks.positive,
        1e21,
        default=attrs.Factory(_in_balance, takes_self=True),
        unit="TH/s",
        low=checks.SMALLEST,
        high=1e21,
    )
    fleet_th_s: float = terms.field(
        "number",
        checks.positive,
        1e21,
        default=attrs.Factory(lambda self: self.hashrate_th_s, takes_self=True),
        unit="TH/s",
        low=checks.SMALLEST,
        high=1e21,
    )
    fleet_growth: float = terms.number(default=0.0, check=as_drift, low=-LIMIT, high=LIMIT)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: hash rate and difficulty."""
        return frozenset({HASHRATE, DIFFICULTY})

    @property
    def depends_on(self) -> frozenset[Factor]:
        """Factors that this scenario depends on: price and block fees."""
        return frozenset({PRICE, FEES})

    @property
    def drivers(self) -> Drivers:
        """Noise of this scenario, one, named by the hash rate."""
        return Drivers((HASHRATE,))

    @property
    def _openings(self) -> Mapping[Factor, float]:
        return {HASHRATE: self.hashrate_th_s, DIFFICULTY: self.difficulty}

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        return dict.fromkeys(self.factors, block.n_paths)  # neither can be had without the other

    def _begin(self, block: Block, longest: int) -> FillChunk:
        """Function that fills a chunk, step by step: what is offered, what runs, and the blocks it finds."""
        grid, paths = block.grid, block.n_paths
        steps = ReversionSteps.diffusing(self.volatility, self.half_life_days, grid)
        days, years = grid.step_days, grid.elapsed_days[:-1] / DAYS_PER_YEAR
        log_fleet = math.log(self.fleet_th_s) + self.fleet_growth * years
        breakeven = self.breakeven * np.exp(self.breakeven_growth * years)
        logs = np.full((longest + 1, paths), math.log(self.hashrate_th_s))
        clock = BlockClock(self.height, self.difficulty, self.hashrate_th_s, paths)
        offered = np.empty(paths)

        def fill(start: int, stop: int, rows: Rows, filled: Rows) -> None:
            prices, fees = filled[PRICE], filled[FEES]
            steps.fill_noise(block.noise, HASHRATE, start, logs[1 : stop - start + 1])
            for k, step in enumerate(range(start, stop)):
                self._offer(log_fleet[step], breakeven[step], prices[k], fees[k], clock, offered)
                clock.run(rows[HASHRATE][k], float(days[step]))
                np.copyto(rows[DIFFICULTY][k + 1], clock.difficulty)
                steps.pull_to(offered, step, logs[k], logs[k + 1])
                np.exp(logs[k + 1], out=rows[HASHRATE][k + 1])
            np.copyto(logs[0], logs[stop - start])

        return fill

    def _offer(
        self,
        log_fleet: float,
        breakeven: float,
        price: FloatArray,
        fees: FloatArray,
        clock: BlockClock,
        out: FloatArray,
    ) -> None:
        """Logarithm of the hash rate that miners offer at the start of a step."""
        if self.elasticity == 0.0:
            out[:] = log_fleet
            return
        np.divide(hashprice_per_ph_s_day(clock.difficulty, clock.subsidy() + fees, price), breakeven, out=out)
        np.maximum(out, _LEAST_MARGIN, out=out)
        np.log(out, out=out)
        out *= self.elasticity
        out += log_fleet

    def describe(self) -> tuple[str, ...]:
        """Notes on the law of the hash rate, and its opening."""
        return (
            Note(
                "note.hashrate",
                factor=HASHRATE,
                elasticity=self.elasticity,
                half_life=self.half_life_days,
                volatility=self.volatility,
                breakeven=self.breakeven,
                growth=growth_in_words(self.breakeven_growth),
            ),
            Note("note.retarget", factor=DIFFICULTY, start=self.difficulty, height=self.height),
        )
