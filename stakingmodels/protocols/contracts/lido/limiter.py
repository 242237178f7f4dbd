"""Limit of one report's positive rebase: the excess waits for later reports.

Without it, whoever buys just before a large report and sells just after takes rewards that others have earned.

Source: lidofinance/core @ 372b02e (2026-06-23), contracts/0.8.9/lib/PositiveTokenRebaseLimiter.sol, and
contracts/0.8.9/sanity_checks/OracleReportSanityChecker.sol (smoothenTokenRebase).
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.contracts.evm import UINT256_MAX, uint256
from stakingmodels.protocols.contracts.lido.settings import UNLIMITED_REBASE
from stakingmodels.protocols.contracts.lido.shares import UINT128, ShareRate, uint128

LIMITER_PRECISION_BASE = 10**9
"""Representation of a limit of 100 %."""


@attrs.frozen
class TokenRebaseLimiter:
    """The state of a rebase under way, field by field as the contract holds it; `init_limiter_state` makes one.

    Parameters
    ----------
    pre_total_pooled_ether, pre_total_shares
        Before the report.
    current_total_pooled_ether
        With what was added and taken so far.
    positive_rebase_limit
        In parts of 1e9.
    max_total_pooled_ether
        The most that the limit allows at an unchanged number of shares; 2**256 - 1 where nothing is limited.
    """

    pre_total_pooled_ether: int = attrs.field(validator=UINT128)
    pre_total_shares: int = attrs.field(validator=UINT128)
    current_total_pooled_ether: int = attrs.field(validator=checks.field(uint256))
    positive_rebase_limit: int = attrs.field(validator=checks.field(checks.integer, 1, UNLIMITED_REBASE))
    max_total_pooled_ether: int = attrs.field(validator=checks.field(uint256))

    def __attrs_post_init__(self) -> None:
        if self.current_total_pooled_ether > self.max_total_pooled_ether:
            rule = f"must be at most max_total_pooled_ether, {self.max_total_pooled_ether}"
            checks.refuse("TokenRebaseLimiter.current_total_pooled_ether", rule, self.current_total_pooled_ether)

    @property
    def is_unlimited(self) -> bool:
        """Whether there is no limit. The contract then counts neither inflows nor outflows."""
        return self.positive_rebase_limit == UNLIMITED_REBASE

    def is_limit_reached(self) -> bool:
        """Whether nothing more can be added."""
        return self.current_total_pooled_ether >= self.max_total_pooled_ether

    def decrease_ether(self, ether_amount: int) -> "TokenRebaseLimiter":
        """The state with some ether less, which makes room for as much.

        Raises
        ------
        InputError
            For more ether than there is.
        """
        amount = uint128("decrease_ether: ether_amount", ether_amount)
        if self.is_unlimited:
            return self
        if amount > self.current_total_pooled_ether:
            rule = f"must be at most the pooled ether, {self.current_total_pooled_ether}"
            checks.refuse("decrease_ether: ether_amount", rule, amount)
        return attrs.evolve(self, current_total_pooled_ether=self.current_total_pooled_ether - amount)

    def increase_ether(self, ether_amount: int) -> tuple["TokenRebaseLimiter", int]:
        """State after adding ether up to the limit, and the amount added."""
        amount = uint128("increase_ether: ether_amount", ether_amount)
        if self.is_unlimited:
            return self, amount
        current = min(self.current_total_pooled_ether + amount, self.max_total_pooled_ether)
        return attrs.evolve(self, current_total_pooled_ether=current), current - self.current_total_pooled_ether

    def get_shares_to_burn_limit(self) -> int:
        """Shares that may be burnt, which lifts the rate too: ``floor(shares * (1 + R - X) / (1 + R))``.

        R is the limit, and X the pooled ether over that before the report, rounded down to parts of 1e9.
        """
        if self.is_unlimited:
            return self.pre_total_shares
        if self.is_limit_reached():
            return 0
        limit_plus_1 = self.positive_rebase_limit + LIMITER_PRECISION_BASE
        ether_rate = self.current_total_pooled_ether * LIMITER_PRECISION_BASE // self.pre_total_pooled_ether
        return self.pre_total_shares * (limit_plus_1 - ether_rate) // limit_plus_1


def init_limiter_state(rebase_limit: int, pre_total_pooled_ether: int, pre_total_shares: int) -> TokenRebaseLimiter:
    """The state at the start of a rebase; an empty pool has no limit.

    Parameters
    ----------
    rebase_limit
        In parts of 1e9, above 0; `UNLIMITED_REBASE` for none.
    pre_total_pooled_ether, pre_total_shares
        Internal ether (wei) and internal shares before the report.
    """
    where = "init_limiter_state"
    limit = checks.integer(f"{where}: rebase_limit", rebase_limit, 1, UNLIMITED_REBASE)
    ether = uint128(f"{where}: pre_total_pooled_ether", pre_total_pooled_ether)
    shares = uint128(f"{where}: pre_total_shares", pre_total_shares)
    if ether == 0:
        limit = UNLIMITED_REBASE
    most = UINT256_MAX if limit == UNLIMITED_REBASE else ether + limit * ether // LIMITER_PRECISION_BASE
    return TokenRebaseLimiter(ether, shares, ether, limit, most)


@attrs.frozen
class SmoothenedRebase:
    """Amounts that one report may take from the vaults (wei) and burn (shares).

    Parameters
    ----------
    withdrawals, el_rewards
        wei to take from the withdrawals vault and from the execution layer rewards vault.
    shares_from_wq_to_burn, shares_to_burn
        Shares to burn because withdrawals are finalised, and all shares to burn.
    """

    withdrawals: int
    el_rewards: int
    shares_from_wq_to_burn: int
    shares_to_burn: int


def smoothen_token_rebase(
    pre: ShareRate,
    *,
    rebase_limit: int,
    pre_cl_balance: int,
    post_cl_balance: int,
    withdrawal_vault_balance: int,
    el_rewards_vault_balance: int,
    shares_requested_to_burn: int = 0,
    ether_to_lock_for_withdrawals: int = 0,
    new_shares_to_burn_for_withdrawals: int = 0,
) -> SmoothenedRebase:
    """Amounts that a report may take from the vaults and burn without exceeding the limit on the share rate.

    The balances of validators come first and are never held back; then the withdrawals vault, then the rewards vault,
    then shares to burn.

    Parameters
    ----------
    pre
        Internal ether and shares before the report.
    rebase_limit
        In parts of 1e9.
    pre_cl_balance, post_cl_balance
        wei on the consensus layer without and with what the report brings: before, fresh deposits included, and after.
    withdrawal_vault_balance, el_rewards_vault_balance
        wei in the two vaults.
    shares_requested_to_burn, new_shares_to_burn_for_withdrawals
        Shares waiting to be burnt, and those of the requests that this report finalises.
    ether_to_lock_for_withdrawals
        wei for those requests.
    """
    where = "smoothen_token_rebase"
    before = uint128(f"{where}: pre_cl_balance", pre_cl_balance)
    after = uint128(f"{where}: post_cl_balance", post_cl_balance)
    requested = uint128(f"{where}: shares_requested_to_burn", shares_requested_to_burn)
    newly = uint128(f"{where}: new_shares_to_burn_for_withdrawals", new_shares_to_burn_for_withdrawals)
    limiter = init_limiter_state(rebase_limit, pre.ether, pre.shares)
    if after < before:
        limiter = limiter.decrease_ether(before - after)
    else:
        limiter, _ = limiter.increase_ether(after - before)
    limiter, withdrawals = limiter.increase_ether(withdrawal_vault_balance)
    limiter, el_rewards = limiter.increase_ether(el_rewards_vault_balance)
    without_withdrawals = min(limiter.get_shares_to_burn_limit(), requested)
    limiter = limiter.decrease_ether(ether_to_lock_for_withdrawals)
    burnt = min(limiter.get_shares_to_burn_limit(), newly + requested)
    return SmoothenedRebase(withdrawals, el_rewards, burnt - without_withdrawals, burnt)
