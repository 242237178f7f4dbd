"""The life of one validator, epoch by epoch: attestations, proposals, seats, effective balance, pay-outs.

The truth that the closed forms of `closed_form` and the laws of `pooling` are held against. The network around it
finalises and stands still.
"""

from collections.abc import Iterator
from types import SimpleNamespace

import attrs
import numpy as np

from stakingmodels import checks
from stakingmodels._types import BoolArray, IntArray, RNGLike
from stakingmodels.protocols.chains.ethereum.effective_balance import (
    max_effective_balance_for,
    process_effective_balance_updates,
)
from stakingmodels.protocols.chains.ethereum.issuance import YEAR_DAYS
from stakingmodels.protocols.chains.ethereum.rewards import (
    PARTICIPATION_FLAGS,
    block_reward,
    get_flag_index_deltas,
    get_sync_participant_reward,
)
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, Ruleset, as_ruleset
from stakingmodels.protocols.chains.ethereum.selection_laws import proposals, sync_seats
from stakingmodels.protocols.chains.ethereum.state import (
    COMPOUNDING_WITHDRAWAL_PREFIX,
    ETH1_ADDRESS_WITHDRAWAL_PREFIX,
    Validator,
)
from stakingmodels.protocols.chains.ethereum.withdrawals import is_partially_withdrawable_validator
from stakingmodels.protocols.integers import INT64_MAX
from stakingmodels.series import Sealed, frozen

YEAR_EPOCHS = int(YEAR_DAYS * int(FULU.epochs_per_day))
"""82,125: 365 days of 225 epochs."""
SWEEP_EPOCHS = 1_953
"""8.7 days: a round of the sweep when it pays a million validators, see `sweep_slots`."""
_LIVES, _EPOCHS = 10_000, 10_000_000


@attrs.frozen(eq=False)
class ValidatorRuns(Sealed):
    """Results of simulated validators over the same epochs; arrays ``(lives,)``, amounts in Gwei.

    Parameters
    ----------
    attester, proposer, sync
        Rewards for duties done, at least 0.
    penalties
        Penalties for attestations and sync votes missed, at least 0.
    proposals, seats
        Number of blocks assigned, and of periods with a seat in the sync committee.
    withdrawn
        Amount paid out by the sweep.
    balance, effective_balance
        Balances at the end.
    """

    attester: IntArray
    proposer: IntArray
    sync: IntArray
    penalties: IntArray
    proposals: IntArray
    seats: IntArray
    withdrawn: IntArray
    balance: IntArray
    effective_balance: IntArray

    @property
    def reward(self) -> IntArray:
        """Total rewards less penalties."""
        return frozen(self.attester + self.proposer + self.sync - self.penalties)


def simulate_validators(
    effective_balance: int,
    total_active_balance: int,
    rng: RNGLike = None,
    *,
    lives: int = 1,
    epochs: int = YEAR_EPOCHS,
    compounding: bool = False,
    uptime: float = 1.0,
    participation: float = 1.0,
    sweep_epochs: int = SWEEP_EPOCHS,
    ruleset: Ruleset = FULU,
) -> ValidatorRuns:
    """Simulate validators of one balance, independent of one another.

    A validator performs every duty in an epoch in which it is online, otherwise none. Random duties are drawn at the
    start of every period of the sync committee, by the effective balance at that time: a seat, and the number of
    blocks, each assigned to a random epoch of the period.

    Parameters
    ----------
    effective_balance, total_active_balance
        Gwei. The balance starts as the effective balance, a whole number of ETH; the total is constant.
    rng
        Seed: an integer, `SeedSequence`, `Generator` (which advances), or None for fresh entropy.
    lives
        Number of validators simulated, at most 10,000.
    epochs
        Number of epochs; default a year of 365 days.
    compounding
        Whether credentials are 0x02, so that rewards stay up to 2,048 ETH.
    uptime
        Probability that it is online in an epoch.
    participation
        Share of the stake that attests in time and votes in the sync committee.
    sweep_epochs
        Epochs between two visits of the withdrawal sweep.

    Raises
    ------
    InputError
        For numbers outside their range, or an effective balance that is not whole or above the maximum.
    """
    as_ruleset("simulate_validators", ruleset)
    life = _Life.of(effective_balance, total_active_balance, lives, compounding, participation, ruleset)
    up = checks.fraction("simulate_validators: uptime", uptime)
    count = checks.integer("simulate_validators: epochs", epochs, 1, _EPOCHS)
    sweep = checks.integer("simulate_validators: sweep_epochs", sweep_epochs, 1, _EPOCHS)
    draws = checks.generator("simulate_validators: rng", rng)
    for stretch, sweeps, period_starts in _stretches(count, sweep, ruleset.epochs_per_sync_committee_period):
        if period_starts:
            life.draw_duties(draws)
        life.pass_epochs(draws, stretch, up)
        if sweeps:
            life.sweep()
    return ValidatorRuns(**vars(life.tally))


def _stretches(epochs: int, sweep_epochs: int, period: int) -> Iterator[tuple[int, bool, bool]]:
    """Runs of epochs without a sweep or a new sync committee in between: length, sweep at the end, period at start."""
    now = 0
    while now < epochs:
        until = min(now - now % period + period, now - now % sweep_epochs + sweep_epochs, epochs)
        yield until - now, until % sweep_epochs == 0, now % period == 0
        now = until


@attrs.define(eq=False)
class _Life:
    """Mutable state of the simulation."""

    tally: SimpleNamespace
    """The fields of `ValidatorRuns`, while they are written to."""
    ruleset: Ruleset
    total: int
    most: int
    prefix: int
    gain: IntArray
    """Reward for timely attestations of an epoch, by increments of effective balance."""
    loss: IntArray
    """Penalty for missing them."""
    block: int
    seat: int
    blocks: IntArray
    """Blocks to propose in the epochs of this period, ``(256, lives)``."""
    seated: IntArray
    """Seats in this period, 0 or 1, ``(lives,)``."""
    passed: int = 0
    """Epochs of this period that are over."""

    @classmethod
    def of(
        cls,
        effective_balance: int,
        total_active_balance: int,
        lives: int,
        compounding: bool,  # noqa: FBT001 -- private, and passed on
        participation: float,
        ruleset: Ruleset,
    ) -> "_Life":
        increment = ruleset.effective_balance_increment
        most = max_effective_balance_for(checks.flag("simulate_validators: compounding", compounding), ruleset)
        total = checks.integer("simulate_validators: total_active_balance", total_active_balance, increment, INT64_MAX)
        own = checks.integer("simulate_validators: effective_balance", effective_balance, increment, min(most, total))
        if own % increment:
            checks.refuse("simulate_validators: effective_balance", f"must be a multiple of {increment} Gwei", own)
        count = checks.integer("simulate_validators: lives", lives, 1, _LIVES)
        having = (
            round(checks.fraction("simulate_validators: participation", participation) * (total // increment))
            * increment
        )
        balances = np.arange(min(most, total) // increment + 1) * increment
        deltas = [
            get_flag_index_deltas(balances, flag, having, total, leak=False, ruleset=ruleset)
            for flag in range(PARTICIPATION_FLAGS)
        ]
        nothing = np.zeros(count, dtype=np.int64)
        starts = dict.fromkeys((field.name for field in attrs.fields(ValidatorRuns)), 0)
        starts |= {"balance": own, "effective_balance": own}
        return cls(
            tally=SimpleNamespace(**{name: nothing + start for name, start in starts.items()}),
            ruleset=ruleset,
            total=total,
            most=most,
            prefix=COMPOUNDING_WITHDRAWAL_PREFIX if compounding else ETH1_ADDRESS_WITHDRAWAL_PREFIX,
            gain=np.sum([reward for reward, _ in deltas], axis=0),
            loss=np.sum([penalty for _, penalty in deltas], axis=0),
            block=block_reward(total, ruleset, having),
            seat=int(get_sync_participant_reward(total, ruleset)) * ruleset.slots_per_epoch,
            blocks=np.zeros((ruleset.epochs_per_sync_committee_period, count), dtype=np.int64),
            seated=nothing,
        )

    def draw_duties(self, rng: np.random.Generator) -> None:
        """Blocks and seats of the period that starts."""
        epochs, lives = self.blocks.shape
        slots = epochs * self.ruleset.slots_per_epoch
        kinds, which = np.unique(self.tally.effective_balance, return_inverse=True)
        chances = [proposals(int(kind), self.total, slots).probability for kind in kinds]
        seats = [sync_seats(int(kind), self.total, 1, self.ruleset).probability for kind in kinds]
        counts = rng.binomial(slots, np.array(chances)[which])
        who = np.repeat(np.arange(lives), counts)
        self.blocks[:] = 0
        np.add.at(self.blocks, (rng.integers(epochs, size=who.size), who), 1)
        self.seated = rng.binomial(1, np.array(seats)[which])
        self.tally.seats[:] += self.seated
        self.passed = 0

    def pass_epochs(self, rng: np.random.Generator, epochs: int, uptime: float) -> None:
        """Rewards, penalties and effective balances of some epochs of the same period."""
        lives = self.tally
        online = rng.random((epochs, self.seated.size)) < uptime
        blocks = self.blocks[self.passed : self.passed + epochs]
        proposed = blocks * online * self.block
        voted = np.where(online, self.seated, -self.seated) * self.seat
        lives.proposals[:] += blocks.sum(axis=0)
        lives.proposer[:] += proposed.sum(axis=0)
        lives.sync[:] += np.maximum(voted, 0).sum(axis=0)
        lives.penalties[:] += np.maximum(-voted, 0).sum(axis=0)
        by_lot = proposed + voted
        everyone = np.arange(self.seated.size)
        moving = self._book(everyone, lives.effective_balance[np.newaxis], online, by_lot)
        if moving.size:
            effective = self._followed(moving, online[:, moving], by_lot[:, moving])
            self._book(moving, effective, online[:, moving], by_lot[:, moving])
        self.passed += epochs

    def _path(self, who: IntArray, effective: IntArray, online: BoolArray, by_lot: IntArray) -> IntArray:
        """Balances of some lives after each epoch, for effective balances ``(epochs or 1, lives)``."""
        increments = effective // self.ruleset.effective_balance_increment
        path = np.where(online, self.gain[increments], -self.loss[increments])
        path += by_lot
        path.cumsum(axis=0, out=path)
        path += self.tally.balance[who]
        return path

    def _book(self, who: IntArray, effective: IntArray, online: BoolArray, by_lot: IntArray) -> IntArray:
        """Book attestations and balances of some lives; not of those whose effective balance moves, who are returned.

        One row of effective balances says that they stand still. That is so if neither the lowest nor the highest
        balance on the way moves them.
        """
        path = self._path(who, effective, online, by_lot)
        after = self._moved(path[-1], effective[-1])
        still: BoolArray = np.full(who.size, fill_value=True)
        if effective.shape[0] == 1:
            low, high = (self._moved(extreme, effective[0]) for extreme in (path.min(axis=0), path.max(axis=0)))
            still = (low == effective[0]) & (high == effective[0])
        increments = effective // self.ruleset.effective_balance_increment
        lives, whose = self.tally, who[still]
        lives.attester[whose] += (self.gain[increments] * online).sum(axis=0)[still]
        lives.penalties[whose] += (self.loss[increments] * ~online).sum(axis=0)[still]
        lives.balance[whose] = path[-1][still]
        lives.effective_balance[whose] = after[still]
        return who[~still]

    def _followed(self, who: IntArray, online: BoolArray, by_lot: IntArray) -> IntArray:
        """Effective balances in each epoch: corrected until every epoch starts with what the one before ended with."""
        effective = np.broadcast_to(self.tally.effective_balance[who], online.shape).copy()
        rows = np.arange(online.shape[0])[:, np.newaxis]
        while True:
            after = self._moved(self._path(who, effective, online, by_lot), effective)
            wrong = after[:-1] != effective[1:]
            if not wrong.any():
                return effective
            first = wrong.argmax(axis=0)
            corrected = after[first, np.arange(who.size)]
            effective = np.where(wrong.any(axis=0) & (rows > first), corrected, effective)

    def _moved(self, balance: IntArray, effective: IntArray) -> IntArray:
        moved: IntArray = process_effective_balance_updates(balance, effective, self.most, self.ruleset)
        return moved

    def sweep(self) -> None:
        """The withdrawal sweep comes by and pays what is above the maximum."""
        lives = self.tally
        for life in np.flatnonzero(lives.balance > self.most).tolist():
            balance = int(lives.balance[life])
            validator = Validator(int(lives.effective_balance[life]), balance, self.prefix)
            if is_partially_withdrawable_validator(validator, balance, self.ruleset):
                lives.withdrawn[life] += balance - self.most
                lives.balance[life] = self.most
