"""Aave v3: rate curve, accrual of interest, health factor, and limits of a liquidation.

Rates are rays (10**27 is 100 % a year), health factors wads (10**18 is 1), shares basis points, as in the contracts.
What balances are rounded to is in `aave_tokens`, the Safety Module and Umbrella are in `aave_safety`.

Source: aave-dao/aave-v3-origin, commit fd1fbd9 (2026-06-19), src/contracts/; files are named at each rule.
"""

from collections.abc import Iterable

import attrs

from stakingmodels import checks
from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.contracts.evm import UINT256_MAX, uint256
from stakingmodels.rates import APR

RAY = 10**27
WAD = 10**18
PERCENTAGE_FACTOR = 10_000
SECONDS_PER_YEAR = 365 * 86_400
HEALTH_FACTOR_LIQUIDATION_THRESHOLD = WAD
"""Below this a position may be liquidated; at it, not yet."""
_BPS_TO_RAY = RAY // PERCENTAGE_FACTOR


def ray_mul(a: int, b: int) -> int:
    """``a * b`` of two rays, half up. Source: WadRayMath.rayMul."""
    return (uint256("ray_mul: a", a) * uint256("ray_mul: b", b) + RAY // 2) // RAY


def ray_div(a: int, b: int) -> int:
    """``a / b`` of two rays, half up; `b` above 0. Source: WadRayMath.rayDiv."""
    divisor = uint256("ray_div: b", b, 1)
    return (uint256("ray_div: a", a) * RAY + divisor // 2) // divisor


def wad_div(a: int, b: int) -> int:
    """``a / b`` of two wads, half up; `b` above 0. Source: WadRayMath.wadDiv."""
    divisor = uint256("wad_div: b", b, 1)
    return (uint256("wad_div: a", a) * WAD + divisor // 2) // divisor


def percent_mul(value: int, percentage: int) -> int:
    """A share of `value`, `percentage` in basis points, half up. Source: PercentageMath.percentMul."""
    product = uint256("percent_mul: value", value) * uint256("percent_mul: percentage", percentage)
    return (product + PERCENTAGE_FACTOR // 2) // PERCENTAGE_FACTOR


def _basis_points(where: str, value: object) -> int:
    return checks.integer(where, value, 0, PERCENTAGE_FACTOR)


_BPS = checks.field(checks.integer, 0, 10 * PERCENTAGE_FACTOR)


@attrs.frozen(kw_only=True)
class InterestRateData:
    """The curve of one reserve, in basis points; governance sets it for each.

    Parameters
    ----------
    optimal_usage_ratio
        Utilisation at which the curve bends, in [100, 9900].
    base_variable_borrow_rate
        The rate of an unused reserve.
    variable_rate_slope1, variable_rate_slope2
        Increases up to the bend, and from there to full use; the second must not be below the first. The three rates
        together are at most 100,000 (1,000 % a year).

    Notes
    -----
    Source: misc/DefaultReserveInterestRateStrategyV2.sol, _setInterestRateParams.
    """

    optimal_usage_ratio: int = attrs.field(validator=checks.field(checks.integer, 100, 9_900))
    base_variable_borrow_rate: int = attrs.field(validator=_BPS)
    variable_rate_slope1: int = attrs.field(validator=_BPS)
    variable_rate_slope2: int = attrs.field(validator=_BPS)

    def __attrs_post_init__(self) -> None:
        where = "InterestRateData.variable_rate_slope2"
        if self.variable_rate_slope2 < self.variable_rate_slope1:
            checks.refuse(where, f"must be at least variable_rate_slope1 {self.variable_rate_slope1}", self.slopes)
        if self.base_variable_borrow_rate + sum(self.slopes) > 10 * PERCENTAGE_FACTOR:
            checks.refuse(where, "must keep base and slopes together at most 100000 (1,000 %)", self.slopes)

    @property
    def slopes(self) -> tuple[int, int]:
        """Both slopes, in basis points."""
        return self.variable_rate_slope1, self.variable_rate_slope2


def calculate_interest_rates(
    rate_data: InterestRateData,
    *,
    total_debt: int,
    available_liquidity: int,
    reserve_factor: int,
    deficit: int = 0,
) -> tuple[int, int]:
    """Rates of suppliers and borrowers, both in rays a year.

    Parameters
    ----------
    rate_data
        The curve.
    total_debt, available_liquidity, deficit
        Base units of the asset: what is lent, what is idle, and what liquidations left uncovered (`reserve.deficit`).
        The strategy's parameter is still called ``unbacked``, from when aTokens could be minted over a bridge.
    reserve_factor
        The treasury's part of the interest, in basis points.

    Returns
    -------
    tuple of int
        ``(liquidity_rate, variable_borrow_rate)``.

    Notes
    -----
    With the usage ``u = debt / (liquidity + debt)`` and the bend ``u*``, the borrow rate is ``base + slope1 * u / u*``
    up to the bend and ``base + slope1 + slope2 * (u - u*) / (1 - u*)`` beyond; the liquidity rate is the borrow rate
    times ``debt / (liquidity + debt + deficit) * (1 - reserve factor)``.

    Source: misc/DefaultReserveInterestRateStrategyV2.sol, calculateInterestRates; protocol/libraries/logic/
    ReserveLogic.sol, updateInterestRatesAndVirtualBalance, which passes the deficit.
    """
    where = "calculate_interest_rates"
    debt = uint256(f"{where}: total_debt", total_debt)
    pool = uint256(f"{where}: available_liquidity", available_liquidity) + debt
    claims = uint256(f"{where}: deficit", deficit) + pool
    factor = _basis_points(f"{where}: reserve_factor", reserve_factor)
    if not debt:
        return 0, rate_data.base_variable_borrow_rate * _BPS_TO_RAY
    borrow_rate = _variable_borrow_rate(rate_data, ray_div(debt, pool))
    return percent_mul(ray_mul(borrow_rate, ray_div(debt, claims)), PERCENTAGE_FACTOR - factor), borrow_rate


def _variable_borrow_rate(rate_data: InterestRateData, usage: int) -> int:
    optimal = rate_data.optimal_usage_ratio * _BPS_TO_RAY
    base = rate_data.base_variable_borrow_rate * _BPS_TO_RAY
    slope1, slope2 = (slope * _BPS_TO_RAY for slope in rate_data.slopes)
    if usage > optimal:
        return base + slope1 + ray_mul(slope2, ray_div(usage - optimal, RAY - optimal))
    return base + ray_div(ray_mul(slope1, usage), optimal)


def rate_as_apr(rate: int) -> APR:
    """A rate in rays as an APR: both are simple rates per 365 days; a borrower's grows beyond it by compounding."""
    return APR(uint256("rate_as_apr: rate", rate) / RAY)


def calculate_linear_interest(rate: int, seconds: int) -> int:
    """Growth factor of a supply in rays, ``1 + rate * seconds / year``, rounded down.

    Suppliers' index is multiplied by it at each touch of the reserve, so they compound as often as it is touched.

    Parameters
    ----------
    rate
        Rays a year.
    seconds
        Since the last touch.

    Notes
    -----
    Source: protocol/libraries/math/MathUtils.sol, calculateLinearInterest.
    """
    return RAY + _accrued("calculate_linear_interest", rate, seconds)


def calculate_compounded_interest(rate: int, seconds: int) -> int:
    """Growth factor of a debt in rays: ``e**x`` for ``x = rate * seconds / year``, by three terms of Taylor.

    The contract says that the rest that it leaves out undercharges borrowers slightly.

    Parameters
    ----------
    rate
        Rays a year.
    seconds
        Since the last touch.

    Notes
    -----
    ``1 + x + x * (x / 2 + x * (x / 6))``, where the divisions round down and the products half up.

    Source: protocol/libraries/math/MathUtils.sol, calculateCompoundedInterest.
    """
    x = _accrued("calculate_compounded_interest", rate, seconds)
    return RAY + x + ray_mul(x, x // 2 + ray_mul(x, x // 6))


def _accrued(where: str, rate: object, seconds: object) -> int:
    elapsed = checks.integer(f"{where}: seconds", seconds, 0, 2**40 - 1)  # the contracts' timestamps have 40 bits
    return uint256(f"{where}: rate", rate) * elapsed // SECONDS_PER_YEAR


@attrs.frozen
class Collateral:
    """One asset that backs a debt.

    Parameters
    ----------
    value
        In base currency (USD with 8 decimals on the main pools), a whole number.
    liquidation_threshold
        The part of it that counts, in basis points.
    """

    value: int = attrs.field(validator=checks.field(uint256))
    liquidation_threshold: int = attrs.field(validator=checks.field(_basis_points))


def calculate_health_factor(collaterals: Iterable[Collateral], total_debt: int) -> int:
    """Health factor ``sum(value * threshold) / debt`` as a wad; 2**256 - 1 without debt.

    Parameters
    ----------
    collaterals
        Collateral of the debt.
    total_debt
        In base currency.

    Notes
    -----
    The quotient is rounded half up before the basis points are taken out of it, rounding down.

    Source: protocol/libraries/logic/GenericLogic.sol, calculateUserAccountData.
    """
    debt = uint256("calculate_health_factor: total_debt", total_debt)
    if not debt:
        return UINT256_MAX
    weighted = sum(each.value * each.liquidation_threshold for each in collaterals)
    return wad_div(weighted, debt) // PERCENTAGE_FACTOR


def is_liquidatable(health_factor: int) -> bool:
    """Whether anyone may liquidate: the health factor (a wad) is below 1.

    Source: protocol/libraries/logic/ValidationLogic.sol, validateLiquidationCall.
    """
    return uint256("is_liquidatable: health_factor", health_factor) < HEALTH_FACTOR_LIQUIDATION_THRESHOLD


@attrs.frozen(kw_only=True)
class LiquidationRules:
    """Limits of the debt that one liquidation may repay.

    Parameters
    ----------
    default_liquidation_close_factor
        The usual share of all of a user's debt, in basis points.
    close_factor_hf_threshold
        Health factor (a wad) at or below which the whole debt of the asset may be repaid.
    min_base_max_close_factor_threshold
        Collateral or debt in the asset (base currency) below which the whole may be repaid too.
    """

    default_liquidation_close_factor: int = attrs.field(validator=checks.field(_basis_points))
    close_factor_hf_threshold: int = attrs.field(validator=checks.field(uint256))
    min_base_max_close_factor_threshold: int = attrs.field(validator=checks.field(uint256))


LIQUIDATION_V3_3 = LiquidationRules(
    default_liquidation_close_factor=5_000,
    close_factor_hf_threshold=95 * 10**16,
    min_base_max_close_factor_threshold=2_000 * 10**8,
)
"""Half, or all at a health factor of 0.95 or below 2,000 USD. Source: protocol/libraries/logic/LiquidationLogic.sol,
commit 027aaed, and unchanged at e4cc47e."""


def max_liquidatable_debt(
    *,
    collateral_in_asset: int,
    debt_in_asset: int,
    total_debt: int,
    health_factor: int,
    rules: LiquidationRules = LIQUIDATION_V3_3,
) -> int:
    """The most that one liquidation call may repay of a user's debt in one asset, in base currency.

    Parameters
    ----------
    collateral_in_asset, debt_in_asset
        The user's balance of the collateral that is taken and of the debt that is repaid, in base currency.
    total_debt
        All that the user owes, in base currency; at least `debt_in_asset`.
    health_factor
        A wad below 1.
    rules
        Close factor and thresholds.

    Notes
    -----
    The half is half of all debt, but never more than the debt in the asset.

    Source: protocol/libraries/logic/LiquidationLogic.sol, executeLiquidationCall.
    """
    where = "max_liquidatable_debt"
    collateral = uint256(f"{where}: collateral_in_asset", collateral_in_asset)
    debt = uint256(f"{where}: debt_in_asset", debt_in_asset)
    total = uint256(f"{where}: total_debt", total_debt, debt)
    if not is_liquidatable(health_factor):
        checks.refuse(f"{where}: health_factor", "must be below 10**18 (1)", health_factor)
    small = min(collateral, debt) < rules.min_base_max_close_factor_threshold
    if small or health_factor <= rules.close_factor_hf_threshold:
        return debt
    return min(debt, percent_mul(total, rules.default_liquidation_close_factor))


displays(__name__)
entrances(__name__)
