"""Avalanche's Primary Network: reward of a stake of a chosen length, before and after the Helicon upgrade.

Amounts are nAVAX (10**-9 AVAX), times are nanoseconds, rates are parts per million, all plain integers.
"""

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains import amounts
from stakingmodels.protocols.chains.chain import Chain, Offense, Unbonding
from stakingmodels.rates import APR

PERCENT_DENOMINATOR = 1_000_000
"""Parts of one in which rates and fees are kept. Source: avalanchego vms/platformvm/reward/config.go."""
NANO_AVAX = 10**9
DAY_NS = 86_400 * 10**9
_PPM = checks.field(checks.integer, 0, PERCENT_DENOMINATOR)
_AMOUNT = checks.field(checks.integer, 0, amounts.UINT64_MAX)
_DURATION = checks.field(checks.integer, 1, 2**63 - 1)


@attrs.frozen
class RewardConfig:
    """Parameters of a network for the reward calculator.

    Parameters
    ----------
    max_consumption_rate, min_consumption_rate
        Parts per million of the coins not yet minted that a year of staking the whole supply mints, when staked for
        the minting period and for no time; the maximum is not below the minimum.
    minting_period
        Nanoseconds; the longest stake.
    supply_cap
        nAVAX.
    """

    max_consumption_rate: int = attrs.field(validator=_PPM)
    min_consumption_rate: int = attrs.field(validator=_PPM)
    minting_period: int = attrs.field(validator=_DURATION)
    supply_cap: int = attrs.field(validator=checks.field(checks.integer, 1, amounts.UINT64_MAX))

    def __attrs_post_init__(self) -> None:
        if self.min_consumption_rate > self.max_consumption_rate:
            checks.refuse(
                "RewardConfig.min_consumption_rate",
                f"must not be above the maximum of {self.max_consumption_rate}",
                self.min_consumption_rate,
            )


@attrs.frozen
class RateRamp:
    """Move of the minimum rate to a target after an upgrade: linear over a period, by the start of each stake.

    Parameters
    ----------
    target
        Parts per million.
    period
        Nanoseconds from the upgrade until the target holds.
    """

    target: int = attrs.field(validator=_PPM)
    period: int = attrs.field(validator=_DURATION)


@attrs.frozen
class StakingRules:
    """Rules of the Primary Network for a stake and its reward, from a date on.

    Parameters
    ----------
    reward_config
        For the calculator.
    ramp
        Of the minimum rate from the upgrade on, or None.
    min_validator_stake, max_validator_stake, min_delegator_stake
        nAVAX; the maximum counts delegations in.
    min_delegation_fee
        Parts per million of a delegator's reward.
    min_stake_duration, max_stake_duration
        Nanoseconds; the minimum is a delegation's.
    min_validator_duration
        Nanoseconds that a validator must stake at least.
    auto_renewed
        Whether a validator may have its stake renewed at each end of its term, with the reward in it (ACP-236).
    uptime_requirement
        Parts per million of the term; below it there is no reward, for a validation that starts under these rules.
    valid_from, source
        When and where.
    """

    reward_config: RewardConfig
    ramp: RateRamp | None
    min_validator_stake: int = attrs.field(validator=_AMOUNT)
    max_validator_stake: int = attrs.field(validator=_AMOUNT)
    min_delegator_stake: int = attrs.field(validator=_AMOUNT)
    min_delegation_fee: int = attrs.field(validator=_PPM)
    min_stake_duration: int = attrs.field(validator=_DURATION)
    max_stake_duration: int = attrs.field(validator=_DURATION)
    min_validator_duration: int = attrs.field(validator=_DURATION)
    auto_renewed: bool = attrs.field(validator=checks.FLAG)
    uptime_requirement: int = attrs.field(validator=_PPM)
    valid_from: str
    source: str


MAINNET = StakingRules(
    reward_config=RewardConfig(
        max_consumption_rate=120_000,
        min_consumption_rate=100_000,
        minting_period=365 * DAY_NS,
        supply_cap=720_000_000 * NANO_AVAX,
    ),
    ramp=None,
    min_validator_stake=2_000 * NANO_AVAX,
    max_validator_stake=3_000_000 * NANO_AVAX,
    min_delegator_stake=25 * NANO_AVAX,
    min_delegation_fee=20_000,
    min_stake_duration=14 * DAY_NS,
    max_stake_duration=365 * DAY_NS,
    min_validator_duration=14 * DAY_NS,
    auto_renewed=False,
    uptime_requirement=800_000,
    valid_from="2020-09-21",
    source="ava-labs/avalanchego@1cf1fc3 (2026-08-22), genesis/genesis_mainnet.go, MainnetParams",
)
"""The rules from the network's start to the Helicon upgrade."""

HELICON = attrs.evolve(
    MAINNET,
    ramp=RateRamp(target=75_000, period=90 * DAY_NS),
    min_validator_duration=2 * DAY_NS,
    auto_renewed=True,
    uptime_requirement=900_000,
    valid_from="2026-09-22",
    source=(
        "ava-labs/avalanchego@1cf1fc3 (2026-08-22), vms/platformvm/reward/calculator.go, configForStakeStart (ACP-285; "
        "its text says 30 days, the code 90); ACP-273 for 48 hours, of validators only (ava-labs/builders-hub pull "
        "request 4410, 2026-07-28); ACP-267 for 90 % uptime; ACP-236 for renewal (builders-hub pull request 4409)"
    ),
)
"""The rules since the Helicon upgrade, which avalanchego v1.15.0 (pull request 5929, 2026-09-04) sets for 2026-09-22
15:00 UTC on the main network. No later source was at hand: that it came on time is [assumption]."""


def config_for_stake_start(rules: StakingRules, since_upgrade: int) -> RewardConfig:
    """The reward configuration of a stake by when it starts; it keeps it for its whole term.

    From the upgrade on the minimum moves by ``|min - target| * since_upgrade // period`` towards the target, and stays
    there after the period. A network whose maximum is below the target keeps its minimum.

    Parameters
    ----------
    rules
        `MAINNET` or `HELICON`.
    since_upgrade
        Nanoseconds from the upgrade to the stake's start; below 0 before it.

    Notes
    -----
    Source: ava-labs/avalanchego@1cf1fc3 vms/platformvm/reward/calculator.go, configForStakeStart.
    """
    elapsed = checks.integer("config_for_stake_start: since_upgrade", since_upgrade, -(2**63), 2**63 - 1)
    config, ramp = rules.reward_config, rules.ramp
    if ramp is None or elapsed < 0 or config.max_consumption_rate < ramp.target:
        return config
    full = abs(config.min_consumption_rate - ramp.target)
    change = full * min(elapsed, ramp.period) // ramp.period
    if config.min_consumption_rate > ramp.target:
        change = -change
    return attrs.evolve(config, min_consumption_rate=config.min_consumption_rate + change)


def calculate(config: RewardConfig, staked_duration: int, staked_amount: int, current_supply: int) -> int:
    """Reward of one stake in nAVAX, fixed when it starts, rounded down after each division.

    ``(cap - supply) * (stake / supply) * (min + (max - min) * d / P) * (d / P)``, at most what is left to mint.

    Parameters
    ----------
    config
        From `config_for_stake_start`.
    staked_duration
        Nanoseconds, at most the minting period.
    staked_amount
        nAVAX.
    current_supply
        nAVAX, above 0, at most the cap.

    Notes
    -----
    Source: ava-labs/avalanchego@1cf1fc3 vms/platformvm/reward/calculator.go, Calculate.
    """
    duration = checks.integer("calculate: staked_duration", staked_duration, 0, config.minting_period)
    stake = checks.integer("calculate: staked_amount", staked_amount, 0, amounts.UINT64_MAX)
    supply = checks.integer("calculate: current_supply", current_supply, 1, config.supply_cap)
    period = config.minting_period
    spread = config.max_consumption_rate - config.min_consumption_rate
    rate_numerator = spread * duration + config.min_consumption_rate * period
    remaining = config.supply_cap - supply
    # the order of these divisions decides the last digits
    reward = remaining * rate_numerator * stake * duration
    reward = reward // (period * PERCENT_DENOMINATOR) // supply // period
    return min(remaining, reward)


def split(total_amount: int, shares: int) -> tuple[int, int]:
    """A delegator's reward split into the validator's fee, rounded up, and the rest.

    Parameters
    ----------
    total_amount
        nAVAX, an unsigned 64-bit number.
    shares
        The fee in parts per million.

    Returns
    -------
    tuple[int, int]
        Fee and rest; they add up to the total.

    Notes
    -----
    Where the product of amount and rate passes 64 bits the amount is divided first, which shifts up to 0.001 AVAX to
    the fee. Source: ava-labs/avalanchego@1cf1fc3 vms/platformvm/reward/calculator.go, Split.
    """
    total = checks.integer("split: total_amount", total_amount, 0, amounts.UINT64_MAX)
    remainder_shares = PERCENT_DENOMINATOR - checks.integer("split: shares", shares, 0, PERCENT_DENOMINATOR)
    product = remainder_shares * total
    if product <= amounts.UINT64_MAX:
        remainder = product // PERCENT_DENOMINATOR
    else:
        remainder = remainder_shares * (total // PERCENT_DENOMINATOR)
    return total - remainder, remainder


def reward_after_uptime(potential_reward: int, uptime: int, rules: StakingRules) -> int:
    """Reward of a stake if the validator was up for the required part of its term, else 0.

    Parameters
    ----------
    potential_reward
        nAVAX.
    uptime
        Parts per million of the term.

    Notes
    -----
    Nothing is slashed; delegators lose their reward with their validator's. Source: ava-labs/avalanchego@1cf1fc3
    vms/platformvm/txs/executor/proposal_tx_executor.go (commit or abort of RewardValidatorTx).
    """
    reward = checks.integer("reward_after_uptime: potential_reward", potential_reward, 0, amounts.UINT64_MAX)
    up = checks.integer("reward_after_uptime: uptime", uptime, 0, PERCENT_DENOMINATOR)
    return reward if up >= rules.uptime_requirement else 0


def annual_rate(config: RewardConfig, staked_duration: int, current_supply: int) -> APR:
    """The simple rate of 365 days that a term earns: its reward over the stake, times 365 days over the term.

    Parameters
    ----------
    config
        From `config_for_stake_start`.
    staked_duration
        Nanoseconds, above 0, at most the minting period.
    current_supply
        nAVAX.
    """
    duration = checks.integer("annual_rate: staked_duration", staked_duration, 1, config.minting_period)
    # a stake as large as the supply: its reward has the most digits
    reward = calculate(config, duration, current_supply, current_supply)
    return APR(reward / current_supply * (365 * DAY_NS / duration))


@attrs.frozen
class Avalanche(Chain):
    """Avalanche's Primary Network on one day, for a delegator or a validator; both are paid at the end of their term.

    Parameters
    ----------
    supply
        470,134,316 AVAX: the current supply that ACP-285 computes its table with (merged 2026-06-11).
    staked
        239,200,000 AVAX [assumption]: an undated public specification of the network's model gives it beside a supply
        of 457,300,000.
    as_of
        About when the supply was that much, by its growth of 2.7 % a year: the stake is the older of the two.
    burned_a_year
        273,750 AVAX [assumption]: 750 a day, from the same specification; all transaction fees are burned.
    term_days
        The stake's length, which sets its rate: 14 (the shortest of a delegation) to 365.
    rules, days_since_upgrade
        The rule set, and for `HELICON` how long after the upgrade the stake starts. Default 69 days: 2026-11-30. The
        minimum rate falls until day 90, 2026-12-21. `MAINNET` has the rules before it.
    validates
        Whether the stake is a validator's instead of a delegation: 2,000 AVAX at least, since Helicon from 2 days on,
        and renewed with its rewards at each end of the term.
    """

    asset: str = attrs.field(default="AVAX", validator=checks.TEXT)
    supply: float = attrs.field(default=470_134_316.0, validator=checks.POSITIVE)
    staked: float = attrs.field(default=239_200_000.0, validator=checks.POSITIVE)
    as_of: str = attrs.field(default="2025-05-01", validator=checks.TEXT)
    term_days: float = attrs.field(default=14.0, validator=checks.POSITIVE)
    burned_a_year: float = attrs.field(default=273_750.0, validator=checks.NON_NEGATIVE)
    rules: StakingRules = attrs.field(default=HELICON, validator=checks.field(checks.instance, StakingRules, "HELICON"))
    days_since_upgrade: float = attrs.field(default=69.0, validator=checks.NON_NEGATIVE)
    validates: bool = attrs.field(default=False, validator=checks.FLAG)

    def __attrs_post_init__(self) -> None:
        rules = self.rules
        low = (rules.min_validator_duration if self.validates else rules.min_stake_duration) / DAY_NS
        high = rules.max_stake_duration / DAY_NS
        if not low <= self.term_days <= high:
            whose = "a validator" if self.validates else "a delegation"
            checks.refuse("Avalanche.term_days", f"must be in [{low:g}, {high:g}] for {whose}", self.term_days)
        cap = self.rules.reward_config.supply_cap / NANO_AVAX
        if self.supply > cap:
            checks.refuse("Avalanche.supply", f"must not be above the cap of {cap:g}", self.supply)
        super().__attrs_post_init__()

    def nominal_apr(self) -> APR:
        """The rate of the chosen term, before a validator's delegation fee of at least 2 %."""
        config = config_for_stake_start(self.rules, round(self.days_since_upgrade * DAY_NS))
        return annual_rate(config, round(self.term_days * DAY_NS), amounts.base_units(self.supply, NANO_AVAX))

    def supply_growth(self) -> APR:
        """New coins if all stake had this term, less the fees burned."""
        minted = self.nominal_apr().value * self.staked
        return APR((minted - self.burned_a_year) / self.supply)

    def minimum_stake(self) -> float:
        """25 AVAX to delegate, 2,000 to validate."""
        rules = self.rules
        return (rules.min_validator_stake if self.validates else rules.min_delegator_stake) / NANO_AVAX

    def unbonding(self) -> Unbonding:
        """Unbonding rule: nothing comes back before the term ends, then all at once."""
        return Unbonding(days=self.term_days, earns=True, slashable=False, source=self.rules.source)

    def slashing(self) -> tuple[Offense, ...]:
        """Nothing costs stake; too little uptime costs the reward (`reward_after_uptime`)."""
        return ()

    def compounding(self) -> bool:
        """Whether rewards compound: for a validator since Helicon, whose stake is renewed, but not for a delegator."""
        return self.validates and self.rules.auto_renewed


displays(__name__)
entrances(__name__)
