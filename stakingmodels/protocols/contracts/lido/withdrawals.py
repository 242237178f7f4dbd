"""The queue of withdrawals: requests, batches, finalisation at the worse of two rates, and claims.

A request keeps the stETH and the shares it had when it was made. Finalisation pays the stETH ("nominal"), or, where
the shares stand for less by then, the ether behind the shares ("discounted"): who waits shares losses, not rewards.

Source: lidofinance/core @ 372b02e (2026-06-23), contracts/0.8.9/WithdrawalQueueBase.sol and WithdrawalQueue.sol.
"""

from bisect import bisect_right
from collections.abc import Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.contracts.evm import uint256
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings
from stakingmodels.protocols.contracts.lido.shares import SHARE_RATE_PRECISION_E27, UINT128, ShareRate, uint128

_UINT40_MAX = 2**40 - 1
_TIMESTAMP = checks.field(checks.integer, 0, _UINT40_MAX)


@attrs.frozen(kw_only=True)
class Prefinalized:
    """Needs of a set of batches: wei to lock for their claims, and shares to burn."""

    eth_to_lock: int = attrs.field(validator=UINT128)
    shares_to_burn: int = attrs.field(validator=UINT128)


@attrs.frozen(kw_only=True)
class WithdrawalRequest:
    """A place in the queue, with the sums of all requests up to it.

    Parameters
    ----------
    cumulative_steth, cumulative_shares
        wei of stETH and shares of this request and all before it.
    timestamp, report_timestamp
        Seconds: when the request was made, and of the last report before it.
    claimed
        Whether its ether was paid out.
    """

    cumulative_steth: int
    cumulative_shares: int
    timestamp: int
    report_timestamp: int
    claimed: bool = False


@attrs.frozen
class Checkpoint:
    """The greatest share rate (times 1e27) at which requests from an id on were finalised."""

    from_request_id: int
    max_share_rate: int


@attrs.frozen
class _Batch:
    """Requests that follow each other: their stETH, their shares, and the rate between the two, times 1e27."""

    steth: int
    shares: int

    @property
    def share_rate(self) -> int:
        return self.steth * SHARE_RATE_PRECISION_E27 // self.shares

    def value(self, max_share_rate: int) -> int:
        """Wei they are paid: nominal, or discounted where their own rate is above the greatest allowed."""
        if self.share_rate > max_share_rate:
            return self.shares * max_share_rate // SHARE_RATE_PRECISION_E27
        return self.steth


@attrs.frozen
class FinalizationBatches:
    """The last request of each batch that can be finalised, and the wei of the budget that are left."""

    batches: tuple[int, ...]
    remaining_eth_budget: int


_STONE = WithdrawalRequest(cumulative_steth=0, cumulative_shares=0, timestamp=0, report_timestamp=0, claimed=True)


@attrs.frozen(kw_only=True)
class WithdrawalQueue:
    """The queue at one moment; each step returns the queue after it.

    Parameters
    ----------
    requests
        By id; the one with id 0 is no request and stands for "none before".
    checkpoints
        One for each finalisation.
    last_finalized_request_id
        The requests up to it can be claimed.
    locked_ether_amount
        wei set aside for claims.
    last_report_timestamp
        Seconds.
    """

    requests: tuple[WithdrawalRequest, ...] = (_STONE,)
    checkpoints: tuple[Checkpoint, ...] = ()
    last_finalized_request_id: int = 0
    locked_ether_amount: int = 0
    last_report_timestamp: int = attrs.field(default=0, validator=_TIMESTAMP)

    @property
    def last_request_id(self) -> int:
        """The id of the last request, 0 where there is none."""
        return len(self.requests) - 1

    @property
    def unfinalized_steth(self) -> int:
        """Wei of stETH that wait to be finalised."""
        return self._batch(self.last_finalized_request_id, self.last_request_id).steth

    def on_oracle_report(self, timestamp: int) -> "WithdrawalQueue":
        """The queue after a report of a time in seconds."""
        return attrs.evolve(self, last_report_timestamp=timestamp)

    def enqueue(self, amount_of_steth: int, amount_of_shares: int, timestamp: int = 0) -> "WithdrawalQueue":
        """The queue with a request more, of any size.

        Parameters
        ----------
        amount_of_steth, amount_of_shares
            wei, and at least one share.
        timestamp
            Seconds, not before the last request's.
        """
        last = self.requests[-1]
        request = WithdrawalRequest(
            cumulative_steth=last.cumulative_steth + uint128("enqueue: amount_of_steth", amount_of_steth),
            cumulative_shares=last.cumulative_shares + uint128("enqueue: amount_of_shares", amount_of_shares, 1),
            timestamp=checks.integer("enqueue: timestamp", timestamp, last.timestamp, _UINT40_MAX),
            report_timestamp=self.last_report_timestamp,
        )
        return attrs.evolve(self, requests=(*self.requests, request))

    def request_withdrawal(
        self, amount_of_steth: int, rate: ShareRate, timestamp: int = 0, settings: Settings = STAKING_ROUTER_V3
    ) -> "WithdrawalQueue":
        """The queue with a request of a holder: 100 wei to 1,000 stETH, and the shares it stands for today."""
        least, most = settings.min_steth_withdrawal_amount, settings.max_steth_withdrawal_amount
        amount = uint128("request_withdrawal: amount_of_steth", amount_of_steth)
        if not least <= amount <= most:
            checks.refuse("request_withdrawal: amount_of_steth", f"must be in [{least}, {most}] wei", amount)
        return self.enqueue(amount, rate.get_shares_by_pooled_eth(amount), timestamp)

    def calculate_finalization_batches(
        self, max_share_rate: int, max_timestamp: int, eth_budget: int, settings: Settings = STAKING_ROUTER_V3
    ) -> FinalizationBatches:
        """Batches of requests that can be finalised, first come first served, each of one kind.

        Parameters
        ----------
        max_share_rate
            The pool's rate times 1e27, above 0.
        max_timestamp
            Seconds: later requests must wait (see `bunker.safe_border_epoch`).
        eth_budget
            wei that may be spent, above 0.
        settings
            The version of the protocol: the most batches.
        """
        where = "calculate_finalization_batches"
        rate = uint256(f"{where}: max_share_rate", max_share_rate, 1)
        latest = checks.integer(f"{where}: max_timestamp", max_timestamp, 0, _UINT40_MAX)
        budget = uint256(f"{where}: eth_budget", eth_budget, 1)
        batches: list[int] = []
        for request_id in range(self.last_finalized_request_id + 1, len(self.requests)):
            value = self._batch(request_id - 1, request_id).value(rate)
            if self.requests[request_id].timestamp > latest or value > budget:
                break
            if batches and self._joins(request_id, rate):
                batches[-1] = request_id
            elif len(batches) < settings.max_batches_length:
                batches.append(request_id)
            else:
                # The contract has taken this request's ether off the budget by here, and reports it so.
                return FinalizationBatches(tuple(batches), budget - value)
            budget -= value
        return FinalizationBatches(tuple(batches), budget)

    def _joins(self, request_id: int, max_share_rate: int) -> bool:
        """Whether a request is of one kind with that before it.

        Requests between the same two reports have one rate, and differ by rounding only.
        """
        if self.requests[request_id].report_timestamp == self.requests[request_id - 1].report_timestamp:
            return True
        above = self._batch(request_id - 1, request_id).share_rate > max_share_rate
        return above == (self._batch(request_id - 2, request_id - 1).share_rate > max_share_rate)

    def prefinalize(self, batches: Sequence[int], max_share_rate: int) -> Prefinalized:
        """Needs of finalising batches: each is nominal or discounted as a whole.

        Parameters
        ----------
        batches
            The last request of each, rising.
        max_share_rate
            The pool's rate times 1e27, above 0.

        Raises
        ------
        InputError
            For no batches, and for ids that do not rise from the last finalised request to at most the last one.
        """
        rate = uint256("prefinalize: max_share_rate", max_share_rate, 1)
        if not len(batches):
            checks.refuse("prefinalize: batches", "must hold one id at least", batches)
        eth_to_lock = shares_to_burn = 0
        before = self.last_finalized_request_id
        for end in batches:
            batch = self._batch(before, self._unfinalized("prefinalize: batches", end, before))
            eth_to_lock += batch.value(rate)
            shares_to_burn += batch.shares
            before = int(end)
        return Prefinalized(eth_to_lock=eth_to_lock, shares_to_burn=shares_to_burn)

    def finalize(self, last_request_id: int, amount_of_eth: int, max_share_rate: int) -> "WithdrawalQueue":
        """The queue with requests up to an id finalised and ether locked for them.

        Parameters
        ----------
        last_request_id
            The end of the last batch.
        amount_of_eth
            wei, as `prefinalize` says; at most the requests' stETH.
        max_share_rate
            The pool's rate times 1e27.
        """
        before = self.last_finalized_request_id
        end = self._unfinalized("finalize: last_request_id", last_request_id, before)
        amount = uint128("finalize: amount_of_eth", amount_of_eth)
        steth = self._batch(before, end).steth
        if amount > steth:
            checks.refuse("finalize: amount_of_eth", f"must be at most the requests' stETH, {steth}", amount)
        checkpoint = Checkpoint(before + 1, uint256("finalize: max_share_rate", max_share_rate, 1))
        return attrs.evolve(
            self,
            checkpoints=(*self.checkpoints, checkpoint),
            last_finalized_request_id=end,
            locked_ether_amount=self.locked_ether_amount + amount,
        )

    def get_claimable_ether(self, request_id: int) -> int:
        """Wei that a request can claim: 0 if it is not finalised, or was claimed."""
        end = checks.integer("get_claimable_ether: request_id", request_id, 1, self.last_request_id)
        if end > self.last_finalized_request_id or self.requests[end].claimed:
            return 0
        index = bisect_right(self.checkpoints, end, key=lambda checkpoint: checkpoint.from_request_id)
        return self._batch(end - 1, end).value(self.checkpoints[index - 1].max_share_rate)

    def claim(self, request_id: int) -> tuple["WithdrawalQueue", int]:
        """The queue after a claim, and the wei paid. A wei or two a request stay locked, lost to rounding.

        Raises
        ------
        InputError
            For a request that is not finalised or was claimed, and where less ether is locked than it claims.
        """
        end = checks.integer("claim: request_id", request_id, 1, self.last_request_id)
        if end > self.last_finalized_request_id or self.requests[end].claimed:
            checks.refuse("claim: request_id", "must be finalised and not yet claimed", request_id)
        amount = self.get_claimable_ether(end)
        if amount > self.locked_ether_amount:
            checks.refuse(
                "claim: locked_ether_amount", f"must be at least the claim, {amount}", self.locked_ether_amount
            )
        paid = attrs.evolve(self.requests[end], claimed=True)
        requests = (*self.requests[:end], paid, *self.requests[end + 1 :])
        return attrs.evolve(self, requests=requests, locked_ether_amount=self.locked_ether_amount - amount), amount

    def _unfinalized(self, where: str, request_id: object, after: int) -> int:
        return checks.integer(where, request_id, after + 1, self.last_request_id)

    def _batch(self, before: int, end: int) -> _Batch:
        first, last = self.requests[before], self.requests[end]
        return _Batch(last.cumulative_steth - first.cumulative_steth, last.cumulative_shares - first.cumulative_shares)
