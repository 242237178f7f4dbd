"""`StakedSupply`: staked ETH that responds to its yield, and a yield that the protocol sets from the stake."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from stakingmodels import checks, terms
from stakingmodels._types import FloatArray, PathValue
from stakingmodels.market import ActiveStake, ExecutionReward, Factor, StakingQueue, StakingReward
from stakingmodels.protocols.chains.ethereum import (
    FULU,
    GWEI_PER_ETH,
    ActivationWait,
    ExitWait,
    Ruleset,
    activation_wait,
    daily_reward,
    exit_wait,
    get_activation_churn_limit,
    get_base_reward_per_increment,
    get_exit_churn_limit,
)
from stakingmodels.protocols.numbers import number
from stakingmodels.rates import DAYS_PER_YEAR
from stakingmodels.scenarios.drivers import Drivers
from stakingmodels.scenarios.levels import LIMIT, as_drift, as_half_life, as_volatility
from stakingmodels.scenarios.processes.reverting import LogOrnsteinUhlenbeck, LogOrnsteinUhlenbeckPath, ReversionSteps
from stakingmodels.scenarios.rows import Block, FillChunk, Rows, RowScenario
from stakingmodels.words import Note

_LEAST_ETH = 1e6
_MOST_ETH = 1e9
_ELASTICITY_LIMIT = 100.0


STAKED, QUEUE = ActiveStake("ETH"), StakingQueue("ETH")
REWARD, EXECUTION = StakingReward("ETH"), ExecutionReward("ETH")


def _eth(where: str, value: object) -> float:
    stake = checks.positive(where, value, _MOST_ETH)
    if stake < _LEAST_ETH:
        checks.refuse(where, f"must be in [{_LEAST_ETH:g}, {_MOST_ETH:g}] ETH", value)
    return stake


def _elasticity(where: str, value: object) -> float:
    return checks.non_negative(where, value, _ELASTICITY_LIMIT)


def _reverting(where: str, value: object) -> LogOrnsteinUhlenbeck:
    return checks.instance(
        where, value, LogOrnsteinUhlenbeck, "LogOrnsteinUhlenbeck(100.0, standard_deviation=0.5, half_life_days=5.0)"
    )


def _ruleset(where: str, value: object) -> Ruleset:
    rules = checks.instance(where, value, Ruleset, "FULU")
    get_activation_churn_limit(rules.min_activation_balance, rules)  # refuses forks before Electra
    return rules


@terms.sheet(eq=False)
class StakedSupply(RowScenario):
    """Ethereum's stake, its queues, and the rewards that follow from them.

    Holders want to stake ``start_eth * exp(growth t) * (yield now / yield at the opening) ** elasticity``; the
    logarithm of the wanted stake closes half of its gap to that in a half-life, with noise. Active stake moves to the
    wanted stake no faster than the protocol's churn limit; the rest waits in the entry or exit queue. Consensus rewards
    are the protocol's on the active stake; tips and MEV are an amount of ETH a day for the whole network. Rewards that
    compound are not added to the stake.

    The state at the start of a step decides on the step. The factors are the rates ``StakingReward("ETH")`` and
    ``ExecutionReward("ETH")``, and the levels ``ActiveStake("ETH")`` and ``StakingQueue("ETH")``.

    Parameters
    ----------
    start_eth
        Active stake at the opening, ETH, in [1e6, 1e9].
    supply_eth
        Total supply of ETH, an upper bound of the stake; at least `start_eth`.
    elasticity
        Elasticity of wanted stake to the yield, in [0, 100].
    half_life_days
        Half-life of the gap to the wanted stake, in days; above 0.
    volatility
        Volatility of wanted stake, apart from its response: standard deviation of the log change a year, in [0, 10].
    execution
        Tips and MEV of the whole network, ETH a day.
    growth
        Continuous growth a year of wanted stake at a constant yield, in [-10, 10]; default 0.
    participation
        Share of the stake that attests in time, in [0, 1]; default 1.
    performance
        Share of the best possible consensus reward that an always online validator gets, in [0, 1]; default 1.
    ruleset
        Constants of a fork since Electra.

    Examples
    --------
    >>> from stakingmodels.scenarios import LogOrnsteinUhlenbeck, StakedSupply
    >>> supply = StakedSupply(
    ...     start_eth=35.4e6,
    ...     supply_eth=120.7e6,
    ...     elasticity=0.5,
    ...     half_life_days=180.0,
    ...     volatility=0.02,
    ...     execution=LogOrnsteinUhlenbeck(100.0, standard_deviation=0.6, half_life_days=4.0),
    ... )
    >>> f"{supply.opening_yield:.4%}"
    '2.8954%'
    """

    start_eth: float = terms.number(check=_eth, unit="ETH", low=_LEAST_ETH, high=_MOST_ETH)
    supply_eth: float = terms.number(check=_eth, unit="ETH", low=_LEAST_ETH, high=_MOST_ETH)
    elasticity: float = terms.number(check=_elasticity, low=0.0, high=_ELASTICITY_LIMIT)
    half_life_days: float = terms.days(check=as_half_life)
    volatility: float = terms.number(check=as_volatility, low=0.0, high=LIMIT)
    execution: LogOrnsteinUhlenbeck = terms.field("other", _reverting)
    growth: float = terms.number(default=0.0, check=as_drift, low=-LIMIT, high=LIMIT)
    participation: float = terms.fraction(default=1.0)
    performance: float = terms.fraction(default=1.0)
    ruleset: Ruleset = terms.field("other", _ruleset, default=FULU)

    def __attrs_post_init__(self) -> None:
        if self.supply_eth < self.start_eth:
            checks.refuse("StakedSupply.supply_eth", "must be at least start_eth", self.supply_eth)

    @property
    def opening_yield(self) -> float:
        """Simple rate a year of 365 days at the opening: consensus and execution."""
        daily = ConsensusTable(self).at(self.start_eth) + self.execution.initial_level / self.start_eth
        return daily * DAYS_PER_YEAR

    def waits(self, staked: PathValue, queue: PathValue) -> tuple[ActivationWait, ExitWait]:
        """Waits of a validator of 32 ETH that joins a queue now: to activate, and to exit, by the protocol's queues.

        Parameters
        ----------
        staked, queue
            ``ActiveStake("ETH")`` and ``StakingQueue("ETH")``, numbers or arrays of one shape.

        Returns
        -------
        tuple
            `ActivationWait` and `ExitWait`, of arrays; ``.days`` is the total wait of each.
        """
        total = _coins("StakedSupply.waits: staked", staked).astype(np.int64) * GWEI_PER_ETH
        gwei = np.rint(_coins("StakedSupply.waits: queue", queue) * GWEI_PER_ETH).astype(np.int64)
        own = self.ruleset.min_activation_balance
        coming, leaving = np.maximum(gwei, 0), np.maximum(-gwei, 0)
        return activation_wait(total, coming, own, self.ruleset), exit_wait(total, leaving, own, self.ruleset)

    @property
    def factors(self) -> frozenset[Factor]:
        """Factors of this scenario: both rewards, the stake and the queue."""
        return frozenset({REWARD, EXECUTION, STAKED, QUEUE})

    @property
    def drivers(self) -> Drivers:
        """Noises of this scenario: one of the stake, one of tips and MEV."""
        return Drivers((STAKED, EXECUTION))

    @property
    def _openings(self) -> Mapping[Factor, float]:
        return {STAKED: self.start_eth, QUEUE: 0.0}

    def _widths(self, block: Block) -> Mapping[Factor, int]:
        return dict.fromkeys(self.factors, block.n_paths)  # none can be had without the others

    def _begin(self, block: Block, longest: int) -> FillChunk:
        return _Stake(self, block, longest)

    def describe(self) -> tuple[str, ...]:
        """Notes on the law of the stake, and its yield at the opening."""
        return (
            Note(
                "note.staked",
                factor=STAKED,
                start=self.start_eth,
                supply=self.supply_eth,
                elasticity=self.elasticity,
                half_life=self.half_life_days,
                volatility=self.volatility,
            ),
            Note(
                "note.staking_rules",
                factor=REWARD,
                rules=self.ruleset.name,
                reward=self.opening_yield,
                participation=self.participation,
                performance=self.performance,
            ),
            Note("note.execution", factor=EXECUTION, law=self.execution.in_words()),
        )


class ConsensusTable:
    """Consensus reward a day on a coin of active stake, for many paths.

    The protocol's reward depends on the stake through a whole number, the base reward per increment; for one such
    number it is constant except for rounding. So the exact rule (`daily_reward`) is evaluated once for every value of
    that number. The error is below 5e-6; below 4e-4 where, with less than full participation, a duty's reward is a
    whole number of Gwei before it is rounded down.
    """

    def __init__(self, terms: StakedSupply) -> None:
        self._terms = terms
        self._first = 0
        self._rates: FloatArray = np.empty(0)

    def at(self, stake: float) -> float:
        """Daily reward at one stake, ETH."""
        return float(self.fill(np.array([stake]), np.empty(1))[0])

    def fill(self, stake: FloatArray, out: FloatArray) -> FloatArray:
        """Write the reward at each stake, ETH, into `out`, and return it."""
        gwei = stake.astype(np.int64) * GWEI_PER_ETH  # effective balances are whole ETH
        base = get_base_reward_per_increment(gwei, self._terms.ruleset)
        self._cover(int(base.min()), int(base.max()))
        return np.take(self._rates, base - self._first, out=out)

    def _cover(self, low: int, high: int) -> None:
        last = self._first + self._rates.size - 1
        if self._rates.size and self._first <= low and high <= last:
            return
        if not self._rates.size:
            self._first, last = low, low - 1
        below = [self._rate(base) for base in range(low, self._first)]
        above = [self._rate(base) for base in range(last + 1, high + 1)]
        self._rates = np.array([*below, *self._rates, *above])
        self._first = min(low, self._first)

    def _rate(self, base: int) -> float:
        rules = self._terms.ruleset
        increment, own = rules.effective_balance_increment, rules.min_activation_balance
        root = increment * rules.base_reward_factor // base  # the largest with this base reward
        total = root**2 // increment * increment
        day = daily_reward(own, total, participation=self._terms.participation, ruleset=rules)
        return day.total * GWEI_PER_ETH / own * self._terms.performance


class _Stake:
    """Fills chunk after chunk of stake, queue and rewards, step by step."""

    def __init__(self, terms: StakedSupply, block: Block, longest: int) -> None:
        grid, noise, paths = block.grid, block.noise, block.n_paths
        self._terms = terms
        self._days = grid.step_days
        self._noise = noise
        self._table = ConsensusTable(terms)
        self._tips = LogOrnsteinUhlenbeckPath(terms.execution, EXECUTION, grid, noise, paths, longest)
        self._tips_a_day: FloatArray = np.empty((longest, self._tips.width))
        self._steps = ReversionSteps.diffusing(terms.volatility, terms.half_life_days, grid)
        self._wanted: FloatArray = np.full((longest + 1, paths), math.log(terms.start_eth))  # logarithms
        opening = terms.opening_yield / DAYS_PER_YEAR
        # the wanted stake is start * exp(growth t) * (yield / opening) ** elasticity
        years = grid.elapsed_days[:-1] / DAYS_PER_YEAR
        self._centre = math.log(terms.start_eth) + terms.growth * years - terms.elasticity * math.log(opening)

    def __call__(self, start: int, stop: int, rows: Rows, filled: Rows) -> None:
        """Fill the steps from `start` to before `stop`."""
        del filled
        n = stop - start
        self._steps.fill_noise(self._noise, STAKED, start, self._wanted[1 : n + 1])
        tips = self._tips_a_day[:n]
        self._tips.fill(start, tips)
        np.divide(tips, self._terms.start_eth, out=rows[EXECUTION])
        for k in range(n):
            self._step(start + k, k, rows)
        np.copyto(self._wanted[0], self._wanted[n])

    def _step(self, step: int, k: int, rows: Rows) -> None:
        """Rates paid in one step, and stake at its end."""
        stake, reward, tips = rows[STAKED][k], rows[REWARD][k], rows[EXECUTION][k]
        np.multiply(tips, self._terms.start_eth / stake, out=tips)
        self._table.fill(stake, reward)
        reward += tips
        wanted, target = self._wanted[k + 1], rows[QUEUE][k + 1]
        np.log(reward, out=target)
        target *= self._terms.elasticity
        target += self._centre[step]
        self._steps.pull_to(target, step, self._wanted[k], wanted)
        np.minimum(wanted, math.log(self._terms.supply_eth), out=wanted)
        np.maximum(wanted, math.log(_LEAST_ETH), out=wanted)
        self._move(step, stake, np.exp(wanted, out=target), rows[STAKED][k + 1])
        np.subtract(target, rows[STAKED][k + 1], out=target)
        reward *= self._days[step]
        tips *= self._days[step]

    def _move(self, step: int, stake: FloatArray, wanted: FloatArray, out: FloatArray) -> None:
        """Stake at the end of a step: the wanted stake, as far as the churn limit allows."""
        epochs = float(self._days[step]) * self._terms.ruleset.epochs_per_day
        entry, leave = (
            _churn(limit, stake, self._terms.ruleset) for limit in (get_activation_churn_limit, get_exit_churn_limit)
        )
        np.subtract(wanted, stake, out=out)
        np.minimum(out, entry * epochs, out=out)
        np.maximum(out, -leave * epochs, out=out)
        np.add(out, stake, out=out)


def _coins(where: str, value: PathValue) -> FloatArray:
    """Coins as floats, of which 64 bits can hold the base units."""
    coins = np.asarray(number(where, value), dtype=np.float64)
    if not np.all(np.abs(coins) <= _MOST_ETH):
        checks.refuse(where, f"must be finite and at most {_MOST_ETH:g} ETH", value)
    return coins


def _churn(limit: Callable[[Any, Ruleset], Any], stake: FloatArray, ruleset: Ruleset) -> PathValue:
    """Churn limit of an epoch in ETH: one number where it is the same on all paths."""
    low, high = (limit(int(bound) * GWEI_PER_ETH, ruleset) for bound in (stake.min(), stake.max()))
    if low == high:
        return float(low) / GWEI_PER_ETH
    each: FloatArray = limit(stake.astype(np.int64) * GWEI_PER_ETH, ruleset) / GWEI_PER_ETH
    return each
