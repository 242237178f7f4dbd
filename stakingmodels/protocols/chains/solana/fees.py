"""Income and cost of a validator apart from inflation: fees, tips, votes, and the fee of a stake pool."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.solana.rewards import commission_split
from stakingmodels.protocols.chains.solana.slots import SLOTS_PER_EPOCH
from stakingmodels.protocols.chains.solana.units import BASIS_POINTS_PER_UNIT, bps, u64

LAMPORTS_PER_SIGNATURE = 5_000
"""Base fee. Source: anza-xyz/agave, FeeStructure::default."""
_PERCENT = 100
_BASELINE_SLOT_MS = 400
_ADMISSION_TICKET = 1_600_000_000


@attrs.frozen(kw_only=True)
class FeeRules:
    """Rules on burned fees.

    Parameters
    ----------
    burn_percent
        Whole percent of the fees that are shared with the fire.
    burns_priority_fees
        Whether priority fees are among them.
    """

    burn_percent: int = attrs.field(default=50, validator=checks.field(checks.integer, 0, 100))
    burns_priority_fees: bool = attrs.field(default=False, validator=checks.FLAG)


BEFORE_SIMD_0096 = FeeRules(burns_priority_fees=True)
"""Until February 2025: half of all fees burned."""
SIMD_0096 = FeeRules()
"""Since February 2025, and still in September 2026: half of the base fee burned, priority fees whole to the validator.
Source: proposals/0096-reward-collected-priority-fee-in-entirety.md; anza-xyz/agave
runtime/src/bank/fee_distribution.rs."""


@attrs.frozen
class FeeDistribution:
    """Fees of a block, lamports: the leader's deposit, and what is burned."""

    deposit: int
    burn: int


def fee_distribution(transaction_fee: int, priority_fee: int, rules: FeeRules = SIMD_0096) -> FeeDistribution:
    """The leader's part of a block's fees and the burned part, which is rounded down.

    Source: anza-xyz/agave runtime/src/bank/fee_distribution.rs, calculate_reward_and_burn_fee_details.

    Parameters
    ----------
    transaction_fee, priority_fee
        Lamports of the whole block: 5,000 a signature, and what was bid on top.
    """
    base = u64("fee_distribution: transaction_fee", transaction_fee)
    priority = u64("fee_distribution: priority_fee", priority_fee)
    shared = base + priority if rules.burns_priority_fees else base
    burn = shared * rules.burn_percent // _PERCENT
    return FeeDistribution(deposit=base + priority - burn, burn=burn)


@attrs.frozen(kw_only=True)
class TipRules:
    """Jito's part of a validator's tips, in basis points of all tips.

    Parameters
    ----------
    labs_bps, dao_bps
        Jito Labs' part (block engine) and the DAO's (TipRouter and, since JIP-24, the block engine's too).
    """

    labs_bps: int = attrs.field(validator=checks.field(bps))
    dao_bps: int = attrs.field(validator=checks.field(bps))

    def __attrs_post_init__(self) -> None:
        if self.labs_bps + self.dao_bps > BASIS_POINTS_PER_UNIT:
            checks.refuse("TipRules.dao_bps", "must leave labs_bps + dao_bps within 10000", self.dao_bps)


JIP_8 = TipRules(labs_bps=300, dao_bps=300)
"""3 % and 3 %. Source: forum.jito.network, JIP-8."""
JIP_24 = TipRules(labs_bps=0, dao_bps=600)
"""All 6 % to the DAO. Source: forum.jito.network/t/860, JIP-24 (August 2025)."""


@attrs.frozen
class TipSplit:
    """Split of a validator's tips, lamports; the parts add up to all tips."""

    labs: int
    dao: int
    validator: int
    stakers: int


def split_tips(tips: int, mev_commission_bps: int, rules: TipRules = JIP_24) -> TipSplit:
    """Tips less Jito's cut, then less the validator's commission; the rest goes to its stakers.

    Each cut is rounded down and the stakers take the remainder [assumption: the programs round per transfer].

    Parameters
    ----------
    tips
        Lamports of an epoch.
    mev_commission_bps
        The validator's commission on what Jito leaves, in [0, 10000].
    """
    lamports = u64("split_tips: tips", tips)
    commission = bps("split_tips: mev_commission_bps", mev_commission_bps)
    labs = lamports * rules.labs_bps // BASIS_POINTS_PER_UNIT
    dao = lamports * rules.dao_bps // BASIS_POINTS_PER_UNIT
    left = lamports - labs - dao
    validator = left * commission // BASIS_POINTS_PER_UNIT
    return TipSplit(labs, dao, validator, left - validator)


@attrs.frozen
class BlockReward:
    """Income of a leader from its block, and fees burned by the block, lamports.

    Parameters
    ----------
    base_fees
        The unburned part of the base fees.
    priority_fees
        The unburned part of the priority fees.
    tips
        The validator's commission on tips.
    burned
        Of the base fees (and of the priority fees under older rules).
    """

    base_fees: int
    priority_fees: int
    tips: int
    burned: int


def block_reward(
    transaction_fee: int,
    priority_fee: int,
    tips: int,
    mev_commission_bps: int,
    *,
    fee_rules: FeeRules = SIMD_0096,
    tip_rules: TipRules = JIP_24,
) -> BlockReward:
    """The pieces of a leader's block reward; see `fee_distribution` and `split_tips` for the parameters.

    Inflation is not among them: a leader earns it by voting, as everyone does.
    """
    both = fee_distribution(transaction_fee, priority_fee, fee_rules)
    base = fee_distribution(transaction_fee, 0, fee_rules).deposit
    commission = split_tips(tips, mev_commission_bps, tip_rules).validator
    return BlockReward(base, both.deposit - base, commission, both.burn)


def vote_fees_per_epoch(votes: int = SLOTS_PER_EPOCH) -> int:
    """Lamports that a validator pays for its votes in an epoch, one signature each: 2.16 SOL where it votes on all."""
    return checks.integer("vote_fees_per_epoch: votes", votes, 0, SLOTS_PER_EPOCH) * LAMPORTS_PER_SIGNATURE


def validator_admission_ticket(slot_ms: int) -> int:
    """Lamports burned of each validator in an epoch under Alpenglow, in place of vote fees: 0.8 SOL a day.

    1.6 SOL at 400 ms (proposals/0357-alpenglow_validator_admission_ticket.md), in proportion to the slot time
    (anza-xyz/agave pull request 12990, June 2026). Not active as of September 2026.
    """
    ms = checks.integer("validator_admission_ticket: slot_ms", slot_ms, 1, _BASELINE_SLOT_MS)
    return _ADMISSION_TICKET * ms // _BASELINE_SLOT_MS


@attrs.frozen
class PoolSplit:
    """A stake pool's reward of an epoch, lamports: the validator's commission, the pool's fee, the holders' rest."""

    validator: int
    pool: int
    holders: int


def stake_pool_split(rewards: int, commission_bps: int, epoch_fee_bps: int) -> PoolSplit:
    """A reward through a stake pool: the validator's commission first, the pool's fee on what is left, rounded up.

    Sources: solana-program.com/docs/stake-pool/fees, Epoch Fee; solana-program/stake-pool program/src/state.rs,
    Fee::apply. The pool mints its fee as pool tokens; here it is counted at their value.

    Examples
    --------
    >>> stake_pool_split(100_000_000_000, 800, 200).holders
    90160000000
    """
    fee = bps("stake_pool_split: epoch_fee_bps", epoch_fee_bps)
    split = commission_split(bps("stake_pool_split: commission_bps", commission_bps), rewards)
    pool = -(-split.staker * fee // BASIS_POINTS_PER_UNIT)
    return PoolSplit(split.voter, pool, split.staker - pool)
