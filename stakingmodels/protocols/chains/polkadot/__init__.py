"""Polkadot's and Kusama's rules: four regimes of emission, the NPoS curve, bonding and slashing."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.polkadot.arithmetic import (
    MILLISECONDS_PER_DAY,
    MILLISECONDS_PER_YEAR,
    PERBILL,
    PERQUINTILL,
)
from stakingmodels.protocols.chains.polkadot.emission import (
    MAX_ERA_EMISSION,
    PLANCK_PER_DOT,
    REF_1139,
    REF_1139_ASSET_HUB,
    REF_1710,
    REF_1909,
    RELAY_BLOCKS_PER_YEAR,
    EmissionRules,
    FixedEmission,
    SteppedEmission,
    YearlyEmission,
    era_payout,
    issue,
)
from stakingmodels.protocols.chains.polkadot.networks import PLANCK_PER_KSM, Kusama, Polkadot
from stakingmodels.protocols.chains.polkadot.npos import (
    KUSAMA_NPOS,
    POLKADOT_NPOS,
    NposParameters,
    compute_inflation,
    legacy_auction_proportion,
    relay_era_payout,
)
from stakingmodels.protocols.chains.polkadot.reward_curve import (
    CurveInput,
    calculate_for_fraction_times_denominator,
    compute_points,
    compute_total_payout,
    log2,
)
from stakingmodels.protocols.chains.polkadot.staking import (
    KUSAMA_STAKING,
    POLKADOT_STAKING,
    SLASH_FOR_INVALID_APPROVED,
    SLASH_FOR_INVALID_BACKED,
    StakingRules,
    equivocation_slash_fraction,
    nominator_bonding_duration,
)

__all__ = [
    "KUSAMA_NPOS",
    "KUSAMA_STAKING",
    "MAX_ERA_EMISSION",
    "MILLISECONDS_PER_DAY",
    "MILLISECONDS_PER_YEAR",
    "PERBILL",
    "PERQUINTILL",
    "PLANCK_PER_DOT",
    "PLANCK_PER_KSM",
    "POLKADOT_NPOS",
    "POLKADOT_STAKING",
    "REF_1139",
    "REF_1139_ASSET_HUB",
    "REF_1710",
    "REF_1909",
    "RELAY_BLOCKS_PER_YEAR",
    "SLASH_FOR_INVALID_APPROVED",
    "SLASH_FOR_INVALID_BACKED",
    "CurveInput",
    "EmissionRules",
    "FixedEmission",
    "Kusama",
    "NposParameters",
    "Polkadot",
    "StakingRules",
    "SteppedEmission",
    "YearlyEmission",
    "calculate_for_fraction_times_denominator",
    "compute_inflation",
    "compute_points",
    "compute_total_payout",
    "equivocation_slash_fraction",
    "era_payout",
    "issue",
    "legacy_auction_proportion",
    "log2",
    "nominator_bonding_duration",
    "relay_era_payout",
]

displays(__name__)
entrances(__name__)
