"""Minting of a Cosmos chain: an inflation rate that moves with the bonded ratio, block by block."""

import attrs

from stakingmodels import checks
from stakingmodels.protocols.chains.cosmos.legacy_dec import (
    NON_NEGATIVE_DEC,
    ONE,
    UNIT_DEC,
    ZERO,
    LegacyDec,
    non_negative_dec,
    unit_dec,
)

TOKENS_LIMIT = 2**256 - 1
"""Largest amount of the SDK's whole numbers. Source: cosmos/cosmos-sdk math/int.go, MaxBitLen."""


@attrs.frozen
class MintParams:
    """The parameters of x/mint, from a date on.

    Parameters
    ----------
    inflation_rate_change
        Most by which the rate changes in a year, at least 0.
    inflation_max, inflation_min
        Bounds of the rate, in [0, 1]; the maximum is not below the minimum.
    goal_bonded
        Bonded ratio at which the rate rests, in (0, 1].
    blocks_per_year
        Blocks that the chain counts as a year, whatever time they take.
    valid_from, source
        When and where.
    """

    inflation_rate_change: LegacyDec = attrs.field(validator=NON_NEGATIVE_DEC)
    inflation_max: LegacyDec = attrs.field(validator=UNIT_DEC)
    inflation_min: LegacyDec = attrs.field(validator=UNIT_DEC)
    goal_bonded: LegacyDec = attrs.field(validator=UNIT_DEC)
    blocks_per_year: int = attrs.field(validator=checks.field(checks.integer, 1, 2**63 - 1))
    valid_from: str
    source: str

    def __attrs_post_init__(self) -> None:
        if self.inflation_max < self.inflation_min:
            checks.refuse(
                "MintParams.inflation_max", f"must not be below {self.inflation_min}", str(self.inflation_max)
            )
        if self.goal_bonded == ZERO:
            checks.refuse("MintParams.goal_bonded", "must be above 0", str(self.goal_bonded))


SDK_MINT = MintParams(
    inflation_rate_change=LegacyDec.from_str("0.13"),
    inflation_max=LegacyDec.from_str("0.20"),
    inflation_min=LegacyDec.from_str("0.07"),
    goal_bonded=LegacyDec.from_str("0.67"),
    blocks_per_year=6_311_520,
    valid_from="2019-03-13",
    source="cosmos/cosmos-sdk x/mint/types/params.go, DefaultParams",
)
"""The SDK's defaults: blocks of 5 seconds."""

HUB_MINT = attrs.evolve(
    SDK_MINT,
    inflation_rate_change=LegacyDec.from_str("1"),
    inflation_max=LegacyDec.from_str("0.10"),
    blocks_per_year=4_360_000,
    valid_from="2023-11-26",
    source="Cosmos Hub proposals 48 and 848 [press]; blocks a year: proposal 30 (2020-11-18); at 10 % on 2026-07-24",
)
"""The Cosmos Hub since proposal 848: from 7 to 10 %, by up to a whole 100 % a year."""


def next_inflation_rate(inflation: LegacyDec, bonded_ratio: LegacyDec, params: MintParams) -> LegacyDec:
    """The rate of the next block: changed by ``(1 - bonded / goal) * rate_change / blocks_per_year``, then clamped.

    Parameters
    ----------
    inflation
        The rate a year now, at least 0.
    bonded_ratio
        Bonded tokens over the supply, in [0, 1].
    params
        `SDK_MINT`, `HUB_MINT` or others.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/mint/types/minter.go, NextInflationRate (commit 02c23409).
    """
    rate = non_negative_dec("next_inflation_rate: inflation", inflation)
    bonded = unit_dec("next_inflation_rate: bonded_ratio", bonded_ratio)
    change_per_year = ONE.sub(bonded.quo(params.goal_bonded)).mul(params.inflation_rate_change)
    change = change_per_year.quo(LegacyDec.from_int(params.blocks_per_year))
    return max(min(rate.add(change), params.inflation_max), params.inflation_min)


def next_annual_provisions(inflation: LegacyDec, total_supply: int) -> LegacyDec:
    """Tokens minted a year at this rate: ``inflation * supply``, exact.

    Parameters
    ----------
    inflation
        The rate a year, at least 0.
    total_supply
        Base units (uatom).

    Notes
    -----
    Source: cosmos/cosmos-sdk x/mint/types/minter.go, NextAnnualProvisions.
    """
    rate = non_negative_dec("next_annual_provisions: inflation", inflation)
    return rate.mul_int(checks.integer("next_annual_provisions: total_supply", total_supply, 0, TOKENS_LIMIT))


def block_provision(annual_provisions: LegacyDec, params: MintParams) -> int:
    """Base units minted in a block: ``annual / blocks_per_year``, cut off.

    Parameters
    ----------
    annual_provisions
        From `next_annual_provisions`.

    Notes
    -----
    Source: cosmos/cosmos-sdk x/mint/types/minter.go, BlockProvision.
    """
    annual = non_negative_dec("block_provision: annual_provisions", annual_provisions)
    return annual.quo_int(params.blocks_per_year).truncate_int()
