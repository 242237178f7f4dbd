"""`DutyPay`: rewards of validators for their duties, and the fines for missed ones."""

import numpy as np

from stakingmodels._types import BoolArray, FloatArray, IntArray, PathValue
from stakingmodels.ledger import Account, Book, Line
from stakingmodels.ledger.lines import LineShares
from stakingmodels.market import ExecutionReward, Now, StakingReward
from stakingmodels.products.parts.schedules import Schedule, Scheduled
from stakingmodels.products.staking.block_values import BlockValues
from stakingmodels.products.staking.duty_draws import PROPOSER_SHARE, SYNC_SHARE, DutyDraws
from stakingmodels.products.staking.validator_terms import ValidatorTerms
from stakingmodels.products.staking.validators import LEAST_STAKE, Validators
from stakingmodels.protocols.chains.ethereum import FULU, downtime_penalty_share
from stakingmodels.values import at, is_zero, lowest

PENALTY_SHARE = downtime_penalty_share(FULU)
"""Fine for missed duties, as a share of the consensus reward missed: 42/64."""

Shares = tuple[tuple[Line, float], ...]
"""Lines with their shares of an amount."""


def _net(shares: Shares) -> float:
    return sum(share for _, share in shares)


def _cause(shares: Shares) -> LineShares:
    """The line itself, where one has all of an amount."""
    return shares[0][0] if len(shares) == 1 and shares[0][1] == 1.0 else shares


class DutyPay:
    """Pay of the consensus and execution rewards, in equal parts and by lot.

    Parameters
    ----------
    book, terms, now
        The position's book and terms, and the opening: in a market where nothing is drawn, duties pay their means.
    staked, coins
        Accounts of the stake, and of coins in the wallet.

    Attributes
    ----------
    sweeps
        Whether rewards of a validator of 32 ETH can go to the wallet at once.
    """

    def __init__(self, book: Book, terms: ValidatorTerms, now: Now, staked: Account, coins: Account) -> None:
        self._book = book
        self._uptime = terms.uptime
        kept = terms.commission
        self._changing = Scheduled(kept, now) if isinstance(kept, Schedule) else None  # booked on its own
        commission = 0.0 if isinstance(kept, Schedule) else kept
        self._on_all = terms.commission_on == "rewards"
        self._kept: PathValue = 0.0  # in the interval, of a commission that changes
        self._commission = commission if self._on_all else 0.0
        self._part = terms.reward_share
        self._staked = staked
        self._coins = coins
        self._reward, self._execution = StakingReward(terms.asset), ExecutionReward(terms.asset)
        by_lot, self._luck = (0.0, 0.0), None
        if terms.random_duties and now.is_drawn:
            self._luck = DutyDraws(terms.asset, LEAST_STAKE * terms.network_validators)
            by_lot = (PROPOSER_SHARE, SYNC_SHARE)  # posted on its own
        self._duties = self._shares(1.0 - sum(by_lot), PENALTY_SHARE - by_lot[1])
        self._seats = self._shares(1.0, 1.0)
        self._proposals = _cause(self._shares(1.0, 0.0, uptime=1.0))
        self._smooths = terms.smoothing_fee is not None
        self._tips = _cause(self._tips_shares(terms.smoothing_fee or 0.0, commission))
        self._tips_kept = self._part * (1.0 - (terms.smoothing_fee or 0.0))  # of which a commission is taken
        draws_values = terms.block_values == "recorded" and not self._smooths and self._luck is not None
        self._values = BlockValues(terms.asset) if draws_values else None
        self.sweeps = (terms.own_stake < LEAST_STAKE or not terms.compounding) and min(
            _net(self._duties), _net(self._seats)
        ) >= 0.0
        self._seen: FloatArray | None = None
        self._given: tuple[PathValue, PathValue] | None = None  # the numbers that were parted last

    def _shares(self, paid: float, fined: float, *, uptime: float | None = None) -> Shares:
        """Shares of a reward: the part for the time online, the fine for that offline, and an operator's commission.

        The owner has its part of the reward less the fine, of which the commission is taken; where the fine is larger,
        the owner bears all of it.
        """
        online = self._uptime if uptime is None else uptime
        shares: Shares = ((Line.CONSENSUS, online * paid),)
        if online < 1.0:
            shares = (*shares, (Line.DOWNTIME, -(1.0 - online) * fined))
        net = _net(shares)
        if net > 0.0 and self._part < 1.0:
            shares = tuple((line, share * self._part) for line, share in shares)
        fee = self._commission * max(net, 0.0) * self._part
        return (*shares, (Line.COMMISSION, -fee)) if fee else shares

    def _tips_shares(self, smoothing_fee: float, commission: float) -> Shares:
        """Shares of an execution reward: the owner's part, less the fee of a smoothing pool and the commission."""
        pool, operator = self._part * smoothing_fee, self._part * (1.0 - smoothing_fee) * commission
        fees = ((Line.PROTOCOL, -pool), (Line.COMMISSION, -operator))
        return ((Line.EXECUTION, self._part), *((line, fee) for line, fee in fees if fee))

    def _parts(self, total: PathValue, execution: PathValue) -> tuple[PathValue, PathValue]:
        """Consensus and execution part of a reward; the latter is at least 0 and, unless the reward is less, in it."""
        given, numbers = (total, execution), not (isinstance(total, np.ndarray) or isinstance(execution, np.ndarray))
        if not numbers or given != self._given:
            execution = np.minimum(np.maximum(execution, 0.0), np.maximum(total, 0.0))
            self._split = total - execution, execution
            self._given = given if numbers else None
        return self._split

    def step(self, now: Now, validators: Validators, part: PathValue) -> None:
        """Pay the rewards of an interval of which the validators work a part."""
        book, stake = self._book, validators.stake
        self._kept = 0.0 if self._changing is None else self._changing.fraction(now)
        consensus, execution = self._parts(now[self._reward], now[self._execution])
        reward = np.multiply(stake, consensus * part, out=now.scratch)
        if self._luck is not None:
            if stake is not self._seen:
                self._luck.forget()
                self._seen = stake
            self._luck.look(now, stake, validators.count, part, self._uptime)
        if validators.all_full and lowest(consensus) >= 0.0:
            self._pay(self._duties, self._coins, reward)
            self._pay_lots(now, stake, part, None, consensus, execution)
            return
        pays = np.broadcast_to(np.greater_equal(consensus, 0.0), reward.shape)
        swept = validators.full & pays
        if swept.any():
            self._pay(self._duties, self._coins, np.where(swept, reward, 0.0))
        fines = -_net(self._duties)
        rewarded = np.where(pays & ~swept, reward, 0.0)
        if fines > 0.0:  # no more can be taken than is there
            rewarded = np.minimum(rewarded, np.maximum(self._staked.units, 0.0) / fines)
        self._pay(self._duties, self._staked, rewarded)
        if not pays.all():  # there is no fine on a negative reward
            lost = np.maximum(self._uptime * reward, -self._staked.units)
            book.post(Line.CONSENSUS, self._staked, np.where(pays, 0.0, lost))
        self._pay_lots(now, stake, part, swept, np.maximum(consensus, 0.0), execution)
        excess = np.where(swept, 0.0, validators.excess())
        if np.any(excess > 0.0):
            book.move(self._staked, self._coins, np.maximum(excess, 0.0))
        validators.update_effective()

    def _pay_lots(
        self,
        now: Now,
        stake: FloatArray,
        part: PathValue,
        swept: BoolArray | None,
        consensus: PathValue,
        execution: PathValue,
    ) -> None:
        """Book the rewards drawn at random: a part of the consensus reward, and all of the execution reward."""
        if self._luck is None or self._smooths:
            if not is_zero(execution):
                paid = stake * (self._uptime * execution * part)
                self._pay_tips(paid)
            if self._luck is None:
                return
        paths, drawn = self._luck.proposals(now)
        if paths.size:
            self._pay_some(self._proposals, swept, paths, drawn * (PROPOSER_SHARE * at(consensus, paths)))
            if not self._smooths and not is_zero(execution):
                blocks = 1.0 if self._values is None else self._values.mean_of(now, paths, self._luck.blocks(drawn))
                self._pay_tips(drawn * (blocks * at(execution, paths)), paths)
        paths, drawn = self._luck.seats(now)
        if paths.size:
            self._pay_some(self._seats, swept, paths, drawn * (SYNC_SHARE * at(consensus, paths)))

    def _pay_some(self, cause: LineShares, swept: BoolArray | None, paths: IntArray, reward: FloatArray) -> None:
        """Book a reward, less its fine, on some paths: in the wallet if it is swept there, otherwise on the stake."""
        if swept is None:
            self._pay(cause, self._coins, reward, paths)
            return
        fines = 0.0 if isinstance(cause, Line) else -_net(cause)
        for account, there in ((self._coins, swept[paths]), (self._staked, ~swept[paths])):
            some = reward[there]
            if fines > 0.0:
                some = np.minimum(some, np.maximum(account.units[paths[there]], 0.0) / fines)
            self._pay(cause, account, some, paths[there])

    def _pay(self, cause: LineShares, account: Account, reward: FloatArray, paths: IntArray | None = None) -> None:
        """Book a consensus reward, and a commission on it that changes."""
        self._book.post(cause, account, reward, paths)
        if self._on_all:
            self._keep(account, reward, 1.0 if isinstance(cause, Line) else _net(cause), paths)

    def _pay_tips(self, reward: FloatArray, paths: IntArray | None = None) -> None:
        """Book an execution reward, and a commission on it that changes."""
        self._book.post(self._tips, self._coins, reward, paths)
        self._keep(self._coins, reward, self._tips_kept, paths)

    def _keep(self, account: Account, reward: FloatArray, share: float, paths: IntArray | None) -> None:
        """Book a commission that changes, on a share of a reward: nothing of a fine."""
        if self._changing is not None and share > 0.0 and not is_zero(self._kept):
            self._book.post(Line.COMMISSION, account, -reward * (share * at(self._kept, paths)), paths)
