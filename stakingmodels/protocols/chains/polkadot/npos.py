"""Nominated proof of stake's inflation: it rises with the stake up to an ideal, and falls off above it.

Polkadot's rule until November 2024, and Kusama's still. Rates are parts of 10**18 (Perquintill).
"""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.polkadot import arithmetic
from stakingmodels.protocols.chains.polkadot.arithmetic import PERQUINTILL

LN2 = 693_147_180_559_945_309
"""Parts of 10**18. Source: paritytech/polkadot-sdk substrate/frame/staking/reward-fn/src/lib.rs, LN2."""
_MIN_FALLOFF = PERQUINTILL // 100
_AUCTION_LIMIT = 60
_AUCTION_PARTS = 200
_PARTS = checks.field(checks.integer, 0, PERQUINTILL)


@attrs.frozen
class NposParameters:
    """The curve, from a date on; all in parts of 10**18.

    Parameters
    ----------
    min_annual_inflation, max_annual_inflation
        Rate of stakers a year where nothing is staked, and emission a year; the second is not below the first.
    ideal_stake
        Part of the issuance at which stakers get all that is minted.
    falloff
        Every so much stake above the ideal halves what they get above the minimum; at least 1 %.
    valid_from, source
        When and where.
    """

    min_annual_inflation: int = attrs.field(validator=_PARTS)
    max_annual_inflation: int = attrs.field(validator=_PARTS)
    ideal_stake: int = attrs.field(validator=_PARTS)
    falloff: int = attrs.field(validator=checks.field(checks.integer, _MIN_FALLOFF, PERQUINTILL))
    valid_from: str
    source: str

    def __attrs_post_init__(self) -> None:
        if self.max_annual_inflation < self.min_annual_inflation:
            checks.refuse(
                "NposParameters.max_annual_inflation",
                f"must not be below the minimum of {self.min_annual_inflation}",
                self.max_annual_inflation,
            )


POLKADOT_NPOS = NposParameters(
    min_annual_inflation=25 * PERQUINTILL // 1000,
    max_annual_inflation=10 * PERQUINTILL // 100,
    ideal_stake=75 * PERQUINTILL // 100,
    falloff=5 * PERQUINTILL // 100,
    valid_from="2020-06-18",
    source="paritytech/polkadot runtime/common/src/impls.rs, era_payout; until Referendum 1139 (November 2024)",
)
"""Polkadot until November 2024."""

KUSAMA_NPOS = attrs.evolve(
    POLKADOT_NPOS,
    valid_from="2025-10-07",
    source=(
        "polkadot-fellows/runtimes@cb16c08 (2026-07-23), asset-hub-kusama/src/staking/mod.rs, EraPayout: no deduction "
        "for auctions since the move to the Asset Hub"
    ),
)
"""Kusama: the same curve."""


def legacy_auction_proportion(auctioned_slots: int) -> int:
    """Reduction of the ideal stake by leased parachain slots: a 200th each, for at most 60; parts of 10**18.

    Source: polkadot-fellows/runtimes@cb16c08, relay/kusama/src/lib.rs, EraPayout (UseAuctionSlots).
    """
    slots = checks.integer("legacy_auction_proportion: auctioned_slots", auctioned_slots, 0, 2**32 - 1)
    return arithmetic.from_rational(min(slots, _AUCTION_LIMIT), _AUCTION_PARTS, PERQUINTILL)


def compute_inflation(stake: int, ideal_stake: int, falloff: int) -> int:
    """The curve between 0 and 1: ``x / x_ideal`` below the ideal, ``2**((x_ideal - x) / d)`` from it on.

    Parameters
    ----------
    stake, ideal_stake, falloff
        x, x_ideal and d in parts of 10**18; d is at least 1 %.

    Returns
    -------
    int
        Parts of 10**18. The power is a Taylor series in whole numbers, each term rounded down.

    Notes
    -----
    Source: paritytech/polkadot-sdk substrate/frame/staking/reward-fn/src/lib.rs, compute_inflation.
    """
    x = checks.integer("compute_inflation: stake", stake, 0, PERQUINTILL)
    ideal = checks.integer("compute_inflation: ideal_stake", ideal_stake, 0, PERQUINTILL)
    d = checks.integer("compute_inflation: falloff", falloff, _MIN_FALLOFF, PERQUINTILL)
    if x < ideal:
        return arithmetic.from_rational(x, ideal, PERQUINTILL)
    step = (x - ideal) * (LN2 * PERQUINTILL // d)
    term = total = PERQUINTILL
    k = 1
    while term := term * step // (k * PERQUINTILL * PERQUINTILL):
        total += term if k % 2 == 0 else -term
        k += 1
    # far above the ideal the rounded series may end a hair outside [0, 1], where the runtime pays the minimum
    return total if 0 <= total <= PERQUINTILL else 0


def relay_era_payout(
    params: NposParameters,
    total_staked: int,
    total_stakable: int,
    era_duration_millis: int,
    auction_proportion: int = 0,
) -> tuple[int, int]:
    """Pay-out of an era to stakers, and the rest up to the maximum to the treasury.

    Parameters
    ----------
    params
        `POLKADOT_NPOS` or `KUSAMA_NPOS`.
    total_staked, total_stakable
        Planck; the first is not above the second (mostly the total issuance).
    era_duration_millis
        Milliseconds.
    auction_proportion
        From `legacy_auction_proportion`.

    Notes
    -----
    Source: polkadot-fellows/runtimes@cb16c08, relay/common/src/lib.rs, relay_era_payout.
    """
    stakable = arithmetic.balance("relay_era_payout: total_stakable", total_stakable)
    staked = checks.integer("relay_era_payout: total_staked", total_staked, 0, stakable)
    era = arithmetic.era_millis("relay_era_payout: era_duration_millis", era_duration_millis)
    reserved = checks.integer("relay_era_payout: auction_proportion", auction_proportion, 0, PERQUINTILL)
    period = arithmetic.from_rational(era, arithmetic.MILLISECONDS_PER_YEAR, PERQUINTILL)
    ideal = max(params.ideal_stake - reserved, 0)
    stake = arithmetic.from_rational(staked, stakable, PERQUINTILL)
    adjustment = compute_inflation(stake, ideal, params.falloff)
    spread = params.max_annual_inflation - params.min_annual_inflation
    inflation = params.min_annual_inflation + arithmetic.product(spread, adjustment, PERQUINTILL)
    most = _of_issuance(period, params.max_annual_inflation, stakable)
    for_stakers = _of_issuance(period, inflation, stakable)
    return for_stakers, max(most - for_stakers, 0)


def _of_issuance(period: int, inflation: int, stakable: int) -> int:
    return arithmetic.times(arithmetic.product(period, inflation, PERQUINTILL), stakable, PERQUINTILL)
