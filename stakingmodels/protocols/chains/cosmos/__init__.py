"""Rules of chains built with the Cosmos SDK, and the Cosmos Hub: mint, distribution, slashing, unbonding."""

from stakingmodels.display import displays
from stakingmodels.numerics import entrances
from stakingmodels.protocols.chains.cosmos.distribution import (
    Allocation,
    ValidatorReward,
    Vote,
    allocate_tokens,
    allocate_tokens_to_validator,
)
from stakingmodels.protocols.chains.cosmos.hub import UATOM_PER_ATOM, Cosmos
from stakingmodels.protocols.chains.cosmos.legacy_dec import LegacyDec
from stakingmodels.protocols.chains.cosmos.mint import (
    HUB_MINT,
    SDK_MINT,
    MintParams,
    block_provision,
    next_annual_provisions,
    next_inflation_rate,
)
from stakingmodels.protocols.chains.cosmos.slashing import (
    HUB_SLASHING,
    SDK_SLASHING,
    SigningInfo,
    SlashingParams,
    blocks_down_until_jailed,
    handle_validator_signature,
    max_missed_blocks,
    min_signed_per_window,
)
from stakingmodels.protocols.chains.cosmos.staking import (
    HUB_STAKING,
    SDK_STAKING,
    Slashed,
    StakingParams,
    UnbondingEntry,
    begin_unbonding,
    can_begin_unbonding,
    may_redelegate,
    slash,
    slash_amount,
    slash_unbonding_delegation,
)

__all__ = [
    "HUB_MINT",
    "HUB_SLASHING",
    "HUB_STAKING",
    "SDK_MINT",
    "SDK_SLASHING",
    "SDK_STAKING",
    "UATOM_PER_ATOM",
    "Allocation",
    "Cosmos",
    "LegacyDec",
    "MintParams",
    "SigningInfo",
    "Slashed",
    "SlashingParams",
    "StakingParams",
    "UnbondingEntry",
    "ValidatorReward",
    "Vote",
    "allocate_tokens",
    "allocate_tokens_to_validator",
    "begin_unbonding",
    "block_provision",
    "blocks_down_until_jailed",
    "can_begin_unbonding",
    "handle_validator_signature",
    "max_missed_blocks",
    "may_redelegate",
    "min_signed_per_window",
    "next_annual_provisions",
    "next_inflation_rate",
    "slash",
    "slash_amount",
    "slash_unbonding_delegation",
]

displays(__name__)
entrances(__name__)
