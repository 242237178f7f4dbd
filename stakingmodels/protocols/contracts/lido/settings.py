"""Settings of Lido's governance, one frozen and dated value a version.

Source: lidofinance/core @ 372b02e (2026-06-23), deployed-mainnet.json (oracleReportSanityChecker, oracleDaemonConfig,
hashConsensusForAccountingOracle) and the constants of the contracts named at each field. Read on 2026-11-22. For the
Staking Router v3: lidofinance/lido-improvement-proposals, LIPS/lip-35.md (2026-05-22).
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.ethereum.rulesets import FULU, Ruleset
from stakingmodels.protocols.contracts.evm import uint256

UNLIMITED_REBASE = 2**64 - 1
"""A rebase limit that limits nothing. Source: PositiveTokenRebaseLimiter.sol, UNLIMITED_REBASE."""
_INT64 = 2**63 - 1


def _fees(where: str, value: object) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        checks.refuse_type(where, "must be a tuple of fees", value)
    return tuple(uint256(f"{where}[{index}]", fee) for index, fee in enumerate(value))


_AMOUNT = checks.field(uint256, 1)
_COUNT = checks.field(checks.integer, 1, _INT64)
_COUNT_OR_NONE = checks.field(checks.integer, 0, _INT64)


@attrs.frozen(kw_only=True)
class Settings:
    """Settings of a version of Lido, which its governance can change; `attrs.evolve` makes a variant. Amounts in wei.

    Parameters
    ----------
    name, as_of
        The version, and the day of the source.
    max_positive_token_rebase
        The most that one report may raise the share rate by, in parts of 1e9: 750,000 is 0.075 %. What is above stays
        in the vaults for later reports. Source: OracleReportSanityChecker.sol, LimitsList.
    request_timestamp_margin
        Seconds that must lie between a withdrawal request and the report that finalises it. Source: the same.
    min_steth_withdrawal_amount, max_steth_withdrawal_amount
        Bounds of one withdrawal request. Source: WithdrawalQueue.sol.
    max_batches_length
        The most batches that one report may finalise. Source: WithdrawalQueueBase.sol.
    deposit_size
        Value of a validator that was paid for and is not yet seen on the consensus layer. Source: Lido.sol. None where
        balances are counted instead of validators, so that a validator may have up to 2,048 ETH (LIP-35).
    deposits_reserve_target
        Part of the buffer kept for deposits, before withdrawals; 0 where withdrawals come first. Source: LIP-35.
    initial_slashing_amount, inactivity_penalties_amount
        The fall of the consensus layer's balance that a report may bring unasked, for each validator: for slashings of
        18 days and for inactivity of 54 days. Source: OracleReportSanityChecker.sol. 0 where balances are counted.
    max_cl_balance_decrease_bp
        Allowed fall of that balance in parts of 10,000, over 36 days. Source: LIP-35. 0 where validators are counted.
    total_fee, module_fees, fee_precision
        The protocol's fee on rewards, the parts of it that go to the staking modules (the rest goes to the treasury),
        and what stands for 100 %. Source: StakingRouter.getStakingRewardsDistribution, which weights the modules by
        their active validators, since LIP-35 by their balances. One module that keeps half of the fee is [assumption]:
        so it is in the project's own test fixture, while the deployed module SimpleDVT keeps 8 of the 10 percent.
    epochs_per_frame
        Epochs between reports: 225, one day. Source: HashConsensus.sol.
    finalization_max_negative_rebase_epoch_shift
        The longest that a negative rebase holds withdrawals back, in epochs: 1,350, six days.
        Source: OracleDaemonConfig.sol.
    normalized_cl_reward_per_epoch, normalized_cl_reward_mistake_rate_bp
        Ethereum's base reward factor as the oracle has it; and the shortfall of rewards, in parts of 10,000, from
        which a report counts as abnormal. Source: the same.
    seconds_in_year
        The year of published yields: 365.25 days. Source: lidofinance/lido-oracle @ 1d0b944 (2026-07-14),
        src/constants.py.
    chain
        Slots of the chain, which turn the margin into epochs.
    """

    name: str = attrs.field(validator=checks.TEXT)
    as_of: str = attrs.field(validator=checks.TEXT)
    max_positive_token_rebase: int = attrs.field(validator=checks.field(checks.integer, 1, UNLIMITED_REBASE))
    request_timestamp_margin: int = attrs.field(validator=_COUNT_OR_NONE)
    min_steth_withdrawal_amount: int = attrs.field(validator=_AMOUNT)
    max_steth_withdrawal_amount: int = attrs.field(validator=_AMOUNT)
    max_batches_length: int = attrs.field(validator=_COUNT)
    deposit_size: int | None = attrs.field(validator=checks.field(uint256, 1, optional=True))
    deposits_reserve_target: int = attrs.field(validator=checks.field(uint256))
    initial_slashing_amount: int = attrs.field(validator=checks.field(uint256))
    inactivity_penalties_amount: int = attrs.field(validator=checks.field(uint256))
    max_cl_balance_decrease_bp: int = attrs.field(validator=checks.field(checks.integer, 0, 10_000))
    total_fee: int = attrs.field(validator=checks.field(uint256))
    module_fees: tuple[int, ...] = attrs.field(validator=checks.field(_fees))
    fee_precision: int = attrs.field(validator=_AMOUNT)
    epochs_per_frame: int = attrs.field(validator=_COUNT)
    finalization_max_negative_rebase_epoch_shift: int = attrs.field(validator=_COUNT_OR_NONE)
    normalized_cl_reward_per_epoch: int = attrs.field(validator=_COUNT)
    normalized_cl_reward_mistake_rate_bp: int = attrs.field(validator=checks.field(checks.integer, 0, 10_000))
    seconds_in_year: int = attrs.field(validator=_COUNT)
    chain: Ruleset

    def __attrs_post_init__(self) -> None:
        if self.total_fee > self.fee_precision:
            checks.refuse("Settings.total_fee", f"must be at most fee_precision, {self.fee_precision}", self.total_fee)
        if sum(self.module_fees) > self.total_fee:
            checks.refuse(
                "Settings.module_fees", f"must add up to at most total_fee, {self.total_fee}", self.module_fees
            )

    @property
    def seconds_per_epoch(self) -> int:
        """Seconds of one epoch of the chain."""
        return self.chain.slots_per_epoch * self.chain.slot_duration_ms // 1000


V3 = Settings(
    name="V3",
    as_of="2026-06-23",
    max_positive_token_rebase=750_000,
    request_timestamp_margin=7_680,
    min_steth_withdrawal_amount=100,
    max_steth_withdrawal_amount=1_000 * 10**18,
    max_batches_length=36,
    deposit_size=32 * 10**18,
    deposits_reserve_target=0,
    initial_slashing_amount=8 * 10**15,
    inactivity_penalties_amount=101 * 10**15,
    max_cl_balance_decrease_bp=0,
    total_fee=10 * 10**18,
    module_fees=(5 * 10**18,),
    fee_precision=100 * 10**18,
    epochs_per_frame=225,
    finalization_max_negative_rebase_epoch_shift=1_350,
    normalized_cl_reward_per_epoch=64,
    normalized_cl_reward_mistake_rate_bp=1_000,
    seconds_in_year=31_557_600,
    chain=FULU,
)
"""Lido on Ethereum's mainnet before the Staking Router v3: validators are counted, of 32 ETH each."""

STAKING_ROUTER_V3 = attrs.evolve(
    V3,
    name="V3 with Staking Router v3",
    as_of="2026-08-13",
    deposit_size=None,
    deposits_reserve_target=1_500 * 10**18,
    initial_slashing_amount=0,
    inactivity_penalties_amount=0,
    max_cl_balance_decrease_bp=360,
)
"""Settings with the Staking Router v3 (LIP-35): balances are counted, and 1,500 ETH of the buffer precede withdrawals.

Lido's documentation moved LIP-35 to the implemented ones on 2026-08-13 (lidofinance/docs pull request 968), and the
module that came with it is on mainnet (Commit-Boost pull request 489, 2026-08-14); the vote itself was not seen. What
LIP-35 does not name is as before.
"""
