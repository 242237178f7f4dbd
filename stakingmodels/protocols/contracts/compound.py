"""Compound III (Comet): kinked rates, accrual of interest, and rewards in COMP.

Rates and shares are whole numbers scaled by 10**18, as in the contracts.

**COMP is not staked.** Holding it, or delegating its votes, earns nothing (`COMP_STAKING_APR`). Rewards in COMP go to
those who supply or borrow a market's base asset (`reward_apr`), at a speed that governance sets per market and may set
to zero: an incentive on a loan, paid in another coin, not a yield on COMP.

Source: compound-finance/comet, contracts/CometWithExtendedAssetList.sol, commit 0375004, and for the first form of the
supply rate contracts/Comet.sol, commit 0055527; functions are named at each rule.
"""

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.evm import uint256
from stakingmodels.rates import APR

FACTOR_SCALE = 10**18
BASE_ACCRUAL_SCALE = 10**6
"""Unit of an account's accrued rewards: millionths of a COMP, whatever the base asset."""
SECONDS_PER_YEAR = 365 * 86_400
COMP_STAKING_APR = APR(0.0)
"""Reward rate of COMP held, locked or delegated: 0. See the module's description."""
_TIMESTAMP_MAX = 2**40 - 1


def mul_factor(n: int, factor: int) -> int:
    """``n * factor / 10**18``, rounded down. Source: mulFactor."""
    return uint256("mul_factor: n", n) * uint256("mul_factor: factor", factor) // FACTOR_SCALE


_FACTOR = checks.field(uint256)


@attrs.frozen(kw_only=True)
class Curve:
    """A rate that rises with utilisation, and faster beyond a kink; fields are scaled by 10**18, rates per year.

    A deployed market has two: what borrowers pay, and what suppliers earn, each with its own kink and slopes.

    Parameters
    ----------
    kink
        Utilisation at which the slope changes.
    base
        The rate of an unused market.
    slope_low, slope_high
        Rate per unit of utilisation, below and above the kink.
    """

    kink: int = attrs.field(validator=_FACTOR)
    base: int = attrs.field(validator=_FACTOR)
    slope_low: int = attrs.field(validator=_FACTOR)
    slope_high: int = attrs.field(validator=_FACTOR)

    def rate_per_second(self, utilization: int) -> int:
        """The rate at a utilisation (10**18 is 100 %; it may be above), per second, scaled by 10**18.

        Yearly parameters are cut down to whole numbers per second first, as the contract does when it is built, so a
        year at this rate falls short of the yearly curve by less than 3e-10.

        Source: getBorrowRate and getSupplyRate, which are one rule with two sets of parameters.
        """
        used = uint256("Curve.rate_per_second: utilization", utilization)
        base, low, high = (rate // SECONDS_PER_YEAR for rate in (self.base, self.slope_low, self.slope_high))
        return base + mul_factor(low, min(used, self.kink)) + mul_factor(high, max(used - self.kink, 0))


@attrs.frozen(kw_only=True)
class Market:
    """The two curves of one market at one day.

    Parameters
    ----------
    borrow, supply
        Curves of borrowers and of suppliers.
    """

    borrow: Curve
    supply: Curve


USDC_MAINNET_LAUNCH = Market(
    borrow=Curve(
        kink=8 * 10**17,
        base=15 * 10**15,
        slope_low=35 * 10**15,
        slope_high=25 * 10**16,
    ),
    supply=Curve(kink=8 * 10**17, base=0, slope_low=325 * 10**14, slope_high=4 * 10**17),
)
"""cUSDCv3 on Ethereum as first configured: kinks at 80 %. Source: deployments/mainnet/usdc/configuration.json, commit
3daf205 (2022). Governance has changed the parameters since."""


def supply_rate_after_reserves(borrow: Curve, reserve_rate: int, utilization: int) -> int:
    """Rate of suppliers in Comet's first form: the borrowers' rate on lent assets, less the reserves' part.

    Parameters
    ----------
    borrow
        The borrowers' curve.
    reserve_rate
        The part kept as reserves, scaled by 10**18, at most 10**18.
    utilization
        Scaled by 10**18. Above 100 % all is lent and no more, so it counts as 100 % in the product, though not in the
        curve.

    Returns
    -------
    int
        Per second, scaled by 10**18.

    Notes
    -----
    ``min(u, 1) * (1 - reserve_rate) * borrow_rate(u)``. Deployed markets have a supply curve of their own instead.

    Source: contracts/Comet.sol, getSupplyRate, commit 0055527 (before the curves were separated).
    """
    where = "supply_rate_after_reserves"
    kept = checks.integer(f"{where}: reserve_rate", reserve_rate, 0, FACTOR_SCALE)
    lent = min(uint256(f"{where}: utilization", utilization), FACTOR_SCALE)
    return mul_factor(mul_factor(lent, FACTOR_SCALE - kept), borrow.rate_per_second(utilization))


def get_utilization(total_borrow: int, total_supply: int) -> int:
    """Share of the supplied base asset that is lent, scaled by 10**18; 0 where nothing is supplied.

    Source: getUtilization, present values in base units.
    """
    borrowed = uint256("get_utilization: total_borrow", total_borrow)
    supplied = uint256("get_utilization: total_supply", total_supply)
    return borrowed * FACTOR_SCALE // supplied if supplied else 0


def accrue_index(index: int, rate_per_second: int, seconds: int) -> int:
    """An index of supply or debt after a time without a touch: it grows linearly, and compounds with each touch.

    Parameters
    ----------
    index
        Before, in the contract's scale (10**15 at the start).
    rate_per_second
        From a curve, scaled by 10**18.
    seconds
        Since the last touch.

    Notes
    -----
    Source: accruedInterestIndices.
    """
    elapsed = checks.integer("accrue_index: seconds", seconds, 0, _TIMESTAMP_MAX)
    rate = uint256("accrue_index: rate_per_second", rate_per_second)
    before = uint256("accrue_index: index", index)
    return before + mul_factor(before, rate * elapsed)


def rate_as_apr(rate_per_second: int) -> APR:
    """A rate per second, scaled by 10**18, as a simple rate per year of 365 days."""
    return APR(uint256("rate_as_apr: rate_per_second", rate_per_second) * SECONDS_PER_YEAR / FACTOR_SCALE)


@attrs.frozen(kw_only=True)
class Tracking:
    """Rewards of a market to one side (supply or borrowing) in COMP.

    Parameters
    ----------
    speed
        COMP per second for all together, scaled by `index_scale`.
    base_min_for_rewards
        Total principal (base units) below which nothing accrues.
    base_scale
        ``10**decimals`` of the base asset, at least 10**6.
    index_scale
        10**15 in deployed markets.
    """

    speed: int = attrs.field(validator=_FACTOR)
    base_min_for_rewards: int = attrs.field(validator=checks.field(uint256, 1))
    base_scale: int = attrs.field(validator=checks.field(uint256, BASE_ACCRUAL_SCALE))
    index_scale: int = attrs.field(default=10**15, validator=checks.field(uint256, 1))

    def index_increase(self, seconds: int, total_principal: int) -> int:
        """Increase of this side's tracking index in a time, with the side's total principal in base units.

        Source: accrueInternal.
        """
        elapsed = checks.integer("Tracking.index_increase: seconds", seconds, 0, _TIMESTAMP_MAX)
        total = uint256("Tracking.index_increase: total_principal", total_principal)
        if total < self.base_min_for_rewards:
            return 0
        return self.speed * elapsed * self.base_scale // total

    def accrued(self, principal: int, index_increase: int) -> int:
        """Millionths of a COMP that an account has earned while the index rose, with its principal in base units.

        Both divisions round down, so dust is lost. Source: updateBasePrincipal.
        """
        own = uint256("Tracking.accrued: principal", principal)
        risen = uint256("Tracking.accrued: index_increase", index_increase)
        return own * risen // self.index_scale // (self.base_scale // BASE_ACCRUAL_SCALE)


def reward_apr(tracking: Tracking, total_principal: int, *, comp_price: float) -> APR:
    """Reward rate: a year of COMP rewards over the base asset that earns them, at today's price.

    It comes on top of the curve's rate, is paid in COMP, must be claimed, and does not compound.

    Parameters
    ----------
    tracking
        The side's speed and scales.
    total_principal
        Of the side, in base units.
    comp_price
        One COMP in whole base coins, at least 0.
    """
    price = checks.non_negative("reward_apr: comp_price", comp_price)
    total = uint256("reward_apr: total_principal", total_principal)
    if total < tracking.base_min_for_rewards:
        return APR(0.0)
    comp_per_coin = tracking.speed * SECONDS_PER_YEAR * tracking.base_scale / (tracking.index_scale * total)
    return APR(comp_per_coin * price)


displays(__name__)
entrances(__name__)
