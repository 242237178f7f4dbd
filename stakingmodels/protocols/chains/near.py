"""NEAR: what an epoch pays its validators and the treasury, to the last yoctoNEAR (10**-24).

Source: near/nearcore, chain/epoch-manager/src/reward_calculator.rs and validator_stats.rs, commit 011813d (2026);
parameters from core/primitives/res/epoch_configs/mainnet/.
"""

from collections.abc import Sequence
from fractions import Fraction

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.protocols.ratios import ratio
from stakingmodels.rates import APR

YOCTO_PER_NEAR = 10**24
NANOSECONDS_PER_SECOND = 10**9
_BALANCE_MAX = 2**128 - 1
_COUNT_MAX = 2**64 - 1


def _balance(where: str, value: object) -> int:
    return checks.integer(where, value, 0, _BALANCE_MAX)


_RATIO = checks.field(ratio)


@attrs.frozen(kw_only=True)
class RewardRules:
    """Parameters of the reward calculator; fractions are exact.

    Parameters
    ----------
    max_inflation_rate
        New coins a year over the supply, if every validator is fully online.
    protocol_reward_rate
        The treasury's part of an epoch's total. One tenth is hard-coded for the chain that began with mainnet's
        genesis.
    online_min_threshold, online_max_threshold
        Uptime below which nothing is paid, and from which all is; in between in proportion. The first is below the
        second.
    num_seconds_per_year
        365 days.
    protocol_treasury_account
        Account of the treasury's part.
    """

    max_inflation_rate: Fraction = attrs.field(validator=_RATIO)
    protocol_reward_rate: Fraction = attrs.field(default=Fraction(1, 10), validator=_RATIO)
    online_min_threshold: Fraction = attrs.field(default=Fraction(90, 100), validator=_RATIO)
    online_max_threshold: Fraction = attrs.field(default=Fraction(99, 100), validator=_RATIO)
    num_seconds_per_year: int = attrs.field(default=365 * 86_400, validator=checks.field(checks.integer, 1, _COUNT_MAX))
    protocol_treasury_account: str = attrs.field(default="near", validator=checks.TEXT)

    def __attrs_post_init__(self) -> None:
        if self.online_min_threshold >= self.online_max_threshold:
            rule = f"must be below online_max_threshold {self.online_max_threshold}"
            checks.refuse("RewardRules.online_min_threshold", rule, self.online_min_threshold)


MAINNET_UP_TO_80 = RewardRules(max_inflation_rate=Fraction(1, 20))
"""5 % a year, up to protocol version 80. Source: reward_calculator.rs, test_adjust_max_inflation."""
MAINNET_FROM_81 = RewardRules(max_inflation_rate=Fraction(1, 40))
"""2.5 % a year, since protocol version 81 (autumn 2025). Source: epoch_configs/mainnet/81.json."""

Count = tuple[int, int]
"""Number produced, and number expected."""


def _count(where: str, value: object) -> Count:
    if not isinstance(value, tuple) or len(value) != 2:
        checks.refuse_type(where, "must be a pair (produced, expected)", value)
    expected = checks.integer(f"{where}[1]", value[1], 0, _COUNT_MAX)
    return checks.integer(f"{where}[0]", value[0], 0, expected), expected


_COUNT = checks.field(_count)


@attrs.frozen(kw_only=True)
class Validator:
    """A validator's stake and work in an epoch.

    Parameters
    ----------
    account_id
        Its name.
    stake
        YoctoNEAR.
    blocks, chunks, endorsements
        Pairs of numbers: produced, expected.
    """

    account_id: str = attrs.field(validator=checks.TEXT)
    stake: int = attrs.field(validator=checks.field(_balance))
    blocks: Count = attrs.field(default=(0, 0), validator=_COUNT)
    chunks: Count = attrs.field(default=(0, 0), validator=_COUNT)
    endorsements: Count = attrs.field(default=(0, 0), validator=_COUNT)

    def online_ratio(self) -> Fraction:
        """Mean of produced over expected, over the kinds of work that were expected; 0 of 0 counts as 0, not as 1.

        Source: validator_stats.rs, get_validator_online_ratio, without a cutoff for endorsements.
        """
        ratios = [Fraction(done, due) for done, due in (self.blocks, self.chunks, self.endorsements) if due]
        return sum(ratios, Fraction(0)) / len(ratios) if ratios else Fraction(0)


def online_share(uptime: Fraction, rules: RewardRules) -> Fraction:
    """The share of its reward that an uptime earns: ``min(1, (uptime - min) / (max - min))``, 0 below the minimum.

    Parameters
    ----------
    uptime
        A fraction in [0, 1].
    rules
        The two thresholds.
    """
    online = ratio("online_share: uptime", uptime)
    above = online - rules.online_min_threshold
    span = rules.online_max_threshold - rules.online_min_threshold
    return min(max(above / span, Fraction(0)), Fraction(1))


def epoch_total_reward(total_supply: int, epoch_duration: int, rules: RewardRules = MAINNET_FROM_81) -> int:
    """The most that an epoch may mint, in yoctoNEAR: ``rate * supply * duration / year``, rounded down.

    Parameters
    ----------
    total_supply
        YoctoNEAR.
    epoch_duration
        Nanoseconds between the epochs' last blocks.
    rules
        Rate and year.
    """
    supply = _balance("epoch_total_reward: total_supply", total_supply)
    duration = checks.integer("epoch_total_reward: epoch_duration", epoch_duration, 0, _COUNT_MAX)
    rate = rules.max_inflation_rate
    year = rules.num_seconds_per_year * NANOSECONDS_PER_SECOND
    return rate.numerator * supply * duration // (year * rate.denominator)


def calculate_reward(
    validators: Sequence[Validator],
    *,
    total_supply: int,
    epoch_duration: int,
    rules: RewardRules = MAINNET_FROM_81,
) -> tuple[dict[str, int], int]:
    """Rewards of each validator and the treasury for an epoch, and the amount minted; yoctoNEAR.

    Parameters
    ----------
    validators
        All of the epoch, with different names; none may be named as the treasury is.
    total_supply
        Before the epoch's rewards.
    epoch_duration
        Nanoseconds.
    rules
        Parameters.

    Returns
    -------
    tuple of dict and int
        Rewards by account, the treasury's first; and their sum.

    Notes
    -----
    The treasury is paid in full, and validators by stake and uptime out of the rest; what offline validators miss is
    not minted. An epoch without validators names the treasury's reward, yet mints nothing: a quirk of the source.

    Source: reward_calculator.rs, calculate_reward.
    """
    _check_names(validators, rules)
    total = epoch_total_reward(total_supply, epoch_duration, rules)
    treasury = total * rules.protocol_reward_rate.numerator // rules.protocol_reward_rate.denominator
    rewards = {rules.protocol_treasury_account: treasury}
    if not validators:
        return rewards, 0
    total_stake = sum(each.stake for each in validators)
    for each in validators:
        rewards[each.account_id] = _validator_reward(each, total - treasury, total_stake, rules)
    return rewards, sum(rewards.values())


def _check_names(validators: Sequence[Validator], rules: RewardRules) -> None:
    names = [rules.protocol_treasury_account, *(each.account_id for each in validators)]
    for name in names:
        if names.count(name) > 1:
            checks.refuse("calculate_reward: validators", "must have different names, none the treasury's", name)


def _validator_reward(validator: Validator, epoch_validator_reward: int, total_stake: int, rules: RewardRules) -> int:
    if not total_stake:
        return 0
    share = online_share(validator.online_ratio(), rules)
    online = epoch_validator_reward * share.numerator * validator.stake // share.denominator
    return online // total_stake


@attrs.frozen(kw_only=True)
class Near(Chain):
    """NEAR, where delegation is done by pool contracts on top of the protocol.

    Parameters
    ----------
    asset
        NEAR.
    supply
        Whole coins. 1.25 billion in autumn 2025 [forum: gov.near.org 41593], grown by a year at 2.5 %.
    staked
        Whole coins. 47 % of the supply [press, July 2025].
    as_of
        The month of the stake, which is older than the supply; its day is not known.
    rules
        The reward calculator's.
    epoch_hours
        7.2 h: 43,200 blocks of 0.6 s (near/docs, protocol/network/epoch.mdx, pull request 3051 of 2026-06-03). It was
        about 12 h while blocks took a second.
    unbonding_epochs
        4 [documentation: near/docs, staking.mdx, about 24 h; the reference staking pool].
    delegator_minimum
        0.1 NEAR [documentation of one provider; the protocol itself has no minimum for those who delegate].
    """

    asset: str = attrs.field(default="NEAR", validator=checks.TEXT)
    supply: float = attrs.field(default=1_281_000_000.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=602_000_000.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2025-07-01", validator=checks.TEXT)
    rules: RewardRules = MAINNET_FROM_81
    epoch_hours: float = attrs.field(default=7.2, validator=checks.POSITIVE)
    unbonding_epochs: int = attrs.field(default=4, validator=checks.field(checks.integer, 0, 1_000))
    delegator_minimum: float = attrs.field(default=0.1, validator=checks.POSITIVE)

    def __attrs_post_init__(self) -> None:
        checks.instance("Near.rules", self.rules, RewardRules, "near.MAINNET_FROM_81")
        super().__attrs_post_init__()

    def supply_growth(self) -> APR:
        """The maximum inflation, as all validators online would make it; fees burned with use are not taken off."""
        return APR(float(self.rules.max_inflation_rate))

    def nominal_apr(self) -> APR:
        """The validators' part of the inflation over the stake, at full uptime. See `Chain.nominal_apr`."""
        paid = self.rules.max_inflation_rate * (1 - self.rules.protocol_reward_rate)
        return APR(float(paid) * self.supply / self.staked)

    def minimum_stake(self) -> float:
        """A delegator's minimum; a validator's is the price of a seat, which moves. See `Chain.minimum_stake`."""
        return self.delegator_minimum

    def unbonding(self) -> Unbonding:
        """Epochs until a pool lets the coins go."""
        return Unbonding(
            days=self.unbonding_epochs * self.epoch_hours / 24.0,
            earns=False,
            slashable=False,
            source="near/docs, staking.mdx and epoch.mdx (2026-06-03): four epochs of 43,200 blocks of 0.6 s",
        )

    def slashing(self) -> tuple[Offense, ...]:
        """Nothing: offline validators lose reward and seat, no stake.

        Figment's documentation says that there is no slashing, Blockdaemon's says that there is; the reward calculator
        and the epoch's settings have none.
        """
        return ()

    def compounding(self) -> bool:
        """Yes: rewards are added to the stake at the end of each epoch."""
        return True


displays(__name__)
entrances(__name__)
