"""Lido's vectors: conversions of shares, fee in shares, limit of a rebase, queue of withdrawals."""

from collections.abc import Mapping

import attrs

from stakingmodels.protocols.contracts import lido
from tests.golden.runner import Answer, Inputs


def _shares(inputs: Inputs) -> object:
    rate = lido.ShareRate(inputs.integer("total_pooled_ether"), inputs.integer("total_shares"))
    amount = inputs.integer("amount")
    return {
        "getSharesByPooledEth": rate.get_shares_by_pooled_eth(amount),
        "getPooledEthByShares": rate.get_pooled_eth_by_shares(amount),
        "getPooledEthBySharesRoundUp": rate.get_pooled_eth_by_shares_round_up(amount),
    }


def _fee_shares(inputs: Inputs) -> object:
    amounts = {key: inputs.integer(key) for key in inputs}
    return {"shares_to_mint_as_fees": lido.calculate_total_protocol_fee_shares(**amounts)}


def _rebase_limiter(inputs: Inputs) -> object:
    limiter = lido.init_limiter_state(
        inputs.integer("rebase_limit_1e9"),
        inputs.integer("pre_total_pooled_ether"),
        inputs.integer("pre_total_shares"),
    ).decrease_ether(inputs.integer("decrease_ether"))
    limiter, consumed = limiter.increase_ether(inputs.integer("increase_ether"))
    return {
        "consumed_ether": consumed,
        "limit_reached": limiter.is_limit_reached(),
        "shares_to_burn_limit": limiter.get_shares_to_burn_limit(),
        "state_raw": attrs.astuple(limiter),
    }


def _withdrawal_queue(inputs: Inputs) -> object:
    queue = lido.WithdrawalQueue()
    for steth, shares in inputs["requests_stETH_shares"]:
        queue = queue.enqueue(int(steth), int(shares))
    rate, batches = inputs.integer("max_share_rate_1e27"), [int(end) for end in inputs["batches"]]
    needed = queue.prefinalize(batches, rate)
    queue = queue.finalize(batches[-1], needed.eth_to_lock, rate)
    return {
        "eth_to_lock": needed.eth_to_lock,
        "shares_to_burn": needed.shares_to_burn,
        "claimable": [queue.get_claimable_ether(each) for each in range(1, queue.last_request_id + 1)],
    }


CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    "lido_shares": _shares,
    "lido_fee_shares": _fee_shares,
    "lido_rebase_limiter": _rebase_limiter,
    "lido_withdrawal_queue": _withdrawal_queue,
}
