"""Aave's insurance of its lenders: the Safety Module (stkAAVE) and Umbrella, which took its place in June 2025.

Both take a cooldown before stake comes back. Umbrella's stake may be slashed to cover bad debt; the Safety Module's
could be until autumn 2025, and cannot since. Amounts are base units.

Sources: bgd-labs/aave-stk-gov-v3, commit 016526c, src/contracts/StakedTokenV3.sol; aave-dao/aave-umbrella, commit
759147d (2025-06-04), src/contracts/.
"""

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.aave import PERCENTAGE_FACTOR, SECONDS_PER_YEAR, percent_mul
from stakingmodels.protocols.contracts.evm import uint256
from stakingmodels.rates import APR

EXCHANGE_RATE_UNIT = 10**18
SCALING_FACTOR = 10**18
"""Scale of an emission, which gives digits to a second's part of it."""
_DAY = 86_400
_TIMESTAMP_MAX = 2**40 - 1
_SECONDS = checks.field(checks.integer, 0, _TIMESTAMP_MAX)
_BPS = checks.field(checks.integer, 0, PERCENTAGE_FACTOR)


@attrs.frozen(kw_only=True)
class CooldownRules:
    """Cooldown rules of a stake.

    Parameters
    ----------
    cooldown_seconds
        Seconds from the call of cooldown() to the first in which the stake may be redeemed.
    unstake_window_seconds
        Length of the redemption window; after it the cooldown must start again.
    max_slashable_percentage
        The most that a slashing may take, in basis points; 0: it cannot be slashed.
    pausable
        Whether a guardian may stop redemptions.
    valid_from, source
        When and where.
    """

    cooldown_seconds: int = attrs.field(validator=_SECONDS)
    unstake_window_seconds: int = attrs.field(validator=_SECONDS)
    max_slashable_percentage: int = attrs.field(validator=_BPS)
    pausable: bool = attrs.field(validator=checks.FLAG)
    valid_from: str
    source: str


STKAAVE_V1 = CooldownRules(
    cooldown_seconds=10 * _DAY,
    unstake_window_seconds=2 * _DAY,
    max_slashable_percentage=3_000,
    pausable=False,
    valid_from="2020-09-25",
    source="Aave documentation, read in November 2026; 30 % as for STKAAVE_20_DAYS [assumption]",
)
"""The Safety Module at first."""
STKAAVE_20_DAYS = attrs.evolve(
    STKAAVE_V1,
    cooldown_seconds=20 * _DAY,
    valid_from="2023",
    source="aave-dao/aave-proposals-v3 pull request 844 (2025-09-30), which names what it changes: 20 days, 30 %",
)
"""The Safety Module until autumn 2025; the year in which it began is general knowledge, not checked."""
STKAAVE = attrs.evolve(
    STKAAVE_20_DAYS,
    cooldown_seconds=7 * _DAY,
    max_slashable_percentage=0,
    valid_from="2025-10-21",
    source=(
        "aave-dao/aave-proposals-v3 pull request 844 (2025-09-30, merged); aave/interface pull request 2725 "
        "(2025-10-21), which shows it; its execution on chain was not seen"
    ),
)
"""The Safety Module now, stkABPT's slashing alike: 7 days, and nothing can be taken."""
UMBRELLA = CooldownRules(
    cooldown_seconds=20 * _DAY,
    unstake_window_seconds=2 * _DAY,
    max_slashable_percentage=PERCENTAGE_FACTOR,
    pausable=True,
    valid_from="2025-06-05",
    source=(
        "Aave documentation, read in November 2026; all but MIN_ASSETS_REMAINING may be slashed; a guardian may pause "
        "it since July 2026 (aave-dao/aave-proposals-v3 pull request 1166)"
    ),
)
"""Umbrella's stake tokens."""


def max_redeemable(
    shares_in_cooldown: int,
    cooldown_started: int,
    now: int,
    *,
    rules: CooldownRules = UMBRELLA,
    paused: bool = False,
) -> int:
    """Shares that may be redeemed now: those that entered the cooldown while the window is open, else none.

    Shares in the cooldown earn and can be slashed until they are redeemed. Shares received after it began stay behind.

    Parameters
    ----------
    shares_in_cooldown
        The balance at the call of cooldown().
    cooldown_started, now
        Seconds (Unix time), the first not after the second.
    rules
        Cooldown and window; the last second of the window still counts.
    paused
        Whether a guardian has stopped redemptions, which only `UMBRELLA`'s can; the window runs on meanwhile.

    Notes
    -----
    While a slashing of the Safety Module is being settled its stakers may redeem all at once (inPostSlashingPeriod);
    nobody may stake meanwhile. Umbrella has no such period.

    Sources: StakedTokenV3.sol, _redeem; stakeToken/extension/ERC4626StakeTokenUpgradeable.sol, maxRedeem.
    """
    shares = uint256("max_redeemable: shares_in_cooldown", shares_in_cooldown)
    started = checks.integer("max_redeemable: cooldown_started", cooldown_started, 0, _TIMESTAMP_MAX)
    time = checks.integer("max_redeemable: now", now, started, _TIMESTAMP_MAX)
    if checks.flag("max_redeemable: paused", paused):
        if not rules.pausable:
            checks.refuse("max_redeemable: paused", "must be False under rules that know no pause", paused)
        return 0
    opened = started + rules.cooldown_seconds
    return shares if opened <= time <= opened + rules.unstake_window_seconds else 0


def get_exchange_rate(total_assets: int, total_shares: int) -> int:
    """Shares of the Safety Module per asset, times 10**18, rounded up so that shares never claim more than there is.

    Parameters
    ----------
    total_assets
        Assets staked, above 0.
    total_shares
        Shares issued for them.

    Notes
    -----
    A slashing raises it. Source: StakedTokenV3.sol, _getExchangeRate.
    """
    assets = uint256("get_exchange_rate: total_assets", total_assets, 1)
    shares = uint256("get_exchange_rate: total_shares", total_shares)
    return (shares * EXCHANGE_RATE_UNIT + assets - 1) // assets


def preview_stake(assets: int, exchange_rate: int) -> int:
    """Shares for assets, rounded down. Source: StakedTokenV3.sol, previewStake."""
    rate = uint256("preview_stake: exchange_rate", exchange_rate, 1)
    return uint256("preview_stake: assets", assets) * rate // EXCHANGE_RATE_UNIT


def preview_redeem(shares: int, exchange_rate: int) -> int:
    """Assets for shares, rounded down. Source: StakedTokenV3.sol, previewRedeem."""
    rate = uint256("preview_redeem: exchange_rate", exchange_rate, 1)
    return EXCHANGE_RATE_UNIT * uint256("preview_redeem: shares", shares) // rate


def slash_safety_module(
    amount: int,
    total_shares: int,
    exchange_rate: int,
    *,
    max_slashable_percentage: int = STKAAVE.max_slashable_percentage,
    lower_bound: int = 10**18,
) -> tuple[int, int]:
    """Amount slashed from the Safety Module, and the exchange rate afterwards.

    Parameters
    ----------
    amount
        Assets that governance asks for, above 0; what exceeds the most that may be slashed is cut off.
    total_shares, exchange_rate
        Before the slashing.
    max_slashable_percentage
        The most that one slashing may take, in basis points below 10,000. Governance sets it: 3,000 until autumn 2025,
        0 since (`STKAAVE`), so that nothing is taken.
    lower_bound
        Assets that must remain: one whole token.

    Returns
    -------
    tuple of int
        ``(slashed, new exchange rate)``.

    Notes
    -----
    Source: StakedTokenV3.sol, slash.
    """
    where = "slash_safety_module"
    asked = uint256(f"{where}: amount", amount, 1)
    share = checks.integer(f"{where}: max_slashable_percentage", max_slashable_percentage, 0, PERCENTAGE_FACTOR - 1)
    balance = preview_redeem(total_shares, exchange_rate)
    slashed = min(asked, percent_mul(balance, share))
    if balance - slashed < uint256(f"{where}: lower_bound", lower_bound, 1):
        checks.refuse(f"{where}: amount", f"must leave at least {lower_bound} of {balance}", amount)
    return slashed, get_exchange_rate(balance - slashed, total_shares)


MIN_ASSETS_REMAINING = 10**6
"""Base units that a slashing leaves in an Umbrella stake token: nearly nothing, so it may take nearly all."""


def slash_umbrella(amount: int, total_assets: int) -> int:
    """Amount slashed from an Umbrella stake token: the deficit, at most all but the last 10**6 base units.

    Parameters
    ----------
    amount
        The reserve's deficit above its offset, above 0. Nobody votes on it: anyone may call the slashing.
    total_assets
        Assets staked.

    Notes
    -----
    Source: stakeToken/extension/ERC4626StakeTokenUpgradeable.sol, _slash and _getMaxSlashableAssets.
    """
    assets = uint256("slash_umbrella: total_assets", total_assets)
    return min(uint256("slash_umbrella: amount", amount, 1), max(assets - MIN_ASSETS_REMAINING, 0))


@attrs.frozen(kw_only=True)
class EmissionRules:
    """The flat end of Umbrella's emission curve.

    Parameters
    ----------
    flat_emission_liquidity_bound
        Where it begins, in basis points of the target liquidity, from 10,000.
    flat_emission_bps
        Flat emission, in basis points of the largest emission.
    """

    flat_emission_liquidity_bound: int = attrs.field(
        validator=checks.field(checks.integer, PERCENTAGE_FACTOR, 100 * PERCENTAGE_FACTOR)
    )
    flat_emission_bps: int = attrs.field(validator=_BPS)


EMISSION_2025 = EmissionRules(flat_emission_liquidity_bound=12_000, flat_emission_bps=8_000)
"""From 120 % of the target on, 80 % of the largest emission. Source: rewards/libraries/EmissionMath.sol, commit 759147d
(2025-06-04); documented so in November 2026."""


def get_emission_per_second_scaled(
    max_emission_per_second: int,
    target_liquidity: int,
    total_assets: int,
    *,
    rules: EmissionRules = EMISSION_2025,
) -> int:
    """Reward tokens that all stakers of an Umbrella token share each second, times 10**18.

    Parameters
    ----------
    max_emission_per_second
        Paid at the target, in reward tokens scaled to 18 decimals.
    target_liquidity
        The stake that Aave wants, in base units of the asset, above 0.
    total_assets
        The stake that there is.
    rules
        Where the curve flattens, and how high.

    Notes
    -----
    With M the largest emission, T the target and x the stake: ``M * (2 - x / T) * x / T`` up to T, from there down to
    80 % of M at 120 % of T in a straight line, then flat. A staker's rate (`emission_apr`) thus falls from
    ``2 * M / T`` at no stake to ``M / T`` at the target, and as 1 / x far beyond.

    Source: rewards/libraries/EmissionMath.sol, getEmissionPerSecondScaled.
    """
    where = "get_emission_per_second_scaled"
    peak = uint256(f"{where}: max_emission_per_second", max_emission_per_second)
    target = uint256(f"{where}: target_liquidity", target_liquidity, 1)
    assets = uint256(f"{where}: total_assets", total_assets)
    flat_from = target * rules.flat_emission_liquidity_bound // PERCENTAGE_FACTOR
    flat = peak * rules.flat_emission_bps // PERCENTAGE_FACTOR
    if assets <= target:
        decrease = peak * assets * SCALING_FACTOR // target
        return (2 * peak * SCALING_FACTOR - decrease) * assets // target
    if assets < flat_from:
        return (peak - (peak - flat) * (assets - target) // (flat_from - target)) * SCALING_FACTOR
    return flat * SCALING_FACTOR


def emission_apr(
    emission_per_second_scaled: int,
    total_assets: int,
    *,
    decimals: int = 18,
    reward_price: float = 1.0,
) -> APR:
    """Emission rate: a year of an emission over the stake that shares it.

    Parameters
    ----------
    emission_per_second_scaled
        From `get_emission_per_second_scaled`.
    total_assets
        The stake in base units, above 0.
    decimals
        Of the staked asset.
    reward_price
        Price of one reward token in the staked asset, at least 0.
    """
    where = "emission_apr"
    emission = uint256(f"{where}: emission_per_second_scaled", emission_per_second_scaled)
    stake = uint256(f"{where}: total_assets", total_assets, 1)
    digits = checks.integer(f"{where}: decimals", decimals, 0, 36)
    price = checks.non_negative(f"{where}: reward_price", reward_price)
    return APR(emission * SECONDS_PER_YEAR * 10**digits / (stake * SCALING_FACTOR * 10**18) * price)


displays(__name__)
entrances(__name__)
