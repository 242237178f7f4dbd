"""`DutyDraws`: random draws of validators' duties, block proposals and seats in sync committees."""

import math

import attrs
import numpy as np

from stakingmodels._types import FloatArray, IntArray, PathValue
from stakingmodels.market import Now
from stakingmodels.protocols.chains.ethereum import FULU, proposal_draws, proposer_share
from stakingmodels.values import fixed

SLOTS_PER_DAY = float(FULU.epochs_per_day * FULU.slots_per_epoch)
"""Slots a day, 7,200: one proposer every 12 seconds."""
SLOTS_PER_PERIOD = float(FULU.epochs_per_sync_committee_period * FULU.slots_per_epoch)
"""Slots of a sync committee's period, 8,192 or 27.3 hours."""
SEATS = float(FULU.sync_committee_size)
"""Seats in a sync committee, 512."""
PROPOSER_SHARE = proposer_share(FULU)
"""Share of the consensus reward paid for proposals: 8/64."""
SYNC_SHARE = FULU.sync_reward_weight / FULU.weight_denominator
"""Share of the consensus reward paid for seats in sync committees: 2/64."""


@attrs.frozen(eq=False)
class _Draws:
    """Trials and probability of proposals, and of seats, in an interval of so many slots."""

    slots: float
    proposals: tuple[PathValue, PathValue]
    seats: tuple[PathValue, PathValue]


class DutyDraws:
    """Duty draws of a group of validators, each expressed as the stake whose mean pay equals the pay drawn.

    In each slot a group proposes with probability of its stake over the network's. In each period of 8,192 slots each
    validator has a seat with probability of 512 times its stake over the network's; more than 512 validators share the
    512 seats. A part of a slot or of a period counts in proportion, and a seat pays for its whole period in the step in
    which it is drawn.

    Parameters
    ----------
    asset
        Coin; it is in the names of the draws.
    network
        Stake of the whole network, coins.
    """

    def __init__(self, asset: str, network: float) -> None:
        self._keys = f"proposals:{asset}", f"sync committees:{asset}"
        self._network = network
        self._draws: _Draws | None = None

    def forget(self) -> None:
        """Drop the cached probabilities, since the stake has changed."""
        self._draws = None

    def look(self, now: Now, stake: FloatArray, validators: FloatArray, part: PathValue, uptime: float) -> None:
        """Set the probabilities of this interval, of which the validators work a part; cached while nothing changes."""
        slots = now.days * SLOTS_PER_DAY
        whole = not isinstance(part, np.ndarray) and part == 1.0
        if self._draws is not None and whole and self._draws.slots == slots:
            return
        working = np.minimum(stake, self._network) * part
        trials, chance = proposal_draws(working * uptime, self._network, slots)
        draws = _Draws(slots, (trials, fixed(chance)), self._seat_draws(working, stake, validators, slots))
        self._draws = draws if whole else None
        self._now_draws = draws

    def _seat_draws(
        self, working: FloatArray, stake: FloatArray, validators: FloatArray, slots: float
    ) -> tuple[PathValue, PathValue]:
        """Trials and probability of seats: one trial per validator and period, or one per seat above 512 validators."""
        periods = slots / SLOTS_PER_PERIOD
        count = float(math.ceil(periods))
        few = (validators <= SEATS) & (SEATS * stake <= self._network * validators)
        each = np.where(few, validators, SEATS)
        chance = SEATS * working / (self._network * np.maximum(each, 1.0)) * (periods / count)
        return fixed(each * count), fixed(np.minimum(chance, 1.0))

    def proposals(self, now: Now) -> tuple[IntArray, FloatArray]:
        """Paths with proposals, and the stake with this mean number of proposals."""
        draws = self._now_draws
        paths, drawn = now.successes(self._keys[0], *draws.proposals)
        return paths, drawn * (self._network / draws.slots) if paths.size else drawn

    def blocks(self, proposals: FloatArray) -> FloatArray:
        """Number of blocks behind proposals that are expressed as a stake."""
        return np.rint(proposals * (self._now_draws.slots / self._network))

    def seats(self, now: Now) -> tuple[IntArray, FloatArray]:
        """Paths with seats, and the stake with this mean number of seats."""
        draws = self._now_draws
        paths, drawn = now.successes(self._keys[1], *draws.seats)
        return paths, drawn * (self._network * SLOTS_PER_PERIOD / (SEATS * draws.slots)) if paths.size else drawn
