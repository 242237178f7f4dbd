"""Tezos: adaptive issuance, which pays more the further the stake is below half of the supply, and its slashing.

All in exact ratios, as in the protocol (OCaml's Q). The issuance of a cycle is fixed some cycles before it.

Source: tezos/tezos-mirror, commit d26a8be (2026-08-21), src/proto_025_PsUshuai/: adaptive_issuance_storage.ml and
slash_percentage.ml in lib_protocol/, lib_parameters/default_parameters.ml; functions are named at each rule.
"""

import math
from fractions import Fraction

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.ratios import ratio
from stakingmodels.rates import APR

MUTEZ_PER_TEZ = 10**6
ONE_HUNDRED_PERCENT = 10_000
"""Slashing percentages are whole hundredths of a percent."""
_SECONDS_PER_DAY = 86_400
_STATIC_DIVISOR = 1_600
_RATE_LIMIT = 1_000_000
_CYCLE_MAX = 2**31 - 1

_RATIO = checks.field(ratio)
_CYCLES = checks.field(checks.integer, 0, _CYCLE_MAX)


@attrs.frozen(kw_only=True)
class AdaptiveMaximum:
    """A bound on issuance that falls as the stake nears its target (since Quebec).

    Parameters
    ----------
    highest, lowest
        The bound at `low_stake` and below, and at `high_stake` and above.
    low_stake, high_stake
        Staked ratios between which it falls.
    width
        Distance below `high_stake` at which the parabola reaches ten times `lowest`.
    curvature
        Gain at that point, in units of `lowest`.
    """

    highest: Fraction = attrs.field(default=Fraction(10, 100), validator=_RATIO)
    lowest: Fraction = attrs.field(default=Fraction(1, 100), validator=_RATIO)
    low_stake: Fraction = attrs.field(default=Fraction(5, 100), validator=_RATIO)
    high_stake: Fraction = attrs.field(default=Fraction(50, 100), validator=_RATIO)
    width: Fraction = attrs.field(default=Fraction(42, 100), validator=_RATIO)
    curvature: int = attrs.field(default=9, validator=checks.field(checks.integer, 0, 1_000))

    def __attrs_post_init__(self) -> None:
        if not self.width:
            checks.refuse("AdaptiveMaximum.width", "must be above 0", str(self.width))

    def at(self, stake_ratio: Fraction) -> Fraction:
        """The bound at a staked ratio: ``(1 + 9 * ((0.5 - s) / 0.42)**2) / 100`` in [1 %, 10 %]. Source: dyn_max."""
        staked = ratio("AdaptiveMaximum.at: stake_ratio", stake_ratio)
        if staked <= self.low_stake:
            return self.highest
        away = max(self.high_stake - staked, Fraction(0)) / self.width
        return min(self.lowest * (1 + self.curvature * away * away), self.highest)


@attrs.frozen(kw_only=True)
class AdaptiveRewardsParams:
    """Parameters of adaptive issuance under one protocol.

    Parameters
    ----------
    protocol, since
        Name, and when it took effect on mainnet.
    issuance_ratio_initial_min, issuance_ratio_initial_max, issuance_ratio_final_min, issuance_ratio_final_max
        Bounds of the yearly issuance over the supply, at first and in the end.
    initial_period, transition_period
        Cycles that the first bounds hold, and in which they move to the final ones.
    launch_cycle
        The first cycle of adaptive issuance: 748 on mainnet.
    max_bonus, growth_rate
        The most that the bonus may be, and what it moves per day and unit of distance.
    center_dz, radius_dz
        The stake at which the bonus rests: 50 % and 2 % to either side.
    seconds_per_cycle
        Blocks of a cycle times their least delay.
    adaptive_maximum
        The further bound, or None before Quebec.
    """

    protocol: str = attrs.field(validator=checks.TEXT)
    since: str = attrs.field(validator=checks.TEXT)
    seconds_per_cycle: int = attrs.field(validator=checks.field(checks.integer, 1, _CYCLE_MAX))
    adaptive_maximum: AdaptiveMaximum | None
    issuance_ratio_initial_min: Fraction = attrs.field(default=Fraction(45, 1000), validator=_RATIO)
    issuance_ratio_initial_max: Fraction = attrs.field(default=Fraction(55, 1000), validator=_RATIO)
    issuance_ratio_final_min: Fraction = attrs.field(default=Fraction(25, 10_000), validator=_RATIO)
    issuance_ratio_final_max: Fraction = attrs.field(default=Fraction(10, 100), validator=_RATIO)
    initial_period: int = attrs.field(default=10, validator=_CYCLES)
    transition_period: int = attrs.field(default=50, validator=_CYCLES)
    launch_cycle: int = attrs.field(default=748, validator=_CYCLES)
    max_bonus: Fraction = attrs.field(default=Fraction(5, 100), validator=_RATIO)
    growth_rate: Fraction = attrs.field(default=Fraction(1, 100), validator=_RATIO)
    center_dz: Fraction = attrs.field(default=Fraction(1, 2), validator=_RATIO)
    radius_dz: Fraction = attrs.field(default=Fraction(1, 50), validator=_RATIO)


PARIS = AdaptiveRewardsParams(
    protocol="Paris", since="2024-06-04", seconds_per_cycle=24_576 * 10, adaptive_maximum=None
)
"""Adaptive issuance begins. Source: src/proto_020_PsParisC/lib_parameters/default_parameters.ml."""
QUEBEC = AdaptiveRewardsParams(
    protocol="Quebec", since="2025-01", seconds_per_cycle=30_720 * 8, adaptive_maximum=AdaptiveMaximum()
)
"""The adaptive maximum. Source: src/proto_021_PsQuebec/; the month is general knowledge, not checked."""
RIO = AdaptiveRewardsParams(
    protocol="Rio", since="2025-05", seconds_per_cycle=86_400, adaptive_maximum=AdaptiveMaximum()
)
"""Cycles of one day. The same numbers in Seoul, Tallinn and Ushuaia. Source: src/proto_022_PsRiotum/ to
src/proto_025_PsUshuai/ (2026-08-21); the month is general knowledge, not checked."""


def truncate_reward_coeff(rate: Fraction, *, issuance_ratio_min: Fraction, issuance_ratio_max: Fraction) -> Fraction:
    """A rate within its bounds; where they cross, the minimum wins. Source: truncate_reward_coeff."""
    return max(min(rate, issuance_ratio_max), issuance_ratio_min)


def compute_reward_coeff_ratio(
    stake_ratio: Fraction, *, bonus: Fraction, issuance_ratio_min: Fraction, issuance_ratio_max: Fraction
) -> Fraction:
    """Yearly issuance over the supply: ``1 / (1600 * s**2) + bonus``, within its bounds.

    Parameters
    ----------
    stake_ratio
        Frozen stake over the supply, in [0, 1].
    bonus
        The dynamic part, at least 0.
    issuance_ratio_min, issuance_ratio_max
        The bounds.

    Notes
    -----
    Source: src/proto_alpha/lib_protocol/adaptive_issuance_storage.ml, compute_reward_coeff_ratio, commit 0a1b8c1
    (before Paris). Since Paris the two parts are bounded one after the other (`issuance_rate`), which differs only
    where the first part alone is below the minimum.
    """
    where = "compute_reward_coeff_ratio"
    staked = ratio(f"{where}: stake_ratio", stake_ratio)
    extra = ratio(f"{where}: bonus", bonus, _RATE_LIMIT)
    low = ratio(f"{where}: issuance_ratio_min", issuance_ratio_min, _RATE_LIMIT)
    high = ratio(f"{where}: issuance_ratio_max", issuance_ratio_max, _RATE_LIMIT)
    static = 1 / (_STATIC_DIVISOR * staked * staked) if staked else high
    return truncate_reward_coeff(static + extra, issuance_ratio_min=low, issuance_ratio_max=high)


def _compute_extremum(params: AdaptiveRewardsParams, new_cycle: int, initial: Fraction, final: Fraction) -> Fraction:
    """In a straight line from `initial` to `final`, over one cycle more than the transition: compute_extremum."""
    done = new_cycle - params.launch_cycle - params.initial_period
    steps = params.transition_period + 1
    return initial + (final - initial) * Fraction(min(max(done, 0), steps), steps)


def compute_min(params: AdaptiveRewardsParams, *, new_cycle: int) -> Fraction:
    """The least issuance that a cycle may have. Source: compute_min."""
    cycle = checks.integer("compute_min: new_cycle", new_cycle, 0, _CYCLE_MAX)
    return _compute_extremum(params, cycle, params.issuance_ratio_initial_min, params.issuance_ratio_final_min)


def compute_max(params: AdaptiveRewardsParams, *, new_cycle: int, stake_ratio: Fraction) -> Fraction:
    """The most: the scheduled bound or the adaptive one, whichever is less, but never below the least.

    Source: compute_max.
    """
    cycle = checks.integer("compute_max: new_cycle", new_cycle, 0, _CYCLE_MAX)
    staked = ratio("compute_max: stake_ratio", stake_ratio)
    bound = _compute_extremum(params, cycle, params.issuance_ratio_initial_max, params.issuance_ratio_final_max)
    if params.adaptive_maximum is not None:
        bound = min(bound, params.adaptive_maximum.at(staked))
    return max(bound, compute_min(params, new_cycle=cycle))


def compute_bonus(
    params: AdaptiveRewardsParams, *, new_cycle: int, stake_ratio: Fraction, previous_bonus: Fraction
) -> Fraction:
    """The dynamic part of the next issuance, from the one before.

    Parameters
    ----------
    params
        The protocol's.
    new_cycle
        The cycle that begins.
    stake_ratio
        Frozen stake over the supply.
    previous_bonus
        In [0, max_bonus].

    Notes
    -----
    It grows by ``growth_rate * distance * days`` while the stake is below 48 %, falls likewise above 52 %, and stays
    between 0 and what the bounds leave above the static part.

    Source: compute_bonus.
    """
    before = ratio("compute_bonus: previous_bonus", previous_bonus)
    if before > params.max_bonus:
        checks.refuse("compute_bonus: previous_bonus", f"must be at most {params.max_bonus}", str(before))
    _, high, base = _static(params, new_cycle, stake_ratio)
    below = max(params.center_dz - params.radius_dz - stake_ratio, Fraction(0))
    above = max(stake_ratio - params.center_dz - params.radius_dz, Fraction(0))
    moved = before + (below - above) * params.growth_rate * Fraction(params.seconds_per_cycle, _SECONDS_PER_DAY)
    return max(min(moved, high - base, params.max_bonus), Fraction(0))


def issuance_rate(params: AdaptiveRewardsParams, *, new_cycle: int, stake_ratio: Fraction, bonus: Fraction) -> Fraction:
    """Yearly issuance over the supply since Paris: the static part, plus the bonus, within the cycle's bounds.

    Parameters
    ----------
    params
        The protocol's.
    new_cycle
        The cycle whose end sets it.
    stake_ratio
        Frozen stake over the supply, in [0, 1].
    bonus
        From `compute_bonus`.

    Notes
    -----
    Source: compute_coeff, before it is made an amount per minute.
    """
    low, high, base = _static(params, new_cycle, stake_ratio)
    extra = ratio("issuance_rate: bonus", bonus)
    return truncate_reward_coeff(base + extra, issuance_ratio_min=low, issuance_ratio_max=high)


def _static(
    params: AdaptiveRewardsParams, new_cycle: int, stake_ratio: Fraction
) -> tuple[Fraction, Fraction, Fraction]:
    """Least, most, and the static part within them. Source: compute_reward_coeff_ratio_without_bonus."""
    low = compute_min(params, new_cycle=new_cycle)
    high = compute_max(params, new_cycle=new_cycle, stake_ratio=stake_ratio)
    base = compute_reward_coeff_ratio(stake_ratio, bonus=Fraction(0), issuance_ratio_min=low, issuance_ratio_max=high)
    return low, high, base


def for_double_attestation(
    denounced: int, committee_size: int, *, max_slashing_threshold: Fraction = Fraction(1, 3)
) -> int:
    """The part of their stake that bakers lose for attesting twice, in hundredths of a percent, rounded up.

    Parameters
    ----------
    denounced
        Attesting power that was denounced for the block.
    committee_size
        All attesting power of the block.
    max_slashing_threshold
        The share of it from which everything is lost.

    Notes
    -----
    ``(denounced / threshold)**2``: an accident costs little, an attack all.

    Source: slash_percentage.ml, for_double_attestation.
    """
    where = "for_double_attestation"
    size = checks.integer(f"{where}: committee_size", committee_size, 1, _CYCLE_MAX)
    power = checks.integer(f"{where}: denounced", denounced, 0, size)
    share = ratio(f"{where}: max_slashing_threshold", max_slashing_threshold)
    if not share:
        checks.refuse(f"{where}: max_slashing_threshold", "must be above 0", str(share))
    threshold = math.ceil(size * share)
    return min(math.ceil(Fraction(ONE_HUNDRED_PERCENT * power**2, threshold**2)), ONE_HUNDRED_PERCENT)


@attrs.frozen(kw_only=True)
class Tezos(Chain):
    """Tezos, where stakers freeze coins with a baker and are slashed with it.

    Parameters
    ----------
    asset
        XTZ.
    supply
        Whole coins; about 1,083 M as a price table showed it, without its day [press].
    staked
        Frozen coins [assumption: 28 % of the supply].
    delegated
        Coins delegated but not frozen; they count for a third when rewards are shared out [assumption].
    as_of
        The day of the rules `RIO`, the only dated input: neither supply nor stake has a source with a day.
    params
        Adaptive issuance.
    cycle
        A cycle of that day; from 809 on the bounds are final, so its value does not matter.
    bonus
        The dynamic part. After years below 48 % it is as large as the adaptive maximum allows; a larger one changes
        nothing.
    edge_of_staking_over_delegation
        3 since Quebec: what a frozen coin counts for against a delegated one.
    unstake_finalization_delay
        Whole cycles after the one in which the coins were asked for: 3 (consensus_rights_delay 2, slashing_delay 1).
    double_baking_slash
        5 % of the stake.
    minimal_stake
        6,000 XTZ, of which 600 frozen by the baker itself, for a baker; those who stake with one need no more than the
        smallest unit.
    """

    asset: str = attrs.field(default="XTZ", validator=checks.TEXT)
    supply: float = attrs.field(default=1_083_000_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=303_000_000.0, validator=checks.POSITIVE)
    delegated: float = attrs.field(default=400_000_000.0, validator=checks.NON_NEGATIVE)
    as_of: str = attrs.field(default="2025-05-01", validator=checks.TEXT)
    params: AdaptiveRewardsParams = RIO
    cycle: int = attrs.field(default=1_200, validator=_CYCLES)
    bonus: Fraction = attrs.field(default=Fraction(5, 100), validator=_RATIO)
    edge_of_staking_over_delegation: int = attrs.field(default=3, validator=checks.field(checks.integer, 1, 100))
    unstake_finalization_delay: int = attrs.field(default=3, validator=checks.field(checks.integer, 0, 100))
    double_baking_slash: float = attrs.field(default=0.05, validator=checks.FRACTION)
    minimal_stake: float = attrs.field(default=6_000.0, validator=checks.POSITIVE)

    def __attrs_post_init__(self) -> None:
        checks.instance("Tezos.params", self.params, AdaptiveRewardsParams, "tezos.RIO")
        if self.staked + self.delegated > self.supply:
            rule = f"must be at most the supply {self.supply:g} together with delegated {self.delegated:g}"
            checks.refuse("Tezos.staked", rule, self.staked)
        super().__attrs_post_init__()

    def supply_growth(self) -> APR:
        """Issuance rate, without the liquidity-baking subsidy and burned storage fees."""
        staked = Fraction(self.staked) / Fraction(self.supply)
        rate = issuance_rate(self.params, new_cycle=self.cycle, stake_ratio=staked, bonus=self.bonus)
        return APR(float(rate))

    def nominal_apr(self) -> APR:
        """Reward rate of a frozen coin before the baker's edge. See `Chain.nominal_apr`.

        Rewards go by baking power, in which a delegated coin counts for a third of a frozen one, so
        ``issuance * supply / (staked + delegated / 3)``.
        """
        power = self.staked + self.delegated / self.edge_of_staking_over_delegation
        return APR(self.supply_growth().value * self.supply / power)

    def minimum_stake(self) -> float:
        """Smallest unit, for stakers with a baker. See `Chain.minimum_stake`."""
        return 1.0 / MUTEZ_PER_TEZ

    def unbonding(self) -> Unbonding:
        """Unbonding rule: the rest of a cycle and three whole ones, 3 to 4 days since Rio. `days` is the maximum."""
        cycles = self.unstake_finalization_delay + 1
        return Unbonding(
            days=cycles * self.params.seconds_per_cycle / _SECONDS_PER_DAY,
            earns=False,
            slashable=True,
            source="tezos/tezos-mirror, docs/ushuaia/staking.rst, commit d26a8be (2026-08-21)",
        )

    def slashing(self) -> tuple[Offense, ...]:
        """Signing twice; being offline costs rewards only."""
        source = "tezos/tezos-mirror, lib_protocol/slash_percentage.ml, commit d26a8be (2026-08-21)"
        return (
            Offense("double baking", self.double_baking_slash, self.double_baking_slash, source),
            Offense("double attestation", 0.0, 1.0, source),
        )

    def compounding(self) -> bool:
        """Yes: rewards on frozen coins are frozen with them."""
        return True


displays(__name__)
entrances(__name__)
