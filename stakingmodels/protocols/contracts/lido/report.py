"""A report of the oracle: one rebase, from balances seen on chain to the pool's new share rate.

Source: lidofinance/core @ 372b02e (2026-06-23), contracts/0.8.9/Accounting.sol.
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.contracts.lido.limiter import SmoothenedRebase, smoothen_token_rebase
from stakingmodels.protocols.contracts.lido.settings import STAKING_ROUTER_V3, Settings
from stakingmodels.protocols.contracts.lido.shares import UINT128, ShareRate, transient_ether, uint128
from stakingmodels.protocols.contracts.lido.withdrawals import Prefinalized

_NOTHING = Prefinalized(eth_to_lock=0, shares_to_burn=0)


@attrs.frozen(kw_only=True)
class PreReportState:
    """The pool before a report.

    Parameters
    ----------
    rate
        Internal ether (wei) and internal shares.
    cl_balance
        wei on the consensus layer as the last report saw them, at most the internal ether: of validators, and since the
        Staking Router v3 with the deposits pending there.
    cl_validators
        Validators that the last report saw, for settings that count them (`V3`).
    external_shares
        Shares minted against other people's vaults.
    bad_debt_to_internalize
        External shares whose vaults can no longer cover them: the pool takes them over, and all holders the loss.
    deposited_since_last_report
        wei, for settings that count balances.
    """

    rate: ShareRate
    cl_balance: int = attrs.field(validator=UINT128)
    cl_validators: int = attrs.field(default=0, validator=UINT128)
    external_shares: int = attrs.field(default=0, validator=UINT128)
    bad_debt_to_internalize: int = attrs.field(default=0, validator=UINT128)
    deposited_since_last_report: int = attrs.field(default=0, validator=UINT128)

    def __attrs_post_init__(self) -> None:
        if self.cl_balance > self.rate.ether:
            rule = f"must be at most the pool's internal ether, {self.rate.ether}"
            checks.refuse("PreReportState.cl_balance", rule, self.cl_balance)
        if self.bad_debt_to_internalize > self.external_shares:
            rule = f"must be at most external_shares, {self.external_shares}"
            checks.refuse("PreReportState.bad_debt_to_internalize", rule, self.bad_debt_to_internalize)


@attrs.frozen(kw_only=True)
class Report:
    """Oracle report at its reference slot. Balances are wei.

    Parameters
    ----------
    cl_balance, cl_validators
        Sum of the validators' balances (since the Staking Router v3 with the deposits pending), and for settings that
        count validators their number, at least that of the last report.
    withdrawal_vault_balance, el_rewards_vault_balance
        In the vaults of withdrawals (skimmed rewards and exited stake) and of execution layer rewards.
    shares_requested_to_burn
        Shares waiting to be burnt.
    """

    cl_balance: int = attrs.field(validator=UINT128)
    cl_validators: int = attrs.field(default=0, validator=UINT128)
    withdrawal_vault_balance: int = attrs.field(default=0, validator=UINT128)
    el_rewards_vault_balance: int = attrs.field(default=0, validator=UINT128)
    shares_requested_to_burn: int = attrs.field(default=0, validator=UINT128)


@attrs.frozen(kw_only=True)
class Rebase:
    """Changes made by one report: the contract's `CalculatedValues`.

    Parameters
    ----------
    pre, post
        Internal ether and shares before and after.
    principal_cl_balance
        wei on the consensus layer that are no reward: seen by the last report, or deposited since.
    smoothened
        Amounts taken from the vaults and burnt, within the limit of a rebase.
    finalized
        wei locked and shares given up for finalised withdrawals.
    shares_to_mint_as_fees, module_shares_to_mint, treasury_shares_to_mint
        The fee in new shares, and who gets them.
    post_external_shares
        Shares that others' vaults still back.
    """

    pre: ShareRate
    post: ShareRate
    principal_cl_balance: int
    smoothened: SmoothenedRebase
    finalized: Prefinalized
    shares_to_mint_as_fees: int
    module_shares_to_mint: tuple[int, ...]
    treasury_shares_to_mint: int
    post_external_shares: int

    @property
    def post_total_shares(self) -> int:
        """Internal and external shares after the report."""
        return self.post.shares + self.post_external_shares

    @property
    def post_total_pooled_ether(self) -> int:
        """Wei behind all shares after the report, the supply of stETH."""
        return self.post.ether + self.post.get_pooled_eth_by_shares(self.post_external_shares)


def calculate_total_protocol_fee_shares(
    *,
    report_cl_balance: int,
    principal_cl_balance: int,
    withdrawals_vault_transfer: int,
    el_rewards_vault_transfer: int,
    internal_shares_before_fees: int,
    post_internal_ether: int,
    total_fee: int,
    fee_precision: int,
) -> int:
    """New shares that are worth the protocol's fee once they are minted.

    ``floor(fee * shares / (ether - fee))`` with ``fee = floor(rewards * total_fee / fee_precision)``. Where the
    consensus layer brought no profit there is no fee, not even on execution layer rewards (LIP-12).

    Parameters
    ----------
    report_cl_balance, principal_cl_balance
        wei on the consensus layer as reported, and without rewards.
    withdrawals_vault_transfer, el_rewards_vault_transfer
        wei taken from the vaults.
    internal_shares_before_fees, post_internal_ether
        Shares and wei after the report, before the fee's shares are minted.
    total_fee, fee_precision
        The fee, and what stands for 100 %.

    Raises
    ------
    InputError
        For a fee that is not below the pool's ether, beside what is no amount.

    Notes
    -----
    Source: Accounting._calculateTotalProtocolFeeShares.
    """
    where = "calculate_total_protocol_fee_shares"
    principal = uint128(f"{where}: principal_cl_balance", principal_cl_balance)
    transfer = uint128(f"{where}: withdrawals_vault_transfer", withdrawals_vault_transfer)
    profit = uint128(f"{where}: report_cl_balance", report_cl_balance) + transfer - principal
    el_rewards = uint128(f"{where}: el_rewards_vault_transfer", el_rewards_vault_transfer)
    shares = uint128(f"{where}: internal_shares_before_fees", internal_shares_before_fees)
    ether = uint128(f"{where}: post_internal_ether", post_internal_ether)
    precision = uint128(f"{where}: fee_precision", fee_precision, 1)
    fee = checks.integer(f"{where}: total_fee", total_fee, 0, precision)
    if profit <= 0:
        return 0
    fee_ether = (profit + el_rewards) * fee // precision
    if fee_ether >= ether:
        checks.refuse(f"{where}: post_internal_ether", f"must be above the fee, {fee_ether}", ether)
    return fee_ether * shares // (ether - fee_ether)


def calculate_fee_distribution(
    shares_to_mint_as_fees: int, module_fees: tuple[int, ...], total_fee: int
) -> tuple[tuple[int, ...], int]:
    """Shares of the fee for each staking module, rounded down, and for the treasury: the rest.

    Parameters
    ----------
    shares_to_mint_as_fees
        The whole fee in shares.
    module_fees, total_fee
        Each module's part, and the sum with the treasury's, in one unit; the sum above 0.

    Notes
    -----
    Source: Accounting._calculateFeeDistribution.
    """
    where = "calculate_fee_distribution"
    shares = uint128(f"{where}: shares_to_mint_as_fees", shares_to_mint_as_fees)
    whole = uint128(f"{where}: total_fee", total_fee, 1)
    parts = [checks.integer(f"{where}: module_fees", fee, 0, whole) for fee in module_fees]
    if sum(parts) > whole:
        checks.refuse(f"{where}: module_fees", f"must add up to at most total_fee, {whole}", module_fees)
    modules = tuple(shares * part // whole for part in parts)
    return modules, shares - sum(modules)


def simulate_oracle_report(
    pre: PreReportState, report: Report, finalized: Prefinalized = _NOTHING, settings: Settings = STAKING_ROUTER_V3
) -> Rebase:
    """All that a report changes, in the order of the contract: limit, vaults, withdrawals, fee, bad debt.

    Parameters
    ----------
    pre, report
        The pool before, and what the oracle saw.
    finalized
        Withdrawals that the report finalises (see `WithdrawalQueue.prefinalize`). Its share rate is that of the same
        report simulated without any: ``simulate_oracle_report(pre, report).post.e27()``.
    settings
        The version of the protocol.

    Raises
    ------
    InputError
        For fewer validators than the last report saw, for validators where balances are counted and the other way
        round, and where nothing would be left of the pool.

    Notes
    -----
    Source: Accounting._simulateOracleReport; LIP-35, Rewards Calculation.
    """
    new_validators = report.cl_validators - pre.cl_validators
    if new_validators < 0:
        rule = f"must be at least those of the last report, {pre.cl_validators}"
        checks.refuse("simulate_oracle_report: report.cl_validators", rule, report.cl_validators)
    where = "simulate_oracle_report"
    counted = max(pre.cl_validators, report.cl_validators)
    principal = pre.cl_balance + transient_ether(
        where, new_validators, counted, pre.deposited_since_last_report, settings
    )
    smoothened = smoothen_token_rebase(
        pre.rate,
        rebase_limit=settings.max_positive_token_rebase,
        pre_cl_balance=principal,
        post_cl_balance=report.cl_balance,
        withdrawal_vault_balance=report.withdrawal_vault_balance,
        el_rewards_vault_balance=report.el_rewards_vault_balance,
        shares_requested_to_burn=report.shares_requested_to_burn,
        ether_to_lock_for_withdrawals=finalized.eth_to_lock,
        new_shares_to_burn_for_withdrawals=finalized.shares_to_burn,
    )
    return _rebase(pre, report, finalized, principal, smoothened, settings)


def _rebase(
    pre: PreReportState,
    report: Report,
    finalized: Prefinalized,
    principal: int,
    smoothened: SmoothenedRebase,
    settings: Settings,
) -> Rebase:
    collected = smoothened.withdrawals + smoothened.el_rewards
    ether = pre.rate.ether + report.cl_balance + collected - principal - finalized.eth_to_lock
    shares = pre.rate.shares - smoothened.shares_to_burn
    if ether < 0 or shares <= 0:
        checks.refuse("simulate_oracle_report: report", "must leave some of the pool's ether and shares", report)
    fee_shares = calculate_total_protocol_fee_shares(
        report_cl_balance=report.cl_balance,
        principal_cl_balance=principal,
        withdrawals_vault_transfer=smoothened.withdrawals,
        el_rewards_vault_transfer=smoothened.el_rewards,
        internal_shares_before_fees=shares,
        post_internal_ether=ether,
        total_fee=settings.total_fee,
        fee_precision=settings.fee_precision,
    )
    modules: tuple[int, ...] = (0,) * len(settings.module_fees)
    treasury = 0
    if fee_shares:
        modules, treasury = calculate_fee_distribution(fee_shares, settings.module_fees, settings.total_fee)
    return Rebase(
        pre=pre.rate,
        post=ShareRate(ether, shares + fee_shares + pre.bad_debt_to_internalize),
        principal_cl_balance=principal,
        smoothened=smoothened,
        finalized=finalized,
        shares_to_mint_as_fees=fee_shares,
        module_shares_to_mint=modules,
        treasury_shares_to_mint=treasury,
        post_external_shares=pre.external_shares - pre.bad_debt_to_internalize,
    )
