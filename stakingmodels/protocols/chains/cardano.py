"""Cardano's rewards: the pots of an epoch, the reward of a pool, and its split between operator and members.

Amounts are lovelace (10**-6 ADA) in plain integers; ratios are exact, rounded down only where the ledger does.
"""

from fractions import Fraction
from math import floor

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.rates import APR, DAYS_PER_YEAR

LOVELACE_PER_ADA = 1_000_000
MAX_SUPPLY = 45_000_000_000 * LOVELACE_PER_ADA
"""Source: mainnet-shelley-genesis.json, maxLovelaceSupply."""
SLOTS_PER_EPOCH = 432_000
"""Slots of one second. Source: mainnet-shelley-genesis.json, epochLength and slotLength."""
ACTIVE_SLOT_COEFFICIENT = Fraction(1, 20)
"""Chance that a slot has a block. Source: mainnet-shelley-genesis.json, activeSlotsCoeff."""
EXPECTED_BLOCKS = floor(ACTIVE_SLOT_COEFFICIENT * SLOTS_PER_EPOCH)
"""21,600 blocks an epoch. Source: cardano-ledger PulsingReward.hs, startStep (without decentralisation parameter)."""
EPOCH_DAYS = 5.0
EPOCHS_TO_FIRST_REWARD = 4
"""Boundaries from a delegation to its first reward: snapshot mark, then set and go, then paid."""
_SLOTS_PER_DAY = 86_400.0
_GENESIS = "mainnet-shelley-genesis.json"
_SUPPLY = checks.field(checks.positive, MAX_SUPPLY / LOVELACE_PER_ADA)


def _exact(low: int, high: int) -> checks.Validator:
    return checks.field(amounts.ratio, low, high)


@attrs.frozen
class ProtocolParameters:
    """The parameters that rewards depend on, from a date on.

    Parameters
    ----------
    rho
        Monetary expansion: the part of the reserves that an epoch releases.
    tau
        The treasury's part of the pot.
    a0
        Pledge influence, at least 0.
    n_opt
        k: the number of pools that saturate; stake above 1/k earns nothing.
    min_pool_cost
        Least fixed cost of a pool an epoch, lovelace.
    max_pledge_leverage
        CIP-50's L: stake that counts is at most L times the pledge; None where there is no such rule.
    valid_from, source
        When and where.
    """

    rho: Fraction = attrs.field(validator=_exact(0, 1))
    tau: Fraction = attrs.field(validator=_exact(0, 1))
    a0: Fraction = attrs.field(validator=_exact(0, 2**64))
    n_opt: int = attrs.field(validator=checks.field(checks.integer, 1, 2**16 - 1))
    min_pool_cost: int = attrs.field(validator=checks.field(checks.integer, 0, MAX_SUPPLY))
    max_pledge_leverage: Fraction | None = attrs.field(
        validator=checks.field(amounts.ratio, 0, 2**64, optional=True),
    )
    valid_from: str
    source: str


SHELLEY = ProtocolParameters(
    rho=Fraction(3, 1000),
    tau=Fraction(1, 5),
    a0=Fraction(3, 10),
    n_opt=150,
    min_pool_cost=340 * LOVELACE_PER_ADA,
    max_pledge_leverage=None,
    valid_from="2020-07-29",
    source=_GENESIS,
)
"""The parameters that staking started with."""

CONWAY = attrs.evolve(
    SHELLEY,
    n_opt=500,
    min_pool_cost=170 * LOVELACE_PER_ADA,
    valid_from="2024-09-01",
    source=(
        f"{_GENESIS}; k = 500 since epoch 234 (2020) and 170 ADA since epoch 445 (October 2023: coincashew/coincashew "
        "pull request 206), by vote; 75 ADA was still being voted on 2026-10-07 (governance action 75e7882a)"
    ),
)
"""The parameters in force since the era of that name: 500 pools, 170 ADA."""

PCP_006 = attrs.evolve(
    CONWAY,
    min_pool_cost=75 * LOVELACE_PER_ADA,
    valid_from="not seen on mainnet at 2026-10-07",
    source=(
        "parameter committee, PCP-006 (2026-04-30: 75 ADA before the fourth quarter of 2026); live on the test network "
        "preprod (cardano-foundation/cardano-rosetta-java pull request 778, 2026-08-17); on mainnet a first action "
        "(ab474223, 2026-08-03) failed for want of votes of pools; 75 ADA alone (75e7882a) was open on 2026-10-07"
    ),
)
"""Parameters with the minimum pool cost that is agreed and not known to be in force."""


@attrs.frozen
class EpochPot:
    """Pot of an epoch to be distributed, in lovelace.

    Parameters
    ----------
    delta_r1
        Released from the reserves.
    pot
        Pot of the epoch: the release and the fees.
    treasury
        The treasury's part.
    rewards
        R: the most that pools may earn; the rest returns to the reserves.
    """

    delta_r1: int
    pot: int
    treasury: int
    rewards: int


def epoch_pot(
    reserves: int,
    fees: int,
    blocks_made: int,
    params: ProtocolParameters,
    expected_blocks: int = EXPECTED_BLOCKS,
) -> EpochPot:
    """The pots of an epoch: ``delta_r1 = floor(min(1, blocks / expected) * rho * reserves)``, and so on.

    Parameters
    ----------
    reserves, fees
        Lovelace, at most the maximum supply.
    blocks_made, expected_blocks
        Blocks of the epoch that is rewarded, and how many were expected (above 0).

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, LedgerState/PulsingReward.hs, startStep.
    """
    held = checks.integer("epoch_pot: reserves", reserves, 0, MAX_SUPPLY)
    paid = checks.integer("epoch_pot: fees", fees, 0, MAX_SUPPLY)
    made = checks.integer("epoch_pot: blocks_made", blocks_made, 0, amounts.UINT64_MAX)
    expected = checks.integer("epoch_pot: expected_blocks", expected_blocks, 1, amounts.UINT64_MAX)
    eta = Fraction(made, expected)
    delta_r1 = floor(min(Fraction(1), eta) * params.rho * held)
    pot = paid + delta_r1
    treasury = floor(params.tau * pot)
    return EpochPot(delta_r1, pot, treasury, pot - treasury)


def circulation(reserves: int) -> int:
    """Lovelace outside the reserves: the denominator of sigma, pledge and member shares.

    Source: IntersectMBO/cardano-ledger@bbf7722, circulation.
    """
    return MAX_SUPPLY - checks.integer("circulation: reserves", reserves, 0, MAX_SUPPLY)


def max_pool(rewards: int, sigma: Fraction, relative_pledge: Fraction, params: ProtocolParameters) -> int:
    """The most that a pool may earn in an epoch, in lovelace.

    ``floor(R / (1 + a0) * (s + p * a0 * (s - p * (z - s) / z) / z))`` with ``z = 1/k``, ``s = min(sigma, z)``, ``p =
    min(pledge, z)``, and with CIP-50 ``s = min(s, L * pledge)``.

    Parameters
    ----------
    rewards
        R of `epoch_pot`.
    sigma, relative_pledge
        The pool's stake and pledge over `circulation`, in [0, 1].

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, libs/cardano-ledger-core State/SnapShots.hs, maxPool'.
    """
    available = checks.integer("max_pool: rewards", rewards, 0, MAX_SUPPLY)
    stake = amounts.ratio("max_pool: sigma", sigma)
    pledge = amounts.ratio("max_pool: relative_pledge", relative_pledge)
    z0 = Fraction(1, params.n_opt)
    counted = min(stake, z0)
    if params.max_pledge_leverage is not None:
        counted = min(counted, params.max_pledge_leverage * pledge)
    pledged = min(pledge, z0)
    unsaturated = (z0 - counted) / z0
    pledge_bonus = (counted - pledged * unsaturated) / z0
    return floor(available / (1 + params.a0) * (counted + pledged * params.a0 * pledge_bonus))


def apparent_performance(blocks: int, total_blocks: int, sigma_active: Fraction) -> Fraction:
    """A pool's part of the blocks over its part of the active stake; 0 without stake.

    Parameters
    ----------
    blocks, total_blocks
        Of the pool, and of all pools.
    sigma_active
        The pool's stake over the active stake (not the circulation), in [0, 1].

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, eras/shelley Rewards.hs, mkApparentPerformance.
    """
    total = checks.integer("apparent_performance: total_blocks", total_blocks, 0, amounts.UINT64_MAX)
    made = checks.integer("apparent_performance: blocks", blocks, 0, total)
    active = amounts.ratio("apparent_performance: sigma_active", sigma_active)
    return Fraction(made, max(1, total)) / active if active else Fraction(0)


def pool_reward(max_reward: int, performance: Fraction, *, pledge_met: bool = True) -> int:
    """Reward of a pool in an epoch: ``floor(performance * max_reward)``, 0 while its pledge is not met.

    Parameters
    ----------
    max_reward
        From `max_pool`.
    performance
        From `apparent_performance`; by chance it can exceed 1.
    pledge_met
        Whether the owners' stake in the pool is at least the pledge they declared.

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, eras/shelley Rewards.hs, mkPoolRewardInfo.
    """
    most = checks.integer("pool_reward: max_reward", max_reward, 0, MAX_SUPPLY)
    factor = amounts.ratio("pool_reward: performance", performance, 0, 2**64)
    return floor(factor * most) if pledge_met else 0


def leader_reward(reward: int, cost: int, margin: Fraction, owner_share: Fraction, sigma: Fraction) -> int:
    """The operator's part of a pool's reward: cost, margin, and the share of the owners' stake.

    ``f if f <= c else c + floor((f - c) * (m + (1 - m) * s / sigma))``

    Parameters
    ----------
    reward, cost
        f of `pool_reward` and c, lovelace.
    margin
        m, in [0, 1].
    owner_share, sigma
        The owners' stake and the pool's over `circulation`; the first is not above the second.

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, eras/shelley Rewards.hs, calcStakePoolOperatorReward.
    """
    surplus, kept, share = _shares("leader_reward: owner_share", reward, cost, margin, owner_share, sigma)
    if surplus <= 0:
        return reward
    return cost + floor(surplus * (1 - kept + kept * share))


def member_reward(reward: int, cost: int, margin: Fraction, member_share: Fraction, sigma: Fraction) -> int:
    """A member's part of a pool's reward: ``floor((f - c) * (1 - m) * t / sigma)``, 0 where the cost takes all.

    Parameters
    ----------
    reward, cost
        f of `pool_reward` and c, lovelace.
    margin
        m, in [0, 1].
    member_share, sigma
        The member's stake and the pool's over `circulation`; the first is not above the second.

    Notes
    -----
    Source: IntersectMBO/cardano-ledger@bbf7722, eras/shelley Rewards.hs, calcStakePoolMemberReward.
    """
    surplus, kept, share = _shares("member_reward: member_share", reward, cost, margin, member_share, sigma)
    return floor(surplus * kept * share) if surplus > 0 else 0


def _shares(
    where: str, reward: int, cost: int, margin: Fraction, part: Fraction, sigma: Fraction
) -> tuple[int, Fraction, Fraction]:
    """Reward after the cost, its part after the margin, and a stake's share of the pool."""
    function = where.partition(":")[0]
    earned = checks.integer(f"{function}: reward", reward, 0, MAX_SUPPLY)
    fixed = checks.integer(f"{function}: cost", cost, 0, MAX_SUPPLY)
    kept = 1 - amounts.ratio(f"{function}: margin", margin)
    whole = amounts.ratio(f"{function}: sigma", sigma)
    own = amounts.ratio(where, part)
    if whole == 0 or own > whole:
        checks.refuse(where, f"must not be above the pool's stake of {whole}, which is above 0", part)
    return earned - fixed, kept, own / whole


def first_reward_days(slot: int = 0) -> float:
    """Days from a delegation to its first reward: 20 for one made in an epoch's first slot, 15 in its last.

    Parameters
    ----------
    slot
        Slot of the epoch in which the delegation is made, from 0.

    Notes
    -----
    The stake is in the snapshot `mark` at the next boundary, `set` while its pool makes blocks, `go` while the rewards
    are computed, and paid at the boundary after. Source: IntersectMBO/cardano-ledger@bbf7722, State/SnapShots.hs.
    """
    at = checks.integer("first_reward_days: slot", slot, 0, SLOTS_PER_EPOCH - 1)
    return (EPOCHS_TO_FIRST_REWARD * SLOTS_PER_EPOCH - at) / _SLOTS_PER_DAY


@attrs.frozen
class Cardano(Chain):
    """Cardano on one day, delegating to a pool below saturation.

    Parameters
    ----------
    supply
        38,494,388,153 ADA: 45e9 less the reserves at epoch 618, 2026-03-10 (cardano.org/insights/supply).
    staked
        21,802,000,000 ADA: active stake of epoch 551, April 2025 (rabitlabs.io). With it the reserves of epoch 618 fall
        by 10.7 million ADA an epoch; 10.63 million were reported.
    as_of
        The first day of epoch 551, since the stake is the older of the two.
    relative_pledge
        The pool's pledge over the circulation; 0 is a pool that pledges next to nothing, as most.
    fees_per_epoch
        ADA of transaction fees [assumption: 0; they were under 0.3 % of the pot in 2026].
    key_deposit
        ADA, given back when the stake key is deregistered (mainnet-shelley-genesis.json, keyDeposit).
    params
        Parameters in force.
    """

    asset: str = attrs.field(default="ADA", validator=checks.TEXT)
    supply: float = attrs.field(default=38_494_388_153.0, validator=_SUPPLY)
    staked: float = attrs.field(default=21_802_000_000.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2025-04-09", validator=checks.TEXT)
    relative_pledge: Fraction = attrs.field(default=Fraction(0), validator=_exact(0, 1))
    fees_per_epoch: float = attrs.field(default=0.0, validator=checks.NON_NEGATIVE)
    key_deposit: float = attrs.field(default=2.0, validator=checks.NON_NEGATIVE)
    params: ProtocolParameters = attrs.field(
        default=CONWAY, validator=checks.field(checks.instance, ProtocolParameters, "CONWAY")
    )

    def pot(self) -> EpochPot:
        """The pots of an epoch with the expected number of blocks."""
        reserves = MAX_SUPPLY - amounts.base_units(self.supply, LOVELACE_PER_ADA)
        fees = amounts.base_units(self.fees_per_epoch, LOVELACE_PER_ADA)
        return epoch_pot(reserves, fees, EXPECTED_BLOCKS, self.params)

    def nominal_apr(self) -> APR:
        """Expected reward a year of a saturated pool over its stake, before its cost and margin."""
        sigma = Fraction(1, self.params.n_opt)
        reward = max_pool(self.pot().rewards, sigma, self.relative_pledge, self.params)
        stake = sigma * amounts.base_units(self.supply, LOVELACE_PER_ADA)
        return APR(float(reward / stake) * DAYS_PER_YEAR / EPOCH_DAYS)

    def supply_growth(self) -> APR:
        """Growth of the supply by the reserves' outflow: treasury and rewards of the active stake, less the fees."""
        treasury = self.pot().treasury / LOVELACE_PER_ADA - self.fees_per_epoch
        rewards = self.nominal_apr().value * self.staked
        return APR((treasury * DAYS_PER_YEAR / EPOCH_DAYS + rewards) / self.supply)

    def minimum_stake(self) -> float:
        """The deposit of a stake key; any amount may be delegated."""
        return self.key_deposit

    def unbonding(self) -> Unbonding:
        """Delegated coins stay liquid."""
        return Unbonding(days=0.0, earns=True, slashable=False, source="cardano-ledger@bbf7722: no lock, no slashing")

    def slashing(self) -> tuple[Offense, ...]:
        """Nothing costs stake."""
        return ()

    def compounding(self) -> bool:
        """Yes: unclaimed rewards count as stake."""
        return True


displays(__name__)
entrances(__name__)
