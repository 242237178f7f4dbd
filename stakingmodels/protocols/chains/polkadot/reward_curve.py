"""The NPoS curve in straight pieces, as pallet-staking used it: generated once, evaluated in whole numbers.

Close to `npos.compute_inflation`, but not the same: between its points it runs straight, up to half a percent off.
"""

import itertools
from collections.abc import Sequence

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.amounts import UINT128_MAX
from stakingmodels.protocols.chains.polkadot import arithmetic
from stakingmodels.protocols.chains.polkadot.arithmetic import PERBILL

MILLION = 1_000_000
_TWO_OVER_LN2 = 2_885_390  # millionths
_PERBILL_PER_MILLIONTH = PERBILL // MILLION


@attrs.frozen
class CurveInput:
    """Parameters of the curve, in millionths.

    Parameters
    ----------
    min_inflation, max_inflation
        Of the issuance a year, above 0; the maximum is above the minimum.
    ideal_stake
        From 100,000 to 900,000.
    falloff
        From 10,000.
    max_piece_count
        Straight pieces, 2 to 1,000.
    """

    min_inflation: int = attrs.field(validator=checks.field(checks.integer, 1, MILLION))
    max_inflation: int = attrs.field(validator=checks.field(checks.integer, 1, MILLION))
    ideal_stake: int = attrs.field(validator=checks.field(checks.integer, 100_000, 900_000))
    falloff: int = attrs.field(validator=checks.field(checks.integer, 10_000, MILLION))
    max_piece_count: int = attrs.field(default=40, validator=checks.field(checks.integer, 2, 1_000))

    def __attrs_post_init__(self) -> None:
        if self.max_inflation <= self.min_inflation:
            checks.refuse(
                "CurveInput.max_inflation", f"must be above the minimum of {self.min_inflation}", self.max_inflation
            )


def log2(p: int, q: int) -> int:
    """``log2(p / q)`` in millionths by a Taylor series in whole numbers, for 1 <= q <= p <= 10**6.

    Source: paritytech/polkadot-sdk substrate/frame/staking/reward-curve/src/log.rs, log2 (commit 21c8eb80).
    """
    top = checks.integer("log2: p", p, 1, MILLION)
    bottom = checks.integer("log2: q", q, 1, top)
    n = (top // bottom).bit_length() - 1
    numerator, denominator = top - (bottom << n), top + (bottom << n)
    result, k = n * MILLION, 0
    while term := _taylor_term(k, numerator, denominator):
        result, k = result + term, k + 1
    return result


def _taylor_term(k: int, numerator: int, denominator: int) -> int:
    if k == 0:
        return _TWO_OVER_LN2 * numerator // denominator
    term = _TWO_OVER_LN2 * numerator**3 // denominator**3
    for _ in range(1, k):
        term = term * numerator**2 // denominator**2
    return term // (2 * k + 1)


def compute_points(curve: CurveInput) -> tuple[tuple[int, int], ...]:
    """The corners of the curve: (part staked, inflation) in millionths, from 0 to all staked.

    Above the ideal stake each piece falls by the most that keeps it no longer than a piece may be: 40 or fewer of them
    for 40, as a rule; one more where the fall is very steep.

    Notes
    -----
    Source: paritytech/polkadot-sdk substrate/frame/staking/reward-curve/src/lib.rs, compute_points (commit 009c1010).
    """
    spread = curve.max_inflation - curve.min_inflation
    max_length = (spread + MILLION - curve.ideal_stake) // (curve.max_piece_count - 1)
    points = [(0, curve.min_inflation), (curve.ideal_stake, curve.max_inflation)]
    fall = max_length
    while fall:
        x, y = points[-1]
        next_y = y - fall
        if next_y <= curve.min_inflation:
            fall -= 1
            continue
        next_x = curve.ideal_stake + curve.falloff * log2(spread, next_y - curve.min_inflation) // MILLION
        if next_x - x > max_length:
            fall -= 1
        elif next_x >= MILLION:
            return (*points, (MILLION, next_y + (next_x - MILLION) * (y - next_y) // (next_x - x)))
        else:
            points.append((next_x, next_y))
    return (*points, (MILLION, curve.min_inflation))


def calculate_for_fraction_times_denominator(points: Sequence[tuple[int, int]], n: int, d: int) -> int:
    """The curve at ``n / d``, times d: what is minted a year for stakers, in the unit of n and d.

    Parameters
    ----------
    points
        From `compute_points`.
    n, d
        Staked and issued; n counts as d where it is above.

    Notes
    -----
    Source: paritytech/polkadot-sdk substrate/primitives/runtime/src/curve.rs, PiecewiseLinear.
    """
    where = "calculate_for_fraction_times_denominator"
    if not points or points[0][0] != 0 or any(x >= after for (x, _), (after, _) in itertools.pairwise(points)):
        checks.refuse(f"{where}: points", "must rise from 0, as compute_points gives them", points)
    issued = checks.integer(f"{where}: d", d, 0, UINT128_MAX)
    staked = checks.integer(f"{where}: n", min(n, d), 0, UINT128_MAX)
    corners = [(x * _PERBILL_PER_MILLIONTH, y * _PERBILL_PER_MILLIONTH) for x, y in points]
    following = next((k for k, (x, _) in enumerate(corners) if staked < arithmetic.times(x, issued, PERBILL)), None)
    if following is None:
        return arithmetic.times(corners[-1][1], issued, PERBILL)
    (x0, y0), (x1, y1) = corners[following - 1], corners[following]
    beyond = staked - arithmetic.times(x0, issued, PERBILL)
    change = beyond * abs(y1 - y0) // (x1 - x0)
    base = arithmetic.times(y0, issued, PERBILL)
    return base + change if y1 > y0 else base - change


def compute_total_payout(
    curve: CurveInput, npos_token_staked: int, total_tokens: int, era_duration: int
) -> tuple[int, int]:
    """Pay-out of an era to stakers, and its maximum emission.

    Parameters
    ----------
    curve
        The curve's parameters.
    npos_token_staked, total_tokens
        Base units; the first is not above the second.
    era_duration
        Milliseconds; more than a Julian year counts as one.

    Notes
    -----
    Source: paritytech/polkadot-sdk substrate/frame/staking/src/inflation.rs, compute_total_payout.
    """
    total = arithmetic.balance("compute_total_payout: total_tokens", total_tokens)
    staked = checks.integer("compute_total_payout: npos_token_staked", npos_token_staked, 0, total)
    era = arithmetic.era_millis("compute_total_payout: era_duration", era_duration)
    portion = arithmetic.from_rational(era, arithmetic.MILLISECONDS_PER_YEAR, PERBILL)
    yearly = calculate_for_fraction_times_denominator(compute_points(curve), staked, total)
    most = arithmetic.times(curve.max_inflation * _PERBILL_PER_MILLIONTH, total, PERBILL)
    return arithmetic.times(portion, yearly, PERBILL), arithmetic.times(portion, most, PERBILL)
